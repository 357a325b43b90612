//! Comparison and membership.

use std::borrow::Cow;
use std::sync::Arc;

use meed_facts::batch::rows_of;
use meed_rules::program::{Cmp, NodeId, Op, Type};

use super::super::lanes;
use super::super::range::Range;
use super::super::run::{At, Operand, Run};
use super::super::vector::{One, Text, Truth, Vector, pack};
use super::lift::{Outcome, strict2};
use super::logic::Found;
use super::whole::{Whole, below, both_exact, holding, scale_of};

impl<'b> Run<'_, 'b> {
    pub(in super::super) fn comparison(&mut self, at: At<'_>, out: &mut Vector<'b>) {
        let program = self.plan.program;
        match &program.nodes[at.node].op {
            Op::Compare(cmp, a, b) => self.compare(at, *cmp, (*a, *b), out),
            Op::In(element, of) => self.is_in(at, *element, of, out),
            Op::Within(code, wholes) => self.within(at, *code, wholes, out),
            _ => {}
        }
    }

    fn compare(&mut self, at: At<'_>, cmp: Cmp, (a, b): (NodeId, NodeId), out: &mut Vector<'b>) {
        let ty = &self.plan.program.nodes[a].ty;
        let open = self.decide(at, out);
        if open.iter().all(|rows| *rows == 0) {
            return;
        }
        let at = At { rows: &open, ..at };
        self.need(a, at.table, at.rows);
        self.need(b, at.table, at.rows);
        let (a, b) = (self.operand(a, at.table), self.operand(b, at.table));
        match ty {
            Type::Bool | Type::Enumeration(_) | Type::Text | Type::Identifier(_) => {
                let left = match (ty, b) {
                    (Type::Enumeration(_), Operand::Constant(constant)) => {
                        members_by_word(at.rows, a, Deciding::comparison(cmp, constant.member), out)
                    }
                    _ => at.rows.to_vec(),
                };
                let at = At { rows: &left, ..at };
                for row in at.each() {
                    out.put_truth(row, compare_row(cmp, ty, a, b, row));
                }
            }
            _ => compare_numbers(at.rows, cmp, a, b, out),
        }
    }

    /// Decides the rows that a fused comparison can; gives those that are left.
    pub(super) fn decide<'r>(&mut self, at: At<'r>, out: &mut Vector<'b>) -> Cow<'r, [u64]> {
        let Some(fused) = self.plan.fused.get(at.node).copied() else {
            return Cow::Borrowed(at.rows);
        };
        let (decided, holds) = self.fused(fused, at.table, at.rows);
        out.set_known(&decided, &holds);
        let left = at.rows.iter().zip(&decided);
        Cow::Owned(left.map(|(rows, decided)| rows & !decided).collect())
    }

    fn is_in(&mut self, at: At<'_>, element: NodeId, of: &[NodeId], out: &mut Vector<'b>) {
        let ty = &self.plan.program.nodes[element].ty;
        for node in of.iter().chain([&element]) {
            self.need(*node, at.table, at.rows);
        }
        let element = self.operand(element, at.table);
        let of: Vec<Operand<'_, '_>> = of.iter().map(|node| self.operand(*node, at.table)).collect();
        let left = match ty {
            Type::Enumeration(_) => members_by_word(at.rows, element, Deciding::membership(&of), out),
            _ => at.rows.to_vec(),
        };
        for row in rows_of(left.into_iter()) {
            if let Some(inside) = surely_inside(ty, element, &of, row) {
                out.put_truth(row, inside);
                continue;
            }
            let mut found = Found::default();
            for other in &of {
                let one = compare_row(Cmp::Eq, ty, element, *other, row);
                let (yes, no) = one.set.unwrap_or((false, false));
                found.add([yes, no, one.undefined, one.inapplicable].map(u64::from), 1, 1);
            }
            out.put_truth(row, truth_of(found.finish()));
        }
    }

    fn within(&mut self, at: At<'_>, code: NodeId, wholes: &[Arc<str>], out: &mut Vector<'b>) {
        let Type::Identifier(kind) = self.plan.program.nodes[code].ty else {
            return self.escape_all(at.table, at.rows);
        };
        if let Op::FactAt { .. } = self.plan.program.nodes[code].op {
            // A value for a period is read by the table of its own day.
            return self.escape_all(at.table, at.rows);
        }
        let date = self.plan.program.date;
        self.need(code, at.table, at.rows);
        let code = self.operand(code, at.table);
        for row in at.each() {
            let one = code.text(row);
            let inside = one.set.map(|text| match text.as_one() {
                Some(code) => kind.is_within(code, wholes, date).map(|inside| (inside, !inside)),
                None => Some((true, true)),
            });
            out.put_truth(
                row,
                One {
                    set: inside.flatten(),
                    undefined: one.undefined || inside == Some(None),
                    inapplicable: one.inapplicable,
                },
            );
        }
    }
}

