//! Titles: granted, valid on a day, first granted in a year. The definition judges those who have a record of the title (`explain::titles`).

use meed_facts::record::TitleRecord;
use meed_facts::schema::TitleId;
use meed_facts::value::Scalar;
use meed_rules::program::{LevelTest, NodeId, Op, ScopeId};

use super::super::plan::Constant;
use super::super::run::{At, Run};
use super::super::vector::{One, Ordinary, Vector};
use crate::explain::{Grants, Listed};
use crate::value::{Set, Value};

impl<'b> Run<'_, 'b> {
    pub(in super::super) fn titles(&mut self, at: At<'_>, out: &mut Vector<'b>) {
        let today = self.plan.program.date;
        match self.plan.program.nodes[at.node].op {
            Op::Holds { of, title, level, on } => self.each_title(at, of, (title, level), on, Grants::holds, out),
            Op::Newly { of, title, level, year } => {
                let newly = |grants: &Grants, year: &Value| grants.newly(year, today);
                self.each_title(at, of, (title, level), year, newly, out);
            }
            Op::Granted { of, title, level, on } => {
                self.each_title(at, of, (title, level), on, Grants::granted, out);
            }
            Op::Had { of, title, on } => self.each_title(at, of, (title, LevelTest::Any), on, Grants::had, out),
            _ => {}
        }
    }

    fn each_title(
        &mut self,
        at: At<'_>,
        of: ScopeId,
        (title, level): (TitleId, LevelTest),
        operand: NodeId,
        judge: impl Fn(&Grants, &Value) -> Value,
        out: &mut Vector<'b>,
    ) {
        let program = self.plan.program;
        self.need(operand, at.table, at.rows);
        let owner = self.visible(of, at.table);
        // Nobody has a record of the title: the answer depends on the list alone.
        let mut without: [Option<Value>; 2] = [None, None];
        let mut unfit = Vec::new();
        let is_constant = self.plan.constant(operand).is_some();
        for row in at.each() {
            let listed = self.listed(owner, self.row_of(at.table, row, owner), title);
            let judge = || {
                let known = self.operand(operand, at.table).value(row, &program.nodes[operand].ty);
                judge(&Grants::of(program, listed.as_ref(), title, level), &known)
            };
            let fits = match &listed {
                Some(Listed { items: [], complete }) if is_constant => {
                    let [part, whole] = &mut without;
                    let value = if *complete { whole } else { part };
                    put_value(out, row, value.get_or_insert_with(judge))
                }
                _ => put_value(out, row, &judge()),
            };
            if !fits {
                unfit.push(row);
            }
        }
        unfit.into_iter().for_each(|row| self.escape(at.table, row));
    }

    /// What a row's record lists of titles; no items where none is of the title asked for.
    fn listed(&self, owner: super::super::tables::TableId, row: usize, title: TitleId) -> Option<Listed<'b>> {
        let table = self.table(owner);
        let titles = &table.batch?.titles;
        let record = table.records.of(row);
        if !titles.stated.get(record) {
            return None;
        }
        let items: &'b [TitleRecord] = titles.items.get(titles.span(record)).unwrap_or_default();
        let any = items.iter().any(|item| item.title == title);
        Some(Listed {
            items: if any { items } else { &[] },
            complete: titles.complete.get(record),
        })
    }
}

/// Puts a value of the definition. Whether columns have a form for it.
pub(super) fn put_value(out: &mut Vector<'_>, row: usize, value: &Value) -> bool {
    if let (Ordinary::Truths(_), Some(Set::One(Scalar::Bool(truth)))) = (&out.ordinary, value.set()) {
        out.put_truth(
            row,
            One {
                set: Some((*truth, !truth)),
                undefined: value.may_be_undefined(),
                inapplicable: value.may_be_inapplicable(),
            },
        );
        return true;
    }
    let Some(constant) = Constant::of(value) else {
        return false;
    };
    match &out.ordinary {
        Ordinary::Truths(_) => out.put_truth(row, constant.truth),
        Ordinary::Numbers(_) => out.put_number(row, constant.number),
        Ordinary::Members(_) => out.put_member(row, constant.member),
        Ordinary::Texts(_) => out.put_text(
            row,
            One {
                set: constant.text.set,
                undefined: constant.text.undefined,
                inapplicable: constant.text.inapplicable,
            },
        ),
    }
    true
}
