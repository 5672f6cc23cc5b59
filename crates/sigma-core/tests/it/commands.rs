//! Phase commands: in the session between two cycles, told by the next report, over after two.

use std::sync::Arc;

use serde_json::json;
use sigma_aegida::{Ledger, LedgerEntry, SafetyStatus};
use sigma_core::clock::ManualClock;
use sigma_core::embedding::LocalEmbeddings;
use sigma_core::model::OfflineResponder;
use sigma_core::store::{InMemoryStore, SessionStore};
use sigma_core::{
    CauseId, CommandError, Commanded, CycleReport, PhaseAction, PhaseCommand, Runtime, Session,
    Standing, Turn, TurnInput,
};
use sigma_text::BundledEmbedder;
use sigma_types::{Cycle, Hash256, SessionId, Timestamp};

fn id() -> SessionId {
    SessionId::new("s").unwrap()
}

fn runtime(store: &Arc<InMemoryStore>) -> Runtime {
    let embeddings = LocalEmbeddings::new(Arc::new(BundledEmbedder::new()));
    Runtime::builder(Arc::new(embeddings))
        .store(store.clone())
        .clock(Arc::new(ManualClock::at(Timestamp::EPOCH)))
        .build()
}

fn cause(name: &str) -> CauseId {
    CauseId::new(name).unwrap()
}

fn command(name: &str, action: PhaseAction) -> PhaseCommand {
    PhaseCommand {
        cause_id: cause(name),
        action,
        cycles: 2,
        issuer: "peer".into(),
        evidence: json!({"signed": name}),
    }
}

async fn say(runtime: &Runtime, user: &str) -> Arc<CycleReport> {
    let input = TurnInput::new(id(), user);
    match runtime.turn(input, &OfflineResponder, None).await.unwrap() {
        Turn::Answered { report, .. } => report,
        other => panic!("{other:?}"),
    }
}

async fn status(runtime: &Runtime) -> SafetyStatus {
    let field = runtime.view(&id(), Session::field).await;
    field.unwrap().unwrap().safety_status
}

async fn ledger(store: &InMemoryStore) -> Vec<LedgerEntry> {
    let records = store.ledger(&id(), 0, 999).await.unwrap();
    let entry = |record: &sigma_core::store::Record| serde_json::from_slice(&record.body).unwrap();
    records.iter().map(entry).collect()
}

#[tokio::test]
async fn a_command_holds_for_two_cycles_and_each_step_is_in_the_ledger() {
    let store = Arc::new(InMemoryStore::new());
    let first = runtime(&store);
    say(&first, "When is high water at the quay?").await;
    let entered = first
        .command(&id(), command("c-1", PhaseAction::Lock))
        .await;
    let Commanded::Entered(note) = entered.unwrap() else {
        panic!("it is new");
    };
    assert_eq!((note.after, note.until), (Cycle(1), Cycle(3)));
    assert_eq!(status(&first).await, SafetyStatus::Locked);

    // another process finds it as it was
    drop(first);
    let runtime = runtime(&store);
    assert_eq!(status(&runtime).await, SafetyStatus::Locked);
    for cycle in [2, 3] {
        let report = say(&runtime, "And who keeps the tide table?").await;
        assert_eq!(report.cycle, Cycle(cycle));
        assert_eq!(report.commands.len(), 1);
        assert_eq!(report.commands[0].standing, Standing::InForce);
        let locked = runtime.view(&id(), Session::is_locked).await;
        assert_eq!(locked.unwrap(), Some(cycle < 3), "it holds in cycle 3 last");
        let active = runtime
            .view(&id(), |session| {
                session.attractors().active().map(|a| a.locked)
            })
            .await;
        let active = active.unwrap();
        assert_eq!(active, Some(Some(true)), "it reached the attractor");
    }
    assert_eq!(status(&runtime).await, SafetyStatus::Nominal);
    let after = say(&runtime, "Who pays the harbour dues?").await;
    assert_eq!(after.commands[0].standing, Standing::Ended);
    let later = say(&runtime, "And the pilot?").await;
    assert!(later.commands.is_empty(), "it is told once");

    let entries = ledger(&store).await;
    let kinds: Vec<_> = entries.iter().map(|entry| entry.kind.as_str()).collect();
    assert!(kinds.contains(&"phase_lock") && kinds.contains(&"phase_ended"));
    let seed = Ledger::new(Hash256::of(b"s"));
    let head = runtime.view(&id(), Session::ledger).await;
    seed.verify_to(&entries, head.unwrap().unwrap()).unwrap();
    let own = &entries[note.ledger_entry as usize];
    assert_eq!(own.payload["signed"]["signed"], "c-1");
}

