//! `cargo xtask schemas`: JSON Schemas (draft 2020-12) of what is exchanged, in `schemas/`.

mod catalogue;
#[cfg(test)]
mod emitted;
mod forms;

use catalogue::{ENTRIES, Entry};
use clap::Args;
use schemars::generate::SchemaSettings;
use serde_json::Value;
use std::fmt::Write as _;

use crate::{
    Outcome,
    generated::{self, Generated},
    root,
};

/// How to write the schemas.
#[derive(Debug, Args)]
pub(crate) struct Options {
    /// Only say whether the files are up to date
    #[arg(long)]
    check: bool,
}

pub(crate) fn run(options: &Options) -> Outcome {
    let folder = root::workspace().join("schemas");
    let mut files = vec![Generated {
        path: folder.join("README.md"),
        text: index(),
    }];
    for entry in ENTRIES {
        let mut text = serde_json::to_string_pretty(&schema(entry))?;
        text.push('\n');
        files.push(Generated {
            path: folder.join(format!("{}.json", entry.name)),
            text,
        });
    }
    let known: Vec<_> = files.iter().map(|file| file.path.clone()).collect();
    let stray = root::files(&folder, "json")?
        .into_iter()
        .filter(|path| !known.contains(path));
    generated::put(&files, stray, options.check, "cargo xtask schemas")
}

/// The schema of a thing as it is written, with `$id` and the clause.
fn schema(entry: &Entry) -> Value {
    let mut generator = SchemaSettings::draft2020_12()
        .for_serialize()
        .into_generator();
    let mut schema = (entry.make)(&mut generator).to_value();
    if let Value::Object(fields) = &mut schema {
        let id = format!("urn:sigma-workspace:schema:{}", entry.name);
        fields.insert("$id".into(), id.into());
        let told = fields
            .get("description")
            .and_then(Value::as_str)
            .unwrap_or("");
        if let Some(clause) = entry.clause.filter(|clause| !told.contains(clause)) {
            let told = format!("{told}\n\n{clause}");
            fields.insert("description".into(), told.into());
        }
    }
    schema
}

/// `schemas/README.md`.
fn index() -> String {
    let mut text = String::from(
        "# Schemas\n\n<!-- Made by `cargo xtask schemas`. Do not edit. -->\n\n\
         JSON Schemas (draft 2020-12) of what the workspace writes and reads, made from its types. A\n\
         figure that could not be measured is `{\"missing\": \"why\"}`, in the lines of `sigma replay` it is\n\
         `null`. Later versions may add fields and words to open lists: readers should let them pass.\n\n\
         | schema | clause | met in |\n|---|---|---|\n",
    );
    for entry in ENTRIES {
        let (name, clause) = (entry.name, entry.clause.unwrap_or("-"));
        // writing to a String cannot fail
        let _ = writeln!(text, "| [{name}]({name}.json) | {clause} | {} |", entry.met);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spec;

    pub(super) fn validator(name: &str) -> jsonschema::Validator {
        let entry = ENTRIES.iter().find(|entry| entry.name == name).unwrap();
        jsonschema::options()
            .should_validate_formats(true)
            .build(&schema(entry))
            .unwrap()
    }

    pub(super) fn accepts(name: &str, value: &Value) {
        let validator = validator(name);
        let errors: Vec<_> = validator
            .iter_errors(value)
            .map(|e| e.to_string())
            .collect();
        assert_eq!(errors, Vec::<String>::new(), "{name}");
    }

    #[test]
    fn names_are_in_order_and_every_schema_is_one() {
        assert!(ENTRIES.is_sorted_by(|a, b| a.name < b.name));
        for entry in ENTRIES {
            let schema = schema(entry);
            let name = entry.name;
            jsonschema::meta::validate(&schema).unwrap_or_else(|e| panic!("{name}: {e}"));
            let told = |field: &str| schema[field].as_str().unwrap_or_default();
            assert!(!told("title").is_empty(), "{name}");
            assert!(told("$id").ends_with(name), "{name}");
            assert!(
                told("description").contains(entry.clause.unwrap_or(" ")),
                "{name}"
            );
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
