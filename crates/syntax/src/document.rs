//! A whole document: its front matter, headings, blocks and tables put together to one tree that holds every byte.

use std::ops::Range;

use text_size::TextSize;

use crate::ast::{AstNode, Block, Document, Item};
use crate::diagnostic::{Code, Diagnostic, FileId};
use crate::error::SyntaxError;
use crate::front_matter;
use crate::kind::SyntaxKind;
use crate::lexer::{Token, lex};
use crate::markdown::{Region, Row, regions};
use crate::parser::{Column, Parser, columns, heads_are_names};
use crate::phrases::{Language, Phrase};
use crate::threads;
use crate::tree::{Builder, Checkpoint, SyntaxNode, Tree};

/// The most bytes of a document.
const SIZE_LIMIT: usize = 4 * 1024 * 1024;
/// As many bytes of documents take about a millisecond to read.
const WORTH_A_THREAD: usize = 50_000;

/// A document's tree and what is wrong in it. It may go to any thread; its nodes keep to the one that asked for them.
#[derive(Clone, Debug)]
pub struct Parse {
    tree: Tree,
    language: Language,
    errors: Vec<SyntaxError>,
}

/// Reads a document. Every byte of it is in the tree, whatever is wrong with it; all errors come at once, in order.
#[must_use]
pub fn parse(text: &str) -> Parse {
    let mut assembly = Assembly {
        text,
        at: 0,
        builder: Builder::default(),
        errors: Vec::new(),
        language: Language::English,
    };
    assembly.builder.start_node(SyntaxKind::DOCUMENT);
    if text.len() > SIZE_LIMIT {
        let message = ("a document has at most 4 MiB", "文件不得超过 4 MiB");
        assembly.errors.push(SyntaxError::new(Code::SizeLimit, 0, 0, message));
    } else {
        assembly.errors.extend(lone_return(text));
        assembly.parts();
    }
    assembly.prose_until(text.len());
    assembly.builder.finish_node();
    let mut errors = assembly.errors;
    errors.sort_by_key(|error| (error.start, error.end));
    Parse {
        tree: assembly.builder.finish(text),
        language: assembly.language,
        errors,
    }
}

/// Reads several documents, on all processors where there is enough to read. The answers stand in the order of the texts.
#[must_use]
pub fn parse_all(texts: &[&str]) -> Vec<Parse> {
    let worthwhile = texts.iter().map(|text| text.len()).sum::<usize>() / WORTH_A_THREAD;
    let helpers = threads::helpers(worthwhile);
    let read = |text: &&str| parse(text);
    threads::in_order(texts, helpers, || read, read)
}

/// A carriage return without a line feed ends a line for some readers and not for others: what one takes for rules is prose to another.
fn lone_return(text: &str) -> Option<SyntaxError> {
    let mut returns = text.match_indices('\r').map(|(at, _)| (at, at.saturating_add(1)));
    let (at, end) = returns.find(|(_, end)| !text.get(*end..).unwrap_or("").starts_with('\n'))?;
    let message = (
        "a carriage return without a line feed is no end of a line here",
        "此处只有回车符而没有换行符，不算一行的结束",
    );
    let help = (
        "save the file with the line ends LF or CRLF",
        "请以 LF 或 CRLF 为行尾保存文件",
    );
    Some(SyntaxError::new(Code::InvisibleCharacter, at, end, message).help(help))
}

impl Parse {
    /// The root of the tree.
    #[must_use]
    pub fn syntax(&self) -> SyntaxNode {
        self.tree.root()
    }

    /// The document.
    #[must_use]
    #[expect(clippy::expect_used, reason = "the root is made as a document in this file")]
    pub fn document(&self) -> Document {
        Document::cast(self.syntax()).expect("the root is a document")
    }

    /// The language of the document's keywords.
    #[must_use]
    pub fn language(&self) -> Language {
        self.language
    }

    /// What is wrong, in the order of the document.
    #[must_use]
    pub fn errors(&self) -> &[SyntaxError] {
        &self.errors
    }

    /// What is wrong, in a file.
    #[must_use]
    pub fn diagnostics(&self, file: FileId) -> Vec<Diagnostic> {
        self.errors.iter().map(|error| error.diagnostic(file)).collect()
    }
}

struct Assembly<'t> {
    text: &'t str,
    /// The first byte that is not in the tree yet.
    at: usize,
    builder: Builder,
    errors: Vec<SyntaxError>,
    language: Language,
}

