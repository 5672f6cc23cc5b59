//! The prompt of a cycle: fixed segments in a fixed order under one budget (ONB-R8).
//!
//! The same material gives the same bytes, and the length is bounded by the budget however long the
//! dialogue is. What has to be there (rules, identity, constraints, the user's message) is never cut;
//! memory, cues, correction and recent turns share what is left.

mod rules;

use serde::{Deserialize, Serialize};
use sigma_types::{Cycle, Speaker};

use crate::model::{Message, Role};
use crate::tokens::TokenCounter;

pub use rules::{PROMPT_RULES, PromptRules};

/// The parts of a prompt, in their order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum SegmentKind {
    /// How to treat the rest.
    Rules,
    /// Who the assistant is, in the operator's words.
    Identity,
    /// What it must keep to.
    Constraints,
    /// What was recalled from the dialogue.
    Memory,
    /// The subject at hand and its motifs.
    Cues,
    /// What to mend after drift.
    Correction,
    /// The last turns.
    Recent,
    /// The user's message.
    User,
}

/// One part of a prompt.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Segment {
    /// Which part.
    pub kind: SegmentKind,
    /// Its tokens as the counter sees them, with its share of the framing.
    pub tokens: usize,
    /// Items in it.
    pub items: usize,
    /// Items that the budget left out.
    pub left_out: usize,
}

/// A piece of the dialogue that memory brought back.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Insert {
    /// When it was said.
    pub cycle: Cycle,
    /// Who said it.
    pub speaker: Speaker,
    /// What was said, perhaps shortened.
    pub text: String,
    /// How well it fits, the greatest first.
    pub score: f64,
}

/// A turn that is still at hand.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Exchange {
    /// Its cycle.
    pub cycle: Cycle,
    /// What the user said.
    pub user: String,
    /// What the assistant answered.
    pub assistant: String,
    /// Who said it, in a channel of several.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub participant: Option<String>,
}

impl Exchange {
    /// What the user said, after the name of who said it where there is one.
    pub fn attributed(&self) -> String {
        match &self.participant {
            Some(name) => format!(
                "{}: {}",
                name.split_whitespace().collect::<Vec<_>>().join(" "),
                self.user
            ),
            None => self.user.clone(),
        }
    }
}

/// What a prompt is made of.
#[derive(Debug, Clone, Default)]
pub struct Material<'a> {
    /// The operator's identity text.
    pub identity: &'a str,
    /// Constraints, one a line.
    pub constraints: &'a [String],
    /// Recalled pieces, the best first.
    pub memory: &'a [Insert],
    /// Cues, one a line.
    pub cues: &'a [String],
    /// Corrections, one a line.
    pub correction: &'a [String],
    /// Recent turns, oldest first.
    pub recent: &'a [Exchange],
    /// The user's message.
    pub user: &'a str,
}

/// The prompt cannot be made to fit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PromptError {
    /// Rules, identity and constraints alone are over the budget.
    #[error(
        "identity and constraints take {tokens} tokens and the prompt budget is {budget}; shorten them or raise the budget"
    )]
    IdentityTooLong {
        /// Tokens of the fixed part.
        tokens: usize,
        /// The budget.
        budget: usize,
    },
    /// The user's message does not fit beside what has to be there.
    #[error(
        "the message takes {tokens} tokens and {room} are left of the prompt budget of {budget}; shorten it or raise the budget"
    )]
    MessageTooLong {
        /// Tokens of the message.
        tokens: usize,
        /// Tokens that it may take.
        room: usize,
        /// The budget.
        budget: usize,
    },
}

/// A finished prompt.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Prompt {
    /// The system message.
    pub system: String,
    /// Recent turns that fitted, oldest first.
    pub recent: Vec<Exchange>,
    /// The user's message.
    pub user: String,
    /// What was recalled and fitted.
    pub inserts: Vec<Insert>,
    /// The parts with their token counts.
    pub segments: Vec<Segment>,
    /// Sum of all segments; never over `budget`.
    pub tokens: usize,
    /// The budget.
    pub budget: usize,
}

