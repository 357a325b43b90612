//! The form of the check-up: the next question or several, and what was answered before.

use maud::{Markup, html};

use super::given::{Given, Input, Interviewed, Open, Taken};
use crate::view::{amount, csrf};
use crate::visit::Visit;

/// The form.
pub fn form(visit: &Visit, given: &Given, interviewed: &Interviewed) -> Markup {
    html! {
        form.panel method="post" action="/check" {
            // Whoever wants the other language keeps what was answered.
            p { button.quiet type="submit" name="do" value="same" formnovalidate formaction={ "/check?lang=" (visit.words.pick("en", "zh")) }
                lang=(visit.words.pick("en", "zh-CN")) { (visit.t("check-other-language")) } }
            (csrf(visit))
            input type="hidden" name="for" value=(given.kind);
            input type="hidden" name="on" value=(given.on);
            @if given.several { input type="hidden" name="several" value="1"; }
            @for step in &interviewed.steps {
                @if let Some((name, text)) = given.answers.get(step.index) {
                    input type="hidden" name="name" value=(name);
                    input type="hidden" name="answer" value=(text);
                }
            }
            @if interviewed.open.is_empty() {
                h2 id="next" { (visit.t("check-finished")) }
                p { (visit.t("check-finished-why")) }
            } @else {
                h2 id="next" { (visit.t(if given.several { "check-several" } else { "check-next" })) }
                p.faint { (visit.words.with("check-left", &[("count", interviewed.left.into())])) }
                @for (index, open) in interviewed.open.iter().enumerate() { (question(visit, index, open)) }
                div.actions {
                    button type="submit" name="do" value="next" { (visit.t("check-go-on")) }
                    @if given.several { button.second type="submit" name="do" value="single" formnovalidate { (visit.t("check-one-at-a-time")) } }
                    @else { button.second type="submit" name="do" value="several" formnovalidate { (visit.t("check-answer-several")) } }
                }
                p.faint { (visit.t("check-empty")) }
            }
            @if !interviewed.steps.is_empty() { (answered(visit, interviewed)) }
        }
    }
}

fn question(visit: &Visit, index: usize, open: &Open) -> Markup {
    let (id, help) = (format!("v{index}"), format!("help{index}"));
    let grouped = matches!(open.input, Input::Truth | Input::Title(_) | Input::NoneOrText);
    html! {
        input type="hidden" name={ "q" (index) } value=(open.name);
        @if grouped {
            fieldset aria-describedby=(help) { legend { (open.label) } (input(visit, index, open)) (about(visit, &help, open)) }
        } @else {
            div.field { label for=(id) { (open.label) } (input(visit, index, open)) (about(visit, &help, open)) }
        }
    }
}

fn about(visit: &Visit, id: &str, open: &Open) -> Markup {
    html! {
        div id=(id) {
            @if let (Some("yes"), Input::Title(_)) = (open.wrong.as_deref(), &open.input) { p.wrong { (visit.t("check-title-day")) } }
            @else if let Some(wrong) = &open.wrong { p.wrong { (visit.words.with("check-wrong", &[("text", wrong.as_str().into()), ("hint", open.hint.as_str().into())])) } }
            @if matches!(open.input, Input::Text | Input::NoneOrText) { p.help { (open.hint) } }
            p.help {
                (visit.t(open.source))
                @if !open.evidence.is_empty() { " · " (visit.t("check-evidence")) " " (open.evidence.join(visit.words.pick("、", ", "))) }
                @if let Some(money) = open.at_stake { " · " (visit.t("check-at-stake")) " " (amount(money)) " " (visit.t("yuan")) }
            }
        }
    }
}

fn input(visit: &Visit, index: usize, open: &Open) -> Markup {
    let (id, value, detail, level) = (
        format!("v{index}"),
        format!("v{index}"),
        format!("d{index}"),
        format!("l{index}"),
    );
    let help = format!("help{index}");
    let invalid = open.wrong.is_some().then_some("true");
    let radio = |choice: &str, key: &str| html! { label.choice { input type="radio" name=(value) value=(choice) checked[open.wrong.as_deref() == Some(choice)]; " " (visit.t(key)) } };
    html! {
        @match &open.input {
            Input::Truth => div.choices { (radio("yes", "check-yes")) (radio("no", "check-no")) },
            Input::OneOf(options) => select id=(id) name=(value) aria-describedby=(help) aria-invalid=[invalid] {
                option value="" { (visit.t("check-unknown")) }
                @for (name, label) in options { option value=(name) { (label) } }
            },
            Input::Day => input id=(id) type="date" name=(value) aria-describedby=(help) aria-invalid=[invalid];,
            Input::Count => input id=(id) type="text" inputmode="numeric" pattern="[0-9, ]*" name=(value) placeholder=(open.hint) aria-describedby=(help) aria-invalid=[invalid];,
            Input::Title(levels) => {
                div.choices { (radio("no", "check-title-no")) (radio("yes", "check-title-yes")) }
                div.line {
                    label for=(detail) { (visit.t("check-title-since")) } input id=(detail) type="date" name=(detail);
                    @if !levels.is_empty() {
                        label for=(level) { (visit.t("check-title-level")) }
                        select id=(level) name=(level) { option value="" {} @for (name, label) in levels { option value=(name) { (label) } } }
                    }
                }
            },
            Input::NoneOrText => {
                div.choices { (radio("no", "check-awards-none")) }
                label for=(detail) { (visit.t("check-awards")) }
                input id=(detail) type="text" name=(detail) aria-describedby=(help) aria-invalid=[invalid];
            },
            Input::Text => input id=(id) type="text" name=(value) aria-describedby=(help) aria-invalid=[invalid];,
        }
    }
}

/// What was answered, each to be taken back.
fn answered(visit: &Visit, interviewed: &Interviewed) -> Markup {
    html! {
        details open[interviewed.open.is_empty()] { summary { (visit.words.with("check-answered", &[("count", interviewed.steps.len().into())])) }
            ul.answers { @for step in &interviewed.steps {
                li {
                    span { (step.label) ": " strong { @match step.taken {
                        Taken::Skipped => (visit.t("check-unknown")),
                        _ => (said(visit, &step.text)),
                    } } @if step.taken == Taken::Unneeded { " " span.faint { (visit.t("check-unneeded")) } } }
                    button.quiet type="submit" name="undo" value=(step.index) formnovalidate { (visit.t("check-undo")) span.hidden { " " (step.label) } }
                }
            } }
        }
    }
}

fn said(visit: &Visit, text: &str) -> String {
    match text {
        "yes" => visit.t("check-yes"),
        "no" => visit.t("check-no"),
        other => other.to_owned(),
    }
}
