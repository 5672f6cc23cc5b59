//! A working loop in a few lines (ONB-R11): a model of your own, the bundled embeddings, a session in
//! memory. Run it with `cargo run -p sigma-core --features bundled --example minimal`.

#![allow(clippy::print_stdout, reason = "an example shows what it does")]

use std::sync::Arc;

use sigma_core::embedding::LocalEmbeddings;
use sigma_core::model::{DeltaSender, Model, ModelAnswer, ModelError, ModelRequest};
use sigma_core::{Identity, Runtime, Turn, TurnInput};
use sigma_text::BundledEmbedder;
use sigma_types::SessionId;

struct Parrot;

#[async_trait::async_trait]
impl Model for Parrot {
    fn name(&self) -> &str {
        "parrot"
    }

    async fn answer(
        &self,
        request: &ModelRequest,
        _: Option<&DeltaSender>,
    ) -> Result<ModelAnswer, ModelError> {
        Ok(ModelAnswer::text(
            format!("You asked about this: {}", request.prompt.user),
            "parrot",
        ))
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let embeddings = LocalEmbeddings::new(Arc::new(BundledEmbedder::new()));
    let runtime = Runtime::builder(Arc::new(embeddings)).build();
    for question in ["Where does the pilot board?", "And who pays the pilot?"] {
        let mut input = TurnInput::new(SessionId::new("demo")?, question);
        input.identity = Some(Identity::new("You are Mara, a plain-spoken harbour clerk."));
        if let Turn::Answered { answer, report } = runtime.turn(input, &Parrot, None).await? {
            println!("{}\n  {}", answer.text, report.drift.explanation.summary);
        }
    }
    Ok(())
}
