//! Phase commands: signed, in order, undone, and in the ledger of the session (`SRIP-08 §5`, `§8`).

use super::{
    signal,
    world::{Got, Runtime},
};
use serde_json::Value;
use sigma_core::store::SessionStore as _;
use sigma_interop::{CauseId, CommandBody, CommandKind, Format};
use sigma_server::exchange::Identity;
use sigma_store::SqliteStore;
use sigma_types::{Cycle, SessionId};

fn body(
    own: &Identity,
    command: CommandKind,
    sequence: u64,
    reverts: Option<CauseId>,
) -> CommandBody {
    CommandBody {
        command,
        cause_id: CauseId::derive(own.runtime_id(), sequence, None),
        sequence,
        parent: None,
        reverts,
        reason: None,
        session: None,
    }
}

async fn post(to: &Runtime, own: &Identity, path: &str, body: CommandBody) -> Got {
    let sealed = signal(own, to.identity().runtime_id(), body);
    to.send("POST", path, &[], sealed.to_bytes(Format::Json))
        .await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn commands_are_followed_in_order_undone_and_recorded() {
    let (mut a, b) = (Runtime::start(), Runtime::start());
    a.calm("s", 5).await;
    a.befriend(&b, "state,control");
    let own = b.identity();
    let lock = body(&own, CommandKind::Lock, 10, None);
    let got = post(&a, &own, "/phase/sync", lock.clone()).await;
    assert_eq!(got.refusal(), (422, "other_command".into()));
    // a query that was not signed sends it nowhere else
    let got = post(&a, &own, "/phase/lock?session=t", lock.clone()).await;
    assert_eq!(got.refusal(), (422, "other_session".into()));
    let signed = CommandBody {
        session: SessionId::new("s").ok(),
        ..lock.clone()
    };
    let got = post(&a, &own, "/phase/lock?session=t", signed.clone()).await;
    assert_eq!(got.refusal(), (422, "other_session".into()));
    let got = post(&a, &own, "/phase/lock?session=s", signed).await;
    assert_eq!(got.header("x-sigma-session-chosen"), "named");
    assert_eq!(got.status, 200, "{}", got.text());
    let entered = got.json();
    assert_eq!(entered["cause_id"], lock.cause_id.to_string());
    assert_eq!(entered["reversible_until_cycle"], 7);
    let safety = a.ask(&own, "/aegida/safety").await.json();
    assert_eq!(
        (&safety["aegida_status"], &safety["phase_lock"]),
        (&"locked".into(), &true.into())
    );
    assert_eq!(
        a.ask(&own, "/field/state").await.refusal().1,
        "gate_closed",
        "a locked phase tells nothing"
    );

    // the order of a source survives a restart
    a.go_on(&[], &[]);
    let earlier = body(&own, CommandKind::Recenter, 9, None);
    let got = post(&a, &own, "/phase/recenter", earlier).await;
    assert_eq!(got.refusal(), (409, "out_of_order".into()));
    let undo = body(&own, CommandKind::Revert, 11, Some(lock.cause_id));
    let got = post(&a, &own, "/phase/lock", undo).await;
    assert_eq!(got.status, 200, "{}", got.text());
    assert_eq!(a.ask(&own, "/field/state").await.status, 200);

    let recenter = body(&own, CommandKind::Recenter, 12, None);
    let got = post(&a, &own, "/phase/recenter", recenter.clone()).await;
    assert_eq!(got.status, 200, "{}", got.text());
    a.calm("s", 3).await;
    let late = body(&own, CommandKind::Revert, 13, Some(recenter.cause_id));
    let got = post(&a, &own, "/phase/recenter", late).await;
    assert_eq!(got.status.as_u16(), 409, "{}", got.text());

    a.stop();
    let store = SqliteStore::open(a.folder().join("sigma.db")).unwrap();
    let session = SessionId::new("s").unwrap();
    let ledger = store.ledger(&session, 0, 999).await.unwrap();
    let entries: Vec<Value> = ledger
        .iter()
        .map(|record| serde_json::from_slice(&record.body).unwrap())
        .collect();
    let of = |kind: &str| entries.iter().filter(|entry| entry["kind"] == kind).count();
    let counted = [
        "phase_lock",
        "phase_reversed",
        "phase_recenter",
        "phase_ended",
    ]
    .map(of);
    assert_eq!(counted, [1, 1, 1, 1]);
    let signed = entries
        .iter()
        .find(|entry| entry["kind"] == "phase_lock")
        .unwrap();
    let token = &signed["payload"]["signed"]["signature"]["integrity_token"];
    assert!(token.as_str().unwrap().starts_with("ed25519:"), "{signed}");
    let cycles = store.cycles(&session, Cycle(6), 1).await.unwrap();
    let report: Value = serde_json::from_slice(&cycles[0].report).unwrap();
    let told: Vec<_> = report["commands"].as_array().unwrap().iter().collect();
    assert_eq!(told.len(), 3, "the lock, its undoing, the recentering");
    assert!(
        told.iter()
            .any(|note| note["action"] == "recenter" && note["standing"] == "in_force")
    );
}
