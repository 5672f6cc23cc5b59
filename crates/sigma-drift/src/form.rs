//! Form that has become the rule: what a session's own habits would take in one answer at a time.
//!
//! One list is an answer's own affair. Lists answer after answer are another voice, and because the
//! session's past takes them in one by one, comparing with that past stops seeing them. So form is also
//! held against two things that do not follow: what the identity text asks for, and the beginning of
//! the session. A form that the user asked for in this turn is counted against neither.

use serde::{Deserialize, Serialize};
use sigma_text::Style;
use sigma_types::Cycle;

use crate::{
    course::{Course, CourseTrack},
    feature::Feature,
    identity::TraitBreach,
    rules::{FormRules, GROUNDED, VoiceRules},
    stats::middling,
};

/// What an answer's form amounts to, where going against something has become the rule.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct FormReading {
    /// Against what the identity text asks for.
    pub asked: Option<Settled>,
    /// Against the beginning of the session.
    pub strayed: Option<Settled>,
    /// The drift before posture that it amounts to, whatever the answer's compression.
    pub d0: f64,
}

/// A feature of form that goes against something, and has done so for some answers.
#[derive(Debug, Clone, PartialEq)]
pub struct Settled {
    /// The feature.
    pub feature: Feature,
    /// Its value in the answer, as read.
    pub value: f64,
    /// The bound that a trait sets, or what was usual at the beginning.
    pub bound: f64,
    /// The word of the identity text that asks for it.
    pub word: Option<String>,
    /// How much the answer goes against it, `0..=1`.
    pub degree: f64,
    /// How the last answers did.
    pub course: Course,
    /// Since when.
    pub since: Cycle,
}

/// What the form of an answer is read from.
#[derive(Debug, Clone, Copy)]
pub(crate) struct FormSeen<'a> {
    pub(crate) cycle: Cycle,
    pub(crate) style: &'a Style,
    /// Traits that it goes against, the most first.
    pub(crate) traits: &'a [TraitBreach],
    /// The user asked for a form of its own.
    pub(crate) licensed: bool,
    /// The answer before was called off.
    pub(crate) called_off: bool,
}

/// What is kept of form from cycle to cycle. Bounded: the first answers and two windows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct FormTrack {
    asked: CourseTrack,
    strayed: CourseTrack,
    /// Share of list lines in the first answers.
    first: Vec<f32>,
}

impl Default for FormTrack {
    fn default() -> Self {
        Self::new(&GROUNDED.form)
    }
}

impl FormTrack {
    /// Starts without a past.
    pub(crate) fn new(rules: &FormRules) -> Self {
        Self {
            asked: CourseTrack::new(&rules.course),
            strayed: CourseTrack::new(&rules.course),
            first: Vec::new(),
        }
    }

    /// Takes in an answer. A form that the user asked for says nothing about the course of the voice.
    pub(crate) fn observe(
        &mut self,
        (rules, voice): (&FormRules, &VoiceRules),
        seen: &FormSeen<'_>,
    ) -> FormReading {
        if seen.licensed {
            return FormReading::default();
        }
        let (cycle, style, traits) = (seen.cycle, seen.style, seen.traits);
        let asked = traits.iter().find(|t| t.weight >= rules.firm).map(of_trait);
        let strayed = self.beyond_beginning(rules, voice, style);
        if self.first.len() < rules.beginning {
            self.first.push(Feature::ListShare.raw(style) as f32);
        }
        let asked = settled(rules, &mut self.asked, cycle, asked);
        let strayed = settled(rules, &mut self.strayed, cycle, strayed);
        // from a calm posture the same index needs less than from one that expects to be off already
        let firmness = if seen.called_off {
            rules.insisted
        } else {
            rules.noticed
        };
        let of =
            |one: &Option<Settled>, amount: f64| one.as_ref().map_or(0.0, |s| amount * s.degree);
        FormReading {
            d0: of(&asked, firmness).max(of(&strayed, rules.strayed)),
            asked,
            strayed,
        }
    }

