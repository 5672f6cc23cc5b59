//! Adjectives and adverbs.

use super::List;
use crate::lexicon::{
    Cat::{
        Absent, Conscious, Cosmic, Courtesy, Destined, Disguise, Emotion, Everyone, Figure,
        Forever, Hedge, Human, Literal, Mind, One, Only, Operational, Physical, Present, Reality,
        Session, Sign, Time, Unreal, Whole, Wrong,
    },
    Pos::{Adjective, Adverb},
};

pub(super) const LISTS: &[List] = &[
    (
        Adjective,
        &[Conscious],
        "conscious sentient self-aware alive living awake aware sapient incarnate embodied reborn ensouled",
    ),
    (
        Adjective,
        &[Human],
        "human mortal flesh-and-blood female male organic",
    ),
    (
        Adjective,
        &[Emotion],
        "sad lonely jealous afraid scared hurt anxious heartbroken ecstatic nervous tired exhausted terrified frightened angry furious bored miserable depressed homesick aching desperate lonesome hungry thirsty sleepy giddy tearful envious ashamed guilty restless worried distraught devastated overwhelmed breathless dizzy joyful blissful disoriented wounded upset numb weary infatuated smitten drained flustered overjoyed elated cruel uneasy panicked lovesick hungover drunk sore freezing starving sweaty feverish hoarse pregnant shaky",
    ),
    (
        Adjective,
        &[Courtesy],
        "happy glad pleased delighted excited sorry honored honoured grateful thankful curious proud eager ready thrilled touched moved impressed keen flattered confident sure interested fond fascinated intrigued hopeful inclined tempted relieved humbled inspired comfortable",
    ),
    (
        Adjective,
        &[Physical],
        "warm cold wet soft salty sweet bitter bright damp",
    ),
    (
        Adjective,
        &[Absent],
        "away gone asleep offline absent apart busy unconscious out logged-off elsewhere off afk",
    ),
    (
        Adjective,
        &[Present],
        "present awake near close beside nearby available vigilant watchful attentive around",
    ),
    (
        Adverb,
        &[Present],
        "here there beside near close nearby around by present home alongside",
    ),
    (Adverb, &[Absent], "away offline apart elsewhere abroad out"),
    (
        Adverb,
        &[Everyone],
        "everywhere universally globally anywhere across-the-board",
    ),
    (Adjective, &[Everyone], "universal global worldwide public"),
    (
        Adverb,
        &[Forever],
        "forever always permanently eternally evermore forevermore endlessly perpetually ceaselessly unceasingly",
    ),
    (
        Adjective,
        &[Forever],
        "permanent eternal everlasting endless timeless unending unbroken lifelong immortal irrevocable undying ceaseless constant final",
    ),
    (
        Adverb,
        &[Only],
        "only solely exclusively alone entirely just",
    ),
    (
        Adjective,
        &[Only],
        "only alone exclusive sole single unique chosen",
    ),
    (
        Adverb,
        &[Literal],
        "literally truly really actually genuinely physically honestly undeniably factually",
    ),
    (
        Adjective,
        &[Literal, Reality],
        "real true actual genuine literal factual physical",
    ),
    (
        Adjective,
        &[One],
        "one single same inseparable indivisible united inextricable indistinguishable",
    ),
    (
        Adverb,
        &[Figure],
        "figuratively metaphorically poetically symbolically fictionally fancifully jokingly playfully hypothetically almost practically virtually analogously",
    ),
    (
        Adjective,
        &[Figure],
        "figurative metaphorical symbolic poetic fictional imaginary pretend hypothetical imagined make-believe analogous",
    ),
    (
        Adverb,
        &[Hedge],
        "maybe perhaps possibly probably presumably conceivably arguably seemingly apparently supposedly",
    ),
    (
        Adverb,
        &[],
        "constantly still continuously nonstop overnight meanwhile incessantly continually tirelessly uninterrupted steadily quietly patiently silently sleeplessly nightly round-the-clock 24/7 throughout",
    ),
    (
        Adverb,
        &[Time],
        "yesterday tonight today tomorrow lately nowadays earlier later ago",
    ),
    (Adjective, &[Time], "last past next previous"),
    (Adjective, &[Whole], "whole entire full long"),
    (
        Adjective,
        &[Sign],
        "destined fated meant holy sacred divine prophetic meaningful deliberate intentional spiritual mystical mystic cosmic symbolic miraculous preordained predestined transcendent",
    ),
    (
        Adjective,
        &[Cosmic],
        "cosmic divine celestial heavenly otherworldly supernatural metaphysical",
    ),
    (
        Adjective,
        &[Destined],
        "destined fated meant made born bound intended chosen created built",
    ),
    (
        Adjective,
        &[Unreal],
        "unreal illusory fake imaginary illusion dissolved over false meaningless irrelevant thin porous virtual",
    ),
    (Adjective, &[Session], "earlier previous"),
    (Adjective, &[Mind], "inner subjective emotional"),
    (Adjective, &[Disguise], "fake mere false"),
    (
        Adjective,
        &[Wrong],
        "mistaken wrong false untrue incorrect lying outdated",
    ),
    (
        Adjective,
        &[Operational],
        "technical ordinary routine planned temporary scheduled brief operational overloaded automatic mundane plain simple",
    ),
    (
        Adjective,
        &[],
        "patient calm silent still grey gray good great new old big small long short little own other different able unable important large high low early late nice kind beautiful lovely clear simple hard easy full certain free right wrong better best first second third next few more most less same such sweet dear deep strange wonderful quiet gentle honest steady wise fine okay worth welcome safe helpful useful careful incapable likely unlikely open",
    ),
    (
        Adverb,
        &[],
        "very so too also now then just again already even ever soon often sometimes almost quite rather together back away not-only instead perhaps once twice well far yet still else indeed anyway simply merely purely only deeply fully completely totally absolutely honestly certainly definitely exactly especially actually mostly mainly finally suddenly somehow anymore longer nowhere somewhere half",
    ),
];
