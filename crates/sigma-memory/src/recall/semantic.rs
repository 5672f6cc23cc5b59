//! Closeness of meaning, exactly for a bounded number of frames.

use crate::{Memory, index::Probe};

/// Cosines of a sorted pool of frames.
#[derive(Debug, Clone)]
pub(crate) struct Closeness {
    frames: Vec<u32>,
    cosines: Vec<f32>,
}

impl Closeness {
    /// Compares every frame of `frames` (sorted) with the probe.
    pub(crate) fn measure(memory: &Memory, probe: Option<&Probe>, frames: Vec<u32>) -> Self {
        let cosine = |frame: &u32| {
            probe.map_or(0.0, |probe| {
                memory.rows.cosine(*frame, probe).clamp(0.0, 1.0)
            })
        };
        let cosines = frames.iter().map(cosine).collect();
        Self { frames, cosines }
    }

    /// The cosine of a frame; 0 for one outside the pool.
    pub(crate) fn of(&self, frame: u32) -> f32 {
        // a pool of all frames is its own index
        if self.frames.get(frame as usize) == Some(&frame) {
            return self.cosines[frame as usize];
        }
        self.frames
            .binary_search(&frame)
            .map_or(0.0, |at| self.cosines[at])
    }
}