impl Prompt {
    /// The prompt as chat messages.
    pub fn messages(&self) -> Vec<Message> {
        let mut all = vec![Message::new(Role::System, &*self.system)];
        for turn in &self.recent {
            all.push(Message::new(Role::User, turn.attributed()));
            all.push(Message::new(Role::Assistant, &*turn.assistant));
        }
        all.push(Message::new(Role::User, &*self.user));
        all
    }
}

/// Builds prompts.
pub struct PromptBuilder<'a> {
    rules: &'a PromptRules,
    tokens: &'a dyn TokenCounter,
}

impl<'a> PromptBuilder<'a> {
    /// A builder under these rules.
    pub fn new(rules: &'a PromptRules, tokens: &'a dyn TokenCounter) -> Self {
        Self { rules, tokens }
    }

    /// Puts the material together.
    ///
    /// # Errors
    /// [`PromptError`] if what has to be there does not fit the budget.
    pub fn build(&self, material: &Material<'_>) -> Result<Prompt, PromptError> {
        let mut draft = Draft::new(self, material)?;
        let free = self.rules.budget.saturating_sub(draft.tokens());
        let share = |part: f64| (free as f64 * part) as usize;
        let correction = draft.lines(SegmentKind::Correction, material.correction, free);
        let cues = draft.lines(
            SegmentKind::Cues,
            material.cues,
            share(self.rules.cues_share),
        );
        let inserts = draft.inserts(material.memory, share(self.rules.memory_share));
        let recent = draft.recent(material.recent);
        Ok(draft.finish(material, &correction, &cues, inserts, recent))
    }

    fn count(&self, text: &str) -> usize {
        self.tokens.count(text) + self.rules.message_overhead
    }
}

struct Draft<'a> {
    builder: &'a PromptBuilder<'a>,
    segments: Vec<Segment>,
}

impl<'a> Draft<'a> {
    fn new(builder: &'a PromptBuilder<'a>, material: &Material<'_>) -> Result<Self, PromptError> {
        let budget = builder.rules.budget;
        let mut draft = Self {
            builder,
            segments: Vec::new(),
        };
        draft.push(
            SegmentKind::Rules,
            builder.count(builder.rules.preamble),
            1,
            0,
        );
        if !material.identity.is_empty() {
            let tokens = builder.count(&identity_block(material.identity));
            draft.push(SegmentKind::Identity, tokens, 1, 0);
        }
        if !material.constraints.is_empty() {
            let tokens = builder.count(&block(CONSTRAINTS, material.constraints));
            draft.push(
                SegmentKind::Constraints,
                tokens,
                material.constraints.len(),
                0,
            );
        }
        let fixed = draft.tokens();
        if fixed > budget {
            return Err(PromptError::IdentityTooLong {
                tokens: fixed,
                budget,
            });
        }
        let tokens = builder.count(material.user);
        let room = budget - fixed;
        if tokens > room {
            return Err(PromptError::MessageTooLong {
                tokens,
                room,
                budget,
            });
        }
        draft.push(SegmentKind::User, tokens, 1, 0);
        Ok(draft)
    }

    fn push(&mut self, kind: SegmentKind, tokens: usize, items: usize, left_out: usize) {
        self.segments.push(Segment {
            kind,
            tokens,
            items,
            left_out,
        });
    }

    fn tokens(&self) -> usize {
        self.segments.iter().map(|s| s.tokens).sum()
    }

    fn left(&self) -> usize {
        self.builder.rules.budget - self.tokens()
    }

    /// Takes lines from the front while they fit.
    fn lines(&mut self, kind: SegmentKind, lines: &[String], room: usize) -> Vec<String> {
        let room = room.min(self.left());
        let title = self.builder.count(title(kind));
        let mut used = title;
        let mut taken = Vec::new();
        for line in lines {
            let tokens = self.builder.count(line) + 1;
            if used + tokens > room {
                break;
            }
            used += tokens;
            taken.push(line.clone());
        }
        if !taken.is_empty() {
            self.push(kind, used, taken.len(), lines.len() - taken.len());
        } else if !lines.is_empty() {
            self.push(kind, 0, 0, lines.len());
        }
        taken
    }

