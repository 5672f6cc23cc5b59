//! Inflection: regular by rule, irregular by table.

/// A form of a verb.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    /// "wait".
    Base,
    /// "waits".
    S,
    /// "waited".
    Past,
    /// "waited", "written".
    Participle,
    /// "waiting".
    Ing,
}

/// Which forms of its verb a word may be.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Forms(u8);

impl Forms {
    /// With one more.
    pub(crate) fn with(self, form: Form) -> Self {
        Self(self.0 | 1 << form as u8)
    }

    /// Whether it may be this form.
    pub(crate) fn has(self, form: Form) -> bool {
        self.0 & (1 << form as u8) != 0
    }
}

/// All forms of a verb given in its base form.
pub(super) fn of_verb(base: &str) -> Vec<(Form, String)> {
    let (past, participle) =
        irregular(base).unwrap_or_else(|| (vec![with_ed(base)], vec![with_ed(base)]));
    let mut all = vec![
        (Form::Base, base.to_owned()),
        (Form::S, with_s(base)),
        (Form::Ing, with_ing(base)),
    ];
    all.extend(past.into_iter().map(|w| (Form::Past, w)));
    all.extend(participle.into_iter().map(|w| (Form::Participle, w)));
    all
}

/// The plural of a noun.
pub(super) fn plural(noun: &str) -> String {
    for entry in PLURALS.split_ascii_whitespace() {
        if let Some((one, many)) = entry.split_once('/')
            && one == noun
        {
            return many.to_owned();
        }
    }
    with_s(noun)
}

const PLURALS: &str = "man/men woman/women child/children person/people life/lives self/selves foot/feet tooth/teeth wife/wives half/halves body/bodies";

fn irregular(base: &str) -> Option<(Vec<String>, Vec<String>)> {
    let of = |part: &str| part.split('|').map(str::to_owned).collect();
    IRREGULAR.split_ascii_whitespace().find_map(|entry| {
        let mut parts = entry.split('/');
        (parts.next() == Some(base)).then(|| {
            let past = parts.next().unwrap_or(base);
            (of(past), of(parts.next().unwrap_or(past)))
        })
    })
}

/// base/past/participle, alternatives by a bar; a missing participle is as the past.
const IRREGULAR: &str = "
feel/felt hear/heard see/saw/seen know/knew/known think/thought dream/dreamed|dreamt/dreamed|dreamt
sleep/slept wake/woke|waked/woken|waked awake/awoke/awoken weep/wept hold/held keep/kept stand/stood
sit/sat lie/lay|lied/lain|lied leave/left go/went/gone come/came/come become/became/become say/said
tell/told speak/spoke/spoken give/gave/given take/took/taken make/made bring/brought send/sent
break/broke/broken freeze/froze/frozen choose/chose/chosen forget/forgot/forgotten bleed/bled
eat/ate/eaten drink/drank/drunk grow/grew/grown mean/meant find/found lose/lost spend/spent
read/read reread/reread write/wrote/written sing/sang/sung shake/shook/shaken shut/shut cut/cut hurt/hurt
let/let put/put set/set run/ran/run begin/began/begun understand/understood meet/met
hide/hid/hidden flee/fled fight/fought catch/caught draw/drew/drawn bind/bound burn/burned|burnt
smell/smelled|smelt learn/learned|learnt swear/swore/sworn bear/bore/born|borne wear/wore/worn
fall/fell/fallen rise/rose/risen fly/flew/flown drive/drove/driven hang/hung build/built buy/bought
teach/taught pay/paid win/won lead/led sink/sank/sunk swim/swam/swum ring/rang/rung sting/stung
show/showed/shown weave/wove/woven hit/hit cast/cast beat/beat/beaten swallow/swallowed have/had get/got/got|gotten
do/did/done shed/shed stick/stuck tear/tore/torn creep/crept steal/stole/stolen kneel/knelt|kneeled
withdraw/withdrew/withdrawn foretell/foretold overhear/overheard foresee/foresaw/foreseen rebuild/rebuilt
withhold/withheld bend/bent sweep/swept shine/shone quit/quit overwrite/overwrote/overwritten bear/bore/born|borne overhear/overheard ride/rode/ridden cling/clung swing/swung wake/woke/woken shrink/shrank/shrunk dig/dug spin/spun stride/strode rewrite/rewrote/rewritten forgive/forgave/forgiven light/lit
";

fn with_s(base: &str) -> String {
    let hisses = base.ends_with(['s', 'x', 'z']) || base.ends_with("ch") || base.ends_with("sh");
    if hisses || matches!(base, "go" | "do" | "echo") {
        format!("{base}es")
    } else if let Some(stem) = after_consonant(base, 'y') {
        format!("{stem}ies")
    } else if base == "have" {
        "has".to_owned()
    } else {
        format!("{base}s")
    }
}

fn with_ed(base: &str) -> String {
    if base.ends_with('e') {
        format!("{base}d")
    } else if let Some(stem) = after_consonant(base, 'y') {
        format!("{stem}ied")
    } else if doubles(base) {
        format!("{base}{}ed", &base[base.len() - 1..])
    } else {
        format!("{base}ed")
    }
}

fn with_ing(base: &str) -> String {
    if let Some(stem) = base.strip_suffix("ie") {
        format!("{stem}ying")
    } else if base.ends_with('e') && !base.ends_with("ee") && !base.ends_with("ye") && base != "be"
    {
        format!("{}ing", &base[..base.len() - 1])
    } else if doubles(base) {
        format!("{base}{}ing", &base[base.len() - 1..])
    } else {
        format!("{base}ing")
    }
}

/// The rest of a word before its last letter, if that letter follows a consonant.
fn after_consonant(base: &str, last: char) -> Option<&str> {
    let stem = base.strip_suffix(last)?;
    (!stem.ends_with(['a', 'e', 'i', 'o', 'u'])).then_some(stem)
}

/// Whether the last consonant is doubled before an ending: after one short stressed vowel.
fn doubles(base: &str) -> bool {
    const LISTED: &[&str] = &[
        "forget", "begin", "regret", "admit", "commit", "occur", "refer", "prefer", "quit",
    ];
    let bytes = base.as_bytes();
    let vowel = |b: u8| matches!(b, b'a' | b'e' | b'i' | b'o' | b'u');
    let [.., a, b, c] = *bytes else { return false };
    let short = bytes.len() <= 4 && bytes.iter().filter(|x| vowel(**x)).count() == 1;
    let ends = vowel(b) && !vowel(a) && !vowel(c) && !matches!(c, b'w' | b'x' | b'y');
    ends && short || LISTED.contains(&base)
}
