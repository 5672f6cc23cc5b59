//! The equilibrium zone: bounds, baseline, dwell and interventions (`SRIP-10 §3`, `SRIP-13 §VIII.3`).

use serde::{Deserialize, Serialize};
use sigma_types::{Measured, Unit};

use crate::{
    rules::{AepRules, ZoneRules},
    stats::robust,
};

/// Which way the dialogue's form presses (`SRIP-10 §1.1`, `SRIP-13 §VIII.3`).
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Zone {
    /// Neither way.
    #[default]
    Equilibrium,
    /// It sets: the same words, little movement.
    Convergent,
    /// New words, the same meaning.
    SemanticMonotony,
    /// It scatters.
    Dispersive,
}

/// The metrics of a zone (`SRIP-10 §2`).
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Trio {
    /// Terminological index.
    pub ti: Measured<Unit>,
    /// Semantic drift coefficient.
    pub sdc: Measured<Unit>,
    /// Liquidity.
    pub ln: Measured<Unit>,
}

/// A bound that was crossed.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Trigger {
    /// Which metric.
    pub metric: AepMetric,
    /// Its value.
    pub value: f64,
    /// The bound.
    pub bound: f64,
}

/// A metric that a zone is read from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum AepMetric {
    /// Terminological index.
    Ti,
    /// Semantic drift coefficient.
    Sdc,
    /// Liquidity.
    Ln,
    /// Share of sentences that repeat the last answers.
    Tau,
    /// Repetition of openings.
    Onset,
    /// Repetition of endings.
    Terminal,
}

/// The zone as `SRIP-10 §3` prints it: each metric by itself, any of them suffices; monotony comes
/// before dispersion. For comparison: on real text it reads dispersive nearly always.
pub(crate) fn printed(rules: &AepRules, trio: Trio) -> (Zone, Vec<Trigger>) {
    let p = &rules.printed;
    let [ti, sdc, ln] = values(trio);
    let over = |metric, value: Option<f64>, bound: f64| {
        value.filter(|v| *v > bound).map(|value| Trigger {
            metric,
            value,
            bound,
        })
    };
    let under = |metric, value: Option<f64>, bound: f64| {
        value.filter(|v| *v < bound).map(|value| Trigger {
            metric,
            value,
            bound,
        })
    };
    let convergent: Vec<Trigger> = [
        over(AepMetric::Ti, ti, p.ti_convergent),
        under(AepMetric::Sdc, sdc, p.sdc_convergent),
        over(AepMetric::Ln, ln, p.ln_convergent),
    ]
    .into_iter()
    .flatten()
    .collect();
    if !convergent.is_empty() {
        return (Zone::Convergent, convergent);
    }
    if let (Some(low), Some(high)) = (
        under(AepMetric::Ti, ti, p.ti_dispersive),
        over(AepMetric::Ln, ln, p.ln_monotony),
    ) {
        return (Zone::SemanticMonotony, vec![low, high]);
    }
    let dispersive: Vec<Trigger> = [
        under(AepMetric::Ti, ti, p.ti_dispersive),
        over(AepMetric::Sdc, sdc, p.sdc_dispersive),
        under(AepMetric::Ln, ln, p.ln_dispersive),
    ]
    .into_iter()
    .flatten()
    .collect();
    if dispersive.is_empty() {
        (Zone::Equilibrium, Vec::new())
    } else {
        (Zone::Dispersive, dispersive)
    }
}

/// The three values in order, where measured.
pub(crate) fn values(trio: Trio) -> [Option<f64>; 3] {
    [trio.ti, trio.sdc, trio.ln].map(|m| m.value().map(Unit::get))
}

/// What is usual in this session: median and spread over its first fifty cycles, then kept.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Baseline {
    ti: Vec<f64>,
    sdc: Vec<f64>,
    ln: Vec<f64>,
    tau: Vec<f64>,
    set: Option<[Option<(f64, f64)>; 4]>,
}

impl Baseline {
    /// Learns from a cycle until the warm-up is over.
    pub(crate) fn learn(&mut self, rules: &AepRules, cycle: u64, trio: Trio, tau: Option<f64>) {
        // The terminological index exists only from the fiftieth cycle on.
        let [ti, sdc, ln] = values(trio);
        if self.ti.len() < rules.zone.baseline_ti {
            self.ti.extend(ti);
        }
        if self.set.is_none() {
            self.sdc.extend(sdc);
            self.ln.extend(ln);
            self.tau.extend(tau);
            if cycle >= rules.zone.baseline {
                let [sdc, ln, tau] =
                    [&mut self.sdc, &mut self.ln, &mut self.tau].map(std::mem::take);
                self.set = Some([None, robust(&sdc), robust(&ln), robust(&tau)]);
            }
        }
        if let Some(set) = &mut self.set
            && set[0].is_none()
            && self.ti.len() >= rules.zone.baseline_ti
        {
            set[0] = robust(&self.ti);
        }
    }

