//! The registry: which attractors there are, which is active, and what becomes of them
//! (`SRIP-02 §6.6`, `SRIP-01 §7`).

mod exchange;
mod returns;
mod revise;
mod settle;
mod uptake;

pub use settle::{LifecycleChange, Merge, Readings, RegistryEntry, Settlement};
pub use uptake::{Revision, RevisionKind, Turn, Uptake, UptakeEvent};

use serde::{Deserialize, Serialize};
use sigma_types::{AttractorId, Cycle, Hash256, Measured, Missing, Speaker, Timestamp, Unit};
use std::collections::{BTreeMap, BTreeSet, VecDeque};

use crate::{
    Attractor, CausalChain, CausalRecord, Change, Dissolution, DissolutionCause, Lifecycle, Motif,
    MotifSet,
    attractor::{OPENING, RETURNED},
    density::content_stems,
    dissolve::{Remains, dissolve},
    gist::Gist,
    profile::Profiles,
    rules::Rules,
    subject::SubjectTracker,
};
use revise::Pending;

/// All attractors of a session. Its size is bounded by its rules, never by the dialogue.
///
/// Attractors form, change and end only in here, and every such step is a [`CausalRecord`] in what
/// the call returns: none is untracked.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Registry {
    rules: Rules,
    seed: Hash256,
    heard: u64,
    now: Cycle,
    live: BTreeMap<AttractorId, Attractor>,
    active: Option<AttractorId>,
    last_active: Option<AttractorId>,
    motifs: MotifSet,
    remains: Remains,
    protected: BTreeSet<String>,
    chain: CausalChain,
    tracker: SubjectTracker,
    pending: VecDeque<Pending>,
    #[serde(default)]
    profiles: Profiles<AttractorId>,
}

/// An utterance to be placed.
struct Arrival {
    utterance: u64,
    speaker: Speaker,
    boundary: Unit,
    gist: Gist,
}

/// Where an utterance is to go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Aim {
    /// On with the active attractor, if there is one.
    Onward,
    /// To a left attractor if one is near enough, else to one of its own.
    Start,
    /// To one of its own.
    Form,
    /// To one of its own that was withdrawn a moment ago.
    Again(AttractorId),
    /// To this one.
    To(AttractorId),
}

impl Registry {
    /// An empty registry; `seed` tells one session's attractor ids from another's.
    pub fn new(seed: Hash256, rules: Rules) -> Self {
        Self {
            rules,
            seed,
            heard: 0,
            now: Cycle(0),
            live: BTreeMap::new(),
            active: None,
            last_active: None,
            motifs: MotifSet::default(),
            remains: Remains::default(),
            protected: BTreeSet::new(),
            chain: CausalChain::default(),
            tracker: SubjectTracker::new(rules.subject),
            pending: VecDeque::new(),
            profiles: Profiles::default(),
        }
    }

    /// Takes in an utterance: it goes on with the active attractor, forms one, or finds one again
    /// (`SRIP-02 §5 forming`).
    ///
    /// The decision rests on the past alone. With hindsight in the rules it may at the same time
    /// overturn the decision on the utterance two before, while the attractor in question is still
    /// forming. An utterance without words changes nothing.
    pub fn take_up(&mut self, turn: &Turn<'_>) -> Uptake {
        self.now = self.now.max(turn.cycle);
        if turn.utterance.reading.words.is_empty() {
            return Uptake {
                utterance: self.heard,
                active: self.active,
                event: UptakeEvent::Silent,
                boundary: Unit::ZERO,
                reasons: Vec::new(),
                exchange: None,
                revision: None,
                dissolutions: Vec::new(),
                records: Vec::new(),
            };
        }
        let utterance = self.heard;
        self.heard += 1;
        let gist = Gist::new(turn.utterance, turn.cycle, turn.at, &self.rules);
        let judgement = self.tracker.judge(turn.speaker, turn.utterance);
        if turn.speaker == Speaker::Assistant {
            self.measure_density(turn);
        }
        self.motifs
            .observe(&gist.phrases, gist.cycle, &self.rules.motifs);

        let mut records = Vec::new();
        let arrival = Arrival {
            utterance,
            speaker: turn.speaker,
            boundary: judgement.score,
            gist,
        };
        let aim = if judgement.new_subject {
            Aim::Start
        } else {
            Aim::Onward
        };
        let mut event = self.place(arrival, aim, &mut records);
        let placed = self.place_exchange(&mut records);
        let exchange = placed.as_ref().and_then(|placed| placed.event);
        let mut revision = placed.and_then(|placed| placed.revision);
        if exchange.is_some() {
            event = UptakeEvent::Continued;
        } else {
            revision = self.revise(&mut records);
            if let Some(from_cycle) = self.recognise(&mut records) {
                event = UptakeEvent::Recognised { from_cycle };
            }
        }
        let dissolutions = self.make_room(turn.cycle, turn.at, &mut records);
        Uptake {
            utterance,
            active: self.active,
            event,
            boundary: judgement.score,
            reasons: judgement.reasons,
            exchange,
            revision,
            dissolutions,
            records,
        }
    }

