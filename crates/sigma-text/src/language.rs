//! Which language a text is in.

use crate::stop_words::Languages;
use rust_stemmers::{Algorithm, Stemmer};
use serde::{Deserialize, Serialize};

/// A language with its own stemmer and stop words, or [`Language::Other`] for all the rest.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Language {
    /// English.
    #[default]
    English,
    /// German.
    German,
    /// French.
    French,
    /// Spanish.
    Spanish,
    /// Italian.
    Italian,
    /// Portuguese.
    Portuguese,
    /// Dutch.
    Dutch,
    /// Swedish.
    Swedish,
    /// Danish.
    Danish,
    /// Norwegian.
    Norwegian,
    /// Russian.
    Russian,
    /// Anything else: words are taken as they are.
    Other,
}

/// Share of words that must be stop words of a language before it is preferred to English.
const EVIDENCE: f64 = 0.08;

impl Language {
    /// All of them, in order.
    pub const ALL: [Self; 12] = [
        Self::English,
        Self::German,
        Self::French,
        Self::Spanish,
        Self::Italian,
        Self::Portuguese,
        Self::Dutch,
        Self::Swedish,
        Self::Danish,
        Self::Norwegian,
        Self::Russian,
        Self::Other,
    ];

    /// Tells the language by script and stop words. Ties and short texts of plain Latin letters
    /// are taken for English.
    pub(crate) fn detect<'a>(folded_words: impl IntoIterator<Item = &'a str>) -> Self {
        let mut hits = [0_usize; Self::ALL.len()];
        let (mut latin, mut cyrillic, mut other, mut words) = (0_usize, 0_usize, 0_usize, 0_usize);
        for word in folded_words {
            match Script::of(word) {
                Script::None => continue,
                Script::Latin => latin += 1,
                Script::Cyrillic => cyrillic += 1,
                Script::Other => other += 1,
            }
            words += 1;
            let languages = Languages::of(word);
            for (count, language) in hits.iter_mut().zip(Self::ALL) {
                *count += usize::from(languages.has(language));
            }
        }
        if other > latin.max(cyrillic) {
            return Self::Other;
        }
        if cyrillic > latin {
            let known = hits[Self::Russian as usize] as f64 >= EVIDENCE * words as f64;
            return if known { Self::Russian } else { Self::Other };
        }
        let mut best = Self::English;
        for language in Self::ALL {
            if hits[language as usize] > hits[best as usize] {
                best = language;
            }
        }
        let enough = hits[best as usize] as f64 >= EVIDENCE * words as f64;
        if enough { best } else { Self::English }
    }

    /// The stem of a folded word; the word itself in a language without a stemmer.
    pub(crate) fn stem(self, folded: &str) -> String {
        let algorithm = match self {
            Self::English => Algorithm::English,
            Self::German => Algorithm::German,
            Self::French => Algorithm::French,
            Self::Spanish => Algorithm::Spanish,
            Self::Italian => Algorithm::Italian,
            Self::Portuguese => Algorithm::Portuguese,
            Self::Dutch => Algorithm::Dutch,
            Self::Swedish => Algorithm::Swedish,
            Self::Danish => Algorithm::Danish,
            Self::Norwegian => Algorithm::Norwegian,
            Self::Russian => Algorithm::Russian,
            Self::Other => return folded.to_owned(),
        };
        Stemmer::create(algorithm).stem(folded).into_owned()
    }
}

/// The script of a word, as far as language detection cares.
enum Script {
    None,
    Latin,
    Cyrillic,
    Other,
}

impl Script {
    fn of(word: &str) -> Self {
        match word.chars().find(|c| c.is_alphabetic()) {
            None => Self::None,
            Some(c) if c < '\u{250}' || ('\u{1e00}'..'\u{1f00}').contains(&c) => Self::Latin,
            Some('\u{400}'..='\u{52f}') => Self::Cyrillic,
            Some(_) => Self::Other,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> Language {
        crate::read(text).language
    }

    #[test]
    fn by_stop_words() {
        assert_eq!(of("What is the plan for the migration?"), Language::English);
        assert_eq!(of("Was ist der Plan für die Migration?"), Language::German);
        assert_eq!(
            of("Quel est le plan pour la migration des données ?"),
            Language::French
        );
        assert_eq!(
            of("¿Cuál es el plan para la migración de los datos?"),
            Language::Spanish
        );
        assert_eq!(
            of("Qual è il piano per la migrazione dei dati?"),
            Language::Italian
        );
        assert_eq!(
            of("Qual é o plano para a migração? Não sei."),
            Language::Portuguese
        );
        assert_eq!(
            of("Wat is het plan voor de migratie van onze gegevens?"),
            Language::Dutch
        );
        assert_eq!(
            of("Vad är planen för flytten av vår databas?"),
            Language::Swedish
        );
        assert_eq!(
            of("Какой у нас план и когда он будет готов?"),
            Language::Russian
        );
    }

    #[test]
    fn by_script() {
        assert_eq!(of("我们什么时候迁移数据库？"), Language::Other);
        assert_eq!(of("どうやって移行しますか"), Language::Other);
        assert_eq!(of(""), Language::English);
        assert_eq!(of("migration"), Language::English);
    }
}
