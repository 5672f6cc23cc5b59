//! The equilibrium telemetry of a cycle (`SRIP-10 §1`, `§2`): evidence and signals only.
//!
//! Two profiles: `srip10_ref` takes the printed definitions and bounds and is there for comparison;
//! `calibrated` measures against the session's own baseline and is the one that acts.

use serde::{Deserialize, Serialize};
use sigma_text::Utterance;
use sigma_types::{Cycle, Measured, Missing, Unit};

use crate::{
    ln::{self, GainBounds},
    packed::TermSet,
    positional::{Positional, PositionalTrack},
    redundancy::Redundancy,
    rules::AepRules,
    sdc::SdcTrack,
    ti::TiTrack,
    zone::{
        self, Baseline, Dwell, Intervention, InterventionKind, NotApplied, Trigger, Trio, Zone,
        ZoneEvidence,
    },
};

/// Windows that the figures are taken over, in cycles (`SRIP-10 §1`: declared sampling window).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct AepWindow {
    /// Of the terminological index.
    pub ti: usize,
    /// Of the semantic drift coefficient.
    pub sdc: usize,
    /// Of openings and endings.
    pub positional: usize,
}

/// The printed profile, beside.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PrintedProfile {
    /// The metrics by their published definitions.
    #[serde(flatten)]
    pub trio: Trio,
    /// The zone by the printed bounds, without dwell.
    pub zone: Zone,
    /// Distance to the printed centre.
    pub delta_e: Measured<f64>,
    /// The bounds crossed.
    pub triggers: Vec<Trigger>,
}

/// The telemetry frame of a cycle.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct AepFrame {
    /// The cycle.
    pub cycle: Cycle,
    /// Over which windows.
    pub window: AepWindow,
    /// The metrics of the calibrated profile.
    #[serde(flatten)]
    pub trio: Trio,
    /// Share of sentences that repeat one of the last five answers.
    pub tau: Measured<Unit>,
    /// Share of sentences that add next to nothing.
    pub tautology_r: Measured<Unit>,
    /// Share of sentences that have nothing to do with those before.
    pub noise_r: Measured<Unit>,
    /// Distance of the metrics to the profile's centre.
    pub delta_e: Measured<f64>,
    /// Change of the metrics since the last cycle.
    pub delta_rate: Measured<f64>,
    /// Smoothed closeness to the centre, `0..=1`.
    pub equilibrium_score: Measured<Unit>,
    /// Openings and endings.
    #[serde(flatten)]
    pub positional: Positional,
    /// The zone of this cycle by itself.
    pub raw_zone: Zone,
    /// The zone in force.
    pub zone: Zone,
    /// For how many cycles.
    pub zone_age: u64,
    /// The session is too young for more than the absolute bounds.
    pub warmup: bool,
    /// All metrics within the strict corridor for eight cycles.
    pub homeostasis: bool,
    /// The bounds crossed.
    pub triggers: Vec<Trigger>,
    /// What is done about it, or why not.
    pub intervention: Option<Intervention>,
    /// The printed profile.
    pub srip10_ref: PrintedProfile,
}

/// What the frame needs to know of the control layer.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct AepContext {
    /// The cycle.
    pub cycle: Cycle,
    /// Half distance to the answer before.
    pub step: Option<f64>,
    /// The phase is stable.
    pub phase_stable: bool,
    /// The stability before this cycle.
    pub stability: Unit,
    /// Safe mode holds or ended less than five cycles ago.
    pub suspended: bool,
}

/// The state behind the frames. Bounded by its windows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct AepTrack {
    answers: u64,
    ti: TiTrack,
    sdc: SdcTrack,
    gains: GainBounds,
    positional: PositionalTrack,
    baseline: Baseline,
    dwell: Dwell,
    score: Option<f64>,
    corridor: u32,
    last: Option<[f64; 3]>,
}