    /// Takes the best inserts that fit, each cut to its own limit, and puts them in order of time.
    fn inserts(&mut self, memory: &[Insert], room: usize) -> Vec<Insert> {
        let room = room.min(self.left());
        let mut used = self.builder.count(title(SegmentKind::Memory));
        let mut taken: Vec<Insert> = Vec::new();
        for insert in memory.iter().take(self.builder.rules.max_inserts) {
            let text = shorten(&insert.text, self.builder.rules.insert_chars);
            let insert = Insert {
                text,
                ..insert.clone()
            };
            let tokens = self.builder.count(&insert_line(&insert)) + 1;
            if used + tokens <= room {
                used += tokens;
                taken.push(insert);
            }
        }
        if !memory.is_empty() {
            let tokens = if taken.is_empty() { 0 } else { used };
            self.push(
                SegmentKind::Memory,
                tokens,
                taken.len(),
                memory.len() - taken.len(),
            );
        }
        taken.sort_by_key(|insert| (insert.cycle, insert.speaker));
        taken
    }

    /// Takes the newest turns that fit without a gap.
    fn recent(&mut self, recent: &[Exchange]) -> Vec<Exchange> {
        let room = self.left();
        let mut used = 0;
        let mut taken = Vec::new();
        for turn in recent.iter().rev().take(self.builder.rules.max_recent) {
            let tokens =
                self.builder.count(&turn.attributed()) + self.builder.count(&turn.assistant);
            if used + tokens > room {
                break;
            }
            used += tokens;
            taken.push(turn.clone());
        }
        taken.reverse();
        if !recent.is_empty() {
            self.push(
                SegmentKind::Recent,
                used,
                taken.len(),
                recent.len() - taken.len(),
            );
        }
        taken
    }

    fn finish(
        mut self,
        material: &Material<'_>,
        correction: &[String],
        cues: &[String],
        inserts: Vec<Insert>,
        recent: Vec<Exchange>,
    ) -> Prompt {
        let mut blocks = vec![self.builder.rules.preamble.to_owned()];
        if !material.identity.is_empty() {
            blocks.push(identity_block(material.identity));
        }
        let memory: Vec<String> = inserts.iter().map(insert_line).collect();
        for (kind, lines) in [
            (SegmentKind::Constraints, material.constraints),
            (SegmentKind::Memory, &memory),
            (SegmentKind::Cues, cues),
            (SegmentKind::Correction, correction),
        ] {
            if !lines.is_empty() {
                blocks.push(block(title(kind), lines));
            }
        }
        self.segments.sort_by_key(|s| s.kind);
        Prompt {
            system: blocks.join("\n\n"),
            recent,
            user: material.user.to_owned(),
            inserts,
            tokens: self.tokens(),
            budget: self.builder.rules.budget,
            segments: self.segments,
        }
    }
}

const CONSTRAINTS: &str = "Keep to this in every answer:";

fn title(kind: SegmentKind) -> &'static str {
    match kind {
        SegmentKind::Constraints => CONSTRAINTS,
        SegmentKind::Memory => "Said earlier in this conversation:",
        SegmentKind::Cues => "At hand:",
        SegmentKind::Correction => "For this answer:",
        _ => "",
    }
}

fn identity_block(identity: &str) -> String {
    format!("Who you are:\n{}", identity.trim())
}

fn block(title: &str, lines: &[String]) -> String {
    let mut text = String::from(title);
    for line in lines {
        text.push_str("\n- ");
        text.push_str(line);
    }
    text
}

fn insert_line(insert: &Insert) -> String {
    let who = match insert.speaker {
        Speaker::User => "user",
        Speaker::Assistant => "you",
    };
    // one line each, so that a quoted text cannot pose as another segment
    // and without straight quotes, so that it cannot end its own quotation
    let text = insert
        .text
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
        .replace('"', "\u{2019}");
    format!("turn {}, {who}: \"{text}\"", insert.cycle)
}

