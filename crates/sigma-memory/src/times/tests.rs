use super::*;
use proptest::prelude::*;

/// A Thursday.
fn said() -> Timestamp {
    "2023-05-25T13:14:00Z".parse().unwrap()
}

fn day(text: &str) -> i32 {
    DaySpan::of(format!("{text}T00:00:00Z").parse().unwrap()).from
}

#[track_caller]
fn reads(text: &str, from: &str, to: &str) {
    let found = time_anchors(text, said(), 8);
    assert_eq!(
        found.first().map(|a| a.span),
        Some(DaySpan {
            from: day(from),
            to: day(to)
        }),
        "{text}: {found:?}"
    );
}

#[test]
fn days_around_the_time_of_speaking() {
    reads("I went there yesterday.", "2023-05-24", "2023-05-24");
    reads(
        "the day before yesterday it rained",
        "2023-05-23",
        "2023-05-23",
    );
    reads("Last night was fun", "2023-05-24", "2023-05-24");
    reads("see you tomorrow", "2023-05-26", "2023-05-26");
    reads("I ran a race last Saturday", "2023-05-20", "2023-05-20");
    reads("on Tuesday", "2023-05-23", "2023-05-23");
    reads("next Friday, then", "2023-05-26", "2023-05-26");
    reads("three days ago", "2023-05-22", "2023-05-22");
}

#[test]
fn weeks_months_and_years() {
    reads("last week", "2023-05-15", "2023-05-21");
    reads("this weekend", "2023-05-27", "2023-05-28");
    reads("two weeks ago", "2023-05-08", "2023-05-14");
    reads("next month", "2023-06-01", "2023-06-30");
    reads("last year", "2022-01-01", "2022-12-31");
    reads("a couple of years ago", "2020-11-23", "2021-11-24");
    reads("last summer", "2022-06-01", "2022-08-31");
    reads("last June", "2022-06-01", "2022-06-30");
    reads("way back in 2019", "2019-01-01", "2019-12-31");
}

#[test]
fn dates_that_name_themselves() {
    for text in [
        "on May 3, 2023",
        "3 May 2023",
        "the 3rd of May, 2023",
        "since 2023-05-03",
    ] {
        reads(text, "2023-05-03", "2023-05-03");
        assert!(time_anchors(text, said(), 8)[0].absolute, "{text}");
    }
    reads("in June 2022", "2022-06-01", "2022-06-30");
    reads("in December", "2022-12-01", "2022-12-31");
    reads("in November", "2023-11-01", "2023-11-30");
    reads("on 20 December", "2022-12-20", "2022-12-20");
    reads("two weeks before 9 June 2023", "2023-05-23", "2023-05-29");
    reads("the day after Christmas", "2022-12-26", "2022-12-26");
}

#[test]
fn words_that_only_look_like_times() {
    for text in [
        "you may go",
        "May I come in?",
        "they march on",
        "room 2, floor 3",
        "the last one",
        "this is it",
        "a few people",
        "1850 dollars",
    ] {
        assert_eq!(time_anchors(text, said(), 8), [], "{text}");
    }
}

#[test]
fn dates_that_do_not_exist_are_not_dates() {
    for text in ["2023-02-31", "99999999999 weeks ago", "1000 years ago"] {
        let found = time_anchors(text, said(), 8);
        assert!(
            found.iter().all(|a| a.span.len() > 200),
            "{text}: {found:?}"
        );
    }
}

proptest! {
    #[test]
    fn any_text_at_any_time_is_read_without_harm(
        text in "(last |in |[0-9]{1,9} |weeks |ago |before |May |the |of |\\PC){0,40}",
        at in -377_705_116_800_000i64..=253_402_207_200_000,
    ) {
        let at = Timestamp::from_millis(at).unwrap();
        let found = time_anchors(&text, at, 8);
        prop_assert!(found.len() <= 8);
        prop_assert!(found.iter().all(|a| a.span.from <= a.span.to));
    }
}
