//! What a crate pulls in when somebody adds it with its default features.

use std::{collections::BTreeSet, path::Path};

use super::{
    Finding,
    allowed::Rule,
    edges::{MetadataError, cargo},
};

/// The names of all crates that come with `krate` alone, its own left out.
///
/// `cargo tree` is asked because `cargo metadata` unites the features of the whole workspace.
pub(super) fn load(root: &Path, krate: &str) -> Result<BTreeSet<String>, MetadataError> {
    let args = [
        "tree",
        "--package",
        krate,
        "--edges=normal",
        "--prefix=none",
        "--format={p}",
        "--quiet",
    ];
    Ok(parse(&cargo(root, &args)?, krate))
}

fn parse(tree: &str, krate: &str) -> BTreeSet<String> {
    tree.lines()
        .filter_map(|line| line.split_whitespace().next())
        .filter(|name| *name != krate)
        .map(str::to_owned)
        .collect()
}

/// Names every banned crate among those pulled in.
pub(super) fn check(rule: &Rule, pulled: &BTreeSet<String>) -> Vec<Finding> {
    let banned = |name: &str| rule.banned.iter().find(|ban| ban.covers(name));
    pulled
        .iter()
        .filter_map(|name| banned(name).map(|ban| (name, ban.what)))
        .map(|(name, what)| {
            Finding(format!(
                "{krate} must not bring {what} along, but its default features pull in {name}: \
                 see `cargo tree -p {krate} -e normal -i {name}`",
                krate = rule.name
            ))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::graph::allowed;

    const TREE: &str = "sigma-drift v0.1.0 (/here)\nserde v1.0.229\n\ntokio v1.54.1 (*)\n";

    #[test]
    fn names_are_the_first_word_of_each_line() {
        let pulled = parse(TREE, "sigma-drift");
        assert_eq!(pulled.into_iter().collect::<Vec<_>>(), ["serde", "tokio"]);
    }

    #[test]
    fn a_banned_crate_is_named_with_what_it_does() {
        let rule = allowed::rule("sigma-drift").unwrap();
        let found = check(rule, &parse(TREE, "sigma-drift"));
        assert_eq!(found.len(), 1);
        assert!(found[0].0.contains("an async runtime") && found[0].0.contains("tokio"));
    }

    #[test]
    fn the_core_may_know_async_but_no_http_server() {
        let rule = allowed::rule("sigma-core").unwrap();
        let pulled = ["tokio", "hyper", "axum"].map(str::to_owned).into();
        let found = check(rule, &pulled);
        assert_eq!(found.len(), 1, "{found:?}");
        assert!(found[0].0.contains("axum"));
    }
}
