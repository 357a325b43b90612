//! Amounts written as constants that their own bounds contradict, and division by a constant zero.

use meed_syntax::diagnostic::{Code, Diagnostic, Message};

use super::band::number;
use super::place;
use crate::program::{Op, Program};

pub(super) fn check(program: &Program, findings: &mut Vec<Diagnostic>) {
    for (_, measure) in program.measures.iter() {
        for rules in &measure.rules {
            let Some(amount) = rules.pay.amount else { continue };
            let whole = program.origins[rules.origin].span;
            let inner = place(program, amount);
            let is_inside = inner.file == whole.file && inner.start >= whole.start && inner.end <= whole.end;
            let span = if is_inside { inner } else { whole };
            let value = match &program.nodes[amount].op {
                Op::Neg(inner) => number(program, *inner).map(|value| -value),
                _ => number(program, amount).cloned(),
            };
            let Some(value) = value else { continue };
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
    for (id, node) in program.nodes.iter() {
        if let Op::Div(_, by) = &node.op
            && number(program, *by).is_some_and(meed_facts::ratio::Ratio::is_zero)
        {
            findings.push(
                Diagnostic::new(Code::DivisionByZero, place(program, id), Code::DivisionByZero)
                    .help(Message::new("divide by another value", "请除以其他数值")),
            );
        }
    }
}
