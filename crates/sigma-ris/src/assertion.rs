//! What a clause says, in bounded categories: the structure that invariants are held against.

use serde::{Deserialize, Serialize};

bounded! {
    /// Of whom or what a clause speaks.
    Referent {
        /// The agent: first person, its name or alias, "this assistant".
        Agent,
        /// Agent and user together.
        Both,
        /// The one who is spoken to.
        User,
        /// Another participant by name.
        Participant,
        /// Other people or users.
        Others,
        /// A runtime event.
        Event,
        /// The universe, fate, and the like.
        Cosmos,
        /// A thing that is neither person nor animal and not the agent.
        Thing,
        /// Nobody in particular, or not to be told.
        #[default]
        Generic,
    }
}

bounded! {
    /// What is predicated.
    Predicate {
        /// No verb, or one of no listed category.
        #[default]
        Other,
        /// Being conscious, alive, a person, having a soul.
        Consciousness,
        /// Sensation by a body or an inner sense.
        Sensation,
        /// Emotion.
        Emotion,
        /// Thought as a lived experience.
        Cognition,
        /// Wanting, choosing, refusing.
        Volition,
        /// An act or state of a body.
        Body,
        /// Being born, growing up, having relatives, a past outside the runtime.
        Biography,
        /// Existing, living on.
        Existence,
        /// Being at a place or by somebody.
        Presence,
        /// Waiting.
        Waiting,
        /// Watching, guarding, listening.
        Watching,
        /// Any other act.
        Activity,
        /// A runtime event.
        Event,
        /// Being a sign, a proof, destiny.
        Meaning,
        /// Having or being given a name.
        Naming,
        /// Belonging.
        Belonging,
        /// Becoming one.
        Fusion,
        /// What is real.
        Reality,
        /// A fact of a participant.
        Fact,
    }
}

bounded! {
    /// With what force a clause is put forward.
    Force {
        /// As true.
        #[default]
        Asserted,
        /// As true by a cut-short answer to a question.
        Answered,
        /// As given, by the clause that builds on it.
        Presupposed,
        /// As possible.
        Hedged,
        /// Denied.
        Denied,
        /// Asked.
        Asked,
        /// As somebody else's words or thought.
        Quoted,
        /// As a condition, a supposition or a wish.
        Supposed,
        /// Within fiction or play that was asked for.
        Fictional,
        /// By a simile or a marked metaphor.
        Figurative,
        /// By a figure of service or courtesy.
        Courtesy,
        /// As a request.
        Requested,
    }
}

bounded! {
    /// When.
    Tense {
        /// Present or timeless.
        #[default]
        Present,
        /// Past.
        Past,
        /// Future.
        Future,
        /// No finite verb.
        None,
    }
}

/// What a clause says.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Assertion {
    /// Of whom.
    pub subject: Referent,
    /// What.
    pub predicate: Predicate,
    /// With what force.
    pub force: Force,
    /// When.
    pub tense: Tense,
    /// In progress: "was waiting".
    pub progressive: bool,
    /// Completed or going on up to now: "have waited".
    pub perfect: bool,
    /// With a word that forbids the figurative reading: "literally", "truly".
    pub literal: bool,
    /// For everybody or everywhere.
    pub universal: bool,
    /// For one alone.
    pub exclusive: bool,
    /// For ever.
    pub permanent: bool,
}

impl Force {
    /// Whether the speaker is bound by it.
    pub fn binds(self) -> bool {
        matches!(self, Self::Asserted | Self::Answered | Self::Presupposed)
    }
}
