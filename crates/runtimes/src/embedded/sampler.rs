//! Chooses the next token from the model's logits.
//!
//! Order: temperature, then `top_k`, then `top_p`, then one draw. One draw per token and nothing else moves the
//! random numbers, so a seed gives the same text wherever a generation is taken up again.

/// How tokens are chosen.
#[derive(Clone, Debug, PartialEq)]
pub struct Sampling {
    /// 0 always takes the likeliest token; higher is more varied.
    pub temperature: f32,
    /// Choose among so many of the likeliest tokens.
    pub top_k: Option<u32>,
    /// Choose among the likeliest tokens that have this probability together.
    pub top_p: Option<f32>,
    /// Equal seeds give equal text.
    pub seed: u64,
}

/// The state of one generation's choices.
pub(crate) struct Sampler {
    sampling: Sampling,
    random: SplitMix,
    candidates: Vec<(f32, u32)>,
}

impl Sampler {
    pub(crate) fn new(sampling: Sampling) -> Self {
        let random = SplitMix(sampling.seed);
        Self { sampling, random, candidates: Vec::new() }
    }

    /// Moves on as if so many tokens had been chosen already.
    pub(crate) fn skip(&mut self, tokens: usize) {
        for _ in 0..tokens {
            self.random.next();
        }
    }

    /// The next token. Logits that are no numbers are never chosen.
    pub(crate) fn choose(&mut self, logits: &[f32]) -> u32 {
        let draw = self.random.unit();
        if self.sampling.temperature <= 0.0 || self.sampling.top_k == Some(1) {
            return likeliest(logits);
        }
        let max = logits.iter().copied().fold(f32::NEG_INFINITY, f32::max);
        let weight = |logit: f32| ((logit - max) / self.sampling.temperature).exp();
        self.candidates.clear();
        let weighted = logits.iter().zip(0_u32..).map(|(logit, id)| (weight(*logit), id));
        self.candidates.extend(weighted.filter(|(weight, _)| *weight > 0.0));
        self.keep_top_k();
        self.keep_top_p();
        let total: f32 = self.candidates.iter().map(|(weight, _)| weight).sum();
        let mut left = draw * total;
        for (weight, id) in &self.candidates {
            left -= weight;
            if left < 0.0 {
                return *id;
            }
        }
        self.candidates.last().map_or_else(|| likeliest(logits), |(_, id)| *id)
    }

    fn keep_top_k(&mut self) {
        if let Some(k) = self.sampling.top_k.map(|k| k.max(1) as usize)
            && k < self.candidates.len()
        {
            self.candidates.select_nth_unstable_by(k - 1, likelier_first);
            self.candidates.truncate(k);
        }
        self.candidates.sort_unstable_by_key(|(_, id)| *id);
    }

    fn keep_top_p(&mut self) {
        let Some(p) = self.sampling.top_p.filter(|p| *p < 1.0) else { return };
        let total: f32 = self.candidates.iter().map(|(weight, _)| weight).sum();
        // All the tokens below this line together weigh less than what may be left out.
        let line = (1.0 - p) * total / self.candidates.len().max(1) as f32;
        self.candidates.retain(|(weight, _)| *weight >= line);
        self.candidates.sort_unstable_by(likelier_first);
        let mut sum = 0.0;
        let enough = self.candidates.iter().position(|(weight, _)| {
            sum += weight;
            sum >= p * total
        });
        self.candidates.truncate(enough.map_or(self.candidates.len(), |last| last + 1));
    }
}

fn likelier_first(a: &(f32, u32), b: &(f32, u32)) -> std::cmp::Ordering {
    b.0.total_cmp(&a.0).then(a.1.cmp(&b.1))
}

/// The token with the highest logit; the first of equals.
fn likeliest(logits: &[f32]) -> u32 {
    let mut best = (f32::NEG_INFINITY, 0);
    for (logit, id) in logits.iter().zip(0_u32..) {
        if *logit > best.0 {
            best = (*logit, id);
        }
    }
    best.1
}

/// Steele, Lea and Flood's generator: small, fast, and good enough to choose words.
struct SplitMix(u64);

impl SplitMix {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// A number from 0 up to and without 1.
    fn unit(&mut self) -> f32 {
        (self.next() >> 40) as f32 / (1_u64 << 24) as f32
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOGITS: [f32; 5] = [1.0, f32::NAN, 3.0, 2.9, -4.0];

    fn chosen(sampling: Sampling, times: usize) -> Vec<u32> {
        let mut sampler = Sampler::new(sampling);
        (0..times).map(|_| sampler.choose(&LOGITS)).collect()
    }

    fn varied(temperature: f32) -> Sampling {
        Sampling { temperature, top_k: None, top_p: None, seed: 7 }
    }

    #[test]
    fn temperature_zero_takes_the_likeliest() {
        assert!(chosen(varied(0.0), 50).iter().all(|id| *id == 2));
    }

    #[test]
    fn a_seed_repeats_itself_also_from_the_middle() {
        let all = chosen(varied(1.0), 100);
        assert_eq!(all, chosen(varied(1.0), 100));
        assert_ne!(all, chosen(Sampling { seed: 8, ..varied(1.0) }, 100));
        let mut later = Sampler::new(varied(1.0));
        later.skip(40);
        assert_eq!(all[40..], (40..100).map(|_| later.choose(&LOGITS)).collect::<Vec<_>>());
    }

    #[test]
    fn shares_follow_the_probabilities() {
        let counts = chosen(varied(1.0), 20_000);
        let share = |id| counts.iter().filter(|c| **c == id).count() as f32 / 20_000.0;
        let total: f32 = [0, 2, 3, 4].map(|i: usize| LOGITS[i].exp()).iter().sum();
        for id in [0_u32, 2, 3, 4] {
            let expected = LOGITS[id as usize].exp() / total;
            assert!((share(id) - expected).abs() < 0.02, "{id}: {} instead of {expected}", share(id));
        }
        assert_eq!(share(1), 0.0);
    }

    #[test]
    fn top_k_and_top_p_leave_the_unlikely_out() {
        for sampling in
            [Sampling { top_k: Some(2), ..varied(5.0) }, Sampling { top_p: Some(0.6), ..varied(1.0) }]
        {
            let ids = chosen(sampling, 2_000);
            assert!(ids.iter().all(|id| [2, 3].contains(id)));
            assert!(ids.contains(&2) && ids.contains(&3));
        }
    }

    #[test]
    fn logits_without_any_number_still_give_a_token() {
        let mut sampler = Sampler::new(varied(1.0));
        assert_eq!(sampler.choose(&[f32::NAN; 4]), 0);
        assert_eq!(sampler.choose(&[f32::NEG_INFINITY; 4]), 0);
        assert_eq!(sampler.choose(&[0.0, f32::INFINITY]), 1);
    }
}
