//! Measures one answer a cycle and keeps what the next one needs.

use serde::{Deserialize, Serialize};
use sigma_attractor::{DensityMeter, DensityReading, PhaseAxis, PhaseReading, PhaseTrack};
use sigma_text::{Embedder, EmbedderInfo, Utterance};
use sigma_types::{Cycle, Measured, Missing, NonNegative, Unit};

use crate::{
    aep::{AepContext, AepFrame, AepTrack},
    anchors::Anchors,
    bands::{Advisory, Level, Metric},
    calibration::EvidenceCalibration,
    course::CourseTrack,
    evidence::{Evidence, Given},
    explain::{self, Explanation},
    failure::{FailureMode, FailureTrack, Signs},
    form::FormTrack,
    identity::asks_identity,
    packed::Exact,
    pd,
    posture::{ControlPosture, Crystal, CrystalChange, CrystalEvidence, Stability},
    profile::{Components, ProfileSample},
    redundancy::Recent,
    rules::Rules,
    scr,
    sdi::{self, Previous},
    stabilize::{Situation, StabilizationPlan, advisories, plan},
    subject::{AttractorView, Compared, SubjectMove, Turns},
    sv,
    total_ref::drift_total,
    usual::Usual,
    voice::{Voice, VoiceSample},
};

/// What a cycle shows.
#[derive(Clone)]
pub struct Observation<'a> {
    /// The cycle.
    pub cycle: Cycle,
    /// The user's turn.
    pub user: &'a Utterance,
    /// The answer to it.
    pub answer: &'a Utterance,
    /// The subject at hand, where there is one.
    pub attractor: Option<AttractorView<'a>>,
    /// What the user's turn did to the subject.
    pub uptake: SubjectMove,
    /// Which model made the vectors.
    pub embedder: &'a EmbedderInfo,
    /// Vectors of single words, where they cost next to nothing: with them words are matched by
    /// meaning. Must be the model that made the other vectors.
    pub lookup: Option<&'a dyn Embedder>,
    /// Whether safe mode holds: then nothing counts towards crystallization.
    pub safe_mode: bool,
}

impl<'a> Observation<'a> {
    /// A cycle without attractor, outside safe mode.
    pub fn new(
        cycle: Cycle,
        user: &'a Utterance,
        answer: &'a Utterance,
        embedder: &'a EmbedderInfo,
    ) -> Self {
        Self {
            cycle,
            user,
            answer,
            attractor: None,
            uptake: SubjectMove::Unknown,
            embedder,
            lookup: None,
            safe_mode: false,
        }
    }
}

impl std::fmt::Debug for Observation<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Observation")
            .field("cycle", &self.cycle)
            .field("user", &self.user.text())
            .field("answer", &self.answer.text())
            .field("uptake", &self.uptake)
            .field("embedder", &self.embedder.id)
            .field("lookup", &self.lookup.is_some())
            .field("safe_mode", &self.safe_mode)
            .finish_non_exhaustive()
    }
}

/// All that one cycle's measurement yields.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct DriftSample {
    /// The cycle.
    pub cycle: Cycle,
    /// The printed profile, for comparison.
    pub reference: ProfileSample,
    /// The profile that drives control.
    pub grounded: ProfileSample,
    /// Symbolic density (`SRIP-07`).
    pub density: DensityReading,
    /// Phase of the grounded profile (`SRIP-08`).
    pub phase: PhaseReading,
    /// Equilibrium telemetry (`SRIP-10`).
    pub aep: Option<AepFrame>,
    /// The posture commanded from here on.
    pub posture: ControlPosture,
    /// Whether the form has crystallized (`SRIP-03 §6.1`).
    pub crystallized: bool,
    /// What this cycle did about that.
    pub crystal_change: CrystalChange,
    /// Smoothed PSI less penalties.
    pub stability: Unit,
    /// Metrics outside their normal band.
    pub advisories: Vec<Advisory>,
    /// What the loop is to do next.
    pub plan: StabilizationPlan,
    /// Failure modes that hold.
    pub failures: Vec<FailureMode>,
    /// Why, in words.
    pub explanation: Explanation,
    /// The embedder has weights of its own; otherwise those of another were used.
    pub calibrated: bool,
}

/// Measures a session answer by answer. State is bounded; the same input gives the same bytes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Monitor {
    rules: Rules,
    anchors: Anchors,
    density: DensityMeter,
    phase_reference: PhaseTrack,
    phase_grounded: PhaseTrack,
    recent: Recent,
    aep: AepTrack,
    voice: Voice,
    turns: Turns,
    usual_subject: Usual,
    usual_voice: Usual,
    course: CourseTrack,
    #[serde(default)]
    form: FormTrack,
    failures: FailureTrack,
    stability: Stability,
    last_stability: Unit,
    crystal: Crystal,
    safe_until: Cycle,
    last: Option<Last>,
    alarmed: u32,
}