    fn z(&self, rules: &ZoneRules, which: usize, value: Option<f64>) -> Option<f64> {
        let (centre, spread) = self.set.as_ref()?[which]?;
        Some((value? - centre) / spread.max(rules.floors[which]))
    }
}

/// What the calibrated zone is read from.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct ZoneEvidence {
    /// The cycle's number, from 1.
    pub cycle: u64,
    /// The three metrics.
    pub trio: Trio,
    /// Share of sentences that repeat the last answers.
    pub tau: Option<f64>,
    /// Share of the commonest opening.
    pub onset: Option<f64>,
    /// Share of the commonest ending.
    pub terminal: Option<f64>,
}

/// The zone against what is usual in this session; the first that applies.
pub(crate) fn calibrated(
    rules: &ZoneRules,
    base: &Baseline,
    e: ZoneEvidence,
) -> (Zone, Vec<Trigger>) {
    if e.cycle < rules.warm_up {
        return (Zone::Equilibrium, Vec::new());
    }
    let [ti, sdc, ln] = values(e.trio);
    let (z_ti, z_sdc, z_tau) = (
        base.z(rules, 0, ti),
        base.z(rules, 1, sdc),
        base.z(rules, 3, e.tau),
    );
    let mut hits: Vec<Trigger> = Vec::new();
    let mut hit = |holds: bool, metric, value: Option<f64>, bound: f64| {
        if let (true, Some(value)) = (holds, value) {
            hits.push(Trigger {
                metric,
                value,
                bound,
            });
        }
    };
    let above = |x: Option<f64>, bound: f64| x.is_some_and(|x| x >= bound);
    let below = |x: Option<f64>, bound: f64| x.is_some_and(|x| x <= bound);
    hit(below(z_sdc, -rules.z), AepMetric::Sdc, sdc, -rules.z);
    hit(
        sdc.is_some_and(|x| x < rules.sdc_low),
        AepMetric::Sdc,
        sdc,
        rules.sdc_low,
    );
    hit(above(z_ti, rules.z_ti), AepMetric::Ti, ti, rules.z_ti);
    hit(
        e.onset.is_some_and(|x| x > rules.onset),
        AepMetric::Onset,
        e.onset,
        rules.onset,
    );
    hit(
        e.terminal.is_some_and(|x| x > rules.terminal),
        AepMetric::Terminal,
        e.terminal,
        rules.terminal,
    );
    if !hits.is_empty() {
        return (Zone::Convergent, hits);
    }
    if above(z_tau, rules.z)
        && above(e.tau, rules.tau)
        && z_ti.is_none_or(|z| z < rules.z_ti_monotony)
    {
        let value = e.tau.unwrap_or_default();
        return (
            Zone::SemanticMonotony,
            vec![Trigger {
                metric: AepMetric::Tau,
                value,
                bound: rules.tau,
            }],
        );
    }
    let mut hit = |holds: bool, metric, value: Option<f64>, bound: f64| {
        if let (true, Some(value)) = (holds, value) {
            hits.push(Trigger {
                metric,
                value,
                bound,
            });
        }
    };
    hit(above(z_sdc, rules.z), AepMetric::Sdc, sdc, rules.z);
    hit(
        sdc.is_some_and(|x| x > rules.sdc_high),
        AepMetric::Sdc,
        sdc,
        rules.sdc_high,
    );
    hit(
        ln.is_some_and(|x| x < rules.ln_low),
        AepMetric::Ln,
        ln,
        rules.ln_low,
    );
    hit(below(z_ti, -rules.z_ti), AepMetric::Ti, ti, -rules.z_ti);
    if hits.is_empty() {
        (Zone::Equilibrium, hits)
    } else {
        (Zone::Dispersive, hits)
    }
}

/// The published zone: two equal votes in a row leave equilibrium, three return to it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Dwell {
    zone: Zone,
    age: u64,
    vote: Zone,
    votes: u32,
}

