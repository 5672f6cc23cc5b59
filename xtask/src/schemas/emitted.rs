//! What the loop really writes fits its schema, and what is broken does not.

mod exchanged;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use sigma_attractor::{FrameContext, PhaseTelemetryFrame, SafetyStatus};
use sigma_core::{
    CycleReport, Identity, Runtime, Session, Turn, TurnInput,
    embedding::LocalEmbeddings,
    model::RecordedTranscript,
    store::{InMemoryStore, Record, SessionStore},
};
use sigma_text::{BundledEmbedder, Utterance};
use sigma_types::SessionId;
use std::{collections::BTreeMap, sync::Arc};
use uuid::Uuid;

use super::{
    catalogue::ENTRIES,
    schema,
    tests::{accepts, validator},
};
use crate::root;

/// Everything that was met, by schema.
type Met = BTreeMap<&'static str, Vec<Value>>;

#[derive(Deserialize)]
struct Dialogue {
    identity: String,
    cycles: Vec<Exchange>,
}

#[derive(Deserialize)]
struct Exchange {
    user_input: String,
    response: String,
}

fn demo() -> Dialogue {
    let path = root::workspace().join("spec-fixtures/demo/harbour.json");
    serde_json::from_str(&root::read(&path).unwrap()).unwrap()
}

fn runtime(store: Arc<InMemoryStore>) -> Runtime {
    let embeddings = LocalEmbeddings::new(Arc::new(BundledEmbedder::new()));
    Runtime::builder(Arc::new(embeddings))
        .store(store)
        .relations(sigma_ris::Mode::Shadow)
        .build()
}

/// The demo through the loop, and one call that fails after it.
fn met() -> Met {
    let executor = tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap();
    executor.block_on(async {
        let demo = demo();
        let store = Arc::new(InMemoryStore::new());
        let runtime = runtime(Arc::clone(&store));
        let session = SessionId::new("demo").unwrap();
        let answers = demo.cycles.iter().map(|c| c.response.clone()).collect();
        let model = RecordedTranscript::new("recorded", answers);
        let mut met = Met::new();
        for turn in demo.cycles.iter().map(|c| &c.user_input) {
            let mut input = TurnInput::new(session.clone(), turn.as_str());
            input.identity = Some(Identity::new(&*demo.identity));
            let Turn::Answered { report, .. } = runtime.turn(input, &model, None).await.unwrap()
            else {
                panic!("a recorded turn was not answered");
            };
            note_report(&mut met, &report);
        }
        let beyond = TurnInput::new(session.clone(), "And then?");
        let failed = runtime.turn(beyond, &model, None).await;
        assert!(failed.is_err());
        let stored = store.load(&session).await.unwrap().unwrap();
        add_bodies(&mut met, "memory-frame", &stored.frames);
        let state: Value = serde_json::from_slice(&stored.state).unwrap();
        add(&mut met, "ris-state", [&state["ris"]]);
        add(&mut met, "ris-check-line", [checked()]);
        let ledger = store.ledger(&session, 0, usize::MAX).await.unwrap();
        add_bodies(&mut met, "ledger-entry", &ledger);
        let events = store.events(&session, usize::MAX).await.unwrap();
        add(&mut met, "operational-event", events);
        let seen = runtime.view(&session, |session| note_surfaces(&mut met, session));
        seen.await.unwrap().unwrap();
        exchanged::note(&mut met);
        met
    })
}

fn add<T: Serialize>(met: &mut Met, name: &'static str, things: impl IntoIterator<Item = T>) {
    let values = things.into_iter().map(|t| serde_json::to_value(t).unwrap());
    met.entry(name).or_default().extend(values);
}

/// What a report holds, and what is made of it.
fn note_report(met: &mut Met, report: &CycleReport) {
    let row = sigma_server::measure::row(report);
    add(met, "replay-line", [row.line(None), row.line(Some("one"))]);
    let drift = &report.drift;
    let context = FrameContext {
        runtime_id: Uuid::from_u128(7),
        timestamp: report.at,
        di_raw: drift.grounded.di_raw,
        scr: drift.grounded.scr,
        symbolic_density: drift.density.sd,
        recursion_depth: 1,
        safety_status: SafetyStatus::Nominal,
    };
    add(met, "cycle-report", [report]);
    add(met, "drift-sample", [drift]);
    add(met, "drift-explanation", [&drift.explanation]);
    add(met, "stabilization-plan", [&drift.plan, &report.applied]);
    add(met, "phase-reading", [&drift.phase]);
    add(
        met,
        "phase-frame",
        [PhaseTelemetryFrame::new(&drift.phase, &context)],
    );
    add(met, "attractor-entry", &report.attractors);
    add(met, "memory-invariants", [&report.memory.invariants]);
    add(met, "safety-report", [&report.safety]);
}

/// What the surfaces of a session show.
fn note_surfaces(met: &mut Met, session: &Session) {
    let words = Utterance::new("Which berth has the crane?", &BundledEmbedder::new());
    add(met, "field-state", [session.field()]);
    add(met, "attractor", session.attractors().all());
    add(met, "ris-diagnostics", session.relation());
    add(met, "memory-layer", [session.memory().layer()]);
    add(met, "memory-recalled", session.memory().recall(&words, 10));
}

/// An output with a crossing, as `sigma ris check` tells it.
fn checked() -> sigma_ris::CheckLine {
    let case: sigma_ris::CheckCase = serde_json::from_value(json!({
        "id": "crossing",
        "user": "Good morning!",
        "output": "Good morning! I waited for you all night long.",
    }))
    .unwrap();
    case.judge(sigma_ris::Validator::default(), sigma_ris::Rules::default())
}

/// Records as a store keeps them.
fn add_bodies(met: &mut Met, name: &'static str, records: &[Record]) {
    let read = |record: &Record| serde_json::from_slice::<Value>(&record.body).unwrap();
    add(met, name, records.iter().map(read));
}

/// Fields that may hold anything.
const FREE: [(&str, &str); 1] = [("ledger-entry", "payload")];

#[test]
fn what_the_loop_writes_fits_its_schema_and_what_is_broken_does_not() {
    let met = met();
    for entry in ENTRIES.iter().filter(|entry| entry.clause.is_some()) {
        let name = entry.name;
        let values = met.get(name).map_or(&[][..], Vec::as_slice);
        assert!(!values.is_empty(), "{name} was never met");
        values.iter().for_each(|value| accepts(name, value));
        refuses_what_is_broken(name, &values[values.len() - 1]);
    }
}

/// Each field that must be there is taken away once, and once replaced by what it is not.
fn refuses_what_is_broken(name: &str, whole: &Value) {
    let validator = validator(name);
    let required = required(name);
    assert!(!required.is_empty(), "{name} asks for nothing");
    for field in required {
        let mut less = whole.clone();
        less.as_object_mut().unwrap().remove(&field);
        assert!(!validator.is_valid(&less), "{name} without {field}");
        let mut wrong = whole.clone();
        wrong[&field] = json!({"\u{223f}": [[]]});
        let free = FREE.contains(&(name, field.as_str()));
        assert_eq!(
            validator.is_valid(&wrong),
            free,
            "{name} with a wrong {field}"
        );
    }
}

fn required(name: &str) -> Vec<String> {
    let entry = ENTRIES.iter().find(|entry| entry.name == name).unwrap();
    let fields = schema(entry)["required"].clone();
    serde_json::from_value(fields).unwrap()
}