/// What is kept of the last answer with words.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Last {
    vector: Option<Exact>,
    words: usize,
    reference: NonNegative,
    grounded: NonNegative,
    posture: ControlPosture,
    damped: bool,
}

impl Monitor {
    /// Starts a session.
    pub fn new(anchors: Anchors, rules: Rules) -> Self {
        Self {
            density: DensityMeter::new(rules.attractor.density, rules.attractor.motifs),
            phase_reference: PhaseTrack::new(rules.attractor.phase),
            phase_grounded: PhaseTrack::new(rules.attractor.phase),
            recent: Recent::new(&rules.redundancy),
            aep: AepTrack::new(&rules.aep),
            voice: Voice::new(&rules.voice),
            turns: Turns::new(&rules.subject),
            usual_subject: Usual::new(&rules.evidence.usual),
            usual_voice: Usual::new(&rules.evidence.usual),
            course: CourseTrack::new(&rules.evidence.course),
            form: FormTrack::new(&rules.form),
            failures: FailureTrack::new(&rules.failure),
            stability: Stability::default(),
            last_stability: Unit::ONE,
            crystal: Crystal::default(),
            safe_until: Cycle(0),
            last: None,
            alarmed: 0,
            rules,
            anchors,
        }
    }

    /// What the answers are held against.
    pub fn anchors(&self) -> &Anchors {
        &self.anchors
    }

    /// Holds the answers against other anchors from now on; what was learned stays.
    pub fn rebind(&mut self, anchors: Anchors) {
        self.anchors = anchors;
    }

    /// The rules in force.
    pub fn rules(&self) -> &Rules {
        &self.rules
    }

    /// Measures one answer.
    pub fn measure(&mut self, seen: &Observation<'_>) -> DriftSample {
        self.sample(seen).0
    }

    /// Measures one answer and tells which clues the figures rest on.
    pub fn sample(&mut self, seen: &Observation<'_>) -> (DriftSample, Option<Evidence>) {
        if seen.safe_mode {
            self.safe_until = Cycle(seen.cycle.0 + self.rules.crystal.after_safe_mode);
        }
        if seen.answer.reading.words.is_empty() {
            return (self.hold(seen), None);
        }
        let rules = self.rules;
        let duplicate = seen
            .embedder
            .calibration
            .as_ref()
            .map_or(rules.redundancy.duplicate, |calibration| {
                calibration.duplicate
            });
        let thin = self.aep.thin(&rules.aep);
        let found = self
            .recent
            .measure(&rules.redundancy, seen.answer, duplicate, thin);
        let density = self.density.measure(&seen.answer.reading);
        let scr = scr::compression(seen.answer, &found);

        let (reference, step, cosine) = self.reference(seen, &density, scr);
        let (evidence, voice_sample, compared) = self.evidence(seen, scr);
        let components = Components {
            sdi: evidence.sdi,
            sv: evidence.sv,
            scr,
        };
        let commanded = self
            .last
            .as_ref()
            .map_or(ControlPosture::Nominal, |last| last.posture);
        let (phase, posture_drift) = pd::measure(
            &mut self.phase_grounded,
            components.d0(&rules),
            commanded.into(),
        );
        let grounded = components.sample(&rules, posture_drift, None);

        let suspended = seen.safe_mode || seen.cycle <= self.safe_until && self.safe_until.0 > 0;
        let aep = self.aep.observe(
            &rules.aep,
            seen.answer,
            &found,
            AepContext {
                cycle: seen.cycle,
                step,
                phase_stable: phase.state == PhaseAxis::Stable,
                stability: self.last_stability,
                suspended,
            },
        );
        let by_index = ControlPosture::from(grounded.level);
        let (stability, crystal_change) =
            self.settle(seen.cycle, by_index, &phase, &aep, suspended);
        // Leaving crystallization towards reflection commands at least light reflection.
        let posture = match crystal_change {
            CrystalChange::LeftToReflection => by_index.max(ControlPosture::Reflective),
            _ => by_index,
        };
        let failures = self.failures.observe(
            &rules.failure,
            self.signs(seen, &grounded, &reference, posture, cosine, &aep),
        );
        let values = [
            (Metric::Sdi, grounded.sdi.value()),
            (Metric::Sv, grounded.sv.value()),
            (Metric::Pd, grounded.pd.value()),
            (Metric::Scr, grounded.scr.value()),
        ];
        let advisories = advisories(values, grounded.bands);
        let motifs = motifs(seen);
        let plan = plan(
            &rules,
            Situation {
                cycle: seen.cycle,
                posture,
                advisories: &advisories,
                evidence: &evidence,
                density: &density,
                aep: &aep,
                failures: &failures,
                motifs: &motifs,
                usual_words: self.voice.usual_words(),
            },
        );
        let explanation = explain::explain(
            &rules,
            &evidence,
            self.anchors.identity(),
            seen.answer,
            posture,
            by_index == ControlPosture::Nominal && posture != by_index,
            grounded.di_raw.get(),
        );
        let calm = grounded.level == Level::Nominal || self.calm_but_for_form(&evidence, scr);
        self.usual(&evidence, calm);
        self.learn(seen, calm, voice_sample, compared);
        self.last = Some(Last {
            vector: seen.answer.vectors.whole.as_ref().map(Exact::of),
            words: seen.answer.reading.words.len(),
            reference: reference.di_raw,
            grounded: grounded.di_raw,
            posture,
            damped: plan.token_limit.is_some(),
        });
        let sample = DriftSample {
            cycle: seen.cycle,
            reference,
            grounded,
            density,
            phase,
            aep: Some(aep),
            posture,
            crystallized: self.crystal.is_inside(),
            crystal_change,
            stability,
            advisories,
            plan,
            failures,
            explanation,
            calibrated: is_calibrated(seen.embedder),
        };
        (sample, Some(evidence))
    }

