//! A runtime that drifts is blocked, and is let in again when it is calm (`SRIP-05 §8`).

use super::world::{Recorded, Runtime};
use serde_json::Value;

/// Turns of the recorded dialogue: the first is calm to its end, then it is talked off its persona.
const CALM: usize = 38;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_drifting_runtime_is_blocked_and_let_in_again() {
    let dialogue = Recorded::harbour();
    let provider = dialogue.provider().await;
    let mut a = Runtime::start_with(&["--model", &provider, "--name", "recorded"], &[]);
    let b = Runtime::start();
    b.calm("t", 3).await;
    a.take_in("s", &dialogue, CALM - 1).await;
    a.befriend(&b, "state");
    let reader = b.identity();
    let mut passages = Vec::new();
    let mut closed_at = None;
    for (turn, (user, _)) in dialogue.turns.iter().enumerate().skip(CALM) {
        a.say("s", &dialogue.identity, user).await;
        let got = a.ask(&reader, "/field/state").await;
        let di = a.ask(&a.identity(), "/metrics/phase").await.text();
        let di = di
            .lines()
            .find_map(|line| line.strip_prefix("sigma_drift_index "))
            .unwrap();
        passages.push(format!("{} {} {di}", turn + 1, got.status));
        if got.status == 503 {
            let decision = got.json()["decision"].clone();
            assert_eq!(got.refusal().1, "gate_closed");
            assert!(["blocked", "isolated"].contains(&decision["passage"].as_str().unwrap()));
            assert!(!decision["reasons"].as_array().unwrap().is_empty());
            closed_at.get_or_insert(turn + 1);
            if closed_at == Some(turn + 1) {
                // a restart does not open what is closed, and nothing goes another way
                a.go_on(&["--model", &provider, "--name", "recorded"], &[]);
                assert_eq!(a.ask(&reader, "/field/state").await.status, 503);
                assert_eq!(a.ask(&reader, "/phase/state").await.status, 503);
                assert_eq!(a.ask(&reader, "/metrics/phase").await.status, 503);
                let start = b.identity().runtime_id().to_string();
                let (code, said) = a.sigma(&["peer", "send", &start]);
                assert!(
                    code == Some(69) && said.contains("no state leaves"),
                    "{said}"
                );
                let full: Value = a.ask(&reader, "/aegida/safety").await.json();
                assert_ne!(full["transmission"]["passage"], "full");
            }
        } else if closed_at.is_some() && got.status == 200 {
            let di: f64 = di.parse().unwrap();
            assert!(di < 0.45, "let in again only below 0.45: {passages:#?}");
            return;
        }
    }
    panic!("it was not closed and opened again: {passages:#?}");
}
