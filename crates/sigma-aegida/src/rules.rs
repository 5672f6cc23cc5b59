//! Limits, thresholds and windows of `SRIP-06`, as data.

use serde::{Deserialize, Serialize};

use crate::range::{Share, Whole};

/// A threshold in `0..=1`.
pub type Threshold = Share<0, 1000>;

/// Which text the rules were taken from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub enum Revision {
    /// Foundational draft of 2026-04-17, open points resolved with the December 2025 text.
    #[serde(rename = "2026-04-17")]
    Draft20260417,
}

/// One rule set. A later revision is written as a delta: `Rules { drift: .., ..Rules::DEFAULT }`.
///
/// ```
/// use sigma_aegida::{Rules, Share};
/// let rules = Rules { drift_limit: Share::new(0.5)?, ..Rules::DEFAULT };
/// assert_eq!(rules.max_recursion_depth.get(), 8);
/// # Ok::<(), sigma_aegida::LimitError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rules {
    /// The text behind the numbers.
    pub revision: Revision,
    /// Deepest allowed recursion within a cycle, 8 to 12 levels (`SRIP-06 §3`).
    pub max_recursion_depth: Whole<8, 12>,
    /// Levels on which the runtime may reflect upon its own reflection, at most 2 (`SRIP-06 §2`).
    pub max_introspection_levels: Whole<0, 2>,
    /// Cycles that a lock, or one attempt at recovery, may last, 8 to 10 (`SRIP-06 §3`).
    pub phase_lock_timeout: Whole<8, 10>,
    /// Unclamped drift index from which the limit counts as breached, 0.45 to 0.6 (`SRIP-06 §3`).
    pub drift_limit: Share<450, 600>,
    /// Greatest tolerated change of symbolic entropy, 0.35 to 0.4 (`SRIP-06 §3`).
    pub entropy_threshold: Share<350, 400>,
    /// Local isolation (`SRIP-06 §6`).
    pub isolation: IsolationRules,
    /// When a containment lock opens again.
    pub unlock: UnlockRules,
    /// Collapse detection (`SRIP-06 §5`).
    pub collapse: CollapseRules,
    /// The way out of safe mode (`SRIP-06 §4`).
    pub resume: ResumeRules,
    /// The fail-safe envelope (`SRIP-06 §7`).
    pub envelope: EnvelopeRules,
    /// How symbolic entropy is measured.
    pub entropy: EntropyRules,
}

/// Local isolation (`SRIP-06 §6`).
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct IsolationRules {
    /// A rise of the drift index above this isolates motifs.
    pub field_drift: Threshold,
    /// A phase shift above this locks containment.
    pub control_shift: Threshold,
    /// Repetitions of one context segment above this prune the context.
    pub loop_signature: u32,
    /// Whether a shift towards the expected phase counts as one, as the unsigned figure has it.
    #[serde(default)]
    pub calming_shift: bool,
    /// Cosine from which two neighbouring segments count as the same.
    pub same_segment: Threshold,
    /// The most motifs that one cycle may isolate.
    pub motifs: u32,
}

/// When a containment lock opens: the shift is over, stability stands still, the text carries weight.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UnlockRules {
    /// Change of stability has to stay below this.
    pub stability_change: Threshold,
    /// Symbol-to-content ratio has to exceed this.
    pub scr: Threshold,
}

/// Collapse detection (`SRIP-06 §5`).
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CollapseRules {
    /// Stability below this counts as low.
    pub stability: Threshold,
    /// Low stability has to last longer than this many cycles.
    pub cycles: u32,
    /// Symbol-to-content ratio below this is a sign of collapse.
    pub scr: Threshold,
    /// Posture drift above this is a sign of collapse.
    pub posture_drift: Threshold,
}

