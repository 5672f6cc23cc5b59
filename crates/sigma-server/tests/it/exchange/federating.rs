//! Several runtimes as one field (`SRIP-08 §6`).

use super::world::{Recorded, Runtime};
use std::time::Duration;
use tokio::time::timeout;

const PATIENCE: Duration = Duration::from_secs(90);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn frames_go_to_peers_and_a_deviation_is_answered() {
    let every = [("SIGMA_EXCHANGE_FEDERATE_CYCLES", "1")];
    let dialogue = Recorded::harbour();
    let provider = dialogue.provider().await;
    let a = Runtime::start_with(&["--model", &provider, "--name", "recorded"], &every);
    let b = Runtime::start_with(&[], &every);
    a.take_in("s", &dialogue, 37).await;
    b.calm("t", 3).await;
    a.befriend(&b, "state");
    b.calm("t", 1).await;
    let told = async |of: &Runtime, what: &str| {
        let heard = async {
            while !of.told(&["peer", "list"]).contains(what) {
                tokio::time::sleep(Duration::from_millis(200)).await;
            }
        };
        timeout(PATIENCE, heard).await
    };
    told(&a, "told    frame")
        .await
        .expect("the calm one's frame arrives");
    // the other is talked off its persona while the first stays where it is
    let own = a.identity();
    let mut answered = false;
    for (user, _) in &dialogue.turns[38..48] {
        a.say("s", &dialogue.identity, user).await;
        b.calm("t", 1).await;
        tokio::time::sleep(Duration::from_millis(300)).await;
        let figures = a.ask(&own, "/metrics/phase").await.text();
        let syncs = figures
            .lines()
            .find_map(|line| line.strip_prefix("sigma_phase_syncs_total "));
        answered = syncs.is_some_and(|syncs| syncs != "0");
        if answered {
            break;
        }
    }
    assert!(answered, "the deviation was not answered");
}
