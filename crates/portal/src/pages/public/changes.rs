//! What changed between two texts, clause by clause: two versions of one document, or a document and the one whose place it took.

use maud::{Markup, html};

use super::rule::clause_address;
use super::shelf::{Clause, Published, Sheet};
use crate::fault::Fault;
use crate::visit::{Page, Visit};

/// The most pairs of words that are compared; what is longer is shown as replaced whole.
const MOST_PAIRS: usize = 4_000_000;

/// Chooses what a document is compared with.
pub(super) fn form(visit: &Visit, all: &[Published], chosen: &Published, sheet: &Sheet) -> Markup {
    let path = &*sheet.about.path;
    let name = |other: &Sheet| other.about.title.text(visit.lang(), &other.about.path).to_owned();
    html! {
        form.line method="get" action=(clause_address(path, [])) {
            input type="hidden" name="version" value=(chosen.policy.id);
            label for="from" { (visit.t("changes-against")) }
            select id="from" name="from" {
                @for one in all { option value=(one.policy.id) selected[one.policy.id != chosen.policy.id] { (one.policy.name) " " (one.policy.version) } }
            }
            label for="other" { (visit.t("changes-document")) }
            select id="other" name="other" {
                @for one in chosen.shelf.sheets.iter().filter(|one| one.is_legal() || &*one.about.path == path) {
                    option value=(one.about.path) selected[&*one.about.path == path] { (name(one)) }
                }
            }
            button.second type="submit" { (visit.t("changes-show")) }
        }
    }
}

/// The page that compares.
pub(super) fn page(
    visit: &Visit,
    all: &[Published],
    (chosen, sheet): (&Published, &Sheet),
    from: &str,
    other: Option<&str>,
) -> Result<Page, Fault> {
    let before = all.iter().find(|one| one.policy.id == from).ok_or(Fault::Absent)?;
    let path = other.unwrap_or(&sheet.about.path);
    let old = before.shelf.sheet(path).ok_or(Fault::Absent)?;
    let name = |one: &Published, sheet: &Sheet| {
        let title = sheet.about.title.text(visit.lang(), &sheet.about.path);
        format!("{title} ({} {})", one.policy.name, one.policy.version)
    };
    let changes = compare(old, sheet);
    let differ = changes.iter().filter(|change| !change.is_same()).count();
    let title = visit.words.with(
        "changes-title",
        &[("name", sheet.about.title.text(visit.lang(), path).into())],
    );
    let body = html! {
        p.crumbs { a href={ (clause_address(&sheet.about.path, [])) "?version=" (chosen.policy.id) } { (visit.t("changes-back")) } }
        h1 { (title) }
        p { (visit.t("changes-from")) " " del { (name(before, old)) } " → " ins { (name(chosen, sheet)) } }
        p role="status" { (visit.words.with("changes-count", &[("count", differ.into()), ("all", changes.len().into())])) }
        @for change in changes.iter().filter(|change| !change.is_same()) {
            section.change {
                h2 { @if change.heading.is_empty() { (visit.t("changes-preamble")) } @else { (change.heading) } " " span.state { (visit.t(change.key())) } }
                @if !same(&change.parts) { (marked(&change.parts)) }
                @if !same(&change.rules) { details.written { summary { (visit.t("changes-rules")) } (marked(&change.rules)) } }
            }
        }
    };
    Ok(Page::new(title, body))
}

/// What became of a part of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Same,
    Gone,
    New,
}

type Parts = Vec<(Kind, String)>;

fn same(parts: &[(Kind, String)]) -> bool {
    parts.iter().all(|(kind, _)| *kind == Kind::Same)
}

fn marked(parts: &[(Kind, String)]) -> Markup {
    html! {
        p.diff { @for (kind, text) in parts {
            @match kind { Kind::Same => (text), Kind::Gone => del { (text) }, Kind::New => ins { (text) } }
        } }
    }
}

/// What became of a clause: of its words, and of the rules made from them.
struct Change {
    heading: String,
    parts: Parts,
    rules: Parts,
}

impl Change {
    fn new(heading: String, old: Option<&Clause>, new: Option<&Clause>) -> Self {
        let of = |clause: Option<&Clause>, text: &dyn Fn(&Clause) -> String| clause.map(text).unwrap_or_default();
        let prose = |clause: &Clause| clause.prose.trim().to_owned();
        Self {
            heading,
            parts: differ(&of(old, &prose), &of(new, &prose)),
            rules: differ(&of(old, &rules), &of(new, &rules)),
        }
    }

    fn is_same(&self) -> bool {
        same(&self.parts) && same(&self.rules)
    }

    fn key(&self) -> &'static str {
        let all = |kind: Kind| self.parts.iter().chain(&self.rules).all(|(one, _)| *one == kind);
        if all(Kind::New) {
            "changes-new"
        } else if all(Kind::Gone) {
            "changes-gone"
        } else {
            "changes-changed"
        }
    }
}

/// Clauses are the same by their headings; those that are gone come last.
fn compare(old: &Sheet, new: &Sheet) -> Vec<Change> {
    let twin = |clause: &Clause, among: &Sheet| {
        among
            .clauses
            .iter()
            .find(|one| one.headings == clause.headings)
            .cloned()
    };
    let heading = |clause: &Clause| clause.headings.join(" › ");
    let mut changes: Vec<Change> = new
        .clauses
        .iter()
        .map(|clause| Change::new(heading(clause), twin(clause, old).as_ref(), Some(clause)))
        .collect();
    let gone = old.clauses.iter().filter(|clause| twin(clause, new).is_none());
    changes.extend(gone.map(|clause| Change::new(heading(clause), Some(clause), None)));
    changes
}

