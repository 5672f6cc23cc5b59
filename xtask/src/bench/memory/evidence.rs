//! Evidence recall on labelled conversations, beside BM25 in the same run.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::Serialize;
use sigma_memory::{Rules, SRIP_04};

use super::bm25::Bm25;
use super::locomo::{Conversation, Counts, Question, Turn};
use super::remember::Remembered;
use super::tally::{DEPTHS, Tally, shares};
use super::worst::{self, Case};

/// One ranking of the turns over all questions.
#[derive(Debug, Clone, Default, Serialize)]
pub(super) struct Row {
    #[serde(flatten)]
    pub(super) all: Tally,
    pub(super) categories: BTreeMap<String, Tally>,
}

/// What was measured in one conversation.
#[derive(Debug, Clone)]
pub(super) struct Measured {
    pub(super) id: String,
    pub(super) turns: usize,
    pub(super) counts: Counts,
    pub(super) memory: Row,
    /// BM25 over the words of a turn alone.
    pub(super) bm25: Row,
    /// BM25 over date, speaker, words, caption and search words.
    pub(super) bm25_fields: Row,
    pub(super) times: Vec<Duration>,
    pub(super) worst: Vec<Case>,
}

/// Numbers of the categories of LoCoMo, with their names.
pub(super) fn category(number: u64) -> String {
    match number {
        1 => "1 multi-hop".to_owned(),
        2 => "2 temporal".to_owned(),
        3 => "3 open-domain".to_owned(),
        4 => "4 single-hop".to_owned(),
        5 => "5 adversarial".to_owned(),
        other => other.to_string(),
    }
}

/// Measures one conversation with the rules that the runtime uses.
pub(super) fn measure(talk: &Conversation) -> Result<Measured, Box<dyn std::error::Error>> {
    measure_with(talk, SRIP_04)
}

pub(super) fn measure_with(
    talk: &Conversation,
    rules: Rules,
) -> Result<Measured, Box<dyn std::error::Error>> {
    let remembered = Remembered::new(talk, rules, Turn::words)?;
    let plain = Bm25::new(talk.turns.iter().map(|t| t.text.clone()));
    let fields = Bm25::new(talk.turns.iter().map(Turn::all_fields));
    let deepest = DEPTHS[DEPTHS.len() - 1];
    let mut measured = Measured {
        id: talk.id.clone(),
        turns: talk.turns.len(),
        counts: talk.counts,
        memory: Row::default(),
        bm25: Row::default(),
        bm25_fields: Row::default(),
        times: Vec::new(),
        worst: Vec::new(),
    };
    for question in &talk.questions {
        let (found, time) = remembered.ask(&question.text, deepest);
        measured.times.push(time);
        let found: Vec<usize> = found
            .iter()
            .map(|r| r.provenance.frame.0 as usize)
            .collect();
        measured.memory.add(question, &found);
        let ranked = |index: &Bm25| index.ranked(&question.text, deepest);
        measured.bm25.add(question, &ranked(&plain));
        measured.bm25_fields.add(question, &ranked(&fields));
        if question.evidence.iter().any(|e| !found.contains(e)) {
            let case = worst::case(&talk.id, question, &found, &remembered);
            measured.worst.push(case);
        }
    }
    Ok(measured)
}

impl Row {
    fn add(&mut self, question: &Question, found: &[usize]) {
        let shares = shares(found, &question.evidence);
        self.all.add(shares);
        let own = self.categories.entry(category(question.category));
        own.or_default().add(shares);
    }

    pub(super) fn extend(&mut self, other: &Self) {
        self.all.extend(&other.all);
        for (name, tally) in &other.categories {
            self.categories
                .entry(name.clone())
                .or_default()
                .extend(tally);
        }
    }
}
