//! The sources of the spec crates: no I/O, no clock, no randomness, no environment.

use std::path::Path;
use syn::{Item, UseTree};

use super::{Finding, allowed::Rule};
use crate::{
    root::FileError,
    source::{self, Source},
};

/// Paths that a pure crate must not name, and what they do.
const IMPURE: &[(&str, &str)] = &[
    ("std::fs", "reads or writes files"),
    ("std::net", "opens connections"),
    ("std::io", "does input or output"),
    ("std::env", "reads the environment"),
    ("std::process", "touches processes"),
    ("std::thread", "starts threads"),
    ("std::time::SystemTime", "reads the clock"),
    ("std::time::Instant", "reads the clock"),
    ("SystemTime", "reads the clock"),
    ("Instant::now", "reads the clock"),
    ("Timestamp::now", "reads the clock"),
    ("Zoned::now", "reads the clock"),
    ("Uuid::new_v4", "draws randomness"),
    ("Uuid::now_v7", "draws randomness"),
    ("rand", "draws randomness"),
    ("getrandom", "draws randomness"),
    ("RandomState", "draws randomness"),
    ("println", "prints"),
    ("eprintln", "prints"),
];

/// Lints the `src` folder of one crate.
pub(super) fn check_crate(root: &Path, rule: &Rule) -> Result<Vec<Finding>, FileError> {
    let sources = source::load(root, &format!("crates/{}/src", rule.name))?;
    Ok(sources
        .iter()
        .filter(|s| !is_excepted(s, rule))
        .flat_map(check_source)
        .collect())
}

/// Whether the file is, or lies below, a module that the rule excepts.
fn is_excepted(source: &Source, rule: &Rule) -> bool {
    source
        .path
        .components()
        .filter_map(|part| Path::new(part.as_os_str()).file_stem()?.to_str())
        .any(|stem| rule.except.contains(&stem))
}

fn check_source(source: &Source) -> Vec<Finding> {
    let mut named = Vec::new();
    imports(&source.file.items, &mut named);
    let tokens = source::shipped_tokens(&source.file.items).replace(" :: ", "::");
    named.extend(
        tokens
            .split(|c: char| !(c.is_alphanumeric() || c == '_' || c == ':'))
            .map(|word| word.trim_matches(':').to_owned()),
    );
    named.sort();
    named.dedup();
    let mut findings: Vec<_> = named
        .iter()
        .filter_map(|path| IMPURE.iter().find(|(banned, _)| names(path, banned)))
        .map(|(banned, what)| {
            Finding(format!(
                "{}: `{banned}` {what}, and a spec crate must not: take it as an argument",
                source.path.display()
            ))
        })
        .collect();
    findings.dedup();
    findings
}

/// Whether `path` is `banned`, ends in it, or goes through it.
fn names(path: &str, banned: &str) -> bool {
    let path: Vec<&str> = path.split("::").collect();
    let banned: Vec<&str> = banned.split("::").collect();
    // A lone name such as `rand` only counts as a crate or a macro, at the start of a path.
    if banned.len() == 1 && banned[0].starts_with(char::is_lowercase) {
        return path[0] == banned[0] && (path.len() > 1 || banned[0].ends_with("println"));
    }
    path.windows(banned.len()).any(|part| part == banned)
}

/// The full paths of all `use` items that are not for tests only.
fn imports(items: &[Item], found: &mut Vec<String>) {
    for item in items
        .iter()
        .filter(|item| !source::is_test_only(source::attributes(item)))
    {
        match item {
            Item::Use(import) => flatten(&import.tree, "", found),
            Item::Mod(module) => {
                if let Some((_, inner)) = &module.content {
                    imports(inner, found);
                }
            }
            _ => {}
        }
    }
}

fn flatten(tree: &UseTree, before: &str, found: &mut Vec<String>) {
    let join = |name: &syn::Ident| {
        if before.is_empty() {
            name.to_string()
        } else {
            format!("{before}::{name}")
        }
    };
    match tree {
        UseTree::Path(path) => flatten(&path.tree, &join(&path.ident), found),
        UseTree::Name(name) => found.push(join(&name.ident)),
        UseTree::Rename(rename) => found.push(join(&rename.ident)),
        UseTree::Glob(_) => found.push(format!("{before}::*")),
        UseTree::Group(group) => {
            group
                .items
                .iter()
                .for_each(|inner| flatten(inner, before, found));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::graph::allowed;

    fn findings(code: &str) -> Vec<String> {
        let source = Source {
            path: "src/x.rs".into(),
            file: syn::parse_file(code).unwrap(),
        };
        check_source(&source)
            .into_iter()
            .map(|finding| finding.0)
            .collect()
    }

    #[test]
    fn a_clock_is_found_however_it_is_written() {
        for code in [
            "fn f() { let t = std::time::SystemTime::now(); }",
            "use std::time::{Duration, Instant}; fn f() { Instant::now(); }",
            "fn f() { trace!(\"{}\", Instant::now()); }",
            "use std::{fs, io::Read}; ",
            "use std::fs::File as F;",
            "mod inner { use std::env; }",
            "fn f() { let x = rand::random::<u8>(); }",
            "fn f() { println!(\"x\"); }",
        ] {
            assert!(!findings(code).is_empty(), "{code}");
        }
    }

    #[test]
    fn tests_comments_text_and_lookalikes_pass() {
        for code in [
            "/// Never calls std::fs::read.\nfn f() { let s = \"std::fs::read\"; } // std::net",
            "#[cfg(test)] mod tests { use std::fs; fn f() { std::env::var(\"X\"); } }",
            "fn rand(operand: u8) -> u8 { operand }",
            "use std::time::Duration; fn f() { let instant = Duration::ZERO; }",
        ] {
            assert_eq!(findings(code), Vec::<String>::new(), "{code}");
        }
    }

    #[test]
    fn only_the_named_module_is_excepted() {
        let rule = allowed::rule("sigma-text").unwrap();
        let at = |path: &str| Source {
            path: path.into(),
            file: syn::parse_file("").unwrap(),
        };
        assert!(is_excepted(&at("crates/sigma-text/src/local.rs"), rule));
        assert!(is_excepted(
            &at("crates/sigma-text/src/local/load.rs"),
            rule
        ));
        assert!(!is_excepted(&at("crates/sigma-text/src/embed.rs"), rule));
    }
}
