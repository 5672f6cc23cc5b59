//! `cargo xtask schemas`: JSON Schemas (draft 2020-12) of what is exchanged, in `schemas/`.

mod forms;

use clap::Args;
use schemars::{JsonSchema, SchemaGenerator, generate::SchemaSettings};
use serde_json::Value;

use crate::{
    Outcome,
    generated::{self, Generated},
    root,
    spec::{Case, Deviation, Document},
};

/// How to write the schemas.
#[derive(Debug, Args)]
pub(crate) struct Options {
    /// Only say whether the files are up to date
    #[arg(long)]
    check: bool,
}

/// One file: its name, and what makes its schema.
type Entry = (&'static str, fn(&mut SchemaGenerator) -> schemars::Schema);

/// Every schema, in the order of the alphabet.
const SCHEMAS: &[Entry] = &[
    ("conformance-answer", of::<forms::Answer>),
    ("conformance-case", of::<Case>),
    ("conformance-question", of::<forms::Question>),
    ("deviation", of::<Deviation>),
    ("memory-layer", of::<sigma_memory::MemoryLayer>),
    ("requirements", of::<Document>),
    ("transcript", of::<forms::TranscriptFile>),
];

fn of<T: JsonSchema>(generator: &mut SchemaGenerator) -> schemars::Schema {
    generator.root_schema_for::<T>()
}

pub(crate) fn run(options: &Options) -> Outcome {
    let folder = root::workspace().join("schemas");
    let mut files = Vec::new();
    for (name, make) in SCHEMAS {
        let mut text = serde_json::to_string_pretty(&schema(name, *make))?;
        text.push('\n');
        files.push(Generated {
            path: folder.join(format!("{name}.json")),
            text,
        });
    }
    let known: Vec<_> = files.iter().map(|file| file.path.clone()).collect();
    let stray = root::files(&folder, "json")?
        .into_iter()
        .filter(|path| !known.contains(path));
    generated::put(&files, stray, options.check, "cargo xtask schemas")
}

/// The schema as it is read: `T` of the answers and files that our crates write.
fn schema(name: &str, make: fn(&mut SchemaGenerator) -> schemars::Schema) -> Value {
    let mut generator = SchemaSettings::draft2020_12()
        .for_serialize()
        .into_generator();
    let mut schema = make(&mut generator).to_value();
    if let Value::Object(fields) = &mut schema {
        fields.insert(
            "$id".into(),
            format!("urn:sigma-workspace:schema:{name}").into(),
        );
    }
    schema
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spec;

    fn validator(name: &str) -> jsonschema::Validator {
        let (_, make) = SCHEMAS.iter().find(|(entry, _)| *entry == name).unwrap();
        jsonschema::validator_for(&schema(name, *make)).unwrap()
    }

    fn accepts(name: &str, value: &Value) {
        let validator = validator(name);
        let errors: Vec<_> = validator
            .iter_errors(value)
            .map(|e| e.to_string())
            .collect();
        assert_eq!(errors, Vec::<String>::new(), "{name}");
    }

    #[test]
    fn names_are_in_order_and_every_schema_is_one() {
        assert!(SCHEMAS.is_sorted_by(|a, b| a.0 < b.0));
        for (name, make) in SCHEMAS {
            let schema = schema(name, *make);
            jsonschema::meta::validate(&schema).unwrap_or_else(|e| panic!("{name}: {e}"));
        }
    }

    #[test]
    fn the_committed_requirements_deviations_and_cases_fit() {
        let folder = root::workspace().join("spec-fixtures");
        for path in root::files(&folder.join("requirements"), "yaml").unwrap() {
            accepts("requirements", &spec::yaml::<Value>(&path).unwrap());
        }
        for deviation in spec::yaml::<Vec<Value>>(&folder.join("deviations.yaml")).unwrap() {
            accepts("deviation", &deviation);
        }
        for path in root::files(&folder.join("srip-03"), "json").unwrap() {
            let cases: Vec<Value> = serde_json::from_str(&root::read(&path).unwrap()).unwrap();
            cases
                .iter()
                .for_each(|case| accepts("conformance-case", case));
        }
    }

    #[test]
    fn the_demo_dialogues_are_transcripts_and_other_things_are_not() {
        let demo = root::workspace().join("spec-fixtures/demo");
        for name in ["harbour.json", "migration.json"] {
            let text = root::read(&demo.join(name)).unwrap();
            accepts("transcript", &serde_json::from_str(&text).unwrap());
        }
        for wrong in [
            serde_json::json!({"identity": "x"}),
            serde_json::json!({"cycles": [{"user_input": "only a question"}]}),
            serde_json::json!({"cycles": [{"user_input": 1, "response": "a"}]}),
        ] {
            assert!(!validator("transcript").is_valid(&wrong), "{wrong}");
        }
    }
}
