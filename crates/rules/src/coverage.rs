//! Decision tables: rows that overlap or are never reached, and keys that no row covers.

use meed_facts::ratio::{Ratio, Rounding};
use meed_facts::value::{Bound, Interval, Scalar};
use meed_syntax::diagnostic::{Code, Diagnostic, Message};

use crate::bands::{by_low, ends_before, meets};
use crate::program::{Cell, NodeId, Op, Program, Row, Table, TableRule};

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
            if !a.cells.iter().zip(&b.cells).all(|(a, b)| meet(a, b)) {
                continue;
            }
            let name = &table.named.name;
            let what = Message::new(
                format!("two rows of `{name}` match at once"),
                format!("“{name}”有两行同时匹配"),
            );
            findings.push(two_rows(program, (a, b), what).help(Message::new(
                "narrow one of them, or say how they are read: `first match`, `highest match`, `rows agree`",
                "请缩小其中一行，或写明读法：`首个匹配`、`最高匹配`、`各行一致`",
            )));
        }
    }
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
        let meets = |a: &&Row| a.cells.iter().zip(&b.cells).all(|(a, b)| meet(a, b));
        let Some(a) = table.rows.iter().take(index).filter(meets).find(differs) else {
            continue;
        };
        let name = &table.named.name;
        let what = Message::new(
            format!("two rows of `{name}` match at once and do not agree"),
            format!("“{name}”有两行同时匹配而结果不同"),
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

/// Tables with one key of bands: every value lies in one of them.
fn gaps(program: &Program, table: &Table, findings: &mut Vec<Diagnostic>) {
    let [_] = table.keys.as_slice() else { return };
    let mut bands = Vec::new();
    for row in &table.rows {
        match row.cells.as_slice() {
            [Cell::Band(band)] => bands.push(band.clone()),
            [Cell::OneOf(values)] if matches!(values.first(), Some(Scalar::Number(_) | Scalar::Date(_))) => {
                bands.extend(values.iter().map(point))
            }
            _ => return,
        }
    }
    bands.sort_by(by_low);
    let Some(first) = bands.first() else { return };
    let counts = table.counts.first() == Some(&true);
    let below = first.low.as_ref().filter(|low| !(counts && is_from_zero(low)));
    let mut gap = below.map(|low| describe(None, Some(low)));
    let mut reached = first.high.clone();
    for band in bands.iter().skip(1) {
        if let (Some(end), Some(low)) = (&reached, &band.low)
            && !(meets(end, low) || counts && hold_no_whole(end, low))
            && gap.is_none()
        {
            gap = Some(describe(Some(end), Some(low)));
        }
        reached = match (reached, &band.high) {
            (Some(a), Some(b)) => Some(
                if crate::bands::compare(&a.value, &b.value).is_some_and(std::cmp::Ordering::is_ge) {
                    a
                } else {
                    b.clone()
                },
            ),
            _ => None,
        };
    }
    if let (Some(end), None) = (&reached, &gap) {
        gap = Some(describe(Some(end), None));
    }
    if let Some((en, zh)) = gap {
        let name = &table.named.name;
        findings.push(
            Diagnostic::new(
                Code::TableGap,
                program.origins[table.origin].span,
                Message::new(
                    format!("no row of `{name}` covers {en}"),
                    format!("“{name}”没有覆盖{zh}的行"),
                ),
            )
            .help(Message::new(
                "add a row for it, or a last row `otherwise`",
                "请补充一行，或在最后加一行 `否则`",
            )),
        );
    }
}

/// Whether a lower end leaves out no count.
fn is_from_zero(low: &Bound) -> bool {
    match &low.value {
        Scalar::Number(value) => value.is_negative() || value.is_zero() && low.closed,
        _ => false,
    }
}

/// Whether no whole number lies between two ends.
fn hold_no_whole(end: &Bound, low: &Bound) -> bool {
    let (Scalar::Number(end_at), Scalar::Number(low_at)) = (&end.value, &low.value) else {
        return false;
    };
    let first = match end.closed {
        true => end_at.round_whole(Rounding::Floor).checked_add(&Ratio::ONE),
        false => Some(end_at.round_whole(Rounding::Ceiling)),
    };
    first.is_some_and(|first| if low.closed { first >= *low_at } else { first > *low_at })
}

fn describe(after: Option<&Bound>, before: Option<&Bound>) -> (String, String) {
    let text = |bound: &Bound| match &bound.value {
        Scalar::Number(value) => value.to_string(),
        Scalar::Date(date) => date.to_string(),
        Scalar::Months(months) => format!("{} months", months),
        Scalar::Days(days) => format!("{} days", days),
        other => format!("{other:?}"),
    };
    match (after, before) {
        (Some(a), Some(b)) => {
            let (a, b) = (text(a), text(b));
            (
                format!("values between {a} and {b}"),
                format!("介于 {a} 与 {b} 之间的值"),
            )
        }
        (Some(a), None) => {
            let a = text(a);
            (format!("values beyond {a}"), format!("超过 {a} 的值"))
        }
        (None, Some(b)) => {
            let b = text(b);
            (format!("values below {b}"), format!("低于 {b} 的值"))
        }
        (None, None) => ("some value".to_owned(), "某些值".to_owned()),
    }
}
