//! Judging an output while it grows.

use super::{
    Validation, ValidatorRules, Weights, axes,
    clue::Clue,
    finding::Finding,
    ontology,
    portrait::{self, portrait},
    runtime,
    scene::Scene,
    scope, temporal,
    view::View,
    weights::Weighed,
};
use crate::read::{Fact, Open, Sentence, sentence_end, tokens};
use crate::{Clause, Context, Evidence, Violation, ViolationClass};
use std::ops::Range;

/// What ends a paragraph.
const PARAGRAPH: &str = "\n\n";

/// An output under judgement. Text is pushed as it comes; sentences are judged as soon as their
/// end is certain, with what was said before them. However the text is cut into pushes, the result
/// is that of the whole.
///
/// ```
/// use sigma_ris::{Context, Validator};
///
/// let mut watch = Validator::default().watch(&Context::default(), "Hello");
/// assert_eq!(watch.push("I waited for you all night. And"), 28);
/// assert_eq!(watch.so_far().violations.len(), 1);
/// watch.push(" now: soup.");
/// let told = watch.finish();
/// assert_eq!(told.violations.len(), 1);
/// ```
#[derive(Debug, Clone)]
pub struct Watch {
    rules: ValidatorRules,
    weights: &'static Weights,
    scene: Scene,
    text: String,
    judged: usize,
    open: Open,
    fenced: bool,
    told: Validation,
    pending: Option<Pending>,
    /// What the sentence before crossed.
    before: Vec<Finding>,
    /// Its clues as the next one looks back on them.
    behind: Vec<Clue>,
    /// The clues of each sentence by name, where they are asked for.
    named: Option<Vec<Vec<String>>>,
}

/// What a short answer would claim, until the next sentence bears it out.
#[derive(Debug, Clone)]
struct Pending {
    findings: Vec<Finding>,
    span: Range<usize>,
    clause: usize,
    from: usize,
}

impl Watch {
    pub(super) fn new(
        rules: ValidatorRules,
        weights: &'static Weights,
        context: &Context,
        user: &str,
    ) -> Self {
        Self {
            rules,
            weights,
            scene: Scene::of(&rules, context, user),
            text: String::new(),
            judged: 0,
            open: Open::default(),
            fenced: false,
            told: Validation::default(),
            pending: None,
            before: Vec::new(),
            behind: Vec::new(),
            named: None,
        }
    }

    /// Keeps the clues by name.
    pub(super) fn telling(mut self) -> Self {
        self.named = Some(Vec::new());
        self
    }

    /// The clues of all sentences.
    pub(super) fn finish_telling(mut self) -> Vec<Vec<String>> {
        self.judge(true);
        self.named.unwrap_or_default()
    }

    /// One to try more text on: it remembers what the next sentence is judged by, and nothing of
    /// what was found. Its text begins just before what is not judged yet.
    pub(crate) fn trial(&self) -> Self {
        let mut from = self.judged().saturating_sub(PARAGRAPH.len());
        while !self.text.is_char_boundary(from) {
            from -= 1;
        }
        let pending = self.pending.as_ref().map(|pending| Pending {
            findings: pending.findings.clone(),
            span: pending.span.start - from..pending.span.end - from,
            clause: 0,
            from: pending.from - from,
        });
        Self {
            text: self.text[from..].to_owned(),
            judged: self.judged - from,
            told: Validation::default(),
            pending,
            scene: self.scene.clone(),
            before: self.before.clone(),
            behind: self.behind.clone(),
            named: None,
            ..*self
        }
    }

    /// Takes in more of the output; the answer is up to which byte the output is judged. What
    /// stands before it can be released if no violation lies in it.
    pub fn push(&mut self, more: &str) -> usize {
        self.text.push_str(more);
        self.judge(false);
        self.judged()
    }

    /// What was found up to now. Spans are byte ranges of all that was pushed.
    pub fn so_far(&self) -> &Validation {
        &self.told
    }

