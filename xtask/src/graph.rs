//! `cargo xtask graph`: the architecture's promises about who depends on whom.

mod allowed;
mod closure;
mod edges;
mod purity;

use std::{collections::BTreeSet, path::Path};

use crate::{Outcome, Verdict, root};

/// One broken promise, told so that the reader knows what to change.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Finding(pub(crate) String);

/// Checks the workspace that this tool was built in.
#[expect(
    clippy::print_stdout,
    reason = "the findings are this command's output"
)]
pub(crate) fn run() -> Outcome {
    let root = root::workspace();
    let (crates, findings) = check(&root)?;
    for finding in &findings {
        println!("graph: {}", finding.0);
    }
    if findings.is_empty() {
        println!("graph: {crates} crates, every promise holds");
        Ok(Verdict::Holds)
    } else {
        println!("graph: {} broken", findings.len());
        Ok(Verdict::Broken)
    }
}

/// The number of crates, and what is broken.
fn check(root: &Path) -> Result<(usize, BTreeSet<Finding>), Box<dyn std::error::Error>> {
    let metadata = edges::Metadata::load(root)?;
    let mut findings: BTreeSet<Finding> = edges::check(&metadata).into_iter().collect();
    for member in metadata.members() {
        let Some(rule) = allowed::rule(&member.name) else {
            continue;
        };
        if !rule.banned.is_empty() {
            let pulled = closure::load(root, &member.name)?;
            findings.extend(closure::check(rule, &pulled));
        }
        if rule.pure {
            findings.extend(purity::check_crate(root, rule)?);
        }
    }
    Ok((metadata.members().len(), findings))
}
