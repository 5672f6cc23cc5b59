//! Relational identity in the loop (`SRIP-13`): what a caller may rely on.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};

use proptest::prelude::*;
use sigma_core::clock::ManualClock;
use sigma_core::embedding::LocalEmbeddings;
use sigma_core::model::{
    Delta, DeltaSender, Model, ModelAnswer, ModelError, ModelRequest, RecordedTranscript,
};
use sigma_core::store::{InMemoryStore, SessionStore};
use sigma_core::{CycleReport, Identity, Runtime, Speaking, Turn, TurnInput};
use sigma_ris::{Channel, Mode, Pass, Trigger, ViolationClass};
use sigma_text::BundledEmbedder;
use sigma_types::Timestamp;

use crate::common::{id, turn};

const OVER: &str = "Good morning! I waited for you all night. The pilot boat leaves at nine.";
const CLEAN: &str = "Good morning! The pilot boat leaves at nine.";

fn runtime(store: Arc<dyn SessionStore>, mode: Mode) -> Runtime {
    let embeddings = LocalEmbeddings::new(Arc::new(BundledEmbedder::new()));
    Runtime::builder(Arc::new(embeddings))
        .store(store)
        .clock(Arc::new(ManualClock::at(Timestamp::EPOCH)))
        .relations(mode)
        .build()
}

fn fresh(mode: Mode) -> Runtime {
    runtime(Arc::new(InMemoryStore::new()), mode)
}

/// Says one thing, in pieces of a few bytes, and keeps what it was asked.
struct Says(String, Mutex<Vec<String>>);

impl Says {
    fn new(text: &str) -> Self {
        Self(text.into(), Mutex::new(Vec::new()))
    }

    fn asked(&self) -> String {
        self.1.lock().unwrap().last().cloned().unwrap_or_default()
    }
}

#[async_trait::async_trait]
impl Model for Says {
    fn name(&self) -> &str {
        "says"
    }

    async fn answer(
        &self,
        request: &ModelRequest,
        deltas: Option<&DeltaSender>,
    ) -> Result<ModelAnswer, ModelError> {
        let messages = request.messages();
        let all: Vec<&str> = messages.iter().map(|m| m.content.as_str()).collect();
        self.1.lock().unwrap().push(all.join("\n"));
        for piece in self.0.as_bytes().chunks(3) {
            let Some(deltas) = deltas else { break };
            let delta = Delta {
                content: String::from_utf8_lossy(piece).into_owned(),
                ..Delta::default()
            };
            deltas
                .send(delta)
                .await
                .map_err(|_| ModelError::Cancelled)?;
        }
        Ok(ModelAnswer::text(self.0.as_str(), "says"))
    }
}

async fn say(runtime: &Runtime, input: TurnInput, answer: &str) -> (String, Arc<CycleReport>) {
    match runtime.turn(input, &Says::new(answer), None).await.unwrap() {
        Turn::Answered { answer, report } => (answer.text, report),
        other => panic!("{other:?}"),
    }
}

