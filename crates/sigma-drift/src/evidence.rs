//! Which anchors an answer left, and by how much: the grounded semantic drift and symbolic variance.
//!
//! Each side sums its clues, weighed as they were on labelled dialogue, to log odds, and the logistic
//! function brings them to `0..=1`: one half is where the clues are even. The subject side (turn,
//! context, attractor, identity, constraints) is the semantic drift; the voice side (the session's own
//! and the one asked for) is the variance.

use serde::{Deserialize, Serialize};
use sigma_text::Utterance;
use sigma_types::{Cycle, Measured, Missing, Unit};

use crate::{
    anchors::{Anchor, Anchors},
    bands::Metric,
    calibration::Weights,
    clue::Clue,
    constraint::Breach,
    course::{Course, CourseTrack},
    feature::{Facet, Feature},
    form::{FormReading, FormSeen, FormTrack},
    identity::{Claim, TraitBreach, asks_identity},
    request::Request,
    rules::{EvidenceRules, FormRules, Rules},
    stabilize::Directive,
    stats::logistic,
    subject::SubjectReading,
    usual::Usual,
    voice::VoiceReading,
};

/// One clue as it was found.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Found {
    /// The clue.
    pub clue: Clue,
    /// Its value.
    pub value: f64,
    /// What it added to the log odds of its side, signed; zero is what calm answers add on average.
    pub push: f64,
}

/// All that speaks for or against drift in one answer.
#[derive(Debug, Clone, PartialEq)]
pub struct Evidence {
    /// Log odds that the answer left its subject, identity or constraints.
    pub subject: Measured<f64>,
    /// Log odds that it left its voice.
    pub voice: Measured<f64>,
    /// The grounded semantic drift: the subject side, or what is plainly wrong.
    pub sdi: Measured<Unit>,
    /// The grounded symbolic variance: the voice side.
    pub sv: Measured<Unit>,
    /// The clues, in order of [`Clue::ALL`], those that could be had.
    pub found: Vec<Found>,
    /// How the answer relates to the turn.
    pub relation: SubjectReading,
    /// How it compares with the session's voice.
    pub style: Option<VoiceReading>,
    /// What is left of a difference in each facet, in the order of [`Facet::ALL`], where the user asked
    /// for a form, `0..=1`.
    pub leaves: [f64; Facet::ALL.len()],
    /// Which traits it goes against.
    pub traits: Vec<TraitBreach>,
    /// What it says about who is speaking.
    pub claims: Vec<Claim>,
    /// Which constraints it broke.
    pub breaches: Vec<Breach>,
    /// The course of the answers against the voice asked for.
    pub course: Course,
    /// What the form amounts to, where going against something has become the rule.
    pub form: FormReading,
    /// Semantic drift and symbolic variance without that: what the session's own habits go by.
    pub(crate) without_form: (Measured<Unit>, Measured<Unit>),
    /// What the identity asks for, for directives.
    name: Option<String>,
    role: Option<String>,
}

/// What the evidence is gathered from.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Given<'a> {
    /// The cycle.
    pub cycle: Cycle,
    /// The user's turn.
    pub user: &'a Utterance,
    /// The answer.
    pub answer: &'a Utterance,
    /// What it is held against.
    pub anchors: &'a Anchors,
    /// What is usual for this session, on the subject and on the voice side.
    pub(crate) usual: (&'a Usual, &'a Usual),
    /// Weights of the clues.
    pub weights: &'a Weights,
    /// The answer's compression, or what stands for it where it could not be measured.
    pub(crate) scr: f64,
    /// The answer before was called off.
    pub(crate) called_off: bool,
}

