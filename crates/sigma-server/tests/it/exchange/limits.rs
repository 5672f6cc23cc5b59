//! The gate at the limits of the sync table, over HTTP (`SRIP-05 §8`): below each, at it, and back.

use super::{
    now, signal,
    world::{Got, Runtime},
};
use serde_json::{Value, json};
use sigma_core::store::{CycleCommit, SessionStore as _};
use sigma_interop::{CauseId, Format, SyncEvent};
use sigma_server::exchange::Identity;
use sigma_store::SqliteStore;
use sigma_types::{Cycle, SessionId, Unit};

/// Adds a cycle to the session that ends with this drift, and starts the server again.
async fn drift_to(a: &mut Runtime, di: f64) {
    a.stop();
    let store = SqliteStore::open(a.folder().join("sigma.db")).unwrap();
    let session = SessionId::new("s").unwrap();
    let stored = store.load(&session).await.unwrap().unwrap();
    let last = store.cycles(&session, stored.cycle, 1).await.unwrap();
    let mut state: Value = serde_json::from_slice(&stored.state).unwrap();
    let mut report: Value = serde_json::from_slice(&last[0].report).unwrap();
    let cycle = stored.cycle.next();
    let posture = match di {
        di if di < 0.45 => "nominal",
        di if di < 0.5 => "caution",
        di if di < 0.6 => "reflective",
        _ => "recovery",
    };
    for (whole, drift) in [(&mut state, "/last"), (&mut report, "/drift")] {
        whole["cycle"] = json!(cycle);
        let drift = whole.pointer_mut(drift).unwrap();
        drift["cycle"] = json!(cycle);
        drift["posture"] = json!(posture);
        drift["grounded"]["di_raw"] = json!(di);
        drift["grounded"]["di"] = json!(di);
    }
    state["monitor"]["last"]["posture"] = json!(posture);
    let commit = CycleCommit {
        session,
        cycle,
        at: now(),
        state: serde_json::to_vec(&state).unwrap(),
        frames: Vec::new(),
        tombstones: Vec::new(),
        ledger: Vec::new(),
        report: serde_json::to_vec(&report).unwrap(),
        idempotency: None,
    };
    store.commit(commit).await.unwrap();
    drop(store);
    a.go_on(&[], &[]);
}

/// What a peer tells: nothing but isolation keeps it out.
async fn told(a: &Runtime, own: &Identity, n: u64) -> Got {
    let event = SyncEvent {
        cause_id: CauseId::derive(own.runtime_id(), n, None),
        since: Cycle(n),
        cycle: Cycle(n),
        deviation: Unit::new(0.2).unwrap(),
        of: 2,
    };
    let sealed = signal(own, a.identity().runtime_id(), event).to_bytes(Format::Json);
    a.send("POST", "/phase/telemetry", &[], sealed).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_gate_turns_at_its_limits_and_opens_only_under_the_lowest() {
    let (mut a, b) = (Runtime::start(), Runtime::start());
    a.calm("s", 5).await;
    a.befriend(&b, "state");
    let reader = b.identity();
    let below = f64::next_down;
    let open = [200; 4];
    let caution = [200, 429, 200, 429];
    let shut = [503; 4];
    for (n, (di, passage, answers, receives)) in (1..).zip([
        (below(0.45), "full", open, 202),
        (0.45, "caution", caution, 202),
        (below(0.5), "caution", caution, 202),
        (0.5, "blocked", shut, 202),
        // once closed it opens only under 0.45
        (below(0.5), "blocked", shut, 202),
        (0.45, "blocked", shut, 202),
        (below(0.45), "full", open, 202),
        (below(0.6), "blocked", shut, 202),
        (0.6, "isolated", shut, 503),
        (0.5, "isolated", shut, 503),
        (0.45, "isolated", shut, 503),
        (below(0.45), "full", open, 202),
        (0.45, "caution", caution, 202),
    ]) {
        drift_to(&mut a, di).await;
        let safety = a.ask(&reader, "/aegida/safety").await.json();
        assert_eq!(safety["transmission"]["passage"], passage, "{n}: {di}");
        for (which, wanted) in answers.into_iter().enumerate() {
            let got = a.ask(&reader, "/field/state").await;
            assert_eq!(got.status, wanted, "{n}: {di}, {which}: {}", got.text());
            match wanted {
                200 => assert_eq!(got.json()["payload"]["drift_metrics"]["di"], di),
                429 => assert_eq!(got.refusal().1, "reduced_rate"),
                _ => assert_eq!(got.refusal().1, "gate_closed"),
            }
        }
        let got = told(&a, &reader, n).await;
        assert_eq!(got.status, receives, "{n}: {di}: {}", got.text());
        // the operator of the runtime gets no more than a peer
        let own = a.ask(&a.identity(), "/field/state").await;
        assert_eq!(
            own.status.is_success(),
            passage != "blocked" && passage != "isolated"
        );
    }
}
