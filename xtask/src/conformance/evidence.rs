//! Whether requirements, fixtures and deviations speak of things that exist.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
};

use crate::{
    root::{self, FileError},
    spec::{Requirement, Spec, Status},
};

/// The names of all tests as `crate::test`.
pub(super) fn tests(root: &Path) -> Result<BTreeSet<String>, FileError> {
    let mut names = BTreeSet::new();
    for path in root::files(&root.join("crates"), "rs")? {
        let krate = path
            .strip_prefix(root.join("crates"))
            .ok()
            .and_then(|below| below.iter().next()?.to_str())
            .unwrap_or_default();
        names.extend(tests_in(&root::read(&path)?).map(|test| format!("{krate}::{test}")));
    }
    for path in root::files(&root.join("xtask/src"), "rs")? {
        names.extend(tests_in(&root::read(&path)?).map(|test| format!("xtask::{test}")));
    }
    Ok(names)
}

/// The functions below a test attribute, those within `proptest!` among them.
fn tests_in(source: &str) -> impl Iterator<Item = &str> {
    let mut pending = false;
    source.lines().filter_map(move |line| {
        let line = line.trim_start();
        pending |= line.starts_with("#[test]") || line.starts_with("#[tokio::test");
        let name = line
            .strip_prefix("async ")
            .unwrap_or(line)
            .strip_prefix("fn ")?;
        std::mem::take(&mut pending)
            .then(|| {
                name.split(|c: char| !(c.is_alphanumeric() || c == '_'))
                    .next()
            })
            .flatten()
    })
}

/// Everything that does not hold together.
pub(super) fn check(spec: &Spec, tests: &BTreeSet<String>) -> Vec<String> {
    let mut findings = duplicates(spec);
    let cited = citing(spec);
    let known: BTreeSet<&str> = spec.requirements().map(|r| r.id.as_str()).collect();
    let deviations: BTreeSet<&str> = spec.deviations.iter().map(|d| d.id.as_str()).collect();
    for case in &spec.cases {
        if case.requirements.is_empty() {
            findings.push(format!("{} cites no requirement", case.id));
        }
        let unknown = case
            .requirements
            .iter()
            .filter(|id| !known.contains(id.as_str()));
        findings.extend(unknown.map(|id| format!("{} cites {id}, which does not exist", case.id)));
    }
    for requirement in spec.requirements() {
        findings.extend(of_requirement(requirement, &cited, tests));
        let unknown = requirement
            .deviations
            .iter()
            .filter(|id| !deviations.contains(id.as_str()));
        findings.extend(unknown.map(|id| format!("{}: {id} does not exist", requirement.id)));
    }
    findings
}

fn duplicates(spec: &Spec) -> Vec<String> {
    let mut seen = BTreeSet::new();
    let ids = spec.cases.iter().map(|case| case.id.as_str());
    let ids = ids.chain(spec.requirements().map(|r| r.id.as_str()));
    let ids = ids.chain(spec.deviations.iter().map(|d| d.id.as_str()));
    ids.filter(|id| !seen.insert(*id))
        .map(|id| format!("{id} stands twice"))
        .collect()
}

/// Case ids and fixture files to the requirements that they cite.
fn citing(spec: &Spec) -> BTreeMap<&str, BTreeSet<&str>> {
    let mut map: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for case in &spec.cases {
        for requirement in &case.requirements {
            map.entry(&case.id).or_default().insert(requirement);
            map.entry(case.file()).or_default().insert(requirement);
        }
    }
    map
}

fn of_requirement(
    requirement: &Requirement,
    cited: &BTreeMap<&str, BTreeSet<&str>>,
    tests: &BTreeSet<String>,
) -> Vec<String> {
    let id = &requirement.id;
    let mut findings = Vec::new();
    for evidence in &requirement.evidence {
        if evidence.contains("::") {
            if !tests.contains(evidence) {
                findings.push(format!("{id}: there is no test {evidence}"));
            }
        } else {
            match cited.get(evidence.as_str()) {
                None => findings.push(format!("{id}: there is no fixture {evidence}")),
                Some(ids) if !ids.contains(id.as_str()) => {
                    findings.push(format!("{id}: no case of {evidence} cites it"));
                }
                Some(_) => {}
            }
        }
    }
    let missing = match requirement.status {
        Status::Met if requirement.evidence.is_empty() => Some("is met without evidence"),
        Status::Partial if requirement.evidence.is_empty() => Some("is partial without evidence"),
        Status::Partial if requirement.note.is_none() => Some("is partial and says not what lacks"),
        Status::Open if requirement.note.is_none() => Some("is open and says not why"),
        _ => None,
    };
    findings.extend(missing.map(|what| format!("{id} {what}")));
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tests_are_found_in_modules_macros_and_async() {
        let source = "
            #[test]
            fn one() {}
            fn helper() {}
            proptest! {
                #[test]
                fn two(x in 0..1) {}
            }
            #[tokio::test]
            async fn three() {}
        ";
        assert_eq!(
            tests_in(source).collect::<Vec<_>>(),
            ["one", "two", "three"]
        );
    }

    fn requirement(status: &str, evidence: &[&str]) -> Requirement {
        serde_json::from_value(serde_json::json!({
            "id": "X-R1", "section": ["1"], "level": "required", "text": "t",
            "status": status, "evidence": evidence
        }))
        .unwrap()
    }

    #[test]
    fn evidence_has_to_exist_and_to_be_about_the_requirement() {
        let cited = [("x/file", ["X-R1"].into()), ("x/other", ["X-R2"].into())].into();
        let tests = ["krate::shown".to_owned()].into();
        let check =
            |evidence: &[&str]| of_requirement(&requirement("met", evidence), &cited, &tests);
        assert!(check(&["x/file", "krate::shown"]).is_empty());
        assert_eq!(check(&["x/other"]), ["X-R1: no case of x/other cites it"]);
        assert_eq!(check(&["x/none"]), ["X-R1: there is no fixture x/none"]);
        assert_eq!(
            check(&["krate::gone"]),
            ["X-R1: there is no test krate::gone"]
        );
        assert_eq!(check(&[]), ["X-R1 is met without evidence"]);
    }

    #[test]
    fn what_is_open_says_why() {
        let open = of_requirement(
            &requirement("open", &[]),
            &BTreeMap::new(),
            &BTreeSet::new(),
        );
        assert_eq!(open, ["X-R1 is open and says not why"]);
    }
}
