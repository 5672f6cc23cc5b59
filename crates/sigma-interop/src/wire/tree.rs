//! Strict reading. What went wrong is kept beside the parser, which only knows texts.

use serde::{
    Deserializer,
    de::{DeserializeSeed, Error, MapAccess, SeqAccess, Visitor},
};
use serde_json::{Map, Number, Value};
use std::{cell::RefCell, fmt};

use super::{Place, TextError};
use crate::rules::ReadLimits;

/// The largest whole number that every reader keeps exactly: 2^53 - 1.
pub(super) const EXACT: u64 = (1 << 53) - 1;

pub(super) fn json(bytes: &[u8], limits: &ReadLimits) -> Result<Value, TextError> {
    let watch = Watch::new(limits);
    let mut parser = serde_json::Deserializer::from_slice(bytes);
    let read = watch
        .root()
        .deserialize(&mut parser)
        .and_then(|value| parser.end().map(|()| value));
    read.map_err(|error| {
        let place = (error.line() > 0).then(|| (error.line(), error.column()));
        let said = error.to_string();
        let what = said
            .split(" at line ")
            .next()
            .unwrap_or_default()
            .to_owned();
        watch.fault(place, what)
    })
}

pub(super) fn yaml(bytes: &[u8], limits: &ReadLimits) -> Result<Value, TextError> {
    let watch = Watch::new(limits);
    let text = std::str::from_utf8(bytes).map_err(|error| {
        watch.fault(
            None,
            format!("not UTF-8 from byte {} on", error.valid_up_to()),
        )
    })?;
    let read =
        serde_saphyr::with_deserializer_from_str_with_options(text, options(limits), |parser| {
            watch.root().deserialize(parser)
        });
    read.map_err(|error| {
        if let serde_saphyr::Error::DuplicateMappingKey { key, .. } = error.without_snippet() {
            watch.enter(Step::Name(key.clone().unwrap_or_default()));
            watch.state.borrow_mut().wrong.get_or_insert(Wrong::Twice);
        }
        let at = error.location();
        let place = at.map(|at| (at.line() as usize, at.column() as usize));
        watch.fault(place, first_line(&error.to_string()))
    })
}

fn options(limits: &ReadLimits) -> serde_saphyr::Options {
    serde_saphyr::options! {
        budget: serde_saphyr::budget! {
            max_events: limits.nodes.saturating_mul(4),
            max_nodes: limits.nodes.saturating_mul(2),
            max_depth: limits.depth + 1,
            flow_nesting_limit: limits.depth + 1,
            max_anchors: 0,
            max_aliases: 0,
            max_documents: 1,
            max_merge_keys: 0,
            max_total_scalar_bytes: limits.bytes,
        },
        alias_limits: serde_saphyr::alias_limits! {
            max_total_replayed_events: 0,
            max_replay_stack_depth: 0,
            max_alias_expansions_per_anchor: 0,
        },
        duplicate_keys: serde_saphyr::options::DuplicateKeyPolicy::Error,
        merge_keys: serde_saphyr::options::MergeKeyPolicy::Error,
        strict_booleans: true,
        reject_unsupported_tags: true,
        with_snippet: false,
    }
}

fn first_line(text: &str) -> String {
    text.lines().next().unwrap_or_default().to_owned()
}

/// What is used up, where the reader stands, and what was wrong.
struct Watch<'l> {
    limits: &'l ReadLimits,
    state: RefCell<State>,
}

#[derive(Default)]
struct State {
    nodes: usize,
    path: Vec<Step>,
    wrong: Option<Wrong>,
}

enum Step {
    Name(String),
    Item(usize),
}

#[derive(Clone, Copy)]
enum Wrong {
    Deep,
    Many,
    Twice,
    Number,
}

impl<'l> Watch<'l> {
    fn new(limits: &'l ReadLimits) -> Self {
        Self {
            limits,
            state: RefCell::default(),
        }
    }

