//! Tables whose rows stand in a data file: the file is read as if its rows stood below the block, so cells are checked like any others.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use meed_syntax::ast::{self, AstNode, Item};
use meed_syntax::diagnostic::{Code, Diagnostic, FileId, Message, Sources, Span};
use meed_syntax::phrases::{Language, Phrase};

use super::PolicyDocument;

/// The most rows of a data file.
const MOST_ROWS: usize = 100_000;

/// A table read from a data file.
#[derive(Clone, Debug)]
pub struct FileTable {
    /// The file as a table, for findings.
    pub file: FileId,
    /// The table.
    pub table: ast::Table,
}

/// Tables read from files, by the item that reads them.
pub(super) fn read(
    documents: &[PolicyDocument],
    data: &BTreeMap<String, FileId>,
    sources: &mut Sources,
    findings: &mut Vec<Diagnostic>,
) -> BTreeMap<Span, FileTable> {
    let mut tables = BTreeMap::new();
    for document in documents {
        let items = document
            .document
            .block()
            .flat_map(|block| block.item().collect::<Vec<_>>());
        for item in items {
            let Item::TableItem(node) = &item else { continue };
            let Some(path) = node.file() else { continue };
            let place =
                |range: meed_syntax::TextRange| Span::new(document.file, range.start().into(), range.end().into());
            match table(node, &path.value(), data, sources) {
                Ok((table, said)) => {
                    findings.extend(said);
                    tables.insert(place(node.range()), table);
                }
                Err(reason) => findings.push(
                    Diagnostic::new(
                        Code::TableFile,
                        place(path.range()),
                        Message::new(reason.clone(), reason),
                    )
                    .help(Message::new(
                        "the path is inside the package, with `/`; the first row names the columns",
                        "路径相对于规则包，用 `/`；首行为列名",
                    )),
                ),
            }
        }
    }
    tables
}

fn table(
    node: &ast::TableItem,
    path: &str,
    data: &BTreeMap<String, FileId>,
    sources: &mut Sources,
) -> Result<(FileTable, Vec<Diagnostic>), String> {
    let file = data
        .get(path)
        .and_then(|file| sources.get(*file))
        .ok_or_else(|| format!("the package has no file {path}"))?;
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .from_reader(file.text().as_bytes());
    let (item, language) =
        as_table_item(node).ok_or_else(|| "the item that reads the file cannot be read".to_owned())?;
    let front = if language == Language::Chinese {
        "---\nrules: zh\n---\n\n"
    } else {
        ""
    };
    let mut text = format!("{front}```meed\n{item}\n```\n\n");
    for (number, record) in reader.records().enumerate() {
        let record = record.map_err(|error| format!("{path}: {error}"))?;
        if number > MOST_ROWS {
            return Err(format!("{path}: a table has at most {MOST_ROWS} rows"));
        }
        let cells: Vec<String> = record.iter().map(|cell| cell.trim().replace('|', "\\|")).collect();
        let _ = writeln!(text, "| {} |", cells.join(" | "));
        if number == 0 {
            let _ = writeln!(text, "|{}", "---|".repeat(cells.len()));
        }
    }
    let parse = meed_syntax::parse(&text);
    let file = sources.add(format!("{path} (as a table)"), text);
    let found = parse.document().block().next().and_then(|block| block.table());
    let table = found.ok_or_else(|| format!("{path}: there are no rows below the columns' names"))?;
    Ok((FileTable { file, table }, parse.diagnostics(file)))
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
