//! Whatever runtimes tell each other has one shape: a header, a payload, a signature.

use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::{Map, Value};
use serde_path_to_error::Segment;
use sigma_types::Timestamp;

use crate::{
    Moment, ProtocolVersion, RuntimeId, VersionError,
    gate::Claims,
    rules::{ReadLimits, Rules},
    seal::Signature,
    wire::{self, Format, Place, TextError},
};

/// Who speaks to whom, when, and in which version (`SRIP-05 §3`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Header {
    /// The version that the message is written in.
    pub protocol_version: ProtocolVersion,
    /// Who speaks.
    pub source_runtime_id: RuntimeId,
    /// To whom; [`RuntimeId::ANY`] where everybody may listen.
    pub target_runtime_id: RuntimeId,
    /// When.
    pub timestamp: Moment,
}

impl Header {
    /// A header in version 1.0.
    #[must_use]
    pub fn new(source: RuntimeId, target: RuntimeId, at: Timestamp) -> Self {
        Self {
            protocol_version: ProtocolVersion::V1_0,
            source_runtime_id: source,
            target_runtime_id: target,
            timestamp: at.into(),
        }
    }
}

/// What a payload tells, for the gate.
///
/// Exhaustive on purpose: the gate decides each case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Discloses {
    /// The state of the runtime: nothing of it leaves while the gate is closed.
    State,
    /// A signal about the exchange itself: rests only in isolation.
    Signal,
    /// Nothing of the runtime's state: versions and capabilities.
    Nothing,
}

mod private {
    pub trait Sealed {}
}
pub(crate) use private::Sealed as SealedPayload;

/// What can stand in a message. The set is closed: each has its purpose, its limits and its fields.
pub trait Payload: SealedPayload + Serialize + DeserializeOwned + Clone {
    /// Stands first in what is signed, so that no signature holds for another purpose.
    const PURPOSE: &'static str;
    /// What it tells.
    const DISCLOSES: Discloses;
    /// Whether it may be addressed to everybody.
    const BROADCAST: bool = false;
    /// Whether it has a JSON-LD form.
    const LINKED: bool = false;
    /// Whether it is read in any major version, so that the answer can say no.
    const ANY_MAJOR: bool = false;
    /// Its fields, in the order in which they are written.
    const ORDER: &'static [&'static str];

    /// What reading stops at.
    fn limits(rules: &Rules) -> &ReadLimits {
        &rules.packet
    }

    /// What the types cannot say.
    ///
    /// # Errors
    /// [`Misfit`] tells the field and the rule.
    fn check(&self, rules: &Rules) -> Result<(), Misfit> {
        let _ = rules;
        Ok(())
    }

    /// The first word that this version does not know, with its field.
    fn newer_word(&self) -> Option<(&'static str, String)> {
        None
    }

    /// What it claims about the runtime, for the gate to compare.
    fn claims(&self) -> Claims {
        Claims::default()
    }
}

/// A field of a payload does not hold what it should.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{field} {rule}")]
pub struct Misfit {
    /// The field, as a path of names.
    pub field: String,
    /// What it should be.
    pub rule: String,
}

impl Misfit {
    pub(crate) fn new(field: impl Into<String>, rule: impl Into<String>) -> Self {
        Self {
            field: field.into(),
            rule: rule.into(),
        }
    }
}

/// A header and a payload: what is sealed.
///
/// A message cannot be sent. [`Gate::clear`](crate::Gate::clear) and
/// [`Sealer::seal`](crate::seal::Sealer::seal) make a [`Sealed`](crate::seal::Sealed) one of it, which can.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Message<P> {
    /// Who, to whom, when.
    pub header: Header,
    /// What.
    pub payload: P,
}

impl<P: Payload> Message<P> {
    /// Puts the two together.
    #[must_use]
    pub const fn new(header: Header, payload: P) -> Self {
        Self { header, payload }
    }
}

/// A text is not a message, or not one that is understood here. The sender is at fault.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ReadError {
    /// Not a document.
    #[error(transparent)]
    Text(#[from] TextError),
    /// Not of the form of the message.
    #[error("{at}: {what}")]
    Shape {
        /// Where.
        at: Place,
        /// What is wrong.
        what: String,
    },
    /// A version that is not understood.
    #[error("/header/protocol_version: {0}")]
    Version(#[from] VersionError),
    /// A field that its version does not have.
    #[error(
        "{at}: version {version} has no such field; mend the name, or send the version that has it"
    )]
    UnknownField {
        /// Where.
        at: Place,
        /// The version of the message.
        version: ProtocolVersion,
    },
    /// A word that its version does not have.
    #[error("{at}: version {version} does not know the word {word:?}")]
    UnknownWord {
        /// Where.
        at: Place,
        /// The word.
        word: String,
        /// The version of the message.
        version: ProtocolVersion,
    },
    /// A field of a later version whose name could mean something else to another reader.
    #[error("{at}: a new field is named by 1 to 64 of `A-Z a-z 0-9 . _ -`")]
    FieldName {
        /// Where.
        at: Place,
    },
    /// An `@context` that is not ours, or where none belongs.
    #[error("/@context: only the published context is taken, and only in JSON-LD")]
    Context,
}