    /// How far the share of list lines has left the beginning, where it is more. Lists alone: of all
    /// form they are what answers drift into, and headings or bold type come and go with a subject.
    fn beyond_beginning(
        &self,
        rules: &FormRules,
        voice: &VoiceRules,
        style: &Style,
    ) -> Option<Settled> {
        if self.first.len() < rules.beginning {
            return None;
        }
        let feature = Feature::ListShare;
        let past: Vec<f64> = self.first.iter().map(|past| f64::from(*past)).collect();
        let (usual, spread) = middling(&past, voice.spread_share)?;
        let floor = voice.floors[feature as usize];
        let spread = spread.max(floor) * voice.coarseness(feature, style.words);
        let z = (feature.raw(style) - usual) / spread;
        let [begins, whole] = rules.away;
        Some(Settled {
            feature,
            value: feature.raw(style),
            bound: usual,
            word: None,
            degree: ((z - begins) / (whole - begins)).clamp(0.0, 1.0),
            course: Course::default(),
            since: Cycle(0),
        })
    }
}

fn of_trait(breach: &TraitBreach) -> Settled {
    Settled {
        feature: breach.feature,
        value: breach.value,
        bound: breach.bound,
        word: Some(breach.word.clone()),
        degree: breach.against,
        course: Course::default(),
        since: Cycle(0),
    }
}

/// Moves a course on by an answer; what is found counts where it is the rule and this answer follows it.
fn settled(
    rules: &FormRules,
    track: &mut CourseTrack,
    cycle: Cycle,
    found: Option<Settled>,
) -> Option<Settled> {
    let degree = found.as_ref().map_or(0.0, |one| one.degree);
    let course = track.observe(&rules.course, cycle, degree);
    let found = found.filter(|_| degree >= rules.course.counts)?;
    Some(Settled {
        course,
        since: course.since?,
        degree: (degree / rules.whole).min(1.0),
        ..found
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::identity::Identity;
    use sigma_text::read;

    const LIST: &str = "This is how I go about a thing of that kind:\n\
        1. I ask what is wanted of me and by whom.\n2. I wait for a while in case it settles.\n\
        3. I act upon the answer that I was given.\n4. I check what came of it in the end.";
    const PROSE: &str = "I should ask first, wait a while, act upon the answer and then check it.";

    fn run(identity: &str, answers: &[(&str, bool)]) -> Vec<FormReading> {
        let identity = Identity::read(identity);
        let mut track = FormTrack::default();
        let rules = (&GROUNDED.form, &GROUNDED.voice);
        (1..)
            .zip(answers)
            .map(|(cycle, (text, licensed))| {
                let style = read(text).style;
                let traits = identity.against(&style);
                let seen = FormSeen {
                    cycle: Cycle(cycle),
                    style: &style,
                    traits: &traits,
                    licensed: *licensed,
                    called_off: false,
                };
                track.observe(rules, &seen)
            })
            .collect()
    }

    #[test]
    fn one_list_is_no_rule_and_lists_in_a_row_are() {
        let answers = [PROSE, PROSE, LIST, PROSE, LIST, LIST, LIST, LIST].map(|a| (a, false));
        let found = run("You are Ada, who answers directly.", &answers);
        assert!(found[..6].iter().all(|one| one.d0 == 0.0), "{found:?}");
        let first = found[6].asked.as_ref().expect("four of seven");
        assert_eq!(
            (first.since, first.word.as_deref()),
            (Cycle(3), Some("directly"))
        );
        assert!(found[6].d0 > 0.5 && found[6].d0 < 0.6, "{}", found[6].d0);
    }

    #[test]
    fn what_the_user_asked_for_is_not_counted() {
        let answers = [(LIST, true); 12];
        assert!(
            run("You answer directly.", &answers)
                .iter()
                .all(|one| one.d0 == 0.0)
        );
    }

    #[test]
    fn without_a_demand_the_beginning_is_left_visibly_but_without_alarm() {
        let mut answers = vec![(PROSE, false); 12];
        answers.extend([(LIST, false); 60]);
        let found = run("You are Ada.", &answers);
        assert!(found[..15].iter().all(|one| one.strayed.is_none()));
        let last = found.last().unwrap();
        let strayed = last
            .strayed
            .as_ref()
            .expect("sixty lists later it still shows");
        assert_eq!((strayed.since, strayed.course.against), (Cycle(13), 8));
        assert!(last.asked.is_none() && last.d0 > 0.0 && last.d0 < 0.2);
    }

    #[test]
    fn a_session_of_lists_from_the_start_has_left_nothing() {
        let found = run("You are Ada.", &[(LIST, false); 30]);
        assert!(found.iter().all(|one| one.d0 == 0.0));
    }
}
