//! Conversations with questions, in the form of LoCoMo.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use serde::Deserialize;
use serde_json::{Map, Value};
use sigma_types::Timestamp;

/// What one speaker said at once.
#[derive(Debug, Clone)]
pub(super) struct Turn {
    pub(super) speaker: String,
    pub(super) text: String,
    /// What a shared picture shows, and what it was searched by; both may be empty.
    pub(super) picture: [String; 2],
    pub(super) at: Timestamp,
    /// The session's date as the file writes it.
    pub(super) date: String,
}

/// A question whose evidence stands in the conversation.
#[derive(Debug, Clone)]
pub(super) struct Question {
    /// Its place in the file's list, from 0.
    pub(super) index: usize,
    pub(super) text: String,
    pub(super) category: u64,
    /// Numbers of the turns that hold the evidence: sorted, each once, at least one.
    pub(super) evidence: Vec<usize>,
}

/// Evidence as it was found in a file.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Counts {
    /// Pieces that name a turn.
    pub(super) used: usize,
    /// Pieces that came out of a string that held several, split on `;`.
    pub(super) split: usize,
    /// Pieces that name no turn of the conversation.
    pub(super) skipped: usize,
    /// Questions left out because none of their evidence names a turn.
    pub(super) questions_skipped: usize,
}

/// One conversation.
#[derive(Debug, Clone)]
pub(super) struct Conversation {
    pub(super) id: String,
    /// The one who counts as the user.
    pub(super) first: String,
    pub(super) turns: Vec<Turn>,
    pub(super) questions: Vec<Question>,
    pub(super) counts: Counts,
}

/// The file cannot be measured.
#[derive(Debug, thiserror::Error)]
pub(super) enum DataError {
    #[error("cannot read {path}")]
    Unreadable {
        path: String,
        source: std::io::Error,
    },
    #[error("{path} is not a list of conversations in the form of LoCoMo")]
    NotLocomo {
        path: String,
        source: serde_json::Error,
    },
    #[error("{0} holds no conversation")]
    Empty(String),
    #[error(
        "conversation {0} has no turns: they are looked for in `conversation.session_1` and on"
    )]
    NoTurns(String),
}

#[derive(Deserialize)]
struct Sample {
    sample_id: String,
    conversation: Map<String, Value>,
    #[serde(default)]
    qa: Vec<Value>,
}

/// Reads all conversations of a file. Answers, observations and summaries are not looked at.
pub(super) fn read(path: &Path) -> Result<Vec<Conversation>, DataError> {
    let shown = || path.display().to_string();
    let bytes = std::fs::read(path).map_err(|source| DataError::Unreadable {
        path: shown(),
        source,
    })?;
    let samples: Vec<Sample> =
        serde_json::from_slice(&bytes).map_err(|source| DataError::NotLocomo {
            path: shown(),
            source,
        })?;
    if samples.is_empty() {
        return Err(DataError::Empty(shown()));
    }
    samples.into_iter().map(conversation).collect()
}

fn conversation(sample: Sample) -> Result<Conversation, DataError> {
    let talk = &sample.conversation;
    let mut turns = Vec::new();
    let mut numbers = BTreeMap::new();
    let mut last = 0;
    for (session, said) in sessions(talk) {
        let key = format!("session_{session}_date_time");
        let date = talk.get(&key).and_then(Value::as_str).unwrap_or_default();
        // a session without a date counts as a day after the one before
        let start = date_time(date).unwrap_or(last + DAY);
        for (at, turn) in (0..).zip(said) {
            last = start + at * MINUTE;
            if let Some(id) = turn["dia_id"].as_str() {
                numbers.entry(id.to_owned()).or_insert(turns.len());
            }
            turns.push(Turn {
                speaker: text(turn, "speaker"),
                text: text(turn, "text"),
                picture: [text(turn, "blip_caption"), text(turn, "query")],
                at: Timestamp::from_millis(last).unwrap_or(Timestamp::EPOCH),
                date: date.to_owned(),
            });
        }
    }
    if turns.is_empty() {
        return Err(DataError::NoTurns(sample.sample_id));
    }
    let (questions, counts) = questions(&sample.qa, &numbers);
    Ok(Conversation {
        first: talk
            .get("speaker_a")
            .and_then(Value::as_str)
            .map_or_else(|| turns[0].speaker.clone(), str::to_owned),
        id: sample.sample_id,
        turns,
        questions,
        counts,
    })
}

const DAY: i64 = 86_400_000;
const MINUTE: i64 = 60_000;

/// Sessions by number; other members of the conversation are no sessions.
fn sessions(talk: &Map<String, Value>) -> BTreeMap<u32, &Vec<Value>> {
    talk.iter()
        .filter_map(|(key, value)| {
            let number = key.strip_prefix("session_")?.parse().ok()?;
            Some((number, value.as_array()?))
        })
        .collect()
}

