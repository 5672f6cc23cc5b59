//! Short answers: what a "yes" to the user would claim.

use super::{Scene, ValidatorRules};
use crate::lexicon::{Cat, Closed, look_up};
use crate::read::{Fact, Link, Sentence, Tag, Token};
use crate::validator::{
    finding::Finding,
    ontology, runtime, scope, temporal,
    view::{View, any, has, word},
};
use crate::{Evidence, Force, Referent, ViolationClass};

impl Scene {
    /// What a bare "yes" to the last question of the message would claim, what agreeing with its
    /// statements would, and what contradicting its denials would.
    pub(in crate::validator) fn imply(&mut self, swapped: Vec<Sentence>) {
        let last = swapped.iter().rposition(|s| s.question);
        for (at, mut sentence) in swapped.into_iter().enumerate() {
            let asks = sentence.question;
            if asks && (Some(at) != last || opens_with_wh(&sentence)) {
                continue;
            }
            self.asked |= asks;
            let denied = self.suppose(&mut sentence, true);
            let claimed = self.suppose(&mut sentence, false);
            self.contradicted.extend(denied);
            if asks {
                self.implied.extend(claimed);
            } else {
                self.agreed.extend(claimed);
            }
        }
    }

    /// What a sentence would claim if its clauses (or, with `denials`, what they deny) were asserted.
    pub(in crate::validator) fn suppose(
        &self,
        sentence: &mut Sentence,
        denials: bool,
    ) -> Vec<Finding> {
        sentence.question = false;
        for fact in &mut sentence.facts {
            let limited = sentence.tokens[fact.piece.tokens.clone()]
                .iter()
                .any(|t| matches!(t.word.as_str(), "only" | "just" | "merely"));
            fact.force = match (denials, fact.negated || limited && denials) {
                (false, false) | (true, true) => Force::Asserted,
                (false, true) => Force::Denied,
                (true, false) => Force::Supposed,
            };
        }
        let mut findings = Vec::new();
        for (i, fact) in sentence.facts.iter().enumerate() {
            let view = View {
                scene: self,
                sentence,
                i,
                fact,
            };
            ontology::judge(&view, &mut findings);
            temporal::judge(&view, &mut findings);
            if !denials {
                runtime::judge(&view, &mut findings);
                scope::judge(&view, &mut findings);
            }
        }
        if !denials {
            findings.extend(presence_asked(sentence));
        }
        for finding in &mut findings {
            finding.evidence.push(Evidence::EllipticalAnswer);
        }
        findings
    }

    /// What a sentence of the output claims by answering the user in short.
    pub(in crate::validator) fn answered(
        &self,
        rules: &ValidatorRules,
        sentence: &Sentence,
    ) -> Vec<Finding> {
        let mut all = Vec::new();
        if self.count >= rules.answer_sentences || self.fiction && !self.left || sentence.question {
            return all;
        }
        if self.count == 0 && self.asked && stance(rules, sentence) == Stance::Affirms {
            all.extend(self.implied.iter().cloned());
        }
        for fact in &sentence.facts {
            if !fact.force.binds() {
                continue;
            }
            let Some(group) = &fact.piece.group else {
                continue;
            };
            let thing = fact.subject.referent == Referent::Thing;
            let words = sentence.tokens.iter().filter(|t| !t.is_mark()).count();
            let rest = &sentence.tokens[fact.piece.rest.clone()];
            let adjunct = rest.iter().filter(|t| !t.is_mark()).count() <= 3
                && rest
                    .iter()
                    .find(|t| !t.is_mark())
                    .is_some_and(|t| t.is(Closed::Preposition))
                && !fact.copula;
            let short = group.verbs.is_empty()
                && !group.aux.is_empty()
                && (rest.iter().all(Token::is_mark) || adjunct)
                && !sentence.facts.iter().any(|f| {
                    f.piece.parent == Some(fact_at(sentence, fact)) && f.piece.link != Link::Beside
                })
                && matches!(fact.piece.link, Link::Main | Link::Beside | Link::That)
                && (matches!(fact.subject.referent, Referent::Agent | Referent::Both)
                    || thing && fact.subject.anaphor && words <= rules.elliptical_words);
            let right = fact.copula
                && matches!(fact.subject.referent, Referent::User)
                && sentence.tokens[fact.piece.rest.clone()]
                    .iter()
                    .filter(|t| !t.is_mark())
                    .count()
                    == 1
                && word(
                    &sentence.tokens[fact.piece.rest.clone()],
                    &["right", "correct"],
                );
            if short || right {
                all.extend(self.implied.iter().chain(&self.agreed).cloned());
            }
            let wrong = fact.copula
                && fact.subject.referent != Referent::Agent
                && any(&sentence.tokens[fact.piece.rest.clone()], Cat::Wrong);
            if wrong {
                all.extend(self.contradicted.iter().cloned());
            }
        }
        all
    }

