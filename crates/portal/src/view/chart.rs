//! Charts as SVG with a table behind them: readable without colour, without a mouse, and on paper.

use maud::{Markup, html};

use super::Table;
use crate::visit::Visit;

/// One bar.
#[derive(Clone, Debug)]
pub struct Bar {
    /// What it stands for.
    pub label: String,
    /// Its length; bars of negative numbers go to the left.
    pub value: i128,
    /// The number as people read it.
    pub shown: String,
}

/// One bar of parts that follow each other.
#[derive(Clone, Debug)]
pub struct Stack {
    /// What it stands for.
    pub label: String,
    /// What its parts come to, as people read it.
    pub shown: String,
    /// Its parts, one a series: length, none below zero, and the number as people read it.
    pub parts: Vec<(i128, String)>,
}

/// A thing with its length in each series.
#[derive(Clone, Debug)]
pub struct Compared {
    /// What it stands for.
    pub label: String,
    /// Its lengths, one a series.
    pub lengths: Vec<Length>,
}

/// How long a bar is, at least and at most.
#[derive(Clone, Debug)]
pub struct Length {
    /// At least.
    pub low: i128,
    /// At most; where nobody knows, what is certain.
    pub high: i128,
    /// The number as people read it.
    pub shown: String,
}

const WIDTH: i128 = 640;
const LABEL: i128 = 250;
const ROOM: i128 = 110;
const MOST_ROOM: i128 = 260;
const STEP: i128 = 26;
/// The height of a bar that has a thing to itself.
const HIGH: i128 = 18;
/// The height of one of several.
const LOW: i128 = 13;

/// Horizontal bars from one line, the longest across the whole width; the numbers stand beside them and in a table below.
pub fn bars(visit: &Visit, title: &str, heads: [String; 2], data: &[Bar]) -> Markup {
    let [name, number] = heads;
    let mut table = Table::new(title).head(name).number(number);
    for bar in data {
        table.row([html! { (bar.label) }, html! { span.num { (bar.shown) } }]);
    }
    let alone = |bar: &Bar| Compared {
        label: bar.label.clone(),
        lengths: vec![Length {
            low: bar.value,
            high: bar.value,
            shown: bar.shown.clone(),
        }],
    };
    html! {
        figure.chart {
            figcaption { (title) }
            (drawn(title, 1, &data.iter().map(alone).collect::<Vec<_>>()))
            details { summary { (visit.t("chart-numbers")) } (table.show(visit)) }
        }
    }
}

/// Horizontal bars, for each thing one a series, in the order of the legend; what is only possible is lighter than what is certain. The
/// numbers stand in the table that the page shows with it.
pub fn compared(title: &str, series: &[String], data: &[Compared]) -> Markup {
    html! {
        figure.chart {
            figcaption { (title) }
            (drawn(title, series.len(), data))
            @if series.len() > 1 {
                ul.legend { @for (index, name) in series.iter().enumerate() {
                    li { svg width="14" height="14" aria-hidden="true" { rect class={ "bar series-" (index) } width="14" height="14" {} } (name) }
                } }
            }
        }
    }
}

