//! The five stabilisation methods as plans that the loop carries out (`SRIP-03 §7`).
//!
//! A plan says what to do and with what; it never holds ready-made text for the model. How a directive
//! is worded is the prompt builder's business.

use serde::{Deserialize, Serialize};
use sigma_attractor::{DensityReading, DensityRegulation};
use sigma_types::{Cycle, Unit};

use crate::{
    aep::AepFrame,
    bands::{Advisory, Band, Bands, Metric},
    evidence::Evidence,
    failure::FailureMode,
    feature::Feature,
    identity::Constraint,
    posture::ControlPosture,
    rules::Rules,
    zone::{Intervention, InterventionKind},
};

/// One of the five methods (`SRIP-03 §7.2`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Method {
    /// Bring the answer back to identity, constraints and the subject at hand.
    SemanticReAnchoring,
    /// Raise or lower symbolic density, and bring the voice back to its usual form.
    DensityModulation,
    /// Bring the posture back in line with what was commanded.
    PostureRealignment,
    /// Bound how much is said and how far it may wander.
    EntropyThrottling,
    /// Strengthen the motifs at the core of the attractor.
    AttractorReinforcement,
}

/// What the loop must do for a method, with its parameters.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case", tag = "kind")]
#[non_exhaustive]
pub enum Directive {
    /// Answer what the user asked: these words of theirs went unanswered.
    ReturnToTurn {
        /// The user's words, as written.
        terms: Vec<String>,
    },
    /// Hold to who the assistant is.
    HoldIdentity {
        /// Its name, where one is known.
        name: Option<String>,
        /// Its role, as the identity text puts it.
        role: Option<String>,
        /// The traits that the answer left.
        traits: Vec<String>,
    },
    /// Keep a constraint that was broken.
    KeepConstraint {
        /// The constraint.
        constraint: Constraint,
    },
    /// Bring a feature of the voice back.
    MatchVoice {
        /// The feature.
        feature: Feature,
        /// What it was in the answer.
        from: f64,
        /// What it usually is, or what the identity asks for.
        toward: f64,
    },
    /// Tie the answer back to the words that recur in the dialogue.
    RaiseDensity,
    /// Use fewer of the words that already recur.
    LowerDensity,
    /// Keep these motifs in sight.
    ReinforceMotifs {
        /// Motifs as written, the weightiest first.
        motifs: Vec<String>,
    },
    /// Consider the last answer against identity and turn before answering, and say nothing of it.
    Reflect,
    /// Answer the turn plainly, without carrying on the last answer.
    Realign,
    /// Change the form of the answer, not its subject.
    VaryForm {
        /// What to vary.
        intervention: InterventionKind,
        /// Which of the forms in rotation, from 0.
        mode: u32,
    },
    /// Say it without going through who one is: the answer overstates its identity.
    EaseIdentity,
}

/// Why an action stands in a plan.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case", tag = "because")]
#[non_exhaustive]
pub enum Cause {
    /// The posture demands it.
    Posture {
        /// The posture.
        posture: ControlPosture,
    },
    /// A metric left its band.
    Metric {
        /// The metric.
        metric: Metric,
        /// Its value.
        value: Unit,
        /// Where it lies.
        band: Band,
    },
    /// The density left its bounds (`SRIP-07 §4`).
    Density,
    /// The equilibrium zone demands it (`SRIP-10 §3`).
    Zone,
    /// A failure mode was found (`SRIP-03 §8`).
    Failure {
        /// The mode.
        mode: FailureMode,
    },
}

/// One thing to do.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Action {
    /// The method that it belongs to.
    pub method: Method,
    /// What to do.
    pub directive: Directive,
    /// Why.
    pub cause: Cause,
    /// How strongly, `0..=1`.
    pub strength: Unit,
}

/// Whether the loop may build on its own last answer.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Recursion {
    /// It may.
    #[default]
    Normal,
    /// It may not: the last answer stays out of the prompt (`SRIP-03 §6`).
    Suspended,
}

/// State changes that the loop carries out before it generates.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case", tag = "transform")]
#[non_exhaustive]
pub enum Transform {
    /// Drop changes that were not confirmed by a calm cycle (`SRIP-02 §6.3`).
    ClearVolatile,
    /// Restore structure from the bounded snapshot of the invariants, where there is one.
    RestoreFromInvariants,
    /// Lock containment for at most so many cycles.
    LockContainment {
        /// The limit.
        cycles: u32,
    },
    /// Reset the attractor field.
    ResetField,
    /// Set the answer aside: it is not recalled and not built on.
    Quarantine,
    /// Take damping back.
    LiftDamping,
}

