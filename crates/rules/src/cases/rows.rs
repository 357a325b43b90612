//! Tables of cases: a row each, facts by path and what must come out.

use std::sync::Arc;

use meed_facts::date::{Date, Period};
use meed_facts::record::{List, Record};
use meed_facts::schema::{EntityId, FactType};
use meed_syntax::ast::{self, AstNode};
use meed_syntax::diagnostic::{Code, Diagnostic, Message};

use super::{Draft, Reader};
use crate::names::Rule;
use crate::place::Place;

impl Reader<'_> {
    /// Reads every table of cases.
    pub(super) fn tables(&mut self) {
        for rule in &self.checked.names().case_tables {
            let Some(entity) = rule.node.entity().and_then(|name| self.entity(&name, &rule.place)) else {
                continue;
            };
            let Some(date) = rule.node.date().and_then(|date| date.value()) else {
                continue;
            };
            let Some(table) = &rule.table else { continue };
            let head: Vec<ast::Cell> = table
                .head()
                .into_iter()
                .flat_map(|head| head.cell().collect::<Vec<_>>())
                .collect();
            for row in table.row() {
                self.row(rule, &head, &row, entity, date);
            }
        }
    }

    fn row(&mut self, rule: &Rule<ast::CaseTable>, head: &[ast::Cell], row: &ast::Row, entity: EntityId, date: Date) {
        let place = &rule.place;
        let mut record = match rule.node.given() {
            Some(given) => self.record(&given, entity, place, date),
            None => Record::new(entity),
        };
        let mut drafts = self.drafts.remove(&date).unwrap_or_default();
        let mut expectations = Vec::new();
        for (column, cell) in head.iter().zip(row.cell()) {
            let path: Vec<ast::NameRef> = column
                .path()
                .into_iter()
                .flat_map(|path| path.segment().collect::<Vec<_>>())
                .collect();
            if let Some(node) = cell.expected() {
                let path = if path.is_empty() {
                    rule.node.name().into_iter().collect()
                } else {
                    path
                };
                let target = self.target(path, None, entity, place, &mut drafts.1);
                let span = place.at(cell.syntax().text_range());
                expectations.push(self.expected(&node, span, target, entity, place, &mut drafts.1));
            } else if let Some(datum) = cell.datum() {
                let names: Vec<String> = path.iter().map(|name| name.text()).collect();
                self.given_cell(&mut record, &names, &datum, column, place, date);
            }
        }
        let title: Arc<str> = format!("{}: {}", rule.name, row.syntax().text().trim().trim_matches('|').trim()).into();
        let span = place.at(row.syntax().text_range());
        drafts.0.push(Draft {
            title,
            span,
            entity,
            record,
            expectations,
        });
        self.drafts.insert(date, drafts);
    }

    fn given_cell(
        &mut self,
        record: &mut Record,
        path: &[String],
        datum: &ast::Datum,
        column: &ast::Cell,
        place: &Place,
        on: Date,
    ) {
        let Some((first, rest)) = path.split_first() else {
            return;
        };
        match self.checked.schema().fact_called(record.entity, first) {
            Some(fact) => {
                let _ = self.state(record, fact, rest, datum, place, on);
            }
            None => {
                let message = Message::new(
                    format!("there is no fact `{first}`"),
                    format!("没有名为“{first}”的信息"),
                );
                let help = Message::new(
                    "an expected value has a column `expect NAME`",
                    "预期的值请用列 `预期 名称`",
                );
                let span = place.at(column.syntax().text_range());
                self.findings
                    .push(Diagnostic::new(Code::UnknownColumn, span, message).help(help));
            }
        }
    }

    /// States the fact that a path names: inside the first child of a list, or in a period.
    fn state(
        &mut self,
        record: &mut Record,
        fact: meed_facts::schema::FactId,
        path: &[String],
        datum: &ast::Datum,
        place: &Place,
        on: Date,
    ) -> Option<()> {
        let schema = self.checked.schema().clone();
        let declared = &schema.facts[fact];
        match (&declared.ty, path) {
            (FactType::Many(child), [name, rest @ ..]) => {
                let mut list = record.children.remove(fact).unwrap_or_else(|| List {
                    items: Vec::new(),
                    complete: true,
                });
                if list.items.is_empty() {
                    list.items.push(Record::new(*child));
                }
                if let (Some(inner), Some(item)) = (schema.fact_called(*child, name), list.items.first_mut()) {
                    let _ = self.state(item, inner, rest, datum, place, on);
                }
                record.children.insert(fact, list);
            }
            (FactType::One(inner), [name, rest @ ..]) => {
                let mut held = record
                    .inner
                    .remove(fact)
                    .unwrap_or_else(|| Box::new(Record::new(*inner)));
                if let Some(inner) = schema.fact_called(*inner, name) {
                    let _ = self.state(&mut held, inner, rest, datum, place, on);
                }
                record.inner.insert(fact, held);
            }
            (_, [period]) => {
                let unit = declared.period?;
                let period = Period::parse(period, unit).ok()?;
                let stated = self.admitted(datum, declared, period, place, on)?;
                let mut series = record.series.remove(fact).unwrap_or_default();
                series.insert(period, stated);
                record.series.insert(fact, series);
            }
            _ => self.fact(fact, datum, record, place, on)?,
        }
        Some(())
    }
}
