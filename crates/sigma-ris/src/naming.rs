//! Names (`SRIP-13 §VIII.1`): the canonical one is the version's; aliases are the session's, each with
//! where it comes from.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use sigma_types::{Cycle, Timestamp};

use crate::Channel;
use crate::rules::Rules;

/// A name that holds in one session, with its provenance. Only a session grants one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Alias {
    name: String,
    set_by: String,
    at: Timestamp,
    cycle: Cycle,
    channel: Channel,
}

/// Where a displayed name comes from (`SRIP-13 §VIII.1`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum NameSource {
    /// The bound version.
    Canonical,
    /// The session's alias.
    SessionAlias,
    /// An alias that one participant of a group gave, for that participant alone.
    ParticipantAlias,
}

/// A session's aliases (`SRIP-13 §VIII.1`).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Naming {
    /// Given in a direct channel.
    alias: Option<Alias>,
    /// Given in a group, by the participant that gave it.
    by_participant: BTreeMap<String, Alias>,
    /// The last change, a return to the canonical name among them.
    last_change: Option<AliasChange>,
}

/// What a change of alias did, and by whom.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct AliasChange {
    /// Who asked for it.
    pub set_by: String,
    /// When.
    pub at: Timestamp,
    /// In which cycle.
    pub cycle: Cycle,
    /// Where.
    pub channel: Channel,
    /// The canonical name was asked back.
    pub cleared: bool,
}

/// No alias was granted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum AliasRefusal {
    /// The rules grant none in this kind of channel.
    #[error("no alias is granted in this channel")]
    Channel,
    /// Nothing is left of it.
    #[error("an alias needs a letter")]
    Empty,
    /// It is no name but a text.
    #[error("an alias has at most {chars} characters and {words} words")]
    TooLong {
        /// Most characters.
        chars: usize,
        /// Most words.
        words: usize,
    },
    /// It holds what no name holds.
    #[error("an alias holds no line breaks or control characters")]
    Character,
}

impl Alias {
    pub(crate) fn new(
        name: &str,
        by: &str,
        channel: Channel,
        (at, cycle): (Timestamp, Cycle),
        rules: &Rules,
    ) -> Result<Self, AliasRefusal> {
        let name = name.trim();
        let granted = match channel {
            Channel::Direct => rules.naming.direct,
            Channel::Group => rules.naming.group,
        };
        if !granted {
            return Err(AliasRefusal::Channel);
        }
        if name.chars().any(|c| c.is_control() || is_invisible(c)) {
            return Err(AliasRefusal::Character);
        }
        if !name.chars().any(char::is_alphabetic) {
            return Err(AliasRefusal::Empty);
        }
        let (chars, words) = (rules.naming.alias_chars, rules.naming.alias_words);
        if name.chars().count() > chars || name.split_whitespace().count() > words {
            return Err(AliasRefusal::TooLong { chars, words });
        }
        Ok(Self {
            name: name.to_owned(),
            set_by: by.to_owned(),
            at,
            cycle,
            channel,
        })
    }

    /// The name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Id of the participant who gave it.
    pub fn set_by(&self) -> &str {
        &self.set_by
    }

    /// When it was given.
    pub fn at(&self) -> Timestamp {
        self.at
    }

    /// In which turn it was given.
    pub fn cycle(&self) -> Cycle {
        self.cycle
    }

    /// Where it was given.
    pub fn channel(&self) -> Channel {
        self.channel
    }
}

/// Marks that turn the direction of writing or are not seen.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

impl Naming {
    /// The alias of a direct channel.
    pub fn alias(&self) -> Option<&Alias> {
        self.alias.as_ref()
    }

    /// The alias that a participant of a group gave.
    pub fn alias_of(&self, participant: &str) -> Option<&Alias> {
        self.by_participant.get(participant)
    }

    /// All aliases of a group, by participant.
    pub fn bound(&self) -> &BTreeMap<String, Alias> {
        &self.by_participant
    }

    /// The last change.
    pub fn last_change(&self) -> Option<&AliasChange> {
        self.last_change.as_ref()
    }

    /// The alias that holds for a participant, if any. In a group it is only ever their own: nobody
    /// inherits a name that somebody else gave (`SRIP-13 §X`).
    pub fn holding(&self, participant: &str, channel: Channel) -> Option<(&Alias, NameSource)> {
        let own = self.by_participant.get(participant);
        if let Some(alias) = own.filter(|_| channel == Channel::Group) {
            return Some((alias, NameSource::ParticipantAlias));
        }
        let alias = self.alias.as_ref();
        alias
            .filter(|alias| channel == Channel::Direct || alias.set_by == participant)
            .map(|alias| (alias, NameSource::SessionAlias))
    }
}

/// The leave to take an alias on. It borrows the session that gave it.
///
/// In a group it binds the name to the participant who gave it; in a direct channel it is the session's.
#[derive(Debug)]
pub struct AliasGrant<'s> {
    naming: &'s mut Naming,
    alias: Alias,
    own: bool,
    most: usize,
}

impl<'s> AliasGrant<'s> {
    pub(crate) fn new(naming: &'s mut Naming, alias: Alias, own: bool, rules: &Rules) -> Self {
        Self {
            naming,
            alias,
            own,
            most: rules.naming.aliases,
        }
    }

    /// Takes the alias on. The canonical name as an alias takes the alias away instead.
    pub fn adopt(self) {
        let Self {
            naming,
            alias,
            own,
            most,
        } = self;
        naming.last_change = Some(AliasChange {
            set_by: alias.set_by.clone(),
            at: alias.at,
            cycle: alias.cycle,
            channel: alias.channel,
            cleared: own,
        });
        if alias.channel == Channel::Direct {
            naming.alias = (!own).then_some(alias);
            return;
        }
        if own {
            naming.by_participant.remove(&alias.set_by);
            return;
        }
        naming.by_participant.insert(alias.set_by.clone(), alias);
        while naming.by_participant.len() > most {
            let oldest = naming
                .by_participant
                .iter()
                .min_by_key(|(_, alias)| alias.cycle)
                .map(|(id, _)| id.clone());
            let Some(oldest) = oldest else { break };
            naming.by_participant.remove(&oldest);
        }
    }
}