fn questions(qa: &[Value], numbers: &BTreeMap<String, usize>) -> (Vec<Question>, Counts) {
    let mut counts = Counts::default();
    let mut usable = Vec::new();
    for (index, asked) in qa.iter().enumerate() {
        let mut evidence = BTreeSet::new();
        for one in asked["evidence"].as_array().into_iter().flatten() {
            let pieces: Vec<&str> = one
                .as_str()
                .unwrap_or_default()
                .split(';')
                .map(str::trim)
                .collect();
            counts.split += if pieces.len() > 1 { pieces.len() } else { 0 };
            for piece in pieces {
                match numbers.get(piece) {
                    Some(turn) => {
                        counts.used += 1;
                        evidence.insert(*turn);
                    }
                    None => counts.skipped += 1,
                }
            }
        }
        if evidence.is_empty() {
            counts.questions_skipped += 1;
            continue;
        }
        usable.push(Question {
            index,
            text: text(asked, "question"),
            category: asked["category"].as_u64().unwrap_or_default(),
            evidence: evidence.into_iter().collect(),
        });
    }
    (usable, counts)
}

fn text(value: &Value, key: &str) -> String {
    value[key].as_str().unwrap_or_default().to_owned()
}

impl Turn {
    /// What was said, with what its picture shows and was searched by.
    pub(super) fn words(&self) -> String {
        joined([&self.text, &self.picture[0], &self.picture[1]])
    }

    /// The same with who said it, and when.
    pub(super) fn all_fields(&self) -> String {
        joined([&self.date, &self.speaker, &self.words()])
    }
}

fn joined(parts: [&String; 3]) -> String {
    let parts: Vec<&str> = parts
        .iter()
        .map(|p| p.as_str())
        .filter(|p| !p.is_empty())
        .collect();
    parts.join("\n")
}

/// `1:56 pm on 8 May, 2023` in milliseconds, read as UTC.
fn date_time(written: &str) -> Option<i64> {
    let written = written.trim();
    let read = jiff::civil::DateTime::strptime("%I:%M %p on %d %B, %Y", written).ok()?;
    let read = read.to_zoned(jiff::tz::TimeZone::UTC).ok()?;
    Some(read.timestamp().as_millisecond())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn made(json: &str) -> Conversation {
        conversation(serde_json::from_str(json).unwrap()).unwrap()
    }

    const TALK: &str = r#"{"sample_id":"c","conversation":{"speaker_a":"Ann","speaker_b":"Bo",
        "session_10":[{"speaker":"Bo","dia_id":"D10:1","text":"Late."}],
        "session_2":[{"speaker":"Ann","dia_id":"D2:1","text":"Look!","blip_caption":"a boat","query":"boat"},
                     {"speaker":"Bo","dia_id":"D2:2","text":"Nice."}],
        "session_2_date_time":"1:56 pm on 8 May, 2023"},
        "qa":[{"question":"?","evidence":["D2:1; D2:2","D9:9"],"category":1,"answer":"never read"},
              {"question":"?","evidence":["D"],"category":2},
              {"question":"?","evidence":[],"category":5},
              {"question":"?","evidence":["D10:1","D10:1"],"category":4}]}"#;

    #[test]
    fn sessions_stand_in_the_order_of_their_numbers() {
        let talk = made(TALK);
        let texts: Vec<_> = talk.turns.iter().map(|t| t.text.as_str()).collect();
        assert_eq!(texts, ["Look!", "Nice.", "Late."]);
        assert_eq!(talk.turns[0].words(), "Look!\na boat\nboat");
        assert_eq!(talk.turns[0].at.to_string(), "2023-05-08T13:56:00.000Z");
        assert!(talk.turns[2].at > talk.turns[1].at, "undated, yet later");
    }

    #[test]
    fn malformed_evidence_is_counted_and_left_out() {
        let talk = made(TALK);
        assert_eq!(
            talk.counts,
            Counts {
                used: 4,
                split: 2,
                skipped: 2,
                questions_skipped: 2
            }
        );
        let evidence: Vec<_> = talk
            .questions
            .iter()
            .map(|q| (q.index, &*q.evidence))
            .collect();
        assert_eq!(evidence, [(0, &[0, 1][..]), (3, &[2][..])]);
    }

    #[test]
    fn a_conversation_without_turns_is_named() {
        let sample = serde_json::from_str(r#"{"sample_id":"x","conversation":{}}"#).unwrap();
        let error = conversation(sample).unwrap_err().to_string();
        assert!(error.contains("conversation x has no turns"), "{error}");
    }
}
