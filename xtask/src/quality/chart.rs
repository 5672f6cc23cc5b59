//! Two kinds of charts as SVG: lines, and bars in groups.

use std::fmt::Write as _;

/// Lines over a common pair of axes.
#[derive(Debug, Clone)]
pub(crate) struct Lines {
    pub(crate) title: String,
    pub(crate) x: Axis,
    pub(crate) y: Axis,
    pub(crate) series: Vec<Series>,
    /// A level drawn across, with its name.
    pub(crate) level: Option<(f64, String)>,
}

/// One line.
#[derive(Debug, Clone)]
pub(crate) struct Series {
    pub(crate) name: String,
    pub(crate) points: Vec<(f64, f64)>,
    /// Drawn thin and pale: something to compare with.
    pub(crate) pale: bool,
}

/// An axis and where it begins and ends.
#[derive(Debug, Clone)]
pub(crate) struct Axis {
    pub(crate) title: String,
    pub(crate) from: f64,
    pub(crate) to: f64,
    pub(crate) step: f64,
}

/// Bars side by side, in groups; the first of each group is the one that matters.
#[derive(Debug, Clone)]
pub(crate) struct Bars {
    pub(crate) title: String,
    pub(crate) axis: Axis,
    /// What each bar of a group stands for.
    pub(crate) names: Vec<String>,
    /// Groups with a value for each name, and an aim where there is one.
    pub(crate) groups: Vec<Group>,
}

/// One group of bars.
#[derive(Debug, Clone)]
pub(crate) struct Group {
    pub(crate) name: String,
    pub(crate) values: Vec<Option<f64>>,
    pub(crate) aim: Option<f64>,
}

const WIDTH: f64 = 760.0;
const LEFT: f64 = 56.0;
const RIGHT: f64 = 16.0;
const TOP: f64 = 44.0;
/// Colours that stay apart for colour-blind readers (Okabe and Ito).
const COLOURS: [&str; 8] = [
    "#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#7f7f7f", "#000000",
];
const INK: &str = "#222222";
const GRID: &str = "#dddddd";

impl Lines {
    /// The chart as an SVG document.
    pub(crate) fn svg(&self) -> String {
        let (height, bottom) = (394.0, 330.0);
        let place = |x: f64, y: f64| {
            (
                LEFT + self.x.share(x) * (WIDTH - LEFT - RIGHT),
                bottom - self.y.share(y) * (bottom - TOP),
            )
        };
        let mut svg = open(&self.title, height);
        self.y.draw_across(&mut svg, TOP, bottom);
        for tick in self.x.ticks() {
            let (x, _) = place(tick, self.y.from);
            text(&mut svg, (x, bottom + 16.0), "middle", &self.x.shown(tick));
        }
        text(
            &mut svg,
            (f64::midpoint(LEFT, WIDTH - RIGHT), bottom + 34.0),
            "middle",
            &self.x.title,
        );
        if let Some((level, name)) = &self.level {
            let ((x1, y), (x2, _)) = (place(self.x.from, *level), place(self.x.to, *level));
            let _ = writeln!(
                svg,
                r#"<line x1="{x1:.1}" y1="{y:.1}" x2="{x2:.1}" y2="{y:.1}" stroke="{INK}" stroke-dasharray="5 4"/>"#
            );
            text(&mut svg, (x2 - 2.0, y - 5.0), "end", name);
        }
        for (series, colour) in self.series.iter().zip(COLOURS.iter().cycle()) {
            let points: Vec<String> = series
                .points
                .iter()
                .map(|(x, y)| {
                    let (x, y) = place(*x, *y);
                    format!("{x:.1},{y:.1}")
                })
                .collect();
            let (width, opacity) = if series.pale { (1.2, 0.55) } else { (2.2, 1.0) };
            let _ = writeln!(
                svg,
                r#"<polyline fill="none" stroke="{colour}" stroke-width="{width}" stroke-opacity="{opacity}" points="{}"/>"#,
                points.join(" ")
            );
        }
        let names: Vec<&str> = self.series.iter().map(|s| s.name.as_str()).collect();
        legend(&mut svg, &names, height - 8.0);
        svg.push_str("</svg>\n");
        svg
    }
}