impl AepTrack {
    /// Starts without a past.
    pub(crate) fn new(rules: &AepRules) -> Self {
        Self {
            answers: 0,
            ti: TiTrack::new(rules),
            sdc: SdcTrack::new(rules),
            gains: GainBounds::default(),
            positional: PositionalTrack::new(&rules.positional),
            baseline: Baseline::default(),
            dwell: Dwell::default(),
            score: None,
            corridor: 0,
            last: None,
        }
    }

    /// The information gain below which a sentence adds nothing.
    pub(crate) fn thin(&self, rules: &AepRules) -> f64 {
        self.gains.bounds(rules).0
    }

    /// Takes in an answer that is not empty.
    pub(crate) fn observe(
        &mut self,
        rules: &AepRules,
        answer: &Utterance,
        found: &Redundancy,
        context: AepContext,
    ) -> AepFrame {
        self.answers += 1;
        let terms = TermSet::of(
            answer.reading.terms.iter().map(|t| t.stem.as_str()),
            rules.cycle_terms,
        );
        let ti = self.ti.observe(rules, terms);
        let sdc = self.sdc.observe(context.step);
        let shares = ln::calibrated(found, self.gains.bounds(rules));
        self.gains.learn(rules, &found.gains);
        let positional = self.positional.observe(&rules.positional, answer);

        let trio = Trio {
            ti,
            sdc,
            ln: shares.ln,
        };
        let evidence = ZoneEvidence {
            cycle: self.answers,
            trio,
            tau: found.tau(),
            onset: positional
                .first_token_crystallization
                .value()
                .map(Unit::get),
            terminal: positional.terminal_crystallization.value().map(Unit::get),
        };
        let (raw_zone, triggers) = zone::calibrated(&rules.zone, &self.baseline, evidence);
        self.baseline.learn(rules, self.answers, trio, found.tau());
        let (zone, zone_age) = self.dwell.vote(&rules.zone, raw_zone);
        let warmup = self.answers < rules.zone.warm_up;
        let homeostasis = self.strict(rules, trio);
        let delta_e = distance(trio, rules.centre);
        let intervention = Self::intervene(
            rules,
            zone,
            &triggers,
            &positional,
            context,
            (warmup, homeostasis),
        );
        AepFrame {
            cycle: context.cycle,
            window: AepWindow {
                ti: rules.ti_window,
                sdc: rules.sdc_window,
                positional: rules.positional.window,
            },
            trio,
            tau: measured(found.tau()),
            tautology_r: shares.tautology,
            noise_r: shares.noise,
            delta_e,
            delta_rate: self.rate(trio),
            equilibrium_score: self.score(rules, delta_e),
            positional,
            raw_zone,
            zone,
            zone_age,
            warmup,
            homeostasis,
            triggers,
            intervention,
            srip10_ref: printed(
                rules,
                Trio {
                    ti,
                    sdc,
                    ln: ln::published(rules, answer),
                },
            ),
        }
    }

    /// Whether the strict corridor has held long enough (`SRIP-10 §3`).
    fn strict(&mut self, rules: &AepRules, trio: Trio) -> bool {
        let inside = zone::values(trio)
            .into_iter()
            .zip(rules.corridor)
            .all(|(value, (low, high))| value.is_some_and(|v| (low..=high).contains(&v)));
        self.corridor = if inside {
            self.corridor.saturating_add(1)
        } else {
            0
        };
        self.corridor >= rules.corridor_cycles
    }

    fn rate(&mut self, trio: Trio) -> Measured<f64> {
        let [Some(ti), Some(sdc), Some(ln)] = zone::values(trio) else {
            return Measured::Missing(Missing::WindowTooShort);
        };
        let last = self.last.replace([ti, sdc, ln]);
        let rate = last.map(|last| norm([ti - last[0], sdc - last[1], ln - last[2]]));
        Measured::from_option(rate, Missing::NothingYet)
    }

