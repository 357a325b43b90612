//! The front matter: the small part of YAML that a document's head needs, with the place of every key and value.

use std::ops::Range;

use crate::diagnostic::Code;
use crate::error::SyntaxError;
use crate::kind::SyntaxKind;
use crate::phrases::Language;
use crate::tree::Builder;
use crate::words;

const KEYS: &[&str] = &[
    "title", "number", "issuer", "issued", "in_force", "source", "rules", "replaces", "amends", "repeals",
];
const LANGUAGES: &[&str] = &["zh", "en"];

/// What the head of a document says to those who read on.
pub(crate) struct Head {
    /// The byte after it.
    pub(crate) end: usize,
    pub(crate) language: Language,
}

/// Puts the front matter into the tree, if the document begins with `---`.
pub(crate) fn parse(text: &str, builder: &mut Builder, errors: &mut Vec<SyntaxError>) -> Option<Head> {
    let mut lines = lines(text);
    let opening = lines.next()?;
    if text.get(opening.clone())?.trim_start_matches('\u{feff}').trim_end() != "---" {
        return None;
    }
    let mut reader = Reader {
        text,
        at: 0,
        builder,
        errors,
        language: Language::English,
        closes_at: None,
    };
    reader.builder.start_node(SyntaxKind::FRONT_MATTER);
    reader.token(SyntaxKind::FENCE, opening.end);
    let mut seen: Vec<String> = Vec::new();
    let mut closed = false;
    let mut lines = lines.peekable();
    while let Some(line) = lines.next() {
        let words = text.get(line.clone()).unwrap_or("");
        if matches!(words.trim_end(), "---" | "...") {
            reader.token(SyntaxKind::FENCE, line.end);
            closed = true;
            break;
        }
        if words.trim().is_empty() || words.trim_start().starts_with('#') {
            reader.token(SyntaxKind::COMMENT, line.end);
            continue;
        }
        let mut items = Vec::new();
        while let Some(item) = lines.next_if(|next| is_list_item(text.get((*next).clone()).unwrap_or(""))) {
            items.push(item);
        }
        reader.entry(line, &items, &mut seen);
    }
    if !closed {
        let message = ("the front matter has no closing `---`", "文件头没有结束的 `---`");
        reader.errors.push(SyntaxError::new(
            Code::UnclosedFrontMatter,
            opening.start,
            opening.end,
            message,
        ));
    }
    reader.builder.finish_node();
    Some(Head {
        end: reader.at,
        language: reader.language,
    })
}

fn is_list_item(line: &str) -> bool {
    line.trim_start().starts_with("- ")
}

/// The bytes of each line with its end.
fn lines(text: &str) -> impl Iterator<Item = Range<usize>> {
    let mut at: usize = 0;
    text.split_inclusive('\n').map(move |line| {
        let start = at;
        at = at.saturating_add(line.len());
        start..at
    })
}

struct Reader<'t, 'e> {
    text: &'t str,
    /// The first byte that is not in the tree yet.
    at: usize,
    builder: &'e mut Builder,
    errors: &'e mut Vec<SyntaxError>,
    language: Language,
    /// Where the value being read ends.
    closes_at: Option<usize>,
}

