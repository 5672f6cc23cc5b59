//! JSON Schemas of the values (feature `schema`).

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use std::borrow::Cow;

use crate::{
    AttractorId, Cycle, Hash256, Measured, Missing, NonNegative, SessionId, Timestamp, Unit,
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

inline!(Unit, "Unit", { "type": "number", "minimum": 0, "maximum": 1 });
inline!(NonNegative, "NonNegative", { "type": "number", "minimum": 0 });
inline!(Cycle, "Cycle", { "type": "integer", "minimum": 0 });
inline!(AttractorId, "AttractorId", { "type": "string", "format": "uuid" });
inline!(Hash256, "Hash256", { "type": "string", "pattern": "^[0-9a-f]{64}$" });
inline!(Timestamp, "Timestamp", { "type": "string", "format": "date-time" });
inline!(SessionId, "SessionId", {
    "type": "string", "pattern": "^[A-Za-z0-9._:-]+$", "minLength": 1, "maxLength": 128
});

impl<T: JsonSchema> JsonSchema for Measured<T> {
    fn inline_schema() -> bool {
        true
    }
    fn schema_name() -> Cow<'static, str> {
        format!("Measured_{}", T::schema_name()).into()
    }
    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let value = generator.subschema_for::<T>();
        let why = generator.subschema_for::<Missing>();
        json_schema!({
            "anyOf": [
                value,
                {
                    "type": "object",
                    "properties": { "missing": why },
                    "required": ["missing"],
                    "additionalProperties": false
                }
            ]
        })
    }
}
