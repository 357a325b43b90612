//! Exceptions that can apply at once and give different constants, while neither is over the other.

use meed_syntax::diagnostic::{Code, Diagnostic, Message};

use super::band::Region;
use super::samples::Samples;
use crate::program::{Arm, Op, Program};

/// Rules with more exceptions than this are not compared with each other.
const ARMS: usize = 64;

pub(super) fn check(program: &Program, findings: &mut Vec<Diagnostic>) {
    for (_, node) in program.nodes.iter() {
        if let Op::Choose { arms, .. } = &node.op
            && arms.len() <= ARMS
        {
            pairs(program, arms, findings);
        }
    }
}

fn pairs(program: &Program, arms: &[Arm], findings: &mut Vec<Diagnostic>) {
    let overrides = |arm: &Arm, position: usize| arm.overrides.iter().any(|other| usize::from(*other) == position);
    for (later, second) in arms.iter().enumerate() {
        for (earlier, first) in arms.iter().enumerate().take(later) {
            // Where any rule is over one of the two, that one may never count beside the other.
            let is_ordered = arms.iter().any(|arm| overrides(arm, earlier) || overrides(arm, later));
            if is_ordered || !differ(program, first, second) || !both_apply(program, first, second) {
                continue;
            }
            findings.push(
                Diagnostic::new(
                    Code::AmbiguousExceptions,
                    program.origins[second.origin].span,
                    message(first, second),
                )
                .related(
                    program.origins[first.origin].span,
                    Message::new(
                        "applies to some of the same applicants, with another value",
                        "可能适用于同样的申请人，但取值不同",
                    ),
                )
                .why(Message::new(
                    "where both apply, the text would give two answers",
                    "两者同时适用时，会得出两个答案",
                ))
                .help(match &first.label {
                    Some(label) => Message::new(
                        format!("say which goes first: `over {label}`, or narrow one of them"),
                        format!("请写明先后：`针对 {label}`，或缩小其中一个"),
                    ),
                    None => Message::new("narrow one of them", "请缩小其中一个的范围"),
                }),
            );
        }
    }
}

fn message(first: &Arm, second: &Arm) -> Message {
    match (&first.label, &second.label) {
        (Some(first), Some(second)) => Message::new(
            format!("`{first}` and `{second}` can apply at once, with different values"),
            format!("“{first}”与“{second}”可能同时适用，而取值不同"),
        ),
        _ => Code::AmbiguousExceptions.into(),
    }
}

fn differ(program: &Program, first: &Arm, second: &Arm) -> bool {
    match (&program.nodes[first.value].op, &program.nodes[second.value].op) {
        (Op::Const(a), Op::Const(b)) => a != b,
        _ => false,
    }
}

/// Whether some applicant certainly meets both guards.
fn both_apply(program: &Program, first: &Arm, second: &Arm) -> bool {
    let (Some(a), Some(b)) = (first.guard, second.guard) else {
        return false;
    };
    if a == b {
        return true;
    }
    if let (Some(a), Some(b)) = (Region::of(program, a), Region::of(program, b))
        && a.of == b.of
    {
        return a.shared(&b).is_some();
    }
    let guards = [a, b];
    let applicant = Samples::of(program, &guards);
    applicant.is_some_and(|samples| samples.find(&guards, |applies| !applies.contains(&false)).is_some())
}