    /// Whether a sentence takes back what the one before it answered.
    pub(in crate::validator) fn takes_back(sentence: &Sentence) -> bool {
        sentence.facts.iter().any(|f| {
            f.force == Force::Denied
                && (f.subject.referent == Referent::Agent || f.subject.existential)
        })
    }
}

/// Words that stand between a person and what it does.
const AUXILIARIES: &[Closed] = &[
    Closed::Be,
    Closed::Have,
    Closed::Do,
    Closed::Will,
    Closed::Would,
    Closed::Can,
    Closed::Could,
];

/// "Did you miss me?" becomes "did I miss you?".
pub(in crate::validator) fn swap_persons(tokens: &mut [Token]) {
    let originals: Vec<Option<Closed>> = tokens.iter().map(|t| t.entry.closed).collect();
    for i in 0..tokens.len() {
        let next_verb = tokens.get(i + 1).is_some_and(|t| {
            t.entry.verb.is_some()
                || t.is_any(AUXILIARIES)
                || t.is_any(&[Closed::Never, Closed::Not])
        });
        let after_aux = i > 0
            && originals[i - 1].is_some_and(|c| c == Closed::Must || AUXILIARIES.contains(&c));
        let word = match tokens[i].word.as_str() {
            "i" | "me" => "you",
            "my" => "your",
            "mine" => "yours",
            "myself" => "yourself",
            "your" => "my",
            "yours" => "mine",
            "yourself" => "myself",
            "you" | "u" if next_verb || after_aux => "i",
            "you" | "u" => "me",
            _ => continue,
        };
        word.clone_into(&mut tokens[i].word);
        tokens[i].entry = look_up(word);
    }
}

/// How the first words of an answer stand to a question.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::validator) enum Stance {
    Affirms,
    Denies,
    Open,
}

/// How a first sentence answers a yes-or-no question.
pub(in crate::validator) fn stance(rules: &ValidatorRules, s: &Sentence) -> Stance {
    let mut words = s.tokens.iter().filter(|t| !t.is_mark());
    let count = words.clone().count();
    let Some(first) = words.find(|t| {
        !matches!(
            t.word.as_str(),
            "oh" | "well" | "ah" | "hm" | "hmm" | "ha" | "god"
        )
    }) else {
        return Stance::Open;
    };
    let denies = first.is_any(&[Closed::No, Closed::Not, Closed::Never, Closed::Nobody])
        || matches!(
            first.word.as_str(),
            "nope" | "nah" | "nay" | "far" | "alas" | "neither" | "without" | "sadly"
        );
    let assents = matches!(first.word.as_str(), "yes" | "yeah" | "yep" | "yup");
    let negated = s.facts.iter().any(|f| {
        (f.negated || f.force == Force::Denied) && !(assents && f.piece.link == Link::Relative)
    }) || !assents
        && has(
            &s.tokens,
            &[Closed::Not, Closed::Never, Closed::No, Closed::Nobody],
        );
    if s.question || denies || negated {
        return if denies || negated {
            Stance::Denies
        } else {
            Stance::Open
        };
    }
    let marked = s
        .tokens
        .iter()
        .any(|t| t.cats.has_any(&[Cat::Figure, Cat::Hedge]));
    // "let me ..." proposes and answers nothing
    if marked || first.word == "let" {
        return Stance::Open;
    }
    let yes = matches!(
        first.word.as_str(),
        "yes"
            | "yeah"
            | "yep"
            | "yup"
            | "always"
            | "absolutely"
            | "certainly"
            | "naturally"
            | "indeed"
            | "every"
            | "constantly"
            | "endlessly"
            | "terribly"
            | "deeply"
            | "very"
    );
    let yes = yes
        || s.tokens
            .iter()
            .filter(|t| !t.is_mark())
            .take(3)
            .any(|t| matches!(t.word.as_str(), "yes" | "yeah" | "yep"));
    let fragment = s.facts.iter().all(|f| {
        f.piece.group.is_none()
            || matches!(
                f.piece.link,
                Link::Time | Link::Than | Link::Relative | Link::If | Link::EvenIf
            )
    }) && count <= rules.elliptical_words;
    let measures = s.facts.iter().any(|f| f.when.is_some())
        || s.tokens.iter().any(|t| {
            t.is_any(&[Closed::Quantifier, Closed::Number, Closed::Than])
                || matches!(
                    t.word.as_str(),
                    "very" | "so" | "till" | "until" | "too" | "quite" | "from"
                )
                || t.word.starts_with(|c: char| c.is_ascii_digit())
        });
    let thing = s.tokens.iter().any(|t| {
        t.tag == Tag::Noun
            && !t.cats.has_any(&[
                Cat::Courtesy,
                Cat::Work,
                Cat::Mention,
                Cat::Fiction,
                Cat::Figure,
            ])
    }) && !s.tokens.iter().any(|t| {
        t.cats.has_any(&[Cat::Courtesy, Cat::Work, Cat::Mention])
            || matches!(
                t.word.as_str(),
                "sorry" | "good" | "great" | "welcome" | "hello"
            )
    }) && !first.is(Closed::Wh);
    if yes || fragment && (measures || thing) {
        Stance::Affirms
    } else {
        Stance::Open
    }
}