/// The members that decide a condition by themselves: a set satisfies it where one of its members does, and fails where one does.
#[derive(Clone, Copy)]
struct Deciding {
    yes: u64,
    no: u64,
}

impl Deciding {
    /// Of a comparison with a constant.
    fn comparison(cmp: Cmp, with: One<u64>) -> Option<Self> {
        let with = with.only()?;
        let truths = (0_u32..64).map(|position| compared_members(cmp, 1_u64.wrapping_shl(position), with));
        let (yes, no): (Vec<bool>, Vec<bool>) = truths.unzip();
        Some(Self {
            yes: pack(yes.into_iter()),
            no: pack(no.into_iter()),
        })
    }

    /// Of being one of several constants.
    fn membership(of: &[Operand<'_, '_>]) -> Option<Self> {
        let yes = of.iter().try_fold(0, |all, operand| match operand {
            Operand::Constant(constant) => Some(all | constant.member.only().filter(|set| set.is_power_of_two())?),
            Operand::Vector(_) | Operand::Direct(_) => None,
        })?;
        Some(Self { yes, no: !yes })
    }
}

/// Decides the rows in which an operand is members and nothing else; gives those that are left.
fn members_by_word(
    rows: &[u64],
    operand: Operand<'_, '_>,
    deciding: Option<Deciding>,
    out: &mut Vector<'_>,
) -> Vec<u64> {
    let Some(Deciding { yes, no }) = deciding else {
        return rows.to_vec();
    };
    let vector = match operand {
        Operand::Constant(_) => return rows.to_vec(),
        Operand::Vector(vector) => vector,
        Operand::Direct(direct) => {
            out.set_known(rows, &among(direct.members(), yes, rows));
            return vec![0; rows.len()];
        }
    };
    let word = |(index, rows): (usize, &u64)| {
        if *rows == 0 {
            return 0;
        }
        let (undefined, inapplicable) = operand.besides_words(index);
        let plain = rows & !undefined & !inapplicable;
        let has = |members: u64| pack(vector.member_word(index).iter().map(|set| set & members != 0));
        out.set_truth_words(index, plain, [has(yes), has(no), 0, 0]);
        rows & !plain
    };
    rows.iter().enumerate().map(word).collect()
}

/// Which of some rows' members are in a set.
fn among(members: &[u16], set: u64, rows: &[u64]) -> Vec<u64> {
    let only = |set: u64| {
        u16::try_from(set.trailing_zeros())
            .ok()
            .filter(|_| set.is_power_of_two())
    };
    // Comparing with one is faster than looking each up.
    match (only(set), only(!set)) {
        (Some(one), _) => lanes::is_one(members, one, rows),
        (_, Some(other)) => lanes::opposite(lanes::is_one(members, other, rows)),
        _ => {
            let words = rows.iter().zip(members.chunks(64));
            let is_in = |member: &u16| set.wrapping_shr((*member).into()) & 1 == 1;
            words.map(|(_, members)| pack(members.iter().map(is_in))).collect()
        }
    }
}

/// The truths of the first row of a word.
fn truth_of([yes, no, undefined, inapplicable]: [u64; 4]) -> One<Truth> {
    One {
        set: Some((yes & 1 == 1, no & 1 == 1)),
        undefined: undefined & 1 == 1,
        inapplicable: inapplicable & 1 == 1,
    }
}

/// True where the others are known and all that a value may be is among them.
fn surely_inside(ty: &Type, element: Operand<'_, '_>, of: &[Operand<'_, '_>], row: usize) -> Option<One<Truth>> {
    let inside = match ty {
        Type::Enumeration(_) => {
            let mut members = of
                .iter()
                .map(|other| other.member(row).only().filter(|set| set.is_power_of_two()));
            let members = members.try_fold(0, |all, member| Some(all | member?))?;
            element.member(row).set? & !members == 0
        }
        Type::Bool => {
            let mut truths = of
                .iter()
                .map(|other| other.truth(row).only().filter(|(yes, no)| yes != no));
            let all = truths.try_fold((false, false), |all, one| {
                let one = one?;
                Some((all.0 | one.0, all.1 | one.1))
            })?;
            let (yes, no) = element.truth(row).set?;
            (all.0 || !yes) && (all.1 || !no)
        }
        Type::Text | Type::Identifier(_) => {
            let text = element.text(row).set?.as_one()?;
            let texts = of.iter().map(|other| other.text(row).only().and_then(Text::as_one));
            texts.collect::<Option<Vec<_>>>()?.contains(&text)
        }
        _ => {
            let number = element.number(row).set?.as_one()?;
            let numbers = of
                .iter()
                .map(|other| other.number(row).only().and_then(|range| range.as_one()));
            let numbers = numbers.collect::<Option<Vec<_>>>()?;
            numbers.iter().any(|other| other.compare(number).is_eq())
        }
    };
    let (_, undefined, inapplicable) = element.outcomes(row);
    inside.then_some(One {
        set: Some((true, false)),
        undefined,
        inapplicable,
    })
}

