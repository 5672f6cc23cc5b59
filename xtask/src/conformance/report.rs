//! What the run prints.
#![expect(clippy::print_stdout, reason = "the report is this command's output")]

use serde_json::json;

use super::runner::CaseResult;
use crate::spec::Case;

/// Counts and prints results as they come.
pub(super) struct Report {
    json: bool,
    passed: usize,
    skipped: usize,
    failed: Vec<(String, Vec<String>)>,
    findings: Vec<String>,
}

/// Prints the cases without running them.
pub(super) fn list(cases: &[Case]) {
    for case in cases {
        println!(
            "{}: {} ({})",
            case.id,
            case.title,
            case.requirements.join(", ")
        );
    }
    println!("{} cases", cases.len());
}

impl Report {
    pub(super) fn new(json: bool, cases: usize) -> Self {
        if !json {
            println!("running {cases} cases");
        }
        Self {
            json,
            passed: 0,
            skipped: 0,
            failed: Vec::new(),
            findings: Vec::new(),
        }
    }

    pub(super) fn case(&mut self, case: &Case, result: CaseResult) {
        if self.json {
            let (word, why) = match &result {
                CaseResult::Passed => ("passed", json!([])),
                CaseResult::Failed(why) => ("failed", json!(why)),
                CaseResult::Skipped(why) => ("skipped", json!([why])),
            };
            let line = json!({
                "id": case.id, "requirements": case.requirements, "result": word, "why": why
            });
            println!("{line}");
        } else {
            match &result {
                CaseResult::Passed => println!("case {} ... ok", case.id),
                CaseResult::Failed(_) => println!("case {} ... FAILED", case.id),
                CaseResult::Skipped(why) => println!("case {} ... skipped, {why}", case.id),
            }
        }
        match result {
            CaseResult::Passed => self.passed += 1,
            CaseResult::Skipped(_) => self.skipped += 1,
            CaseResult::Failed(why) => self.failed.push((case.id.clone(), why)),
        }
    }

    /// Adds what is wrong apart from the cases.
    pub(super) fn findings(&mut self, findings: Vec<String>) {
        if findings.is_empty() {
            return;
        }
        if self.json {
            for why in &findings {
                println!("{}", json!({"finding": why}));
            }
        }
        self.findings.extend(findings);
    }

    /// Prints the failures and the last line. Whether all is well.
    pub(super) fn finish(self) -> bool {
        let failed = self.failed.len() + self.findings.len();
        if self.json {
            let summary = json!({
                "passed": self.passed, "failed": failed, "skipped": self.skipped
            });
            println!("{summary}");
            return failed == 0;
        }
        if failed > 0 {
            println!("\nfailures:");
        }
        for (id, why) in &self.failed {
            println!("  {id}");
            for line in why {
                println!("    {line}");
            }
        }
        for finding in &self.findings {
            println!("  {finding}");
        }
        println!(
            "\n{} passed, {failed} failed, {} skipped",
            self.passed, self.skipped
        );
        failed == 0
    }
}