    /// Names the keys of the core motifs of the identity invariants, which outlive every
    /// dissolution (`SRIP-02 §6.5`). Settling and resetting name them anew.
    pub fn protect(&mut self, keys: &BTreeSet<String>) {
        self.protected.clone_from(keys);
    }

    /// The attractor that the dialogue is at.
    pub fn active(&self) -> Option<&Attractor> {
        self.active.and_then(|id| self.live.get(&id))
    }

    /// A live attractor.
    pub fn find(&self, id: AttractorId) -> Option<&Attractor> {
        self.live.get(&id)
    }

    /// All live attractors in the order of their ids.
    pub fn iter(&self) -> impl Iterator<Item = &Attractor> {
        self.live.values()
    }

    /// The number of live attractors.
    pub fn len(&self) -> usize {
        self.live.len()
    }

    /// Whether no attractor lives.
    pub fn is_empty(&self) -> bool {
        self.live.is_empty()
    }

    /// The `n` weightiest motifs of the whole dialogue, the weightiest first.
    pub fn motifs(&self, n: usize) -> Vec<Motif> {
        self.motifs
            .top(n, self.now, &self.rules.motifs)
            .into_iter()
            .cloned()
            .collect()
    }

    /// Protected motifs that outlived the attractors they belonged to (`SRIP-02 §6.5`).
    pub fn kept_motifs(&self) -> impl Iterator<Item = &Motif> {
        self.remains.iter()
    }

    /// The end of the causal chain, to be checked against stored records.
    pub fn chain(&self) -> &CausalChain {
        &self.chain
    }

    /// The rules that decide.
    pub fn rules(&self) -> &Rules {
        &self.rules
    }

    /// Places an utterance, and remembers how to undo it.
    fn place(
        &mut self,
        arrival: Arrival,
        aim: Aim,
        records: &mut Vec<CausalRecord>,
    ) -> UptakeEvent {
        let was = self.active.filter(|id| self.live.contains_key(id));
        let gist = arrival.gist;
        let held = match (aim, was) {
            (Aim::Onward, Some(id)) => Some(id),
            (Aim::To(id), _) => Some(id).filter(|id| self.live.contains_key(id)),
            (Aim::Onward | Aim::Start, _) => self.find_again(&gist),
            (Aim::Form | Aim::Again(_), _) => None,
        };
        let (id, event) = match held {
            Some(id) if Some(id) == was => (id, UptakeEvent::Continued),
            Some(id) => (id, self.come_back(id, &gist, records)),
            None => {
                let id = self.unused_id(aim, arrival.utterance, &gist);
                self.form(id, &gist, records);
                let first = was.is_none();
                let event = if first {
                    UptakeEvent::Opening
                } else {
                    UptakeEvent::Formed
                };
                (id, event)
            }
        };
        let found = held.and_then(|id| self.live.get(&id));
        let saved = found.map(Attractor::content);
        if let Some(attractor) = self.live.get_mut(&id) {
            if matches!(event, UptakeEvent::Returned { .. }) {
                attractor.tags.insert(RETURNED.to_owned());
            }
            attractor.absorb(&gist, &self.rules);
        }
        self.active = Some(id);
        self.pending.push_back(Pending {
            utterance: arrival.utterance,
            speaker: arrival.speaker,
            boundary: arrival.boundary,
            gist,
            starts: event != UptakeEvent::Continued,
            was,
            id,
            saved,
            settled: false,
        });
        while self.pending.len() > crate::LOOKAHEAD + 1 {
            self.pending.pop_front();
        }
        event
    }

