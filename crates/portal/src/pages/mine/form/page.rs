//! A case's form as a page.

use std::collections::{BTreeMap, BTreeSet};

use maud::{Markup, html};
use meed_office::cases::Case;
use meed_office::register::OWN_WORD;

use super::blank::Blank;
use super::draft::{self, Drafts};
use super::heading::Heading;
use super::paste::Flaw;
use super::sheet::{Children, Entry, Sheet};
use super::slot::{Slot, hint};
use crate::view::{Offer, csrf};
use crate::visit::Visit;

/// What was wrong with what was sent.
#[derive(Clone, Debug, Default)]
pub struct Trouble {
    /// Why the whole was not done.
    pub whole: Option<String>,
    /// Path → why its text cannot be used.
    pub fields: BTreeMap<String, String>,
    /// List → lines of what was pasted that cannot be used, each with its reason.
    pub pasted: BTreeMap<String, Vec<Bad>>,
    /// Whether lines were to be taken just now.
    pub taken: bool,
    /// Paths of what is asked and not filled in.
    pub missing: BTreeSet<String>,
}

impl Trouble {
    /// Whether what was sent was not done, and the page says why.
    pub fn is_told(&self) -> bool {
        self.whole.is_some() || self.taken || !self.fields.is_empty() || !self.missing.is_empty()
    }
}

/// A line of what was pasted that cannot be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bad {
    /// Which, in its box, from 1.
    pub line: usize,
    /// What kind of mistake it is: lines with the same are told together.
    pub kind: String,
    /// What is wrong.
    pub why: String,
}

/// The form.
pub fn show(visit: &Visit, case: &Case, (sheet, drafts): (&Sheet, &Drafts), trouble: &Trouble) -> Markup {
    let action = format!("/my/cases/{}/form", case.id);
    html! {
        @if let Some(why) = &trouble.whole { p.reason role="alert" { (why) } }
        @if !trouble.fields.is_empty() { p.reason role="alert" { (visit.t("mine-form-wrong")) } }
        @if !trouble.missing.is_empty() { p.reason role="alert" { (visit.words.with("mine-form-missing", &[("count", trouble.missing.len().to_string().into())])) } }
        form method="post" action=(action) data-cells {
            (csrf(visit))
            input type="hidden" name="command" value=(Offer::new(visit, "case.submit").command);
            div.actions { button.second type="submit" name="do" value="save" { (visit.t("mine-form-save")) } span.faint role="status" data-status {} }
            @for entry in sheet.entries.iter().filter(|entry| !entry.is_settled()) { (field(visit, sheet, entry, trouble)) }
            @for list in &sheet.children { (table(visit, sheet, (list, drafts), trouble)) }
            (settled(visit, sheet))
            @if !sheet.others.is_empty() {
                section { h2 { (visit.t("mine-form-others")) } ul { @for one in &sheet.others { li { (one) } } } }
            }
            p { a href={ "/my/documents?case=" (case.id) } { (visit.t("mine-form-documents")) } }
            div.actions {
                button type="submit" name="do" value="send" { (visit.t("mine-form-send")) }
                @if !trouble.missing.is_empty() { button.second type="submit" name="do" value="send-anyway" { (visit.t("mine-form-anyway")) } }
                button.second type="submit" name="do" value="save" { (visit.t("mine-form-save")) }
            }
        }
    }
}

/// One value of the applicant.
fn field(visit: &Visit, sheet: &Sheet, entry: &Entry, trouble: &Trouble) -> Markup {
    let id = format!("v{}", entry.path);
    let papers: Vec<&str> = entry
        .evidence
        .iter()
        .map(|label| visit.words.label(label, ""))
        .collect();
    html! {
        div.field {
            label for=(id) { (entry.label) @if entry.asked { " " span.warn { (visit.t("mine-form-asked")) } } }
            (input(visit, sheet, entry, &entry.label, trouble))
            p.help {
                @if let Slot::Value(fact) = &entry.slot { (hint(&sheet.program, *fact, visit.lang())) }
                @if !papers.is_empty() { " · " (papers.join(visit.words.pick("、", ", "))) }
                @if entry.known.is_some() && entry.typed.is_none() { " · " (visit.t("mine-form-stated")) }
            }
            (wrong(visit, trouble, &entry.path, &id))
        }
    }
}

fn wrong(visit: &Visit, trouble: &Trouble, path: &str, id: &str) -> Markup {
    html! {
        @if let Some(why) = trouble.fields.get(path) { p.wrong id={ (id) "-wrong" } { (why) } }
        @else if trouble.missing.contains(path) { p.wrong id={ (id) "-wrong" } { (visit.t("mine-form-empty")) } }
    }
}

fn input(visit: &Visit, sheet: &Sheet, entry: &Entry, label: &str, trouble: &Trouble) -> Markup {
    let blank = Blank {
        slot: &entry.slot,
        name: &format!("v{}", entry.path),
        label,
        text: &entry.text(),
        bad: trouble.fields.contains_key(&entry.path) || trouble.missing.contains(&entry.path),
    };
    blank.show(visit, &sheet.program)
}

