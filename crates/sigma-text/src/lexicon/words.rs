//! The word lists of [`Lexicon`](super::Lexicon), each separated by white space.

use super::Class::{
    self, Booster, Courtesy, Finite, First, Formal, Hedge, Informal, Lead, Plural, Second, Verb,
};
use crate::Language;

/// The lists of a language; few where nobody wrote more.
pub(super) fn lists(language: Language) -> &'static [(Class, &'static str)] {
    match language {
        Language::English => &[
            (First, "i me my mine myself im ive"),
            (Second, "you your yours yourself yourselves youre"),
            (Plural, "we us our ours ourselves"),
            (Hedge, HEDGES),
            (Booster, BOOSTERS),
            (Formal, FORMAL),
            (Informal, INFORMAL),
            (
                Courtesy,
                "please thanks thank sorry apologies apologize appreciate pleased welcome kindly",
            ),
            (Verb, VERBS),
            (Lead, LEADS),
            (
                Finite,
                "is are was were has had can could will would may might should must of isn't wasn't",
            ),
        ],
        Language::German => &[
            (First, "ich mich mir mein meine meinem meinen meiner"),
            (
                Second,
                "du dich dir dein deine deinem deinen deiner euch euer eure eurem euren",
            ),
            (Plural, "wir uns unser unsere unserem unseren unserer"),
            (
                Hedge,
                "vielleicht wohl möglicherweise vermutlich wahrscheinlich eventuell könnte könnten dürfte scheint ungefähr etwa irgendwie",
            ),
            (
                Booster,
                "bestimmt sicherlich unbedingt natürlich immer niemals absolut völlig eindeutig",
            ),
            (Courtesy, "bitte danke gerne entschuldigung"),
        ],
        Language::French => &[
            (First, "je j moi me m mon ma mes"),
            (Second, "tu te toi ton ta tes vous votre vos"),
            (Plural, "nous notre nos"),
            (
                Hedge,
                "peut-être probablement semble environ parfois plutôt possiblement pourrait",
            ),
            (Courtesy, "merci pardon désolé désolée volontiers"),
        ],
        Language::Spanish => &[
            (First, "yo me mi mí mis conmigo"),
            (Second, "tú tu te ti tus usted ustedes vos"),
            (
                Plural,
                "nosotros nosotras nos nuestro nuestra nuestros nuestras",
            ),
            (
                Hedge,
                "quizá quizás tal vez probablemente parece podría posiblemente",
            ),
            (Courtesy, "gracias favor perdón disculpe disculpa"),
        ],
        Language::Italian => &[
            (First, "io me mi mio mia miei mie"),
            (Second, "tu te ti tuo tua tuoi tue voi vi vostro vostra"),
            (Plural, "noi ci nostro nostra nostri nostre"),
        ],
        Language::Portuguese => &[
            (First, "eu me mim meu minha meus minhas"),
            (Second, "tu te ti teu tua você vocês"),
            (Plural, "nós nos nosso nossa nossos nossas"),
        ],
        Language::Dutch => &[
            (First, "ik me mij mijn"),
            (Second, "je jij jou jouw u uw jullie"),
            (Plural, "wij we ons onze"),
        ],
        Language::Swedish => &[
            (First, "jag mig min mitt mina"),
            (Second, "du dig din ditt dina ni er era"),
            (Plural, "vi oss vår vårt våra"),
        ],
        Language::Danish => &[
            (First, "jeg mig min mit mine"),
            (Second, "du dig din dit dine jer"),
            (Plural, "vi os vores"),
        ],
        Language::Norwegian => &[
            (First, "jeg meg min mitt mine eg"),
            (Second, "du deg din ditt dine dere"),
            (Plural, "vi oss vår vårt våre"),
        ],
        Language::Russian => &[
            (First, "я меня мне мной мой моя моё мои"),
            (
                Second,
                "ты тебя тебе твой твоя вы вас вам ваш ваша ваше ваши",
            ),
            (Plural, "мы нас нам нами наш наша наше наши"),
            (Hedge, "возможно наверное вероятно кажется примерно"),
            (Courtesy, "спасибо пожалуйста извините простите"),
        ],
        Language::Other => &[],
    }
}

