//! Content words that fit any subject and so say little about one.

use crate::Language;
use std::{collections::HashSet, sync::LazyLock};

/// Whether a stem belongs to a word that fits any subject and so says little about one: "thing",
/// "want", "good". English; other languages have none.
pub fn is_general(stem: &str) -> bool {
    STEMS.contains(stem)
}

static STEMS: LazyLock<HashSet<String>> = LazyLock::new(|| {
    WORDS
        .split_ascii_whitespace()
        .map(|word| Language::English.stem(word))
        .collect()
});

const WORDS: &str = "
able absolutely actual add added additional ask asked asking aspect aspects bad based begin best better big bit
bring brings build building call called care case cases certain certainly chance change changes check choose clear
clearly coming common complete completely consider contain continue course create creating current currently day days
deal decide depend depends describe detail details difference different directly easily easy effective end ensure
entire especially essential everyday exactly example examples exist expect explain fact feel feeling feels felt find
finally fine first follow following forward found full fully general generally give given gives giving good great
happen happened happening happens hard hear help helpful helping helps hey hi high hope hello idea ideas identify
imagine important include includes including involve involves item items keep keeps key kind kinds knew know knowing
known knows large last late later lead learn leave left level likely line list little live long look looking looks
lots made main make makes making manner matter mean meaning means meant mention moment move need needed needs new
next nice normal note number often old open part particular particularly parts pay people perfect person place play
point points possible potential prefer pretty probably problem process provide provides put question questions quick
quickly reach read ready real reason regarding related result results right run see seeing seem seems seen sense set
several show shows similar simple simply single situation small sort sound sounds specific specifically start started
starting starts state step steps stop strong stuff suggest support sure take taken takes taking talk tell tend term
terms thank thing things think thinking third thought thoughts time times today told tomorrow tonight top total tried
true truly try trying turn turned type types understand use used useful user uses using usual usually various view
wait wants wanted watch way ways week weeks went whatever wish wonder word words work working works world worth write
wrong year years yesterday second three four five six seven eight nine ten two half
";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn subject_words_are_strong() {
        assert!(is_general("thing"));
        assert!(is_general(&Language::English.stem("possibly")) == is_general("possibl"));
        assert!(!is_general("migrat"));
    }
}
