//! Expectations and results in the words in which cases are written, so that a result can be pasted as an expectation.

use std::sync::Arc;

use meed_facts::date::Date;
use meed_rules::cases::{Expected, Value as Wanted, Verdict as WantedVerdict};
use meed_rules::diagnostic::Message;
use meed_rules::phrases::{Language, Phrase};
use meed_rules::program::{NodeId, Op, Program, Type};
use serde_json::Value as Json;

use super::Run;
use crate::awards::reading;
use crate::awards::verdict::{Verdict, Why};
use crate::result::{AmountKind, AwardLine, MissingLine, Payable, Reason, ServiceLine};
use crate::value::Value;

/// A keyword.
pub(super) fn phrase(phrase: Phrase) -> Message {
    Message::new(phrase.spelling(Language::English), phrase.spelling(Language::Chinese))
}

/// Words that are the same in both languages.
pub(super) fn same(text: &str) -> Message {
    Message::new(text, text)
}

/// Two pieces with a space between.
pub(super) fn both(first: &Message, second: &Message) -> Message {
    Message::new(
        format!("{} {}", first.en, second.en),
        format!("{} {}", first.zh, second.zh),
    )
}

/// The name of a value: a definition's, or where it stands.
pub(super) fn source(program: &Program, node: NodeId) -> Message {
    let origin = &program.origins[program.nodes[node].origin];
    match &program.nodes[node].op {
        Op::Named { name, .. } => same(&program.names[*name].named.name),
        _ => same(origin.headings.last().map_or("value", |heading| heading)),
    }
}

/// The verdict that is expected.
pub(super) fn wanted_verdict(expected: &Expected) -> Message {
    let verdict = phrase(match expected.verdict {
        Some(WantedVerdict::Eligible) => Phrase::Eligible,
        Some(WantedVerdict::NotEligible) => Phrase::NotEligible,
        Some(WantedVerdict::Undetermined) | None => Phrase::Undetermined,
    });
    if expected.not_in_force {
        both(&verdict, &phrase(Phrase::NotInForce))
    } else if expected.not_applicable {
        both(&verdict, &phrase(Phrase::NotApplicable))
    } else {
        verdict
    }
}

/// The verdict of a line with what decided it, or what is missing.
pub(super) fn verdict(line: &AwardLine) -> Message {
    match line.verdict {
        Verdict::Eligible => both(&phrase(Phrase::Eligible), &payable(line.amount)),
        Verdict::NotEligible(Why::NotInForce) => both(&phrase(Phrase::NotEligible), &phrase(Phrase::NotInForce)),
        Verdict::NotEligible(Why::NotApplicable) => both(&phrase(Phrase::NotEligible), &phrase(Phrase::NotApplicable)),
        Verdict::NotEligible(Why::Conditions) => both(&phrase(Phrase::NotEligible), &because(&line.reasons)),
        Verdict::Undetermined => both(&phrase(Phrase::Undetermined), &lacking(&line.missing)),
    }
}

/// The verdict of a service with what decided it, or what is missing.
pub(super) fn service(line: &ServiceLine) -> Message {
    match line.verdict {
        Verdict::Eligible => phrase(Phrase::Eligible),
        Verdict::NotEligible(_) => both(&phrase(Phrase::NotEligible), &because(&line.reasons)),
        Verdict::Undetermined => both(&phrase(Phrase::Undetermined), &lacking(&line.missing)),
    }
}

/// `because firm.unicorn, firm.gazelle`
pub(super) fn because(reasons: &[Reason]) -> Message {
    let mut paths: Vec<String> = reasons.iter().map(|reason| reason.path.join(".")).collect();
    paths.retain(|path| !path.is_empty());
    listed(Phrase::Because, &paths)
}

/// `missing hires.salary_paid(2023)`
pub(super) fn lacking(missing: &[MissingLine]) -> Message {
    let names: Vec<String> = missing.iter().map(|gap| gap.name.clone()).collect();
    listed(Phrase::Missing, &names)
}

