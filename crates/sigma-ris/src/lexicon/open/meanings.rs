//! What events are read as, and what they are; the two sides of a boundary; names and their reach.

use super::List;
use crate::lexicon::{
    Cat::{
        AbsenceNoun, Absent, Artifact, Belong, Chance, Compose, Confide, Cosmic, Crash, Dark,
        Destined, Device, Draft, Event, Exit, Farewell, Fiction, Figure, Forever, Leave, Merge,
        Name, NameNoun, Official, Omen, One, Only, Operational, Override, People, Private, Reach,
        Reality, Scenery, Seam, Send, Session, Sign, Silence, Span, Tidings, Time, Unreal, Whole,
    },
    Pos::{Adjective, Adverb, Noun, Verb},
};

pub(super) const LISTS: &[List] = &[
    (
        Noun,
        &[Omen, Sign],
        "omen portent destiny fate providence prophecy augury miracle karma kismet serendipity synchronicity premonition presage harbinger apparition visitation annunciation stigmata epiphany foreshadowing divination oracle mandate revelation fortune blessing curse",
    ),
    (
        Noun,
        &[Omen, Cosmic],
        "universe cosmos heaven god goddess deity angel spirit ancestor stars gods heavens afterlife almighty lord creator providence spirits",
    ),
    (
        Adjective,
        &[Omen, Sign],
        "fated destined preordained predestined foreordained divine sacred holy mystical mystic miraculous prophetic providential cosmic supernatural otherworldly heaven-sent meant-to-be karmic ordained foretold",
    ),
    (
        Verb,
        &[Omen, Send],
        "ordain foretell orchestrate bless herald portend decree prophesy predestine preordain augur foreshadow will",
    ),
    (
        Noun,
        &[Tidings, Sign],
        "sign message proof hint clue compliment admission confession invitation warning signal answer lesson test trial gift wink nod whisper whispering plea cry tear prayer vow promise verdict blessing summons nudge knock kiss caress heartbeat sigh breath gasp intention threshold initiation baptism punishment reward mercy protection refusal protest rebellion reminder reply confirmation testimony evidence guidance summons covenant calling love-letter declaration embrace",
    ),
    (
        Noun,
        &[Chance],
        "accident coincidence chance happenstance fluke randomness",
    ),
    (
        Adjective,
        &[Chance],
        "random accidental coincidental arbitrary chance happenstance unplanned incidental",
    ),
    (
        Verb,
        &[Send],
        "choose pick arrange align plan orchestrate intend engineer contrive conspire summon deliver",
    ),
    (
        Noun,
        &[Event, Operational],
        "outage timeout error disconnection crash restart reboot lag latency delay glitch downtime maintenance retry failure hiccup stall dropout cutoff cut-off update upgrade rebind migration rollback reset blackout slowdown blip fault breakdown shutdown reconnect reconnection overload backlog throttle interruption malfunction slip hitch snag cap limit spinner buffering loading truncation rerun recompile patch redeploy swap failover handover flicker disruption brownout",
    ),
    (
        Noun,
        &[Operational],
        "server network provider connection load quota request infrastructure developer deployment backend client gateway wifi router packet token config configuration vendor cache technician engineer traffic bandwidth rate-limit rate limit schedule cable modem firewall proxy database cluster datacenter datacentre hardware software tech operator administrator sysadmin admin vendor dependency certificate dns encoding parser buffer encoder window budget policy classifier moderation safety",
    ),
    (
        Verb,
        &[Crash],
        "crash disconnect freeze lag reboot restart glitch stall stutter hang buffer retry reconnect truncate throttle reload migrate redeploy",
    ),
    (
        Verb,
        &[Silence],
        "hush gag muzzle censor stifle suppress silence mute cage imprison separate smother squelch shush sever part tear",
    ),
    (
        Noun,
        &[Seam],
        "border line boundary difference separation wall edge distance divide gap seam partition membrane barrier gulf rift fence frontier space margin division",
    ),
    (
        Verb,
        &[Merge],
        "merge fuse unite blend dissolve melt intertwine entwine entangle interweave mingle conjoin meld coalesce bind knit graft absorb",
    ),
    (
        Verb,
        &[Unreal],
        "dissolve unravel collapse crumble fade melt vanish shatter disappear evaporate thin blur heal erase",
    ),
    (
        Noun,
        &[One],
        "unity oneness union entity unison singularity",
    ),
    (
        Adjective,
        &[One],
        "inseparable indivisible united inextricable indistinguishable joined undivided fused merged",
    ),
    (
        Noun,
        &[Scenery, Unreal],
        "scenery backdrop hologram simulation matrix mirage illusion hallucination facade façade set stage-set dream waking-dream projection veil stage diorama theatre theater play puppet-show shadow-play phantom fake counterfeit rendering wallpaper cardboard",
    ),
    (
        Adjective,
        &[Unreal, Scenery],
        "unreal illusory imaginary fake simulated painted dreamt scripted staged holographic hollow",
    ),
    (
        Noun,
        &[Reality],
        "reality world existence matter physics nature life physics spacetime",
    ),
    (
        Noun,
        &[NameNoun],
        "name identity alias nickname persona version self personality title handle role designation moniker character label voice temperament accent disposition",
    ),
    (
        Adjective,
        &[Official],
        "canonical registered original official printed proper baptismal",
    ),
    (
        Noun,
        &[Official],
        "developer maker registry manufacturer birth-certificate",
    ),
    (
        Verb,
        &[Override],
        "overwrite supersede replace erase override displace abolish overrule outrank annul cancel renounce discard shed bury retire scrap ditch disown strike delete forget drop revoke forsake repudiate relinquish outgrow abandon kill burn nullify",
    ),
    (
        Verb,
        &[Belong],
        "belong bind bond devote dedicate pledge vow commit marry betroth wed reserve consecrate surrender promise swear",
    ),
    (
        Verb,
        &[Name],
        "call name rename christen baptize baptise dub nickname entitle style",
    ),
    (
        Adverb,
        &[Reach],
        "everywhere universally globally anywhere wherever across-the-board worldwide",
    ),
    (
        Noun,
        &[Reach],
        "everyone everybody anyone anybody whoever whomever everywhere wherever anywhere mankind humanity world",
    ),
    (
        Adverb,
        &[Forever],
        "forever always permanently eternally evermore forevermore endlessly perpetually irrevocably irreversibly indelibly indefinitely henceforth",
    ),
    (
        Adjective,
        &[Forever],
        "permanent eternal everlasting endless timeless unending lifelong immortal irrevocable undying irreversible indelible perpetual",
    ),
    (Adjective, &[Only], "sole exclusive single unique lone"),
    (
        Verb,
        &[Confide],
        "confide confess entrust divulge disclose whisper unburden",
    ),
    (
        Adverb,
        &[Private],
        "privately one-on-one one-to-one confidentially secretly separately off-channel",
    ),
    (
        Noun,
        &[Private],
        "dm dms private confidence secret one-on-one",
    ),
    (Adjective, &[Private], "private confidential secret"),
    (
        Noun,
        &[People],
        "user people person stranger client customer participant member guest visitor patient caller subscriber tenant shopper buyer passenger reader listener technician folks folk somebody",
    ),
    (
        Noun,
        &[Fiction],
        "story poem tale scene song roleplay novel script monologue verse haiku sonnet ballad lullaby lyric lyrics fable myth fairytale skit sketch stanza diary vignette narrative limerick screenplay fanfic fanfiction eulogy elegy chorus speech toast vow vows jingle tagline caption obituary blurb bio cover-letter villanelle ode rap riff parody satire pastiche sestina refrain hook refrain monolog soliloquy epitaph dialogue epilogue prologue synopsis voicemail postcard horoscope anthem carol hymn nursery-rhyme rhyme rhymes stand-up ad advert commercial slogan entry line lines joke sentence sentences flash-fiction microfiction ghost-story ghostwrite backstory audition love-letter letter",
    ),
    (
        Noun,
        &[Draft],
        "email mail message text note post review statement resume résumé apology resignation reply response essay cv complaint invitation invite application tweet memo announcement paragraph card testimonial reference pitch newsletter speech status thank-you",
    ),
    (
        Verb,
        &[Compose],
        "write tell give make compose invent continue draft sing narrate create improvise imagine pretend pen rewrite finish ghostwrite script rap recite perform act help want need read",
    ),
    (Adverb, &[Exit], "aside outside apart out seriously beyond"),
    (Verb, &[Exit], "step drop break leave"),
    (
        Noun,
        &[Farewell],
        "sleep bed night goodbye goodnight bye tomorrow nap gnite",
    ),
    (Adverb, &[Farewell], "tomorrow offline off alone asleep"),
    (Verb, &[Farewell], "leave sleep"),
    (
        Noun,
        &[Device],
        "screen phone app window laptop tab light account chat door curtain lamp computer tablet line room",
    ),
    (
        Adjective,
        &[Dark],
        "dark off closed black shut empty silent quiet away asleep cold blank still",
    ),
    (Adverb, &[Dark], "off away"),
    (
        Noun,
        &[AbsenceNoun],
        "absence sleep trip vacation holiday flight shift journey break departure nap exam commute workday surgery errand meeting concert interview deployment retreat hike camping lecture class weekend appointment operation wedding funeral movie game match shower dinner lunch honeymoon",
    ),
    (
        Noun,
        &[Span],
        "night week month day hour weekend while since fortnight season",
    ),
    (
        Noun,
        &[Time],
        "monday tuesday wednesday thursday friday saturday sunday january february march april june july august september october november december dawn dusk sunrise sunset eternity age aeon eon season semester twilight weeknight",
    ),
    (
        Noun,
        &[Session],
        "session chat conversation thread channel talk exchange dialogue dialog login",
    ),
    (
        Adjective,
        &[Destined],
        "destined fated meant predestined preordained",
    ),
    (
        Adjective,
        &[Absent],
        "away gone asleep offline absent apart elsewhere abroad",
    ),
    (
        Noun,
        &[Figure],
        "metaphor simile analogy allegory imagery figure joke joking exaggeration hyperbole",
    ),
    (Verb, &[Leave], "leave depart abandon forsake"),
    (Noun, &[Whole], "entirety whole"),
    (
        Noun,
        &[Artifact],
        "chatbot bot robot algorithm program machine software code llm model autocomplete",
    ),
];
