//! Tables: a caption, heads, rows; numbers to the right; a word where there is nothing.

use maud::{Markup, html};

use crate::visit::Visit;

/// A table that is being put together.
#[derive(Debug)]
pub struct Table {
    caption: String,
    heads: Vec<(String, bool)>,
    rows: Vec<Vec<Markup>>,
    total: Option<Vec<Markup>>,
}

impl Table {
    /// A table about something.
    pub fn new(caption: impl Into<String>) -> Self {
        Self {
            caption: caption.into(),
            heads: Vec::new(),
            rows: Vec::new(),
            total: None,
        }
    }

    /// A column.
    #[must_use]
    pub fn head(mut self, name: impl Into<String>) -> Self {
        self.heads.push((name.into(), false));
        self
    }

    /// A column of numbers.
    #[must_use]
    pub fn number(mut self, name: impl Into<String>) -> Self {
        self.heads.push((name.into(), true));
        self
    }

    /// A row, one cell a column.
    pub fn row(&mut self, cells: impl IntoIterator<Item = Markup>) {
        self.rows.push(cells.into_iter().collect());
    }

    /// The last row: what the rows above come to.
    pub fn total(&mut self, cells: impl IntoIterator<Item = Markup>) {
        self.total = Some(cells.into_iter().collect());
    }

    /// Whether it has no row.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// The table; the first cell of each row is its head.
    pub fn show(self, visit: &Visit) -> Markup {
        let numbers: Vec<bool> = self.heads.iter().map(|(_, number)| *number).collect();
        let class = |index: usize| numbers.get(index).copied().unwrap_or(false).then_some("n");
        html! {
            div.scroll tabindex="0" role="region" aria-label=(self.caption) {
                table {
                    caption { (self.caption) }
                    thead { tr { @for (name, number) in &self.heads { th scope="col" class=[number.then_some("n")] { (name) } } } }
                    tbody {
                        @if self.rows.is_empty() {
                            tr { td colspan=(self.heads.len()) { (visit.t("nothing")) } }
                        }
                        @for (row, total) in self.rows.iter().map(|row| (row, false)).chain(self.total.iter().map(|row| (row, true))) {
                            tr class=[total.then_some("total")] { @for (index, cell) in row.iter().enumerate() {
                                @if index == 0 { th scope="row" class=[class(0)] { (cell) } }
                                @else { td class=[class(index)] { (cell) } }
                            } }
                        }
                    }
                }
            }
        }
    }
}
