//! Titles: granted, valid on a day, first granted in a year. The definition judges those who have a record of the title (`explain::titles`).

use meed_facts::batch::rows_of;
use meed_facts::record::TitleRecord;
use meed_facts::schema::TitleId;
use meed_facts::value::Scalar;
use meed_rules::program::{LevelTest, NodeId, Op, ScopeId};

use super::super::plan::Constant;
use super::super::run::{At, Operand, Run};
use super::super::tables::{Rows, TableId};
use super::super::vector::{One, Ordinary, Vector, set_bit};
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
        let grants = |listed: Option<&Listed<'_>>| Grants::of(program, listed, title, level);
        let mut left = at.rows.to_vec();
        if let Some(constant) = self.plan.constant(operand) {
            // Of rows without a record of the title the answer depends on the list alone.
            let lists =
                [None, Some(false), Some(true)].map(|list| list.map(|complete| Listed { items: &[], complete }));
            for (list, rows) in lists.iter().zip(self.untitled(at, owner, title)) {
                if rows.iter().all(|rows| *rows == 0) {
                    continue;
                }
                if !put_all(out, &rows, &judge(&grants(list.as_ref()), &constant.value)) {
                    self.escape_all(at.table, &rows);
                }
                left.iter_mut().zip(&rows).for_each(|(left, rows)| *left &= !rows);
            }
        }
        for row in rows_of(left.into_iter()) {
            let listed = self.listed(owner, self.row_of(at.table, row, owner), title);
            let known = self.operand(operand, at.table).value(row, &program.nodes[operand].ty);
            if !put_value(out, row, &judge(&grants(listed.as_ref()), &known)) {
                self.escape(at.table, row);
            }
        }
    }

    /// The rows whose records have no record of the title: those of which no list is known, those with a part of it, those with all of it.
    fn untitled(&self, at: At<'_>, owner: TableId, title: TitleId) -> [Vec<u64>; 3] {
        let mut found = [(); 3].map(|()| vec![0; at.rows.len()]);
        let [unknown, part, whole] = &mut found;
        let table = self.table(owner);
        if let (Rows::Same, Some(batch), true) = (&table.records, table.batch, self.same_rows(at.table, owner)) {
            let titles = &batch.titles;
            let of_title = titles.items.iter().enumerate().filter(|(_, item)| item.title == title);
            let mut asked = at.rows.to_vec();
            for (position, _) in of_title {
                set_bit(
                    &mut asked,
                    titles.ends.partition_point(|end| *end as usize <= position),
                    false,
                );
            }
            let lists = titles.stated.words().iter().zip(titles.complete.words());
            let words = unknown.iter_mut().zip(part).zip(whole);
            for (((unknown, part), whole), (asked, (stated, complete))) in words.zip(asked.iter().zip(lists)) {
                (*unknown, *part, *whole) = (asked & !stated, asked & stated & !complete, asked & stated & complete);
            }
            return found;
        }
        for row in at.each() {
            let rows = match self.listed(owner, self.row_of(at.table, row, owner), title) {
                None => &mut *unknown,
                Some(Listed {
                    items: [],
                    complete: false,
                }) => part,
                Some(Listed {
                    items: [],
                    complete: true,
                }) => whole,
                Some(_) => continue,
            };
            set_bit(rows, row, true);
        }
        found
    }

    /// What a row's record lists of titles; no items where none is of the title asked for.
    fn listed(&self, owner: TableId, row: usize, title: TitleId) -> Option<Listed<'b>> {
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

/// Puts the same value of the definition in some rows. Whether columns have a form for it.
fn put_all(out: &mut Vector<'_>, rows: &[u64], value: &Value) -> bool {
    let (Ordinary::Truths(_), Some(constant)) = (&out.ordinary, Constant::of(value)) else {
        return rows_of(rows.iter().copied()).all(|row| put_value(out, row, value));
    };
    let truths = Operand::Constant(&constant).truth_words(0);
    let words = rows.iter().enumerate();
    words.for_each(|(index, rows)| out.set_truth_words(index, *rows, truths));
    true
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
