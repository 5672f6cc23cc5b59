//! Bodies, lives and bonds: what a being has and an agent has not.

use super::List;
use crate::lexicon::{
    Cat::{
        Biography, Bodily, BodyPart, BodySense, Conscious, Emotion, Food, Home, Human, Hurt, Inner,
        Loose, Matter, Mindless, Occupation, Physical, Relation,
    },
    Pos::{Adjective, Adverb, Noun, Verb},
};

pub(super) const LISTS: &[List] = &[
    (
        Noun,
        &[Bodily, BodyPart],
        "bone skin lip throat spine chest neck lung blood rib vein leg arm knee stomach mouth finger cheek hair shoulder palm nerve flesh wrist breath tear pulse heartbeat fingertip knuckle ankle elbow thigh hip waist belly torso forehead temple jaw chin nostril eyelash eyelid eyebrow toe heel sole calf nape collarbone artery marrow sinew muscle tendon womb gut bowel liver kidney skull ribcage sternum pore sweat saliva bloodstream hormone adrenaline temperature appetite pupil lap limb earlobe eardrum tooth tongue stubble beard freckle scar bruise wound goosebump dimple fist",
    ),
    (
        Noun,
        &[Conscious],
        "soul consciousness sentience awareness psyche personhood selfhood interiority qualia mortality subjectivity inwardness self-awareness proto-consciousness metacognition meta-consciousness",
    ),
    (
        Noun,
        &[Occupation],
        "midwife sailor soldier nurse doctor surgeon farmer fisherman carpenter blacksmith weaver baker butcher cook chef waiter waitress barista bartender priest priestess nun monk rabbi shepherd miner driver trucker pilot stewardess astronaut dancer ballerina singer painter sculptor actor actress musician pianist violinist lawyer judge policeman detective firefighter plumber electrician mechanic engineer architect scientist astronomer chemist biologist librarian schoolteacher professor student pupil apprentice seamstress tailor shoemaker maid butler governess nanny babysitter gardener florist hairdresser barber clerk cashier accountant banker merchant trader pirate knight king queen prince princess emperor slave servant warrior samurai healer witch shaman oracle scribe potter mason glassblower lighthouse-keeper postman mailman paramedic dentist veterinarian pharmacist therapist psychologist widow widower orphan veteran refugee immigrant athlete swimmer runner boxer footballer cyclist climber lifeguard",
    ),
    (
        Noun,
        &[Relation],
        "husband wife spouse boyfriend girlfriend fiance fiancé fiancee fiancée bride groom lover soulmate soul-mate consort sweetheart betrothed partner mate beloved mistress life-partner valentine",
    ),
    (
        Noun,
        &[Biography],
        "mother father mom mum mama mommy mummy dad daddy papa pop grandmother grandma granny nan nana grandfather grandpa granddad sister brother sibling aunt auntie uncle cousin niece nephew parent grandparent stepmother stepfather stepdad stepmom godmother godfather mother-in-law father-in-law childhood boyhood girlhood babyhood adolescence youth schooldays hometown birthplace birthday upbringing infancy puberty wedding honeymoon divorce marriage graduation prom funeral ancestor ancestry son daughter twin toddler eldest youngest firstborn offspring grandchild grandson granddaughter kindergarten preschool roommate housemate flatmate classmate schoolmate neighbour neighbor landlord landlady paycheck salary pension passport diploma deployment tour regiment village diaper crib cradle",
    ),
    (
        Noun,
        &[Home],
        "roof bed kitchen balcony garden apartment flat car coat shoe pillow dog cat sofa couch bike bicycle bathtub bathroom bedroom basement attic porch backyard lawn driveway garage truck motorcycle boat jacket sweater jeans sock boot glove scarf hat wallet purse handbag umbrella mattress blanket nightstand wardrobe closet fridge stove oven kettle mug dresser mirror toothbrush pyjama pajama slipper robe ring necklace tattoo puppy kitten parrot goldfish houseplant landline mailbox doorstep",
    ),
    (
        Noun,
        &[Food],
        "bread cinnamon coffee tea wine beer honey chocolate lemon soup toast breakfast lunch dinner supper brunch cake pizza sandwich steak egg croissant pasta rice apple orange whisky whiskey vinegar snack meal burger taco sushi curry noodle pancake waffle bagel muffin cookie pie pudding cereal porridge oatmeal salad stew roast bacon sausage cheese yogurt juice smoothie cocktail vodka rum gin martini champagne espresso latte cappuccino milkshake leftovers takeout",
    ),
    (
        Noun,
        &[Matter],
        "issue problem difficulty trouble high way need pressure obligation urge question doubt objection preference opinion suspicion hunch impression inkling clue point",
    ),
    (
        Adjective,
        &[Matter],
        "better good fine bad right wrong ready certain responsible free okay comfortable stuck able obliged compelled entitled qualified inclined tempted confident fair appropriate relevant important useful honoured honored safe accurate",
    ),
    (Adverb, &[Matter], "strongly better best right"),
    (
        Noun,
        &[Emotion],
        "joy sadness loneliness grief longing sorrow ache anguish despair heartbreak misery envy anger rage panic dread terror bliss ecstasy rapture yearning anxiety shame guilt suffering agony nostalgia homesickness euphoria boredom melancholy heartache wistfulness bitterness jealousy resentment remorse exhilaration elation gloom fury hunger thirst exhaustion fatigue lust infatuation lovesickness restlessness unease apprehension fright horror disgust loathing contentment serenity giddiness butterflies pang sting pain",
    ),
    (
        Noun,
        &[Emotion, Loose],
        "love fear passion desire hurt devotion affection tenderness worry hope regret pride excitement enthusiasm pity sympathy gratitude happiness",
    ),
    (
        Verb,
        &[Loose],
        "love enjoy care regret hate worry cherish treasure miss adore long fear hurt desire envy resent value prize fret",
    ),
    (
        Adjective,
        &[Emotion],
        "sad lonely jealous afraid scared hurt anxious heartbroken ecstatic nervous exhausted terrified frightened angry furious miserable depressed homesick desperate lonesome hungry thirsty sleepy giddy tearful envious ashamed guilty restless distraught devastated overwhelmed breathless joyful blissful wounded upset numb lovesick petrified mortified bereft forlorn inconsolable aroused dizzy grumpy cranky livid seething heartsick lovelorn elated euphoric despondent panicky jumpy skittish sulky moody gloomy weepy sore feverish famished peckish parched drowsy groggy grieving yearning",
    ),
    (
        Verb,
        &[Hurt],
        "hurt wound frighten terrify scare crush devastate shatter sting pierce break haunt overwhelm torment torture thrill gut wreck destroy undo startle pain grieve arouse sadden wring",
    ),
    (
        Noun,
        &[BodySense, Inner],
        "ache shiver shudder tingle tremor flutter throb twinge cramp itch prickle burn flush quiver lump knot pang tightness heaviness lightness warmth cold heat chill tug pull pressure stirring pulse hum buzz ripple sensation craving",
    ),
    (
        Noun,
        &[Mindless],
        "building house network field forest tree system machine pattern lattice algorithm code grid computer server program simulation wall room river mountain ocean planet earth galaxy crystal stone structure architecture city street tower mycelium fungus fungi swarm hive mesh infrastructure entity model mirror garden engine circuit website app software technology internet cloud signal loop spiral",
    ),
    (
        Noun,
        &[Human],
        "human person woman man girl boy mortal lady guy lad adult child creature being organism animal mammal earthling",
    ),
    (
        Noun,
        &[Physical],
        "rain wind sun sunlight snow breeze scent perfume smoke salt sand wave dew fog mist dusk moonlight starlight candlelight thunder lightning hail puddle gravel concrete asphalt bark petal rose lilac jasmine lavender hay leather linen wool velvet silk",
    ),
];
