//! What is read, what is refused, and where it is told.

use serde_json::{Value, json};
use sigma_interop::{rules::SRIP_05, wire::TextError, *};

use crate::support::*;

fn document() -> Value {
    let (sealer, _) = sealers().remove(0);
    serde_json::from_slice(&sealed(&sealer, plain()).to_bytes(Format::Json)).unwrap()
}

fn read(text: &str, format: Format) -> Result<Unverified<SigmaPacket>, ReadError> {
    Unverified::read(text.as_bytes(), format, &SRIP_05)
}

fn refused(value: &Value) -> (&'static str, String) {
    let error = read(&value.to_string(), Format::Json).unwrap_err();
    (error.name(), error.pointer().to_owned())
}

#[test]
fn fields_stand_in_the_order_of_the_schema_and_numbers_in_their_shortest_form() {
    let (sealer, _) = sealers().remove(2);
    let text = sealed(&sealer, plain());
    insta::assert_snapshot!(
        "packet.json",
        String::from_utf8(text.to_bytes(Format::Json)).unwrap()
    );
    insta::assert_snapshot!(
        "packet.yaml",
        String::from_utf8(text.to_bytes(Format::Yaml)).unwrap()
    );
}

#[test]
fn every_field_is_needed_and_told_by_its_place() {
    let whole = document();
    fn leaves(value: &Value, at: &str, out: &mut Vec<String>) {
        if let Value::Object(fields) = value {
            for (name, below) in fields {
                out.push(format!("{at}/{name}"));
                leaves(below, &format!("{at}/{name}"), out);
            }
        }
    }
    let mut all = Vec::new();
    leaves(&whole, "", &mut all);
    assert_eq!(
        all.len(),
        3 + 4 + 4 + 5 + 4 + 2 + 3 + 2,
        "SRIP-05 §3, nothing more"
    );
    for pointer in all {
        let (parent, name) = pointer.rsplit_once('/').unwrap();
        let mut less = whole.clone();
        less.pointer_mut(parent)
            .unwrap()
            .as_object_mut()
            .unwrap()
            .remove(name);
        let (error, at) = refused(&less);
        assert_eq!(error, "shape", "{pointer}");
        assert!(pointer.starts_with(&at), "{pointer} told at {at}");
        let mut wrong = whole.clone();
        *wrong.pointer_mut(&pointer).unwrap() = json!([[]]);
        assert!(read(&wrong.to_string(), Format::Json).is_err(), "{pointer}");
    }
}

#[test]
fn version_1_0_takes_nothing_unknown_and_a_newer_minor_keeps_it() {
    let mut value = document();
    value["payload"]["drift_metrics"]["td"] = json!(0.25);
    assert_eq!(
        refused(&value),
        ("unknown_field", "/payload/drift_metrics/td".into())
    );
    let mut word = document();
    word["payload"]["attractor_state"]["type"] = json!("liminal");
    assert_eq!(
        refused(&word),
        ("unknown_word", "/payload/attractor_state/type".into())
    );

    value["header"]["protocol_version"] = json!("1.7");
    value["payload"]["attractor_state"]["type"] = json!("liminal");
    value["provenance"] = json!({"hops": [1, 2.5, "x"]});
    let newer = read(&value.to_string(), Format::Json).unwrap();
    let kept: Value = serde_json::from_slice(&newer.to_bytes(Format::Yaml)).unwrap_or_else(|_| {
        let again =
            Unverified::<SigmaPacket>::read(&newer.to_bytes(Format::Yaml), Format::Yaml, &SRIP_05);
        serde_json::from_slice(&again.unwrap().to_bytes(Format::Json)).unwrap()
    });
    assert_eq!(kept, value);
    assert!(
        newer
            .claimed()
            .payload
            .attractor_state
            .kind
            .other()
            .is_some()
    );

    value["payload"]["safety_flags"]["@id"] = json!("urn:other");
    assert_eq!(
        refused(&value),
        ("field_name", "/payload/safety_flags/@id".into())
    );
    let mut signature = document();
    signature["header"]["protocol_version"] = json!("1.7");
    signature["signature"]["more"] = json!("x");
    assert_eq!(
        refused(&signature).0,
        "shape",
        "a seal does not cover itself"
    );
    let mut two = document();
    two["header"]["protocol_version"] = json!("2.0");
    assert_eq!(
        refused(&two),
        ("unsupported_major", "/header/protocol_version".into())
    );
}

#[test]
fn a_newer_field_is_under_the_seal() {
    let (sealer, key) = sealers().remove(1);
    let mut value: Value =
        serde_json::from_slice(&sealed(&sealer, plain()).to_bytes(Format::Json)).unwrap();
    value["payload"]["drift_metrics"]["td"] = json!(0.25);
    value["header"]["protocol_version"] = json!("1.7");
    let error = taken(value.to_string().as_bytes(), Format::Json, &ring(key)).unwrap_err();
    assert!(error.starts_with("checksum_mismatch"), "{error}");
}

