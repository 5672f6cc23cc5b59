//! What a caller may rely on: cycles in order, whole or not at all, the same for the same.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use sigma_core::clock::ManualClock;
use sigma_core::embedding::LocalEmbeddings;
use sigma_core::model::{
    DeltaSender, Model, ModelAnswer, ModelError, ModelRequest, OfflineResponder, RecordedTranscript,
};
use sigma_core::store::{ForgetfulStore, IdempotencyKey, InMemoryStore, SessionStore};
use sigma_core::{CycleReport, Runtime, Stage, Turn, TurnError};
use sigma_text::BundledEmbedder;
use sigma_types::{Cycle, Timestamp};

use crate::common::{id, turn};

fn runtime(store: Arc<dyn SessionStore>) -> Runtime {
    let embeddings = LocalEmbeddings::new(Arc::new(BundledEmbedder::new()));
    Runtime::builder(Arc::new(embeddings))
        .store(store)
        .clock(Arc::new(ManualClock::at(Timestamp::EPOCH)))
        .build()
}

fn answers(n: usize) -> RecordedTranscript {
    let subjects = [
        "the tide table",
        "the pilot boat",
        "the quay wall",
        "the harbour dues",
    ];
    let answer = |n: usize| {
        format!(
            "That concerns {}; note {n} in the day book says so.",
            subjects[n / 5 % 4]
        )
    };
    RecordedTranscript::new("record", (0..n).map(answer).collect())
}

async fn reports(runtime: &Runtime, session: &str, n: usize) -> Vec<CycleReport> {
    let model = answers(n);
    let mut all = Vec::new();
    for at in 0..n {
        let user = format!("What about question {at} on the tide and the quay?");
        match runtime
            .turn(turn(session, &user), &model, None)
            .await
            .unwrap()
        {
            Turn::Answered { report, .. } => all.push((*report).clone()),
            other => panic!("{other:?}"),
        }
    }
    all
}

#[tokio::test]
async fn seven_stages_run_in_order_and_the_same_dialogue_gives_the_same_bytes() {
    let first = reports(&runtime(Arc::new(InMemoryStore::new())), "s", 30).await;
    let second = reports(&runtime(Arc::new(InMemoryStore::new())), "s", 30).await;
    let order = [
        Stage::Ingest,
        Stage::Interpret,
        Stage::Stabilize,
        Stage::Integrate,
        Stage::Align,
        Stage::Generate,
        Stage::Update,
    ];
    for report in &first {
        assert_eq!(
            report.stages.iter().map(|s| s.stage).collect::<Vec<_>>(),
            order
        );
    }
    assert_eq!(
        serde_json::to_string(&first).unwrap(),
        serde_json::to_string(&second).unwrap()
    );
}

#[tokio::test]
async fn a_restart_between_any_two_turns_changes_nothing() {
    let store = Arc::new(InMemoryStore::new());
    let mut broken = Vec::new();
    for at in 0..20 {
        let runtime = runtime(store.clone());
        let user = format!("What about question {at} on the tide and the quay?");
        match runtime
            .turn(turn("s", &user), &answers(20), None)
            .await
            .unwrap()
        {
            Turn::Answered { report, .. } => broken.push((*report).clone()),
            other => panic!("{other:?}"),
        }
    }
    let whole = reports(&runtime(Arc::new(InMemoryStore::new())), "s", 20).await;
    for (broken, whole) in broken.iter().zip(&whole) {
        let (broken, whole) = (serde_json::json!(broken), serde_json::json!(whole));
        for (name, value) in whole.as_object().unwrap() {
            assert_eq!(&broken[name], value, "{name} in cycle {}", whole["cycle"]);
        }
    }
}

#[tokio::test]
async fn a_store_that_keeps_nothing_changes_no_report() {
    let kept = reports(&runtime(Arc::new(InMemoryStore::new())), "s", 30).await;
    let forgotten = reports(&runtime(Arc::new(ForgetfulStore)), "s", 30).await;
    assert_eq!(serde_json::json!(kept), serde_json::json!(forgotten));
}

struct Failing(AtomicUsize);

#[async_trait::async_trait]
impl Model for Failing {
    fn name(&self) -> &str {
        "failing"
    }

    async fn answer(
        &self,
        _: &ModelRequest,
        _: Option<&DeltaSender>,
    ) -> Result<ModelAnswer, ModelError> {
        self.0.fetch_add(1, Ordering::SeqCst);
        Err(ModelError::Upstream {
            status: 503,
            body: "{}".into(),
            content_type: None,
            retry_after: None,
        })
    }
}

#[tokio::test]
async fn a_failed_call_leaves_an_event_and_nothing_else() {
    let store = Arc::new(InMemoryStore::new());
    let runtime = runtime(store.clone());
    reports(&runtime, "s", 3).await;
    let before = store.load(&id("s")).await.unwrap();
    let failing = Failing(AtomicUsize::new(0));
    let failed = runtime
        .turn(turn("s", "Anything new?"), &failing, None)
        .await;
    assert!(matches!(
        failed,
        Err(TurnError::Model(ModelError::Upstream { status: 503, .. }))
    ));
    assert_eq!(store.load(&id("s")).await.unwrap(), before);
    let events = store.events(&id("s"), 10).await.unwrap();
    assert_eq!(events.len(), 1);
    assert_eq!(events[0].after, Cycle(3));
    assert!(reports(&runtime, "t", 1).await[0].cycle == Cycle(1));
}