impl Bars {
    /// The chart as an SVG document.
    pub(crate) fn svg(&self) -> String {
        let (bottom, rows) = (290.0, self.names.len().div_ceil(3) as f64);
        let height = bottom + 34.0 + rows * 16.0;
        let mut svg = open(&self.title, height);
        self.axis.draw_across(&mut svg, TOP, bottom);
        let whole = (WIDTH - LEFT - RIGHT) / self.groups.len().max(1) as f64;
        let bar = whole * 0.84 / self.names.len().max(1) as f64;
        for (at, group) in self.groups.iter().enumerate() {
            let left = LEFT + whole * (at as f64 + 0.08);
            for (n, value) in group.values.iter().enumerate() {
                let Some(value) = value else { continue };
                let colour = COLOURS[n % COLOURS.len()];
                let high = self.axis.share(*value) * (bottom - TOP);
                let x = left + bar * n as f64;
                let _ = writeln!(
                    svg,
                    r#"<rect x="{x:.1}" y="{:.1}" width="{:.1}" height="{high:.1}" fill="{colour}"/>"#,
                    bottom - high,
                    bar - 2.0
                );
                let line = group
                    .aim
                    .map(|aim| bottom - self.axis.share(aim) * (bottom - TOP));
                let y = clear_of(line, bottom - high - 4.0);
                let above = (x + bar / 2.0 - 1.0, y);
                small(&mut svg, above, &self.axis.fine(*value));
            }
            if let Some(aim) = group.aim {
                let y = bottom - self.axis.share(aim) * (bottom - TOP);
                let (from, to) = (left - 4.0, left + whole * 0.84 + 2.0);
                let _ = writeln!(
                    svg,
                    r#"<line x1="{from:.1}" y1="{y:.1}" x2="{to:.1}" y2="{y:.1}" stroke="{INK}" stroke-dasharray="5 4"/>"#
                );
                haloed(&mut svg, (to, y - 4.0), "end", &format!("aim {aim}"));
            }
            let middle = left + whole * 0.42;
            text(&mut svg, (middle, bottom + 16.0), "middle", &group.name);
        }
        for (row, names) in self.names.chunks(3).enumerate() {
            for (column, name) in names.iter().enumerate() {
                let x = LEFT + column as f64 * 236.0;
                let y = bottom + 36.0 + row as f64 * 16.0;
                key(
                    &mut svg,
                    (x, y),
                    COLOURS[(row * 3 + column) % COLOURS.len()],
                    name,
                );
            }
        }
        svg.push_str("</svg>\n");
        svg
    }
}

impl Axis {
    /// From, to and step of the marks.
    pub(crate) fn new(title: &str, from: f64, to: f64, step: f64) -> Self {
        Self {
            title: title.into(),
            from,
            to,
            step,
        }
    }

    fn share(&self, value: f64) -> f64 {
        ((value - self.from) / (self.to - self.from)).clamp(0.0, 1.0)
    }

    fn ticks(&self) -> impl Iterator<Item = f64> + '_ {
        let n = ((self.to - self.from) / self.step + 1e-9) as usize;
        (0..=n).map(|at| self.from + self.step * at as f64)
    }

    fn shown(&self, value: f64) -> String {
        if self.step >= 1.0 {
            format!("{value:.0}")
        } else if self.step >= 0.1 - 1e-9 {
            format!("{value:.1}")
        } else {
            format!("{value:.2}")
        }
    }

    /// As it is written above a bar.
    fn fine(&self, value: f64) -> String {
        if self.step >= 1.0 {
            format!("{value:.0}")
        } else {
            format!("{value:.2}").trim_start_matches('0').to_owned()
        }
    }

    fn draw_across(&self, svg: &mut String, top: f64, bottom: f64) {
        for tick in self.ticks() {
            let y = bottom - self.share(tick) * (bottom - top);
            let _ = writeln!(
                svg,
                r#"<line x1="{LEFT}" y1="{y:.1}" x2="{:.1}" y2="{y:.1}" stroke="{GRID}"/>"#,
                WIDTH - RIGHT
            );
            text(svg, (LEFT - 6.0, y + 4.0), "end", &self.shown(tick));
        }
        let y = f64::midpoint(top, bottom);
        let _ = writeln!(
            svg,
            r#"<text x="14" y="{y:.1}" text-anchor="middle" transform="rotate(-90 14 {y:.1})" fill="{INK}">{}</text>"#,
            escaped(&self.title)
        );
    }
}

