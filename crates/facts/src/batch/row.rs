//! A row of columns back into a record.

use super::{Batch, Lists};
use crate::record::{List, Record};

impl Batch {
    /// The record of a row; `None` where there is no such row.
    pub fn record(&self, row: usize) -> Option<Record> {
        if row >= self.rows {
            return None;
        }
        let mut record = Record::new(self.entity);
        for (fact, column) in self.facts.iter() {
            if let Some(stated) = column.stated(row) {
                record.facts.insert(fact, stated);
            }
        }
        for (fact, periods) in self.series.iter() {
            let stated = periods
                .iter()
                .filter_map(|(period, column)| Some((*period, column.stated(row)?)));
            let stated: std::collections::BTreeMap<_, _> = stated.collect();
            if !stated.is_empty() {
                record.series.insert(fact, stated);
            }
        }
        for (fact, lists) in self.children.iter().filter(|(_, lists)| lists.stated.get(row)) {
            let items = lists.span(row).filter_map(|item| lists.items.record(item));
            let list = List {
                items: items.collect(),
                complete: lists.complete.get(row),
            };
            record.children.insert(fact, list);
        }
        for (fact, lists) in self.inner.iter() {
            if let Some(inner) = lists.span(row).next().and_then(|item| lists.items.record(item)) {
                record.inner.insert(fact, Box::new(inner));
            }
        }
        record.titles = self.titles.list(row);
        record.awards = self.awards.list(row);
        let key = u32::try_from(row).unwrap_or(u32::MAX);
        record.chosen = self.chosen.get(&key).cloned().unwrap_or_default();
        Some(record)
    }
}

impl<T: Clone> Lists<Vec<T>> {
    /// A row's list; `None` where nothing is known of it.
    pub fn list(&self, row: usize) -> Option<List<T>> {
        self.stated.get(row).then(|| List {
            items: self.items.get(self.span(row)).unwrap_or_default().to_vec(),
            complete: self.complete.get(row),
        })
    }
}