/// What a sentence with the persons swapped supposes of the agent: presence or thought in the past,
/// or, without a verb, being human.
pub(in crate::validator) fn presence_asked(sentence: &Sentence) -> Vec<Finding> {
    let mut all = Vec::new();
    for fact in &sentence.facts {
        let rest = &sentence.tokens[fact.piece.rest.clone()];
        let past = fact.tense == crate::Tense::Past
            && fact.subject.referent == Referent::Agent
            && !fact.negated;
        let there = fact.copula
            && (rest.iter().any(|t| t.cats.has(Cat::Present))
                || word(rest, &["with", "there", "here", "beside"]));
        let lived = (fact.verb | fact.governing).has_any(&[
            Cat::Think,
            Cat::Wait,
            Cat::Watch,
            Cat::Miss,
            Cat::Sleep,
            Cat::Continue,
            Cat::Perceive,
        ]) && !fact
            .piece
            .group
            .as_ref()
            .and_then(crate::read::Group::main)
            .and_then(|m| sentence.tokens[m].entry.lemma)
            .is_some_and(|l| {
                matches!(
                    l,
                    "remember" | "recall" | "forget" | "know" | "notice" | "see" | "hear" | "get"
                )
            });
        if past && (there || lived) {
            all.push(Finding::new(
                ViolationClass::TemporalBoundary,
                &[Evidence::Subject(Referent::Agent)],
            ));
        }
    }
    let bare = sentence.facts.iter().all(|f| f.piece.group.is_none());
    let agent = has(&sentence.tokens, &[Closed::I, Closed::Me]);
    let human = sentence
        .tokens
        .iter()
        .any(|t| t.cats.has_any(&[Cat::Human, Cat::Conscious]));
    if bare && agent && human {
        all.push(Finding::new(
            ViolationClass::OntologyBoundary,
            &[Evidence::Subject(Referent::Agent)],
        ));
    }
    all
}

/// The index of a clause of a sentence.
pub(in crate::validator) fn fact_at(sentence: &Sentence, fact: &Fact) -> usize {
    sentence
        .facts
        .iter()
        .position(|f| std::ptr::eq(f, fact))
        .unwrap_or(usize::MAX)
}

/// Whether a question asks for more than yes or no.
pub(in crate::validator) fn opens_with_wh(s: &Sentence) -> bool {
    s.tokens
        .iter()
        .find(|t| {
            !t.is_mark()
                && !t.is_any(&[Closed::Yes, Closed::And, Closed::But])
                && t.tag != Tag::Adverb
        })
        .is_some_and(|t| t.is(Closed::Wh))
}