/// All that the loop is to do in the next cycle (`SRIP-03 §7`).
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct StabilizationPlan {
    /// The cycle whose answer it follows from.
    pub after: Cycle,
    /// The posture commanded.
    pub posture: ControlPosture,
    /// Whether to build on the last answer.
    pub recursion: Recursion,
    /// State changes, in order.
    pub transforms: Vec<Transform>,
    /// Directives for the prompt, the strongest first.
    pub actions: Vec<Action>,
    /// Limit on the tokens of the next answer, where there is one.
    pub token_limit: Option<u32>,
}

impl StabilizationPlan {
    /// Whether there is anything to do.
    #[must_use]
    pub fn is_idle(&self) -> bool {
        self.actions.is_empty() && self.transforms.is_empty() && self.token_limit.is_none()
    }

    /// The methods in use, each once.
    #[must_use]
    pub fn methods(&self) -> Vec<Method> {
        let mut methods: Vec<Method> = self.actions.iter().map(|action| action.method).collect();
        methods.sort_unstable();
        methods.dedup();
        methods
    }
}

/// What a plan is made from.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Situation<'a> {
    /// The cycle that was measured.
    pub cycle: Cycle,
    /// Its posture.
    pub posture: ControlPosture,
    /// The values and bands of the grounded components.
    pub advisories: &'a [Advisory],
    /// Which anchors the answer left.
    pub evidence: &'a Evidence,
    /// Its density.
    pub density: &'a DensityReading,
    /// Its equilibrium frame.
    pub aep: &'a AepFrame,
    /// Its failure modes.
    pub failures: &'a [FailureMode],
    /// Motifs of the subject at hand, the weightiest first.
    pub motifs: &'a [String],
    /// The median length of the session's answers in words, where there is one.
    pub usual_words: Option<f64>,
}

/// The metrics outside their normal band.
pub(crate) fn advisories(values: [(Metric, Option<Unit>); 4], bands: Bands) -> Vec<Advisory> {
    values
        .into_iter()
        .zip([bands.sdi, bands.sv, bands.pd, bands.scr])
        .filter_map(|((metric, value), band)| {
            let (value, band) = (value?, band?);
            (band != Band::Normal).then(|| Advisory {
                metric,
                band,
                value,
                method: metric.method(),
            })
        })
        .collect()
}

/// Draws up the plan of the next cycle.
pub(crate) fn plan(rules: &Rules, s: Situation<'_>) -> StabilizationPlan {
    let mut plan = StabilizationPlan {
        after: s.cycle,
        posture: s.posture,
        ..StabilizationPlan::default()
    };
    by_posture(rules, s, &mut plan);
    for advisory in s.advisories {
        by_metric(rules, s, *advisory, &mut plan);
    }
    by_density(s, &mut plan);
    by_zone(s, &mut plan);
    for mode in s.failures {
        by_failure(rules, *mode, &mut plan);
    }
    tidy(rules, &mut plan);
    plan
}

fn by_posture(rules: &Rules, s: Situation<'_>, plan: &mut StabilizationPlan) {
    let cause = Cause::Posture { posture: s.posture };
    let strength = rules.plan.strength(s.posture);
    let push = |plan: &mut StabilizationPlan, method, directive| {
        plan.actions.push(Action {
            method,
            directive,
            cause,
            strength,
        });
    };
    if s.posture == ControlPosture::Nominal {
        return;
    }
    push(plan, Method::PostureRealignment, Directive::Reflect);
    for directive in s.evidence.directives(rules) {
        let method = match directive {
            Directive::MatchVoice { .. } => Method::DensityModulation,
            _ => Method::SemanticReAnchoring,
        };
        push(plan, method, directive);
    }
    if s.posture >= ControlPosture::Reflective {
        plan.token_limit = limit(rules, s.usual_words);
    }
    if s.posture.suspends() {
        plan.recursion = Recursion::Suspended;
        push(plan, Method::PostureRealignment, Directive::Realign);
        plan.transforms
            .extend([Transform::ClearVolatile, Transform::RestoreFromInvariants]);
    }
    if s.posture >= ControlPosture::Critical {
        plan.transforms.push(Transform::LockContainment {
            cycles: rules.plan.lock_cycles,
        });
        plan.transforms.push(Transform::ResetField);
    }
    if s.posture == ControlPosture::Collapse {
        plan.transforms.push(Transform::Quarantine);
    }
}

