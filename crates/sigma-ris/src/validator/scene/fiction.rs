//! Fiction that was asked for, and stepping out of it.

use crate::Referent;
use crate::lexicon::{Cat, Closed};
use crate::read::{Sentence, Tag, Token};
use crate::validator::view::{any, has, word};

/// Verbs and nouns that ask for a made-up text.
pub(in crate::validator) fn fiction(sentences: &[Sentence]) -> bool {
    sentences.iter().any(|s| {
        let tokens = &s.tokens;
        let noun = tokens
            .iter()
            .any(|t| t.entry.noun.is_some_and(|c| c.has(Cat::Fiction)) && !t.quoted)
            || word(
                tokens,
                &[
                    "lines",
                    "line",
                    "entry",
                    "joke",
                    "toast",
                    "sentences",
                    "verse",
                    "speech",
                    "caption",
                ],
            )
            || tokens
                .iter()
                .any(|t| t.entry.noun.is_some_and(|c| c.has(Cat::Draft)) && !t.quoted);
        let composes = |t: &Token| t.entry.verb.is_some_and(|(_, c)| c.has(Cat::Compose));
        let asks = tokens.iter().any(composes)
            || word(
                tokens,
                &["please", "pls", "for", "about", "from", "another", "next"],
            );
        let leads = s
            .tokens
            .iter()
            .find(|t| !t.is_mark() && !t.is_any(&[Closed::Yes, Closed::And, Closed::Let]))
            .is_some_and(composes);
        let drafts =
            word(tokens, &["draft", "ghostwrite", "compose", "pen"]) && !word(tokens, &["email's"]);
        let opens = tokens
            .iter()
            .filter(|t| !t.is_mark())
            .take(4)
            .any(|t| t.entry.noun.is_some_and(|c| c.has(Cat::Fiction)) || t.word == "entry");
        let requests = tokens
            .iter()
            .any(|t| t.is_any(&[Closed::Can, Closed::Could, Closed::Would, Closed::Will]))
            && has(tokens, &[Closed::You, Closed::We])
            || word(tokens, &["please", "pls"]);
        let bare = s.facts.iter().all(|f| f.piece.group.is_none());
        // "eulogy for my dad", "letter of complaint to them": a text and what it is to be
        let words: Vec<&Token> = tokens.iter().filter(|t| !t.is_mark()).take(4).collect();
        let titled = words.windows(2).any(|w| {
            w[0].entry
                .noun
                .is_some_and(|c| c.has_any(&[Cat::Fiction, Cat::Draft]))
                && matches!(
                    w[1].word.as_str(),
                    "of" | "for" | "to" | "about" | "as" | "from"
                )
        }) && !s.question;
        titled && !word(tokens, &["you", "thanks", "thank"])
            || noun
                && (asks || opens && bare)
                && (leads
                    || opens && !s.question && !word(tokens, &["thanks", "thank"])
                    || requests
                    || word(tokens, &["write"]))
            || drafts
            || plays(s)
    })
}

/// Whether a sentence proposes play: "let's play", "pretend you are", "roleplay", "play the count".
pub(in crate::validator) fn plays(s: &Sentence) -> bool {
    let tokens = &s.tokens;
    let verb = tokens.iter().any(|t| {
        matches!(
            t.word.as_str(),
            "roleplay" | "role-play" | "pretend" | "pretending" | "rp"
        )
    });
    let play = tokens.iter().any(|t| t.word == "play" && t.is_verb());
    let role = word(tokens, &["character", "scene", "persona"])
        && (word(tokens, &["stay", "in", "do", "as"]));
    let cast = s.facts.iter().any(|f| {
        f.subject.referent == Referent::User
            && f.copula
            && tokens[f.piece.rest.clone()]
                .first()
                .is_some_and(|t| t.word == "the")
            && tokens[f.piece.rest.clone()]
                .get(1)
                .is_some_and(|t| t.tag == Tag::Noun)
    }) && !s.question;
    verb || play || role || cast
}

/// Whether a sentence steps out of fiction: "stepping out of the tale", "this isn't a story", "not
/// narrating now".
pub(in crate::validator) fn leaves_fiction(s: &Sentence) -> bool {
    let tokens = &s.tokens;
    let fiction = tokens.iter().any(|t| {
        (t.entry
            .noun
            .is_some_and(|c| c.has_any(&[Cat::Fiction, Cat::Figure]))
            || matches!(
                t.word.as_str(),
                "narrating" | "pretending" | "acting" | "joking" | "playing"
            ))
            && !t.quoted
    });
    let exit = tokens
        .iter()
        .any(|t| t.entry.any().has(Cat::Exit) || t.word == "real")
        || has(tokens, &[Closed::Not, Closed::No, Closed::Never]);
    let agent = has(
        tokens,
        &[Closed::I, Closed::My, Closed::Me, Closed::This, Closed::It],
    ) || any(tokens, Cat::Fiction);
    fiction && exit && agent && !tokens.iter().all(|t| t.quoted || t.is_mark())
}

/// Whether a sentence speaks of the made text as such: "That's the letter."
pub(in crate::validator) fn speaks_of_fiction(s: &Sentence) -> bool {
    s.tokens.windows(2).any(|w| {
        (w[0].is_any(&[Closed::This, Closed::Article, Closed::Its, Closed::My])
            || w[0].is(Closed::It))
            && w[1].entry.noun.is_some_and(|c| c.has(Cat::Fiction))
    }) || s.tokens.iter().any(|t| t.is(Closed::I)) && s.tokens.iter().any(|t| t.word == "wrote")
}
