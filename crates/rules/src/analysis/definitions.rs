//! Conditional definitions: applicants for whom no rule of one applies, shown by an example.

use meed_syntax::diagnostic::{Code, Diagnostic, Message};

use super::samples::Samples;
use crate::program::{Arm, NodeId, Op, Program};

pub(super) fn check(program: &Program, findings: &mut Vec<Diagnostic>) {
    for (_, node) in program.nodes.iter() {
        if let Op::Named { name, body, .. } = &node.op
            && let Op::Choose { arms, otherwise: None } = &program.nodes[*body].op
            && let Some(example) = uncovered(program, arms)
        {
            let named = &program.names[*name];
            let (name, en) = (&named.named.name, example.en);
            let message = Message::new(
                format!("no rule of `{name}` applies where {en}"),
                format!("当{}时，“{name}”没有适用的规则", example.zh),
            );
            findings.push(
                Diagnostic::new(Code::DefinitionGap, program.origins[named.origin].span, message)
                    .why(Message::new(
                        "the value would be undefined there, and so would be every verdict that rests on it",
                        "此时该值没有定义，依赖它的结论也没有定义",
                    ))
                    .help(Message::new(
                        "add a rule for the rest, or `otherwise VALUE` to this one",
                        "请补充其余情形的规则，或在此加 `否则 值`",
                    )),
            );
        }
    }
}

/// Facts of which no rule applies.
fn uncovered(program: &Program, arms: &[Arm]) -> Option<Message> {
    let guards: Vec<NodeId> = arms.iter().map(|arm| arm.guard).collect::<Option<_>>()?;
    Samples::of(program, &guards)?.find(&guards, |applies| !applies.contains(&true))
}
