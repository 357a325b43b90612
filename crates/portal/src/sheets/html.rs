//! A sheet as a page that prints well.

use maud::{Markup, html};
use meed_engine::words::Mark;

use super::{Code, Column, Pair, Part, Point, Says, Sheet, Value};
use crate::view::{Table, day};
use crate::visit::{Page, Visit};

/// A sheet in its frame; `pdf` is where the same is to be had as a PDF.
pub fn page(visit: &Visit, sheet: &Sheet, pdf: &str) -> Page {
    let body = html! {
        @for one in &sheet.parts { (part(visit, one)) }
        @if visit.prints { p.actions { a.button.second href=(pdf) { (visit.t("sheet-pdf")) } } }
    };
    Page::new(sheet.title.as_str(), body).sheet()
}

fn part(visit: &Visit, part: &Part) -> Markup {
    // What is in the page's own language needs no mark.
    let lang = Some(part.lang).filter(|lang| *lang != visit.words.tag());
    match &part.says {
        Says::Head { from, number } => html! { header.letterhead lang=[lang] { p { (from) } p.num { (number) } } },
        Says::Title { text } => html! { h1.centre lang=[lang] { (text) } },
        Says::Subtitle { text } => html! { p.lead.centre lang=[lang] { (text) } },
        Says::Heading { text } => html! { h2 lang=[lang] { (text) } },
        Says::Lead { text } => html! { p.standing lang=[lang] { (text) } },
        Says::Text { text } => html! { p lang=[lang] { (text) } },
        Says::Aside { text } => html! { p.faint lang=[lang] { (text) } },
        Says::Sum { name, value: due, unit } => {
            html! { p.sum lang=[lang] { (name) " " strong { span.num { (due) } " " (unit) } } }
        }
        Says::Points { points } => html! { ul.entries lang=[lang] { @for one in points { li { (point(one)) } } } },
        Says::Pairs { pairs: all } => html! { div lang=[lang] { (pairs(all)) } },
        Says::Table { caption, columns, rows } => html! { div lang=[lang] { (table(visit, caption, columns, rows)) } },
        Says::Code(one) => html! { div lang=[lang] { (code(one)) } },
        Says::Signature { from, day: when } => html! { p.signature lang=[lang] { (from) br; (day(*when)) } },
    }
}

fn point(point: &Point) -> Markup {
    let (name, mark) = if point.holds {
        ("holds", Mark::Holds)
    } else {
        ("fails", Mark::Fails)
    };
    html! { span.mark data-mark=(name) role="img" aria-label=(point.said) { (mark.sign()) } " " (point.text) }
}

/// Names and their values.
pub fn pairs(pairs: &[Pair]) -> Markup {
    html! { dl.pairs { @for pair in pairs { div { dt { (pair.name) } dd { (value(&pair.value)) } } } } }
}

fn value(value: &Value) -> Markup {
    match value {
        Value::Text(text) => html! { (text) },
        Value::Number(text) => html! { span.num { (text) } },
        Value::Code(text) => html! { span.code { (text) } },
        Value::Day(date) => day(*date),
    }
}

fn table(visit: &Visit, caption: &str, columns: &[Column], rows: &[Vec<Value>]) -> Markup {
    let mut table = Table::new(caption);
    for column in columns {
        let name = column.name.as_str();
        table = if column.number {
            table.number(name)
        } else {
            table.head(name)
        };
    }
    for row in rows {
        let cells = row.iter().zip(columns).map(|(one, column)| {
            let lang = Some(column.lang).filter(|lang| *lang != visit.words.tag());
            html! { @if lang.is_some() { span lang=[lang] { (value(one)) } } @else { (value(one)) } }
        });
        table.row(cells.collect::<Vec<_>>());
    }
    table.show(visit)
}

/// A code for cameras, with its address below.
pub fn code(code: &Code) -> Markup {
    html! {
        figure.qr {
            svg viewBox={ "0 0 " (code.side) " " (code.side) } role="img" aria-label=(code.said) shape-rendering="crispEdges" {
                rect.light width=(code.side) height=(code.side) {}
                path.dark d=(code.dark) {}
            }
            figcaption { a href=(code.address) { (code.address) } }
        }
    }
}
