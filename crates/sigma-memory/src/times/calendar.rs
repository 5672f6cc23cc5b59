//! Days, weeks, months and years around a day.

use jiff::{
    ToSpan as _,
    civil::{Date, Weekday},
};
use sigma_types::Timestamp;

use super::DaySpan;

/// A day on the calendar, with the runs of days that people speak of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Days(Date);

const EPOCH: Date = jiff::civil::date(1970, 1, 1);

impl Days {
    pub(crate) fn from_timestamp(at: Timestamp) -> Option<Self> {
        Self::from_number(i64::from(DaySpan::of(at).from))
    }

    pub(crate) fn from_number(day: i64) -> Option<Self> {
        EPOCH
            .checked_add(jiff::Span::new().try_days(day).ok()?)
            .ok()
            .map(Self)
    }

    pub(crate) fn new(year: i32, month: u32, day: u32) -> Option<Self> {
        let year = i16::try_from(year).ok()?;
        Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?)
            .ok()
            .map(Self)
    }

    pub(crate) fn number(self) -> i32 {
        self.0.since(EPOCH).map_or(0, |span| span.get_days())
    }

    pub(crate) fn year(self) -> i32 {
        i32::from(self.0.year())
    }

    pub(crate) fn month(self) -> u32 {
        self.0.month().unsigned_abs().into()
    }

    pub(crate) fn plus_days(self, days: i64) -> Option<Self> {
        self.0
            .checked_add(jiff::Span::new().try_days(days).ok()?)
            .ok()
            .map(Self)
    }

    pub(crate) fn plus_months(self, months: i64) -> Option<Self> {
        self.0
            .checked_add(jiff::Span::new().try_months(months).ok()?)
            .ok()
            .map(Self)
    }

    /// Day of the week, Monday = 0.
    pub(crate) fn weekday(self) -> i64 {
        i64::from(self.0.weekday().to_monday_zero_offset())
    }

    pub(crate) fn day_span(self) -> DaySpan {
        DaySpan::day(self.number())
    }

    /// The week (Monday to Sunday) `offset` weeks away.
    pub(crate) fn week_span(self, offset: i64) -> Option<DaySpan> {
        let monday = self.plus_days(offset * 7 - self.weekday())?;
        Some(DaySpan {
            from: monday.number(),
            to: monday.plus_days(6)?.number(),
        })
    }

    /// The weekend that ends the week `offset` weeks away.
    pub(crate) fn weekend_span(self, offset: i64) -> Option<DaySpan> {
        let week = self.week_span(offset)?;
        Some(DaySpan {
            from: week.to - 1,
            to: week.to,
        })
    }

    pub(crate) fn month_span(year: i32, month: u32) -> Option<DaySpan> {
        let first = Self::new(year, month, 1)?;
        let last = first
            .0
            .checked_add(1.month())
            .ok()?
            .checked_sub(1.day())
            .ok()?;
        Some(DaySpan {
            from: first.number(),
            to: Self(last).number(),
        })
    }

    pub(crate) fn year_span(year: i32) -> Option<DaySpan> {
        Some(DaySpan {
            from: Self::new(year, 1, 1)?.number(),
            to: Self::new(year, 12, 31)?.number(),
        })
    }

    /// Three months from `month` on, in the given year.
    pub(crate) fn season_span(year: i32, month: u32) -> Option<DaySpan> {
        let first = Self::new(year, month, 1)?;
        let last = first
            .0
            .checked_add(3.months())
            .ok()?
            .checked_sub(1.day())
            .ok()?;
        Some(DaySpan {
            from: first.number(),
            to: Self(last).number(),
        })
    }
}

/// `monday` to `sunday`, Monday = 0; also `mon`, `tues` and the like.
pub(super) fn weekday(word: &str) -> Option<i64> {
    let day = match word {
        "monday" => Weekday::Monday,
        "tuesday" | "tues" => Weekday::Tuesday,
        "wednesday" => Weekday::Wednesday,
        "thursday" | "thurs" => Weekday::Thursday,
        "friday" | "fri" => Weekday::Friday,
        "saturday" => Weekday::Saturday,
        "sunday" => Weekday::Sunday,
        _ => return None,
    };
    Some(i64::from(day.to_monday_zero_offset()))
}

/// `january` or `jan` = 1 to `december` or `dec` = 12.
pub(super) fn month(word: &str) -> Option<u32> {
    const NAMES: [&str; 12] = [
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
    ];
    let whole = NAMES.iter().position(|name| *name == word);
    let short = || {
        let cut = if word == "sept" { "sep" } else { word };
        (cut.len() == 3).then(|| NAMES.iter().position(|name| name.starts_with(cut)))?
    };
    whole.or_else(short).map(|at| at as u32 + 1)
}

/// First month of a season of the northern hemisphere.
pub(super) fn season(word: &str) -> Option<u32> {
    match word {
        "spring" => Some(3),
        "summer" => Some(6),
        "autumn" | "fall" => Some(9),
        "winter" => Some(12),
        _ => None,
    }
}

/// Month and day of a feast whose date does not move.
pub(super) fn feast(word: &str) -> Option<(u32, u32)> {
    match word {
        "christmas" => Some((12, 25)),
        "halloween" => Some((10, 31)),
        "valentine" => Some((2, 14)),
        _ => None,
    }
}