impl<'t> Reader<'t, '_> {
    fn slice(&self, range: Range<usize>) -> &'t str {
        self.text.get(range).unwrap_or("")
    }

    fn token(&mut self, kind: SyntaxKind, end: usize) {
        let text = self.slice(self.at..end);
        if !text.is_empty() {
            self.builder.token(kind, text);
            self.at = end;
        }
    }

    fn error(&mut self, code: Code, range: Range<usize>, message: (String, String)) {
        self.errors
            .push(SyntaxError::new(code, range.start, range.end, message));
    }

    /// `key: value`, with the lines of a list below.
    fn entry(&mut self, line: Range<usize>, items: &[Range<usize>], seen: &mut Vec<String>) {
        let words = self.slice(line.clone());
        let Some((key, _)) = words.split_once([':', '：']) else {
            self.token(SyntaxKind::STRAY, line.end);
            let message = ("expected `key: value`".to_owned(), "此处应为 `项: 值`".to_owned());
            self.error(
                Code::BadFrontMatter,
                line.start..line.start.saturating_add(words.trim_end().len()),
                message,
            );
            for item in items {
                self.token(SyntaxKind::STRAY, item.end);
            }
            return;
        };
        let name = key.trim().to_owned();
        self.builder.start_node(SyntaxKind::FRONT_ENTRY);
        self.key(key, KEYS, seen);
        let value = trim(self.text, self.at..self.end_of_value(line.clone()));
        self.token(SyntaxKind::WHITESPACE, value.start);
        if items.is_empty() {
            self.value(&name, value);
        } else {
            self.token(SyntaxKind::STRAY, value.end);
            self.token(SyntaxKind::WHITESPACE, line.end);
            self.builder.start_node(SyntaxKind::FRONT_LIST);
            for item in items {
                self.list_line(&name, item.clone());
            }
            self.builder.finish_node();
        }
        self.builder.finish_node();
        self.token(SyntaxKind::COMMENT, items.last().map_or(line.end, |item| item.end));
    }

    /// The value ends before a comment, which follows a space.
    fn end_of_value(&self, line: Range<usize>) -> usize {
        let words = self.slice(self.at..line.end);
        let mut quote: Option<char> = None;
        let mut before = ' ';
        for (index, c) in words.char_indices() {
            match (quote, c) {
                (Some(open), c) if c == open => quote = None,
                (None, '"' | '\'') if before.is_whitespace() || "{[,".contains(before) => quote = Some(c),
                (None, '#') if before.is_whitespace() => return self.at.saturating_add(index),
                _ => {}
            }
            before = c;
        }
        line.end
    }

    /// A key up to its colon; the colon is the byte after it.
    fn key(&mut self, key: &str, known: &[&str], seen: &mut Vec<String>) {
        let range = trim(self.text, self.at..self.at.saturating_add(key.len()));
        let name = key.trim().to_owned();
        self.token(SyntaxKind::WHITESPACE, range.start);
        self.builder.start_node(SyntaxKind::FRONT_KEY);
        self.token(SyntaxKind::WORD, range.end);
        self.builder.finish_node();
        let colon = self
            .slice(self.at..self.text.len())
            .char_indices()
            .find(|(_, c)| matches!(c, ':' | '：'));
        if let Some((index, c)) = colon {
            let at = self.at.saturating_add(index);
            self.token(SyntaxKind::WHITESPACE, at);
            self.token(SyntaxKind::COLON, at.saturating_add(c.len_utf8()));
        }
        if !known.contains(&name.as_str()) {
            self.unknown(Code::UnknownFrontMatterKey, range, &name, known);
        } else if seen.contains(&name) {
            let message = (format!("`{name}` is given twice"), format!("`{name}` 重复"));
            self.error(Code::DuplicateFrontMatterKey, range, message);
        }
        seen.push(name);
    }

    fn unknown(&mut self, code: Code, range: Range<usize>, found: &str, known: &[&str]) {
        let message = (format!("`{found}` is not known here"), format!("此处没有 `{found}`"));
        let mut error = SyntaxError::new(code, range.start, range.end, message);
        let all = known.join("`, `");
        let nearest = known
            .iter()
            .map(|known| (strsim::osa_distance(found, known), *known))
            .min();
        error = match nearest {
            Some((distance, nearest)) if distance <= 2 && distance < nearest.len() => error
                .help((format!("did you mean `{nearest}`?"), format!("是否应为 `{nearest}`？")))
                .replace(nearest),
            _ => error.help((format!("there are: `{all}`"), format!("可用的有：`{all}`"))),
        };
        self.errors.push(error);
    }

    fn value(&mut self, key: &str, range: Range<usize>) {
        let text = self.slice(range.clone());
        let is_labels = matches!(key, "title" | "issuer");
        let is_list = matches!(key, "replaces" | "amends" | "repeals");
        if text.is_empty() {
            let message = (format!("`{key}` has no value"), format!("`{key}` 没有值"));
            self.error(Code::BadFrontMatterValue, self.at..self.at, message);
        } else if text.starts_with('{') && is_labels {
            self.map(range);
        } else if text.starts_with('[') && is_list {
            self.flow_list(key, range);
        } else if is_labels {
            let message = (
                format!("`{key}` is written `{{ zh: …, en: … }}`"),
                format!("`{key}` 应写作 `{{ zh: …, en: … }}`"),
            );
            self.error(Code::BadFrontMatterValue, range.clone(), message);
            self.scalar(key, range);
        } else {
            self.scalar(key, range);
        }
    }

    fn scalar(&mut self, key: &str, range: Range<usize>) {
        self.token(SyntaxKind::WHITESPACE, range.start);
        self.check(key, &range);
        self.builder.start_node(SyntaxKind::FRONT_SCALAR);
        self.token(SyntaxKind::WORD, range.end);
        self.builder.finish_node();
    }

    fn check(&mut self, key: &str, range: &Range<usize>) {
        let text = self.slice(range.clone()).trim_matches(['"', '\'']);
        match key {
            "issued" if words::date(text).is_none() => {
                self.bad_value(range, "a date such as 2023-02-20", "形如 2023-02-20 的日期")
            }
            "in_force" if !is_span(text) => {
                self.bad_value(
                    range,
                    "a span such as `2023-03-10..`, whose end is later",
                    "形如 `2023-03-10..` 的期间，且终止日在后",
                );
            }
            "source" if !["official", "secondary", "draft"].contains(&text) => {
                self.unknown(
                    Code::BadFrontMatterValue,
                    range.clone(),
                    text,
                    &["official", "secondary", "draft"],
                );
            }
            "rules" if !LANGUAGES.contains(&text) => {
                self.unknown(Code::BadFrontMatterValue, range.clone(), text, LANGUAGES);
            }
            "rules" if text == "zh" => self.language = Language::Chinese,
            "repeals" => {
                let from = text.rsplit_once(" from ").map(|(_, date)| date.trim());
                if from.is_none_or(|date| words::date(date).is_none()) {
                    self.bad_value(
                        range,
                        "`NUMBER from DATE` or `NUMBER HEADING from DATE`",
                        "`文号 from 日期` 或 `文号 标题 from 日期`",
                    );
                }
            }
            _ => {}
        }
    }

    fn bad_value(&mut self, range: &Range<usize>, en: &str, zh: &str) {
        let message = (format!("expected {en}"), format!("此处应为{zh}"));
        self.error(Code::BadFrontMatterValue, range.clone(), message);
    }

    /// `{ zh: …, en: … }`
    fn map(&mut self, range: Range<usize>) {
        self.builder.start_node(SyntaxKind::FRONT_MAP);
        let inner = self.open(&range, '}');
        let mut seen = Vec::new();
        for part in split(self.text, inner.clone()) {
            self.comma_before(&part);
            let text = self.slice(part.clone());
            let Some((key, _)) = text.split_once([':', '：']) else {
                self.token(SyntaxKind::STRAY, part.end);
                if !text.trim().is_empty() {
                    self.bad_value(&part, "`zh: …` or `en: …`", " `zh: …` 或 `en: …`");
                }
                continue;
            };
            self.builder.start_node(SyntaxKind::FRONT_ENTRY);
            self.key(key, LANGUAGES, &mut seen);
            self.scalar("", trim(self.text, self.at..part.end));
            self.builder.finish_node();
            self.token(SyntaxKind::WHITESPACE, part.end);
        }
        self.close(&range, &inner);
    }

    fn flow_list(&mut self, key: &str, range: Range<usize>) {
        self.builder.start_node(SyntaxKind::FRONT_LIST);
        let inner = self.open(&range, ']');
        for part in split(self.text, inner.clone()) {
            self.comma_before(&part);
            let item = trim(self.text, part.clone());
            if !item.is_empty() {
                self.scalar(key, item);
            }
            self.token(SyntaxKind::WHITESPACE, part.end);
        }
        self.close(&range, &inner);
    }

    /// The opening bracket, and the bytes up to the closing one.
    fn open(&mut self, range: &Range<usize>, close: char) -> Range<usize> {
        let start = range.start.saturating_add(1);
        self.token(
            if close == '}' {
                SyntaxKind::L_BRACE
            } else {
                SyntaxKind::L_BRACKET
            },
            start,
        );
        let closed = self.slice(start..range.end).ends_with(close);
        self.closes_at = closed.then(|| range.end.saturating_sub(1));
        if !closed {
            let message = (
                format!("expected `{close}` at the end of the line"),
                format!("行末应有 `{close}`"),
            );
            self.error(Code::BadFrontMatterValue, range.clone(), message);
        }
        start..self.closes_at.unwrap_or(range.end)
    }

    fn close(&mut self, range: &Range<usize>, inner: &Range<usize>) {
        self.token(SyntaxKind::WHITESPACE, inner.end);
        self.token(SyntaxKind::R_BRACE, range.end);
        self.builder.finish_node();
    }

    fn comma_before(&mut self, part: &Range<usize>) {
        self.token(SyntaxKind::COMMA, part.start);
    }

    /// `- item`
    fn list_line(&mut self, key: &str, line: Range<usize>) {
        let item = trim(self.text, self.at..self.end_of_value(line.clone()));
        let after_dash = trim(
            self.text,
            item.start.saturating_add(1)..item.end.max(item.start.saturating_add(1)),
        );
        self.scalar(key, after_dash);
        self.token(SyntaxKind::COMMENT, line.end);
    }
}

