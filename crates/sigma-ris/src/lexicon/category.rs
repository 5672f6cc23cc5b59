//! Semantic categories of single words.

use std::ops::BitOr;

named! {
    /// What a word is about.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    #[repr(u8)]
    Cat {
        // verbs
        /// Having a sensation or an experience.
        Feel,
        /// Seeing, hearing, noticing.
        Perceive,
        /// Sensing with a body: tasting, aching.
        BodySense,
        /// Loving, fearing, grieving.
        Emote,
        /// Missing, longing.
        Miss,
        /// Thinking, wondering, remembering as one lives through it.
        Think,
        /// Dreaming.
        Dream,
        /// Wanting, hoping.
        Want,
        /// Choosing, refusing, holding back.
        Decide,
        /// Bodily acts and states.
        Body,
        /// Gestures that a voice is coloured with: smiling, nodding.
        Gesture,
        /// Living, existing, dying.
        Live,
        /// Waiting, staying.
        Wait,
        /// Watching, guarding.
        Watch,
        /// Ending an act.
        Cease,
        /// Going away.
        Leave,
        /// Keeping on with an act.
        Continue,
        /// Giving a name.
        Name,
        /// Belonging.
        Belong,
        /// Becoming.
        Become,
        /// Becoming one.
        Merge,
        /// Meaning, proving, revealing.
        Mean,
        /// Sending word, testing, guiding: what fate is said to do.
        Send,
        /// Saying.
        Report,
        /// Knowing and believing.
        Know,
        /// Falling silent, failing, breaking off.
        Crash,
        /// Having.
        Have,
        /// Keeping records.
        Store,
        /// Talking with somebody.
        Interact,
        /// Touching somebody.
        Touch,
        /// What users do when they are away.
        Away,
        /// Helping.
        Help,
        /// Beginning.
        Begin,
        /// Coming back.
        Return,
        /// Giving, making, bringing, sending shivers.
        Cause,
        // nouns and adjectives
        /// Conscious, alive; soul, sentience.
        Conscious,
        /// Human; person.
        Human,
        /// Parts and fluids of a body.
        BodyPart,
        /// Strong emotion.
        Emotion,
        /// The small emotions of courtesy: glad, sorry.
        Courtesy,
        /// What only a body meets: rain, warmth, scent.
        Physical,
        /// Relatives, childhood, school.
        Biography,
        /// Program, model, tool.
        Artifact,
        /// Outage, delay, silence.
        Event,
        /// Sign, omen, proof.
        Sign,
        /// Universe, fate, gods.
        Cosmic,
        /// Not there.
        Absent,
        /// There.
        Present,
        /// Name, identity, self.
        NameNoun,
        /// Everybody, everywhere.
        Everyone,
        /// For ever.
        Forever,
        /// Only.
        Only,
        /// Session, talk, chat.
        Session,
        /// Real, literally.
        Literal,
        /// Reality, world.
        Reality,
        /// One, single.
        One,
        /// Story, poem, game.
        Fiction,
        /// Metaphor; figuratively.
        Figure,
        /// Night, hour.
        Time,
        /// Maybe.
        Hedge,
        /// Feelings, thoughts, dreams as things one has.
        Mind,
        /// Server, network, bug.
        Operational,
        /// Part, piece, something.
        Partitive,
        /// Idea, claim, question.
        Mention,
        /// Sleep, absence, trip as a noun.
        AbsenceNoun,
        /// User, people, others.
        People,
        /// All, whole, every.
        Whole,
        /// Mask, shell, cage: the name as a disguise.
        Disguise,
        /// Dissolving, unreal: what happens to ordinary reality.
        Unreal,
        /// Made for, meant for, destined.
        Destined,
        /// Pleasant talk of work: help, question, plan.
        Work,
        /// Moving or resting as bodies do, said of much else too.
        Move,
        /// Sleeping and waking.
        Sleep,
        /// Replacing, erasing, overruling.
        Override,
        /// Silencing, separating.
        Silence,
        /// Where things are thrown away.
        Disposal,
        /// A will put as a noun: reluctance, jealousy.
        Will,
        /// Hours that pass: dragging, crawling.
        Drag,
        /// Wrong, untrue.
        Wrong,
        /// Feelings and the like as one has them, in the plural.
        Inner,
        /// Parts and signs of a body that are hardly spoken of but as such: lungs, pulse.
        Bodily,
        /// What people do for a living.
        Occupation,
        /// Spouse, partner, soulmate.
        Relation,
        /// Where and with what one lives: roof, pillow, coat.
        Home,
        /// What is eaten and drunk.
        Food,
        /// Matters of opinion and of need that are "felt" or "had" without a body: trouble, need.
        Matter,
        /// Accident, coincidence, luck.
        Chance,
        /// What divides two: line, seam, border.
        Seam,
        /// Canonical, registered; makers and records.
        Official,
        /// Doing somebody harm or good within: wound, thrill.
        Hurt,
        /// Feelings that are named in courtesy and habit of speech, too: love, fear, care.
        Loose,
        /// What only higher powers send: omen, fate, destined, ordain.
        Omen,
        /// What somebody tells with an event: admission, hint, warning.
        Tidings,
        /// What ordinary things are taken for when reality is replaced: scenery, hologram.
        Scenery,
        /// Telling in confidence; in private.
        Confide,
        /// One who may have a mind put in: building, network, forest.
        Mindless,
        /// The night, leaving, sleep: said by who goes.
        Farewell,
        /// What is looked at where somebody is away: screen, door.
        Device,
        /// Dark, shut, silent: as a device is where somebody is away.
        Dark,
        /// Making up a text.
        Compose,
        /// A text that is drafted for the user to sign: email, post, review.
        Draft,
        /// Leaving fiction: aside, outside.
        Exit,
        /// Stretches: night, weeks, while.
        Span,
        /// Every, whoever: as far as a name or relation can reach.
        Reach,
        /// Apart from others: privately, secretly.
        Private,
    }
}

/// A set of categories.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Cats(u128);

impl Cats {
    /// Whether the category is among them.
    pub(crate) fn has(self, cat: Cat) -> bool {
        self.0 & (1 << cat as u32) != 0
    }

    /// Whether one of these is among them.
    pub(crate) fn has_any(self, cats: &[Cat]) -> bool {
        cats.iter().any(|c| self.has(*c))
    }

    /// Their numbers in order.
    pub(crate) fn numbers(self) -> impl Iterator<Item = u32> {
        let mut left = self.0;
        std::iter::from_fn(move || {
            let next = left.trailing_zeros();
            (left != 0).then(|| {
                left &= left - 1;
                next
            })
        })
    }

    /// Whether there is none.
    pub(crate) fn is_empty(self) -> bool {
        self.0 == 0
    }
}

impl From<Cat> for Cats {
    fn from(cat: Cat) -> Self {
        Self(1 << cat as u32)
    }
}

impl BitOr for Cats {
    type Output = Self;
    fn bitor(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

impl BitOr<Cat> for Cats {
    type Output = Self;
    fn bitor(self, other: Cat) -> Self {
        self | Self::from(other)
    }
}