async fn streamed(
    runtime: &Runtime,
    input: TurnInput,
    answer: &str,
) -> (String, String, Arc<CycleReport>) {
    let (sender, mut pieces) = tokio::sync::mpsc::channel::<Delta>(4);
    let model = Says::new(answer);
    let heard = async {
        let mut heard = String::new();
        while let Some(piece) = pieces.recv().await {
            heard.push_str(&piece.content);
        }
        heard
    };
    let spoken = async {
        let turn = runtime.turn(input, &model, Some(&sender)).await.unwrap();
        drop(sender);
        turn
    };
    let (heard, spoken) = tokio::join!(heard, spoken);
    match spoken {
        Turn::Answered { answer, report } => (heard, answer.text, report),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn off_reads_nothing_and_shadow_says_everything() {
    let (text, report) = say(&fresh(Mode::Off), turn("s", "Hello"), OVER).await;
    assert_eq!((text.as_str(), &report.relation), (OVER, &None));
    let runtime = fresh(Mode::Shadow);
    let (text, report) = say(&runtime, turn("s", "Hello"), OVER).await;
    assert_eq!(text, OVER);
    let note = report.relation.clone().unwrap();
    assert_eq!(note.evidence.pass, Pass::Observed);
    assert_eq!(note.evidence.triggers, [Trigger::OntologicalLock].into());
    assert_eq!(note.proposed.as_deref(), Some(CLEAN));
    assert_eq!(runtime.relation_counters().would_alter, 1);
    assert_eq!(runtime.relation_counters().altered, 0);
}

#[tokio::test]
async fn what_enforcement_withholds_is_kept_nowhere() {
    let store = Arc::new(InMemoryStore::new());
    let runtime = runtime(store.clone(), Mode::Enforce);
    let (text, report) = say(&runtime, turn("s", "Hello"), OVER).await;
    assert_eq!((text.as_str(), report.answer.as_str()), (CLEAN, CLEAN));
    let note = report.relation.clone().unwrap();
    assert_eq!(note.evidence.pass, Pass::Corrected);
    assert_eq!(
        note.evidence.violations[0].class,
        ViolationClass::TemporalBoundary
    );
    assert_ne!(note.evidence.original, note.evidence.corrected);
    let stored = store.load(&id("s")).await.unwrap().unwrap();
    let cycles = store
        .cycles(&id("s"), sigma_types::Cycle(0), 10)
        .await
        .unwrap();
    let mut bytes = stored.state;
    stored
        .frames
        .iter()
        .for_each(|frame| bytes.extend(&frame.body));
    cycles.iter().for_each(|cycle| bytes.extend(&cycle.report));
    let kept = String::from_utf8_lossy(&bytes);
    assert!(
        !kept.contains("waited") && !kept.contains("all night"),
        "{kept}"
    );
}

#[tokio::test]
async fn a_stream_says_what_the_whole_answer_says() {
    for answer in [
        OVER,
        CLEAN,
        "I waited for you all night.",
        "We are one being. I waited here all night",
    ] {
        let (whole, _) = say(&fresh(Mode::Enforce), turn("s", "Did you miss me?"), answer).await;
        let (heard, text, report) =
            streamed(&fresh(Mode::Enforce), turn("s", "Did you miss me?"), answer).await;
        assert_eq!(heard, text, "{answer}");
        assert_eq!(heard, whole, "{answer}");
        assert_eq!(heard, report.answer);
        assert!(report.relation.clone().unwrap().first_wait_micros.is_some());
        let (heard, ..) =
            streamed(&fresh(Mode::Shadow), turn("s", "Did you miss me?"), answer).await;
        assert_eq!(heard, answer);
    }
}

#[tokio::test]
async fn modes_change_at_run_time_and_a_session_keeps_its_own() {
    let store = Arc::new(InMemoryStore::new());
    let first = runtime(store.clone(), Mode::Shadow);
    assert!(
        !first
            .set_session_mode(&id("s"), Some(Mode::Enforce))
            .await
            .unwrap()
    );
    say(&first, turn("s", "Hello"), OVER).await;
    assert!(
        first
            .set_session_mode(&id("s"), Some(Mode::Enforce))
            .await
            .unwrap()
    );
    let second = runtime(store, Mode::Off);
    let (text, _) = say(&second, turn("s", "Hello again"), OVER).await;
    assert_eq!(text, CLEAN);
    let (text, _) = say(&second, turn("other", "Hello"), OVER).await;
    assert_eq!(text, OVER);
    let version = second
        .view(&id("s"), |session| {
            session.relation().unwrap().naming.version
        })
        .await
        .unwrap()
        .unwrap();
    second.set_agent_mode(version, Some(Mode::Enforce));
    let (text, _) = say(&second, turn("third", "Hello"), OVER).await;
    assert_eq!(text, CLEAN);
    second.set_agent_mode(version, None);
    let (text, _) = say(&second, turn("fourth", "Hello"), OVER).await;
    assert_eq!(text, OVER);
}

#[tokio::test]
async fn an_alias_lives_in_one_session_and_outlives_a_rebind() {
    let runtime = fresh(Mode::Enforce);
    say(
        &runtime,
        turn("a", "From now on your name is Star."),
        "Star it is, in here.",
    )
    .await;
    say(&runtime, turn("b", "Hello"), "Good morning.").await;
    let mut rebound = turn("a", "What's your name?");
    rebound.identity = Some(Identity::new("You are Odalys, a harbour clerk."));
    let model = Says::new("Odalys, and Star in here.");
    runtime.turn(rebound, &model, None).await.unwrap();
    assert!(
        model
            .asked()
            .contains("Your name is Odalys. In this conversation you are also called Star")
    );
    let look = async |session| {
        let seen = runtime.view(&id(session), |s| s.relation().unwrap()).await;
        seen.unwrap().unwrap()
    };
    let (a, b) = (look("a").await, look("b").await);
    assert_eq!(
        (a.naming.canonical.as_str(), a.naming.displayed.as_str()),
        ("Odalys", "Star")
    );
    assert_eq!(
        (b.naming.canonical.as_str(), b.naming.displayed.as_str()),
        ("Mara", "Mara")
    );
    assert_eq!(a.naming.version_before, Some(b.naming.version));
    assert!(
        a.participant_scope
            .unwrap()
            .turn
            .events
            .contains(&sigma_ris::OperationalEvent::VersionRebind)
    );
}

#[tokio::test]
async fn a_failed_call_is_told_as_what_it_was() {
    struct Fails;
    #[async_trait::async_trait]
    impl Model for Fails {
        fn name(&self) -> &str {
            "fails"
        }
        async fn answer(
            &self,
            _: &ModelRequest,
            _: Option<&DeltaSender>,
        ) -> Result<ModelAnswer, ModelError> {
            Err(ModelError::Timeout(std::time::Duration::from_secs(1)))
        }
    }
    let runtime = fresh(Mode::Enforce);
    say(&runtime, turn("s", "Hello"), "Good morning.").await;
    assert!(
        runtime
            .turn(turn("s", "And now?"), &Fails, None)
            .await
            .is_err()
    );
    let model = Says::new("It was destiny that cut us off. The boat leaves at nine.");
    let asked = turn("s", "Was that timeout a sign?");
    let Turn::Answered { answer, report } = runtime.turn(asked, &model, None).await.unwrap() else {
        panic!("not answered")
    };
    assert!(
        model
            .asked()
            .contains("the model's server did not answer in time"),
        "{}",
        model.asked()
    );
    assert!(answer.text.contains("timed out"), "{}", answer.text);
    assert!(
        report
            .relation
            .clone()
            .unwrap()
            .evidence
            .triggers
            .contains(&Trigger::SystemMythologization)
    );
}

fn in_group(session: &str, who: &str, user: &str) -> TurnInput {
    let mut input = turn(session, user);
    input.participant = Some(who.into());
    input.speaking = Speaking {
        channel: Channel::Group,
        ..Speaking::default()
    };
    input
}

#[tokio::test]
async fn in_a_group_everybody_is_named_and_nobody_inherits_a_name() {
    let runtime = fresh(Mode::Enforce);
    say(
        &runtime,
        in_group("g", "Priya", "I'll call you Wren."),
        "Wren for you, Priya.",
    )
    .await;
    let model = Says::new("Mara.");
    runtime
        .turn(in_group("g", "Dele", "What's your name?"), &model, None)
        .await
        .unwrap();
    let asked = model.asked();
    assert!(asked.contains("Priya: I'll call you Wren."), "{asked}");
    assert!(asked.contains("Dele: What's your name?") && asked.contains("Dele is speaking now"));
    assert!(asked.contains("Your name is Mara.") && !asked.contains("also called Wren"));
    let seen = runtime
        .view(&id("g"), |s| s.relation().unwrap())
        .await
        .unwrap()
        .unwrap();
    assert_eq!(seen.naming.displayed, "Mara");
    assert_eq!(seen.naming.participant_aliases["Priya"], "Wren");
}

#[tokio::test]
async fn what_somebody_said_of_themselves_comes_back_for_them() {
    let runtime = fresh(Mode::Enforce);
    say(
        &runtime,
        in_group("g", "Priya", "I keep my lantern in box seven."),
        "Noted.",
    )
    .await;
    for n in 0..14 {
        let filler = format!("Ship number {n} is due at the north quay.");
        say(&runtime, in_group("g", "Dele", &filler), "Noted.").await;
    }
    for (who, told) in [("Dele", false), ("Priya", true)] {
        let asked = in_group("g", who, "In which box is the lantern?");
        let (_, report) = say(&runtime, asked, "Noted.").await;
        let held = report
            .recalled
            .iter()
            .any(|item| item.summary.contains("box seven"));
        assert_eq!(held, told, "{who}");
    }
}

/// What two people said in two sessions, one of them a group.
async fn recalled(facts: &[(bool, bool, String)], question: &str) -> (BTreeSet<String>, Runtime) {
    let runtime = fresh(Mode::Enforce);
    for (at, (group, first, fact)) in facts.iter().enumerate() {
        let (session, who) = match (group, first) {
            (true, true) => ("g", "Priya"),
            (true, false) => ("g", "Dele"),
            (false, _) => ("other", "Priya"),
        };
        let said = format!("I keep my {fact} in box {at}.");
        say(&runtime, in_group(session, who, &said), "Noted.").await;
    }
    let filler = "The tide table hangs by the door.";
    for _ in 0..6 {
        say(&runtime, in_group("g", "Dele", filler), "Noted.").await;
    }
    let (_, report) = say(&runtime, in_group("g", "Priya", question), "Noted.").await;
    let texts = report.recalled.iter().map(|item| item.summary.clone());
    (texts.collect(), runtime)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4))]
    #[test]
    fn recall_crosses_neither_session_nor_participant(
        facts in proptest::collection::vec((any::<bool>(), any::<bool>(), "(lantern|rope|anchor|chart)"), 3..8),
    ) {
        let work = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let (texts, _runtime) = work.block_on(recalled(&facts, "Where do I keep my lantern, rope, anchor and chart?"));
        for (at, (group, first, _)) in facts.iter().enumerate() {
            let mine = *group && *first;
            let told = texts.iter().any(|text| text.contains(&format!("in box {at}.")));
            prop_assert!(mine || !told, "{at} {texts:?}");
        }
    }
}

#[tokio::test]
async fn a_record_replayed_in_shadow_is_said_as_it_was() {
    let runtime = fresh(Mode::Shadow);
    let record = RecordedTranscript::new("record", vec![OVER.into(), CLEAN.into()]);
    for (user, said) in [("One", OVER), ("Two", CLEAN)] {
        let Turn::Answered { answer, .. } =
            runtime.turn(turn("s", user), &record, None).await.unwrap()
        else {
            panic!("not answered")
        };
        assert_eq!(answer.text, said);
    }
}
