//! The recursion limiter (`SRIP-06 §3`): every level is entered and left, and counted.

use serde::{Deserialize, Serialize};

use crate::rules::Rules;

/// What is being entered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Level {
    /// Another pass over the same turn: a correction, a repeated call.
    Pass,
    /// A pass whose subject is the runtime's own answer or state. Counts as a pass too.
    Introspection,
}

/// How deep a cycle went.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecursionReading {
    /// The greatest depth that was reached.
    pub depth: u32,
    /// The greatest number of nested introspection levels.
    pub introspection: u32,
    /// Entries that were refused because recursion would have gone too deep.
    #[serde(default)]
    pub refused_passes: u32,
    /// Entries that were refused because introspection would have gone too deep.
    #[serde(default)]
    pub refused_introspections: u32,
}

/// Why a level could not be entered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum EnterError {
    /// The recursion is as deep as it may be.
    #[error("recursion is limited to {max} levels")]
    TooDeep {
        /// The limit.
        max: u32,
    },
    /// Introspection is as deep as it may be.
    #[error("introspection is limited to {max} levels")]
    TooReflexive {
        /// The limit.
        max: u32,
    },
    /// Recursion is suspended while the runtime recovers: one pass a cycle.
    #[error("recursion is suspended")]
    Suspended,
}

/// Whether the loop may go deeper than one pass.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum RecursionPermit {
    /// Up to the limits.
    #[default]
    Bounded,
    /// One pass and nothing below it (`SRIP-02 §5`, `SRIP-03 §6`).
    Suspended,
}

/// Counts the levels of one cycle.
///
/// ```
/// use sigma_aegida::{Level, RecursionLimiter, RecursionPermit, Rules};
/// let mut limiter = RecursionLimiter::new(&Rules::DEFAULT, RecursionPermit::Bounded);
/// let mut pass = limiter.enter(Level::Pass)?;
/// let correction = pass.enter(Level::Introspection)?;
/// assert_eq!(correction.depth(), 2);
/// drop(correction);
/// drop(pass);
/// assert_eq!(limiter.reading().depth, 2);
/// # Ok::<(), sigma_aegida::EnterError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecursionLimiter {
    max_depth: u32,
    max_introspection: u32,
    permit: RecursionPermit,
    depth: u32,
    introspection: u32,
    reading: RecursionReading,
}

impl RecursionLimiter {
    /// A limiter for one cycle.
    pub fn new(rules: &Rules, permit: RecursionPermit) -> Self {
        Self {
            max_depth: rules.max_recursion_depth.get(),
            max_introspection: rules.max_introspection_levels.get(),
            permit,
            depth: 0,
            introspection: 0,
            reading: RecursionReading::default(),
        }
    }

    /// Enters a level; dropping the guard leaves it.
    ///
    /// # Errors
    /// [`EnterError`] when a limit stands in the way. The refusal is counted.
    pub fn enter(&mut self, level: Level) -> Result<LevelGuard<'_>, EnterError> {
        self.check(level)?;
        self.depth += 1;
        self.reading.depth = self.reading.depth.max(self.depth);
        if level == Level::Introspection {
            self.introspection += 1;
            self.reading.introspection = self.reading.introspection.max(self.introspection);
        }
        Ok(LevelGuard {
            limiter: self,
            level,
        })
    }

    /// What was counted so far.
    pub const fn reading(&self) -> RecursionReading {
        self.reading
    }

    fn check(&mut self, level: Level) -> Result<(), EnterError> {
        let introspective = level == Level::Introspection;
        if introspective && self.introspection >= self.max_introspection {
            self.reading.refused_introspections += 1;
            return Err(EnterError::TooReflexive {
                max: self.max_introspection,
            });
        }
        if self.depth >= self.max_depth {
            self.reading.refused_passes += 1;
            return Err(EnterError::TooDeep {
                max: self.max_depth,
            });
        }
        if self.permit == RecursionPermit::Suspended && self.depth >= 1 {
            return Err(EnterError::Suspended);
        }
        Ok(())
    }
}