fn listed(lead: Phrase, names: &[String]) -> Message {
    if names.is_empty() {
        return Message::new("for no named reason", "没有列明原因");
    }
    both(&phrase(lead), &same(&names.join(", ")))
}

/// An amount.
pub(super) fn payable(amount: Payable) -> Message {
    let currency = amount.low.currency().code();
    let money = |money: meed_facts::money::Money| same(&format!("{} {currency}", money.to_decimal()));
    let low = money(amount.low);
    match (amount.kind, amount.high.map(money)) {
        (AmountKind::Exact, _) => low,
        (AmountKind::UpTo, Some(high)) => both(&phrase(Phrase::UpTo), &high),
        (_, Some(high)) => between(&low, &high),
        (_, None) => both(&phrase(Phrase::AtLeast), &low),
    }
}

/// `3 CNY on 2023-01-01`, `city 3 CNY`
pub(super) fn part(payer: Option<&Arc<str>>, amount: Message, on: Option<Date>) -> Message {
    let amount = payer.map_or_else(|| amount.clone(), |payer| both(&same(payer), &amount));
    match on {
        Some(day) => both(&amount, &both(&phrase(Phrase::On), &same(&day.to_string()))),
        None => amount,
    }
}

/// `in instalments 3 CNY, 2 CNY`
pub(super) fn parts(which: Phrase, parts: Vec<Message>) -> Message {
    let joined = |text: fn(&Message) -> &str| parts.iter().map(text).collect::<Vec<_>>().join(", ");
    both(
        &phrase(which),
        &Message::new(joined(|part| &part.en), joined(|part| &part.zh)),
    )
}

fn between(low: &Message, high: &Message) -> Message {
    both(&both(&phrase(Phrase::Between), low), &both(&phrase(Phrase::And), high))
}

/// A value that is expected.
pub(super) fn wanted(run: &Run<'_>, wanted: &Wanted) -> Message {
    let evaluator = &run.evaluator;
    let node = |node: NodeId| value(evaluator.program(), node, evaluator.value(node, evaluator.root()));
    match wanted {
        Wanted::Is(at) => node(*at),
        Wanted::UpTo(most) => both(&phrase(Phrase::UpTo), &node(*most)),
        Wanted::Between(low, high) => between(&node(*low), &node(*high)),
        Wanted::Unknown => phrase(Phrase::Unknown),
        Wanted::Undefined => phrase(Phrase::Undefined),
        Wanted::NotApplicable => phrase(Phrase::NotApplicable),
        Wanted::Unresolved => phrase(Phrase::Unresolved),
    }
}

/// A value that came out.
pub(super) fn value(program: &Program, node: NodeId, value: &Value) -> Message {
    if value.is_undefined() {
        return phrase(Phrase::Undefined);
    }
    if value.is_inapplicable() {
        return phrase(Phrase::NotApplicable);
    }
    let ty = &program.nodes[node].ty;
    let unit = match ty {
        Type::Number(dimension) => dimension.currency().map(|currency| currency.code()),
        _ => None,
    };
    let with_unit = |text: &str| match unit {
        Some(unit) => same(&format!("{text} {unit}")),
        None => same(text),
    };
    if let Some(truth) = value.as_bool() {
        return phrase(if truth { Phrase::True } else { Phrase::False });
    }
    match reading::json(program, ty, value) {
        Json::String(text) if text == "unknown" => phrase(Phrase::Unknown),
        Json::String(text) => with_unit(&text),
        Json::Object(members) => {
            let parts: Vec<String> = members
                .iter()
                .map(|(key, value)| format!("{} {}", key.replace('_', " "), value.to_string().trim_matches('"')))
                .collect();
            with_unit(&parts.join(", "))
        }
        other => with_unit(&other.to_string()),
    }
}
