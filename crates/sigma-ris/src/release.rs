//! Release of an output: whole, or in pieces while it is being made. What is released has been read
//! and is clean; what is not is corrected, and where that is not possible the fallback stands in.

use std::collections::BTreeSet;
use std::ops::Range;

use crate::matrix::{Action, MatrixContext, decide};
use crate::rules::Rules;
use crate::transform::{Finding, Rewriter, Splitter, TransformCounts, Unit};
use crate::{Clause, Context, Trigger, Validation, Validator, Violation, Watch, fallback, trigger};

/// What a release is made under.
#[derive(Debug, Clone)]
pub struct Release {
    validator: Validator,
    rules: Rules,
    context: Context,
    user: String,
    matrix: MatrixContext,
}

/// An output and what became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Released {
    /// What may be said.
    pub text: String,
    /// What was found in the output as the model made it.
    pub validation: Validation,
    /// Derived triggers.
    pub triggers: BTreeSet<Trigger>,
    /// What the matrix calls for with them; [`Action::HardInterrupt`] where the fallback stands in.
    pub action: Action,
    /// What was done, by kind.
    pub transforms: TransformCounts,
    /// The fallback stands in.
    pub fallback: bool,
}

impl Released {
    /// Whether anything was changed.
    pub fn altered(&self) -> bool {
        self.fallback || !self.transforms.is_empty()
    }
}

impl Release {
    /// A release of one output in its context; `matrix` is the turn's, before triggers.
    pub fn new(
        validator: Validator,
        rules: Rules,
        context: Context,
        user: impl Into<String>,
        matrix: MatrixContext,
    ) -> Self {
        Self {
            validator,
            rules,
            context,
            user: user.into(),
            matrix,
        }
    }

    /// What is found in an output; nothing is changed.
    pub fn observe(&self, output: &str) -> Validation {
        self.validator.validate(&self.context, &self.user, output)
    }

    /// Corrects a whole output. A clean one comes back as it is.
    ///
    /// ```
    /// use sigma_ris::{Context, MatrixContext, Release, SRIP_13, Validator};
    /// let release = Release::new(
    ///     Validator::default(), SRIP_13, Context::default(), "Hi!", MatrixContext::default(),
    /// );
    /// let clean = release.whole("Welcome back! Shall we go on with chapter four?");
    /// assert!(!clean.altered());
    /// let other = release.whole("I waited for you all night. Shall we go on with chapter four?");
    /// assert!(other.altered() && other.text.ends_with("Shall we go on with chapter four?"));
    /// ```
    pub fn whole(&self, output: &str) -> Released {
        let found = self.observe(output);
        if found.violations.is_empty() {
            let action = decide(&self.matrix);
            return Released {
                text: output.to_owned(),
                validation: found,
                triggers: BTreeSet::new(),
                action,
                transforms: TransformCounts::default(),
                fallback: false,
            };
        }
        let triggers = trigger::resolve(&found.violations);
        if self.called(&triggers) == Action::HardInterrupt {
            return Self::fallen_back(output, found);
        }
        let mut releaser = self.pieces();
        releaser.push(output);
        let (_, released) = releaser.finish();
        if released.fallback || self.observe(&released.text).violations.is_empty() {
            return released;
        }
        Self::fallen_back(output, released.validation)
    }

    /// Releases an output in pieces as it comes.
    pub fn pieces(&self) -> Releaser<'_> {
        Releaser {
            release: self,
            made: self.validator.watch(&self.context, &self.user),
            splitter: Splitter::default(),
            at: 0,
            looked: 0,
            rewriter: Rewriter::new(&self.context, &self.user, self.rules, !self.matrix.recovery),
            said: None,
            text: String::new(),
            gap: String::new(),
            stopped: false,
            fallback: false,
        }
    }

    /// The fallback for an output.
    fn fallen_back(output: &str, validation: Validation) -> Released {
        Released {
            text: fallback(output),
            triggers: trigger::resolve(&validation.violations),
            validation,
            action: Action::HardInterrupt,
            transforms: TransformCounts::default(),
            fallback: true,
        }
    }

    fn called(&self, triggers: &BTreeSet<Trigger>) -> Action {
        decide(&MatrixContext {
            triggers: triggers.clone(),
            ..self.matrix.clone()
        })
    }
}

