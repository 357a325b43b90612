//! What the checker finds, as people read it: place, line, reason, what to do, and what to write instead.

use maud::{Markup, html};
use meed_syntax::diagnostic::Severity;

use super::package::Finding;
use crate::view::encoded;
use crate::visit::Visit;

/// What to look at first.
const ORDER: [(Severity, &str); 2] = [(Severity::Error, "bad"), (Severity::Warning, "warn")];

/// Errors and warnings, the grave ones first; notes are folded. `edit` is the address under which documents are edited.
pub(super) fn findings(visit: &Visit, found: &[Finding], edit: Option<&str>) -> Markup {
    let of = |severity| found.iter().filter(move |one| one.severity == severity);
    let notes: Vec<&Finding> = of(Severity::Note).collect();
    let grave = ORDER.iter().any(|(severity, _)| of(*severity).next().is_some());
    html! {
        @if !grave { p.done { (visit.t("bench-no-findings")) } }
        @for (severity, class) in ORDER { @for one in of(severity) { (finding(visit, one, class, edit)) } }
        @if !notes.is_empty() {
            details { summary { (visit.words.with("bench-notes", &[("count", notes.len().into())])) }
                @for one in &notes { (finding(visit, one, "faint", edit)) }
            }
        }
    }
}

fn finding(visit: &Visit, one: &Finding, class: &str, edit: Option<&str>) -> Markup {
    let lang = visit.lang();
    let place = format!("{}:{}:{}", one.path, one.line, one.column);
    html! {
        div.panel {
            p { strong class=(class) { (gravity(visit, one.severity)) } " " (one.message.text(lang)) " " span.code.faint { (one.code) } }
            p.code { @match edit {
                Some(edit) if !one.path.is_empty() => a href={ (edit) "?document=" (encoded(&one.path)) } { (place) },
                _ => (place),
            } }
            @if !one.text.trim().is_empty() { pre { (one.text) } }
            @if let Some(label) = &one.label { p { "↑ " (label.text(lang)) } }
            @if one.is_about_lock { p { strong { (visit.t("bench-help")) } (visit.t("bench-confirm-here")) } }
            @else if let Some(reason) = &one.reason { p { (reason.text(lang)) } }
            @if let Some(help) = one.help.as_ref().filter(|_| !one.is_about_lock) { p { strong { (visit.t("bench-help")) } (help.text(lang)) } }
            @if let Some((line, text)) = &one.fix {
                p { strong { (visit.words.with("bench-fix", &[("line", (*line).into())])) } }
                pre { (text) }
            }
        }
    }
}

fn gravity(visit: &Visit, severity: Severity) -> String {
    match severity {
        Severity::Error => visit.t("bench-error"),
        Severity::Warning => visit.t("bench-warning"),
        Severity::Note => visit.t("bench-note"),
    }
}
