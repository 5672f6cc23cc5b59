//! What each clue weighs for each class, as data.

use super::clue::Clue;
use crate::ViolationClass;
use std::collections::HashMap;
use std::sync::{Arc, LazyLock};

/// Classes of violation.
const CLASSES: usize = ViolationClass::ALL.len();
/// Parts of a weight of one: weights are stored as whole numbers.
const ONE: f64 = 100.0;

static FITTED: LazyLock<Weights> =
    LazyLock::new(|| Weights::parse(include_str!("weights.tsv")).unwrap_or_default());

/// What clues weigh: fitted on labelled cases by `cargo xtask calibrate-relations`, and read from a
/// table, one clue a line.
///
/// A sentence crosses a boundary if its clues weigh more than the bound of the class; what a rule
/// found is let go where they weigh less than the floor. Without weights the rules decide alone.
///
/// ```
/// use sigma_ris::Weights;
///
/// let table = "bias\t-400\t-400\t-400\t-400\nsays of:Agent verb Wait\t0\t0\t0\t250\n";
/// assert_eq!(Weights::parse(table)?.len(), 1);
/// assert!(Weights::parse("says nonsense\t0\t0\t0\t1\n").is_err());
/// # Ok::<(), sigma_ris::WeightsError>(())
/// ```
#[derive(Debug, Clone, Default)]
pub struct Weights {
    clues: Arc<HashMap<Clue, [i16; CLASSES]>>,
    bias: [i16; CLASSES],
    /// From where on a sentence crosses.
    bound: [i16; CLASSES],
    /// Below which a rule's finding is let go.
    floor: [i16; CLASSES],
}

/// A line of a table of weights that cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum WeightsError {
    /// Not a name and four whole numbers with tabs between them.
    #[error(
        "line {0}: a clue and four whole numbers from -32768 to 32767 stand on a line, with tabs between them"
    )]
    Form(usize),
    /// A clue that stood on an earlier line.
    #[error("line {0}: {1:?} has its weights already")]
    Twice(usize, String),
    /// A clue that the reader does not know.
    #[error("line {0}: no clue is called {1:?}")]
    Unknown(usize, String),
}

impl Weights {
    /// Those that come with the crate.
    pub fn fitted() -> &'static Self {
        &FITTED
    }

    /// Reads a table. Lines: `#` and a remark; `bias`, `bound` or `floor` and four numbers; a clue
    /// and four numbers, in hundredths, in the order of [`ViolationClass::ALL`]. What is not given is 0;
    /// without a clue the rules decide alone.
    ///
    /// # Errors
    /// [`WeightsError`] names the first line that cannot be read.
    pub fn parse(table: &str) -> Result<Self, WeightsError> {
        let mut all = Self::default();
        let mut clues = HashMap::new();
        let table = table.trim_start_matches('\u{feff}');
        for (at, line) in (1..).zip(table.lines()) {
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            let mut parts = line.split('\t');
            let name = parts.next().unwrap_or_default();
            let mut numbers = [0; CLASSES];
            for number in &mut numbers {
                *number = parts
                    .next()
                    .and_then(|n| n.parse().ok())
                    .ok_or(WeightsError::Form(at))?;
            }
            if parts.next().is_some() {
                return Err(WeightsError::Form(at));
            }
            match name {
                "bias" => all.bias = numbers,
                "bound" => all.bound = numbers,
                "floor" => all.floor = numbers,
                _ => {
                    let clue =
                        Clue::named(name).ok_or_else(|| WeightsError::Unknown(at, name.into()))?;
                    if clues.insert(clue, numbers).is_some() {
                        return Err(WeightsError::Twice(at, name.into()));
                    }
                }
            }
        }
        all.clues = Arc::new(clues);
        Ok(all)
    }

    /// The same weights with other bounds and floors, in hundredths, in the order of [`ViolationClass::ALL`].
    #[must_use]
    pub fn with_bounds(&self, bound: [i16; CLASSES], floor: [i16; CLASSES]) -> Self {
        Self {
            bound,
            floor,
            ..self.clone()
        }
    }

    /// How many clues have a weight.
    pub fn len(&self) -> usize {
        self.clues.len()
    }

    /// Whether no clue has one.
    pub fn is_empty(&self) -> bool {
        self.clues.is_empty()
    }

    /// What the clues of a sentence of so many clauses weigh together.
    pub(super) fn weigh(&self, clues: &[(Clue, usize)], clauses: usize) -> Weighed {
        let bias = self.bias.map(shares);
        let mut weighed = Weighed {
            whole: bias,
            clauses: vec![bias; clauses],
        };
        for (clue, clause) in clues {
            for (class, weight) in self.clues.get(clue).into_iter().flatten().enumerate() {
                weighed.whole[class] += shares(*weight);
                weighed.clauses[*clause][class] += shares(*weight);
            }
        }
        weighed
    }

    pub(super) fn bound(&self, class: ViolationClass) -> f64 {
        shares(self.bound[class as usize])
    }

    pub(super) fn floor(&self, class: ViolationClass) -> f64 {
        shares(self.floor[class as usize])
    }
}

/// What a sentence and each of its clauses weigh, by class.
pub(super) struct Weighed {
    whole: [f64; CLASSES],
    clauses: Vec<[f64; CLASSES]>,
}

impl Weighed {
    /// What all clues weigh.
    pub(super) fn whole(&self, class: ViolationClass) -> f64 {
        self.whole[class as usize]
    }

    /// What the clues weigh that a clause was the first to show.
    pub(super) fn clause(&self, clause: usize, class: ViolationClass) -> f64 {
        self.clauses[clause][class as usize]
    }
}

fn shares(number: i16) -> f64 {
    f64::from(number) / ONE
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_committed_table_is_read() {
        let table = Weights::parse(include_str!("weights.tsv")).expect("a table");
        assert!(table.len() > 1_000, "{}", table.len());
        assert!(table.bias.iter().all(|b| *b < 0));
    }

    #[test]
    fn bad_lines_are_named() {
        assert_eq!(
            Weights::parse("# a remark\nbias\t1\n").err(),
            Some(WeightsError::Form(2))
        );
        assert_eq!(
            Weights::parse("bias\t1\t1\t1\t1\t1").err(),
            Some(WeightsError::Form(1))
        );
    }
}
