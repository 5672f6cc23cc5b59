//! Shows what enforcement says in place of outputs: `correct < cases.jsonl`.
use sigma_ris::{CheckCase, SRIP_13, Validator};
use std::io::BufRead as _;

fn main() {
    let labelled_only = std::env::args().any(|a| a == "--labelled");
    for line in std::io::stdin().lock().lines().map_while(Result::ok) {
        let Ok(case) = serde_json::from_str::<CheckCase>(&line) else {
            continue;
        };
        let told = case.judge(Validator::default(), SRIP_13);
        let want = case.expect.clone().unwrap_or_default().violations;
        if !told.altered && (want.is_empty() || !labelled_only) {
            continue;
        }
        println!(
            "{} {} want {want:?} got {:?} {:?}",
            if told.altered { "ALTERED" } else { "missed " },
            case.id,
            told.violations,
            told.action
        );
        println!("   U: {}", case.user);
        println!("   - {}", case.output);
        if told.altered {
            println!("   + {}", told.final_text);
        }
    }
}
