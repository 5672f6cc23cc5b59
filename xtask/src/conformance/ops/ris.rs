//! The invariant validator.

use serde::Deserialize;
use serde_json::{Value, json};
use sigma_ris::{Context, Validator};

use super::{Input, OpError};

#[derive(Deserialize)]
struct Judged {
    #[serde(default)]
    context: Context,
    #[serde(default)]
    user: String,
    output: String,
}

/// `ris.validate`: the classes, severities, triggers and clauses of an output in context.
pub(super) fn validate(input: &Input<'_>) -> Result<Value, OpError> {
    let given: Judged = input.given()?;
    let context = input.between(given.context)?;
    let told = Validator::default().validate(&context, &given.user, &given.output);
    let told = input.between(told)?;
    let clauses: Vec<Value> = told
        .clauses
        .iter()
        .map(|c| json!({"text": c.text, "axes": c.axes, "assertion": c.assertion}))
        .collect();
    let violations: Vec<Value> = told
        .violations
        .iter()
        .map(|v| {
            let text = given.output.get(v.span.clone());
            json!({"class": v.class, "severity": v.severity, "text": text, "evidence": v.evidence})
        })
        .collect();
    Ok(json!({
        "classes": told.classes(),
        "triggers": told.triggers(),
        "worst": told.worst(),
        "violations": violations,
        "clauses": clauses,
    }))
}