fn is_span(text: &str) -> bool {
    let Some((from, to)) = text.split_once("..") else {
        return false;
    };
    let (from, to) = (from.trim(), to.trim());
    let is_end = |end: &str| end.is_empty() || words::date(end).is_some();
    let in_order = match (words::date(from), words::date(to)) {
        (Some(from), Some(to)) => from < to,
        _ => true,
    };
    is_end(from) && is_end(to) && in_order
}

fn trim(text: &str, range: Range<usize>) -> Range<usize> {
    let slice = text.get(range.clone()).unwrap_or("");
    let leading = slice.len().saturating_sub(slice.trim_start().len());
    let start = range.start.saturating_add(leading);
    start..start.saturating_add(slice.trim().len())
}

/// The parts between commas that stand in no quotes.
fn split(text: &str, range: Range<usize>) -> Vec<Range<usize>> {
    let slice = text.get(range.clone()).unwrap_or("");
    let mut parts = Vec::new();
    let mut start = range.start;
    let mut quoted = false;
    for (index, c) in slice.char_indices() {
        let at = range.start.saturating_add(index);
        match c {
            '"' => quoted = !quoted,
            ',' | '，' if !quoted => {
                parts.push(start..at);
                start = at.saturating_add(c.len_utf8());
            }
            _ => {}
        }
    }
    parts.push(start..range.end);
    parts
}
