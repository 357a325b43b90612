//! Amounts written as constants that their own bounds contradict, and division by a constant zero.

use meed_facts::ratio::Ratio;
use meed_syntax::diagnostic::{Code, Diagnostic, Message, Span};

use super::band::number;
use super::place;
use crate::program::{NodeId, Op, OriginId, Program};

pub(super) fn check(program: &Program, findings: &mut Vec<Diagnostic>) {
    amounts(program, findings);
    limits(program, findings);
    for (id, node) in program.nodes.iter() {
        if let Op::Div(_, by) = &node.op
            && number(program, *by).is_some_and(Ratio::is_zero)
        {
            findings.push(
                Diagnostic::new(Code::DivisionByZero, place(program, id), Code::DivisionByZero)
                    .help(Message::new("divide by another value", "请除以其他数值")),
            );
        }
    }
}

/// Ceilings, floors and funds below zero: nothing could be paid, or less than nothing.
fn limits(program: &Program, findings: &mut Vec<Diagnostic>) {
    let pays = program.measures.iter().flat_map(|(_, measure)| &measure.rules);
    let of_pays = pays.flat_map(|rules| {
        let limits = [rules.pay.floor, rules.pay.cap];
        limits.into_iter().flatten().map(|limit| (limit, rules.origin))
    });
    let of_combines = program.combines.iter().flat_map(|(_, combine)| {
        let limits = combine.members.iter().filter_map(|member| member.limit);
        limits.map(|limit| (limit, combine.origin))
    });
    let of_funds = program.funds.iter().flat_map(|fund| {
        let years = fund.years.iter();
        years.map(|(_, amount)| (*amount, fund.origin))
    });
    for (limit, origin) in of_pays.chain(of_combines).chain(of_funds) {
        let Some(value) = signed(program, limit).filter(Ratio::is_negative) else {
            continue;
        };
        let message = Message::new(
            format!("the limit is {value}, below zero"),
            format!("限额为 {value}，低于零"),
        );
        findings.push(
            Diagnostic::new(Code::NegativeAmount, inside(program, limit, origin), message)
                .help(Message::new("remove the minus sign", "请删去负号")),
        );
    }
}

/// A number that the text writes, perhaps with a minus sign.
fn signed(program: &Program, node: NodeId) -> Option<Ratio> {
    match &program.nodes[node].op {
        Op::Neg(inner) => number(program, *inner).map(|value| -value),
        _ => number(program, node).cloned(),
    }
}

/// The place of a part of a rule: nodes that are written alike share the first place, which may lie elsewhere; then the rule is the place.
fn inside(program: &Program, part: NodeId, rule: OriginId) -> Span {
    let (inner, whole) = (place(program, part), program.origins[rule].span);
    let is_inside = inner.file == whole.file && inner.start >= whole.start && inner.end <= whole.end;
    if is_inside { inner } else { whole }
}

fn amounts(program: &Program, findings: &mut Vec<Diagnostic>) {
    for (_, measure) in program.measures.iter() {
        for rules in &measure.rules {
            let Some(amount) = rules.pay.amount else { continue };
            let span = inside(program, amount, rules.origin);
            let Some(value) = signed(program, amount) else { continue };
            if value.is_negative() {
                findings.push(
                    Diagnostic::new(Code::NegativeAmount, span, Code::NegativeAmount)
                        .why(Message::new(
                            "a measure pays; money is taken back by `otherwise recover` only",
                            "措施只支付金额；追回金额只能用“否则追回”",
                        ))
                        .help(Message::new("remove the minus sign", "请删去负号")),
                );
            }
            if let Some(cap) = rules.pay.cap.and_then(|cap| number(program, cap))
                && value > *cap
            {
                findings.push(
                    Diagnostic::new(
                        Code::CanExceedCap,
                        span,
                        Message::new(
                            format!("the amount is {value}, its cap is {cap}"),
                            format!("金额为 {value}，上限为 {cap}"),
                        ),
                    )
                    .why(Message::new(
                        "the cap would always cut it, so one of the two numbers is wrong",
                        "上限总会削减该金额，两个数中必有一个有误",
                    ))
                    .help(Message::new(
                        "correct the amount or the cap by the text",
                        "请按条文更正金额或上限",
                    )),
                );
            }
        }
    }
}