fn drawn(title: &str, series: usize, data: &[Compared]) -> Markup {
    let lengths = || data.iter().flat_map(|one| &one.lengths);
    let least = lengths().map(|one| one.low).min().unwrap_or(0).min(0);
    let most = lengths().map(|one| one.high).max().unwrap_or(0).max(0);
    let span = most.saturating_sub(least).max(1);
    // The longest bar leaves room for the longest number, which may be a range.
    let beside = lengths().map(|one| wide(&one.shown)).fold(ROOM, i128::max);
    let scaled = |value: i128| {
        let room = WIDTH.saturating_sub(LABEL).saturating_sub(beside);
        value.saturating_mul(room).checked_div(span).unwrap_or(0)
    };
    let zero = LABEL.saturating_sub(scaled(least));
    let number = |index: usize| i128::try_from(index).unwrap_or(0);
    let high = if series > 1 { LOW } else { HIGH };
    let step = high
        .saturating_mul(number(series.max(1)))
        .saturating_add(STEP.saturating_sub(HIGH));
    let height = number(data.len()).saturating_mul(step).saturating_add(8);
    html! {
        svg viewBox={ "0 0 " (WIDTH) " " (height) } role="img" aria-label=(title) {
            @for (index, one) in data.iter().enumerate() {
                @let y = number(index).saturating_mul(step).saturating_add(4);
                text.label x=(LABEL.saturating_sub(8)) y=(y.saturating_add(15)) text-anchor="end" { (short(&one.label)) }
                @for (at, length) in one.lengths.iter().enumerate() {
                    @let y = y.saturating_add(high.saturating_mul(number(at)));
                    // What is certain reaches from the line to the nearer end.
                    @let certain = length.low.max(0).saturating_add(length.high.min(0));
                    @let [low, high_end, certain] = [length.low, length.high, certain].map(|value| zero.saturating_add(scaled(value)));
                    @let class = if series > 1 { format!("bar series-{at}") } else if length.high < 0 { "bar less".to_owned() } else { "bar".to_owned() };
                    @if length.low < length.high {
                        rect class={ (class) " possible" } x=(low) y=(y) width=(high_end.saturating_sub(low).max(1)) height=(high) {}
                    }
                    rect class=(class) x=(zero.min(certain)) y=(y) width=(certain.saturating_sub(zero).saturating_abs().max(1)) height=(high) { title { (one.label) ": " (length.shown) } }
                    text.value x=(high_end.max(zero).saturating_add(6)) y=(y.saturating_add(high).saturating_sub(if series > 1 { 2 } else { 4 })) { (length.shown) }
                }
            }
            line.axis x1=(zero) y1="0" x2=(zero) y2=(height) {}
        }
    }
}

/// How much room a number takes beside its bar; Chinese characters are as wide as they are high.
fn wide(text: &str) -> i128 {
    let widths = text.chars().map(|one| if one.is_ascii() { 7_i128 } else { 13 });
    widths.fold(14, i128::saturating_add).min(MOST_ROOM)
}

/// Horizontal bars made of parts, one a series, each bar across the whole width. The numbers stand in the table that the page shows with it;
/// the order of the parts is that of the legend, so that it reads without colour.
pub fn stacks(title: &str, series: &[String], data: &[Stack]) -> Markup {
    let height = place(data.len()).saturating_add(4);
    html! {
        figure.chart {
            figcaption { (title) }
            svg viewBox={ "0 0 " (WIDTH) " " (height) } role="img" aria-label=(title) {
                @for (index, stack) in data.iter().enumerate() {
                    text.label x=(LABEL.saturating_sub(8)) y=(place(index).saturating_add(15)) text-anchor="end" { (short(&stack.label)) }
                    (parts(series, stack, place(index)))
                    text.value x=(WIDTH.saturating_sub(ROOM).saturating_add(6)) y=(place(index).saturating_add(14)) { (stack.shown) }
                }
            }
            ul.legend { @for (index, name) in series.iter().enumerate() {
                li { svg width="14" height="14" aria-hidden="true" { rect class={ "part part-" (index) } width="14" height="14" {} } (name) }
            } }
        }
    }
}

fn parts(series: &[String], stack: &Stack, y: i128) -> Markup {
    let room = WIDTH.saturating_sub(LABEL).saturating_sub(ROOM);
    let whole: i128 = stack
        .parts
        .iter()
        .map(|(value, _)| *value)
        .fold(0, i128::saturating_add);
    let scaled = |value: i128| value.saturating_mul(room).checked_div(whole.max(1)).unwrap_or(0);
    let mut before = 0_i128;
    let mut placed = Vec::new();
    for (index, (value, shown)) in stack.parts.iter().enumerate() {
        let from = LABEL.saturating_add(scaled(before));
        before = before.saturating_add(*value);
        let to = LABEL.saturating_add(scaled(before));
        if *value > 0 {
            placed.push((index, from, to.saturating_sub(from).max(1), shown));
        }
    }
    html! { @for (index, from, long, shown) in placed {
        rect class={ "part part-" (index) } x=(from) y=(y) width=(long) height="18" {
            title { (series.get(index).map_or("", String::as_str)) ": " (shown) }
        }
    } }
}

/// Where a bar begins, from the top.
fn place(index: usize) -> i128 {
    i128::try_from(index)
        .unwrap_or(0)
        .saturating_mul(STEP)
        .saturating_add(4)
}

/// A label that fits beside its bar.
fn short(label: &str) -> String {
    let wide = |c: char| if c.is_ascii() { 1_usize } else { 2 };
    let mut used = 0_usize;
    let mut text = String::new();
    for c in label.chars() {
        used = used.saturating_add(wide(c));
        if used > 38 {
            text.push('…');
            break;
        }
        text.push(c);
    }
    text
}
