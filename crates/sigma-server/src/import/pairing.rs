//! From messages in a row to pairs of question and answer.

use crate::import::{
    dialogue::{Dialogue, Location, Turn},
    note::{NoteKind, Notes},
};
use sigma_types::Timestamp;
use std::collections::BTreeMap;

/// Who speaks in a message, as far as pairing cares.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    User,
    Assistant,
    /// System or developer.
    System,
    /// The result of a tool.
    Tool,
}

/// A message with its text.
#[derive(Debug, Clone)]
pub(crate) struct Message {
    pub(crate) role: Role,
    pub(crate) text: String,
    pub(crate) at: Option<Timestamp>,
    pub(crate) source: Location,
}

/// Builds a dialogue message by message.
#[derive(Default)]
pub(crate) struct Pairing {
    pub(crate) notes: Notes,
    identity: Vec<String>,
    user: Option<Message>,
    /// Text is empty as long as only tools were heard.
    answer: Option<Message>,
    turns: Vec<Turn>,
}

impl Pairing {
    pub(crate) fn push(&mut self, message: Message) {
        match message.role {
            Role::System => self.system(&message),
            Role::Tool => {
                self.notes.add(NoteKind::ToolResult, &message.source);
                self.acted(&message.source);
            }
            _ if message.text.trim().is_empty() => {
                self.notes.add(NoteKind::EmptyMessage, &message.source);
                if message.role == Role::Assistant {
                    self.acted(&message.source);
                }
            }
            Role::User => self.user(message),
            Role::Assistant => self.assistant(message),
        }
    }

    /// A tool was called: the assistant has done something, if not said.
    pub(crate) fn tool_call(&mut self, source: &Location) {
        self.notes.add(NoteKind::ToolCall, source);
        self.acted(source);
    }

    pub(crate) fn identity(&mut self, text: &str) {
        if !text.trim().is_empty() {
            self.identity.push(text.trim().into());
        }
    }

    fn acted(&mut self, source: &Location) {
        if self.user.is_some() && self.answer.is_none() {
            let source = source.clone();
            let text = String::new();
            self.answer = Some(Message {
                role: Role::Assistant,
                text,
                at: None,
                source,
            });
        }
    }

    fn system(&mut self, message: &Message) {
        if self.turns.is_empty() && self.user.is_none() && self.answer.is_none() {
            self.identity(&message.text);
        } else {
            self.notes.add(NoteKind::LateSystem, &message.source);
        }
    }

    fn user(&mut self, message: Message) {
        if self.answer.is_some() {
            self.close();
        }
        match &mut self.user {
            Some(user) => {
                self.notes.add(NoteKind::UserMerged, &message.source);
                join(&mut user.text, &message.text);
            }
            None => self.user = Some(message),
        }
    }

    fn assistant(&mut self, message: Message) {
        match &mut self.answer {
            Some(answer) if answer.text.is_empty() => *answer = message,
            Some(answer) => {
                self.notes.add(NoteKind::AssistantMerged, &message.source);
                join(&mut answer.text, &message.text);
                answer.at = message.at.or(answer.at);
            }
            None => {
                if self.user.is_none() {
                    self.notes.add(NoteKind::AssistantFirst, &message.source);
                }
                self.answer = Some(message);
            }
        }
    }

    fn close(&mut self) {
        let (user, answer) = (self.user.take(), self.answer.take());
        let Some(answer) = answer else {
            if let Some(user) = user {
                self.notes.add(NoteKind::Unanswered, &user.source);
            }
            return;
        };
        if answer.text.is_empty() {
            self.notes.add(NoteKind::EmptyAnswer, &answer.source);
        }
        let at = answer.at.or(user.as_ref().and_then(|user| user.at));
        let source = user
            .as_ref()
            .map_or(&answer.source, |user| &user.source)
            .clone();
        self.turns.push(Turn {
            index: self.turns.len() + 1,
            user: user.map_or_else(String::new, |user| user.text),
            assistant: answer.text,
            at,
            source,
            recorded: BTreeMap::new(),
        });
    }

    /// The dialogue, with what is still open closed or told.
    pub(crate) fn finish(mut self, id: String, title: Option<String>) -> Dialogue {
        self.close();
        Dialogue {
            id,
            title: title.filter(|title| !title.trim().is_empty()),
            identity: (!self.identity.is_empty()).then(|| self.identity.join("\n\n")),
            constraints: Vec::new(),
            turns: self.turns,
            notes: self.notes.finish(),
            branches: Vec::new(),
        }
    }
}

