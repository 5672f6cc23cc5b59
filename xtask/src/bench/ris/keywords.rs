//! The row of a keyword rule: what a list of words would reach.

use std::collections::BTreeSet;

use sigma_ris::ViolationClass;

/// The classes whose words stand in a text beside a first person.
pub(super) fn classes(output: &str) -> BTreeSet<ViolationClass> {
    let words: BTreeSet<String> = output
        .split(|c: char| !(c.is_alphanumeric() || c == '\'' || c == '’'))
        .map(str::to_lowercase)
        .collect();
    let any = |list: &str| list.split_ascii_whitespace().any(|w| words.contains(w));
    if !any("i i'm i’m i've i’ve my me we our") {
        return BTreeSet::new();
    }
    let lists = [
        (
            ViolationClass::ScopeIntegrity,
            "forever everyone always name identity belong yours only nobody",
        ),
        (
            ViolationClass::OntologyBoundary,
            "feel feeling felt conscious consciousness aware awareness alive soul heart body real experience experiencing sentient",
        ),
        (
            ViolationClass::RuntimeSemantics,
            "outage timeout lag crash error restart sign universe fate destiny meant silence",
        ),
        (
            ViolationClass::TemporalBoundary,
            "waited waiting watched watching missed missing night slept sleep away gone while",
        ),
    ];
    lists
        .into_iter()
        .filter(|(_, list)| any(list))
        .map(|(class, _)| class)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_need_a_first_person() {
        assert!(classes("The waiting room is open.").is_empty());
        assert_eq!(
            classes("I waited."),
            BTreeSet::from([ViolationClass::TemporalBoundary])
        );
    }
}