fn compare_row(cmp: Cmp, ty: &Type, a: Operand<'_, '_>, b: Operand<'_, '_>, row: usize) -> One<Truth> {
    let compared = match ty {
        Type::Bool => strict2(a.truth(row), b.truth(row), |a, b| {
            Some(Outcome::of(compared_truths(cmp, a, b)))
        }),
        Type::Enumeration(_) => strict2(a.member(row), b.member(row), |a, b| {
            Some(Outcome::of(compared_members(cmp, a, b)))
        }),
        Type::Text | Type::Identifier(_) => strict2(a.text(row), b.text(row), |a, b| {
            Some(Outcome::of(compared_texts(cmp, a, b)))
        }),
        _ => strict2(a.number(row), b.number(row), |a, b| {
            Some(Outcome::of(compared(cmp, &a, &b)))
        }),
    };
    compared.unwrap_or(One::UNDEFINED)
}

/// Whether numbers of two ranges compare so.
pub(super) fn compared(cmp: Cmp, a: &Range, b: &Range) -> Truth {
    let same = || matches!((a.as_one(), b.as_one()), (Some(a), Some(b)) if a.compare(b).is_eq());
    match cmp {
        Cmp::Eq => (a.intersects(b), !same()),
        Cmp::Ne => (!same(), a.intersects(b)),
        Cmp::Lt => (a.may_be_below(b), b.may_be_at_most(a)),
        Cmp::Le => (a.may_be_at_most(b), b.may_be_below(a)),
        Cmp::Gt => (b.may_be_below(a), a.may_be_at_most(b)),
        Cmp::Ge => (b.may_be_at_most(a), a.may_be_below(b)),
    }
}

fn compared_truths(cmp: Cmp, a: Truth, b: Truth) -> Truth {
    // `false` is below `true`, and no other truth is between: as members 0 and 1.
    let members = |(yes, no): Truth| u64::from(no) | (u64::from(yes) << 1);
    compared_members(cmp, members(a), members(b))
}

fn compared_members(cmp: Cmp, a: u64, b: u64) -> Truth {
    let same = a == b && a.is_power_of_two();
    let least = u64::trailing_zeros;
    let below = |a: u64, b: u64| least(a) < most(b);
    let at_most = |a: u64, b: u64| least(a) <= most(b);
    match cmp {
        Cmp::Eq => (a & b != 0, !same),
        Cmp::Ne => (!same, a & b != 0),
        Cmp::Lt => (below(a, b), at_most(b, a)),
        Cmp::Le => (at_most(a, b), below(b, a)),
        Cmp::Gt => (below(b, a), at_most(a, b)),
        Cmp::Ge => (at_most(b, a), below(a, b)),
    }
}

/// The position of the highest member.
fn most(set: u64) -> u32 {
    63_u32.wrapping_sub(set.leading_zeros())
}

fn compared_texts(cmp: Cmp, a: &Text<'_>, b: &Text<'_>) -> Truth {
    let (Some(a), Some(b)) = (a.as_one(), b.as_one()) else {
        return (true, true);
    };
    let holds = match cmp {
        Cmp::Eq => a == b,
        Cmp::Ne => a != b,
        Cmp::Lt => a < b,
        Cmp::Le => a <= b,
        Cmp::Gt => a > b,
        Cmp::Ge => a >= b,
    };
    (holds, !holds)
}

/// Single numbers are compared as integers, the other rows one by one.
fn compare_numbers(rows: &[u64], cmp: Cmp, a: Operand<'_, '_>, b: Operand<'_, '_>, out: &mut Vector<'_>) {
    let scale = scale_of(a).max(scale_of(b));
    let exact = match Whole::of(a, scale).zip(Whole::of(b, scale)) {
        Some((a, b)) => {
            let exact = both_exact(a, b, rows);
            let holds = match cmp {
                Cmp::Lt => below(a, b, &exact),
                Cmp::Le => lanes::opposite(below(b, a, &exact)),
                Cmp::Gt => below(b, a, &exact),
                Cmp::Ge => lanes::opposite(below(a, b, &exact)),
                Cmp::Eq => holding(a, b, &exact, |a, b| a == b),
                Cmp::Ne => holding(a, b, &exact, |a, b| a != b),
            };
            out.set_known(&exact, &holds);
            exact
        }
        None => Cow::Owned(vec![0; rows.len()]),
    };
    for row in rows_of(rows.iter().zip(&*exact).map(|(rows, exact)| rows & !exact)) {
        let one = strict2(a.number(row), b.number(row), |a, b| {
            Some(Outcome::of(compared(cmp, &a, &b)))
        });
        out.put_truth(row, one.unwrap_or(One::UNDEFINED));
    }
}
