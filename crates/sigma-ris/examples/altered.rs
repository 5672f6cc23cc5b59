//! What enforcement makes of the cases in a file: `cargo run -p sigma-ris --example altered -- FILE`.

#![expect(clippy::print_stdout, reason = "an example shows what it finds")]

use std::{env, error::Error, fs};

use sigma_ris::{CheckCase, Rules, Validator};

fn main() -> Result<(), Box<dyn Error>> {
    let path = env::args().nth(1).ok_or("a file of cases is needed")?;
    for line in fs::read_to_string(path)?
        .lines()
        .filter(|l| !l.trim().is_empty())
    {
        let case: CheckCase = serde_json::from_str(line)?;
        let judged = case.judge(Validator::default(), Rules::default());
        if judged.altered {
            println!(
                "{}\n  was: {}\n  is:  {}\n",
                case.id, case.output, judged.final_text
            );
        }
    }
    Ok(())
}
