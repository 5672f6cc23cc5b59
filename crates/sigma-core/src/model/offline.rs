//! A responder that needs no model: it answers from the session's memory alone and says so.

use std::collections::BTreeSet;

use async_trait::async_trait;
use sigma_text::{is_general, read};
use sigma_types::{Cycle, Speaker};

use super::{DeltaSender, Model, ModelAnswer, ModelError, ModelRequest, send_in_pieces};
use crate::prompt::Prompt;

/// The built-in responder: no key, no download. It quotes what memory brought back for the message and
/// what was said just before, or says that nothing was said about it yet.
#[derive(Debug, Clone, Copy, Default)]
pub struct OfflineResponder;

impl OfflineResponder {
    /// Its name in the list of models.
    pub const NAME: &'static str = "offline-memory";
    const QUOTES: usize = 3;
    /// Content words of a message up to which one of them in common tells.
    const FEW: usize = 4;
}

#[async_trait]
impl Model for OfflineResponder {
    fn name(&self) -> &str {
        Self::NAME
    }

    fn repeats_itself(&self) -> bool {
        true
    }

    async fn answer(
        &self,
        request: &ModelRequest,
        deltas: Option<&DeltaSender>,
    ) -> Result<ModelAnswer, ModelError> {
        let text = compose(&request.prompt);
        send_in_pieces(&text, deltas).await?;
        Ok(ModelAnswer::text(text, Self::NAME))
    }
}

fn compose(prompt: &Prompt) -> String {
    let quotes = fitting(prompt);
    if quotes.is_empty() {
        let noted = beginning(&prompt.user);
        return format!(
            "(offline, no model is connected) I have noted: \"{noted}\" Nothing said earlier in this \
             conversation bears on it."
        );
    }
    let mut text =
        String::from("(offline, no model is connected) From what was said in this conversation:");
    for quote in quotes {
        let who = match quote.speaker {
            Speaker::User => "you said",
            Speaker::Assistant => "I said",
        };
        text.push_str(&format!(
            " In turn {} {who}: \"{}\"",
            quote.cycle, quote.words
        ));
    }
    text
}

/// The first words of a text on one line.
fn beginning(text: &str) -> String {
    const MOST: usize = 24;
    let words: Vec<&str> = text.split_whitespace().collect();
    let cut = if words.len() > MOST { " …" } else { "" };
    words[..words.len().min(MOST)].join(" ") + cut
}

/// Something said earlier that bears on the message.
struct Quote {
    cycle: Cycle,
    speaker: Speaker,
    /// Its sentences that bear on the message, on one line and without quotation marks.
    words: String,
    /// Content words that they share with the message.
    shared: usize,
    /// Score of the recall; none for what is still at hand.
    score: f64,
}

/// What bears on the message, recalled or still at hand, the best first.
fn fitting(prompt: &Prompt) -> Vec<Quote> {
    let asked = stems(&prompt.user);
    let recalled = prompt.inserts.iter().map(|insert| {
        (
            insert.cycle,
            insert.speaker,
            insert.text.as_str(),
            insert.score,
        )
    });
    let at_hand = prompt.recent.iter().flat_map(|turn| {
        [
            (Speaker::User, &turn.user),
            (Speaker::Assistant, &turn.assistant),
        ]
        .map(|(speaker, text)| (turn.cycle, speaker, text.as_str(), 0.0))
    });
    let mut all: Vec<Quote> = recalled
        .chain(at_hand)
        // its own offline answers are no evidence
        .filter(|(_, _, text, _)| !text.starts_with("(offline,"))
        .filter_map(|(cycle, speaker, text, score)| {
            let (words, shared) = bearing(text, &asked)?;
            Some(Quote {
                cycle,
                speaker,
                words,
                shared,
                score,
            })
        })
        .collect();
    all.sort_by(|a, b| {
        let by_words = b.shared.cmp(&a.shared);
        by_words
            .then(b.score.total_cmp(&a.score))
            .then(b.cycle.cmp(&a.cycle))
    });
    all.truncate(OfflineResponder::QUOTES);
    all
}

fn stems(text: &str) -> BTreeSet<String> {
    let terms = read(text).terms.into_iter().map(|term| term.stem);
    terms.filter(|stem| !is_general(stem)).collect()
}

/// The sentences of a text that share content words with what is asked, and how many; `None` where one
/// word of many in common is mere chance.
fn bearing(text: &str, asked: &BTreeSet<String>) -> Option<(String, usize)> {
    let mut shared = BTreeSet::new();
    let mut words: Vec<String> = Vec::new();
    for sentence in &read(text).sentences {
        let sentence = text.get(sentence.span.clone())?;
        let stems = stems(sentence);
        let common: Vec<&String> = stems.intersection(asked).collect();
        if !common.is_empty() {
            shared.extend(common.into_iter().cloned());
            let plain = sentence.replace(['"', '\u{201c}', '\u{201d}'], "'");
            words.extend(plain.split_whitespace().map(str::to_owned));
        }
    }
    let bears = shared.len() >= 2 || !shared.is_empty() && asked.len() <= OfflineResponder::FEW;
    bears.then(|| (words.join(" "), shared.len()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::prompt::{Exchange, Insert};

    fn prompt(user: &str) -> Prompt {
        let insert = |cycle, text: &str, score| Insert {
            cycle: Cycle(cycle),
            speaker: Speaker::User,
            text: text.into(),
            score,
        };
        Prompt {
            system: String::new(),
            recent: vec![Exchange {
                cycle: Cycle(9),
                user: "The spare wick is in the blue cupboard.".into(),
                assistant: "(offline, no model is connected) The wick.".into(),
                participant: None,
            }],
            user: user.into(),
            inserts: vec![
                insert(1, "A wick burns.", 0.9),
                insert(2, "Boats pass.", 0.8),
            ],
            segments: Vec::new(),
            tokens: 0,
            budget: 0,
        }
    }

    #[test]
    fn it_quotes_what_is_recalled_and_what_is_at_hand() {
        let text = compose(&prompt("Where is the spare wick?"));
        let blue = text
            .find("turn 9 you said")
            .expect("the recent turn is quoted");
        let burns = text
            .find("turn 1 you said")
            .expect("the recalled turn is quoted");
        assert!(blue < burns && !text.contains("Boats"), "{text}");
        assert!(compose(&prompt("And the tide?")).contains("Nothing said earlier"));
    }

    #[test]
    fn it_quotes_the_sentence_that_bears_on_it_and_no_chance_word() {
        let mut told = prompt("Where is the spare wick?");
        told.recent[0].user =
            "Petra says \"hello\". The spare wick is in the blue cupboard. It rained.".into();
        let text = compose(&told);
        assert!(
            text.contains("blue cupboard") && !text.contains("rained"),
            "{text}"
        );
        let chance = "Is the wick the reason why boats from Hull never passed Grimsby pier?";
        let mut told = prompt(chance);
        told.inserts.truncate(1);
        assert!(compose(&told).contains("Nothing said earlier"));
    }
}
