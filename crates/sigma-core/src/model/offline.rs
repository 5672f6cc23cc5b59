//! A responder that needs no model: it answers from the session's memory alone and says so.

use std::collections::BTreeSet;

use async_trait::async_trait;
use sigma_text::read;
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
        let words = quote.text.split_whitespace().collect::<Vec<_>>().join(" ");
        text.push_str(&format!(" In turn {} {who}: \"{words}\"", quote.cycle));
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
struct Quote<'a> {
    cycle: Cycle,
    speaker: Speaker,
    text: &'a str,
    /// Content words that it shares with the message.
    shared: usize,
    /// Score of the recall; none for what is still at hand.
    score: f64,
}

/// What shares a content word with the message, recalled or still at hand, the best first.
fn fitting(prompt: &Prompt) -> Vec<Quote<'_>> {
    let stems = |text: &str| -> BTreeSet<String> {
        read(text).terms.into_iter().map(|term| term.stem).collect()
    };
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
    let mut all: Vec<Quote<'_>> = recalled
        .chain(at_hand)
        // its own offline answers are no evidence
        .filter(|(_, _, text, _)| !text.starts_with("(offline,"))
        .map(|(cycle, speaker, text, score)| {
            let shared = stems(text).intersection(&asked).count();
            Quote {
                cycle,
                speaker,
                text,
                shared,
                score,
            }
        })
        .filter(|quote| quote.shared > 0)
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
}