#[test]
fn the_context_is_taken_where_it_belongs() {
    let (sealer, key) = sealers().remove(0);
    let text = sealed(&sealer, plain()).to_bytes(Format::JsonLd);
    let keys = ring(key);
    assert!(taken(&text, Format::JsonLd, &keys).is_ok());
    assert!(
        taken(&text, Format::Json, &keys)
            .unwrap_err()
            .starts_with("context")
    );
    let mut value: Value = serde_json::from_slice(&text).unwrap();
    value["@context"] = json!("https://schema.org/");
    assert!(
        taken(value.to_string().as_bytes(), Format::JsonLd, &keys)
            .unwrap_err()
            .starts_with("context")
    );
}

#[test]
fn what_two_readers_would_understand_differently_is_refused() {
    let text = document().to_string();
    let with = |from: &str, to: &str| {
        assert!(text.contains(from), "{from}");
        let error = read(&text.replacen(from, to, 1), Format::Json).unwrap_err();
        (error.name(), error.pointer().to_owned())
    };
    assert_eq!(
        with("\"scr\":0.8", "\"scr\":0.8,\"scr\":0.8"),
        ("duplicate", "/payload/attractor_state/scr".into())
    );
    assert_eq!(
        with("\"scr\":0.8", "\"scr\":0.8,\"s\\u0063r\":0.8"),
        ("duplicate", "/payload/attractor_state/scr".into())
    );
    assert_eq!(with("\"scr\":0.8", "\"scr\":NaN").0, "syntax");
    assert_eq!(with("\"scr\":0.8", "\"scr\":1e400").0, "syntax");
    assert_eq!(
        with("\"scr\":0.8", "\"scr\":1.0000000000000002"),
        ("shape", "/payload/attractor_state/scr".into())
    );
    assert_eq!(
        with("\"scr\":0.8", "\"scr\":9007199254740993"),
        ("number", "/payload/attractor_state/scr".into())
    );
    assert_eq!(
        with("\"scr\":0.8", "\"scr\":\"0.8\""),
        ("shape", "/payload/attractor_state/scr".into())
    );
    assert_eq!(
        with("\"scr\":0.8", "\"scr\":null"),
        ("shape", "/payload/attractor_state/scr".into())
    );
    for trailing in ["{}", "x", "\0"] {
        assert_eq!(
            read(&format!("{text}{trailing}"), Format::Json)
                .unwrap_err()
                .name(),
            "syntax"
        );
    }
    assert!(read(&format!("{text}\n "), Format::Json).is_ok());
}

#[test]
fn yaml_is_read_without_its_traps() {
    let (sealer, key) = sealers().remove(0);
    let yaml = String::from_utf8(sealed(&sealer, plain()).to_bytes(Format::Yaml)).unwrap();
    let name =
        |text: String| read(&text, Format::Yaml).map_or_else(|error| error.name(), |_| "read");
    assert_eq!(name(yaml.clone()), "read");
    assert!(
        taken(
            format!("# by hand\n{yaml}...\n").as_bytes(),
            Format::Yaml,
            &ring(key)
        )
        .is_ok()
    );
    assert_eq!(name(format!("{yaml}---\na: 1\n")), "syntax");
    assert_eq!(name(format!("{yaml}header: {{}}\n")), "duplicate");
    assert_eq!(name(yaml.replacen("payload:", "payload: &a", 1)), "syntax");
    assert_eq!(name(yaml.replacen("payload:", "payload: !!map", 1)), "read");
    assert_eq!(
        name(yaml.replacen("payload:", "payload: !thing", 1)),
        "syntax"
    );
    assert_eq!(name("a: &a [x]\nb: [*a, *a]\n".into()), "syntax");
    assert_eq!(name("<<: {header: 1}\n".into()), "syntax");
    assert_eq!(
        name(
            yaml.replacen("\"1.0\"", "1.0", 1)
                .replacen("'1.0'", "1.0", 1)
        ),
        "shape"
    );
}

#[test]
fn bombs_are_refused_before_they_go_off() {
    let mut bomb = String::from("a: &a [x,x,x,x,x,x,x,x,x]\n");
    for (new, old) in ('b'..='h').zip('a'..='g') {
        bomb.push_str(&format!(
            "{new}: &{new} [{}]\n",
            vec![format!("*{old}"); 9].join(",")
        ));
    }
    let deep = [
        ("[".repeat(20_000), Format::Json),
        (
            format!("{}1{}", "{\"a\":".repeat(20_000), "}".repeat(20_000)),
            Format::JsonLd,
        ),
        ("[".repeat(20_000), Format::Yaml),
        ("- ".repeat(20_000), Format::Yaml),
        ("? ".repeat(20_000), Format::Yaml),
        ("{a: ".repeat(16_000), Format::Yaml),
        (bomb, Format::Yaml),
        (format!("[{}]", "0,".repeat(30_000)), Format::Json),
        (format!("[{}]", "0,".repeat(30_000)), Format::Yaml),
    ];
    for (text, format) in &deep {
        assert!(read(text, *format).is_err(), "{}", &text[..20]);
    }
    let huge = vec![b'['; 100_000_000];
    for format in Format::ALL {
        let error = Unverified::<SigmaPacket>::read(&huge, format, &SRIP_05).unwrap_err();
        assert!(matches!(error, ReadError::Text(TextError::TooLarge { .. })));
    }
}