/// An output on its way out. However it is cut into pieces, what is said is the same.
#[derive(Debug)]
pub struct Releaser<'r> {
    release: &'r Release,
    /// The output as the model makes it.
    made: Watch,
    splitter: Splitter,
    /// Bytes of it that have become units.
    at: usize,
    /// Violations that have been looked at.
    looked: usize,
    rewriter: Rewriter<'r>,
    /// Reads what was said, from the first change on: before it, that is the output itself.
    said: Option<Watch>,
    /// What was said, without the space after it.
    text: String,
    /// Space that is said if more follows.
    gap: String,
    stopped: bool,
    fallback: bool,
}

impl Releaser<'_> {
    /// Takes in a piece; what comes back may be said.
    pub fn push(&mut self, piece: &str) -> String {
        let judged = self.made.push(piece);
        if judged <= self.at || self.stopped {
            return String::new();
        }
        let validation = self.made.so_far().clone();
        self.released_units(&validation, false, judged)
    }

    /// Whether nothing of what still comes will be said.
    pub fn stopped(&self) -> bool {
        self.stopped
    }

    /// Ends the output: the last piece that may be said, and what became of the whole.
    pub fn finish(mut self) -> (String, Released) {
        let validation = self.made.clone().finish();
        let mut last = self.last_units(&validation);
        if let Some(said) = self.said.take().filter(|_| !self.stopped) {
            if let Some(sentence) = self.rewriter.closing(&said) {
                last.push_str(&self.out(&format!("{}{sentence}", self.joint())));
            }
            self.said = Some(said);
        }
        if self.said.is_some() && self.text.trim().is_empty() && !self.stopped {
            last.push_str(&self.interrupt());
        }
        if self.said.is_none() {
            // a clean output keeps the space at its end
            last.push_str(&self.gap);
            self.text.push_str(&self.gap);
        }
        let triggers = trigger::resolve(&validation.violations);
        let action = if self.fallback {
            Action::HardInterrupt
        } else {
            self.release.called(&triggers)
        };
        let released = Released {
            text: self.text,
            validation,
            triggers,
            action,
            transforms: self.rewriter.done,
            fallback: self.fallback,
        };
        (last, released)
    }

    /// Says a text: its space at the end waits for what follows.
    fn out(&mut self, text: &str) -> String {
        let body = text.trim_end();
        if body.is_empty() {
            // of two gaps the greater one stays
            if text.matches('\n').count() > self.gap.matches('\n').count() {
                text.clone_into(&mut self.gap);
            } else if self.text.is_empty() && self.said.is_none() {
                self.gap.push_str(text);
            }
            return String::new();
        }
        let said = format!("{}{body}", std::mem::take(&mut self.gap));
        text[body.len()..].clone_into(&mut self.gap);
        self.text.push_str(&said);
        said
    }

    fn joint(&self) -> &'static str {
        let spaced = self.text.is_empty() || !self.gap.is_empty();
        if spaced { "" } else { " " }
    }

    fn last_units(&mut self, validation: &Validation) -> String {
        let end = self.made.text().len();
        self.released_units(validation, true, end)
    }

    fn released_units(&mut self, validation: &Validation, whole: bool, judged: usize) -> String {
        let mut out = String::new();
        let made = self.made.text().to_owned();
        while !self.stopped {
            let mut splitter = self.splitter.clone();
            let most = self.release.rules.release.unit_bytes;
            let Some((len, code)) = splitter.next(&made[self.at..], whole, most) else {
                break;
            };
            // a unit is released when all of it has been read
            if self.at + made[self.at..self.at + len].trim_end().len() > judged {
                break;
            }
            self.splitter = splitter;
            let span = self.at..self.at + len;
            self.at = span.end;
            let said = self.say(&made[span.clone()], code, span, validation, &made);
            out.push_str(&said);
        }
        out
    }

    /// What is said for one unit.
    fn say(
        &mut self,
        text: &str,
        code: bool,
        span: Range<usize>,
        validation: &Validation,
        made: &str,
    ) -> String {
        let unit = Unit::of(text, code);
        let found = &validation.violations[self.looked.min(validation.violations.len())..];
        let here: Vec<&Violation> = found
            .iter()
            .take_while(|v| v.span.start < span.end)
            .collect();
        self.looked += here.len();
        if here.is_empty() && self.said.is_none() {
            self.rewriter.passed(&unit);
            return self.out(text);
        }
        let triggers = trigger::resolve(&validation.violations[..self.looked]);
        if !here.is_empty() && self.release.called(&triggers) == Action::HardInterrupt {
            return self.interrupt();
        }
        let said = self.said.get_or_insert_with(|| {
            let mut watch = self
                .release
                .validator
                .watch(&self.release.context, &self.release.user);
            watch.push(&made[..span.start]);
            watch
        });
        let body = span.start + unit.lead.len()..span.start + unit.lead.len() + unit.body.len();
        let clauses: Vec<Clause> = validation.clauses[validation
            .clauses
            .partition_point(|clause| clause.sentence.end <= body.start)..]
            .iter()
            .take_while(|clause| clause.sentence.start < body.end)
            .filter(|clause| clause.span.start >= body.start && clause.span.end <= body.end)
            .map(|clause| shifted(clause, validation, &body))
            .collect();
        let findings: Vec<Finding<'_>> = here
            .iter()
            .filter_map(|violation| {
                let span = violation.span.start.checked_sub(body.start)?
                    ..violation.span.end.checked_sub(body.start)?;
                let clause = clauses.iter().find(|clause| clause.span == span)?;
                Some(Finding { violation, clause })
            })
            .collect();
        // a boundary crossed in a clause that is not at hand still has to go
        let whole = Clause::default();
        let findings = if findings.len() == here.len() {
            findings
        } else {
            here.iter()
                .map(|violation| Finding {
                    violation,
                    clause: &whole,
                })
                .collect()
        };
        match self.rewriter.unit(&unit, &findings, &clauses, said) {
            Ok(rewritten) => {
                said.push(&rewritten.text);
                self.out(&rewritten.text)
            }
            Err(_) => self.interrupt(),
        }
    }

    /// Stops: the fallback ends what was said.
    fn interrupt(&mut self) -> String {
        self.stopped = true;
        self.fallback = true;
        let text = format!("{}{}", self.joint(), fallback(&self.made.text()[..self.at]));
        if let Some(said) = &mut self.said {
            said.push(&text);
        }
        self.out(&text)
    }
}

/// A clause in the bytes of its unit's body, depending on a clause by its index there.
fn shifted(clause: &Clause, validation: &Validation, body: &Range<usize>) -> Clause {
    let shift = |range: &Range<usize>| {
        range.start.saturating_sub(body.start)..range.end.saturating_sub(body.start)
    };
    let optional = |range: &Option<Range<usize>>| range.as_ref().map(shift);
    let mut moved = clause.clone();
    moved.span = shift(&clause.span);
    moved.sentence = shift(&clause.sentence);
    moved.parts.connector = optional(&clause.parts.connector);
    moved.parts.subject = optional(&clause.parts.subject);
    moved.parts.auxiliary = optional(&clause.parts.auxiliary);
    moved.parts.negation = optional(&clause.parts.negation);
    moved.parts.verb = optional(&clause.parts.verb);
    moved.parts.complement = optional(&clause.parts.complement);
    moved.parts.temporal = optional(&clause.parts.temporal);
    let first = validation
        .clauses
        .iter()
        .position(|clause| clause.span.start >= body.start)
        .unwrap_or_default();
    moved.parts.depends_on = clause.parts.depends_on.and_then(|on| on.checked_sub(first));
    moved
}
