//! Words that carry grammar rather than content, a list a language.

use crate::Language;
use std::{collections::HashMap, sync::LazyLock};

/// The languages of which a word is a stop word, a bit each.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Languages(u16);

impl Languages {
    /// Those of a folded word (lower case, `'` as apostrophe).
    pub(crate) fn of(folded: &str) -> Self {
        LANGUAGES.get(folded).copied().unwrap_or_default()
    }

    /// Whether the language is among them.
    pub(crate) fn has(self, language: Language) -> bool {
        self.0 & (1 << language as u16) != 0
    }
}

/// Whether a folded word is a stop word of the language.
pub(crate) fn is_stop_word(language: Language, folded: &str) -> bool {
    Languages::of(folded).has(language)
}

static LANGUAGES: LazyLock<HashMap<&'static str, Languages>> = LazyLock::new(|| {
    let mut all: HashMap<&str, Languages> = HashMap::new();
    for language in Language::ALL {
        for word in list(language).split_ascii_whitespace() {
            all.entry(word).or_default().0 |= 1 << language as u16;
        }
    }
    all
});

/// The words of one language, separated by white space.
fn list(language: Language) -> &'static str {
    match language {
        Language::English => ENGLISH,
        Language::German => GERMAN,
        Language::French => FRENCH,
        Language::Spanish => SPANISH,
        Language::Italian => ITALIAN,
        Language::Portuguese => PORTUGUESE,
        Language::Dutch => DUTCH,
        Language::Swedish => SWEDISH,
        Language::Danish => DANISH,
        Language::Norwegian => NORWEGIAN,
        Language::Russian => RUSSIAN,
        Language::Other => "",
    }
}

const ENGLISH: &str = "
a about above across actually after again against ago ain't all almost along already also although always am
among an and another any anybody anyone anything anyway are aren't around as at away back be became
because been before behind being below beside besides between beyond both but by can can't cannot come
could couldn't did didn't do does doesn't doing don't done down during each either else enough etc even
ever every everybody everyone everything except few for from further get gets getting go goes going gone
got had hadn't has hasn't have haven't having he he'd he'll he's hence her here here's hers herself him
himself his how how's however i i'd i'll i'm i've if in indeed inside instead into is isn't it it'd
it'll it's its itself just least less let let's like lot many may maybe me might mine more most much
must mustn't my myself near neither never no nobody none nor not nothing now of off oh ok okay on once one
ones only onto or other others otherwise ought our ours ourselves out outside over own per perhaps
please quite rather really said same say says shall shan't she she'd she'll she's should shouldn't since
so some somebody somehow someone something sometimes somewhat soon still such than thanks that that'd
that'll that's the their theirs them themselves then there there'd there'll there's therefore these they
they'd they'll they're they've this those though through throughout thus till to together too toward
towards under unless until up upon us very via want was wasn't we we'd we'll we're we've well were weren't
what what's whatever when when's whenever where where's wherever whether which whichever while who
who'd who'll who's whoever whole whom whose why why's will with within without won't would wouldn't yes
yeah yet you you'd you'll you're you've your yours yourself yourselves s t d ll m re ve don
mr mrs ms dr i.e e.g ie eg vs gonna wanna gotta cant dont doesnt didnt isnt wont im ive thats whats youre
";

const GERMAN: &str = "
aber alle allem allen aller alles als also am an ander andere anderem anderen anderer anderes auch auf
aus bei beim bin bis bist da dabei dadurch dafür dagegen daher damit danach dann daran darauf daraus darf
darum das dass dasselbe davon davor dazu dein deine deinem deinen deiner dem den denn der deren des
deshalb dessen dich die dies diese diesem diesen dieser dieses dir doch dort du durch ein eine einem
einen einer eines einfach einige einigen einmal er es etwa etwas euch euer eure eurem euren für gegen
gewesen gibt hab habe haben habt hast hat hatte hatten hier hin hinter ich ihm ihn ihnen ihr ihre ihrem
ihren ihrer im immer in ins ist ja jede jedem jeden jeder jedes jedoch jene jenem jenen jener jenes jetzt
kann kannst kein keine keinem keinen keiner können könnte könnten machen man manche mehr mein meine meinem
meinen meiner mich mir mit muss musst müssen nach nachdem nein nicht nichts noch nun nur ob oder ohne schon
sehr sein seine seinem seinen seiner seit selbst sich sie sind so sogar solche soll sollen sollte sollten
sondern sonst sowie über um und uns unser unsere unserem unseren unter viel viele vielleicht vom von vor
wann war waren warum was wäre weg wegen weil weiter welche welchem welchen welcher welches wenig wenn wer
werde werden werdet weshalb wie wieder will willst wir wird wirst wo wohl wollen wollte worden wurde wurden
während würde würden z.b zu zum zur zwar zwischen bitte ganz mal eben halt
";

