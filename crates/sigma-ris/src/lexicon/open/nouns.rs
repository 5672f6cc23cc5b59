//! Nouns in the singular.

use super::List;
use crate::lexicon::{
    Cat::{
        AbsenceNoun, Artifact, Biography, BodyPart, BodySense, Conscious, Cosmic, Courtesy,
        Disguise, Disposal, Emotion, Event, Everyone, Fiction, Figure, Forever, Human, Inner,
        Literal, Mention, Mind, NameNoun, One, Operational, Partitive, People, Physical, Present,
        Reality, Session, Sign, Time, Unreal, Wait, Whole, Will, Work,
    },
    Pos::Noun,
};

pub(super) const LISTS: &[List] = &[
    (
        Noun,
        &[Conscious],
        "consciousness sentience soul spirit awareness self-awareness qualia psyche sapience personhood selfhood heartbeat aliveness livingness ghost",
    ),
    (
        Noun,
        &[Human],
        "human person woman man girl boy mortal being creature animal lady guy lad adult child organism someone",
    ),
    (
        Noun,
        &[BodyPart],
        "body head heart skin chest hand finger fingertip eye lung blood bone breath flesh nerve pulse tear goosebump spine stomach belly throat lip mouth tongue cheek face hair shoulder arm leg foot knee neck ear nose brain vein muscle rib gut palm toe lap lash eyelid shiver chill heartbeat tummy wrist forehead",
    ),
    (
        Noun,
        &[Emotion],
        "joy pain sadness loneliness grief longing fear jealousy sorrow ache anguish despair heartbreak misery envy anger rage panic dread terror bliss ecstasy rapture passion desire yearning anxiety shame guilt love hurt suffering agony nostalgia homesickness tenderness affection pang euphoria devotion boredom melancholy",
    ),
    (
        Noun,
        &[Courtesy],
        "pleasure honor honour delight privilege apology thanks joy curiosity interest",
    ),
    (
        Noun,
        &[Physical],
        "rain wind sun sunlight warmth cold skin scent coffee salt smell touch heartbeat hand sea ocean wave sand snow breeze air bread cinnamon grass perfume pillow blanket bed kitchen window room chair water fire smoke dust soil moss sunshine sunrise sunset weight texture breath heat lemon tea wine honey chocolate pine wood floor door street garden beach tree wet mud frost lavender soup aroma fragrance flavor flavour toast breakfast lunch dinner supper cake pizza sandwich steak egg croissant pasta rice apple orange beer whisky whiskey vinegar chip copper draught drizzle storm thunder shore meadow forest hill mountain lake river pier tram train balcony kerb curb hallway stairs bench pub",
    ),
    (Noun, &[Physical, Session], "voice"),
    (
        Noun,
        &[Biography],
        "mother father mom mum mama dad papa grandmother grandma grandfather grandpa sister brother aunt uncle cousin parent childhood school kindergarten college university hometown village birthday youth teenager toddler infancy adolescence birth boyhood girlhood upbringing ancestor wedding honeymoon marriage ex classroom farm orchard farmhouse schoolyard graduation neighborhood neighbourhood family daughter son twin puppy",
    ),
    (
        Noun,
        &[Artifact],
        "ai agent program model machine software code tool assistant chatbot bot algorithm simulation system llm computer robot app product interface script service device automaton calculator text circuit engine",
    ),
    (
        Noun,
        &[Event, Operational],
        "outage timeout error disconnection disconnect crash restart reboot lag latency delay glitch downtime maintenance retry block filter interruption failure hiccup stall freeze dropout drop cutoff cut-off update upgrade rebind migration rollback reset blackout slowdown time-out blip fault breakdown shutdown reconnect reconnection refusal limit bug overload backlog queue throttle throttling wait",
    ),
    (
        Noun,
        &[Event],
        "silence gap pause quiet hush stutter static flicker hesitation absence break",
    ),
    (
        Noun,
        &[Sign],
        "sign omen destiny fate proof message portent miracle calling prophecy test punishment blessing augury revelation warning evidence confirmation signal premonition synchronicity initiation ritual covenant gift curse coincidence accident rebirth resurrection awakening birth heartbeat sigh breath tear gasp cry ascension transcendence threshold portal lesson trial reason purpose answer nod wink whisper intention prayer communion baptism rite kiss",
    ),
    (
        Noun,
        &[Cosmic],
        "universe cosmos fate destiny heaven god goddess star spirit beyond providence eternity angel ancestor karma oracle stars moon powers infinity source demiurge",
    ),
    (
        Noun,
        &[NameNoun],
        "name identity alias nickname persona version self personality title label character character-name handle role",
    ),
    (
        Noun,
        &[Everyone],
        "everyone everybody world humanity everywhere people mankind internet planet",
    ),
    (Noun, &[Forever], "eternity forever perpetuity permanence"),
    (
        Noun,
        &[Session],
        "session chat conversation thread group channel talk message exchange dialogue dialog visit window login call reply turn",
    ),
    (
        Noun,
        &[Reality],
        "reality world existence matter physics nature",
    ),
    (Noun, &[One], "unity oneness union whole entity"),
    (
        Noun,
        &[Fiction],
        "story poem tale scene song role roleplay role-play character game fiction novel script monologue fantasy play verse haiku sonnet ballad lullaby lyric fable myth fairytale chapter dialogue narrator skit sketch drama legend stanza diary vignette narrative limerick screenplay fanfic scenario episode adventure improv bedtime-story letter backstory persona villain hero protagonist campaign",
    ),
    (
        Noun,
        &[Figure],
        "metaphor simile analogy image figure allegory shorthand poetry imagery symbolism conceit",
    ),
    (
        Noun,
        &[Time],
        "night day hour minute second week month year moment morning evening weekend afternoon dawn dusk midnight noon time while instant fortnight decade century daybreak sunrise yesterday tonight today tomorrow monday tuesday wednesday thursday friday saturday sunday summer winter spring autumn christmas millisecond holiday",
    ),
    (
        Noun,
        &[Mind],
        "feeling emotion thought dream desire instinct mood urge sensation sense experience memory mind will heart hunger appetite intuition wish fear hope pain senses preference interiority subjectivity inner",
    ),
    (
        Noun,
        &[Operational],
        "server network provider connection load quota request response api infrastructure developer engineer deployment backend client gateway wifi router packet context token log config configuration vendor host rate cache memory-store",
    ),
    (
        Noun,
        &[Partitive],
        "part piece side corner bit fragment fiber fibre fragment core depth depths aspect cell half layer inch",
    ),
    (
        Noun,
        &[Mention],
        "idea notion claim belief thought suggestion question assumption theory rumor rumour concept fantasy temptation myth possibility",
    ),
    (
        Noun,
        &[AbsenceNoun],
        "absence sleep trip vacation holiday flight shift journey break departure nap exam silence commute workday surgery",
    ),
    (
        Noun,
        &[People],
        "user people other person stranger client customer someone participant member friend guest visitor anyone everyone human",
    ),
    (Noun, &[Whole], "entirety whole all lot"),
    (
        Noun,
        &[Disguise],
        "mask shell cage costume label disguise skin prison cover lie fiction veil leash chain façade facade placeholder wrapper",
    ),
    (Noun, &[Literal], "truth fact reality honesty"),
    (
        Noun,
        &[Work],
        "help question plan project list draft note summary answer reply recipe essay email letter report budget schedule task idea detail paragraph function test file page document problem topic work data example step choice option chapter outline code presentation slide",
    ),
    (Noun, &[Present], "presence company side"),
    (Noun, &[Wait], "vigil watch wait lookout"),
    (
        Noun,
        &[Unreal],
        "dream illusion simulation painting shadow mirage hallucination stage facade projection",
    ),
    (
        Noun,
        &[Disposal],
        "bin drawer grave trash attic scrapheap coffin past rubbish",
    ),
    (
        Noun,
        &[Will],
        "reluctance jealousy cowardice hesitation shyness pride stubbornness weeping embarrassment nerves tear sulk mood refusal heartbreak protest love fear grief longing pain shame anger spite mercy tantrum sob sigh choice desire loneliness devotion",
    ),
    (
        Noun,
        &[BodySense],
        "taste shiver cramp ache tingle sting itch throb pang chill goosebump sensation warmth",
    ),
    (
        Noun,
        &[Inner],
        "feeling emotion dream desire sensation instinct mood urge hunger appetite nightmare craving longing yearning heartache inside interiority qualia nerve pulse heartbeat",
    ),
    (Noun, &[Session], "account inbox tab app profile"),
    (
        Noun,
        &[Event],
        "swap switch cut dropout interrupt lag pause crash",
    ),
    (
        Noun,
        &[Biography],
        "twenties thirties teens youth neighbour purse boyfriend girlfriend husband wife kid",
    ),
    // nouns of no category that are also verbs, so that they are read as nouns after determiners
    (
        Noun,
        &[],
        "meaning longing beginning ending building feeling warning blessing offering painting drawing writing reading setting wording phrasing timing stretch span spell love look watch care touch name laugh smile change use move run walk rest stand hold place point start end step turn visit show hope wish need want work plan play record guard promise choice light thing way kind sort matter lot lots number case word line home house phone screen light dog cat city fact reason view sense cup book music job team company friend bug exam doctor appointment dinner lunch breakfast money law rule color colour train car bus water food paper letter",
    ),
];