fn open(title: &str, height: f64) -> String {
    format!(
        concat!(
            r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {w} {h}" width="{w}" height="{h}" "#,
            r#"font-family="Helvetica, Arial, sans-serif" font-size="12" role="img">"#,
            "\n<title>{t}</title>\n",
            r##"<rect width="{w}" height="{h}" fill="#ffffff"/>"##,
            "\n",
            r#"<text x="{l}" y="24" font-size="15" font-weight="bold" fill="{ink}">{t}</text>"#,
            "\n"
        ),
        w = WIDTH,
        h = height,
        t = escaped(title),
        l = LEFT,
        ink = INK
    )
}

fn text(svg: &mut String, (x, y): (f64, f64), anchor: &str, words: &str) {
    let _ = writeln!(
        svg,
        r#"<text x="{x:.1}" y="{y:.1}" text-anchor="{anchor}" fill="{INK}">{}</text>"#,
        escaped(words)
    );
}

/// Text that what lies under it does not show through.
fn haloed(svg: &mut String, (x, y): (f64, f64), anchor: &str, words: &str) {
    let _ = writeln!(
        svg,
        r##"<text x="{x:.1}" y="{y:.1}" text-anchor="{anchor}" fill="{INK}" stroke="#ffffff" stroke-width="4" paint-order="stroke">{}</text>"##,
        escaped(words)
    );
}

/// Where a small text stands that a line across would otherwise strike through: above the line.
fn clear_of(line: Option<f64>, y: f64) -> f64 {
    line.filter(|line| (y - 10.0..y + 3.0).contains(line))
        .map_or(y, |line| line - 3.0)
}

fn small(svg: &mut String, (x, y): (f64, f64), words: &str) {
    let _ = writeln!(
        svg,
        r#"<text x="{x:.1}" y="{y:.1}" text-anchor="middle" font-size="10" fill="{INK}">{}</text>"#,
        escaped(words)
    );
}

fn key(svg: &mut String, (x, y): (f64, f64), colour: &str, name: &str) {
    let _ = writeln!(
        svg,
        r#"<rect x="{x:.1}" y="{:.1}" width="12" height="10" fill="{colour}"/>"#,
        y - 9.0
    );
    text(svg, (x + 17.0, y), "start", name);
}

fn legend(svg: &mut String, names: &[&str], y: f64) {
    let mut x = LEFT;
    for (name, colour) in names.iter().zip(COLOURS.iter().cycle()) {
        key(svg, (x, y), colour, name);
        x += 34.0 + 6.4 * name.chars().count() as f64;
    }
}

fn escaped(words: &str) -> String {
    words
        .replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn charts_are_closed_and_hold_what_they_show() {
        let axis = || Axis::new("share", 0.0, 1.0, 0.25);
        let lines = Lines {
            title: "a < b".into(),
            x: axis(),
            y: axis(),
            series: vec![Series {
                name: "one".into(),
                points: vec![(0.0, 0.0), (2.0, 0.5)],
                pale: false,
            }],
            level: Some((0.45, "bound".into())),
        };
        let svg = lines.svg();
        assert!(svg.contains("a &lt; b") && svg.trim_end().ends_with("</svg>"));
        assert!(svg.contains("744.0,187.0"), "cut off at the axis: {svg}");
        let bars = Bars {
            title: "t".into(),
            axis: axis(),
            names: vec!["x".into(), "y".into()],
            groups: vec![Group {
                name: "g".into(),
                values: vec![Some(0.5), None],
                aim: Some(0.98),
            }],
        };
        let svg = bars.svg();
        assert!(svg.contains(">.50<") && svg.contains("aim 0.98"));
    }

    #[test]
    fn a_line_strikes_through_no_figure() {
        assert_eq!(clear_of(Some(100.0), 104.0), 97.0);
        assert_eq!(clear_of(Some(100.0), 101.0), 97.0);
        assert_eq!(clear_of(Some(100.0), 140.0), 140.0);
        assert_eq!(clear_of(None, 104.0), 104.0);
    }
}