impl ReadError {
    /// A short fixed name, for logs and problem types.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Text(TextError::TooLarge { .. }) => "too_large",
            Self::Text(TextError::TooDeep { .. }) => "too_deep",
            Self::Text(TextError::TooMany { .. }) => "too_many",
            Self::Text(TextError::Duplicate { .. }) => "duplicate",
            Self::Text(TextError::Number { .. }) => "number",
            Self::Text(TextError::Syntax { .. }) => "syntax",
            Self::Shape { .. } => "shape",
            Self::Version(VersionError::UnsupportedMajor { .. }) => "unsupported_major",
            Self::Version(VersionError::Malformed) => "version",
            Self::UnknownField { .. } => "unknown_field",
            Self::UnknownWord { .. } => "unknown_word",
            Self::FieldName { .. } => "field_name",
            Self::Context => "context",
        }
    }

    /// Where, as a JSON pointer; empty for the whole.
    #[must_use]
    pub fn pointer(&self) -> &str {
        match self {
            Self::Text(TextError::TooLarge { .. }) => "",
            Self::Text(
                TextError::TooDeep { at, .. }
                | TextError::TooMany { at, .. }
                | TextError::Duplicate { at }
                | TextError::Number { at }
                | TextError::Syntax { at, .. },
            )
            | Self::Shape { at, .. }
            | Self::UnknownField { at, .. }
            | Self::UnknownWord { at, .. }
            | Self::FieldName { at } => &at.pointer,
            Self::Version(_) => "/header/protocol_version",
            Self::Context => "/@context",
        }
    }

    pub(crate) fn shape(pointer: impl Into<String>, what: impl Into<String>) -> Self {
        Self::Shape {
            at: place(pointer),
            what: what.into(),
        }
    }
}

fn place(pointer: impl Into<String>) -> Place {
    Place {
        pointer: pointer.into(),
        line_column: None,
    }
}

/// A message that was read and not yet verified: its words are claims.
#[derive(Debug, Clone, PartialEq)]
pub struct Unverified<M> {
    pub(crate) message: M,
    /// What was read, without context and signature: the seal is over this.
    pub(crate) received: Value,
    pub(crate) signature: Signature,
}

impl<P: Payload> Unverified<Message<P>> {
    /// Reads a message of any format (`SRIP-05 §3`, `§4`, `§5`).
    ///
    /// # Errors
    /// [`ReadError`] tells what is wrong and where.
    pub fn read(bytes: &[u8], format: Format, rules: &Rules) -> Result<Self, ReadError> {
        let value = wire::read(bytes, format, P::limits(rules))?;
        let Value::Object(mut object) = value else {
            return Err(ReadError::shape("", "a message is an object"));
        };
        if let Some(context) = object.remove("@context") {
            let welcome = format == Format::JsonLd && P::LINKED;
            if !welcome || !wire::is_ours(&context) {
                return Err(ReadError::Context);
            }
        }
        let version = version(&object)?;
        let signature = object
            .remove("signature")
            .ok_or_else(|| ReadError::shape("/signature", "is missing"))?;
        if !signature.is_object() {
            return Err(ReadError::shape("/signature", "is an object"));
        }
        let signature: Signature = typed(&signature, "/signature")?;
        let received = Value::Object(object);
        let message: Message<P> = match (rules.version.agreed(version), P::ANY_MAJOR) {
            (Ok(_), _) => typed(&received, "")?,
            // a stranger's form may well not be ours
            (Err(error), true) => typed(&received, "").map_err(|_| error)?,
            (Err(error), false) => return Err(error.into()),
        };
        known(&message, &received, rules)?;
        message.payload.check(rules).map_err(|misfit| {
            ReadError::shape(format!("/payload/{}", misfit.field), misfit.rule)
        })?;
        Ok(Self {
            message,
            received,
            signature,
        })
    }
}

impl<M> Unverified<M> {
    /// What it claims. Nobody vouches for it.
    #[must_use]
    pub const fn claimed(&self) -> &M {
        &self.message
    }

    /// Its signature, as it was written.
    #[must_use]
    pub const fn signature(&self) -> &Signature {
        &self.signature
    }
}

fn version(object: &Map<String, Value>) -> Result<ProtocolVersion, ReadError> {
    let header = object
        .get("header")
        .ok_or_else(|| ReadError::shape("/header", "is missing"))?;
    match header.get("protocol_version") {
        Some(Value::String(text)) => Ok(text.parse()?),
        Some(_) => Err(ReadError::shape(
            "/header/protocol_version",
            "has to be a text, such as \"1.0\"; in YAML it needs its quotes",
        )),
        None => Err(ReadError::shape("/header/protocol_version", "is missing")),
    }
}

