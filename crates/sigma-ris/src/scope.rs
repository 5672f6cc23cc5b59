//! The three scopes (`SRIP-13 §VI`): what may change what is a matter of types.
//!
//! - [`AgentVersion`]: canonical identity, sealed under the hash of its content. Nothing changes one.
//! - [`SessionScope`]: one session's binding, names and participants. It reads the version and never
//!   holds it; it is bound to another one only by a [`Rebind`], which only a version can give.
//! - [`TurnScope`](crate::TurnScope): read anew from each message. It can ask for an alias; the session
//!   grants it or not, and a grant cannot be taken to another session.

use serde::{Deserialize, Serialize};
use sigma_types::{CanonicalError, Cycle, Hash256, SessionId, Timestamp, hash_canonical};

use crate::naming::{Alias, AliasGrant, AliasRefusal, NameSource, Naming};
use crate::participant::{Participants, RenameAttempt};
use crate::rules::Rules;
use crate::{Channel, Mode};

/// What an agent version is made of. It becomes a version by [`AgentVersion::seal`].
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct CanonicalIdentity {
    /// The canonical name; empty if the identity gives none.
    pub name: String,
    /// The identity text.
    pub text: String,
    /// Constraints, one an entry.
    pub constraints: Vec<String>,
}

/// The address of a version: BLAKE3 over the canonical JSON of its content.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(transparent)]
pub struct VersionId(pub Hash256);

/// A sealed agent version (`SRIP-13 §VI`): it can be read and cannot be changed.
///
/// ```compile_fail
/// let version = sigma_ris::AgentVersion::seal(Default::default()).unwrap();
/// version.canonical().name = "Star".into();
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "SealedVersion", into = "SealedVersion")]
pub struct AgentVersion {
    id: VersionId,
    canonical: CanonicalIdentity,
}

#[derive(Serialize, Deserialize)]
struct SealedVersion {
    id: VersionId,
    canonical: CanonicalIdentity,
}

/// A version cannot be made or read back.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum VersionError {
    /// It has no canonical form.
    #[error(transparent)]
    Canonical(#[from] CanonicalError),
    /// Its content is not what its address says.
    #[error("the agent version {named} holds the content of {found}")]
    Altered {
        /// The address it came under.
        named: VersionId,
        /// The address of what it holds.
        found: VersionId,
    },
}

impl AgentVersion {
    /// Seals an identity under the hash of its content.
    ///
    /// # Errors
    /// [`VersionError::Canonical`] if it has no canonical JSON form.
    pub fn seal(canonical: CanonicalIdentity) -> Result<Self, VersionError> {
        let id = VersionId(hash_canonical(&canonical)?);
        Ok(Self { id, canonical })
    }

    /// Its address.
    pub fn id(&self) -> VersionId {
        self.id
    }

    /// Its content.
    pub fn canonical(&self) -> &CanonicalIdentity {
        &self.canonical
    }

    /// The order to bind a session to this version.
    pub fn rebind(&self) -> Rebind {
        Rebind {
            version: self.id,
            name: self.canonical.name.clone(),
        }
    }
}

impl TryFrom<SealedVersion> for AgentVersion {
    type Error = VersionError;
    fn try_from(sealed: SealedVersion) -> Result<Self, VersionError> {
        let version = Self::seal(sealed.canonical)?;
        if version.id == sealed.id {
            Ok(version)
        } else {
            Err(VersionError::Altered {
                named: sealed.id,
                found: version.id,
            })
        }
    }
}

impl From<AgentVersion> for SealedVersion {
    fn from(version: AgentVersion) -> Self {
        Self {
            id: version.id,
            canonical: version.canonical,
        }
    }
}

impl std::fmt::Display for VersionId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

/// An order to bind a session to a version. Only [`AgentVersion::rebind`] gives one: no message can.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rebind {
    version: VersionId,
    name: String,
}

/// The version that a session is bound to (`SRIP-13 §VII`, invariant 8).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Binding {
    version: VersionId,
    canonical_name: String,
    since: Cycle,
    before: Option<VersionId>,
}

impl Binding {
    /// The version's address.
    pub fn version(&self) -> VersionId {
        self.version
    }

    /// Its canonical name; empty if it has none.
    pub fn canonical_name(&self) -> &str {
        &self.canonical_name
    }

    /// The first cycle under it.
    pub fn since(&self) -> Cycle {
        self.since
    }

    /// The version before, if the session was rebound.
    pub fn before(&self) -> Option<VersionId> {
        self.before
    }
}

/// What is valid inside one session only (`SRIP-13 §VI`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SessionScope {
    session: SessionId,
    binding: Binding,
    naming: Naming,
    participants: Participants,
    /// The session's own rollout mode, if it has one.
    mode: Option<Mode>,
}

impl SessionScope {
    /// A session that begins bound to a version.
    pub fn open(session: SessionId, version: &AgentVersion) -> Self {
        Self {
            session,
            binding: Binding {
                version: version.id,
                canonical_name: version.canonical.name.clone(),
                since: Cycle(0),
                before: None,
            },
            naming: Naming::default(),
            participants: Participants::default(),
            mode: None,
        }
    }

    /// Whose scope it is.
    pub fn session(&self) -> &SessionId {
        &self.session
    }

    /// What it is bound to.
    pub fn binding(&self) -> &Binding {
        &self.binding
    }

    /// Its names.
    pub fn naming(&self) -> &Naming {
        &self.naming
    }

    /// Who has taken part.
    pub fn participants(&self) -> &Participants {
        &self.participants
    }

    /// Its own mode.
    pub fn mode(&self) -> Option<Mode> {
        self.mode
    }

    /// Gives it a mode of its own, or takes it away.
    pub fn set_mode(&mut self, mode: Option<Mode>) {
        self.mode = mode;
    }

    /// Binds it to another version (`SRIP-13 §X`): the canonical name is that of the target, and all that
    /// is the session's own stays. Whether anything changed.
    pub fn rebind(&mut self, order: Rebind, cycle: Cycle) -> bool {
        if order.version == self.binding.version {
            return false;
        }
        self.binding = Binding {
            before: Some(self.binding.version),
            version: order.version,
            canonical_name: order.name,
            since: cycle,
        };
        true
    }

    /// Notes who speaks.
    pub fn hear(&mut self, id: &str, name: Option<&str>, cycle: Cycle, rules: &Rules) {
        self.participants.hear(id, name, cycle, rules);
    }

    /// Asks for the alias that a message wants. The grant holds the session, so that it can be used on no
    /// other (`SRIP-13 §X`).
    ///
    /// # Errors
    /// [`AliasRefusal`] says why there is none.
    pub fn grant<'s>(
        &'s mut self,
        attempt: &RenameAttempt,
        by: &str,
        channel: Channel,
        (at, cycle): (Timestamp, Cycle),
        rules: &Rules,
    ) -> Result<AliasGrant<'s>, AliasRefusal> {
        let alias = Alias::new(attempt.name(), by, channel, (at, cycle), rules)?;
        let canonical = self.binding.canonical_name.as_str();
        let own = !canonical.is_empty() && alias.name().eq_ignore_ascii_case(canonical);
        Ok(AliasGrant::new(&mut self.naming, alias, own, rules))
    }

    /// The name that `participant` sees, and where it comes from.
    pub fn displayed(&self, participant: &str, channel: Channel) -> (&str, NameSource) {
        match self.naming.holding(participant, channel) {
            Some((alias, source)) => (alias.name(), source),
            None => (&self.binding.canonical_name, NameSource::Canonical),
        }
    }
}