#[tokio::test]
async fn a_command_is_undone_by_its_cause_while_it_holds() {
    let store = Arc::new(InMemoryStore::new());
    let runtime = runtime(&store);
    say(&runtime, "When is high water at the quay?").await;
    let reverse = |name: &str, of: &str| {
        let action = PhaseAction::Reverse {
            cause_id: cause(of),
        };
        command(name, action)
    };
    let enter = async |command| runtime.command(&id(), command).await;
    enter(command("c-1", PhaseAction::Recenter)).await.unwrap();
    assert_eq!(status(&runtime).await, SafetyStatus::RecenterPending);
    let unknown = enter(reverse("r-0", "nobody")).await.unwrap_err();
    assert!(matches!(unknown, CommandError::UnknownCause { .. }));
    enter(reverse("r-1", "c-1")).await.unwrap();
    assert_eq!(status(&runtime).await, SafetyStatus::Nominal);
    let twice = enter(reverse("r-2", "c-1")).await.unwrap_err();
    assert!(matches!(twice, CommandError::NotReversible { .. }));
    let report = say(&runtime, "And who keeps the tide table?").await;
    assert_eq!(report.commands.len(), 2);
    assert_eq!(report.commands[0].standing, Standing::Reversed);

    let longer = PhaseCommand {
        cycles: u64::MAX,
        ..command("l-1", PhaseAction::Lock)
    };
    let note = enter(longer).await.unwrap().note().clone();
    assert_eq!((note.reversible, note.until), (Cycle(4), Cycle(10)));

    enter(command("c-2", PhaseAction::Recenter)).await.unwrap();
    for _ in 0..2 {
        let report = say(&runtime, "And who keeps the tide table?").await;
        let line = "do not carry on the manner of the answer before";
        assert!(report.directives.iter().any(|told| told.contains(line)));
    }
    let late = enter(reverse("r-3", "c-2")).await.unwrap_err();
    assert!(matches!(late, CommandError::NotReversible { .. }));
    say(&runtime, "And the pilot?").await;
    let late = enter(reverse("r-4", "l-1")).await.unwrap_err();
    assert!(matches!(
        late,
        CommandError::NotReversible {
            until: Cycle(4),
            ..
        }
    ));
    assert_eq!(status(&runtime).await, SafetyStatus::Locked, "it holds on");
}

#[tokio::test]
async fn what_cannot_enter_changes_nothing() {
    let store = Arc::new(InMemoryStore::new());
    let runtime = runtime(&store);
    let lock = |name: &str| command(name, PhaseAction::Lock);
    let none = runtime.command(&id(), lock("c-1")).await.unwrap_err();
    assert!(matches!(none, CommandError::NoSession));
    say(&runtime, "When is high water at the quay?").await;
    let before = ledger(&store).await.len();
    for expected in [[1.0, 1.0, 0.0], [-1.0, 0.0, 0.0], [f64::NAN, 0.0, 0.0]] {
        let sync = command("c-1", PhaseAction::Sync { expected });
        let error = runtime.command(&id(), sync).await.unwrap_err();
        assert!(matches!(error, CommandError::Vector), "{error}");
    }
    assert_eq!(ledger(&store).await.len(), before);

    runtime.command(&id(), lock("c-1")).await.unwrap();
    let again = runtime.command(&id(), lock("c-1")).await.unwrap();
    assert!(matches!(again, Commanded::Repeated(_)));
    let other = command("c-1", PhaseAction::Recenter);
    let reused = runtime.command(&id(), other).await.unwrap_err();
    assert!(matches!(reused, CommandError::CauseReused { .. }));
    assert_eq!(ledger(&store).await.len(), before + 1);
    for n in 2..=8 {
        runtime
            .command(&id(), lock(&format!("c-{n}")))
            .await
            .unwrap();
    }
    let full = runtime.command(&id(), lock("c-9")).await.unwrap_err();
    assert!(matches!(full, CommandError::TooMany { most: 8 }));
    for bad in ["", "two words", "\u{e9}"] {
        assert!(CauseId::new(bad).is_err());
    }
}
