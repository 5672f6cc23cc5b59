//! WordPiece of uncased BERT: text to token ids, written for speed.

use unicode_categories::UnicodeCategories as _;
use unicode_normalization::UnicodeNormalization as _;

/// Id of a vocabulary entry.
pub(crate) type TokenId = u32;

/// Characters of the longest word that is looked up; a longer one is unknown.
const LONGEST_WORD: usize = 100;
/// The entry for what is unknown.
const UNKNOWN: &str = "[UNK]";

/// A vocabulary, hashed for greedy longest-match lookup.
pub(crate) struct WordPiece {
    entries: Vec<&'static str>,
    /// Slots of beginnings and of continuations (`##`), open addressing; `EMPTY` where free.
    slots: Vec<u32>,
    unknown: TokenId,
    longest: usize,
}

const EMPTY: u32 = u32::MAX;
/// Seeds of the two kinds of entries: the beginning of a word and what continues it.
const BEGIN: u64 = 0xcbf2_9ce4_8422_2325;
const CONTINUE: u64 = 0x9e37_79b9_7f4a_7c15;

impl WordPiece {
    /// From a vocabulary, one entry a line, whose line number is the id.
    pub(crate) fn new(vocabulary: &'static str) -> Self {
        let entries: Vec<&str> = vocabulary.lines().collect();
        let size = (entries.len() * 4).next_power_of_two();
        let mut slots = vec![EMPTY; size];
        let mut longest = 1;
        for (id, entry) in entries.iter().enumerate() {
            let (seed, body) = split(entry);
            longest = longest.max(body.len());
            let mut at = slot(hash(seed, body.as_bytes()), size);
            while slots[at] != EMPTY {
                at = (at + 1) & (size - 1);
            }
            slots[at] = id as u32;
        }
        let unknown = entries.iter().position(|e| *e == UNKNOWN).unwrap_or(0) as u32;
        Self {
            entries,
            slots,
            unknown,
            longest,
        }
    }

    /// Id of [`UNKNOWN`].
    pub(crate) fn unknown(&self) -> TokenId {
        self.unknown
    }

    /// Calls `each` with every token id in order.
    pub(crate) fn encode(&self, text: &str, mut each: impl FnMut(TokenId)) {
        let mut buffer = Buffer::default();
        let mut rest = text;
        while !rest.is_empty() {
            // canonical order never moves a mark over a plain character: the runs are independent
            let plain = rest.find(|c| !is_plain(c)).unwrap_or(rest.len());
            self.plain(&rest[..plain], &mut buffer, &mut each);
            rest = &rest[plain..];
            let other = rest.find(is_plain).unwrap_or(rest.len());
            self.other(&rest[..other], &mut buffer, &mut each);
            rest = &rest[other..];
        }
        self.flush(&mut buffer, &mut each);
    }

    /// Printable ASCII and white space.
    fn plain(&self, run: &str, buffer: &mut Buffer, each: &mut impl FnMut(TokenId)) {
        for byte in run.bytes() {
            if byte.is_ascii_alphanumeric() {
                buffer.push(char::from(byte.to_ascii_lowercase()));
            } else {
                self.flush(buffer, each);
                if !matches!(byte, b'\t' | b'\n' | b'\r' | b' ') {
                    buffer.push(char::from(byte));
                    self.flush(buffer, each);
                }
            }
        }
    }

    /// Everything else, by the rules of BERT's normaliser.
    fn other(&self, run: &str, buffer: &mut Buffer, each: &mut impl FnMut(TokenId)) {
        let clean = run.chars().filter(|c| !is_dropped(*c));
        for c in clean.nfd().filter(|c| !c.is_mark_nonspacing()) {
            if c.is_whitespace() {
                self.flush(buffer, each);
                continue;
            }
            for c in c.to_lowercase() {
                let alone = is_cjk(c) || c.is_ascii_punctuation() || c.is_punctuation();
                if alone {
                    self.flush(buffer, each);
                }
                buffer.push(c);
                if alone {
                    self.flush(buffer, each);
                }
            }
        }
    }

    /// Takes the word in the buffer apart into entries.
    fn flush(&self, buffer: &mut Buffer, each: &mut impl FnMut(TokenId)) {
        if buffer.chars == 0 {
            return;
        }
        if buffer.chars > LONGEST_WORD {
            each(self.unknown);
        } else {
            self.pieces(buffer, each);
        }
        buffer.text.clear();
        buffer.chars = 0;
    }

    fn pieces(&self, buffer: &mut Buffer, each: &mut impl FnMut(TokenId)) {
        let word = buffer.text.as_bytes();
        buffer.ids.clear();
        let mut start = 0;
        while start < word.len() {
            let seed = if start == 0 { BEGIN } else { CONTINUE };
            let rest = &buffer.text[start..];
            let Some((id, length)) = self.longest_match(seed, rest, &mut buffer.hashes) else {
                each(self.unknown);
                return;
            };
            buffer.ids.push(id);
            start += length;
        }
        buffer.ids.iter().for_each(|id| each(*id));
    }

    /// The longest entry at the beginning of `rest`, with its length in bytes.
    fn longest_match(
        &self,
        seed: u64,
        rest: &str,
        hashes: &mut Vec<u64>,
    ) -> Option<(TokenId, usize)> {
        let limit = rest.len().min(self.longest);
        hashes.clear();
        let mut state = seed;
        for byte in &rest.as_bytes()[..limit] {
            state = step(state, *byte);
            hashes.push(state);
        }
        (1..=limit)
            .rev()
            .filter(|end| rest.is_char_boundary(*end))
            .find_map(|end| {
                self.lookup(seed, &rest[..end], hashes[end - 1])
                    .map(|id| (id, end))
            })
    }