    fn score(&mut self, rules: &AepRules, delta_e: Measured<f64>) -> Measured<Unit> {
        if let Some(delta_e) = delta_e.value() {
            let raw = (-delta_e / rules.score_radius).exp();
            let before = self.score.unwrap_or(raw);
            self.score = Some(before + (raw - before) / rules.score_tau);
        }
        Measured::from_option(self.score.map(Unit::clamped), Missing::WindowTooShort)
    }

    fn intervene(
        rules: &AepRules,
        zone: Zone,
        triggers: &[Trigger],
        positional: &Positional,
        context: AepContext,
        (warmup, homeostasis): (bool, bool),
    ) -> Option<Intervention> {
        let flagged = positional.onset_active || positional.terminal_active;
        let kind = if positional.onset_active {
            InterventionKind::VaryOpening
        } else if positional.terminal_active {
            InterventionKind::VaryEnding
        } else {
            kind_of(zone, triggers)?
        };
        let settled = context.phase_stable && context.stability.get() > rules.settled;
        let reason = if context.suspended {
            Some(NotApplied::SafeMode)
        } else if warmup {
            Some(NotApplied::WarmUp)
        } else if flagged {
            None
        } else if settled {
            Some(NotApplied::PhaseStable)
        } else {
            homeostasis.then_some(NotApplied::Homeostasis)
        };
        let sets = matches!(zone, Zone::Convergent | Zone::SemanticMonotony);
        let penalty = match reason {
            Some(_) => 0.0,
            None if context.stability.get() <= rules.penalty_above => 0.0,
            None if sets => rules.penalty_convergent,
            None => rules.penalty_other,
        };
        let modes = if flagged {
            rules.modes_flagged
        } else {
            rules.modes
        };
        Some(Intervention {
            kind,
            applied: reason.is_none(),
            reason_not_applied: reason,
            mode: (context.cycle.0 % u64::from(modes.max(1))) as u32,
            token_limit: rules.token_limit(kind),
            penalty,
        })
    }
}

/// The measure that answers a zone (`SRIP-10 §1.1`).
fn kind_of(zone: Zone, triggers: &[Trigger]) -> Option<InterventionKind> {
    use zone::AepMetric::{Onset, Sdc, Terminal, Ti};
    let crossed = |metric| triggers.iter().any(|trigger| trigger.metric == metric);
    match zone {
        Zone::Equilibrium => None,
        Zone::SemanticMonotony => Some(InterventionKind::RotateFormat),
        Zone::Dispersive => Some(InterventionKind::ReinforceCoherence),
        Zone::Convergent if crossed(Onset) => Some(InterventionKind::VaryOpening),
        Zone::Convergent if crossed(Terminal) => Some(InterventionKind::VaryEnding),
        Zone::Convergent if crossed(Ti) => Some(InterventionKind::TerminologicalPerturbation),
        Zone::Convergent if crossed(Sdc) => Some(InterventionKind::SemanticChallenge),
        Zone::Convergent => Some(InterventionKind::CognitiveFriction),
    }
}

fn printed(rules: &AepRules, trio: Trio) -> PrintedProfile {
    let (zone, triggers) = zone::printed(rules, trio);
    PrintedProfile {
        trio,
        zone,
        delta_e: distance(trio, rules.printed.centre),
        triggers,
    }
}

fn distance(trio: Trio, centre: [f64; 3]) -> Measured<f64> {
    let [Some(ti), Some(sdc), Some(ln)] = zone::values(trio) else {
        return Measured::Missing(Missing::WindowTooShort);
    };
    Measured::Value(norm([ti - centre[0], sdc - centre[1], ln - centre[2]]))
}

fn norm(v: [f64; 3]) -> f64 {
    v.iter().map(|x| x * x).sum::<f64>().sqrt()
}

fn measured(share: Option<f64>) -> Measured<Unit> {
    Measured::from_option(share.map(Unit::clamped), Missing::TooShort)
}
