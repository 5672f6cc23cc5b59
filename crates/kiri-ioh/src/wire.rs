//! The exact bodies of the five phases (`IOH-01 §43.2`): these fields, no others.

use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::{Map, Value};

use crate::{
    digest::Digest,
    ids::{BindToken, NegotiationId, SchemaId, SchemaVersion},
    json,
    moment::Moment,
    reason::{Invariant, Phase, ReasonCode, Refusal},
    translation::Translation,
};

/// The longest request body that is taken, in bytes.
pub const LONGEST_BODY: usize = 64 * 1024;

/// ANNOUNCE: who asks (`IOH-01 §43.2`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AnnounceRequest {
    /// The peer's schema, such as `ext:foo/v2`.
    pub schema_id: SchemaId,
    /// Where its descriptor is: an https address, kept byte for byte.
    pub namespace_uri: String,
    /// The schema's version, such as `2.1.0`.
    pub version: SchemaVersion,
    /// How its people are reached. Stored apart, so that it can be erased.
    pub contact: String,
}

/// What ANNOUNCE answers (`IOH-01 §43.2`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AnnounceResponse {
    /// The name of the negotiation.
    pub negotiation_id: NegotiationId,
    /// Until when it can be bound.
    pub expires_at: Moment,
}

/// NEGOTIATE (`IOH-01 §43.2`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NegotiateRequest {
    /// The negotiation.
    pub negotiation_id: NegotiationId,
}

/// What NEGOTIATE answers (`IOH-01 §43.2`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NegotiateResponse {
    /// The translations that are offered, in the order of the offer.
    pub supported_translations: Vec<Translation>,
    /// The invariants that both hold to, in the order of the offer.
    pub required_invariants: Vec<Invariant>,
    /// What the peer signs.
    pub binding_offer_hash: Digest,
}

/// BIND (`IOH-01 §43.2`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BindRequest {
    /// The negotiation.
    pub negotiation_id: NegotiationId,
    /// A detached JWS over the ASCII text of `binding_offer_hash`.
    pub ack_signature: String,
}

/// What BIND answers (`IOH-01 §43.2`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BindResponse {
    /// The name of the binding.
    pub bind_token: BindToken,
    /// Its record: `kiri:interop/bnd_…`.
    pub ledger_entry: String,
}

/// OPERATE: one message of a bound system. The endpoint and this envelope are our extension.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Envelope {
    /// The schema of the message: the announced one, byte for byte.
    pub schema_id: SchemaId,
    /// Its version, which must be stated (`IOH-01 §43.3`, `schema_versioned`).
    pub version: SchemaVersion,
    /// The message's own name, chosen by the peer, unique within the binding.
    pub id: String,
    /// The content, passed on as it is.
    pub payload: Value,
}

/// What OPERATE answers (our extension).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OperateResponse {
    /// The message's name, as it was given.
    pub id: String,
    /// The schema as the peer calls it, and what it is read as here.
    pub translations: Vec<Translation>,
    /// When it was taken.
    pub accepted_at: Moment,
    /// Its record.
    pub ledger_entry: String,
}

/// DISSOLVE (`IOH-01 §43.2`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DissolveRequest {
    /// The binding.
    pub bind_token: BindToken,
    /// Why. Stored apart, so that it can be erased.
    pub reason: String,
}

/// What DISSOLVE answers (`IOH-01 §43.2`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DissolveResponse {
    /// When it was sealed.
    pub sealed_at: Moment,
    /// Its record: `kiri:interop/bnd_…#sealed`.
    pub ledger_entry: String,
}

