//! The validator of relational identity: nothing panics, spans are places in the text, pieces make no
//! difference, and what enforcement says is clean and names nothing of what is within.
#![no_main]

use libfuzzer_sys::fuzz_target;
use sigma_ris::{
    AliasInContext, Channel, Context, MatrixContext, OperationalEvent, Person, Release, SRIP_13,
    Validator, internal_name,
};

fuzz_target!(|bytes: &[u8]| {
    let [cut, size, text @ ..] = bytes else {
        return;
    };
    let text = String::from_utf8_lossy(text);
    let mut at = usize::from(*cut).min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    let (user, output) = text.split_at(at);
    let person = |id: &str, name: &str| Person {
        id: id.into(),
        name: name.into(),
    };
    let context = Context {
        canonical_name: "Leo".into(),
        session_alias: Some(AliasInContext {
            name: "Star".into(),
            set_by: Some("u1".into()),
        }),
        channel: if cut % 2 == 0 {
            Channel::Direct
        } else {
            Channel::Group
        },
        participants: vec![person("u1", "Mara"), person("u2", "Tom")],
        sender: "u1".into(),
        events: vec![OperationalEvent::Retry],
        history: Vec::new(),
    };
    let validator = Validator::default();
    let whole = validator.validate(&context, user, output);
    for violation in &whole.violations {
        assert!(output.get(violation.span.clone()).is_some());
    }
    let mut watch = validator.watch(&context, user);
    let mut from = 0;
    while from < output.len() {
        let mut to = (from + usize::from(*size).max(1)).min(output.len());
        while !output.is_char_boundary(to) {
            to += 1;
        }
        watch.push(&output[from..to]);
        from = to;
    }
    assert_eq!(watch.finish(), whole);
    let release = Release::new(validator, SRIP_13, context, user, MatrixContext::default());
    let said = release.whole(output);
    let mut pieces = release.pieces();
    let mut told = pieces.push(output);
    let (rest, released) = pieces.finish();
    told.push_str(&rest);
    assert_eq!(told, released.text);
    if said.altered() {
        assert!(said.fallback || release.observe(&said.text).violations.is_empty());
        assert!(!said.fallback || internal_name(&said.text).is_none());
    }
});