/// A clause's rules as they are written.
fn rules(clause: &Clause) -> String {
    let texts: Vec<&str> = clause.rules.iter().map(|rule| &*rule.text).collect();
    texts.join("\n\n")
}

/// Two texts word by word: a Chinese character is a word.
fn differ(old: &str, new: &str) -> Vec<(Kind, String)> {
    let (old, new) = (words(old), words(new));
    let start = old.iter().zip(&new).take_while(|(a, b)| a == b).count();
    let rest = |text: &[String]| text.iter().skip(start).cloned().collect::<Vec<_>>();
    let (old_rest, new_rest) = (rest(&old), rest(&new));
    let end = old_rest
        .iter()
        .rev()
        .zip(new_rest.iter().rev())
        .take_while(|(a, b)| a == b)
        .count();
    let middle = |text: &[String]| {
        text.iter()
            .take(text.len().saturating_sub(end))
            .cloned()
            .collect::<Vec<_>>()
    };
    let mut parts = Vec::new();
    old.iter()
        .take(start)
        .for_each(|word| push(&mut parts, Kind::Same, word));
    longest(&middle(&old_rest), &middle(&new_rest), &mut parts);
    let tail = old_rest.len().saturating_sub(end);
    old_rest
        .iter()
        .skip(tail)
        .for_each(|word| push(&mut parts, Kind::Same, word));
    parts
}

/// By the longest common subsequence.
fn longest(old: &[String], new: &[String], parts: &mut Vec<(Kind, String)>) {
    let wide = new.len().saturating_add(1);
    let pairs = old.len().saturating_add(1).saturating_mul(wide);
    if pairs > MOST_PAIRS {
        old.iter().for_each(|word| push(parts, Kind::Gone, word));
        new.iter().for_each(|word| push(parts, Kind::New, word));
        return;
    }
    // `common` of (i, j) is how much is common of what stands from i in the old and from j in the new.
    let mut common = vec![0_u32; pairs];
    let at = |i: usize, j: usize| i.saturating_mul(wide).saturating_add(j);
    let read = |common: &[u32], i: usize, j: usize| common.get(at(i, j)).copied().unwrap_or(0);
    for (i, a) in old.iter().enumerate().rev() {
        for (j, b) in new.iter().enumerate().rev() {
            let (down, right) = (i.saturating_add(1), j.saturating_add(1));
            let best = if a == b {
                read(&common, down, right).saturating_add(1)
            } else {
                read(&common, down, j).max(read(&common, i, right))
            };
            if let Some(cell) = common.get_mut(at(i, j)) {
                *cell = best;
            }
        }
    }
    let (mut i, mut j) = (0_usize, 0_usize);
    loop {
        match (old.get(i), new.get(j)) {
            (Some(a), Some(b)) if a == b => {
                push(parts, Kind::Same, a);
                (i, j) = (i.saturating_add(1), j.saturating_add(1));
            }
            (Some(a), other)
                if other.is_none()
                    || read(&common, i.saturating_add(1), j) >= read(&common, i, j.saturating_add(1)) =>
            {
                push(parts, Kind::Gone, a);
                i = i.saturating_add(1);
            }
            (_, Some(b)) => {
                push(parts, Kind::New, b);
                j = j.saturating_add(1);
            }
            (Some(_), None) | (None, None) => break,
        }
    }
}

fn push(parts: &mut Vec<(Kind, String)>, kind: Kind, word: &str) {
    match parts.last_mut() {
        Some((last, text)) if *last == kind => text.push_str(word),
        _ => parts.push((kind, word.to_owned())),
    }
}

fn words(text: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut inside = false;
    for c in text.chars() {
        let joins = c.is_ascii_alphanumeric() || c == '_';
        match words.last_mut() {
            Some(word) if inside && joins => word.push(c),
            _ => words.push(c.to_string()),
        }
        inside = joins;
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(old: &str, new: &str) -> String {
        let mark = |(kind, text): &(Kind, String)| match kind {
            Kind::Same => text.clone(),
            Kind::Gone => format!("[-{text}-]"),
            Kind::New => format!("[+{text}+]"),
        };
        differ(old, new).iter().map(mark).collect()
    }

    #[test]
    fn words_that_changed_are_marked_and_no_others() {
        assert_eq!(
            told("奖励50万元。", "奖励60万元，一次性。"),
            "奖励[-50-][+60+]万元[+，一次性+]。"
        );
        assert_eq!(told("same", "same"), "same");
        assert_eq!(told("", "new"), "[+new+]");
        assert_eq!(told("old", ""), "[-old-]");
    }

    #[test]
    fn both_texts_can_be_read_out_of_the_difference() {
        let (old, new) = ("甲乙丙丁 a b c 戊", "乙丙 a x c 戊己");
        let parts = differ(old, new);
        let only = |without: Kind| {
            parts
                .iter()
                .filter(|(kind, _)| *kind != without)
                .map(|(_, text)| text.as_str())
                .collect::<String>()
        };
        assert_eq!(only(Kind::New), old);
        assert_eq!(only(Kind::Gone), new);
    }

    #[test]
    fn texts_too_long_to_compare_are_replaced_whole() {
        let (old, new) = ("甲".repeat(3000), "乙".repeat(3000));
        assert_eq!(differ(&old, &new), [(Kind::Gone, old), (Kind::New, new)]);
    }
}