impl<'t> Assembly<'t> {
    fn slice(&self, range: Range<usize>) -> &'t str {
        self.text.get(range).unwrap_or("")
    }

    fn parts(&mut self) {
        if let Some(head) = front_matter::parse(self.text, &mut self.builder, &mut self.errors) {
            self.language = head.language;
            self.at = head.end;
        }
        // The item that the last block ended with, if it reads a table, and that block's first byte.
        let mut reader: Option<(Item, usize)> = None;
        for region in regions(self.text, self.at) {
            let bytes = region.bytes();
            if bytes.start < self.at {
                continue;
            }
            self.prose_until(bytes.start);
            let is_table = matches!(region, Region::Table { .. });
            let waiting = reader.take();
            if let (Some((item, block_start)), false) = (&waiting, is_table) {
                self.table_missing(item, *block_start);
            }
            match region {
                Region::Heading { bytes, words } => self.heading(&bytes, &words),
                Region::Block { bytes, content } => {
                    let before = self.builder.checkpoint();
                    self.block(&bytes, &content);
                    reader = self.reader(before, &bytes).map(|item| (item, bytes.start));
                }
                Region::Table { bytes, rows } => self.table(&bytes, &rows, waiting.map(|(item, _)| item).as_ref()),
            }
            self.at = bytes.end;
        }
        if let Some((item, block_start)) = reader {
            self.table_missing(&item, block_start);
        }
    }

    fn prose_until(&mut self, end: usize) {
        self.token(SyntaxKind::PROSE, self.at..end);
        self.at = self.at.max(end);
    }

    fn token(&mut self, kind: SyntaxKind, range: Range<usize>) {
        let text = self.slice(range);
        if !text.is_empty() {
            self.builder.token(kind, text);
        }
    }

    fn heading(&mut self, bytes: &Range<usize>, words: &Range<usize>) {
        self.builder.start_node(SyntaxKind::HEADING);
        self.token(SyntaxKind::HEADING_MARK, bytes.start..words.start);
        self.token(SyntaxKind::HEADING_TEXT, words.clone());
        self.token(SyntaxKind::HEADING_MARK, words.end..bytes.end);
        self.builder.finish_node();
    }

    fn block(&mut self, bytes: &Range<usize>, content: &[Range<usize>]) {
        let mut tokens = Vec::new();
        let mut at = bytes.start;
        for line in content {
            let kind = if at == bytes.start {
                SyntaxKind::FENCE
            } else {
                SyntaxKind::WHITESPACE
            };
            self.gap(at..line.start, kind, &mut tokens);
            lex(
                self.slice(line.clone()),
                line.start,
                false,
                &mut tokens,
                &mut self.errors,
            );
            at = line.end;
        }
        let closing = self.slice(at..bytes.end);
        // Without content the opening fence is part of what is left.
        let last_line = if content.is_empty() {
            closing.split_once('\n').map_or("", |(_, rest)| rest)
        } else {
            closing
        };
        if !last_line.contains("```") && !last_line.contains("~~~") {
            let message = ("this block of rules is not closed", "这个规则块没有结束标记");
            let end = bytes
                .start
                .saturating_add(self.slice(bytes.clone()).lines().next().map_or(0, str::len));
            self.errors
                .push(SyntaxError::new(Code::UnclosedFence, bytes.start, end, message));
        }
        push(&mut tokens, SyntaxKind::FENCE, closing, at);
        self.builder.start_node(SyntaxKind::BLOCK);
        let mut parser = Parser::new(tokens, self.language, &mut self.builder, &mut self.errors);
        parser.items();
        parser.finish();
        self.builder.finish_node();
    }

    /// What stands between two lines of rules: the end of the first, and the indentation or quote marks before the second.
    fn gap(&self, range: Range<usize>, kind: SyntaxKind, tokens: &mut Vec<Token<'t>>) {
        let text = self.slice(range.clone());
        let end_of_line = text.rfind('\n').map_or(0, |newline| newline.saturating_add(1));
        let split = range.start.saturating_add(end_of_line);
        push(tokens, kind, self.slice(range.start..split), range.start);
        push(tokens, SyntaxKind::LINE_PREFIX, self.slice(split..range.end), split);
    }

    /// The item of the block made last that reads the table below it: the last one. An earlier one cannot.
    fn reader(&mut self, before: Checkpoint, bytes: &Range<usize>) -> Option<Item> {
        let block = self.builder.node_since(before, self.slice(bytes.clone()));
        let block = Block::cast(block.root())?;
        let mut items: Vec<Item> = block.item().collect();
        let last = items.pop();
        for item in items.iter().filter(|item| item.reads_table()) {
            let range = item.range();
            let shift = |at: TextSize| bytes.start.saturating_add(usize::from(at));
            let message = (
                "an item that reads a table is the last one of its block",
                "取自表格的条目应是规则块的最后一项",
            );
            self.errors.push(
                SyntaxError::new(Code::ItemAfterTable, shift(range.start()), shift(range.end()), message).help((
                    "close the block here, put the table below it, and begin a new block",
                    "在此结束规则块，其下放表格，再开始新的规则块",
                )),
            );
        }
        last.filter(Item::reads_table)
    }

    fn table_missing(&mut self, item: &Item, block_start: usize) {
        let keyword = Phrase::FromTable.spelling(self.language);
        let message = (
            format!("no table follows `{keyword}`"),
            format!("`{keyword}` 之后没有表格"),
        );
        let range = item.range();
        let shift = |at: TextSize| block_start.saturating_add(usize::from(at));
        self.errors.push(SyntaxError::new(
            Code::TableMissing,
            shift(range.start()),
            shift(range.end()),
            message,
        ));
    }

    fn table(&mut self, bytes: &Range<usize>, rows: &[Row], item: Option<&Item>) {
        self.builder.start_node(SyntaxKind::TABLE);
        let mut at = bytes.start;
        let heads: Vec<String> = rows.first().map_or_else(Vec::new, |head| {
            head.cells
                .iter()
                .map(|cell| self.slice(cell.clone()).trim().trim_matches('`').to_owned())
                .collect()
        });
        let roles = item.map_or_else(Vec::new, |item| columns(item, &heads));
        for (index, row) in rows.iter().enumerate() {
            at = self.rule(at, row.bytes.start);
            let is_head = index == 0;
            self.builder
                .start_node(if is_head { SyntaxKind::HEAD } else { SyntaxKind::ROW });
            for (column, cell) in row.cells.iter().enumerate() {
                let start = cell.start.clamp(at, bytes.end);
                at = self.rule(at, start);
                let end = cell.end.clamp(at, bytes.end);
                self.builder.start_node(SyntaxKind::CELL);
                match (item, is_head) {
                    (Some(item), true) => self.head_cell(at..end, item),
                    (Some(_), false) => {
                        self.row_cell(at..end, roles.get(column).copied().unwrap_or(Column::Words));
                    }
                    (None, _) => self.token(SyntaxKind::CELL_TEXT, at..end),
                }
                self.builder.finish_node();
                at = at.max(end);
            }
            let end = row.bytes.end.clamp(at, bytes.end);
            if item.is_some() && self.slice(at..end).contains(|c: char| !c.is_whitespace() && c != '|') {
                let message = ("this row has more cells than the table's head", "此行的单元格多于表头");
                self.errors.push(SyntaxError::new(Code::RowLength, at, end, message));
            }
            at = self.rule(at, end);
            self.builder.finish_node();
        }
        self.rule(at, bytes.end);
        self.builder.finish_node();
    }

    fn rule(&mut self, at: usize, end: usize) -> usize {
        self.token(SyntaxKind::TABLE_RULE, at..end);
        at.max(end)
    }

    fn head_cell(&mut self, range: Range<usize>, item: &Item) {
        let words = self.slice(range.clone()).trim();
        let is_keyword = Phrase::from_spelling_in(words, self.language).is_some();
        if !is_keyword && !heads_are_names(item) {
            return self.token(SyntaxKind::CELL_TEXT, range);
        }
        let tokens = self.cell_tokens(range);
        Parser::new(tokens, self.language, &mut self.builder, &mut self.errors).head_cell(heads_are_names(item));
    }

    fn row_cell(&mut self, range: Range<usize>, column: Column) {
        if column == Column::Words {
            return self.token(SyntaxKind::CELL_TEXT, range);
        }
        let tokens = self.cell_tokens(range);
        Parser::new(tokens, self.language, &mut self.builder, &mut self.errors).row_cell(column);
    }

    fn cell_tokens(&mut self, range: Range<usize>) -> Vec<Token<'t>> {
        let mut tokens = Vec::new();
        lex(
            self.slice(range.clone()),
            range.start,
            true,
            &mut tokens,
            &mut self.errors,
        );
        tokens
    }
}

fn push<'t>(tokens: &mut Vec<Token<'t>>, kind: SyntaxKind, text: &'t str, start: usize) {
    if !text.is_empty() {
        tokens.push(Token { kind, text, start });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_that_end_in_a_return_alone_are_refused_and_not_lost() {
        let text = "---\nnumber: 1\n---\n# Art\n\n```meed\nno rule: principle\n```\n";
        assert!(parse(text).errors().is_empty());
        assert!(parse(&text.replace('\n', "\r\n")).errors().is_empty());
        let errors = parse(&text.replace('\n', "\r")).errors().to_vec();
        assert!(
            errors.iter().any(|error| error.code == Code::InvisibleCharacter),
            "{errors:?}"
        );
    }
}
