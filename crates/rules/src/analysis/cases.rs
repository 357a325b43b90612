//! `cases` whose rows set one number against constants: rows that are never reached, and values that no row takes.

use meed_syntax::diagnostic::{Code, Diagnostic, Message};

use super::band::Region;
use super::{place, place_within};
use crate::program::{NodeId, Op, Program};

/// Rows beyond this many are not compared with each other.
const ROWS: usize = 64;

pub(super) fn check(program: &Program, findings: &mut Vec<Diagnostic>) {
    for (id, node) in program.nodes.iter() {
        if let Op::Cases { rows, otherwise } = &node.op
            && rows.len() <= ROWS
        {
            one(program, id, rows, otherwise.is_some(), findings);
        }
    }
}

fn one(program: &Program, id: NodeId, rows: &[(NodeId, NodeId)], has_otherwise: bool, findings: &mut Vec<Diagnostic>) {
    let mut above: Vec<Region> = Vec::new();
    let mut all_read = true;
    for (guard, _) in rows {
        let Some(region) = Region::of(program, *guard) else {
            all_read = false;
            continue;
        };
        let earlier = above.iter().filter(|other| other.of == region.of);
        if region.beyond(earlier).is_none() && !region.is_empty() {
            findings.push(
                Diagnostic::new(
                    Code::UnreachableRow,
                    place_within(program, *guard, id),
                    Code::UnreachableRow,
                )
                .why(Message::new(
                    "the rows above take every value for which this one holds",
                    "凡符合此行的取值，都已由前面的行处理",
                ))
                .help(Message::new(
                    "remove it, or put the narrower row first",
                    "请删去此行，或把范围较窄的行放在前面",
                )),
            );
        }
        above.push(region);
    }
    if has_otherwise || !all_read {
        return;
    }
    let [first, others @ ..] = above.as_slice() else { return };
    if others.iter().any(|other| other.of != first.of) {
        return;
    }
    let missing = first
        .whole_domain(program)
        .and_then(|domain| domain.beyond(above.iter()));
    if let Some(value) = missing {
        findings.push(
            Diagnostic::new(
                Code::CasesGap,
                place(program, id),
                Message::new(
                    format!("no row of these `cases` takes {value}"),
                    format!("“分情形”中没有处理 {value} 的行"),
                ),
            )
            .why(Message::new(
                "for that value there would be no result at all",
                "取该值时将没有任何结果",
            ))
            .help(Message::new(
                "add a row for it, or a last row `otherwise: …`",
                "请补充一行，或在最后加一行 `否则: …`",
            )),
        );
    }
}