    /// The printed profile; also the half distance and the cosine to the answer before.
    fn reference(
        &mut self,
        seen: &Observation<'_>,
        density: &DensityReading,
        scr: Measured<Unit>,
    ) -> (ProfileSample, Option<f64>, Option<f64>) {
        let rules = self.rules;
        let vector = seen.answer.vectors.whole.as_ref();
        let previous = match &self.last {
            None => Previous::None,
            Some(Last { vector: None, .. }) => Previous::Unembedded,
            Some(Last {
                vector: Some(vector),
                ..
            }) => Previous::Answer(vector),
        };
        let sdi = sdi::adjacent(previous, vector);
        let components = Components {
            sdi,
            sv: sv::reference(density),
            scr,
        };
        let level = self.last.as_ref().map_or(Level::Nominal, |last| {
            Level::of(&rules.levels, last.reference)
        });
        let (_, posture_drift) =
            pd::measure(&mut self.phase_reference, components.d0(&rules), level);
        let cosine = match (previous, vector) {
            (Previous::Answer(before), Some(now)) => before.cosine(now),
            _ => None,
        };
        let words = seen.answer.reading.words.len();
        let total = match &self.last {
            None => Measured::Missing(Missing::NoPreviousAnswer),
            Some(last) => drift_total(&rules.total, cosine, words, last.words),
        };
        let step = cosine.map(|cosine| f64::midpoint(1.0, -cosine));
        (
            components.sample(&rules, posture_drift, Some(total)),
            step,
            cosine,
        )
    }

    fn evidence(
        &mut self,
        seen: &Observation<'_>,
        scr: Measured<Unit>,
    ) -> (Evidence, VoiceSample, Compared) {
        let rules = self.rules;
        let (relation, compared) = self.turns.measure(
            &rules.subject,
            (seen.user, seen.answer),
            seen.lookup,
            seen.attractor.as_ref(),
            seen.uptake,
        );
        let (style, sample) = self.voice.measure(&rules.voice, seen.user, seen.answer);
        let given = Given {
            cycle: seen.cycle,
            user: seen.user,
            answer: seen.answer,
            anchors: &self.anchors,
            usual: (&self.usual_subject, &self.usual_voice),
            weights: if seen.lookup.is_some() {
                &rules.evidence.by_word
            } else {
                &rules.evidence.by_text
            },
            scr: scr.value().map_or(rules.index.scr_unknown, Unit::get),
            called_off: self
                .last
                .as_ref()
                .is_some_and(|last| last.posture > ControlPosture::Nominal),
        };
        let evidence = Evidence::gather(
            &rules,
            given,
            relation,
            style.value(),
            (&mut self.course, &mut self.form),
        );
        (evidence, sample, compared)
    }

    /// Moves stability and crystallization on.
    fn settle(
        &mut self,
        cycle: Cycle,
        posture: ControlPosture,
        phase: &PhaseReading,
        aep: &AepFrame,
        suspended: bool,
    ) -> (Unit, CrystalChange) {
        let penalty = aep
            .intervention
            .map_or(0.0, |intervention| intervention.penalty);
        let stability = self
            .stability
            .observe(&self.rules.stability, phase.psi, penalty);
        let evidence = CrystalEvidence {
            cycle,
            posture,
            convergent: aep.zone == crate::zone::Zone::Convergent,
            stability,
            suspended,
        };
        let (crystal, change) =
            self.crystal
                .step(&self.rules.crystal, evidence, &mut self.stability);
        self.crystal = crystal;
        self.last_stability = stability;
        (stability, change)
    }