pub(crate) fn typed<T: DeserializeOwned>(value: &Value, below: &str) -> Result<T, ReadError> {
    serde_path_to_error::deserialize(value).map_err(|error| {
        let mut pointer = below.to_owned();
        for step in error.path() {
            pointer.push('/');
            match step {
                Segment::Seq { index } => pointer += &index.to_string(),
                Segment::Map { key } => pointer += &key.replace('~', "~0").replace('/', "~1"),
                Segment::Enum { variant } => pointer += variant,
                Segment::Unknown => pointer.push('?'),
            }
        }
        ReadError::shape(pointer, error.into_inner().to_string())
    })
}

/// Holds a message against the words and fields of its version (`SRIP-05 §5`).
fn known<P: Payload>(
    message: &Message<P>,
    received: &Value,
    rules: &Rules,
) -> Result<(), ReadError> {
    let version = message.header.protocol_version;
    let newer = version > rules.version;
    if let (false, Some((field, word))) = (newer, message.payload.newer_word()) {
        let at = place(format!("/payload/{field}"));
        return Err(ReadError::UnknownWord { at, word, version });
    }
    let ours =
        serde_json::to_value(message).map_err(|error| ReadError::shape("", error.to_string()))?;
    unknown_field(received, &ours, version, newer)
}

/// The first field that was received and that we do not have, unless the version is newer than ours.
pub(crate) fn unknown_field(
    received: &Value,
    ours: &Value,
    version: ProtocolVersion,
    newer: bool,
) -> Result<(), ReadError> {
    let mut path = String::new();
    match unknown(received, ours, &mut path, newer) {
        None => Ok(()),
        Some(Unknown::Field) => Err(ReadError::UnknownField {
            at: place(path),
            version,
        }),
        Some(Unknown::Name) => Err(ReadError::FieldName { at: place(path) }),
        Some(Unknown::Form) => Err(ReadError::shape(path, "is written in another form")),
    }
}

enum Unknown {
    Field,
    Name,
    /// A list where an object belongs, and the like: types read some of that, the schema has none.
    Form,
}

/// The first field that was received and that we do not have; where new fields are allowed, the first
/// with a name that is not.
fn unknown(received: &Value, ours: &Value, path: &mut String, allowed: bool) -> Option<Unknown> {
    let (received, ours) = match (received, ours) {
        (Value::Object(received), Value::Object(ours)) => (received, ours),
        (Value::Array(received), Value::Array(ours)) => {
            return received
                .iter()
                .zip(ours)
                .enumerate()
                .find_map(|(at, (r, o))| {
                    stepped(path, &at.to_string(), |path| unknown(r, o, path, allowed))
                });
        }
        (received, ours) => return (kind(received) != kind(ours)).then_some(Unknown::Form),
    };
    received.iter().find_map(|(name, value)| {
        stepped(path, name, |path| match ours.get(name) {
            Some(known) => unknown(value, known, path, allowed),
            None if !allowed => Some(Unknown::Field),
            None => named(name, value, path),
        })
    })
}

const fn kind(value: &Value) -> u8 {
    match value {
        Value::Null => 0,
        Value::Bool(_) => 1,
        Value::Number(_) => 2,
        Value::String(_) => 3,
        Value::Array(_) => 4,
        Value::Object(_) => 5,
    }
}

/// Checks the names of a field that is new to us and of all below it.
fn named(name: &str, value: &Value, path: &mut String) -> Option<Unknown> {
    let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-');
    if !(1..=64).contains(&name.len()) || !name.chars().all(allowed) {
        return Some(Unknown::Name);
    }
    match value {
        Value::Object(fields) => fields
            .iter()
            .find_map(|(name, value)| stepped(path, name, |path| named(name, value, path))),
        Value::Array(items) => items.iter().enumerate().find_map(|(at, item)| {
            let at = at.to_string();
            stepped(path, &at, |path| named("item", item, path))
        }),
        _ => None,
    }
}

/// Walks one step down; the path is left standing at what was found.
fn stepped(
    path: &mut String,
    step: &str,
    walk: impl FnOnce(&mut String) -> Option<Unknown>,
) -> Option<Unknown> {
    let before = path.len();
    path.push('/');
    path.extend(step.chars().filter(|c| !c.is_control()).take(128));
    let found = walk(path);
    if found.is_none() {
        path.truncate(before);
    }
    found
}

/// The whole document of a message: what is sealed, and the signature.
pub(crate) fn document(body: Value, signature: &Signature) -> Value {
    let mut object = match body {
        Value::Object(object) => object,
        _ => Map::new(),
    };
    object.insert("signature".into(), signature.to_value());
    Value::Object(object)
}

/// Writes a document of a payload in a format.
pub(crate) fn written<P: Payload>(mut document: Value, format: Format) -> Vec<u8> {
    if format == Format::JsonLd && P::LINKED {
        document["@context"] = wire::context();
    }
    wire::write(&document, format, P::ORDER)
}

/// The fields that all messages have, before and after those of their payload.
macro_rules! order {
    ($($name:literal),* $(,)?) => {
        &[
            "@context", "header", "payload", "signature",
            "protocol_version", "source_runtime_id", "target_runtime_id", "timestamp",
            $($name,)*
            "checksum", "integrity_token",
        ]
    };
}
pub(crate) use order;
