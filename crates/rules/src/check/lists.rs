//! «For each» over a list that may be empty holds of nothing, which is seldom what the text means.

use meed_syntax::diagnostic::{Code, Diagnostic, Message};

use crate::program::{Aggregate, Op, Program, ScopeKind};

/// Warns of each «for each» over children that stands without a count or «any» over the same children.
pub(super) fn check(program: &Program) -> Vec<Diagnostic> {
    let over = |wanted: fn(Aggregate) -> bool| {
        program.nodes.iter().filter_map(move |(_, node)| match node.op {
            Op::Aggregate { kind, over, .. } if wanted(kind) => Some((over, node.origin)),
            _ => None,
        })
    };
    let counted: Vec<_> = over(|kind| matches!(kind, Aggregate::Any | Aggregate::Count))
        .map(|(scope, _)| scope)
        .collect();
    over(|kind| kind == Aggregate::Each)
        .filter(|(scope, _)| {
            matches!(program.scopes[*scope].kind, ScopeKind::Children { .. }) && !counted.contains(scope)
        })
        .map(|(_, origin)| {
            Diagnostic::new(
                Code::EachOverEmptyList,
                program.origins[origin].span,
                Code::EachOverEmptyList,
            )
            .why(Message::new(
                "of an empty list, anything holds for each",
                "空列表中“每个”恒成立",
            ))
            .help(Message::new(
                "require one beside it: `count of x in list >= 1`",
                "请同时要求至少一个：`计数 x 在 列表 >= 1`",
            ))
        })
        .collect()
}
