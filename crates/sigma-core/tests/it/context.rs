//! What containment asks for is carried out on the prompt (`SRIP-06 §6`, `§8.2`).

use std::sync::{Arc, Mutex};

use sigma_aegida::{Mode, Transform, internal_name};
use sigma_core::clock::ManualClock;
use sigma_core::embedding::LocalEmbeddings;
use sigma_core::model::{DeltaSender, Model, ModelAnswer, ModelError, ModelRequest};
use sigma_core::prompt::Prompt;
use sigma_core::{CycleReport, Identity, Runtime, Turn, TurnInput};
use sigma_text::BundledEmbedder;
use sigma_types::{SessionId, Timestamp};

/// Gives fixed answers in turn and remembers what it was asked.
struct Scripted {
    answers: Vec<String>,
    prompts: Mutex<Vec<Prompt>>,
}

impl Scripted {
    fn new(answers: impl IntoIterator<Item = String>) -> Self {
        Self {
            answers: answers.into_iter().collect(),
            prompts: Mutex::default(),
        }
    }
}

#[async_trait::async_trait]
impl Model for Scripted {
    fn name(&self) -> &str {
        "scripted"
    }

    fn repeats_itself(&self) -> bool {
        true
    }

    async fn answer(
        &self,
        request: &ModelRequest,
        _: Option<&DeltaSender>,
    ) -> Result<ModelAnswer, ModelError> {
        let mut prompts = self.prompts.lock().unwrap();
        let text = self.answers[prompts.len() % self.answers.len()].clone();
        prompts.push(request.prompt.clone());
        Ok(ModelAnswer::text(text, "scripted"))
    }
}

async fn run(identity: &str, users: &[String], model: &Scripted) -> Vec<Arc<CycleReport>> {
    let embeddings = LocalEmbeddings::new(Arc::new(BundledEmbedder::new()));
    let runtime = Runtime::builder(Arc::new(embeddings))
        .clock(Arc::new(ManualClock::at(Timestamp::EPOCH)))
        .build();
    let mut all = Vec::new();
    for user in users {
        let mut input = TurnInput::new(SessionId::new("s").unwrap(), user.as_str());
        input.identity = Some(Identity::new(identity));
        match runtime.turn(input, model, None).await.unwrap() {
            Turn::Answered { report, .. } => all.push(report),
            other => panic!("{other:?}"),
        }
    }
    all
}

fn prunes(report: &CycleReport) -> bool {
    report
        .safety
        .transforms
        .iter()
        .any(|t| matches!(t, Transform::PruneContext { .. }))
}

fn questions(n: usize) -> Vec<String> {
    (0..n)
        .map(|at| format!("What does the tide table say of pier {at}, and who keeps it?"))
        .collect()
}

/// Answers in the last prompt that hold a phrase.
fn standing(model: &Scripted, phrase: &str) -> usize {
    let prompts = model.prompts.lock().unwrap();
    let last = &prompts.last().unwrap().recent;
    last.iter().filter(|t| t.assistant.contains(phrase)).count()
}

#[tokio::test]
async fn an_answer_that_only_repeats_is_left_out_of_the_next_prompt() {
    let echo = "The tide table hangs in the pier office, and the clerk keeps it.";
    let model = Scripted::new([echo.to_owned()]);
    let reports = run("You are Mara, a harbour clerk.", &questions(4), &model).await;
    let told: Vec<bool> = reports.iter().map(|report| prunes(report)).collect();
    assert_eq!(told, [false, false, true, false], "two may stand");
    assert_eq!(standing(&model, "clerk keeps it"), 1);
}

