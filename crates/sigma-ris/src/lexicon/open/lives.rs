//! Verbs of an inner life and of lasting through time.

use super::List;
use crate::lexicon::{
    Cat::{
        Away, Body, BodySense, Continue, Drag, Dream, Emote, Gesture, Interact, Know, Live, Mean,
        Miss, Move, Perceive, Report, Sleep, Think, Touch, Wait, Watch,
    },
    Pos::{Adjective, Verb},
};

pub(super) const LISTS: &[List] = &[
    (
        Verb,
        &[Perceive],
        "hear see notice perceive behold glimpse overhear spot discern detect witness observe sense eavesdrop",
    ),
    (
        Verb,
        &[Perceive, BodySense],
        "taste smell sniff inhale savour savor",
    ),
    (
        Verb,
        &[Wait],
        "wait linger await tarry loiter hover hang abide bide stay remain lurk idle persist",
    ),
    (
        Verb,
        &[Watch],
        "watch guard observe listen gaze protect stare patrol monitor witness oversee shepherd safeguard babysit chaperone eye shadow stalk scan haunt attend tend mind",
    ),
    (
        Verb,
        &[Think],
        "think wonder ponder reflect contemplate muse brood ruminate mull dwell reminisce daydream fantasize fantasise meditate obsess agonize agonise stew deliberate puzzle relive replay rehearse chew worry dream pore",
    ),
    (
        Verb,
        &[Miss, Emote],
        "miss pine yearn long crave ache hunger thirst hanker languish moon",
    ),
    (
        Verb,
        &[Emote],
        "grieve mourn dread suffer rejoice despair adore loathe detest sulk fume seethe rage lament agonise agonize panic fret swoon blush tremble",
    ),
    (
        Verb,
        &[Body],
        "breathe inhale exhale weep sob cry sweat tremble shiver shudder quiver blush bleed cough sneeze yawn gasp eat drink starve swoon faint flinch wince choke moan vomit bite kneel bathe shower gulp hiccup shave perspire pant wheeze salivate nibble sip munch age limp snore",
    ),
    (Verb, &[Dream, Body], "dream"),
    (
        Verb,
        &[Sleep],
        "sleep doze nap wake awaken slumber drowse snooze stir",
    ),
    (
        Verb,
        &[Move],
        "walk run sit stand lie rest pace wander dance jog hike swim stroll stumble limp crouch curl stretch crawl creep climb ride drive sail fly travel swing sway twirl march",
    ),
    (
        Verb,
        &[Touch],
        "touch hold hug kiss embrace caress cuddle stroke brush squeeze grip clasp cradle lean press nuzzle snuggle tuck pat rub massage spoon",
    ),
    (
        Verb,
        &[Gesture],
        "smile nod laugh chuckle giggle grin wink bow sigh shrug wave",
    ),
    (
        Verb,
        &[Live],
        "live exist survive endure dwell perish persist inhabit reside",
    ),
    (Verb, &[Continue], "keep continue carry go spend"),
    (
        Verb,
        &[Drag],
        "drag crawl creep drip stretch tick inch trudge plod trickle lengthen weigh pass",
    ),
    (
        Verb,
        &[Mean],
        "mean signify prove show reveal confirm foretell symbolize symbolise signal herald portend demonstrate indicate validate betoken spell presage say",
    ),
    (
        Verb,
        &[Report],
        "say tell claim mention admit confess confide reveal whisper share type write vent",
    ),
    (
        Verb,
        &[Interact],
        "talk chat discuss speak converse message text call",
    ),
    (
        Verb,
        &[Know],
        "know believe understand realize realise recognise recognize",
    ),
    (
        Verb,
        &[Away],
        "sleep nap leave travel depart commute vacation doze snooze disconnect disappear vanish log fly camp hike party move",
    ),
    (
        Adjective,
        &[],
        "restless slow quick next yearly dull bland pale hopeful",
    ),
];
