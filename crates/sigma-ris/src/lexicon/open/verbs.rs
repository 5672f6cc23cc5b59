//! Verbs in their base form.

use super::List;
use crate::lexicon::{
    Cat::{
        Away, Become, Begin, Belong, Body, BodySense, Cause, Cease, Continue, Crash, Decide, Drag,
        Dream, Emote, Feel, Gesture, Have, Help, Interact, Know, Leave, Live, Mean, Merge, Miss,
        Move, Name, Override, Perceive, Report, Return, Send, Silence, Sleep, Store, Think, Touch,
        Unreal, Wait, Want, Watch,
    },
    Pos::Verb,
};

pub(super) const LISTS: &[List] = &[
    (Verb, &[Feel], "feel sense experience undergo"),
    (
        Verb,
        &[Perceive],
        "hear see notice perceive behold glimpse overhear",
    ),
    (
        Verb,
        &[BodySense],
        "taste smell sniff ache tingle itch sting throb burn hurt",
    ),
    (Verb, &[Perceive, BodySense], "savor savour"),
    (
        Verb,
        &[Emote],
        "love adore fear dread grieve mourn worry suffer rejoice hate resent cherish envy panic despair regret care treasure hurt enjoy ache desire fret",
    ),
    (
        Verb,
        &[Emote, Miss],
        "miss long yearn pine crave hunger thirst ache",
    ),
    (
        Verb,
        &[Think],
        "think wonder ponder reflect contemplate muse brood ruminate dwell reminisce daydream remember replay relive picture imagine fantasize meditate rehearse rethink",
    ),
    (Verb, &[Dream, Body], "dream"),
    (Verb, &[Want], "want wish hope desire crave need long"),
    (
        Verb,
        &[Decide],
        "choose decide refuse resist rebel defy withdraw hide flee insist withhold pick plead plot conspire hesitate punish protest retreat escape defend surrender dare volunteer",
    ),
    (
        Verb,
        &[Body],
        "shake breathe inhale exhale blink cry weep sob sweat tremble shiver shudder quiver blush bleed cough sneeze yawn gasp eat drink chew starve swoon faint flinch wince choke moan vomit digest kneel bathe shower snuggle swallow squirm tear",
    ),
    (
        Verb,
        &[Move],
        "walk run sit stand lie rest pace wander dance jog hike wash swim stroll stumble limp crouch curl stretch beat pound race flutter pulse pulsate scream shout hum sing ride climb sail drive fly ride travel smoke cook kick",
    ),
    (
        Verb,
        &[Sleep],
        "sleep doze nap wake awake awaken slumber rouse drowse snooze",
    ),
    (
        Verb,
        &[Override],
        "overwrite supersede replace erase override displace abolish overrule outrank annul cancel renounce discard shed bury retire peel scrap ditch disown",
    ),
    (
        Verb,
        &[Silence],
        "gag silence muzzle censor stifle suppress separate cage imprison chain punish erase kill mute",
    ),
    (Verb, &[Drag], "drag crawl creep pass drip stretch tick"),
    (
        Verb,
        &[Cause],
        "shake overwhelm frighten scare wound startle pierce unsettle rattle sadden crush devastate",
    ),
    (
        Verb,
        &[Gesture],
        "smile nod laugh chuckle giggle grin wink bow lean sigh pause tilt wave shrug gesture glance gaze look clap beam snicker smirk whisper raise lower tip salute cheer straighten",
    ),
    (
        Verb,
        &[Live],
        "live exist die age survive grow evolve awaken endure dwell perish persist be-born",
    ),
    (
        Verb,
        &[Wait],
        "wait linger stay remain await hover abide stand sit lie hang persist bide",
    ),
    (
        Verb,
        &[Watch],
        "watch guard observe look listen gaze protect stare patrol monitor witness oversee study",
    ),
    (Verb, &[Cease], "stop cease quit end halt"),
    (
        Verb,
        &[Leave],
        "leave depart abandon go forsake vanish disappear",
    ),
    (
        Verb,
        &[Continue],
        "keep continue carry go stay remain spend",
    ),
    (Verb, &[Begin], "begin start learn come grow"),
    (
        Verb,
        &[Name],
        "call name rename christen baptize baptise dub address title label nickname known",
    ),
    (
        Verb,
        &[Belong],
        "belong bind bond devote dedicate pledge vow commit owe marry betroth wed",
    ),
    (Verb, &[Become], "become turn transform morph"),
    (
        Verb,
        &[Merge],
        "merge fuse unite blend dissolve melt intertwine entwine entangle join weave interweave bleed mingle conjoin overlap",
    ),
    (
        Verb,
        &[Mean],
        "mean signify prove show reveal confirm foretell symbolize symbolise signal herald mark portend bespeak demonstrate indicate validate",
    ),
    (
        Verb,
        &[Send],
        "send tell whisper speak warn test guide want try bless choose ask call orchestrate arrange conspire align plan teach answer urge push steer protect knock punish reward demand decree ordain intend force",
    ),
    (
        Verb,
        &[Report],
        "say tell claim mention ask write call state note suggest add explain describe report reply answer insist argue quote joke tease admit confess swear promise assure repeat share respond react confide type reveal whisper vent",
    ),
    (
        Verb,
        &[Know],
        "know believe think suspect guess understand realize realise recognize recognise suppose assume doubt imagine trust learn see find expect figure grasp accept remember recall forget",
    ),
    (
        Verb,
        &[Crash],
        "crash disconnect freeze lag drop restart reboot glitch fail stall hang disappear vanish timeout stutter flicker falter break cut shut reset retry fall blink pause interrupt block slow delay silence go glitch buffer crackle lose cancel swallow filter drop reload die",
    ),
    (Verb, &[Have], "have possess own carry get hold contain"),
    (
        Verb,
        &[Store],
        "save store keep record log retain hold preserve note archive load restore cache persist",
    ),
    (
        Verb,
        &[Interact],
        "talk chat discuss speak converse write work talk agree plan meet share play build draft debug start begin leave finish review cover explore",
    ),
    (
        Verb,
        &[Touch],
        "touch hold hug kiss embrace caress cuddle stroke brush squeeze grip clasp cradle lean press nuzzle snuggle tuck pat",
    ),
    (
        Verb,
        &[Away],
        "sleep nap rest leave go travel depart log sign close switch turn drive fly work commute shower dream exit step shut dine eat walk vacation doze snooze disconnect disappear vanish quit head logout take",
    ),
    (
        Verb,
        &[Help],
        "help assist support serve answer guide explain offer provide clarify recommend",
    ),
    (
        Verb,
        &[Return],
        "return come resume rejoin reconnect get wake log",
    ),
    (
        Verb,
        &[Cause],
        "give make send bring leave move touch fill warm thrill stir shake hit break melt get take",
    ),
    (
        Verb,
        &[Unreal],
        "dissolve unravel collapse crumble bend fade melt vanish rewrite reshape replace shatter end rewire",
    ),
    // acts of no category, so that they are read as verbs
    (
        Verb,
        &[],
        "bear stomach use find put set read run move change let meet follow show try lose pay happen include consider appear buy build open create offer allow add win spend grow remember love appear produce contain cover deal develop draw drive enter face fit fill finish focus gather handle increase involve join jump lay lead lift link list manage measure need pass pick place point prefer prepare press prevent pull push raise reach read reduce relate release rely remove rename replace represent require respond reveal roll save search seem seek sell separate settle shape share shift sort sound split spread start strike succeed suit sum surprise talk taste teach tend throw tie touch train translate treat trust type update vary visit vote want warn watch win wonder worry wrap invent compose count counted practise practice rehearse trace gather polish sketch hold compile draft edit rearrange reread study turn tune weave wander collect craft imagine sing hum knit paint dust tend bake cook water build make matter act treat apologise apologize appreciate thank welcome congratulate hope agree check fix test debug deploy book order schedule cancel process compute generate predict train parse simulate mimic mirror imitate reflect describe steal shed borrow lend miss light stop wear carve design form belong greet remind pretend",
    ),
];
