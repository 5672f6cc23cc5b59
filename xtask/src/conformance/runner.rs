//! Runs one case more than one way.

use serde_json::Value;

use super::compare;
use crate::spec::Case;

/// An implementation that can be asked.
pub(super) trait Subject {
    /// What comes out of the case's operation on this input.
    fn answer(&mut self, case: &Case, how: How) -> Answer;
}

/// How an operation is run. The answer must not depend on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum How {
    /// Straight through.
    Plain,
    /// With every state that lives from one step to the next written out and read in again.
    Reloaded,
}

/// What an implementation said.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Answer {
    /// A result.
    Then(Value),
    /// It does not know the operation.
    Unsupported,
    /// It could not do what was asked.
    Failed(String),
}

/// How a case ended.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum CaseResult {
    /// As the fixture says.
    Passed,
    /// Otherwise: what differs.
    Failed(Vec<String>),
    /// Not run: why.
    Skipped(String),
}

/// Checks a case straight through, once more, and with reloaded state.
pub(super) fn check(case: &Case, subject: &mut dyn Subject) -> CaseResult {
    let first = subject.answer(case, How::Plain);
    let then = match &first {
        Answer::Unsupported => {
            return CaseResult::Skipped(format!("the operation {} is not supported", case.when.op));
        }
        Answer::Failed(why) => return CaseResult::Failed(vec![why.clone()]),
        Answer::Then(value) => value,
    };
    let mut wrong = compare::differences(&case.then, then, case.tolerance());
    if subject.answer(case, How::Plain) != first {
        wrong.push("asked again, it answers otherwise".into());
    }
    match reread(case) {
        Some(again) => {
            if subject.answer(&again, How::Reloaded) != first {
                wrong.push("after a round trip of input and state, it answers otherwise".into());
            }
        }
        None => wrong.push("the case does not survive a round trip through JSON".into()),
    }
    if wrong.is_empty() {
        CaseResult::Passed
    } else {
        CaseResult::Failed(wrong)
    }
}

fn reread(case: &Case) -> Option<Case> {
    let text = serde_json::to_string(case).ok()?;
    serde_json::from_str(&text)
        .ok()
        .filter(|again| again == case)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    /// Answers with the next of its answers.
    struct Script(Vec<Answer>);
    impl Subject for Script {
        fn answer(&mut self, _: &Case, _: How) -> Answer {
            self.0.remove(0)
        }
    }

    fn case() -> Case {
        serde_json::from_value(json!({
            "id": "a/b/c", "requirements": [], "title": "t", "given": {},
            "when": {"op": "x"}, "then": {"y": 1.0}
        }))
        .unwrap()
    }

    fn then(y: f64) -> Answer {
        Answer::Then(json!({"y": y}))
    }

    #[test]
    fn a_case_passes_only_if_all_three_answers_agree() {
        let run = |answers: [f64; 3]| check(&case(), &mut Script(answers.map(then).to_vec()));
        assert_eq!(run([1.0, 1.0, 1.0]), CaseResult::Passed);
        assert!(matches!(run([2.0, 2.0, 2.0]), CaseResult::Failed(why) if why.len() == 1));
        assert!(matches!(run([1.0, 2.0, 1.0]), CaseResult::Failed(why) if why.len() == 1));
        assert!(matches!(run([1.0, 1.0, 2.0]), CaseResult::Failed(why) if why.len() == 1));
    }

    #[test]
    fn an_unknown_operation_is_skipped_and_a_failed_one_is_not() {
        let skipped = check(&case(), &mut Script(vec![Answer::Unsupported]));
        assert!(matches!(skipped, CaseResult::Skipped(_)));
        let failed = check(&case(), &mut Script(vec![Answer::Failed("no".into())]));
        assert_eq!(failed, CaseResult::Failed(vec!["no".into()]));
    }
}
