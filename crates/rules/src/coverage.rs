//! Decision tables: rows that overlap or are never reached, and keys that no row covers.

mod pieces;

use meed_facts::value::{Bound, Interval, Scalar};
use meed_syntax::diagnostic::{Code, Diagnostic, Message};

use crate::bands::ends_before;
use crate::program::{Cell, NodeId, Op, Program, Row, Table, TableRule};
use pieces::Gap;

/// What is wrong with the tables of a Program.
pub(crate) fn check(program: &Program) -> Vec<Diagnostic> {
    program
        .tables
        .iter()
        .flat_map(|(_, table)| check_table(program, table))
        .collect()
}

fn check_table(program: &Program, table: &Table) -> Vec<Diagnostic> {
    let mut findings = Vec::new();
    if matches!(table.rule, TableRule::OneRow | TableRule::Marginal | TableRule::Stepped) {
        overlaps(program, table, &mut findings);
    }
    if table.rule == TableRule::RowsAgree {
        disagreements(program, table, &mut findings);
    }
    if !matches!(table.rule, TableRule::SumOfMatches(_) | TableRule::CountOfMatches) {
        gaps(program, table, &mut findings);
    }
    if table.rule == TableRule::FirstMatch {
        unreachable(program, table, &mut findings);
    }
    findings
}

/// Rows of a table read from above that an earlier row leaves nothing.
fn unreachable(program: &Program, table: &Table, findings: &mut Vec<Diagnostic>) {
    for (index, row) in table.rows.iter().enumerate() {
        let above = table.rows.iter().take(index);
        let covering = above.clone().find(|earlier| {
            earlier
                .cells
                .iter()
                .zip(&row.cells)
                .all(|(above, below)| covers(above, below))
        });
        let Some(covering) = covering else { continue };
        findings.push(
            Diagnostic::new(
                Code::UnreachableRow,
                program.origins[row.origin].span,
                Code::UnreachableRow,
            )
            .related(
                program.origins[covering.origin].span,
                Message::new("this row takes all of it", "此行已全部包含"),
            )
            .help(Message::new(
                "put the narrower row first, or remove this one",
                "请把范围较窄的行放在前面，或删去此行",
            )),
        );
    }
}

/// Whether every key that `below` matches is matched by `above` too.
fn covers(above: &Cell, below: &Cell) -> bool {
    match (above, below) {
        (Cell::Any, _) => true,
        (_, Cell::Any) => false,
        (Cell::OneOf(above), Cell::OneOf(below)) => below.iter().all(|value| above.contains(value)),
        (Cell::OneOf(_), Cell::Band(_)) => false,
        (Cell::Band(above), Cell::OneOf(below)) => below.iter().all(|value| contains(above, &point(value))),
        (Cell::Band(above), Cell::Band(below)) => contains(above, below),
    }
}

fn contains(outer: &Interval, inner: &Interval) -> bool {
    let within = |outer: &Option<Bound>, inner: &Option<Bound>, is_low: bool| match (outer, inner) {
        (None, _) => true,
        (Some(_), None) => false,
        (Some(outer), Some(inner)) => match crate::bands::compare(&outer.value, &inner.value) {
            Some(std::cmp::Ordering::Equal) => outer.closed || !inner.closed,
            Some(order) => order.is_lt() == is_low,
            None => false,
        },
    };
    within(&outer.low, &inner.low, true) && within(&outer.high, &inner.high, false)
}

fn overlaps(program: &Program, table: &Table, findings: &mut Vec<Diagnostic>) {
    for (index, a) in table.rows.iter().enumerate() {
        for b in table.rows.iter().skip(index.saturating_add(1)) {
            // A last row `otherwise` takes what the others leave.
            if a.cells.iter().chain(&b.cells).all(|cell| *cell == Cell::Any)
                || b.cells.iter().all(|cell| *cell == Cell::Any)
            {
                continue;
            }
            let Some(what) = matched(program, table, [a, b]) else {
                continue;
            };
            findings.push(two_rows(program, (a, b), what).help(Message::new(
                "narrow one of them, or say how they are read: `first match`, `highest match`, `rows agree`",
                "请缩小其中一行，或写明读法：`首个匹配`、`最高匹配`、`各行一致`",
            )));
        }
    }
}

