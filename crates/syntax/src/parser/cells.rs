//! The cells of tables that rules read: what a column holds, and each cell by its column.

use super::Parser;
use crate::ast::{AstNode, Item, Name};
use crate::kind::SyntaxKind;
use crate::phrases::{Phrase, nfc};

/// What the cells of a column hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Column {
    /// Words for people.
    Words,
    /// The name being defined.
    Name,
    /// Earlier names.
    Formerly,
    /// A type.
    Type,
    /// Where a fact may come from.
    Source,
    /// What a row's key must be.
    Key,
    /// An outcome.
    Expr,
    /// A given fact.
    Datum,
    /// An expected result.
    Expected,
}

/// What each column of an item's table holds, by the heads.
pub(crate) fn columns(item: &Item, heads: &[String]) -> Vec<Column> {
    let last = heads.len().saturating_sub(1);
    heads
        .iter()
        .map(|head| nfc(head.trim()))
        .enumerate()
        .map(|(index, head)| match item {
            Item::Facts(_) => match Phrase::from_spelling(&head) {
                Some(Phrase::Fact) => Column::Name,
                Some(Phrase::Type) => Column::Type,
                Some(Phrase::Source) => Column::Source,
                _ => Column::Words,
            },
            Item::Enumeration(_) => match Phrase::from_spelling(&head) {
                Some(Phrase::Value) => Column::Name,
                Some(Phrase::Formerly) => Column::Formerly,
                _ => Column::Words,
            },
            Item::TableItem(table) => {
                let outcomes: Vec<Name> = table.outcome().collect();
                let is_outcome = match outcomes.is_empty() {
                    true => index == last,
                    false => outcomes.iter().any(|outcome| outcome.text() == head),
                };
                if is_outcome { Column::Expr } else { Column::Key }
            }
            _ => match head.split_whitespace().next().and_then(Phrase::from_spelling) {
                Some(Phrase::Expect) => Column::Expected,
                Some(Phrase::Case) => Column::Words,
                _ => Column::Datum,
            },
        })
        .collect()
}

/// Whether an item's table has its heads parsed as names; the others have keywords.
pub(crate) fn heads_are_names(item: &Item) -> bool {
    matches!(item.syntax().kind(), SyntaxKind::TABLE_ITEM | SyntaxKind::CASE_TABLE)
}

impl Parser<'_, '_> {
    /// A cell of the head: a keyword, a name, or `expect NAME`.
    pub(crate) fn head_cell(mut self, has_names: bool) {
        if !has_names && self.phrase().is_some() || self.at_any(&[Phrase::Expect, Phrase::Case]) {
            self.keyword();
        }
        if self.at(SyntaxKind::WORD) {
            self.path();
        }
        self.finish_cell();
    }

    /// A cell of a row. An empty one says nothing.
    pub(crate) fn row_cell(mut self, column: Column) {
        self.lines_count = false;
        self.labels_follow = false;
        if !self.at_end() {
            match column {
                Column::Words => {}
                Column::Name => {
                    self.name();
                }
                Column::Formerly => self.name_refs(),
                Column::Type => self.ty(),
                Column::Source => self.source_cell(),
                Column::Key => self.key_cell(),
                Column::Expr => self.expr(),
                Column::Datum => self.datum(),
                Column::Expected => self.expected_result(),
            }
        }
        self.finish_cell();
    }

    fn finish_cell(mut self) {
        if !self.at_end() {
            self.expected("the end of the cell", "单元格到此结束");
        }
        self.finish();
    }

    fn source_cell(&mut self) {
        self.node(SyntaxKind::SOURCE_CELL, |p| {
            let is_judged = p.at_phrase(Phrase::JudgedBy);
            if p.expect_any(&[Phrase::Registry, Phrase::Declared, Phrase::JudgedBy]) && is_judged {
                p.name_ref();
            }
        });
    }

    fn key_cell(&mut self) {
        use SyntaxKind::{EQ, GE, GT, LE, LT, MINUS, NEQ};
        self.node(SyntaxKind::KEY_CELL, |p| {
            if p.eat_phrase(Phrase::Otherwise) || (p.at(MINUS) && p.nth(1) == SyntaxKind::END && p.eat(MINUS)) {
                return;
            }
            p.list(|p| {
                if matches!(p.kind(), EQ | NEQ | LT | LE | GT | GE) {
                    p.node(SyntaxKind::COMPARISON, |p| {
                        p.bump();
                        p.amount();
                    });
                } else {
                    p.band();
                }
            });
        });
    }
}
