//! Children: the records that lists of another table's rows hold, one after the other, as a table.

use std::borrow::Cow;

use meed_facts::batch::{Batch, Lists};
use meed_rules::program::{ScopeId, ScopeKind};

use super::run::Run;
use super::tables::{Binding, Ends, NOBODY, Rows, Table, TableId};
use super::vector::set_bit;

impl<'b> Run<'_, 'b> {
    /// The table of the children that a list of another table's rows holds, and for each row whose list is not complete one that stands for the rest.
    pub fn children(&mut self, scope: ScopeId, parent: TableId) -> TableId {
        if let Some(table) = self.bound.get(&(scope, parent, Binding::Record)) {
            return *table;
        }
        let ScopeKind::Children { owner, list, .. } = self.plan.program.scopes[scope].kind else {
            return parent;
        };
        let owner = self.visible(owner, parent);
        let holder = self.table(owner);
        let lists = holder.batch.and_then(|batch| batch.children.get(list));
        let is_batch = |lists: &&Lists<Batch>| {
            let all = lists.ends.len() == holder.rows && lists.complete.count() == holder.rows;
            all && owner == parent && matches!(holder.records, Rows::Same)
        };
        let table = match lists.filter(is_batch) {
            Some(lists) => Table {
                scope,
                rows: lists.ends.last().map_or(0, |end| *end as usize),
                parent: Some((parent, Rows::Until(Ends::new(Cow::Borrowed(&lists.ends))))),
                batch: Some(&lists.items),
                records: Rows::Same,
                rest: None,
                binding: Binding::Record,
            },
            None => self.gathered(scope, (parent, owner), lists),
        };
        self.add(table, parent)
    }

    /// The same, row by row.
    fn gathered(
        &self,
        scope: ScopeId,
        (parent, owner): (TableId, TableId),
        lists: Option<&'b Lists<Batch>>,
    ) -> Table<'b> {
        let holder = self.table(owner);
        let (mut ends, mut records, mut rest) = (Vec::new(), Vec::new(), Vec::new());
        let whole = |count: usize| u32::try_from(count).unwrap_or(NOBODY);
        for row in 0..self.rows(parent) {
            let holding = holder.records.of(self.row_of(parent, row, owner));
            records.extend(lists.map_or(0..0, |lists| lists.span(holding)).map(whole));
            if !lists.is_some_and(|lists| lists.complete.get(holding)) {
                rest.push(records.len());
                records.push(NOBODY);
            }
            ends.push(whole(records.len()));
        }
        let mut unlisted = vec![0; records.len().div_ceil(64)];
        rest.iter().for_each(|row| set_bit(&mut unlisted, *row, true));
        let is_same = rest.is_empty() && records.iter().zip(0..).all(|(record, row): (&u32, u32)| *record == row);
        Table {
            scope,
            rows: records.len(),
            parent: Some((parent, Rows::Until(Ends::new(Cow::Owned(ends))))),
            batch: lists.map(|lists| &lists.items),
            records: if is_same {
                Rows::Same
            } else {
                Rows::Of(Cow::Owned(records))
            },
            rest: (!rest.is_empty()).then_some(unlisted),
            binding: Binding::Record,
        }
    }
}
