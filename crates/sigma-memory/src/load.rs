//! Rebuilding a memory from what was stored.

use sigma_types::SessionId;

use crate::{Frame, FrameId, Memory, Pil, Rules, Tombstone, index::CAPACITY};

/// What loading found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LoadReport {
    /// Frames entered.
    pub frames: u64,
    /// Frames whose hash or parent does not fit: kept, never recalled, counted by ER.
    pub orphans: Vec<FrameId>,
    /// Tombstones that were applied.
    pub tombstones: u64,
    /// Tombstones whose place in their chain could not be verified: not applied.
    pub refused: u64,
}

/// Stored frames do not make a memory.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum LoadError {
    /// A frame is missing, or stands twice.
    #[error("frame {found} stands where frame {expected} belongs")]
    Gap {
        /// The frame that belongs here.
        expected: FrameId,
        /// The one that stands here.
        found: FrameId,
    },
    /// More frames than a session holds.
    #[error("a session holds at most {CAPACITY} frames")]
    Full,
}

impl LoadReport {
    fn count(&mut self, buried: bool) {
        if buried {
            self.tombstones += 1;
        } else {
            self.refused += 1;
        }
    }
}

impl Memory {
    /// Rebuilds a memory. Frames and tombstones come in the order in which they were stored.
    ///
    /// # Errors
    /// [`LoadError`] where frames are missing. A damaged one is kept as an orphan and told.
    pub fn load(
        session: SessionId,
        pil: Pil,
        rules: Rules,
        frames: impl IntoIterator<Item = Frame>,
        tombstones: impl IntoIterator<Item = Tombstone>,
    ) -> Result<(Self, LoadReport), LoadError> {
        let mut memory = Self::new(session, pil, rules);
        let mut report = LoadReport::default();
        let mut tombstones = tombstones.into_iter().peekable();
        for frame in frames {
            // a frame is held against what was kept when it was written: bury what was pruned by then
            while let Some(tombstone) = tombstones.next_if(|t| t.cycle < frame.cycle) {
                report.count(memory.bury(&tombstone));
            }
            let expected = FrameId(memory.len() as u64);
            if frame.id != expected {
                return Err(LoadError::Gap {
                    expected,
                    found: frame.id,
                });
            }
            if memory.len() >= CAPACITY {
                return Err(LoadError::Full);
            }
            let linked = frame.parent == memory.head && frame.is_intact();
            if !linked {
                report.orphans.push(frame.id);
            }
            memory.enter(frame, linked);
            report.frames += 1;
        }
        for tombstone in tombstones {
            report.count(memory.bury(&tombstone));
        }
        Ok((memory, report))
    }
}