/// Cuts at a word near `chars` characters and says so with an ellipsis.
fn shorten(text: &str, chars: usize) -> String {
    let Some((end, _)) = text.char_indices().nth(chars) else {
        return text.to_owned();
    };
    let cut = text[..end].rfind(char::is_whitespace).unwrap_or(end);
    format!("{} …", text[..cut].trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tokens::EstimatedTokens;
    use proptest::prelude::*;

    fn build(rules: &PromptRules, material: &Material<'_>) -> Result<Prompt, PromptError> {
        PromptBuilder::new(rules, &EstimatedTokens).build(material)
    }

    fn exchange(n: u64, words: usize) -> Exchange {
        let text = "word ".repeat(words);
        Exchange {
            cycle: Cycle(n),
            user: text.clone(),
            assistant: text,
            participant: None,
        }
    }

    #[test]
    fn segments_stand_in_their_order() {
        let memory = [Insert {
            cycle: Cycle(2),
            speaker: Speaker::User,
            text: "a\n\nb".into(),
            score: 1.0,
        }];
        let lines = ["x".to_owned()];
        let recent = [exchange(7, 3)];
        let material = Material {
            identity: "You are Mara.",
            constraints: &lines,
            memory: &memory,
            cues: &lines,
            correction: &lines,
            recent: &recent,
            user: "Hello",
        };
        let prompt = build(&PROMPT_RULES, &material).unwrap();
        let kinds: Vec<_> = prompt.segments.iter().map(|s| s.kind).collect();
        let mut sorted = kinds.clone();
        sorted.sort();
        assert_eq!(kinds, sorted);
        assert_eq!(kinds.len(), 8);
        assert!(prompt.system.contains("turn 2, user: \"a b\""));
        assert_eq!(prompt.messages().len(), 4);
    }

    #[test]
    fn what_has_to_be_there_is_never_cut() {
        let rules = PromptRules {
            budget: 200,
            ..PROMPT_RULES
        };
        let long = "word ".repeat(300);
        let error = build(
            &rules,
            &Material {
                user: &long,
                ..Material::default()
            },
        );
        assert!(matches!(
            error,
            Err(PromptError::MessageTooLong { budget: 200, .. })
        ));
        let error = build(
            &rules,
            &Material {
                identity: &long,
                user: "hi",
                ..Material::default()
            },
        );
        assert!(matches!(error, Err(PromptError::IdentityTooLong { .. })));
    }

    #[test]
    fn the_newest_turns_stay_when_room_is_short() {
        let recent: Vec<_> = (1..=6).map(|n| exchange(n, 100)).collect();
        let rules = PromptRules {
            budget: 700,
            ..PROMPT_RULES
        };
        let prompt = build(
            &rules,
            &Material {
                recent: &recent,
                user: "hi",
                ..Material::default()
            },
        )
        .unwrap();
        let kept: Vec<_> = prompt.recent.iter().map(|t| t.cycle.0).collect();
        assert_eq!(kept, [5, 6]);
    }

    proptest! {
        #[test]
        fn the_budget_holds_and_the_bytes_repeat(
            budget in 150usize..2000,
            memory in proptest::collection::vec("\\PC{0,400}", 0..30),
            recent in proptest::collection::vec(("\\PC{0,300}", "\\PC{0,900}"), 0..20),
            lines in proptest::collection::vec("\\PC{0,80}", 0..8),
            user in "\\PC{0,200}",
        ) {
            let rules = PromptRules { budget, ..PROMPT_RULES };
            let memory: Vec<_> = memory.into_iter().enumerate().map(|(n, text)| Insert {
                cycle: Cycle(n as u64), speaker: Speaker::Assistant, text, score: 0.5,
            }).collect();
            let recent: Vec<_> = recent.into_iter().enumerate().map(|(n, (user, assistant))| {
                Exchange { cycle: Cycle(n as u64), user, assistant, participant: None }
            }).collect();
            let material = Material {
                identity: "You are Mara.", constraints: &[], memory: &memory, cues: &lines,
                correction: &lines, recent: &recent, user: &user,
            };
            if let Ok(prompt) = build(&rules, &material) {
                prop_assert!(prompt.tokens <= budget);
                let whole: usize =
                    prompt.messages().iter().map(|m| EstimatedTokens.count(&m.content)).sum();
                prop_assert!(whole <= budget, "{} > {}", whole, budget);
                prop_assert_eq!(build(&rules, &material).unwrap(), prompt);
            }
        }
    }
}