/// A body could not be taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum BodyError {
    /// It is longer than [`LONGEST_BODY`]: status 413.
    #[error("the body is longer than {LONGEST_BODY} bytes")]
    TooLong,
    /// It is not one object of I-JSON: status 400.
    #[error("it must be one JSON object, each of its fields once")]
    Malformed,
    /// A field is not there: status 400.
    #[error("the field `{0}` is missing")]
    Missing(&'static str),
    /// There is a field that the phase does not have: status 400.
    #[error("it has a field that this phase does not have")]
    Unknown,
    /// A field has another form than the phase asks for: status 400.
    #[error("the field `{0}` does not have the form that it has in this phase")]
    Field(&'static str),
    /// It has the form, and breaks an invariant: status 422.
    #[error(transparent)]
    Refused(#[from] Refusal),
}

/// Reads the body of ANNOUNCE.
///
/// # Errors
/// [`BodyError`]; a missing or empty `version` breaks an invariant and is refused as such.
pub fn announce_request(body: &[u8]) -> Result<AnnounceRequest, BodyError> {
    versioned(
        Phase::Announce,
        body,
        &[
            ("schema_id", is::<SchemaId>),
            ("namespace_uri", |value| {
                value
                    .as_str()
                    .is_some_and(|uri| uri.len() <= LONGEST_ADDRESS)
            }),
            ("version", is::<SchemaVersion>),
            ("contact", is_line),
        ],
    )
}

/// Reads the body of NEGOTIATE.
///
/// # Errors
/// [`BodyError`]. A text that cannot be a negotiation's name is refused as unknown.
pub fn negotiate_request(body: &[u8]) -> Result<NegotiateRequest, BodyError> {
    let fields = object(body)?;
    named(&fields, "negotiation_id", Phase::Negotiate)?;
    typed(fields, &[("negotiation_id", is::<NegotiationId>)])
}

/// Reads the body of BIND.
///
/// # Errors
/// As [`negotiate_request`].
pub fn bind_request(body: &[u8]) -> Result<BindRequest, BodyError> {
    let fields = object(body)?;
    named(&fields, "negotiation_id", Phase::Bind)?;
    typed(
        fields,
        &[
            ("negotiation_id", is::<NegotiationId>),
            ("ack_signature", Value::is_string),
        ],
    )
}

/// Reads the body of OPERATE.
///
/// # Errors
/// [`BodyError`]; a missing or empty `version` breaks an invariant and is refused as such.
pub fn envelope(body: &[u8]) -> Result<Envelope, BodyError> {
    versioned(
        Phase::Operate,
        body,
        &[
            ("schema_id", is::<SchemaId>),
            ("version", is::<SchemaVersion>),
            ("id", is_message_id),
            ("payload", |_| true),
        ],
    )
}

/// Reads the body of DISSOLVE.
///
/// # Errors
/// [`BodyError`]. A text that cannot be a binding's name is refused as unknown.
pub fn dissolve_request(body: &[u8]) -> Result<DissolveRequest, BodyError> {
    let fields = object(body)?;
    named(&fields, "bind_token", Phase::Dissolve)?;
    typed(
        fields,
        &[("bind_token", is::<BindToken>), ("reason", is_line)],
    )
}

const LONGEST_ADDRESS: usize = 2048;
const LONGEST_LINE: usize = 1024;

/// The fields of a phase, each with what its value has to be.
type Fields = [(&'static str, fn(&Value) -> bool)];

fn is<T: DeserializeOwned>(value: &Value) -> bool {
    T::deserialize(value).is_ok()
}

/// A contact or a reason is one line for people; the limit keeps the record small.
fn is_line(value: &Value) -> bool {
    value
        .as_str()
        .is_some_and(|text| text.len() <= LONGEST_LINE && !text.chars().any(char::is_control))
}

/// Only visible ASCII: two names that look alike are alike.
fn is_message_id(value: &Value) -> bool {
    value.as_str().is_some_and(|id| {
        (1..=LONGEST_LINE).contains(&id.len()) && id.bytes().all(|b| b.is_ascii_graphic())
    })
}

fn object(body: &[u8]) -> Result<Map<String, Value>, BodyError> {
    if body.len() > LONGEST_BODY {
        return Err(BodyError::TooLong);
    }
    match json::parse(body) {
        Ok(Value::Object(fields)) => Ok(fields),
        _ => Err(BodyError::Malformed),
    }
}

fn typed<T: DeserializeOwned>(
    fields: Map<String, Value>,
    phase: &'static Fields,
) -> Result<T, BodyError> {
    for (name, fits) in phase {
        let value = fields.get(*name).ok_or(BodyError::Missing(name))?;
        if !fits(value) {
            return Err(BodyError::Field(name));
        }
    }
    if fields.len() > phase.len() {
        return Err(BodyError::Unknown);
    }
    serde_json::from_value(Value::Object(fields)).map_err(|_| BodyError::Malformed)
}

fn versioned<T: DeserializeOwned>(
    phase: Phase,
    body: &[u8],
    known: &'static Fields,
) -> Result<T, BodyError> {
    let fields = object(body)?;
    let version = fields.get("version");
    if version.is_none_or(|version| version.is_null() || version.as_str() == Some("")) {
        return Err(Refusal::new(phase, ReasonCode::SchemaVersionMissing).into());
    }
    typed(fields, known)
}

/// A name that we cannot have given belongs to nothing that we know.
fn named(fields: &Map<String, Value>, field: &str, phase: Phase) -> Result<(), BodyError> {
    let Some(Value::String(text)) = fields.get(field) else {
        return Ok(());
    };
    let known = if phase == Phase::Dissolve {
        text.parse::<BindToken>().is_ok()
    } else {
        text.parse::<NegotiationId>().is_ok()
    };
    let reason = if phase == Phase::Dissolve {
        ReasonCode::BindingUnknown
    } else {
        ReasonCode::NegotiationUnknown
    };
    known
        .then_some(())
        .ok_or(Refusal::new(phase, reason).into())
}

#[cfg(test)]
mod tests {
    use super::*;

    const ANNOUNCE: &str = r#"{"schema_id":"ext:foo/v2","namespace_uri":"https://foo.example/ns","version":"2.1.0","contact":"ops@foo.example"}"#;

    #[test]
    fn bodies_have_exactly_their_fields() {
        assert!(announce_request(ANNOUNCE.as_bytes()).is_ok());
        for (part, other, error) in [
            ("\"contact\"", "\"contacts\"", BodyError::Missing("contact")),
            (
                "{\"schema_id\"",
                "{\"more\":1,\"schema_id\"",
                BodyError::Unknown,
            ),
            (
                "{\"schema_id\"",
                "{\"schema_id\":\"ext:foo/v2\",\"schema_id\"",
                BodyError::Malformed,
            ),
            ("ops@foo", "ops\\n@foo", BodyError::Field("contact")),
            ("ext:foo/v2", "foo", BodyError::Field("schema_id")),
            (
                "\"https://foo.example/ns\"",
                "7",
                BodyError::Field("namespace_uri"),
            ),
        ] {
            let body = ANNOUNCE.replace(part, other);
            assert_eq!(announce_request(body.as_bytes()), Err(error), "{body}");
        }
        assert_eq!(negotiate_request(b"[]"), Err(BodyError::Malformed));
        assert_eq!(
            bind_request(&vec![b' '; LONGEST_BODY + 1]),
            Err(BodyError::TooLong)
        );
    }

    #[test]
    fn names_of_messages_are_visible_ascii() {
        let named = |id: &str| {
            let id = Value::from(id);
            let body =
                format!(r#"{{"schema_id":"ext:foo/v2","version":"2","id":{id},"payload":null}}"#);
            envelope(body.as_bytes()).map(|envelope| envelope.id)
        };
        for id in ["m-1", "urn:uuid:1#a", &"x".repeat(1024)] {
            assert_eq!(named(id).as_deref(), Ok(id));
        }
        // a space, a letter that only looks like `m`, one that is not seen, one that turns the text round
        for id in [
            "",
            "m 1",
            "\u{43c}-1",
            "m\u{200b}",
            "\u{202e}m",
            "m\n",
            &"x".repeat(1025),
        ] {
            assert_eq!(named(id), Err(BodyError::Field("id")), "{id:?}");
        }
    }

    #[test]
    fn a_version_that_is_not_there_breaks_an_invariant() {
        for other in ["\"version\":\"\"", "\"version\":null", "\"versions\":\"2\""] {
            let body = ANNOUNCE.replace("\"version\":\"2.1.0\"", other);
            let Err(BodyError::Refused(refusal)) = announce_request(body.as_bytes()) else {
                panic!("{body}");
            };
            assert_eq!(refusal.invariant, Some(Invariant::SchemaVersioned));
        }
    }

    #[test]
    fn a_name_that_was_never_given_is_unknown() {
        let refused = |error| match error {
            Err(BodyError::Refused(refusal)) => refusal.reason_code,
            _ => panic!("not refused"),
        };
        let negotiate = negotiate_request(br#"{"negotiation_id":"ng_1"}"#).map(|_| ());
        assert_eq!(refused(negotiate), ReasonCode::NegotiationUnknown);
        let dissolve = dissolve_request(br#"{"bind_token":"x","reason":""}"#).map(|_| ());
        assert_eq!(refused(dissolve), ReasonCode::BindingUnknown);
    }
}
