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
        let cosines = probe.map_or_else(
            || vec![0.0; frames.len()],
            |probe| memory.rows.cosines(&frames, probe),
        );
        Self { frames, cosines }
    }

    /// The pool, sorted.
    pub(crate) fn frames(&self) -> &[u32] {
        &self.frames
    }

    /// The cosine of a frame of the pool, at least 0.
    #[inline]
    pub(crate) fn measured(&self, frame: u32) -> Option<f32> {
        // a pool of all frames is its own index
        let at = if self.frames.get(frame as usize) == Some(&frame) {
            frame as usize
        } else {
            self.frames.binary_search(&frame).ok()?
        };
        Some(self.cosines[at].clamp(0.0, 1.0))
    }

    /// The cosine of a frame, at least 0; 0 for one outside the pool.
    pub(crate) fn of(&self, frame: u32) -> f32 {
        self.measured(frame).unwrap_or(0.0)
    }

    /// Compares one frame outside the pool.
    pub(crate) fn one(memory: &Memory, probe: Option<&Probe>, frame: u32) -> f32 {
        probe.map_or(0.0, |probe| {
            memory.rows.cosine(frame, probe).clamp(0.0, 1.0)
        })
    }
}