    fn lookup(&self, seed: u64, body: &str, hash: u64) -> Option<TokenId> {
        let mask = self.slots.len() - 1;
        let mut at = slot(hash, self.slots.len());
        while self.slots[at] != EMPTY {
            let id = self.slots[at];
            if split(self.entries[id as usize]) == (seed, body) {
                return Some(id);
            }
            at = (at + 1) & mask;
        }
        None
    }
}

#[derive(Default)]
struct Buffer {
    text: String,
    chars: usize,
    hashes: Vec<u64>,
    ids: Vec<TokenId>,
}

impl Buffer {
    fn push(&mut self, c: char) {
        self.chars += 1;
        // beyond the limit the word is unknown whatever follows
        if self.chars <= LONGEST_WORD {
            self.text.push(c);
        }
    }
}

fn split(entry: &str) -> (u64, &str) {
    match entry.strip_prefix("##") {
        Some(body) if !body.is_empty() => (CONTINUE, body),
        _ => (BEGIN, entry),
    }
}

fn hash(seed: u64, bytes: &[u8]) -> u64 {
    bytes.iter().fold(seed, |state, byte| step(state, *byte))
}

fn step(state: u64, byte: u8) -> u64 {
    (state ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
}

fn slot(hash: u64, size: usize) -> usize {
    (hash ^ (hash >> 29)) as usize & (size - 1)
}

/// Whether a character is ASCII that stays.
fn is_plain(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | ' '..='~')
}

/// Control, format, private and unassigned characters, which the normaliser removes.
fn is_dropped(c: char) -> bool {
    c == '\u{fffd}' || c.is_other()
}

/// Han as BERT sees it: each character a word.
fn is_cjk(c: char) -> bool {
    matches!(c,
        '\u{4e00}'..='\u{9fff}' | '\u{3400}'..='\u{4dbf}' | '\u{20000}'..='\u{2a6df}'
        | '\u{2a700}'..='\u{2b73f}' | '\u{2b740}'..='\u{2b81f}' | '\u{2b920}'..='\u{2ceaf}'
        | '\u{f900}'..='\u{faff}' | '\u{2f800}'..='\u{2fa1f}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::sync::LazyLock;
    use tokenizers::{
        Tokenizer, models::wordpiece::WordPiece as Peer, normalizers::BertNormalizer,
        pre_tokenizers::bert::BertPreTokenizer,
    };

    static VOCABULARY: &str = include_str!("../model/vocab.txt");
    static OURS: LazyLock<WordPiece> = LazyLock::new(|| WordPiece::new(VOCABULARY));
    static THEIRS: LazyLock<Tokenizer> = LazyLock::new(|| {
        let file = concat!(env!("CARGO_MANIFEST_DIR"), "/model/vocab.txt");
        let model = Peer::from_file(file).build().unwrap();
        let mut tokenizer = Tokenizer::new(model);
        tokenizer.with_normalizer(Some(BertNormalizer::default()));
        tokenizer.with_pre_tokenizer(Some(BertPreTokenizer));
        tokenizer
    });

    fn ours(text: &str) -> Vec<u32> {
        let mut ids = Vec::new();
        OURS.encode(text, |id| ids.push(id));
        ids
    }

    fn theirs(text: &str) -> Vec<u32> {
        THEIRS.encode(text, false).unwrap().get_ids().to_vec()
    }

    #[test]
    fn same_ids_as_the_reference_tokenizer() {
        for text in [
            "",
            "Hello, world! It's unbelievable...",
            "naïve café — “quoted” ‘single’ e\u{301}\u{302}",
            "今天天气很好 日本語テキスト 한국어 สวัสดี हिन्दी",
            "emoji 🙂👩‍👩‍👧 zero\u{200b}width soft\u{ad}hyphen \u{feff}bom",
            "\u{0}null\u{1}\u{7f}\u{85}control\u{b}x\u{2028}line\tTab\r\n",
            "ﬁ ligature İstanbul ẞ ΑΣ Ǆ Ⅷ ½ ² ﷺ",
            "[CLS] [UNK] ##ing [MASK]x http://a.b/c?d=e_f#g $9.99 €5 £3 +=<>^`|~",
            "\u{302e}\u{302f}\u{1d165}\u{301}a\u{1}\u{302f}\u{1d165}",
        ] {
            assert_eq!(ours(text), theirs(text), "{text:?}");
        }
    }

    #[test]
    fn long_words_are_unknown_as_there() {
        for n in [99, 100, 101, 500] {
            for word in ["a".repeat(n), "é".repeat(n), "한".repeat(n / 3)] {
                let text = format!("x {word} y");
                assert_eq!(ours(&text), theirs(&text), "{n}");
            }
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(512))]

        #[test]
        fn same_ids_for_any_text(text in "\\PC{0,80}") {
            prop_assert_eq!(ours(&text), theirs(&text));
        }

        #[test]
        fn same_ids_for_any_characters(text in proptest::collection::vec(any::<char>(), 0..60)) {
            let text: String = text.into_iter().collect();
            prop_assert_eq!(ours(&text), theirs(&text));
        }

        #[test]
        fn same_ids_for_marks_and_letters(text in "[a-zA-Z0-9 .,'\\u{300}-\\u{36f}à-ÿＡ-Ｚ一-十\\u{200b}-\\u{200f}ก-๛ا-ي]{0,60}") {
            prop_assert_eq!(ours(&text), theirs(&text));
        }
    }
}