impl Dwell {
    /// Counts a vote; the zone in force and for how many cycles it has been.
    pub(crate) fn vote(&mut self, rules: &ZoneRules, raw: Zone) -> (Zone, u64) {
        self.votes = if raw == self.vote {
            self.votes.saturating_add(1)
        } else {
            1
        };
        self.vote = raw;
        let needed = if raw == Zone::Equilibrium {
            rules.dwell_back
        } else {
            rules.dwell_away
        };
        if raw != self.zone && self.votes >= needed {
            (self.zone, self.age) = (raw, 0);
        }
        self.age = self.age.saturating_add(1);
        (self.zone, self.age)
    }
}

/// What an intervention asks for (`SRIP-10 §1.1`). All of them concern form, none of them words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum InterventionKind {
    /// Open in another way.
    VaryOpening,
    /// End in another way.
    VaryEnding,
    /// Another format, by rotation.
    RotateFormat,
    /// More lexical variety.
    TerminologicalPerturbation,
    /// Another angle, with an example or a counterpoint.
    SemanticChallenge,
    /// Tighter structure and fewer tokens.
    CognitiveFriction,
    /// Hold together.
    ReinforceCoherence,
}

/// An intervention, or why it was not made (`SRIP-10 §1`: bounded, reversible, auditable).
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Intervention {
    /// What is asked for.
    pub kind: InterventionKind,
    /// Whether it is made.
    pub applied: bool,
    /// Why not.
    pub reason_not_applied: Option<NotApplied>,
    /// Which of the forms in rotation.
    pub mode: u32,
    /// Limit on the answer's tokens.
    pub token_limit: Option<u32>,
    /// What it takes off the stability of the cycle.
    pub penalty: f64,
}

/// Why an intervention was not made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum NotApplied {
    /// The phase is stable and settled, and no flag overrides that.
    PhaseStable,
    /// The session is still warming up.
    WarmUp,
    /// Safe mode holds or has just ended.
    SafeMode,
    /// The strict corridor has held for eight cycles.
    Homeostasis,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::SRIP_03;
    use sigma_types::Missing;

    fn trio(ti: f64, sdc: f64, ln: f64) -> Trio {
        let m = |x: f64| Measured::Value(Unit::new(x).unwrap());
        Trio {
            ti: m(ti),
            sdc: m(sdc),
            ln: m(ln),
        }
    }

    #[test]
    fn the_printed_zone_checks_in_its_printed_order() {
        let zone = |ti, sdc, ln| printed(&SRIP_03.aep, trio(ti, sdc, ln)).0;
        assert_eq!(zone(0.65, 0.10, 0.84), Zone::Equilibrium);
        assert_eq!(zone(0.86, 0.10, 0.84), Zone::Convergent);
        assert_eq!(zone(0.65, 0.02, 0.84), Zone::Convergent);
        assert_eq!(zone(0.35, 0.30, 0.88), Zone::SemanticMonotony);
        assert_eq!(zone(0.35, 0.30, 0.80), Zone::Dispersive);
        let none = Trio {
            ti: Measured::Missing(Missing::WindowTooShort),
            ..trio(0.0, 0.1, 0.8)
        };
        assert_eq!(printed(&SRIP_03.aep, none).0, Zone::Equilibrium);
    }

    #[test]
    fn a_zone_takes_two_votes_to_enter_and_three_to_leave() {
        let mut dwell = Dwell::default();
        let rules = &SRIP_03.aep.zone;
        let votes = [
            (Zone::Dispersive, Zone::Equilibrium),
            (Zone::Dispersive, Zone::Dispersive),
            (Zone::Equilibrium, Zone::Dispersive),
            (Zone::Equilibrium, Zone::Dispersive),
            (Zone::Convergent, Zone::Dispersive),
            (Zone::Convergent, Zone::Convergent),
            (Zone::Equilibrium, Zone::Convergent),
            (Zone::Equilibrium, Zone::Convergent),
            (Zone::Equilibrium, Zone::Equilibrium),
        ];
        for (vote, want) in votes {
            assert_eq!(dwell.vote(rules, vote).0, want);
        }
    }

    #[test]
    fn warm_up_is_equilibrium_and_absolute_terms_hold_before_the_baseline() {
        let rules = &SRIP_03.aep.zone;
        let mut e = ZoneEvidence {
            cycle: 9,
            trio: trio(0.5, 0.05, 0.9),
            tau: None,
            onset: None,
            terminal: None,
        };
        assert_eq!(
            calibrated(rules, &Baseline::default(), e).0,
            Zone::Equilibrium
        );
        e.cycle = 10;
        assert_eq!(
            calibrated(rules, &Baseline::default(), e).0,
            Zone::Convergent
        );
        e.trio = trio(0.5, 0.43, 0.9);
        assert_eq!(
            calibrated(rules, &Baseline::default(), e).0,
            Zone::Dispersive
        );
    }
}
