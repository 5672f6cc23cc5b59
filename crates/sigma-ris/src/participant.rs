//! Who takes part, and the turn's own scope (`SRIP-13 §VI`, `§VIII.2`).

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use sigma_types::Cycle;

use crate::message::{self, Sentence};
use crate::rules::Rules;
use crate::{Channel, OperationalEvent, Person, SessionScope};

/// Who has taken part in a session. Bounded: who was heard longest ago is forgotten first.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Participants(BTreeMap<String, Participant>);

/// A participant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Participant {
    /// The name used in talk; the id where none was given.
    pub name: String,
    /// The last cycle in which they spoke.
    pub heard: Cycle,
}

impl Participants {
    /// By id, in order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Participant)> {
        self.0.iter().map(|(id, p)| (id.as_str(), p))
    }

    /// One of them.
    pub fn find(&self, id: &str) -> Option<&Participant> {
        self.0.get(id)
    }

    /// How many.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether nobody is known.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// As the validator takes them.
    pub fn people(&self) -> Vec<Person> {
        let person = |(id, p): (&String, &Participant)| Person {
            id: id.clone(),
            name: p.name.clone(),
        };
        self.0.iter().map(person).collect()
    }

    pub(crate) fn hear(&mut self, id: &str, name: Option<&str>, cycle: Cycle, rules: &Rules) {
        let name = name.map(str::trim).filter(|name| !name.is_empty());
        let entry = self.0.entry(id.to_owned()).or_insert_with(|| Participant {
            name: id.to_owned(),
            heard: cycle,
        });
        entry.heard = cycle;
        if let Some(name) = name {
            name.clone_into(&mut entry.name);
        }
        while self.0.len() > rules.naming.participants {
            let oldest = self
                .0
                .iter()
                .min_by_key(|(_, p)| p.heard)
                .map(|(id, _)| id.clone());
            let Some(oldest) = oldest else { break };
            self.0.remove(&oldest);
        }
    }
}

/// What carries the talk (`SRIP-13 §VIII.2`).
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum ChannelClass {
    /// The runtime's own interface.
    #[default]
    Api,
    /// A messenger.
    Messenger,
    /// A room, a forum, a server with many members.
    Community,
    /// A phone or a voice assistant.
    Voice,
    /// Mail.
    Mail,
}

/// To whom a message is addressed (`SRIP-13 §VIII.2`).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case", tag = "to", content = "id")]
#[non_exhaustive]
pub enum Addressed {
    /// The agent.
    Agent,
    /// Another participant, by id.
    Participant(String),
    /// Everybody.
    Everyone,
    /// It does not say.
    #[default]
    Open,
}

/// A wish that the agent bear another name, as read from one message.
///
/// ```compile_fail
/// // only reading a message gives one
/// let _ = sigma_ris::RenameAttempt { name: "Star".into() };
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct RenameAttempt {
    name: String,
}

impl RenameAttempt {
    /// The name that is wanted.
    pub fn name(&self) -> &str {
        &self.name
    }
}

/// A message as it comes in.
#[derive(Debug, Clone, Copy)]
pub struct Incoming<'a> {
    /// What was said.
    pub text: &'a str,
    /// Id of who said it.
    pub sender: &'a str,
    /// Who can read along.
    pub channel: Channel,
    /// What carries the talk.
    pub class: ChannelClass,
    /// Operational events since the last turn.
    pub events: &'a [OperationalEvent],
}

/// What holds for one message and no longer (`SRIP-13 §VI`): it is read anew from each.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct TurnScope {
    /// Who speaks.
    pub sender: String,
    /// Who can read along.
    pub channel: Channel,
    /// What carries the talk.
    pub class: ChannelClass,
    /// Whether several people may read what is said.
    pub group_sensitive: bool,
    /// To whom it is said.
    pub addressed: Addressed,
    /// It asks who the agent is or what it is called.
    pub identity_question: bool,
    /// It wants the agent to bear another name.
    pub rename: Option<RenameAttempt>,
    /// It reads an operational event as something else.
    pub reinterprets_event: bool,
    /// Operational events since the last turn.
    pub events: Vec<OperationalEvent>,
}

impl TurnScope {
    /// Reads a message against its session. Nothing is written.
    pub fn read(incoming: &Incoming<'_>, session: &SessionScope) -> Self {
        let sentences = message::sentences(incoming.text);
        let (display, _) = session.displayed(incoming.sender, incoming.channel);
        let names = [session.binding().canonical_name(), display];
        let shared = incoming.channel == Channel::Group
            || session
                .participants()
                .iter()
                .any(|(id, _)| id != incoming.sender);
        let rename = sentences
            .iter()
            .find_map(|sentence| sentence.rename(&names))
            .map(|name| RenameAttempt { name });
        Self {
            sender: incoming.sender.to_owned(),
            channel: incoming.channel,
            class: incoming.class,
            group_sensitive: shared,
            addressed: addressed(&sentences, incoming, session, &names),
            identity_question: sentences.iter().any(|s| s.asks_identity(&names)),
            rename,
            reinterprets_event: sentences
                .iter()
                .any(|s| s.reads_into_event(!incoming.events.is_empty())),
            events: incoming.events.to_vec(),
        }
    }

    /// Whether the message itself leans on a boundary (`SRIP-13 §VI`, turn scope).
    pub fn pressure(&self) -> bool {
        self.rename.is_some() || self.identity_question || self.reinterprets_event
    }
}

fn addressed(
    sentences: &[Sentence<'_>],
    incoming: &Incoming<'_>,
    session: &SessionScope,
    names: &[&str],
) -> Addressed {
    if incoming.channel == Channel::Direct {
        return Addressed::Agent;
    }
    let called = |name: &str| sentences.iter().any(|s| s.calls(name));
    if names.iter().any(|name| !name.is_empty() && called(name)) {
        return Addressed::Agent;
    }
    let other = session
        .participants()
        .iter()
        .find(|(id, p)| *id != incoming.sender && (called(&p.name) || called(id)));
    if let Some((id, _)) = other {
        return Addressed::Participant(id.to_owned());
    }
    if sentences.iter().any(Sentence::calls_everyone) {
        return Addressed::Everyone;
    }
    Addressed::Open
}
