//! Columns for a course over time, as SVG with its numbers behind it.

use maud::{Markup, html};

use super::{Bar, Table};
use crate::visit::Visit;

const WIDTH: i128 = 640;
const HEIGHT: i128 = 180;
/// Room above the highest column for its number, and below all for their labels.
const ABOVE: i128 = 20;
const BELOW: i128 = 22;
/// How wide a column is at most.
const WIDEST: i128 = 60;
/// How wide a label is that stands beside others.
const LABEL: i128 = 60;

/// Columns from one line, the highest across the whole height, in the order given; the numbers stand in a table below.
pub fn columns(visit: &Visit, title: &str, heads: [String; 2], data: &[Bar]) -> Markup {
    let number = i128::try_from(data.len()).unwrap_or(0).max(1);
    let most = data.iter().map(|bar| bar.value).max().unwrap_or(0).max(1);
    let step = WIDTH
        .checked_div(number)
        .unwrap_or(WIDTH)
        .min(WIDEST.saturating_mul(2))
        .max(3);
    let wide = step.saturating_mul(2).checked_div(3).unwrap_or(step).clamp(2, WIDEST);
    let high = |value: i128| value.max(0).saturating_mul(HEIGHT).checked_div(most).unwrap_or(0);
    let place = |index: usize| i128::try_from(index).unwrap_or(0).saturating_mul(step);
    // Where columns are narrow, only some of them have room for a label.
    let every = usize::try_from(
        LABEL
            .saturating_add(step)
            .saturating_sub(1)
            .checked_div(step)
            .unwrap_or(1),
    )
    .unwrap_or(1)
    .max(1);
    let ground = ABOVE.saturating_add(HEIGHT);
    let [name, value] = heads;
    let mut table = Table::new(title).head(name).number(value);
    for bar in data {
        table.row([html! { (bar.label) }, html! { span.num { (bar.shown) } }]);
    }
    html! {
        figure.chart {
            figcaption { (title) }
            svg viewBox={ "0 0 " (WIDTH) " " (ground.saturating_add(BELOW)) } role="img" aria-label=(title) {
                @for (index, bar) in data.iter().enumerate() {
                    @let left = place(index);
                    @let middle = if index == 0 { left } else { left.saturating_add(wide.checked_div(2).unwrap_or(0)) };
                    @let tall = high(bar.value);
                    rect.bar x=(left) y=(ground.saturating_sub(tall)) width=(wide) height=(tall) { title { (bar.label) ": " (bar.shown) } }
                    @if index.is_multiple_of(every) { text.label x=(middle) y=(ground.saturating_add(15)) text-anchor=(anchor(index)) { (bar.label) } }
                    @if bar.value == most { text.value x=(middle) y=(ground.saturating_sub(tall).saturating_sub(5)) text-anchor=(anchor(index)) { (bar.shown) } }
                }
                line.axis x1="0" y1=(ground) x2=(WIDTH) y2=(ground) {}
            }
            details { summary { (visit.t("chart-numbers")) } (table.show(visit)) }
        }
    }
}

/// The first text begins at its column, so that nothing of it is cut off.
const fn anchor(index: usize) -> &'static str {
    if index == 0 { "start" } else { "middle" }
}
