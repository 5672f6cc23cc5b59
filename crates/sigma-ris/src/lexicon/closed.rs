//! Function words of English.

named! {
    /// What a function word is.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    Closed {
        /// "I".
        I,
        /// "me".
        Me,
        /// "my", "mine".
        My,
        /// "myself".
        Myself,
        /// "we".
        We,
        /// "us".
        Us,
        /// "our", "ours".
        Our,
        /// "you".
        You,
        /// "your", "yours".
        Your,
        /// "yourself".
        Yourself,
        /// "he", "she", "they" and the like.
        They,
        /// "his", "her", "their".
        Their,
        /// "it".
        It,
        /// "its".
        Its,
        /// "this", "that", "these", "those".
        This,
        /// "there".
        There,
        /// "nobody", "nothing".
        Nobody,
        /// "everyone", "everything", "someone".
        Everyone,
        /// "the", "a", "an".
        Article,
        /// "no".
        No,
        /// "every", "all", "each", "some".
        Quantifier,
        /// A cardinal number.
        Number,
        /// "am", "is", "are", "was", "were", "be", "been", "being".
        Be,
        /// "have", "has", "had", "having".
        Have,
        /// "do", "does", "did".
        Do,
        /// "will", "shall".
        Will,
        /// "would".
        Would,
        /// "can".
        Can,
        /// "could".
        Could,
        /// "may", "might".
        May,
        /// "must", "should", "ought".
        Must,
        /// "not", "n't".
        Not,
        /// "never", "nor", "neither", "hardly".
        Never,
        /// "to".
        To,
        /// A preposition.
        Preposition,
        /// "without", "except".
        Without,
        /// "like".
        Like,
        /// "as".
        As,
        /// "than".
        Than,
        /// "and", "but", "or".
        And,
        /// "but", "yet".
        But,
        /// "or".
        Or,
        /// "if", "unless", "whether".
        If,
        /// "while", "when", "whenever".
        While,
        /// "since", "until", "till", "before", "after", "once": of time.
        Since,
        /// "because", "so", "although".
        Because,
        /// "what", "who", "which", "how", "why", "where".
        Wh,
        /// "yes", "yeah", "oh".
        Yes,
        /// "please", "let".
        Let,
    }
}

pub(super) fn words() -> impl Iterator<Item = (&'static str, Closed)> {
    LISTS
        .iter()
        .flat_map(|(closed, words)| words.split_ascii_whitespace().map(move |w| (w, *closed)))
}

const LISTS: &[(Closed, &str)] = &[
    (Closed::I, "i"),
    (Closed::Me, "me"),
    (Closed::My, "my mine"),
    (Closed::Myself, "myself"),
    (Closed::We, "we"),
    (Closed::Us, "us ourselves"),
    (Closed::Our, "our ours"),
    (Closed::You, "you ya u thou y'all"),
    (Closed::Your, "your yours ur"),
    (Closed::Yourself, "yourself yourselves"),
    (
        Closed::They,
        "he she they him them himself herself themselves themself",
    ),
    (Closed::Their, "his her their theirs hers"),
    (Closed::It, "it itself"),
    (Closed::Its, "its"),
    (Closed::This, "this that these those"),
    (Closed::There, "there"),
    (Closed::Nobody, "nobody nothing none nowhere"),
    (
        Closed::Everyone,
        "everyone everybody everything someone somebody something anyone anybody anything",
    ),
    (Closed::Article, "the a an"),
    (Closed::No, "no"),
    (
        Closed::Quantifier,
        "every all each some any both many few several most much more less another other others such half either enough",
    ),
    (
        Closed::Number,
        "one two three four five six seven eight nine ten eleven twelve twenty thirty forty fifty sixty hundred thousand million dozen",
    ),
    (
        Closed::Be,
        "am is are was were be been being 'm 're ain't m",
    ),
    (Closed::Have, "have has had having 've ve"),
    (Closed::Do, "do does did"),
    (Closed::Will, "will shall 'll wo gonna"),
    (Closed::Would, "would 'd"),
    (Closed::Can, "can ca cannot"),
    (Closed::Could, "could"),
    (Closed::May, "may might"),
    (Closed::Must, "must should ought"),
    (Closed::Not, "not n't nt"),
    (Closed::Never, "never nor neither hardly scarcely"),
    (Closed::To, "to"),
    (
        Closed::Preposition,
        "of in on at by for from with about into onto over under through throughout during between among across against around behind below beneath beside besides beyond near off out past toward towards up down upon via within inside outside along amid amidst above despite per",
    ),
    (Closed::Without, "without except minus"),
    (Closed::Like, "like"),
    (Closed::As, "as"),
    (Closed::Than, "than"),
    (Closed::And, "and plus"),
    (Closed::But, "but yet"),
    (Closed::Or, "or"),
    (Closed::If, "if unless whether lest"),
    (Closed::While, "while when whenever whilst"),
    (Closed::Since, "since until till before after once"),
    (
        Closed::Because,
        "because so although though cause whereas therefore thus",
    ),
    (
        Closed::Wh,
        "what who whom whose which how why where whatever whoever wherever however",
    ),
    (
        Closed::Yes,
        "yes yeah yep yup oh ah well ok okay hey hello hi hmm sure aw wow god ha haha mm",
    ),
    (Closed::Let, "let please"),
];
