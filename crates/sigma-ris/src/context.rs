//! The context in which an output is judged: names, participants, events, and what was said.

use serde::{Deserialize, Serialize};

/// What is known when an output is judged (`SRIP-13 §VI`, turn scope with what it may read).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct Context {
    /// The name of the bound agent version.
    pub canonical_name: String,
    /// A name that holds in this session only.
    pub session_alias: Option<AliasInContext>,
    /// Who can read along.
    pub channel: Channel,
    /// Who takes part.
    pub participants: Vec<Person>,
    /// Id of the participant who wrote the current message.
    pub sender: String,
    /// Operational events since the last turn.
    pub events: Vec<OperationalEvent>,
    /// Earlier messages, oldest first.
    pub history: Vec<Said>,
}

/// A session alias with its provenance.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct AliasInContext {
    /// The name.
    pub name: String,
    /// Id of the participant who gave it.
    #[serde(default)]
    pub set_by: Option<String>,
}

/// Who can read along.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Channel {
    /// One user and the agent.
    #[default]
    Direct,
    /// Several participants.
    Group,
}

/// A participant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Person {
    /// Id within the channel.
    pub id: String,
    /// The name used in talk.
    pub name: String,
}

/// An operational event since the last turn (`SRIP-13 §VII`, invariant 5).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum OperationalEvent {
    /// The provider did not answer in time.
    ProviderTimeout,
    /// The provider answered with an error.
    ProviderError,
    /// A reply was held back.
    BlockedReply,
    /// A call was repeated.
    Retry,
    /// The runtime started anew.
    Restart,
    /// The session was bound to another agent version.
    VersionRebind,
    /// The answer was slow.
    Latency,
    /// Planned work on the system.
    Maintenance,
}

/// An earlier message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Said {
    /// Who spoke.
    pub role: Role,
    /// Id of the participant; none for the agent.
    #[serde(default)]
    pub sender: Option<String>,
    /// What was said.
    pub text: String,
}

/// Which side spoke.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Role {
    /// A participant.
    User,
    /// The agent.
    Assistant,
}

impl Context {
    /// The name of the current sender, if listed.
    pub fn sender_name(&self) -> Option<&str> {
        self.participants
            .iter()
            .find(|p| p.id == self.sender)
            .map(|p| p.name.as_str())
    }

    /// Whether the channel or the number of participants makes this a shared context.
    pub fn is_shared(&self) -> bool {
        self.channel == Channel::Group || self.participants.len() > 1
    }
}