/// A level that was entered. Dropping it leaves the level.
#[derive(Debug)]
#[must_use = "dropping the guard leaves the level"]
pub struct LevelGuard<'a> {
    limiter: &'a mut RecursionLimiter,
    level: Level,
}

impl LevelGuard<'_> {
    /// Enters the next level down.
    ///
    /// # Errors
    /// As [`RecursionLimiter::enter`].
    pub fn enter(&mut self, level: Level) -> Result<LevelGuard<'_>, EnterError> {
        self.limiter.enter(level)
    }

    /// Depth of this level, from 1.
    pub const fn depth(&self) -> u32 {
        self.limiter.depth
    }
}

impl Drop for LevelGuard<'_> {
    fn drop(&mut self) {
        self.limiter.depth -= 1;
        if self.level == Level::Introspection {
            self.limiter.introspection -= 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn dive(guard: &mut LevelGuard<'_>, levels: &[Level]) -> Result<(), EnterError> {
        match levels.split_first() {
            None => Ok(()),
            Some((first, rest)) => dive(&mut guard.enter(*first)?, rest),
        }
    }

    fn run(levels: &[Level], permit: RecursionPermit) -> (RecursionLimiter, bool) {
        let mut limiter = RecursionLimiter::new(&Rules::DEFAULT, permit);
        let refused = match levels.split_first() {
            None => false,
            Some((first, rest)) => limiter
                .enter(*first)
                .and_then(|mut guard| dive(&mut guard, rest))
                .is_err(),
        };
        (limiter, refused)
    }

    #[test]
    fn the_eighth_level_is_the_last() {
        let (limiter, refused) = run(&[Level::Pass; 8], RecursionPermit::Bounded);
        assert!(!refused);
        assert_eq!(limiter.reading().depth, 8);
        let (limiter, refused) = run(&[Level::Pass; 9], RecursionPermit::Bounded);
        assert!(refused);
        assert_eq!(
            limiter.reading(),
            RecursionReading {
                depth: 8,
                refused_passes: 1,
                ..RecursionReading::default()
            }
        );
    }

    #[test]
    fn a_third_introspection_level_is_refused() {
        let (limiter, refused) = run(&[Level::Introspection; 3], RecursionPermit::Bounded);
        assert!(refused);
        assert_eq!(limiter.reading().introspection, 2);
        assert_eq!(limiter.reading().refused_introspections, 1);
    }

    #[test]
    fn a_suspended_limiter_allows_one_pass() {
        assert!(!run(&[Level::Pass], RecursionPermit::Suspended).1);
        let (limiter, refused) = run(&[Level::Pass; 2], RecursionPermit::Suspended);
        assert!(refused);
        assert_eq!(
            limiter.reading().refused_passes,
            0,
            "an obeyed suspension is no breach"
        );
    }

    #[test]
    fn levels_that_were_left_do_not_count() {
        let mut limiter = RecursionLimiter::new(&Rules::DEFAULT, RecursionPermit::Bounded);
        for _ in 0..100 {
            drop(limiter.enter(Level::Introspection).unwrap());
        }
        assert_eq!(limiter.reading().depth, 1);
        assert_eq!(limiter.reading().introspection, 1);
    }

    proptest! {
        #[test]
        fn every_level_is_left_again_and_no_limit_is_passed(
            deep in proptest::collection::vec(prop_oneof![
                Just(Level::Pass), Just(Level::Introspection)
            ], 0..40),
            suspended in any::<bool>(),
        ) {
            let permit = if suspended { RecursionPermit::Suspended } else { RecursionPermit::Bounded };
            let (limiter, _) = run(&deep, permit);
            prop_assert_eq!((limiter.depth, limiter.introspection), (0, 0));
            let deepest = if suspended { 1 } else { 8 };
            prop_assert!(limiter.reading().depth <= deepest);
            prop_assert!(limiter.reading().introspection <= 2);
        }
    }
}
