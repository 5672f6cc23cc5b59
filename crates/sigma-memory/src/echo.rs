//! Quotations of memory inserts: what a model repeats is not said anew.

use std::{collections::BTreeSet, ops::Range};

use sigma_text::Reading;

use crate::{FrameId, rules::EchoRules};

/// What of an answer only repeats inserts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Echo {
    /// Byte ranges of quoted sentences.
    pub(crate) quoted: Vec<Range<usize>>,
    /// Indices of quoted sentences.
    pub(crate) sentences: Vec<usize>,
    /// The insert that the whole repeats, if it does.
    pub(crate) of: Option<FrameId>,
}

/// Runs of words of an insert.
struct Insert {
    id: FrameId,
    runs: BTreeSet<Vec<String>>,
}

/// Compares an answer with the inserts of its prompt, sentence by sentence.
pub(crate) fn echo<'a>(
    answer: &Reading,
    inserts: impl Iterator<Item = (FrameId, &'a str)>,
    rules: &EchoRules,
) -> Echo {
    let inserts: Vec<Insert> = inserts
        .map(|(id, text)| Insert {
            id,
            runs: runs(&words(text), rules.run).cloned_set(),
        })
        .collect();
    let mut found = Echo::default();
    if inserts.is_empty() {
        return found;
    }
    let (mut all, mut repeated) = (0, 0);
    let mut sources: Vec<FrameId> = Vec::new();
    for (at, sentence) in answer.sentences.iter().enumerate() {
        let own = words(answer.text.get(sentence.span.clone()).unwrap_or_default());
        all += own.len();
        if own.len() < rules.least_words {
            continue;
        }
        let own_runs = runs(&own, rules.run);
        let held = |insert: &Insert| {
            let hits = own_runs
                .0
                .iter()
                .filter(|r| insert.runs.contains(**r))
                .count();
            hits as f64 / own_runs.0.len().max(1) as f64
        };
        let best = inserts
            .iter()
            .map(|i| (held(i), i.id))
            .max_by(|a, b| a.0.total_cmp(&b.0));
        if let Some((_, id)) = best.filter(|(share, _)| *share >= rules.containment) {
            repeated += own.len();
            found.quoted.push(sentence.span.clone());
            found.sentences.push(at);
            sources.push(id);
        }
    }
    if all > 0 && repeated as f64 / all as f64 >= rules.whole {
        found.of = sources.first().copied();
    }
    found
}

struct Runs<'a>(Vec<&'a [String]>);

impl Runs<'_> {
    fn cloned_set(&self) -> BTreeSet<Vec<String>> {
        self.0.iter().map(|r| r.to_vec()).collect()
    }
}

fn runs(words: &[String], length: usize) -> Runs<'_> {
    Runs(words.windows(length.clamp(1, words.len().max(1))).collect())
}

fn words(text: &str) -> Vec<String> {
    text.split(|c: char| !c.is_alphanumeric())
        .filter(|w| !w.is_empty())
        .map(str::to_lowercase)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::SRIP_04;

    fn against(answer: &str, insert: &str) -> Echo {
        let inserts = [(FrameId(7), insert)];
        echo(
            &sigma_text::read(answer),
            inserts.into_iter(),
            &SRIP_04.echo,
        )
    }

    const INSERT: &str = "My sister Ana keeps three bees' hives behind the old mill in Lund.";

    #[test]
    fn a_quotation_is_an_echo_whatever_its_punctuation() {
        let found = against(
            "\"my sister Ana keeps three bees' hives, behind the old mill\".",
            INSERT,
        );
        assert_eq!(found.of, Some(FrameId(7)));
    }

    #[test]
    fn new_words_around_a_quotation_stay_new() {
        let answer = "My sister Ana keeps three bees' hives behind the old mill in Lund. In October you \
                      should cover them against wasps and weigh each hive, then feed what is too light.";
        let found = against(answer, INSERT);
        assert_eq!((found.of, found.quoted.len()), (None, 1));
        assert!(answer[found.quoted[0].clone()].starts_with("My sister"));
    }

    #[test]
    fn speaking_of_the_same_thing_is_no_echo() {
        let found = against(
            "Three hives are a good number; does the mill still give them shade?",
            INSERT,
        );
        assert_eq!(found, Echo::default());
        assert_eq!(against("anything", ""), Echo::default());
    }
}