    const fn root(&self) -> Node<'_> {
        Node {
            watch: self,
            depth: 0,
        }
    }

    fn wrong<E: Error>(&self, wrong: Wrong) -> E {
        self.state.borrow_mut().wrong.get_or_insert(wrong);
        E::custom("refused")
    }

    fn count<E: Error>(&self) -> Result<(), E> {
        let nodes = {
            let mut state = self.state.borrow_mut();
            state.nodes += 1;
            state.nodes
        };
        if nodes > self.limits.nodes {
            return Err(self.wrong(Wrong::Many));
        }
        Ok(())
    }

    fn enter(&self, step: Step) {
        self.state.borrow_mut().path.push(step);
    }

    /// Only after success: after a failure the path stays where it was.
    fn leave(&self) {
        self.state.borrow_mut().path.pop();
    }

    fn fault(&self, line_column: Option<(usize, usize)>, what: String) -> TextError {
        let state = self.state.borrow();
        let at = Place {
            pointer: pointer(&state.path),
            line_column,
        };
        match state.wrong {
            Some(Wrong::Deep) => TextError::TooDeep {
                at,
                max: self.limits.depth,
            },
            Some(Wrong::Many) => TextError::TooMany {
                at,
                max: self.limits.nodes,
            },
            Some(Wrong::Twice) => TextError::Duplicate { at },
            Some(Wrong::Number) => TextError::Number { at },
            None => TextError::Syntax { at, what },
        }
    }
}

/// The longest step and pointer that are shown.
const SHOWN: usize = 256;

fn pointer(path: &[Step]) -> String {
    let mut text = String::new();
    for step in path {
        text.push('/');
        match step {
            Step::Name(name) => {
                let name = name.replace('~', "~0").replace('/', "~1");
                text.extend(name.chars().filter(|c| !c.is_control()).take(SHOWN));
            }
            Step::Item(at) => text.push_str(&at.to_string()),
        }
        if text.len() > SHOWN {
            break;
        }
    }
    text
}

#[derive(Clone, Copy)]
struct Node<'w> {
    watch: &'w Watch<'w>,
    depth: usize,
}

impl Node<'_> {
    fn below<E: Error>(self) -> Result<Self, E> {
        if self.depth >= self.watch.limits.depth {
            return Err(self.watch.wrong(Wrong::Deep));
        }
        Ok(Self {
            depth: self.depth + 1,
            ..self
        })
    }
}

impl<'de> DeserializeSeed<'de> for Node<'_> {
    type Value = Value;
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        self.watch.count()?;
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Node<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value of JSON")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_none<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, truth: bool) -> Result<Value, E> {
        Ok(truth.into())
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<Value, E> {
        if number > EXACT {
            return Err(self.watch.wrong(Wrong::Number));
        }
        Ok(number.into())
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<Value, E> {
        if number.unsigned_abs() > EXACT {
            return Err(self.watch.wrong(Wrong::Number));
        }
        Ok(number.into())
    }

    fn visit_u128<E: Error>(self, _: u128) -> Result<Value, E> {
        Err(self.watch.wrong(Wrong::Number))
    }

    fn visit_i128<E: Error>(self, _: i128) -> Result<Value, E> {
        Err(self.watch.wrong(Wrong::Number))
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<Value, E> {
        if number.fract() == 0.0 {
            // one form for 1, 1.0 and 1e0, and none for the negative zero
            return if number.abs() <= EXACT as f64 {
                Ok((number as i64).into())
            } else {
                Err(self.watch.wrong(Wrong::Number))
            };
        }
        Number::from_f64(number)
            .map(Value::Number)
            .ok_or_else(|| self.watch.wrong(Wrong::Number))
    }

    fn visit_str<E>(self, text: &str) -> Result<Value, E> {
        Ok(text.into())
    }

    fn visit_string<E>(self, text: String) -> Result<Value, E> {
        Ok(text.into())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Value, A::Error> {
        let below = self.below()?;
        let mut items = Vec::new();
        loop {
            self.watch.enter(Step::Item(items.len()));
            let Some(item) = seq.next_element_seed(below)? else {
                break;
            };
            self.watch.leave();
            items.push(item);
        }
        self.watch.leave();
        Ok(Value::Array(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Value, A::Error> {
        let below = self.below()?;
        let mut object = Map::new();
        while let Some(name) = map.next_key::<String>()? {
            self.watch.enter(Step::Name(name.clone()));
            if object.contains_key(&name) {
                return Err(self.watch.wrong(Wrong::Twice));
            }
            let value = map.next_value_seed(below)?;
            self.watch.leave();
            object.insert(name, value);
        }
        Ok(Value::Object(object))
    }
}
