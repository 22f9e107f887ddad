//! One step of the forward pass for several generations at once.

use candle_core::Result;

use super::cache::{Cache, Layer};
use super::hyper::Hyper;
use super::ops::{add, add_scaled, dot, rms_norm, softmax, swiglu};
use super::rope::Angles;
use super::weights::{Block, Linear, Model};

/// New tokens of one generation, and what it remembers of the earlier ones.
pub(crate) struct Work<'a> {
    /// Grows by the tokens.
    pub(crate) cache: &'a mut Cache,
    /// At least one; each below the vocabulary's size.
    pub(crate) tokens: &'a [u32],
    /// Whether the logits after the last of these tokens are wanted.
    pub(crate) wants_logits: bool,
}

impl Model {
    /// Runs the tokens through the model. Returns the logits of those works that want them, in order.
    ///
    /// After an error the caches are no longer sound: their generations must end.
    pub(crate) fn step(&self, works: &mut [Work<'_>]) -> Result<Vec<Vec<f32>>> {
        let mut rows = self.embed(works)?;
        let angles = self.angles(works);
        for (layer, block) in self.blocks.iter().enumerate() {
            let attended = block.attention(self, layer, &rows, &angles, works)?;
            add(&mut rows, &attended);
            let fed = block.feed_forward(&self.hyper, &rows)?;
            add(&mut rows, &fed);
        }
        works.iter_mut().for_each(|work| work.cache.advance(work.tokens.len()));
        self.logits(&rows, works)
    }

    fn embed(&self, works: &[Work<'_>]) -> Result<Vec<f32>> {
        let tokens: Vec<u32> = works.iter().flat_map(|work| work.tokens).copied().collect();
        let mut rows = vec![0.0; tokens.len() * self.hyper.width];
        for (token, row) in tokens.iter().zip(rows.chunks_exact_mut(self.hyper.width)) {
            self.embedding.row(*token, row)?;
        }
        Ok(rows)
    }

    fn angles(&self, works: &[Work<'_>]) -> Vec<Angles> {
        let positions = |work: &Work<'_>| {
            (0..work.tokens.len()).map({
                let start = work.cache.positions();
                move |i| start + i
            })
        };
        works.iter().flat_map(positions).map(|position| self.rope.at(position)).collect()
    }

    fn logits(&self, rows: &[f32], works: &[Work<'_>]) -> Result<Vec<Vec<f32>>> {
        let width = self.hyper.width;
        let mut last = Vec::new();
        let mut end = 0;
        for work in works {
            end += work.tokens.len() * width;
            if work.wants_logits {
                last.extend_from_slice(&rows[end - width..end]);
            }
        }
        if last.is_empty() {
            return Ok(Vec::new());
        }
        rms_norm(&mut last, &self.norm, self.hyper.norm_epsilon);
        let mut logits = vec![0.0; last.len() / width * self.hyper.vocabulary];
        self.output.as_ref().unwrap_or(&self.embedding).multiply(&last, &mut logits)?;
        Ok(logits.chunks_exact(self.hyper.vocabulary).map(<[f32]>::to_vec).collect())
    }
}

impl Block {
    fn attention(
        &self,
        model: &Model,
        layer: usize,
        rows: &[f32],
        angles: &[Angles],
        works: &mut [Work<'_>],
    ) -> Result<Vec<f32>> {
        let hyper = &model.hyper;
        let mut normed = rows.to_vec();
        rms_norm(&mut normed, &self.attention_norm, hyper.norm_epsilon);
        let mut queries = self.query.apply(&normed, angles.len())?;
        let mut keys = self.key.apply(&normed, angles.len())?;
        let values = self.value.apply(&normed, angles.len())?;
        if let Some((query_norm, key_norm)) = &self.head_norms {
            rms_norm(&mut queries, query_norm, hyper.norm_epsilon);
            rms_norm(&mut keys, key_norm, hyper.norm_epsilon);
        }
        let heads =
            queries.chunks_exact_mut(hyper.query_width()).zip(keys.chunks_exact_mut(hyper.kv_width()));
        for ((query, key), angles) in heads.zip(angles) {
            model.rope.apply(angles, query, hyper.head_width);
            model.rope.apply(angles, key, hyper.head_width);
        }
        let pasts = works.iter_mut().map(|work| (work.tokens.len(), work.cache.layer(layer)));
        let mixed = mix(hyper, pasts, (&queries, &keys, &values));
        self.attention_output.apply(&mixed, angles.len())
    }

    fn feed_forward(&self, hyper: &Hyper, rows: &[f32]) -> Result<Vec<f32>> {
        let count = rows.len() / hyper.width;
        let mut normed = rows.to_vec();
        rms_norm(&mut normed, &self.feed_norm, hyper.norm_epsilon);
        let mut gate = self.gate.apply(&normed, count)?;
        let up = self.up.apply(&normed, count)?;
        swiglu(&mut gate, &up);
        self.down.apply(&gate, count)
    }
}

/// Remembers the new keys and values, one position after the other, and lets each new query look at the past.
fn mix<'a>(
    hyper: &Hyper,
    pasts: impl Iterator<Item = (usize, &'a mut Layer)>,
    (queries, keys, values): (&[f32], &[f32], &[f32]),
) -> Vec<f32> {
    let mut mixed = vec![0.0; queries.len()];
    let remembered = keys.chunks_exact(hyper.kv_width()).zip(values.chunks_exact(hyper.kv_width()));
    let looking = queries.chunks_exact(hyper.query_width()).zip(mixed.chunks_exact_mut(hyper.query_width()));
    let mut rows = remembered.zip(looking);
    for (new, past) in pasts {
        for ((key, value), (query, out)) in rows.by_ref().take(new) {
            past.keys.push(key);
            past.values.push(value);
            attend(hyper, query, past, out);
        }
    }
    mixed
}

/// One position looks at all positions so far, itself included.
fn attend(hyper: &Hyper, query: &[f32], past: &Layer, out: &mut [f32]) {
    let width = hyper.head_width;
    let heads_per_kv = hyper.heads / hyper.kv_heads;
    let scale = 1.0 / (width as f32).sqrt();
    let mut scores = Vec::new();
    for (head, (query, out)) in query.chunks_exact(width).zip(out.chunks_exact_mut(width)).enumerate() {
        let at = head / heads_per_kv * width;
        scores.clear();
        scores.extend(past.keys.rows().map(|key| dot(query, &key[at..at + width]) * scale));
        softmax(&mut scores);
        for (score, value) in scores.iter().zip(past.values.rows()) {
            add_scaled(out, *score, &value[at..at + width]);
        }
    }
}

impl Linear {
    fn apply(&self, input: &[f32], rows: usize) -> Result<Vec<f32>> {
        let mut output = vec![0.0; rows * self.outputs];
        self.weight.multiply(input, &mut output)?;
        if let Some(bias) = &self.bias {
            output.chunks_exact_mut(bias.len()).for_each(|row| add(row, bias));
        }
        Ok(output)
    }
}