const FRENCH: &str = "
à a afin ai ainsi alors après as au aucun aucune aujourd'hui auquel aussi autre autres aux avait avant avec
avez avoir avons ayant bien c'est ça car ce ceci cela celle celles celui ces cet cette ceux chaque chez ci
comme comment d'un d'une dans de dedans dehors depuis des dès deux devrait doit donc dont du elle elles en
encore entre es est et étaient était étant été être eu eux fait faire fois font hors ici il ils j'ai je
jusqu'à l'on la là le les leur leurs lors lorsque lui m'a ma mais me même mêmes mes moi moins mon n'a n'est
ne ni non nos notre nôtre nous on ont ou où par parce pas pendant peu peut peuvent peux plus plutôt pour
pourquoi pourrait pouvez puis qu'elle qu'il qu'on qu'un qu'une quand que quel quelle quelles quels qui quoi
s'il sa sans se sera ses si son sont sous soyez suis sur ta tandis te tel telle tels tes toi ton toujours
tous tout toute toutes très trop tu un une va vers voici voilà vont vos votre vous vôtre y l'un d'autres
c d j l m n s t qu oui merci
";

const SPANISH: &str = "
a acá ahí al algo algún alguna algunas alguno algunos allá allí ambos ante antes aquel aquella aquellas
aquello aquellos aquí así aun aún aunque bajo bien cada casi como cómo con contra cual cuál cuales cualquier
cuando cuándo cuanto cuánto de debe deben decir del desde después donde dónde dos durante e el él ella ellas
ello ellos en entonces entre era eran eres es esa esas ese eso esos esta está estaba están estar estas este
esto estos estoy fue fueron fui gran ha había habían haber hace hacer hacia han has hasta hay he incluso la
las le les lo los luego más me mi mí mientras mis mismo misma mucho mucha muchas muchos muy nada ni ningún
ninguna no nos nosotros nuestra nuestras nuestro nuestros nunca o os otra otras otro otros para pero poco por
porque por qué pues puede pueden puedo que qué quien quién quienes se sea según ser si sí siempre sido sin
sino sobre solo sólo son soy su sus suya suyo tal también tampoco tan tanto te tener tenía ti tiene tienen
tengo toda todas todavía todo todos tu tú tus un una unas uno unos usted ustedes va vamos van vez voy y ya yo
quiero gracias
";

const ITALIAN: &str = "
a abbiamo ad affinché agli ai al alcun alcuna alcuni alcuno all alla alle allo allora altra altre altri altro
anche ancora avere aveva bene c'è che chi ci cioè coi col come con contro cosa così cui d'un da dagli dai dal
dall dalla dalle dallo degli dei del dell della delle dello deve di dopo dove dunque e è ecco ed ella era erano
essere faccio fare fino fra fu gli ha hai hanno ho i il in infatti io l'ho la là le lei li lì lo loro lui ma
me meglio mentre mi mia mie miei mio molta molte molti molto ne né negli nei nel nell nella nelle nello
nessun nessuna niente no noi non nostra nostre nostri nostro nulla o od ogni ognuno oltre oppure ora per
perché però più po poco poi possono prima proprio può pure qual quale quali qualche quando quanto quasi quella
quelle quelli quello questa queste questi questo qui quindi sarà se sei sempre senza si sì sia siamo siete
solo sono sopra sotto sta stata stati stato sto su sua sue sugli sui sul sull sulla sulle suo suoi tanto te ti
tra tu tua tue tuo tuoi tutta tutte tutti tutto un un'altra una uno va vi voglio voi volta vostra vostre vostri
vostro grazie
";

const PORTUGUESE: &str = "
a à ao aos aquela aquelas aquele aqueles aqui aquilo as às assim até cada com como contra da daquele das de
dela delas dele deles depois desde dessa desse desta deste deve do dos duas e é ela elas ele eles em enquanto
então entre era eram essa essas esse esses esta está estamos estão estar estas estava este estes estou eu fazer
foi foram há isso isto já la lá lhe lhes lo mais mas me mesma mesmo meu meus minha minhas muita muitas muito
muitos na não nas nem nenhum nenhuma no nos nós nossa nossas nosso nossos num numa nunca o onde os ou outra
outras outro outros para pela pelas pelo pelos pode podem por porque porquê pouco qual quais quando quanto que
quê quem quero se sem sempre ser será seu seus si sido só sob sobre sua suas são tal também tanto te tem têm
tenho ter teu teus ti tinha toda todas todo todos tu tua tuas tudo um uma umas uns vai você vocês vos vou obrigado
";

