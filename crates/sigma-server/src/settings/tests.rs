//! Layers, origins and what is said about mistakes.

use super::*;

fn loaded(text: &str, variables: &[(&str, &str)]) -> Result<Loaded, SettingsError> {
    let variables = variables
        .iter()
        .map(|(name, value)| ((*name).into(), (*value).into()))
        .collect();
    combine(Some((Path::new("sigma.toml"), text)), &variables)
}

#[test]
fn every_key_exists_and_nothing_else() {
    let table = toml::Table::try_from(Settings::default()).unwrap();
    let mut there: Vec<_> = table
        .iter()
        .flat_map(|(section, inner)| {
            inner
                .as_table()
                .unwrap()
                .keys()
                .map(move |key| format!("{section}.{key}"))
        })
        .collect();
    let mut known: Vec<_> = KEYS.iter().map(|key| key.name.to_owned()).collect();
    there.sort();
    known.sort();
    assert_eq!(there, known);
}

#[test]
fn the_environment_overrides_the_file() {
    let text = "[server]\nbind = \"0.0.0.0:1\"\nrequests = 7\n[model]\nname = \"a\"\n";
    let loaded = loaded(
        text,
        &[
            ("SIGMA_SERVER_REQUESTS", "9"),
            ("SIGMA_MODEL_API_KEY", "s3cret"),
            ("SIGMA_MODLE_NAME", "x"),
            ("SIGMA_DATA", "/data"),
        ],
    )
    .unwrap();
    assert_eq!(loaded.settings.server.requests, 9);
    assert_eq!(loaded.settings.server.bind, "0.0.0.0:1");
    assert_eq!(loaded.settings.model.api_key.expose(), "s3cret");
    assert_eq!(loaded.unknown_variables, ["SIGMA_MODLE_NAME"]);
    assert!(!format!("{loaded:?}{}", loaded.describe()).contains("s3cret"));
    insta::assert_snapshot!(loaded.describe());
}

#[test]
fn what_is_wrong_is_named() {
    let error =
        |text: &str, variables: &[(&str, &str)]| loaded(text, variables).unwrap_err().to_string();
    insta::assert_snapshot!(
        [
            error("[model]\nnmae = \"x\"", &[]),
            error("[weather]\nrain = 1", &[]),
            error("colour = 3", &[]),
            error("[model\n", &[]),
            error("[model]\ntimeout_seconds = \"soon\"", &[]),
            error("[server]\nrequests = -1", &[]),
            error("", &[("SIGMA_SERVER_BODY_LIMIT", "big")]),
        ]
        .join("\n---\n")
    );
}

#[test]
fn lists_come_from_the_file_and_from_the_environment() {
    let text = "[interop]\nreserved_hosts = [\"a.example\", \"b.example\"]\n";
    let variables = [("SIGMA_INTEROP_TREATIES", "ext:bank/*, ext:mint/v1")];
    let loaded = loaded(text, &variables).unwrap().settings.interop;
    assert_eq!(loaded.reserved_hosts.0, ["a.example", "b.example"]);
    assert_eq!(loaded.treaties.0, ["ext:bank/*", "ext:mint/v1"]);
    assert_eq!(loaded.translations.0.len(), 1);
}