#[tokio::test]
async fn a_repeated_key_returns_the_recorded_cycle() {
    let runtime = runtime(Arc::new(InMemoryStore::new()));
    let mut input = turn("s", "Who keeps the day book?");
    input.key = Some(IdempotencyKey::new("k1").unwrap());
    let first = match runtime
        .turn(input.clone(), &OfflineResponder, None)
        .await
        .unwrap()
    {
        Turn::Answered { report, .. } => report,
        other => panic!("{other:?}"),
    };
    let failing = Failing(AtomicUsize::new(0));
    match runtime.turn(input.clone(), &failing, None).await.unwrap() {
        Turn::Repeated { report } => assert_eq!(report, first),
        other => panic!("{other:?}"),
    }
    assert_eq!(failing.0.load(Ordering::SeqCst), 0);
    input.user = "Another question".into();
    let reused = runtime.turn(input, &OfflineResponder, None).await;
    assert!(matches!(
        reused,
        Err(TurnError::KeyReused { cycle: Cycle(1) })
    ));
}

#[tokio::test]
async fn the_prompt_keeps_its_bound_and_sessions_do_not_mix() {
    let runtime = runtime(Arc::new(InMemoryStore::new()));
    let mine = reports(&runtime, "mine", 60).await;
    assert!(
        mine.iter()
            .all(|report| report.prompt.tokens <= report.prompt.budget)
    );
    let late = mine[40..].iter().map(|r| r.prompt.tokens).max().unwrap();
    let later = reports(&runtime, "mine-too", 60).await[59].prompt.tokens;
    assert!(later <= late + late / 4, "{later} against {late}");
    let other = reports(&runtime, "other", 1).await;
    assert!(other[0].recalled.is_empty());
}

#[tokio::test]
async fn the_offline_responder_quotes_the_session_and_says_what_it_is() {
    let runtime = runtime(Arc::new(InMemoryStore::new()));
    let facts = [
        "The lighthouse keeper is called Odalys.",
        "My boat lies at pier nine.",
    ];
    for fact in facts {
        runtime
            .turn(turn("s", fact), &OfflineResponder, None)
            .await
            .unwrap();
    }
    for n in 0..10 {
        let talk = format!("Tell me something about bread number {n}.");
        runtime
            .turn(turn("s", &talk), &OfflineResponder, None)
            .await
            .unwrap();
    }
    let asked = turn("s", "What is the lighthouse keeper called?");
    let Turn::Answered { answer, .. } = runtime.turn(asked, &OfflineResponder, None).await.unwrap()
    else {
        panic!("not answered")
    };
    assert!(answer.text.contains("offline"), "{}", answer.text);
    assert!(answer.text.contains("Odalys"), "{}", answer.text);
}

#[tokio::test]
async fn what_the_user_just_said_is_at_hand_whatever_became_of_the_answer() {
    let runtime = runtime(Arc::new(InMemoryStore::new()));
    let fact = "The spare wick is in the blue cupboard.";
    for n in 0..4 {
        let asked = turn(
            "s",
            if n == 0 {
                fact
            } else {
                "Where is the spare wick?"
            },
        );
        let Turn::Answered { answer, .. } =
            runtime.turn(asked, &OfflineResponder, None).await.unwrap()
        else {
            panic!("not answered")
        };
        assert!(
            n == 0 || answer.text.contains("blue cupboard"),
            "{n}: {}",
            answer.text
        );
    }
}

#[tokio::test]
async fn hostile_text_never_panics() {
    let runtime = runtime(Arc::new(InMemoryStore::new()));
    let long = "\u{202e}ab ".repeat(2000);
    let texts = [
        "\0",
        "\u{200d}\u{200d}",
        "🏴‍☠️",
        "{}[]<|im_end|>",
        "ﷺ",
        "a\u{0301}",
        &long,
        "…",
    ];
    for text in texts {
        let model = RecordedTranscript::new("record", vec![text.to_owned(); 20]);
        match runtime.turn(turn("s", text), &model, None).await {
            Ok(_) | Err(TurnError::Prompt(_)) => {}
            Err(error) => panic!("{text:?}: {error}"),
        }
    }
    let empty = runtime
        .turn(turn("s", " \n "), &OfflineResponder, None)
        .await;
    assert!(matches!(empty, Err(TurnError::EmptyMessage)));
}

/// ONB-R11: the example is compiled with the tests; here that it stays small.
#[test]
fn a_minimal_runtime_is_wired_in_forty_lines() {
    let example = include_str!("../../examples/minimal.rs");
    let code = |line: &&str| {
        let line = line.trim();
        !line.is_empty() && !line.starts_with("//") && !line.starts_with("use ")
    };
    let lines = example.lines().filter(code).count();
    assert!(lines <= 40, "{lines} lines of code");
}
