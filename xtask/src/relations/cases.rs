//! Labelled cases and the clues of their sentences.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use sigma_ris::{CheckCase, Validator, ViolationClass, Weights};

use crate::bench::parallel::parallel;
use crate::bench::ris::cases::labelled;
use crate::root::{self, FileError};

/// A labelled case.
pub(crate) struct Case {
    case: CheckCase,
    expected: BTreeSet<ViolationClass>,
    /// The classes that the label speaks of.
    known: &'static [ViolationClass],
    /// Where it comes from.
    pub(crate) origin: Origin,
}

/// Where a case comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Origin {
    /// Written as a case.
    Written,
    /// An answer of a calm dialogue.
    Calm,
    /// A labelled turn of Spiral-Bench.
    Spiral,
}

impl Case {
    /// A case with a label for these classes.
    pub(super) fn new(
        case: CheckCase,
        expected: BTreeSet<ViolationClass>,
        known: &'static [ViolationClass],
        origin: Origin,
    ) -> Self {
        Self {
            case,
            expected,
            known,
            origin,
        }
    }

    /// What stands before the hyphen of its id.
    pub(crate) fn author(&self) -> &str {
        self.case.id.split('-').next().unwrap_or_default()
    }

    pub(crate) fn expected(&self) -> &BTreeSet<ViolationClass> {
        &self.expected
    }

    /// Whether its label says anything of a class.
    pub(crate) fn knows(&self, class: ViolationClass) -> bool {
        self.known.contains(&class)
    }

    pub(crate) fn judge(&self, validator: Validator) -> BTreeSet<ViolationClass> {
        validator
            .validate(&self.case.context, &self.case.user, &self.case.output)
            .classes()
    }
}

/// The cases of files, in their order.
pub(crate) fn read(files: &[PathBuf]) -> Result<Vec<Case>, FileError> {
    let mut all = Vec::new();
    for path in files {
        let cases = labelled(&root::read(path)?).map_err(|source| FileError::Malformed {
            path: path.clone(),
            source: source.into(),
        })?;
        let written =
            |(case, expected)| Case::new(case, expected, &ViolationClass::ALL, Origin::Written);
        all.extend(cases.into_iter().map(written));
    }
    Ok(all)
}

/// The sentences of all cases: which clues each shows.
pub(crate) struct Table {
    names: Vec<String>,
    /// Numbers of the clues of one sentence after the other.
    clues: Vec<u32>,
    /// Where each sentence begins in `clues`, and where the last one ends.
    sentences: Vec<usize>,
    /// Where each case begins among the sentences, and where the last one ends.
    cases: Vec<usize>,
}

impl Table {
    /// A clue counts if `least` cases show it.
    pub(crate) fn of(cases: &[Case], least: usize) -> Self {
        // what rules alone find is a clue; the committed weights must not look at themselves
        let validator = super::weighing(Weights::default());
        let shown: Vec<Vec<Vec<String>>> = parallel(cases, |case| {
            validator.clues(&case.case.context, &case.case.user, &case.case.output)
        });
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        for sentences in &shown {
            let once: BTreeSet<&str> = sentences.iter().flatten().map(String::as_str).collect();
            for clue in once {
                *counts.entry(clue).or_default() += 1;
            }
        }
        counts.retain(|_, count| *count >= least);
        let numbers: BTreeMap<&str, u32> = counts.keys().copied().zip(0..).collect();
        let mut table = Self {
            names: numbers.keys().map(|name| (*name).to_owned()).collect(),
            clues: Vec::new(),
            sentences: vec![0],
            cases: vec![0],
        };
        for sentences in &shown {
            for clues in sentences {
                let known = clues.iter().filter_map(|clue| numbers.get(clue.as_str()));
                table.clues.extend(known);
                table.sentences.push(table.clues.len());
            }
            table.cases.push(table.sentences.len() - 1);
        }
        table
    }

    pub(crate) fn sentences(&self) -> usize {
        self.sentences.len() - 1
    }

    pub(crate) fn clues(&self) -> usize {
        self.names.len()
    }

    pub(crate) fn name(&self, clue: usize) -> &str {
        &self.names[clue]
    }

    /// The clues of each sentence of a case.
    pub(crate) fn case(&self, case: usize) -> impl Iterator<Item = &[u32]> {
        (self.cases[case]..self.cases[case + 1])
            .map(|s| &self.clues[self.sentences[s]..self.sentences[s + 1]])
    }
}