const DUTCH: &str = "
aan al alle alleen als alles altijd andere ben bij bijna bent daar daarom dan dat de den deze die dit doch doen
door dus een eens eerst en er ergens erg even ge geen geweest haar had hadden heb hebben hebt heeft heel hem hen
het hier hij hoe hun iemand iets ik in is ja je jij jou jouw jullie kan kon kunnen kunt maar mag me meer men met
mij mijn misschien moet moeten mogen na naar niet niets nog nooit nou nu of om omdat onder ons onze ook op over
per reeds sinds steeds te tegen ten ter terwijl toch toen tot tussen u uit uw van veel voor waar waarom wanneer
want waren was wat we weer wel welke werd werden wie wij wil willen word worden wordt zal ze zei zelf zich zij
zijn zo zoals zonder zou zouden zullen
";

const SWEDISH: &str = "
aldrig alla allt alltid alltså andra annan att av bara blev bli blir både de dem den denna deras dess dessa det
detta dig din dina ditt du där därför då efter ej eller en er era ett finns flera fram från för före ge genom går
gör göra ha hade han hans har hennes henne hon honom hur här i icke ingen inget inte in inom inte ja jag ju kan
kanske kommer kunde lite man med mellan men mer mig min mina mitt mot mycket måste ni nog nu någon något några när
nästan nej och också om oss på samma sedan sig sin sina sitt ska skulle som så sådan till tills under upp ut utan
vad var varför vara varit varje vars vem vi vid vilja vilka vilken vilket vill vår våra vårt väl än är åt över
";

const DANISH: &str = "
ad af aldrig alle alt altid anden andet andre at blev blive bliver både da de dem den denne deres der det dette
dig din dine dit dog du efter ej eller en end er et for fordi fra få får før gør gøre ham han hans har havde have
hele hende hendes her hos hun hvad hvem hver hvilken hvis hvor hvordan hvorfor hvornår i ikke ind ingen intet ja
jeg jer jo kan kom kommer kun kunne lidt man mange med meget mellem men mere mig min mine mit mod må måske ned nej
noget nogle nok nu når og også om op os over på samme selv ses sig sin sine sit skal skulle som sådan så til ud
uden under var ved vi vil ville vor være været
";

const NORWEGIAN: &str = "
alle alltid andre at av bare ble bli blir både da de deg dei dem den denne der dere deres det dette din dine ditt
du eg ein eit eller en enn er et etter for fordi fra før få gjøre gjør ha hadde han hans har henne hennes her hos
hun hva hvem hver hvilken hvis hvor hvordan hvorfor i ikke ikkje ingen inn ja jeg kan kanskje kom kommer kun kunne
man mange med meg meget mellom men mer min mine mitt mot mye må ned nei noe noen nok nå når og også om opp oss over
på samme seg selv si sin sine sitt skal skulle slik som så til ut uten under var ved vi vil ville vår våre vært være
";

const RUSSIAN: &str = "
а без бы был была были было быть в вам вами вас ваш ваша ваше ваши весь во вот все всё всегда всего всем всех вы где
да даже для до его ее её если есть еще ещё же за здесь и из или им ими их к как какая какие какой когда кого
который которая которое которые которых кто ли либо лишь между меня мне много мной мог могу может можно мой моя моё мои
мы на над надо нам нами нас наш наша наше наши не него нее неё ней нельзя нет ни нибудь никогда ним них ничего но
ну о об один одна однако он она они оно от очень перед по под после потом потому почти почему при про раз с сам
сама свой своя свои своего себе себя со совсем так также такая такие такой там тебе тебя тем теперь то тоже того
той только том тот ту ты тут у уж уже хотя хочу чего чей чем через что чтоб чтобы чуть эта эти этих это этого этой
этом этот эту я спасибо пожалуйста
";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_entry_is_folded_already() {
        for language in Language::ALL {
            for word in list(language).split_ascii_whitespace() {
                assert_eq!(crate::words::fold(word), word, "{language:?}");
            }
        }
    }

    #[test]
    fn content_is_none() {
        assert!(is_stop_word(Language::English, "don't"));
        assert!(!is_stop_word(Language::English, "database"));
        assert!(!is_stop_word(Language::Other, "the"));
    }
}
