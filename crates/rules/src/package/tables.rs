//! Tables whose rows stand in a data file: the file is read as if its rows stood below the block, so cells are checked like any others.

mod cells;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::Arc;

use meed_syntax::ast::{self, AstNode, Item};
use meed_syntax::diagnostic::{Code, Diagnostic, FileId, Message, Sources, Span};
use meed_syntax::phrases::{Language, Phrase};
use meed_syntax::{Parse, TextRange};

use super::PolicyDocument;
pub use cells::Cells;

/// The most rows of a data file.
const MOST_ROWS: usize = 100_000;

/// A table read from a data file.
#[derive(Clone, Debug)]
pub struct FileTable {
    tree: Parse,
    /// Where its cells stand in the file.
    pub cells: Arc<Cells>,
}

impl FileTable {
    /// The table, for this thread.
    #[must_use]
    pub fn table(&self) -> Option<ast::Table> {
        table_of(&self.tree)
    }
}

/// Tables read from files, by the item that reads them.
pub(super) fn read(
    documents: &[PolicyDocument],
    data: &BTreeMap<String, FileId>,
    sources: &Sources,
    findings: &mut Vec<Diagnostic>,
) -> BTreeMap<Span, FileTable> {
    let mut tables = BTreeMap::new();
    for document in documents {
        let items = document
            .document()
            .block()
            .flat_map(|block| block.item().collect::<Vec<_>>());
        for item in items {
            let Item::TableItem(node) = &item else { continue };
            let Some(path) = node.file() else { continue };
            let place = |range: TextRange| Span::new(document.file, range.start().into(), range.end().into());
            match table(node, &path.value(), data, sources) {
                Ok((table, said)) => {
                    findings.extend(said);
                    tables.insert(place(node.range()), table);
                }
                Err(reason) => findings.push(Diagnostic::new(Code::TableFile, place(path.range()), reason).help(
                    Message::new(
                        "the path is inside the package, with `/`; the first row names the columns",
                        "路径相对于规则包，用 `/`；首行为列名",
                    ),
                )),
            }
        }
    }
    tables
}

fn table(
    node: &ast::TableItem,
    path: &str,
    data: &BTreeMap<String, FileId>,
    sources: &Sources,
) -> Result<(FileTable, Vec<Diagnostic>), Message> {
    let said = |en: &str, zh: &str| Message::new(format!("{path}: {en}"), format!("{path}：{zh}"));
    let id = *data.get(path).ok_or_else(|| {
        Message::new(
            format!("the package has no file {path}"),
            format!("规则包中没有文件 {path}"),
        )
    })?;
    let written = sources.get(id).map_or("", |file| file.text());
    let (item, language) = as_table_item(node).ok_or_else(|| {
        said(
            "the item that reads the file cannot be read",
            "引用该文件的条目无法读取",
        )
    })?;
    let front = if language == Language::Chinese {
        "---\nrules: zh\n---\n\n"
    } else {
        ""
    };
    let mut text = format!("{front}```meed\n{item}\n```\n\n");
    let mut cells = Cells::new(id);
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .from_reader(written.as_bytes());
    for (number, record) in reader.records().enumerate() {
        let record = record.map_err(|error| said(&error.to_string(), &format!("无法读取：{error}")))?;
        if number > MOST_ROWS {
            return Err(said(
                &format!("a table has at most {MOST_ROWS} rows"),
                &format!("表格最多 {MOST_ROWS} 行"),
            ));
        }
        let start = record.position().map_or(0, csv::Position::byte);
        let raw = cells::fields(written, usize::try_from(start).unwrap_or(usize::MAX));
        for (index, cell) in record.iter().enumerate() {
            text.push_str("| ");
            let begin = text.len();
            text.push_str(&cell.trim().replace('|', "\\|"));
            cells.push(begin..text.len(), raw.get(index), text.get(begin..), written);
            text.push(' ');
        }
        text.push_str("|\n");
        if number == 0 {
            let _ = writeln!(text, "|{}", "---|".repeat(record.len()));
        }
    }
    let tree = meed_syntax::parse(&text);
    if table_of(&tree).is_none() {
        return Err(said("there are no rows below the columns' names", "列名之下没有内容"));
    }
    let mut findings = tree.diagnostics(id);
    findings.iter_mut().for_each(|finding| cells.relocate(finding));
    let cells = Arc::new(cells);
    Ok((FileTable { tree, cells }, findings))
}

/// The table below the only block.
fn table_of(tree: &Parse) -> Option<ast::Table> {
    tree.document().block().next()?.table()
}

/// The item with `from table` in place of its file, and the language it is written in.
fn as_table_item(node: &ast::TableItem) -> Option<(String, Language)> {
    let text = node.syntax().text().to_string();
    let path = node.file()?.range();
    let offset = |at: u32| usize::try_from(at.saturating_sub(node.range().start().into())).ok();
    let before = text.get(..offset(path.start().into())?)?.trim_end();
    let after = text.get(offset(path.end().into())?..)?;
    [Language::English, Language::Chinese].into_iter().find_map(|language| {
        let head = before.strip_suffix(Phrase::FromFile.spelling(language))?;
        Some((
            format!("{head}{}{after}", Phrase::FromTable.spelling(language)),
            language,
        ))
    })
}