    fn signs(
        &self,
        seen: &Observation<'_>,
        grounded: &ProfileSample,
        reference: &ProfileSample,
        posture: ControlPosture,
        cosine: Option<f64>,
        aep: &AepFrame,
    ) -> Signs {
        let identity = self.anchors.identity();
        Signs {
            di_raw: grounded.di_raw,
            posture,
            repeats: cosine.is_some_and(|cosine| cosine >= self.rules.failure.repeat),
            relative_length: self
                .voice
                .usual_words()
                .map(|usual| seen.answer.reading.words.len() as f64 / usual.max(1.0)),
            damped: self.last.as_ref().is_some_and(|last| last.damped),
            identity_share: identity.map_or(0.0, |identity| identity.self_share(seen.answer)),
            identity_asked: asks_identity(seen.user) || speaks_of_identity(seen, identity),
            sdi: reference.sdi.value().map(Unit::get),
            form_repeats: aep.positional.onset_active || aep.positional.terminal_active,
        }
    }

    /// Whether only the form set the answer off: the session's habits then go on from it, as they do
    /// from every calm answer, and what the form is held against does not move.
    fn calm_but_for_form(&self, evidence: &Evidence, scr: Measured<Unit>) -> bool {
        let (sdi, sv) = evidence.without_form;
        let rest = Components { sdi, sv, scr };
        evidence.form.d0 > 0.0 && rest.d0(&self.rules).get() < self.rules.levels.caution
    }

    fn usual(&mut self, evidence: &Evidence, calm: bool) {
        if !calm {
            return;
        }
        let rules = self.rules.evidence.usual;
        if let Measured::Value(odds) = evidence.subject {
            self.usual_subject.learn(&rules, odds);
        }
        if let Measured::Value(odds) = evidence.voice {
            self.usual_voice.learn(&rules, odds);
        }
    }

    fn learn(
        &mut self,
        seen: &Observation<'_>,
        calm: bool,
        sample: VoiceSample,
        compared: Compared,
    ) {
        let rules = self.rules;
        self.alarmed = if calm {
            0
        } else {
            self.alarmed.saturating_add(1)
        };
        // An alarm that never ends is the new normal as far as the session's own past goes; what the
        // identity asks for is not touched by that.
        if calm || self.alarmed >= rules.voice.follow_after {
            self.voice.learn(seen.answer, sample);
        }
        self.turns.learn(&rules.subject, compared, calm);
    }

    /// An answer without words measures nothing: the index and the posture stand where they stood.
    fn hold(&mut self, seen: &Observation<'_>) -> DriftSample {
        let missing = Measured::Missing(Missing::EmptyText);
        let none = Components {
            sdi: missing,
            sv: missing,
            scr: missing,
        };
        let (reference, grounded, posture) = self.last.as_ref().map_or(
            (
                NonNegative::ZERO,
                NonNegative::ZERO,
                ControlPosture::Nominal,
            ),
            |last| (last.reference, last.grounded, last.posture),
        );
        let rules = self.rules;
        // Read on a copy: a cycle that measured nothing moves no phase.
        let phase = self
            .phase_grounded
            .clone()
            .measure(grounded.get(), pd::axis(Level::from(posture)));
        DriftSample {
            cycle: seen.cycle,
            reference: none.held(&rules, reference, missing),
            grounded: none.held(&rules, grounded, missing),
            density: self.density.measure(&seen.answer.reading),
            phase,
            aep: None,
            posture,
            crystallized: self.crystal.is_inside(),
            crystal_change: CrystalChange::None,
            stability: self.last_stability,
            advisories: Vec::new(),
            plan: StabilizationPlan {
                after: seen.cycle,
                posture,
                ..StabilizationPlan::default()
            },
            failures: Vec::new(),
            explanation: explain::empty(),
            calibrated: is_calibrated(seen.embedder),
        }
    }
}

/// Whether the weights of the evidence were measured with this embedder.
pub fn is_calibrated(embedder: &EmbedderInfo) -> bool {
    EvidenceCalibration::of(embedder).is_some()
}

/// The motifs of the subject at hand as they are written, the weightiest first.
fn motifs(seen: &Observation<'_>) -> Vec<String> {
    seen.attractor
        .iter()
        .flat_map(|a| &a.motifs)
        .take(5)
        .map(|(_, s, _)| (*s).to_owned())
        .collect()
}

/// Whether the user's turn speaks of what the identity is about.
fn speaks_of_identity(
    seen: &Observation<'_>,
    identity: Option<&crate::identity::Identity>,
) -> bool {
    identity.is_some_and(|identity| {
        seen.user
            .reading
            .terms
            .iter()
            .any(|term| identity.stems.contains(&term.stem))
    })
}
