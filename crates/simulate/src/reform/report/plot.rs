//! Plots as SVG, in whole numbers: bars that are told apart by pattern and not by colour alone, with a title and a description for those who do not see them.

use std::fmt::Write as _;

use meed_engine::awards::amount::Amount;

use super::words::escaped;

/// The width of a plot.
const WIDTH: i128 = 720;
/// The longest bar, which leaves room for its words.
const LONGEST: i128 = 470;
/// The longest bar to one side.
const LONGEST_SIDE: i128 = 180;
/// The line to both sides of which bars stand.
const MIDDLE: i128 = 360;
/// The heights of a line of the legend, of a label's line, and of a bar with its gap.
const LEGEND: i128 = 20;
const LABEL: i128 = 20;
const BAR: i128 = 17;
const GAP: i128 = 10;

/// A bar: from nothing to its least, and lightly on to its most.
pub(super) struct Bar {
    pub series: usize,
    pub amount: Amount,
    pub words: String,
}

/// A bar to one side of a line: what falls on the left, what rises on the right.
pub(super) struct Side {
    pub series: usize,
    pub change: i128,
    pub words: String,
}

/// Bars under one label.
pub(super) struct Group<B> {
    pub label: String,
    pub bars: Vec<B>,
}

/// What a plot is called, and what it shows.
pub(super) struct About<'a> {
    pub id: &'a str,
    pub title: &'a str,
    pub description: &'a str,
}

/// Horizontal bars from the left.
pub(super) fn bars(about: &About<'_>, series: &[String], groups: &[Group<Bar>]) -> String {
    let amounts = groups.iter().flat_map(|group| &group.bars).map(|bar| bar.amount);
    let longest = amounts.map(|amount| amount.high().unwrap_or(amount.low())).max();
    let longest = longest.unwrap_or(0).max(1);
    drawn(about, series, groups, |canvas, bar, top| {
        let low = scaled(bar.amount.low(), longest, LONGEST);
        let high = bar.amount.high().map_or(LONGEST, |high| scaled(high, longest, LONGEST));
        let wide = high.saturating_sub(low);
        if wide > 0 {
            canvas.rect((low, top, wide), "range");
        }
        canvas.rect((0, top, low), &bar.series.to_string());
        canvas.words((high.saturating_add(6), top), "start", &bar.words);
    })
}

/// Bars to both sides of a line.
pub(super) fn both_sides(about: &About<'_>, series: &[String], groups: &[Group<Side>]) -> String {
    let changes = groups.iter().flat_map(|group| &group.bars);
    let longest = changes.map(|bar| bar.change.saturating_abs()).max().unwrap_or(0).max(1);
    drawn(about, series, groups, |canvas, bar, top| {
        let long = scaled(bar.change.saturating_abs(), longest, LONGEST_SIDE);
        let (start, words, anchor) = if bar.change < 0 {
            let start = MIDDLE.saturating_sub(long);
            (start, start.saturating_sub(6), "end")
        } else {
            (MIDDLE, MIDDLE.saturating_add(long).saturating_add(6), "start")
        };
        canvas.rect((start, top, long), &bar.series.to_string());
        canvas.words((words, top), anchor, &bar.words);
        let bottom = top.saturating_add(BAR);
        let _ = write!(
            canvas.svg,
            r#"<line x1="{MIDDLE}" y1="{top}" x2="{MIDDLE}" y2="{bottom}" stroke="var(--ink)"/>"#
        );
    })
}

fn scaled(length: i128, longest: i128, room: i128) -> i128 {
    length.saturating_mul(room).checked_div(longest).unwrap_or(0)
}

/// A plot being drawn.
struct Canvas<'a> {
    id: &'a str,
    svg: String,
}

/// Draws labels and, below each, its bars: `draw` gets each bar and its upper edge.
fn drawn<B>(
    about: &About<'_>,
    series: &[String],
    groups: &[Group<B>],
    draw: impl Fn(&mut Canvas<'_>, &B, i128),
) -> String {
    let height = |group: &Group<B>| {
        let bars = i128::try_from(group.bars.len()).unwrap_or(0).saturating_mul(BAR);
        bars.saturating_add(LABEL).saturating_add(GAP)
    };
    let legend = i128::try_from(series.len())
        .unwrap_or(0)
        .saturating_mul(LEGEND)
        .saturating_add(GAP);
    let mut canvas = Canvas::open(about, groups.iter().map(height).fold(legend, i128::saturating_add));
    canvas.legend(series);
    let mut y = legend;
    for group in groups {
        let base = y.saturating_add(14);
        let label = escaped(&group.label);
        let _ = write!(canvas.svg, r#"<text class="label" x="0" y="{base}">{label}</text>"#);
        let mut top = y.saturating_add(LABEL);
        for bar in &group.bars {
            draw(&mut canvas, bar, top);
            top = top.saturating_add(BAR);
        }
        y = y.saturating_add(height(group));
    }
    canvas.svg.push_str("</svg>");
    canvas.svg
}

/// The insides of patterns by name: one for each scenario, and one for what is not certain.
const PATTERNS: [(&str, &str); 5] = [
    ("0", r#"<rect width="8" height="8" fill="var(--before)"/>"#),
    (
        "1",
        r#"<rect width="8" height="8" fill="var(--after)"/><path d="M-2 2l4-4M0 8l8-8M6 10l4-4" stroke="var(--paper)" stroke-width="1.6"/>"#,
    ),
    (
        "2",
        r#"<rect width="8" height="8" fill="var(--third)"/><circle cx="4" cy="4" r="1.6" fill="var(--paper)"/>"#,
    ),
    (
        "3",
        r#"<rect width="8" height="8" fill="var(--fourth)"/><path d="M0 4h8" stroke="var(--paper)" stroke-width="1.6"/>"#,
    ),
    (
        "range",
        r#"<path d="M0 8l8-8" stroke="var(--ink)" stroke-width=".5" opacity=".6"/>"#,
    ),
];

impl<'a> Canvas<'a> {
    fn open(about: &About<'a>, height: i128) -> Self {
        let (id, title, description) = (about.id, escaped(about.title), escaped(about.description));
        let mut svg = format!(
            r#"<svg role="img" aria-labelledby="{id}-t {id}-d" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}"><title id="{id}-t">{title}</title><desc id="{id}-d">{description}</desc><defs>"#
        );
        for (name, inside) in PATTERNS {
            let _ = write!(
                svg,
                r#"<pattern id="{id}-{name}" width="8" height="8" patternUnits="userSpaceOnUse">{inside}</pattern>"#
            );
        }
        svg.push_str("</defs>");
        Self { id, svg }
    }

    fn rect(&mut self, (x, y, width): (i128, i128, i128), pattern: &str) {
        let _ = write!(
            self.svg,
            r#"<rect x="{x}" y="{y}" width="{width}" height="13" fill="url(#{}-{pattern})" stroke="var(--ink)" stroke-width=".6"/>"#,
            self.id
        );
    }

    fn words(&mut self, (x, top): (i128, i128), anchor: &str, words: &str) {
        let (base, words) = (top.saturating_add(11), escaped(words));
        let _ = write!(
            self.svg,
            r#"<text class="value" x="{x}" y="{base}" text-anchor="{anchor}">{words}</text>"#
        );
    }

    /// What the patterns stand for.
    fn legend(&mut self, series: &[String]) {
        // A line each: how wide a name is depends on the reader's fonts.
        let mut y = 3_i128;
        for (at, name) in series.iter().enumerate() {
            self.rect((0, y, 16), &at.to_string());
            self.words((22, y), "start", name);
            y = y.saturating_add(LEGEND);
        }
    }
}