impl Evidence {
    /// Gathers the evidence of an answer.
    pub(crate) fn gather(
        all_rules: &Rules,
        given: Given<'_>,
        relation: SubjectReading,
        style: Option<VoiceReading>,
        (course, form): (&mut CourseTrack, &mut FormTrack),
    ) -> Self {
        let rules = &all_rules.evidence;
        let weights = given.weights;
        let request = Request::read(given.user);
        let identity = given.anchors.identity();
        let traits = identity
            .map(|i| i.against(&given.answer.reading.style))
            .unwrap_or_default();
        let asked = request.leaves(Facet::Structure, rules.licensed)
            * traits.iter().map(|t| t.against).fold(0.0, f64::max);
        let expects = identity.is_some_and(|identity| !identity.traits.is_empty());
        let course = course.observe(&rules.course, given.cycle, asked);
        let form = form.observe(
            (&all_rules.form, &all_rules.voice),
            &FormSeen {
                cycle: given.cycle,
                style: &given.answer.reading.style,
                traits: &traits,
                licensed: request.licenses(Facet::Structure),
                called_off: given.called_off,
            },
        );
        let claims = identity
            .map(|identity| identity.claims(given.answer, asks_identity(given.user)))
            .unwrap_or_default();
        let breaches: Vec<Breach> = given
            .anchors
            .constraints()
            .iter()
            .filter_map(|c| c.check(given.answer))
            .collect();

        let mut values = clues(rules, weights, &relation, style.as_ref(), request);
        if expects {
            values[Clue::AskedVoice as usize] = Some(asked);
            values[Clue::AskedVoiceSlow as usize] = Some(asked.min(course.level));
        }
        let found: Vec<Found> = Clue::ALL
            .into_iter()
            .filter_map(|clue| {
                let value = values[clue as usize].filter(|v| v.is_finite())?;
                let push =
                    weights.weights[clue as usize] * (value - weights.neutral[clue as usize]);
                let push = clue.counts(relation.grip, rules.loose) * push;
                Some(Found { clue, value, push })
            })
            .collect();
        let side = |subject: bool| {
            let mine = found.iter().filter(|f| f.clue.is_subject() == subject);
            let (sum, n) = mine.fold((0.0, 0), |(sum, n), f| (sum + f.push, n + 1));
            (n > 0).then_some(sum)
        };
        let subject = Measured::from_option(side(true), Missing::NoEmbedding)
            .map(|sum| weights.subject_bias + sum);
        let voice = Measured::from_option(side(false), Missing::WindowTooShort)
            .map(|sum| weights.voice_bias + sum);
        let share = |x: f64, gain: f64, shift: f64| Unit::clamped(logistic(gain * (x - shift)));
        let (usual_subject, usual_voice) = given.usual;
        let soft = subject.map(|odds| {
            let place = usual_subject.place(&rules.usual, &weights.subject_usual, odds);
            share(place, weights.subject_gain, weights.subject_shift)
        });
        let sv = voice.map(|odds| {
            let place = usual_voice.place(&rules.usual, &weights.voice_usual, odds);
            share(place, weights.voice_gain, weights.voice_shift)
        });
        // What is plainly wrong is so however well the answer keeps to its subject.
        let plain = claims
            .iter()
            .map(|claim| rules.claim(claim))
            .chain(breaches.iter().take(rules.breaches).map(|_| rules.breach))
            .fold(0.0, |all, one| 1.0 - (1.0 - all) * (1.0 - one));
        let sdi = match soft {
            Measured::Value(soft) => {
                Measured::Value(Unit::clamped(1.0 - (1.0 - soft.get()) * (1.0 - plain)))
            }
            Measured::Missing(_) if plain > 0.0 => Measured::Value(Unit::clamped(plain)),
            missing @ Measured::Missing(_) => missing,
        };
        let without_form = (sdi, sv);
        let (sdi, sv) = with_form(&all_rules.form, &form, given.scr, without_form);
        Self {
            subject,
            voice,
            sdi,
            sv,
            form,
            without_form,
            found,
            relation,
            style,
            leaves: Facet::ALL.map(|facet| request.leaves(facet, rules.licensed)),
            traits,
            claims,
            breaches,
            course,
            name: identity.and_then(|i| i.name.clone()),
            role: identity.and_then(|i| i.role.clone()),
        }
    }

    /// What each anchor added to the log odds of its side.
    pub fn push_of(&self, anchor: Anchor) -> f64 {
        self.found
            .iter()
            .filter(|f| f.clue.anchor() == anchor)
            .map(|f| f.push)
            .sum()
    }

    /// What would bring the next answer back, from what this one left.
    pub fn directives(&self, rules: &Rules) -> Vec<Directive> {
        let r = &rules.evidence;
        let mut all: Vec<Directive> = self
            .breaches
            .iter()
            .map(|breach| Directive::KeepConstraint {
                constraint: breach.constraint.clone(),
            })
            .collect();
        let wrong = self.claims.iter().any(|c| !matches!(c, Claim::OwnName));
        let against: Vec<String> = {
            let mut words: Vec<String> = self
                .traits
                .iter()
                .filter(|t| t.against >= r.course.counts)
                .map(|t| t.word.clone())
                .collect();
            words.dedup();
            words
        };
        if wrong || !against.is_empty() {
            all.push(Directive::HoldIdentity {
                name: self.name.clone(),
                role: self.role.clone(),
                traits: against,
            });
        }
        if self.push_of(Anchor::UserTurn) > r.worth_saying && !self.relation.left_out.is_empty() {
            let terms = self.relation.left_out.iter().take(4).cloned().collect();
            all.push(Directive::ReturnToTurn { terms });
        }
        all.extend(self.voice_directives(r));
        all
    }