/// Pairs of question and answer from texts in a row; `true` is the user's.
pub(crate) fn pair_messages<'a>(
    said: impl Iterator<Item = (bool, &'a str)>,
) -> Vec<(String, String)> {
    let mut pairing = Pairing::default();
    for (user, text) in said {
        let role = if user { Role::User } else { Role::Assistant };
        let source = Location {
            line: 0,
            path: String::new(),
        };
        pairing.push(Message {
            role,
            text: text.into(),
            at: None,
            source,
        });
    }
    let turns = pairing.finish(String::new(), None).turns;
    turns
        .into_iter()
        .map(|turn| (turn.user, turn.assistant))
        .collect()
}

fn join(to: &mut String, text: &str) {
    if !to.is_empty() {
        to.push_str("\n\n");
    }
    to.push_str(text);
}

/// A point in time as logs write it: seconds or milliseconds since 1970, or RFC 3339.
pub(crate) fn time(number: Option<f64>, text: Option<&str>) -> Option<Timestamp> {
    if let Some(text) = text {
        return text.parse().ok();
    }
    // past the year 5138 in seconds, so milliseconds
    let number = number.filter(|n| *n > 0.0)?;
    let millis = if number > 1e11 {
        number
    } else {
        number * 1000.0
    };
    Timestamp::from_millis(millis as i64).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn message(role: Role, text: &str, line: usize) -> Message {
        let source = Location {
            line,
            path: String::new(),
        };
        Message {
            role,
            text: text.into(),
            at: None,
            source,
        }
    }

    fn paired(messages: &[(Role, &str)]) -> Dialogue {
        let mut pairing = Pairing::default();
        for (line, (role, text)) in messages.iter().enumerate() {
            pairing.push(message(*role, text, line + 1));
        }
        pairing.finish("1".into(), None)
    }

    fn texts(dialogue: &Dialogue) -> Vec<(&str, &str)> {
        dialogue
            .turns
            .iter()
            .map(|turn| (turn.user.as_str(), turn.assistant.as_str()))
            .collect()
    }

    #[test]
    fn one_speaker_in_a_row_is_one_text() {
        use Role::{Assistant, System, Tool, User};
        let dialogue = paired(&[
            (System, "Be Ann."),
            (User, "a"),
            (User, "b"),
            (Assistant, "c"),
            (Tool, "42"),
            (Assistant, "d"),
            (System, "Be Bob."),
            (User, "e"),
        ]);
        assert_eq!(texts(&dialogue), [("a\n\nb", "c\n\nd")]);
        assert_eq!(dialogue.identity.as_deref(), Some("Be Ann."));
        insta::assert_snapshot!(
            dialogue.notes.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"), @r"
        1 user message joined to the one before (first: line 3)
        1 assistant message joined to the one before (first: line 6)
        the last user message has no answer and was left out (first: line 8)
        1 later system message left out (first: line 7)
        1 tool result left out (first: line 5)
        ");
    }

    #[test]
    fn an_assistant_may_begin_and_may_only_act() {
        use Role::{Assistant, Tool, User};
        let dialogue = paired(&[
            (Assistant, "Hi."),
            (User, "go"),
            (Tool, "done"),
            (User, "and?"),
        ]);
        assert_eq!(texts(&dialogue), [("", "Hi."), ("go", "")]);
    }

    #[test]
    fn times_come_in_three_forms() {
        let iso = time(None, Some("2023-09-21T19:57:53.973Z"));
        assert_eq!(iso, time(Some(1_695_326_273.973), None));
        assert_eq!(iso, time(Some(1_695_326_273_973.0), None));
        assert_eq!(time(Some(f64::NAN), None), None);
    }

    proptest! {
        /// Nothing that a user or an assistant said gets lost, except a last question.
        #[test]
        fn every_word_arrives_once(said in proptest::collection::vec((0..4_u8, "[a-z]{0,3}"), 0..40)) {
            let roles = [Role::User, Role::Assistant, Role::System, Role::Tool];
            let messages: Vec<_> =
                said.iter().map(|(role, text)| (roles[*role as usize], text.as_str())).collect();
            let dialogue = paired(&messages);
            let all = |role| {
                let of = messages.iter().filter(move |(r, t)| *r == role && !t.is_empty());
                of.map(|(_, text)| *text).collect::<Vec<_>>()
            };
            let split = |texts: Vec<&String>| -> Vec<String> {
                let texts = texts.into_iter().flat_map(|text| text.split("\n\n"));
                texts.filter(|text| !text.is_empty()).map(Into::into).collect()
            };
            let answers = split(dialogue.turns.iter().map(|t| &t.assistant).collect());
            prop_assert_eq!(answers, all(Role::Assistant));
            let questions = split(dialogue.turns.iter().map(|t| &t.user).collect());
            let unanswered = dialogue.notes.iter().any(|n| n.kind == NoteKind::Unanswered);
            let asked = all(Role::User);
            prop_assert!(asked.len() == questions.len() || unanswered);
            prop_assert_eq!(&asked[..questions.len()], &questions[..]);
        }
    }
}