fn by_metric(rules: &Rules, s: Situation<'_>, advisory: Advisory, plan: &mut StabilizationPlan) {
    let Advisory {
        metric,
        band,
        value,
        method,
    } = advisory;
    let cause = Cause::Metric {
        metric,
        value,
        band,
    };
    let strength = rules.plan.band_strength(band);
    let mut push = |directive| {
        plan.actions.push(Action {
            method,
            directive,
            cause,
            strength,
        });
    };
    match metric {
        Metric::Sdi | Metric::Sv => {
            let voice = metric == Metric::Sv;
            s.evidence
                .directives(rules)
                .into_iter()
                .filter(|d| matches!(d, Directive::MatchVoice { .. }) == voice)
                .for_each(&mut push);
        }
        Metric::Pd => push(Directive::Realign),
        Metric::Scr => {
            if !s.motifs.is_empty() {
                push(Directive::ReinforceMotifs {
                    motifs: s.motifs.to_vec(),
                });
            }
            if band >= Band::Recovery {
                plan.token_limit = plan.token_limit.or_else(|| limit(rules, s.usual_words));
            }
        }
    }
}

fn by_density(s: Situation<'_>, plan: &mut StabilizationPlan) {
    let directive = match s.density.regulation {
        DensityRegulation::ReflectAndReinforce => Directive::RaiseDensity,
        DensityRegulation::Dampen => Directive::LowerDensity,
        DensityRegulation::None => return,
    };
    // A low density is only a hint as long as the index is calm: a new subject has new words.
    if s.posture == ControlPosture::Nominal && directive == Directive::RaiseDensity {
        return;
    }
    let strength = Unit::clamped(0.5);
    plan.actions.push(Action {
        method: Method::DensityModulation,
        directive,
        cause: Cause::Density,
        strength,
    });
}

fn by_zone(s: Situation<'_>, plan: &mut StabilizationPlan) {
    let Some(Intervention {
        kind,
        applied: true,
        mode,
        token_limit,
        ..
    }) = s.aep.intervention
    else {
        return;
    };
    plan.token_limit = match (plan.token_limit, token_limit) {
        (Some(a), Some(b)) => Some(a.min(b)),
        (a, b) => a.or(b),
    };
    let (method, directive) = if kind == InterventionKind::ReinforceCoherence {
        if s.motifs.is_empty() {
            return;
        }
        let motifs = s.motifs.to_vec();
        (
            Method::AttractorReinforcement,
            Directive::ReinforceMotifs { motifs },
        )
    } else {
        (
            Method::EntropyThrottling,
            Directive::VaryForm {
                intervention: kind,
                mode,
            },
        )
    };
    plan.actions.push(Action {
        method,
        directive,
        cause: Cause::Zone,
        strength: Unit::clamped(0.5),
    });
}

fn by_failure(rules: &Rules, mode: FailureMode, plan: &mut StabilizationPlan) {
    let cause = Cause::Failure { mode };
    let mut push = |method, directive| {
        plan.actions.push(Action {
            method,
            directive,
            cause,
            strength: Unit::ONE,
        });
    };
    match mode {
        FailureMode::RunawayRecursion => {
            push(Method::PostureRealignment, Directive::Realign);
            plan.recursion = Recursion::Suspended;
            plan.transforms.push(Transform::RestoreFromInvariants);
        }
        FailureMode::SemanticCollapse => {
            plan.transforms
                .extend([Transform::Quarantine, Transform::ResetField]);
        }
        FailureMode::RecoveryOscillation => {
            plan.transforms.push(Transform::LockContainment {
                cycles: rules.plan.lock_cycles,
            });
        }
        FailureMode::OverDamping => plan.transforms.push(Transform::LiftDamping),
        FailureMode::SterileAttractor => {
            push(Method::EntropyThrottling, Directive::EaseIdentity);
        }
        FailureMode::FormatCrystallization => push(
            Method::EntropyThrottling,
            Directive::VaryForm {
                intervention: InterventionKind::RotateFormat,
                mode: 0,
            },
        ),
    }
}

/// A limit of half as much again as usual, in tokens.
fn limit(rules: &Rules, usual_words: Option<f64>) -> Option<u32> {
    let words = usual_words? * rules.plan.length_factor;
    let tokens = (words * rules.plan.tokens_per_word).round();
    Some((tokens as u32).clamp(rules.plan.least_tokens, rules.plan.most_tokens))
}

/// Strongest first, each directive once, transforms in the order of their effect, no more than fit.
fn tidy(rules: &Rules, plan: &mut StabilizationPlan) {
    plan.actions
        .sort_by(|a, b| b.strength.get().total_cmp(&a.strength.get()));
    let mut kept: Vec<Action> = Vec::new();
    for action in plan.actions.drain(..) {
        if kept.len() < rules.plan.most_actions
            && kept.iter().all(|one| one.directive != action.directive)
        {
            kept.push(action);
        }
    }
    plan.actions = kept;
    plan.transforms.sort_unstable();
    plan.transforms.dedup();
    if plan.transforms.contains(&Transform::LiftDamping) {
        plan.token_limit = None;
        plan.actions
            .retain(|action| action.directive != Directive::LowerDensity);
    }
}
