//! Edges between workspace crates, as `cargo metadata` tells them.

use serde::Deserialize;
use std::{path::Path, process::Command};

use super::{Finding, allowed};

/// The part of `cargo metadata` that matters here.
#[derive(Debug, Deserialize)]
pub(super) struct Metadata {
    packages: Vec<Package>,
}

/// One crate of the workspace.
#[derive(Debug, Deserialize)]
pub(super) struct Package {
    /// Its name.
    pub(super) name: String,
    dependencies: Vec<Dependency>,
}

#[derive(Debug, Deserialize)]
struct Dependency {
    name: String,
    /// `null` for a normal one, else `dev` or `build`.
    kind: Option<String>,
    path: Option<String>,
}

/// `cargo metadata` could not be had.
#[derive(Debug, thiserror::Error)]
pub(super) enum MetadataError {
    #[error("could not start cargo")]
    Start(#[from] std::io::Error),
    #[error("`cargo {command}` failed: {stderr}")]
    Cargo { command: String, stderr: String },
    #[error("`cargo metadata` wrote something unexpected")]
    Json(#[from] serde_json::Error),
}

/// Runs cargo in `root` and returns what it printed.
pub(super) fn cargo(root: &Path, args: &[&str]) -> Result<String, MetadataError> {
    let program = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let output = Command::new(program)
        .args(args)
        .current_dir(root)
        .output()?;
    if output.status.success() {
        return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
    }
    Err(MetadataError::Cargo {
        command: args.join(" "),
        stderr: String::from_utf8_lossy(&output.stderr).trim().to_owned(),
    })
}

impl Metadata {
    pub(super) fn load(root: &Path) -> Result<Self, MetadataError> {
        let json = cargo(root, &["metadata", "--format-version=1", "--no-deps"])?;
        Ok(serde_json::from_str(&json)?)
    }

    pub(super) fn members(&self) -> &[Package] {
        &self.packages
    }
}

/// Compares the edges, optional and build ones among them, with the allowed ones. Tests may use
/// more: a dev-dependency only must not be the xtask.
pub(super) fn check(metadata: &Metadata) -> Vec<Finding> {
    let mut findings = Vec::new();
    for package in metadata.members() {
        let Some(rule) = allowed::rule(&package.name) else {
            findings.push(Finding(format!(
                "{} has no row in the table of allowed edges (xtask/src/graph/allowed.rs): \
                 add one that says what it may depend on",
                package.name
            )));
            continue;
        };
        for edge in package
            .dependencies
            .iter()
            .filter(|edge| edge.path.is_some())
        {
            let dev = edge.kind.as_deref() == Some("dev");
            let fine = if dev {
                edge.name != "xtask"
            } else {
                rule.may_use.contains(&edge.name.as_str())
            };
            if !fine {
                findings.push(Finding(format!(
                    "{} must not depend on {}: it may use {}",
                    package.name,
                    edge.name,
                    if rule.may_use.is_empty() {
                        "no crate of the workspace".to_owned()
                    } else {
                        rule.may_use.join(", ")
                    }
                )));
            }
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    fn findings(json: serde_json::Value) -> Vec<String> {
        let metadata: Metadata = serde_json::from_value(json).unwrap();
        check(&metadata)
            .into_iter()
            .map(|finding| finding.0)
            .collect()
    }

    fn package(name: &str, uses: &str, kind: Option<&str>) -> serde_json::Value {
        serde_json::json!({"packages": [{"name": name, "dependencies": [
            {"name": uses, "kind": kind, "path": "/somewhere"}]}]})
    }

    #[test]
    fn an_arrow_upwards_passes_and_one_downwards_does_not() {
        assert!(findings(package("sigma-drift", "sigma-text", None)).is_empty());
        let found = findings(package("sigma-text", "sigma-drift", None));
        assert_eq!(
            found,
            ["sigma-text must not depend on sigma-drift: it may use sigma-types"]
        );
        assert_eq!(
            findings(package("sigma-types", "sigma-text", Some("build"))).len(),
            1
        );
    }

    #[test]
    fn nothing_depends_on_the_xtask() {
        assert_eq!(findings(package("sigma-server", "xtask", None)).len(), 1);
        assert_eq!(
            findings(package("sigma-server", "xtask", Some("dev"))).len(),
            1
        );
    }

    #[test]
    fn tests_may_look_down() {
        assert!(findings(package("sigma-drift", "sigma-core", Some("dev"))).is_empty());
    }

    #[test]
    fn a_crate_without_a_row_is_told_so() {
        let found = findings(package("sigma-new", "sigma-text", None));
        assert!(found[0].starts_with("sigma-new has no row"), "{found:?}");
    }

    #[test]
    fn crates_from_outside_are_not_edges() {
        let json = serde_json::json!({"packages": [{"name": "sigma-types", "dependencies": [
            {"name": "serde", "kind": null, "path": null}]}]});
        assert!(findings(json).is_empty());
    }
}