/// That two rows match at once, with an example.
fn matched(program: &Program, table: &Table, [a, b]: [&Row; 2]) -> Option<Message> {
    if !a.cells.iter().zip(&b.cells).all(|(a, b)| meet(a, b)) {
        return None;
    }
    let (name, values) = (
        &table.named.name,
        pieces::words(program, table, &pieces::shared(program, table, [a, b])?),
    );
    Some(Message::new(
        format!("two rows of `{name}` match at once, for {}", values.en),
        format!("“{name}”有两行同时匹配：{}", values.zh),
    ))
}

/// That of two rows both match, told at the second.
fn two_rows(program: &Program, (a, b): (&Row, &Row), what: Message) -> Diagnostic {
    Diagnostic::new(Code::TableOverlap, program.origins[b.origin].span, what)
        .related(program.origins[a.origin].span, Message::new("the other row", "另一行"))
}

/// Rows that match at once and are said to agree, but give different constants.
fn disagreements(program: &Program, table: &Table, findings: &mut Vec<Diagnostic>) {
    for (index, b) in table.rows.iter().enumerate() {
        let differs = |a: &&Row| {
            a.outcomes
                .iter()
                .zip(&b.outcomes)
                .any(|(a, b)| are_different(program, *a, *b))
        };
        let mut different = table.rows.iter().take(index).filter(differs);
        let found = different.find_map(|a| Some((a, matched(program, table, [a, b])?)));
        let Some((a, at_once)) = found else { continue };
        let what = Message::new(
            format!("{}, and do not agree", at_once.en),
            format!("{}，而结果不同", at_once.zh),
        );
        findings.push(two_rows(program, (a, b), what).help(Message::new(
            "correct one of them, narrow it, or say which counts: `first match`, `highest match`",
            "请更正或缩小其中一行，或写明以哪一行为准：`首个匹配`、`最高匹配`",
        )));
    }
}

fn are_different(program: &Program, a: NodeId, b: NodeId) -> bool {
    match (&program.nodes[a].op, &program.nodes[b].op) {
        (Op::Const(a), Op::Const(b)) => a != b,
        _ => false,
    }
}

fn meet(a: &Cell, b: &Cell) -> bool {
    match (a, b) {
        (Cell::Any, _) | (_, Cell::Any) => true,
        (Cell::OneOf(a), Cell::OneOf(b)) => a.iter().any(|value| b.contains(value)),
        (Cell::OneOf(values), Cell::Band(band)) | (Cell::Band(band), Cell::OneOf(values)) => {
            values.iter().any(|value| {
                let point = point(value);
                !ends_before(&point, band) && !ends_before(band, &point)
            })
        }
        (Cell::Band(a), Cell::Band(b)) => !ends_before(a, b) && !ends_before(b, a),
    }
}

fn point(value: &Scalar) -> Interval {
    let bound = Some(Bound {
        value: value.clone(),
        closed: true,
    });
    Interval {
        low: bound.clone(),
        high: bound,
    }
}

/// Every value of the keys meets a row.
fn gaps(program: &Program, table: &Table, findings: &mut Vec<Diagnostic>) {
    if table.rows.is_empty() {
        return;
    }
    let Some(gap) = pieces::gap(program, table) else { return };
    let name = &table.named.name;
    let told = match &gap {
        Gap::At(pieces) => {
            let values = pieces::words(program, table, pieces);
            Message::new(
                format!("no row of `{name}` covers {}", values.en),
                format!("“{name}”没有覆盖{}的行", values.zh),
            )
        }
        Gap::Undecided => Message::new(
            format!("`{name}` is cut into too many pieces to tell whether its rows cover all of them"),
            format!("“{name}”划分过细，无法判断各行是否覆盖全部情形"),
        ),
    };
    findings.push(
        Diagnostic::new(Code::TableGap, program.origins[table.origin].span, told).help(Message::new(
            "add a row for it, or a last row `otherwise`",
            "请补充一行，或在最后加一行 `否则`",
        )),
    );
}