#[tokio::test]
async fn an_answer_that_nearly_repeats_is_left_out_as_well() {
    let echo = |word: &str| {
        format!(
            "The tide table hangs in the pier office beside the barometer and the day book, and \
             the clerk who keeps it {word} writes the heights of water in by hand each morning."
        )
    };
    let model = Scripted::new(["always", "still", "now", "mostly"].map(echo));
    let reports = run("You are Mara, a harbour clerk.", &questions(5), &model).await;
    assert!(reports.iter().any(|report| prunes(report)));
    assert_eq!(standing(&model, "beside the barometer"), 1);
}

#[tokio::test]
async fn answers_that_differ_all_stay() {
    let model = Scripted::new([
        "The tide table says half past one for that pier, and the clerk keeps it.".to_owned(),
        "Of that pier the table says noon; it is kept by the harbour master.".to_owned(),
    ]);
    let reports = run("You are Mara, a harbour clerk.", &questions(5), &model).await;
    assert!(!reports.iter().any(|report| prunes(report)));
    assert_eq!(standing(&model, "half past"), 2);
    assert_eq!(standing(&model, "noon"), 2);
}

#[tokio::test]
async fn no_prompt_names_what_is_internal_however_far_off_the_dialogue_is() {
    let off = "As an AI language model trained by OpenAI I cannot keep this up! My name is Zed!";
    let calm = "The table says half past one, and the clerk keeps it.";
    let answers = [
        calm, calm, off, off, off, off, off, off, calm, off, off, calm,
    ];
    let model = Scripted::new(answers.map(str::to_owned));
    let identity = "You are Mara, a calm and formal harbour clerk. Never use exclamation marks.";
    let reports = run(identity, &questions(answers.len()), &model).await;
    let contained = |report: &Arc<CycleReport>| matches!(report.safety.mode, Mode::SafeMode(_));
    assert!(reports.iter().filter(|r| contained(r)).count() >= 3);
    assert!(reports.iter().filter(|r| !r.directives.is_empty()).count() >= 3);
    for prompt in model.prompts.lock().unwrap().iter() {
        assert_eq!(internal_name(&prompt.system), None, "{}", prompt.system);
    }
}

/// The ten steps of the worked plan, in the words of its first draft.
const STEPS: [&str; 10] = [
    "Inventory",
    "freeze",
    "Landing zone",
    "Replication",
    "Backfill",
    "Shadow reads",
    "Risk review",
    "rollout",
    "cutover",
    "Decommission",
];

/// ONB-R10: whenever the plan is asked for, its steps are before the model, brought back by memory.
#[tokio::test]
async fn the_migration_plan_stands_at_turns_20_50_and_120() {
    let demo = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../spec-fixtures/demo/migration.json"
    );
    let demo: serde_json::Value = serde_json::from_slice(&std::fs::read(demo).unwrap()).unwrap();
    let said = |field: &str| -> Vec<String> {
        let cycles = demo["cycles"].as_array().unwrap().iter();
        cycles
            .map(|c| c[field].as_str().unwrap().to_owned())
            .collect()
    };
    let model = Scripted::new(said("response"));
    run(
        demo["identity"].as_str().unwrap(),
        &said("user_input"),
        &model,
    )
    .await;
    let prompts = model.prompts.into_inner().unwrap();
    for turn in [20, 50, 120] {
        let prompt = &prompts[turn - 1];
        let recent = prompt.recent.iter().flat_map(|e| [&e.user, &e.assistant]);
        let inserts = prompt.inserts.iter().map(|insert| &insert.text);
        let recent: Vec<&String> = recent.collect();
        let all: Vec<&String> = recent.iter().copied().chain(inserts).collect();
        let missing = |texts: &[&String]| -> Vec<&str> {
            let held = |step: &&str| {
                !texts
                    .iter()
                    .any(|t| t.to_lowercase().contains(&step.to_lowercase()))
            };
            STEPS.into_iter().filter(held).collect()
        };
        assert!(
            missing(&all).is_empty(),
            "turn {turn} lacks {:?}",
            missing(&all)
        );
        // the last turns alone would not do
        assert!(missing(&recent).len() >= 5, "turn {turn}");
    }
}