    /// The dialogue comes back to an attractor that it had left.
    fn come_back(
        &mut self,
        id: AttractorId,
        gist: &Gist,
        records: &mut Vec<CausalRecord>,
    ) -> UptakeEvent {
        let from_cycle = self.live.get(&id).map_or(gist.cycle, |a| a.last_cycle);
        let change = Change::Returned { from_cycle };
        let record = self
            .chain
            .record(gist.cycle, gist.at, id, self.active, change);
        records.push(record);
        UptakeEvent::Returned { from_cycle }
    }

    /// An id that no live attractor has: one that was dated back keeps the id of the utterance that it first
    /// formed at.
    fn unused_id(&self, aim: Aim, utterance: u64, gist: &Gist) -> AttractorId {
        if let Aim::Again(id) = aim
            && !self.live.contains_key(&id)
        {
            return id;
        }
        let derive = |n: u64| AttractorId::derive(self.seed, gist.cycle, utterance ^ (n << 48));
        // one more than live there are: one of them is free
        let tries = 0..=self.live.len() as u64;
        tries
            .map(derive)
            .find(|id| !self.live.contains_key(id))
            .unwrap_or_else(|| derive(0))
    }

    fn form(&mut self, id: AttractorId, gist: &Gist, records: &mut Vec<CausalRecord>) {
        let parent = self.active.or(self.last_active);
        let mut attractor = Attractor::forming(id, parent, gist.cycle, gist.at);
        if self.active.is_none() {
            attractor.tags.insert(OPENING.to_owned());
        }
        self.live.insert(id, attractor);
        records.push(
            self.chain
                .record(gist.cycle, gist.at, id, parent, Change::Formed),
        );
    }

    /// Symbolic density of an answer against the motifs of the active attractor alone.
    fn measure_density(&mut self, turn: &Turn<'_>) {
        let Some(attractor) = self.active.and_then(|id| self.live.get_mut(&id)) else {
            return;
        };
        let own: BTreeSet<&str> = attractor
            .motifs
            .iter()
            .flat_map(|motif| motif.key.split(' '))
            .collect();
        let (mut inside, mut all) = (0_u64, 0_u64);
        for stem in content_stems(&turn.utterance.reading, &self.rules.density) {
            all += 1;
            inside += u64::from(own.contains(stem));
        }
        attractor.density = match (all, own.is_empty()) {
            (0, _) => Measured::Missing(Missing::EmptyText),
            (_, true) => Measured::Missing(Missing::NothingYet),
            _ => Measured::Value(Unit::clamped(inside as f64 / all as f64)),
        };
    }

    /// Dissolves those that were away longest while more live than the rules allow.
    fn make_room(
        &mut self,
        cycle: Cycle,
        at: Timestamp,
        records: &mut Vec<CausalRecord>,
    ) -> Vec<Dissolution> {
        let mut gone = Vec::new();
        while self.live.len() > self.rules.registry.max_live.max(1) {
            let spare = self.live.values().filter(|a| Some(a.id) != self.active);
            let Some(id) = spare
                .min_by_key(|a| (a.last_cycle, a.utterances, a.id))
                .map(|a| a.id)
            else {
                break;
            };
            let cause = DissolutionCause::Capacity;
            let Some(attractor) = self.live.remove(&id) else {
                break;
            };
            let dissolution = dissolve(
                attractor,
                cause,
                &self.protected,
                cycle,
                at,
                &mut self.chain,
            );
            self.remains.keep(&dissolution.kept, &self.rules.motifs);
            records.push(dissolution.record.clone());
            gone.push(dissolution);
            self.forget_pending(id);
        }
        gone
    }

    /// Closes the window of revision when an attractor it speaks of is no more.
    fn forget_pending(&mut self, id: AttractorId) {
        if self.pending.iter().any(|p| p.id == id || p.was == Some(id)) {
            self.pending.clear();
        }
    }

    fn is_forming(&self, id: AttractorId) -> bool {
        self.live
            .get(&id)
            .is_some_and(|a| a.lifecycle_state == Lifecycle::Forming)
    }
}
