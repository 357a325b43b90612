//! Columns of the vocabulary's tables, found by their heads in either language.

use meed_syntax::ast::{self, AstNode};
use meed_syntax::diagnostic::{Code, Diagnostic, Message};

use crate::near::suggesting;
use crate::place::Place;

/// A column: its canonical name, how heads may spell it, and whether the table needs it.
pub(super) struct Column {
    name: &'static str,
    heads: &'static [&'static str],
    needed: bool,
}

const fn column(name: &'static str, heads: &'static [&'static str], needed: bool) -> Column {
    Column { name, heads, needed }
}

/// Columns of `facts of`.
pub(super) const FACTS: [Column; 6] = [
    column("fact", &["fact", "事实"], true),
    column("type", &["type", "类型"], true),
    column("zh", &["zh", "中文"], false),
    column("en", &["en", "English", "英文"], false),
    column("source", &["source", "来源"], true),
    column("evidence", &["evidence", "证明材料"], false),
];

/// Columns of `enumeration`.
pub(super) const ENUMERATION: [Column; 4] = [
    column("value", &["value", "取值"], true),
    column("zh", &["zh", "中文"], false),
    column("en", &["en", "English", "英文"], false),
    column("formerly", &["formerly", "曾用名"], false),
];

/// Which cell of a row is which column.
pub(super) struct Columns(Vec<Option<&'static str>>);

impl Columns {
    /// Reads a table's head.
    pub(super) fn of(table: &ast::Table, place: &Place, columns: &[Column], findings: &mut Vec<Diagnostic>) -> Self {
        let mut found = Vec::new();
        for cell in table
            .head()
            .into_iter()
            .flat_map(|head| head.cell().collect::<Vec<_>>())
        {
            let text = cell.text();
            let column = columns.iter().find(|column| column.heads.contains(&text.as_str()));
            if column.is_none() {
                let known = columns.iter().flat_map(|column| column.heads.iter().copied());
                let finding = Diagnostic::new(
                    Code::UnknownColumn,
                    place.at(cell.syntax().text_range()),
                    Message::new(
                        format!("this table has no column `{text}`"),
                        format!("此表没有“{text}”列"),
                    ),
                );
                findings.push(suggesting(finding, &text, known));
            }
            found.push(column.map(|column| column.name));
        }
        for column in columns
            .iter()
            .filter(|column| column.needed && !found.contains(&Some(column.name)))
        {
            let (name, heads) = (column.name, column.heads.join("”或“"));
            findings.push(Diagnostic::new(
                Code::MissingColumn,
                place.at(table.syntax().text_range()),
                Message::new(
                    format!("this table needs a column `{name}`"),
                    format!("此表缺少“{heads}”列"),
                ),
            ));
        }
        Columns(found)
    }

    /// The cell of a column in a row.
    pub(super) fn cell(&self, row: &ast::Row, column: &str) -> Option<ast::Cell> {
        let position = self.0.iter().position(|known| *known == Some(column))?;
        row.cell().nth(position)
    }
}
