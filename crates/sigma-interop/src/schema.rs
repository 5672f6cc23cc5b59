//! JSON Schemas of what is exchanged (feature `schema`).

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use std::borrow::Cow;

use crate::{
    CauseId, Header, KeyId, Label, Message, Moment, Nonce, Open, ProtocolVersion, RuntimeId,
    Sealed, seal::Signature,
};

macro_rules! inline {
    ($type:ty, $name:literal, $schema:tt) => {
        impl JsonSchema for $type {
            fn inline_schema() -> bool {
                true
            }
            fn schema_name() -> Cow<'static, str> {
                $name.into()
            }
            fn json_schema(_: &mut SchemaGenerator) -> Schema {
                json_schema!($schema)
            }
        }
    };
}

inline!(RuntimeId, "RuntimeId", {
    "type": "string", "format": "uuid",
    "pattern": "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"
});
inline!(KeyId, "KeyId", { "type": "string", "pattern": "^[A-Za-z0-9._-]{1,64}$" });
inline!(Label, "Label", { "type": "string", "minLength": 1, "maxLength": 128 });
inline!(Moment, "Moment", { "type": "string", "format": "date-time" });
inline!(CauseId, "CauseId", { "type": "string", "pattern": "^cause:[0-9a-f]{32}$" });
inline!(Nonce, "Nonce", { "type": "string", "pattern": "^[0-9a-f]{32}$" });
inline!(ProtocolVersion, "ProtocolVersion", {
    "type": "string", "pattern": "^(0|[1-9][0-9]{0,4})\\.(0|[1-9][0-9]{0,4})$"
});

/// A word of an open list: the known ones are named, others are allowed.
impl<T: JsonSchema> JsonSchema for Open<T> {
    fn inline_schema() -> bool {
        true
    }
    fn schema_name() -> Cow<'static, str> {
        format!("Open_{}", T::schema_name()).into()
    }
    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let known = generator.subschema_for::<T>();
        let other = generator.subschema_for::<Label>();
        json_schema!({ "anyOf": [known, other] })
    }
}

/// The document as it travels: header, payload, signature.
impl<P: JsonSchema> JsonSchema for Sealed<Message<P>> {
    fn schema_name() -> Cow<'static, str> {
        format!("Sealed{}", P::schema_name()).into()
    }
    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let header = generator.subschema_for::<Header>();
        let payload = generator.subschema_for::<P>();
        let signature = generator.subschema_for::<Signature>();
        json_schema!({
            "type": "object",
            "description": "A sealed message. The checksum is over the canonical JSON (RFC 8785) of all \
                            but `signature` and `@context`.",
            "properties": { "header": header, "payload": payload, "signature": signature },
            "required": ["header", "payload", "signature"],
        })
    }
}