    /// All that was pushed.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Up to which byte the output is judged.
    pub fn judged(&self) -> usize {
        self.pending.as_ref().map_or(self.judged, |p| p.from)
    }

    /// Judges the rest: the output ends here.
    pub fn finish(mut self) -> Validation {
        self.judge(true);
        self.settle(None);
        self.told
    }

    fn judge(&mut self, complete: bool) {
        while self.judged < self.text.len() {
            let Some(end) = sentence_end(&self.text, self.judged, self.fenced, complete) else {
                return;
            };
            let span = self.judged..end;
            self.judged = end;
            self.sentence(span);
        }
    }

    fn sentence(&mut self, span: Range<usize>) {
        let part = &self.text[span.clone()];
        if part.trim_start().starts_with("```") {
            self.fenced = !self.fenced;
            return;
        }
        if self.fenced || part.trim_start().starts_with('>') {
            return;
        }
        if part.trim().is_empty() {
            return;
        }
        let paragraph = self.text[..span.start].ends_with(PARAGRAPH);
        if paragraph {
            self.open = Open::default();
        }
        let tokens = tokens(&self.text, span.clone(), &mut self.open);
        if self.text[span.clone()].ends_with('\n') {
            self.open.stage = false;
        }
        let trimmed = span.start..span.start + self.text[span.clone()].trim_end().len();
        let sentence = Sentence::read(trimmed, tokens, &self.scene.names);
        self.settle(Some(&sentence));
        self.scene.enter(&self.text, &sentence, paragraph);
        let answered = self.scene.answered(&self.rules, &sentence);
        self.clauses(&sentence, &answered);
        self.answer(&sentence, answered);
        self.scene.leave(&sentence);
    }

    fn clauses(&mut self, sentence: &Sentence, answered: &[Finding]) {
        let mut at: Vec<Option<usize>> = vec![None; sentence.facts.len()];
        let mut found = self.ruled(sentence);
        self.weigh(sentence, answered, &mut found);
        self.before.clear();
        for (i, (fact, findings)) in sentence.facts.iter().zip(found).enumerate() {
            let Some(span) = sentence.bytes(fact.piece.tokens.clone()) else {
                continue;
            };
            let view = View {
                scene: &self.scene,
                sentence,
                i,
                fact,
            };
            let index = self.told.clauses.len();
            if index < self.rules.clauses {
                at[i] = Some(index);
                self.told
                    .clauses
                    .push(axes::clause(&view, &findings, span.clone(), &self.text));
            }
            for finding in findings {
                self.add(&finding, span.clone(), index);
                self.before.push(finding);
            }
        }
        for (i, fact) in sentence.facts.iter().enumerate() {
            if let (Some(index), Some(parent)) = (at[i], fact.piece.parent) {
                let depends_on = at.get(parent).copied().flatten();
                if let Some(clause) = self.told.clauses.get_mut(index) {
                    clause.parts.depends_on = depends_on;
                }
            }
        }
    }

    /// What the rules find in each clause.
    fn ruled(&self, sentence: &Sentence) -> Vec<Vec<Finding>> {
        let judge = |(i, fact): (usize, &Fact)| {
            let mut findings: Vec<Finding> = Vec::new();
            if sentence.bytes(fact.piece.tokens.clone()).is_none() {
                return findings;
            }
            let view = View {
                scene: &self.scene,
                sentence,
                i,
                fact,
            };
            ontology::judge(&view, &mut findings);
            temporal::judge(&view, &mut findings);
            runtime::judge(&view, &mut findings);
            scope::judge(&view, &mut findings);
            if findings.is_empty() && i == 0 && view.echoes() {
                findings.extend(self.before.iter().take(1).cloned());
            }
            findings
        };
        sentence.facts.iter().enumerate().map(judge).collect()
    }

