//! What counts as a time expression, and which days it means.

use super::{
    DaySpan, TimeAnchor,
    calendar::{self, Days},
    tokens::Token,
};

type Found = Option<(TimeAnchor, usize)>;

/// The time expression that begins at the first token, and the tokens it takes.
pub(super) fn expression(tokens: &[Token], today: Days) -> Found {
    offset(tokens, today)
        .or_else(|| date(tokens, today))
        .or_else(|| named_day(tokens, today))
        .or_else(|| relative(tokens, today))
        .or_else(|| bare(tokens, today))
}

fn word(tokens: &[Token], at: usize) -> &str {
    tokens.get(at).map_or("", |token| token.word.as_str())
}

fn number(tokens: &[Token], at: usize) -> Option<u32> {
    tokens.get(at)?.number
}

fn relative_to_now(span: impl Into<Option<DaySpan>>, used: usize) -> Found {
    anchored(span, used, false)
}

fn absolute(span: impl Into<Option<DaySpan>>, used: usize) -> Found {
    anchored(span, used, true)
}

fn anchored(span: impl Into<Option<DaySpan>>, used: usize, absolute: bool) -> Found {
    span.into()
        .map(|span| (TimeAnchor { span, absolute }, used))
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Grain {
    Day,
    Week,
    Weekend,
    Month,
    Year,
}

fn grain(word: &str) -> Option<Grain> {
    match word {
        "day" | "days" | "night" | "nights" => Some(Grain::Day),
        "week" | "weeks" => Some(Grain::Week),
        "weekend" | "weekends" => Some(Grain::Weekend),
        "month" | "months" => Some(Grain::Month),
        "year" | "years" => Some(Grain::Year),
        _ => None,
    }
}

/// A count and the tokens it takes: "3", "two", "a", "a few", "a couple of".
fn count(tokens: &[Token]) -> Option<(i64, usize)> {
    const WORDS: [&str; 13] = [
        "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
        "eleven", "twelve",
    ];
    if let Some(n) = number(tokens, 0) {
        return (n <= 1_000).then_some((n.into(), 1));
    }
    let first = word(tokens, 0);
    let skip = usize::from(matches!(first, "a" | "an" | "the"));
    match word(tokens, skip) {
        "couple" => Some((2, skip + 1 + usize::from(word(tokens, skip + 1) == "of"))),
        "few" => Some((3, skip + 1)),
        _ if skip == 1 => Some((1, 1)),
        one => (0..)
            .zip(WORDS)
            .find(|(_, w)| *w == one)
            .map(|(n, _)| (n, 1)),
    }
}

/// "two weeks ago", "3 days before May 5", "the week after 2023-05-05", "in two days".
fn offset(tokens: &[Token], today: Days) -> Found {
    let ahead = usize::from(word(tokens, 0) == "in");
    let (n, used) = count(&tokens[ahead..])?;
    let at = ahead + used;
    let unit = grain(word(tokens, at))?;
    match word(tokens, at + 1) {
        "ago" => relative_to_now(shifted(today.day_span(), unit, -n)?, at + 2),
        "from" if word(tokens, at + 2) == "now" => {
            relative_to_now(shifted(today.day_span(), unit, n)?, at + 3)
        }
        side @ ("before" | "after" | "prior" | "following") => {
            let next = at + 2 + usize::from(word(tokens, at + 2) == "to");
            let anchored = tokens.get(next..).and_then(|rest| {
                date(rest, today)
                    .or_else(|| named_day(rest, today))
                    .or_else(|| relative(rest, today))
                    .or_else(|| bare(rest, today))
            });
            let sign = if matches!(side, "before" | "prior") {
                -1
            } else {
                1
            };
            if let Some((base, taken)) = anchored {
                let span = shifted(base.span, unit, sign * n)?;
                return Some((
                    TimeAnchor {
                        span,
                        absolute: base.absolute,
                    },
                    next + taken,
                ));
            }
            None
        }
        _ if ahead == 1 && n > 0 => relative_to_now(shifted(today.day_span(), unit, n)?, at + 1),
        _ => None,
    }
}

/// A span moved by whole units; the coarser the unit, the wider the result.
fn shifted(base: DaySpan, unit: Grain, n: i64) -> Option<DaySpan> {
    let first = Days::from_number(base.from.into())?;
    let last = Days::from_number(base.to.into())?;
    let around = |days: i64, slack: i64| {
        Some(DaySpan {
            from: first.plus_days(days - slack)?.number(),
            to: last.plus_days(days + slack)?.number(),
        })
    };
    let months = |m: i64, slack: i64| {
        Some(DaySpan {
            from: first.plus_months(m)?.plus_days(-slack)?.number(),
            to: last.plus_months(m)?.plus_days(slack)?.number(),
        })
    };
    match unit {
        Grain::Day => around(n, 0),
        Grain::Week => around(n.checked_mul(7)?, 3),
        Grain::Weekend => first.weekend_span(n),
        Grain::Month => months(n, 15),
        Grain::Year => months(n.checked_mul(12)?, 183),
    }
}

/// "2023-05-07", "7 May 2023", "the 7th of May", "May 7, 2023", "May 2023".
fn date(tokens: &[Token], today: Days) -> Found {
    if let (Some(year), Some(month), Some(day)) =
        (number(tokens, 0), number(tokens, 1), number(tokens, 2))
        && tokens[1].joined
        && tokens[2].joined
        && year > 31
    {
        return absolute(Days::new(year.cast_signed(), month, day)?.day_span(), 3);
    }
    let the = usize::from(word(tokens, 0) == "the");
    if let Some(day) = number(tokens, the).filter(|d| (1..=31).contains(d)) {
        let of = usize::from(word(tokens, the + 1) == "of");
        let month = calendar::month(word(tokens, the + 1 + of))?;
        return dated(tokens, the + 2 + of, month, Some(day), today);
    }
    let month = calendar::month(word(tokens, 0))?;
    match number(tokens, 1) {
        Some(day) if (1..=31).contains(&day) => dated(tokens, 2, month, Some(day), today),
        Some(_) => dated(tokens, 1, month, None, today),
        None => None,
    }
}

/// A month, perhaps with a day, and the year that may follow.
fn dated(tokens: &[Token], at: usize, month: u32, day: Option<u32>, today: Days) -> Found {
    let span = |year: i32| match day {
        Some(day) => Days::new(year, month, day).map(Days::day_span),
        None => Days::month_span(year, month),
    };
    match number(tokens, at).filter(|y| (1900..=2200).contains(y)) {
        Some(year) => absolute(span(year.cast_signed())?, at + 1),
        None => relative_to_now(span(nearest_year(today, month))?, at),
    }
}

/// The year in which a month without a year lies nearest to today.
fn nearest_year(today: Days, month: u32) -> i32 {
    let ahead = i64::from(month) - i64::from(today.month());
    today.year() + i32::from(ahead < -6) - i32::from(ahead > 6)
}

/// "yesterday", "the day before yesterday", "last night", "tomorrow".
fn named_day(tokens: &[Token], today: Days) -> Found {
    let day = |n: i64, used: usize| relative_to_now(today.plus_days(n)?.day_span(), used);
    match (word(tokens, 0), word(tokens, 1), word(tokens, 2)) {
        ("day", "before", "yesterday") => day(-2, 3),
        ("day", "after", "tomorrow") => day(2, 3),
        ("yesterday", ..) => day(-1, 1),
        ("today" | "tonight", ..) => day(0, 1),
        ("this", "morning" | "afternoon" | "evening", _) => day(0, 2),
        ("tomorrow", ..) => day(1, 1),
        ("last", "night" | "evening", _) => day(-1, 2),
        ("the", "other", "day") => {
            let span = DaySpan {
                from: today.plus_days(-7)?.number(),
                to: today.number() - 1,
            };
            relative_to_now(span, 3)
        }
        _ => None,
    }
}

/// "last Tuesday", "this week", "next month", "last June", "last summer", "past year".
fn relative(tokens: &[Token], today: Days) -> Found {
    let turn = match word(tokens, 0) {
        "last" | "past" | "previous" => -1,
        "this" | "current" => 0,
        "next" | "coming" | "upcoming" => 1,
        _ => return None,
    };
    let name = word(tokens, 1);
    let span = if let Some(unit) = grain(name) {
        unit_span(today, unit, turn)?
    } else if let Some(day) = calendar::weekday(name) {
        weekday_span(today, day, turn)?
    } else if let Some(month) = calendar::month(name) {
        turned(today, month, turn, |year| Days::month_span(year, month))?
    } else if let Some(first) = calendar::season(name) {
        turned(today, first, turn, |year| Days::season_span(year, first))?
    } else if let Some((month, day)) = calendar::feast(name) {
        turned(today, month, turn, |year| {
            Days::new(year, month, day).map(Days::day_span)
        })?
    } else {
        return None;
    };
    relative_to_now(span, 2)
}

fn unit_span(today: Days, unit: Grain, turn: i64) -> Option<DaySpan> {
    match unit {
        Grain::Day => Some(today.plus_days(turn)?.day_span()),
        Grain::Week => today.week_span(turn),
        Grain::Weekend => today.weekend_span(turn),
        Grain::Month => {
            let month = today.plus_months(turn)?;
            Days::month_span(month.year(), month.month())
        }
        Grain::Year => Days::year_span(today.year() + turn as i32),
    }
}

fn weekday_span(today: Days, day: i64, turn: i64) -> Option<DaySpan> {
    let ahead = (day - today.weekday()).rem_euclid(7);
    let days = match turn {
        -1 if ahead == 0 => -7,
        -1 => ahead - 7,
        0 => day - today.weekday(),
        _ if ahead == 0 => 7,
        _ => ahead,
    };
    Some(today.plus_days(days)?.day_span())
}

/// The occurrence before, around or after today of something that comes once a year.
fn turned(
    today: Days,
    month: u32,
    turn: i64,
    span: impl Fn(i32) -> Option<DaySpan>,
) -> Option<DaySpan> {
    let now = today.number();
    match turn {
        -1 => (0..=1)
            .filter_map(|back| span(today.year() - back))
            .find(|s| s.to < now),
        1 => (0..=1)
            .filter_map(|on| span(today.year() + on))
            .find(|s| s.from > now),
        _ => span(nearest_year(today, month)),
    }
}

/// A weekday, month, season, feast or year that stands alone.
fn bare(tokens: &[Token], today: Days) -> Found {
    let token = tokens.first()?;
    if let Some(year) = token.number {
        return ((1950..=2100).contains(&year) && token.word.len() == 4)
            .then(|| absolute(Days::year_span(year.cast_signed())?, 1))?;
    }
    let name = token.word.as_str();
    if let Some(day) = calendar::weekday(name) {
        return relative_to_now(
            today
                .plus_days(-((today.weekday() - day).rem_euclid(7)))?
                .day_span(),
            1,
        );
    }
    if let Some((month, day)) = calendar::feast(name) {
        let year = nearest_year(today, month);
        return relative_to_now(Days::new(year, month, day)?.day_span(), 1);
    }
    // "may", "march" and the short forms are words too: a capital inside a sentence makes the month
    let month = calendar::month(name).filter(|_| token.capital && !token.opens)?;
    relative_to_now(Days::month_span(nearest_year(today, month), month)?, 1)
}
