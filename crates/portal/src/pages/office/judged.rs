//! What the rules leave to a person's judgement in a case: each with what can be chosen, to be stated with its source and paper.

use maud::{Markup, html};
use meed_engine::value::CauseKind;
use meed_engine::words::Words;
use meed_facts::label::Label;
use meed_facts::schema::{FactType, Source};
use meed_office::cases::Case;
use meed_office::people::Role;
use meed_office::tx::Tx;
use meed_rules::program::Program;
use serde_json::Value;

use super::case::File;
use super::stating::page_for;
use crate::determined::{basis, determine, keep};
use crate::fault::Fault;
use crate::pages::mine::form::slot::{Slot, path, slot};
use crate::view::{Offer, act_name, csrf, field_name, section as titled};
use crate::visit::Visit;

/// One thing to be judged.
pub struct Judged {
    path: String,
    name: String,
    /// Who judges it.
    by: Label,
    /// Values as JSON, and what they are called; none, where a judgement is no choice.
    choices: Vec<(String, Label)>,
}

/// What the rules wait for in an undecided case.
///
/// # Errors
/// Where the package does not check, or the database fails.
pub fn of(tx: &mut Tx<'_>, visit: &Visit, case: &Case) -> Result<Vec<Judged>, Fault> {
    let (program, facts) = basis(tx, case, None)?;
    let record = meed_facts::json::read_on(&program.schema, &facts, program.date);
    let Ok(record) = record else { return Ok(Vec::new()) };
    determine(&program, &facts, |evaluator, determination| {
        let words = Words::about(evaluator, visit.lang());
        let kept = keep(determination, case);
        let lines = kept.lines.iter().flat_map(|line| &line.missing);
        let missing = lines.chain(kept.titles.iter().flat_map(|line| &line.missing));
        let judged = missing.filter(|one| matches!(one.kind, CauseKind::Judgement | CauseKind::Missing));
        judged
            .filter_map(|one| {
                let path = path(&program.schema, &record, &one.place)?;
                let Slot::Value(fact) = slot(&program.schema, record.entity, &path)? else {
                    return None;
                };
                let declared = &program.schema.facts[fact];
                let Source::Judged(agency) = declared.source else {
                    return None;
                };
                Some(Judged {
                    name: words.place(&one.place),
                    by: program.schema.agencies[agency].named.label.clone(),
                    choices: choices(&program, &declared.ty),
                    path,
                })
            })
            .collect()
    })
}

fn choices(program: &Program, ty: &FactType) -> Vec<(String, Label)> {
    let named = |zh: &str, en: &str| Label {
        zh: Some(zh.into()),
        en: Some(en.into()),
    };
    match ty {
        FactType::Bool => vec![
            ("true".to_owned(), named("是", "yes")),
            ("false".to_owned(), named("否", "no")),
        ],
        FactType::Enumeration(id) => {
            let members = program.schema.enumerations[*id].members.iter();
            let pair = members.map(|one| (Value::from(&*one.name).to_string(), one.label.clone()));
            pair.collect()
        }
        _ => Vec::new(),
    }
}

/// The questions with their forms, for whoever keeps the register; without, for everybody else.
pub fn section(visit: &Visit, file: &File) -> Markup {
    html! {
        @if !file.judged.is_empty() {
            (titled(visit.t("office-judged"), html! {
                p { (visit.t("office-judged-lead")) }
                @for one in &file.judged { (question(visit, file, one)) }
            }))
        }
    }
}

fn question(visit: &Visit, file: &File, one: &Judged) -> Markup {
    let by = visit.words.label(&one.by, "");
    let offer = Offer::new(visit, "register.state");
    let (value, paper) = (format!("judged{}", one.path), format!("paper{}", one.path));
    html! {
        section.panel {
            h3 { (one.name) " " span.faint { (by) } }
            @if !visit.viewer.has(Role::Registrar) { p.faint { (visit.t("office-judged-who")) } }
            @else if one.choices.is_empty() { p { a href=(page_for(&file.subject.id, Some(&one.path))) { (act_name(visit, "register.state")) } } }
            @else {
                form method="post" action="/do/register/state" {
                    (csrf(visit))
                    input type="hidden" name="command" value=(offer.command);
                    input type="hidden" name="back" value=(offer.back);
                    input type="hidden" name="subject" value=(file.subject.id);
                    input type="hidden" name="path" value=(one.path);
                    input type="hidden" name="source" value=(by);
                    div.field {
                        label for=(value) { (visit.t("office-judgement")) }
                        select id=(value) name="value" required {
                            option value="" {}
                            @for (json, label) in &one.choices { option value=(json) { (visit.words.label(label, json)) } }
                        }
                    }
                    div.field {
                        label for=(paper) { (field_name(visit, "evidence")) }
                        input id=(paper) name="evidence" required;
                    }
                    button type="submit" { (act_name(visit, "register.state")) }
                }
            }
        }
    }
}