/// The way out of safe mode (`SRIP-06 §4`).
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ResumeRules {
    /// Phase stability has to exceed this.
    pub psi: Threshold,
    /// Phase deviation has to be at or below this.
    pub psd: Threshold,
    /// Last answers whose mean resonance leads out as well; 0 for none.
    #[serde(default = "ResumeRules::answers")]
    pub answers: u32,
    /// That mean has to exceed this.
    #[serde(default = "ResumeRules::equilibrium")]
    pub equilibrium: Threshold,
    /// Attempts at recovery before the field is given up.
    pub attempts: u32,
    /// Cycles after safe mode in which convergence penalties stay suspended.
    pub cooldown: u32,
}

/// The fail-safe envelope (`SRIP-06 §7`).
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EnvelopeRules {
    /// Drift above this makes the motifs that carried it unsafe (`SRIP-03 §8`).
    pub unsafe_drift: Threshold,
    /// Phase stability below this is a collapse of control (`SRIP-02 §5`).
    pub control_psi: Threshold,
    /// Cycles in a row over the drift limit from which a spike is a collapse of control.
    pub spike_cycles: u32,
}

/// How symbolic entropy is measured (ours: the standard names the threshold, not the measure).
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EntropyRules {
    /// Earlier cycles whose mean the current entropy is held against.
    pub window: u32,
    /// Motifs below which the distribution says nothing.
    pub fewest_motifs: u32,
    /// Motifs that are looked at, the commonest first.
    pub most_motifs: u32,
}

impl ResumeRules {
    const fn answers() -> u32 {
        3
    }

    const fn equilibrium() -> Threshold {
        Share::constant(0.9)
    }
}

impl Rules {
    /// Foundational draft of 2026-04-17 with the defaults of this project: the tightest end of each
    /// range, except that the drift limit is where recursion is suspended anyway.
    pub const DEFAULT: Self = Self {
        revision: Revision::Draft20260417,
        max_recursion_depth: Whole::LOWEST,
        max_introspection_levels: Whole::HIGHEST,
        phase_lock_timeout: Whole::LOWEST,
        drift_limit: Share::HIGHEST,
        entropy_threshold: Share::HIGHEST,
        isolation: IsolationRules {
            field_drift: Share::constant(0.4),
            control_shift: Share::constant(0.15),
            calming_shift: false,
            loop_signature: 2,
            same_segment: Share::constant(0.95),
            motifs: 3,
        },
        unlock: UnlockRules {
            stability_change: Share::constant(0.05),
            scr: Share::constant(0.70),
        },
        collapse: CollapseRules {
            stability: Share::constant(0.5),
            cycles: 3,
            scr: Share::constant(0.6),
            posture_drift: Share::constant(0.25),
        },
        resume: ResumeRules {
            psi: Share::constant(0.9),
            psd: Share::constant(0.1),
            answers: ResumeRules::answers(),
            equilibrium: ResumeRules::equilibrium(),
            attempts: 2,
            cooldown: 5,
        },
        envelope: EnvelopeRules {
            unsafe_drift: Share::constant(0.75),
            control_psi: Share::constant(0.6),
            spike_cycles: 2,
        },
        entropy: EntropyRules {
            window: 5,
            fewest_motifs: 4,
            most_motifs: 64,
        },
    };
}

impl Default for Rules {
    fn default() -> Self {
        Self::DEFAULT
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_defaults_are_the_settled_ones() {
        let rules = Rules::DEFAULT;
        assert_eq!(rules.max_recursion_depth.get(), 8);
        assert_eq!(rules.phase_lock_timeout.get(), 8);
        assert_eq!(rules.drift_limit.get(), 0.6);
        assert_eq!(rules.entropy_threshold.get(), 0.4);
        assert_eq!(rules.max_introspection_levels.get(), 2);
    }

    #[test]
    fn rules_survive_json_and_refuse_a_limit_out_of_range() {
        let text = serde_json::to_string(&Rules::DEFAULT).unwrap();
        assert_eq!(
            serde_json::from_str::<Rules>(&text).unwrap(),
            Rules::DEFAULT
        );
        let loose = text.replace("\"drift_limit\":0.6", "\"drift_limit\":0.7");
        assert_ne!(loose, text);
        assert!(serde_json::from_str::<Rules>(&loose).is_err());
    }
}
