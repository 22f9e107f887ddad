//! Rotary position embedding: turns pairs of numbers by an angle that grows with the position.

use super::hyper::{Hyper, Pairing};

/// Angles per position and how they are applied.
pub(crate) struct Rope {
    /// Radians per position, one per pair.
    speeds: Vec<f32>,
    pairing: Pairing,
}

/// Sine and cosine of every pair's angle at one position.
pub(crate) struct Angles(Vec<(f32, f32)>);

impl Rope {
    /// `factors` slow single pairs down (`rope_freqs.weight`); empty means none.
    pub(crate) fn new(hyper: &Hyper, factors: &[f32]) -> Self {
        let pairs = hyper.rope_width / 2;
        let step = hyper.rope_base.powf(-2.0 / hyper.rope_width.max(1) as f32);
        let speeds = (0..pairs).map(|pair| {
            let factor = factors.get(pair).copied().unwrap_or(1.0);
            step.powi(pair as i32) / factor / hyper.rope_divisor
        });
        Self { speeds: speeds.collect(), pairing: hyper.pairing }
    }

    pub(crate) fn at(&self, position: usize) -> Angles {
        Angles(self.speeds.iter().map(|speed| (position as f32 * speed).sin_cos()).collect())
    }

    /// Turns every head of `heads`, each `head_width` numbers long; what lies beyond the pairs stays.
    pub(crate) fn apply(&self, angles: &Angles, heads: &mut [f32], head_width: usize) {
        let half = self.speeds.len();
        for head in heads.chunks_exact_mut(head_width) {
            for (pair, (sin, cos)) in angles.0.iter().enumerate() {
                let (a, b) = match self.pairing {
                    Pairing::Adjacent => (2 * pair, 2 * pair + 1),
                    Pairing::Halves => (pair, pair + half),
                };
                let (x, y) = (head[a], head[b]);
                head[a] = x * cos - y * sin;
                head[b] = x * sin + y * cos;
            }
        }
    }
}
