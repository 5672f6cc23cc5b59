//! Who speaks, and where (`SRIP-13 §VIII.2`).

use crate::serve::Fault;
use serde_json::{Map, Value};
use sigma_core::{Speaking, TurnInput};
use sigma_ris::{Channel, ChannelClass};
use std::collections::BTreeSet;

/// The most bytes of a participant's id or name.
const LONGEST: usize = 128;

/// Who speaks, and where.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Speaker {
    id: Option<String>,
    speaking: Speaking,
}

impl Speaker {
    /// Puts it into a turn.
    pub(crate) fn apply(self, input: &mut TurnInput) {
        input.participant = self.id;
        input.speaking = self.speaking;
    }
}

/// From the body's `sender` and `channel`, and the names of its user messages.
pub(crate) fn read(
    sender: Option<Value>,
    channel: Option<Value>,
    names: &[Option<String>],
) -> Result<Speaker, Fault> {
    let last = names.last().cloned().flatten();
    let (id, name) = match sender {
        None | Some(Value::Null) => (last.clone(), last),
        Some(Value::String(id)) => (Some(id.clone()), last.or(Some(id))),
        Some(Value::Object(mut fields)) => {
            let id = text(&mut fields, "sender", "id")?;
            let Some(id) = id else {
                return Err(Fault::invalid("sender.id", "`sender.id` is missing."));
            };
            let name = text(&mut fields, "sender", "name")?;
            nothing_else(&fields, "sender")?;
            (Some(id), name.or(last))
        }
        Some(_) => {
            return Err(Fault::invalid(
                "sender",
                "`sender` must be an id, or an object of id and name.",
            ));
        }
    };
    for (field, value) in [("sender.id", &id), ("sender.name", &name)] {
        let bad = |text: &String| {
            text.trim().is_empty() || text.len() > LONGEST || text.chars().any(char::is_control)
        };
        if value.as_ref().is_some_and(bad) {
            let message =
                format!("`{field}` must have 1 to {LONGEST} bytes and no control characters.");
            return Err(Fault::invalid(field, message));
        }
    }
    let distinct: BTreeSet<&String> = names.iter().flatten().collect();
    let (channel, class) = match channel {
        None | Some(Value::Null) if distinct.len() > 1 => (Channel::Group, ChannelClass::default()),
        None | Some(Value::Null) => Default::default(),
        Some(Value::Object(mut fields)) => {
            let channel = fields.remove("type").unwrap_or_else(|| "direct".into());
            let class = fields.remove("class").unwrap_or_else(|| "api".into());
            nothing_else(&fields, "channel")?;
            (
                word("channel.type", channel)?,
                word("channel.class", class)?,
            )
        }
        Some(other) => (word("channel", other)?, ChannelClass::default()),
    };
    Ok(Speaker {
        id,
        speaking: Speaking {
            name,
            channel,
            class,
        },
    })
}

fn text(fields: &mut Map<String, Value>, at: &str, name: &str) -> Result<Option<String>, Fault> {
    match fields.remove(name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => Ok(Some(text)),
        Some(_) => {
            let field = format!("{at}.{name}");
            Err(Fault::invalid(
                field.as_str(),
                format!("`{field}` must be a text."),
            ))
        }
    }
}

fn word<T: serde::de::DeserializeOwned>(field: &str, value: Value) -> Result<T, Fault> {
    serde_json::from_value(value)
        .map_err(|error| Fault::invalid(field, format!("`{field}`: {error}.")))
}

fn nothing_else(fields: &Map<String, Value>, at: &str) -> Result<(), Fault> {
    match fields.keys().next() {
        None => Ok(()),
        Some(name) => {
            let field = format!("{at}.{name}");
            Err(Fault::invalid(
                field.as_str(),
                format!("There is no field `{field}`."),
            ))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_name_on_the_last_message_is_enough() {
        let names = [Some("Priya".to_owned()), Some("Dele".to_owned())];
        let speaker = read(None, None, &names).unwrap();
        assert_eq!(speaker.id.as_deref(), Some("Dele"));
        assert_eq!(speaker.speaking.channel, Channel::Group);
        let alone = read(None, None, &names[..1]).unwrap();
        assert_eq!(alone.speaking.channel, Channel::Direct);
        let named = read(
            Some(json!({"id": "u7", "name": "Dele"})),
            Some(json!({"type": "group", "class": "messenger"})),
            &[],
        );
        let named = named.unwrap();
        assert_eq!(
            (named.id.as_deref(), named.speaking.name.as_deref()),
            (Some("u7"), Some("Dele"))
        );
        assert_eq!(named.speaking.class, ChannelClass::Messenger);
    }

    #[test]
    fn what_is_wrong_is_named() {
        for (sender, channel) in [
            (json!(7), Value::Null),
            (json!({"name": "x"}), Value::Null),
            (json!({"id": "x", "age": 3}), Value::Null),
            (json!("a\nb"), Value::Null),
            (Value::Null, json!("party")),
            (Value::Null, json!({"type": "group", "room": 1})),
        ] {
            assert!(read(Some(sender), Some(channel), &[]).is_err());
        }
    }
}