/// A list: a row for each child, one more, and a place to paste many.
fn table(visit: &Visit, sheet: &Sheet, (list, drafts): (&Children, &Drafts), trouble: &Trouble) -> Markup {
    let key = list
        .key
        .map_or_else(String::new, |key| head(visit, sheet, Heading::plain(key)));
    let heads: Vec<String> = list.columns.iter().map(|one| head(visit, sheet, *one)).collect();
    let pasted = trouble.pasted.get(&list.path);
    let left = drafts.get(&draft::left(&list.path)).map_or("", String::as_str);
    html! {
        section {
            h2 { (list.label) }
            div.scroll tabindex="0" role="region" aria-label=(list.label) {
                table {
                    caption { (list.label) (visit.words.pick("：", ": ")) (list.rows.len()) }
                    thead { tr { th scope="col" { (key) } @for head in &heads { th scope="col" { (head) } } th scope="col" { (visit.t("mine-form-remove")) } } }
                    tbody { @for (id, cells) in &list.rows { (row(visit, sheet, (list, &heads), (id, cells), trouble)) } }
                }
            }
            @if list.whole.is_settled() { p.faint { (visit.t("mine-form-whole-known")) } }
            @else {
                div.field {
                    label for={ "v" (list.whole.path) } { (visit.t("mine-form-whole")) }
                    (input(visit, sheet, &list.whole, &visit.t("mine-form-whole"), trouble))
                    (wrong(visit, trouble, &list.whole.path, &format!("v{}", list.whole.path)))
                }
                div.actions {
                    label for={ "new" (list.path) } { (key) }
                    input id={ "new" (list.path) } name={ "new" (list.path) } autocomplete="off" maxlength="64";
                    button.second type="submit" name="do" value={ "add" (list.path) } { (visit.t("mine-form-add")) }
                }
                (wrong(visit, trouble, &format!("new{}", list.path), "new"))
                details open[!left.is_empty()] {
                    summary { (visit.t("mine-form-paste")) }
                    p.help { (visit.t("mine-form-paste-help")) " " (key) @for head in &heads { " | " (head) } }
                    @if let Some(lines) = pasted { (told(visit, lines)) }
                    label.hidden for={ "paste" (list.path) } { (visit.t("mine-form-paste")) }
                    textarea.wide id={ "paste" (list.path) } name={ "paste" (list.path) } rows="8" wrap="off" { "\n" (left) }
                    p { button.second type="submit" name="do" value={ "paste" (list.path) } { (visit.t("mine-form-paste-go")) } }
                }
            }
        }
    }
}

/// What is wrong with pasted lines, each kind of mistake once, with the first as an example.
fn told(visit: &Visit, lines: &[Bad]) -> Markup {
    let mut kinds: Vec<(&Bad, Vec<usize>)> = Vec::new();
    for bad in lines {
        match kinds.iter_mut().find(|(first, _)| first.kind == bad.kind) {
            Some((_, numbers)) => numbers.push(bad.line),
            None => kinds.push((bad, vec![bad.line])),
        }
    }
    html! {
        ul role="alert" {
            @for (first, numbers) in &kinds {
                li.bad { (visit.words.with("mine-form-line", &[("line", spans(numbers).into())])) " " (first.why) }
            }
        }
    }
}

/// Numbers in their order as people write them: `2–39, 41`.
fn spans(numbers: &[usize]) -> String {
    let mut spans: Vec<(usize, usize)> = Vec::new();
    for number in numbers {
        match spans.last_mut() {
            Some((_, last)) if last.saturating_add(1) == *number => *last = *number,
            _ => spans.push((*number, *number)),
        }
    }
    let one = |(first, last): &(usize, usize)| {
        if first == last {
            first.to_string()
        } else {
            format!("{first}–{last}")
        }
    };
    spans.iter().map(one).collect::<Vec<_>>().join(", ")
}

/// What a column is called.
pub fn head(visit: &Visit, sheet: &Sheet, column: Heading) -> String {
    column.label(&sheet.program.schema, visit.lang())
}

fn row(
    visit: &Visit,
    sheet: &Sheet,
    (list, heads): (&Children, &[String]),
    (id, cells): (&str, &[Entry]),
    trouble: &Trouble,
) -> Markup {
    let settled = cells.iter().any(Entry::is_settled);
    html! {
        tr {
            th scope="row" { (id) }
            @for (cell, head) in cells.iter().zip(heads) {
                td {
                    @if cell.is_settled() { (sheet.shown(cell, visit.lang())) }
                    @else {
                        @let name = format!("v{}", cell.path);
                        (input(visit, sheet, cell, &format!("{head} {id}"), trouble))
                        (wrong(visit, trouble, &cell.path, &name))
                    }
                }
            }
            td {
                @if !settled { button.quiet type="submit" name="do" value={ "remove" (list.path) "/#" (id) } aria-label={ (visit.t("mine-form-remove")) " " (id) } { "×" } }
            }
        }
    }
}

/// What registers say: shown with who says it, and not the applicant's to change.
fn settled(visit: &Visit, sheet: &Sheet) -> Markup {
    let known: Vec<&Entry> = sheet.entries.iter().filter(|entry| entry.is_settled()).collect();
    html! {
        @if !known.is_empty() {
            section {
                h2 { (visit.t("mine-form-known")) }
                p.faint { (visit.t("mine-form-known-help")) }
                dl.pairs { @for entry in known {
                    div { dt { (entry.label) } dd { (sheet.shown(entry, visit.lang())) " " span.faint { (source(visit, entry)) } } }
                } }
            }
        }
    }
}

fn source(visit: &Visit, entry: &Entry) -> String {
    match entry.known.as_ref().map(|known| known.source.as_str()) {
        Some(OWN_WORD) => visit.t("mine-form-stated"),
        Some(source) => source.to_owned(),
        None => String::new(),
    }
}

/// Why a pasted line is not taken.
pub fn flaw(visit: &Visit, flaw: Flaw) -> String {
    match flaw {
        Flaw::TooWide => visit.t("mine-flaw-wide"),
        Flaw::TooLong => visit.t("mine-flaw-long"),
        Flaw::BadId => visit.t("mine-flaw-id"),
        Flaw::Twice => visit.t("mine-flaw-twice"),
        Flaw::Empty => visit.t("mine-flaw-empty"),
        Flaw::TooMany => visit.t("mine-flaw-many"),
    }
}