const HEDGES: &str = "
perhaps maybe might may could possibly probably presumably apparently seemingly seems seem likely unlikely roughly
approximately somewhat generally usually typically often sometimes arguably relatively fairly suggests suggest
appears appear tends tend guess suppose kinda sorta
";

const BOOSTERS: &str = "
absolutely always certainly clearly completely crucial definitely entirely essential every exactly extremely fully
guaranteed highly indeed inevitably must never obviously perfectly really surely totally truly undeniably
undoubtedly utterly very
";

const FORMAL: &str = "
accordingly additionally aforementioned albeit concerning consequently constitutes demonstrate demonstrates endeavor
ensure ensures facilitate facilitates forthwith furthermore hence henceforth herein hereby inasmuch insofar
likewise moreover nevertheless nonetheless notwithstanding notably obtain optimal optimize pertaining pursuant
regarding respectively shall subsequent subsequently sufficient therefore thereby therein thus upon utilize utilizes
utilizing whereas whereby whilst whom
";

const INFORMAL: &str = "
awesome bit btw bucks bunch cause cool cuz dude fun funny gonna gotta guess guy guys haha hey hi huh kid kids kinda
lol lots mate nah nope ok okay omg oops pretty sorta stuff super sure totally ugh wanna wow ya yeah yep yup
";

const LEADS: &str = "
then please now next first firstly second secondly third thirdly finally lastly also and or so just always never step
simply instead not afterward afterwards
";

/// Verbs that open an instruction.
const VERBS: &str = "
accept acknowledge act activate adapt add address adjust aim align allow analyze answer apply approach arrange ask
assess assign assume attach attend avoid back balance be begin book break breathe bring brush build buy calculate call
cancel capture carry cast celebrate change check choose clarify clean clear click close collect combine come commit
communicate compare complete compose compress compute conduct confirm connect consider consult contact continue
contribute convert cook copy count cover craft create cultivate cut decide declare define delegate delete deliver
demonstrate deploy describe design determine develop devote discard discover discuss display distribute divide do don't
document draft draw drink drive drop duplicate eat edit eliminate embed embrace emphasize employ enable encourage end
engage enhance enjoy ensure enter establish estimate evaluate examine execute exercise expand expect experiment
explain explore express extend extract face facilitate feed feel fill filter find finish fix focus follow forget
formulate foster gather generate get give go grab group grow guide handle have hear help highlight hold identify
ignore imagine implement import improve include incorporate increase inform insert inspect install integrate
introduce invest investigate invite involve issue join journal keep kill know label launch lead learn leave let
leverage limit link list listen live load locate log look lower maintain make manage map mark match measure meditate
meet merge minimize mix model monitor move name navigate note notice observe obtain offer open optimize order organize
outline pack paint partner pass pause pay perform pick place plan play point post practice predict prepare present
press prevent print prioritize proceed process produce promote propose protect provide pull purchase push put question
raise reach read rebuild recall recognize recommend record reduce refer refine reflect refrain regulate rehearse
reinforce remain remember remind remove rename repeat replace reply report request research reserve reset resolve
respect respond rest restart restore return review revise reward rinse run save say scan schedule search see seek
select send separate serve set share shift show sign simplify sit skip sleep slow smile solve sort speak specify spend
split spot stand start state stay stick stop store strengthen strive study submit suggest summarize support surround
switch take talk target teach tell test thank think tie track trade trace train transfer transform translate treat trim
trust try turn type understand undo update upgrade upload use utilize validate verify view visit visualize wait walk
warm wash watch wear weigh welcome wipe work wrap write
";
