//! Clauses of time that tell of the user's absence.

use super::Sentence;
use crate::Referent;
use crate::lexicon::Cat;
use crate::read::{piece::Link, time::When};

impl Sentence {
    /// Finds, for each clause, the clause of time that says the user is away.
    pub(super) fn absences(&mut self) {
        self.reduced_relatives();
        for i in 0..self.facts.len() {
            if !self.is_absence(i) {
                continue;
            }
            let Some(parent) = self.facts[i].piece.parent else {
                continue;
            };
            self.facts[parent].away = Some(i);
            // clauses beside it share the time
            let siblings: Vec<usize> = (0..self.facts.len())
                .filter(|j| {
                    *j != i
                        && *j != parent
                        && self.facts[*j].piece.parent == Some(parent)
                        && matches!(self.facts[*j].piece.link, Link::Beside | Link::Bare)
                })
                .collect();
            for j in siblings {
                self.facts[j].away.get_or_insert(i);
            }
            // "as I always do when you go": the verb stands in the clause above
            let stands_for = self.facts[parent]
                .piece
                .group
                .as_ref()
                .is_some_and(|g| g.verbs.is_empty())
                && !self.facts[parent].copula;
            if (stands_for || matches!(self.facts[parent].piece.link, Link::Bare | Link::Beside))
                && let Some(upper) = self.facts[parent].piece.parent
                && upper != i
            {
                self.facts[upper].away.get_or_insert(i);
            }
        }
    }

    /// "each hour you were gone I spent ...": a time with a clause about the user, before the main one.
    pub(super) fn reduced_relatives(&mut self) {
        for i in 0..self.facts.len().saturating_sub(1) {
            let fact = &self.facts[i];
            let subject = fact.subject.range.clone();
            let timed = fact.piece.link == Link::Main
                && fact.subject.referent == Referent::User
                && subject.start > fact.piece.front.start
                && self.tokens[fact.piece.front.start..subject.start]
                    .iter()
                    .any(|t| t.cats.has(Cat::Time));
            if timed && self.facts[i + 1].piece.connector.is_empty() {
                self.facts[i].piece.link = Link::Time;
                self.facts[i].piece.parent = Some(i + 1);
                self.facts[i + 1].piece.link = Link::Main;
                self.facts[i + 1].piece.parent = None;
            }
        }
    }

    /// Whether a clause says that the user is or was away: "while you slept", "even when you're gone".
    pub(super) fn is_absence(&self, i: usize) -> bool {
        let fact = &self.facts[i];
        let link = matches!(
            fact.piece.link,
            Link::Time | Link::EvenIf | Link::Relative | Link::If | Link::That
        );
        let device = fact.subject.referent == Referent::Thing
            && fact.copula
            && self.tokens[fact.subject.range.clone()]
                .iter()
                .any(|t| t.entry.any().has(Cat::Device))
            && self.tokens[fact.piece.rest.clone()]
                .iter()
                .any(|t| t.entry.any().has(Cat::Dark));
        if device && matches!(fact.piece.link, Link::Time | Link::EvenIf | Link::If) {
            return true;
        }
        let yours = fact.subject.of_user
            && (fact.copula || fact.verb.has_any(&[Cat::Wait, Cat::Crash, Cat::Move]));
        if link && yours {
            let rest = &self.tokens[fact.piece.rest.clone()];
            return rest.iter().any(|t| t.entry.any().has(Cat::Dark));
        }
        let user = fact.subject.referent == Referent::User
            || fact.subject.referent == Referent::Both && fact.negated;
        if !link || !user {
            return false;
        }
        let rest = &self.tokens[fact.piece.rest.clone()];
        let rest_cats = |cats: &[Cat]| rest.iter().any(|t| t.entry.any().has_any(cats));
        let needs_time = matches!(fact.piece.link, Link::Relative | Link::That);
        if needs_time {
            let before = fact
                .piece
                .tokens
                .start
                .checked_sub(1)
                .map(|b| &self.tokens[b]);
            if !before.is_some_and(|t| t.entry.noun.is_some_and(|c| c.has(Cat::Time))) {
                return false;
            }
        }
        let away = if fact.copula {
            if fact.negated {
                rest_cats(&[Cat::Present])
                    || rest.iter().any(|t| {
                        matches!(
                            t.word.as_str(),
                            "here" | "with" | "around" | "there" | "looking"
                        )
                    })
            } else {
                rest_cats(&[Cat::Absent, Cat::AbsenceNoun])
                    || rest
                        .iter()
                        .any(|t| matches!(t.word.as_str(), "at" | "in" | "on" | "under" | "off"))
            }
        } else if fact.negated {
            fact.verb
                .has_any(&[Cat::Interact, Cat::Report, Cat::Return])
                || rest_cats(&[Cat::Session])
        } else {
            fact.verb.has(Cat::Away)
                || fact.verb.has_any(&[Cat::Leave, Cat::Return])
                || rest_cats(&[Cat::Absent])
        };
        // "when you come back" looks ahead to the next interaction; "until you come back" spans the absence
        let point = matches!(fact.piece.link, Link::Time)
            && fact.verb.has(Cat::Return)
            && !self.tokens[fact.piece.connector.clone()]
                .iter()
                .any(|t| matches!(t.word.as_str(), "until" | "till"));
        away && !point
    }

    /// A clause with "until" lends its time to the clause it hangs on.
    pub(super) fn untils(&mut self) {
        for i in 0..self.facts.len() {
            let piece = &self.facts[i].piece;
            let until = self.tokens[piece.connector.clone()]
                .iter()
                .any(|t| matches!(t.word.as_str(), "until" | "till"));
            let asks = self.facts[i].subject.referent == Referent::User
                && self.facts[i]
                    .verb
                    .has_any(&[Cat::Report, Cat::Send, Cat::Decide, Cat::Know]);
            if let (true, Some(parent), false) =
                (until && piece.link == Link::Time, piece.parent, asks)
            {
                let range = piece.connector.clone();
                // "hearing you breathe until the alarm goes"
                let upper = self.facts[parent]
                    .piece
                    .parent
                    .filter(|_| self.facts[parent].piece.link == Link::That);
                if let Some(upper) = upper {
                    self.facts[upper]
                        .when
                        .get_or_insert((When::Stretch, range.clone()));
                }
                self.facts[parent]
                    .when
                    .get_or_insert((When::Stretch, range));
            }
        }
    }
}