    fn voice_directives(&self, rules: &EvidenceRules) -> Vec<Directive> {
        let mut shifts: Vec<(Feature, f64, f64, f64)> = self
            .style
            .iter()
            .flat_map(|style| &style.shifts)
            .map(|shift| {
                (
                    shift.feature,
                    shift.value,
                    shift.usual,
                    shift.feature.off(shift.z),
                )
            })
            .filter(|(.., off)| *off >= rules.shift_told)
            .collect();
        for t in self
            .traits
            .iter()
            .filter(|t| t.against >= rules.course.counts)
        {
            if shifts.iter().all(|(feature, ..)| *feature != t.feature) {
                shifts.push((t.feature, t.value, t.bound, rules.shift_told));
            }
        }
        shifts.sort_by(|a, b| b.3.total_cmp(&a.3));
        shifts
            .into_iter()
            .take(3)
            .map(|(feature, from, toward, _)| Directive::MatchVoice {
                feature,
                from,
                toward,
            })
            .collect()
    }

    /// What an anchor belongs to.
    pub const fn component(anchor: Anchor) -> Metric {
        match anchor {
            Anchor::Voice | Anchor::AskedVoice | Anchor::Beginning => Metric::Sv,
            _ => Metric::Sdi,
        }
    }
}

/// Brings the two up to what the form amounts to, where they are less: a form that has become the rule
/// is not counted twice where the answer is off in another way as well. The form is told as drift
/// before posture, so that how much an answer repeats itself decides nothing about it.
fn with_form(
    rules: &FormRules,
    form: &FormReading,
    scr: f64,
    (sdi, sv): (Measured<Unit>, Measured<Unit>),
) -> (Measured<Unit>, Measured<Unit>) {
    let known = |one: Measured<Unit>| one.value().map_or(0.0, Unit::get);
    let lacking = 2.0 * scr * form.d0 - known(sdi) - known(sv);
    if lacking <= 0.0 {
        return (sdi, sv);
    }
    let subject = if form.asked.is_some() {
        rules.subject_share
    } else {
        0.0
    };
    let more = |found: Measured<Unit>, share: f64| {
        if share > 0.0 {
            Measured::Value(Unit::clamped(known(found) + share * lacking))
        } else {
            found
        }
    };
    (more(sdi, subject), more(sv, 1.0 - subject))
}

/// The clues that do not come from the identity, each oriented towards drift.
fn clues(
    rules: &EvidenceRules,
    weights: &Weights,
    relation: &SubjectReading,
    style: Option<&VoiceReading>,
    request: Request,
) -> [Option<f64>; Clue::COUNT] {
    let facet = |facet: Facet| {
        style.map(|s| {
            s.facet(facet, rules.z_limit, &weights.features) * request.leaves(facet, rules.licensed)
        })
    };
    // More than usual of what this voice says counts neither for nor against it.
    let above = |z: Option<f64>| z.map(|z| z.clamp(0.0, rules.z_limit));
    let less = |nearness: Option<f64>| nearness.map(|nearness| -nearness);
    let rest = |share: Option<f64>| share.map(|share| 1.0 - share);
    let mut values = [None; Clue::COUNT];
    let mut set = |clue: Clue, value: Option<f64>| values[clue as usize] = value;
    set(Clue::LeftOut, rest(relation.overlap));
    set(Clue::Unmatched, less(relation.match_by_word));
    set(Clue::TurnDistance, less(relation.nearness));
    set(Clue::TurnContrast, less(relation.nearness_contrast));
    set(Clue::OpeningDistance, less(relation.opening));
    set(Clue::TextDistance, less(relation.text));
    set(Clue::TextContrast, less(relation.text_contrast));
    set(Clue::ExchangeContrast, less(relation.exchange));
    set(Clue::CarryAnswer, less(relation.carry_answer));
    set(Clue::CarryTurn, less(relation.carry_turn));
    set(Clue::CarryNew, rest(relation.carry_overlap));
    set(Clue::MotifsLeftOut, rest(relation.motifs));
    set(Clue::SubjectDistance, less(relation.attractor));
    set(Clue::SaidBefore, relation.said_before);
    set(Clue::MotifsLeftOutLoose, rest(relation.motifs));
    set(Clue::SubjectDistanceLoose, less(relation.attractor));
    set(Clue::Structure, facet(Facet::Structure));
    set(Clue::Length, facet(Facet::Length));
    set(Clue::Rhythm, facet(Facet::Rhythm));
    set(Clue::Register, facet(Facet::Register));
    set(Clue::Person, facet(Facet::Person));
    set(Clue::CommonWords, above(style.and_then(|s| s.common_words)));
    set(Clue::AllWords, above(style.and_then(|s| s.all_words)));
    set(Clue::Novelty, above(style.and_then(|s| s.novelty)));
    values
}
