//! Conditions that must hold together: those that contradict each other, say the same twice, or compare two constants.

use meed_syntax::diagnostic::{Code, Diagnostic, Message};

use super::band::{Region, holds, number};
use super::place;
use crate::program::{Condition, Op, Program};

/// Lists beyond this many conditions are not compared with each other.
const CONDITIONS: usize = 64;

pub(super) fn check(program: &Program, findings: &mut Vec<Diagnostic>) {
    for (id, node) in program.nodes.iter() {
        match &node.op {
            Op::All(list) if list.len() <= CONDITIONS => pairs(program, list, findings),
            Op::Compare(cmp, a, b) => {
                if let (Some(a), Some(b)) = (number(program, *a), number(program, *b)) {
                    findings.push(constant(holds(*cmp, a.cmp(b)), place(program, id)));
                }
            }
            _ => {}
        }
    }
}

fn constant(holds: bool, span: meed_syntax::diagnostic::Span) -> Diagnostic {
    let code = if holds {
        Code::AlwaysTrue
    } else {
        Code::UnreachableCondition
    };
    Diagnostic::new(code, span, code)
        .why(Message::new(
            "both sides are numbers of the text, so no fact decides",
            "两边都是条文中的数，与任何信息无关",
        ))
        .help(Message::new(
            "compare with a fact, or remove the condition",
            "请与某项信息比较，或删去该条件",
        ))
}

fn pairs(program: &Program, list: &[Condition], findings: &mut Vec<Diagnostic>) {
    let read: Vec<(&Condition, Region)> = list
        .iter()
        .filter_map(|condition| Some((condition, Region::of(program, condition.node)?)))
        .collect();
    for (index, (second, later)) in read.iter().enumerate() {
        for (first, earlier) in read.iter().take(index) {
            if earlier.of != later.of || earlier.is_empty() || later.is_empty() {
                continue;
            }
            let (this, other) = match (later.beyond([earlier].into_iter()), earlier.beyond([later].into_iter())) {
                _ if later.shared(earlier).is_none() => {
                    findings.push(contradiction(program, first, second));
                    continue;
                }
                (_, None) => (second, first),
                (None, _) => (first, second),
                _ => continue,
            };
            findings.push(redundant(program, this, other));
        }
    }
}

fn contradiction(program: &Program, first: &Condition, second: &Condition) -> Diagnostic {
    Diagnostic::new(
        Code::UnreachableCondition,
        program.origins[second.origin].span,
        Code::UnreachableCondition,
    )
    .related(
        program.origins[first.origin].span,
        Message::new("no value meets this one too", "没有任何取值能同时符合此条件"),
    )
    .why(Message::new(
        "both must hold of the same value, and no value meets both",
        "两个条件针对同一数值，而没有任何取值能同时符合",
    ))
    .help(Message::new(
        "turn one of the comparisons round, or write `any of`",
        "请更正其中一个比较，或改用 `任一`",
    ))
}

/// `this` holds whenever `other` does.
fn redundant(program: &Program, this: &Condition, other: &Condition) -> Diagnostic {
    Diagnostic::new(
        Code::RedundantCondition,
        program.origins[this.origin].span,
        Code::RedundantCondition,
    )
    .related(
        program.origins[other.origin].span,
        Message::new("whenever this holds, so does the other", "此条件成立时另一条件必然成立"),
    )
    .help(Message::new(
        "remove it, or correct the number that was meant to be stricter",
        "请删去该条件，或更正本应更严格的数值",
    ))
}