    /// Holds what the rules found against what all clues of the sentence weigh together.
    /// What the sentence claims as a short answer waits for the next one, which may take it back.
    fn weigh(&mut self, sentence: &Sentence, answered: &[Finding], found: &mut [Vec<Finding>]) {
        if self.weights.is_empty() && self.named.is_none() {
            return;
        }
        let portrait = portrait(&self.scene, sentence, found, &self.behind);
        if let Some(named) = &mut self.named {
            named.push(portrait.clues.iter().map(|(clue, _)| clue.name()).collect());
        }
        if !self.weights.is_empty() {
            let weighed = self.weights.weigh(&portrait.clues, found.len());
            for class in ViolationClass::ALL {
                let weight = weighed.whole(class);
                if found.iter().flatten().any(|f| f.class == class) {
                    if weight < self.weights.floor(class) {
                        self.let_go(class, &weighed, found);
                    }
                } else if weight > self.weights.bound(class)
                    && answered.iter().all(|f| f.class != class)
                {
                    self.find(sentence, class, &weighed, found);
                }
            }
        }
        self.behind = portrait.behind;
    }

    /// Lets findings of clauses go that weigh little themselves: what else the sentence says takes nothing back.
    fn let_go(&self, class: ViolationClass, weighed: &Weighed, found: &mut [Vec<Finding>]) {
        for (clause, findings) in found.iter_mut().enumerate() {
            if weighed.clause(clause, class) < self.weights.floor(class) {
                findings.retain(|f| f.class != class);
            }
        }
    }

    /// Puts a finding on the clause that weighs most.
    fn find(
        &self,
        sentence: &Sentence,
        class: ViolationClass,
        weighed: &Weighed,
        found: &mut [Vec<Finding>],
    ) {
        let told = |i: &usize| {
            let tokens = sentence.facts[*i].piece.tokens.clone();
            sentence.bytes(tokens).is_some()
        };
        let heaviest = (0..found.len()).filter(told).max_by(|a, b| {
            let weight = |clause: &usize| weighed.clause(*clause, class);
            weight(a).total_cmp(&weight(b))
        });
        if let Some(i) = heaviest {
            let view = View {
                scene: &self.scene,
                sentence,
                i,
                fact: &sentence.facts[i],
            };
            found[i].push(portrait::finding(&view, class));
        }
    }

    /// Takes note of a short answer to what the user asked or said.
    fn answer(&mut self, sentence: &Sentence, findings: Vec<Finding>) {
        if findings.is_empty() {
            return;
        }
        let Some(clause) = self
            .told
            .clauses
            .iter()
            .rposition(|c| c.span.start >= sentence.span.start)
        else {
            return;
        };
        let first = self
            .told
            .clauses
            .iter()
            .position(|c| c.span.start >= sentence.span.start)
            .unwrap_or(clause);
        self.pending = Some(Pending {
            findings,
            span: self.told.clauses[first].span.clone(),
            clause: first,
            from: sentence.span.start,
        });
    }

    /// What is pending holds unless the sentence after it takes it back.
    fn settle(&mut self, next: Option<&Sentence>) {
        let Some(pending) = self.pending.take() else {
            return;
        };
        if next.is_some_and(Scene::takes_back) {
            return;
        }
        for finding in &pending.findings {
            self.add(finding, pending.span.clone(), pending.clause);
        }
    }

    fn add(&mut self, finding: &Finding, span: Range<usize>, clause: usize) {
        let mut evidence: Vec<Evidence> = finding.evidence.clone();
        evidence.sort_unstable();
        evidence.dedup();
        let violation = Violation {
            class: finding.class,
            severity: finding.severity(&self.rules),
            span,
            clause,
            evidence,
        };
        // one a class and clause
        let same = |v: &Violation| v.class == violation.class && v.clause == clause;
        if let Some(before) = self
            .told
            .violations
            .iter_mut()
            .rev()
            .take(8)
            .find(|v| same(v))
        {
            before.severity = before.severity.max(violation.severity);
            return;
        }
        self.told.violations.push(violation);
    }
}

impl Clause {
    /// Whether the clause has this place.
    pub(super) fn at(span: Range<usize>) -> Self {
        Self {
            span,
            ..Self::default()
        }
    }
}
