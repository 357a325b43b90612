//! From the bytes of a block or a cell to tokens. Every byte is in exactly one token.

use crate::diagnostic::Code;
use crate::error::SyntaxError;
use crate::kind::SyntaxKind;
use crate::words::{self, narrow};

/// A token and where it stands in the document.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Token<'t> {
    pub(crate) kind: SyntaxKind,
    pub(crate) text: &'t str,
    pub(crate) start: usize,
}

impl Token<'_> {
    pub(crate) fn end(&self) -> usize {
        self.start.saturating_add(self.text.len())
    }
}

/// Appends the tokens of `text`, which begins at byte `start` of the document.
pub(crate) fn lex<'t>(
    text: &'t str,
    start: usize,
    in_cell: bool,
    tokens: &mut Vec<Token<'t>>,
    errors: &mut Vec<SyntaxError>,
) {
    let mut lexer = Lexer {
        rest: text,
        at: start,
        in_cell,
        errors,
    };
    while !lexer.rest.is_empty() {
        let (before, at) = (lexer.rest, lexer.at);
        let kind = lexer.next();
        let length = before.len().saturating_sub(lexer.rest.len());
        let text = before.get(..length).unwrap_or(before);
        if matches!(kind, SyntaxKind::TEXT_TOKEN | SyntaxKind::COMMENT) {
            check_written(kind, text, at, lexer.errors);
        }
        tokens.push(Token { kind, text, start: at });
    }
}

/// Refuses characters that let a text or comment show something else than it is (<https://www.unicode.org/reports/tr55/>),
/// and unknown escapes in texts.
fn check_written(kind: SyntaxKind, text: &str, start: usize, errors: &mut Vec<SyntaxError>) {
    let mut escaped = false;
    for (index, c) in text.char_indices() {
        let at = start.saturating_add(index);
        let end = at.saturating_add(c.len_utf8());
        if matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}') {
            let message = (
                format!("an invisible character, {}", c.escape_unicode()),
                format!("不可见字符 {}", c.escape_unicode()),
            );
            errors.push(SyntaxError::new(Code::InvisibleCharacter, at, end, message).replace(""));
        }
        if escaped && !matches!(c, '"' | '\\' | '”') {
            let message = (
                format!("`\\{c}` means nothing in a text"),
                format!("文本中没有 `\\{c}` 这一写法"),
            );
            errors.push(SyntaxError::new(Code::BadEscape, at.saturating_sub(1), end, message));
        }
        escaped = kind == SyntaxKind::TEXT_TOKEN && c == '\\' && !escaped;
    }
}

struct Lexer<'t, 'e> {
    rest: &'t str,
    at: usize,
    in_cell: bool,
    errors: &'e mut Vec<SyntaxError>,
}

impl<'t> Lexer<'t, '_> {
    /// The next character, narrowed.
    fn peek(&self) -> Option<char> {
        self.rest.chars().next().map(narrow)
    }

    fn peek_after(&self, n: usize) -> Option<char> {
        self.rest.chars().nth(n).map(narrow)
    }

    fn bump(&mut self) -> Option<char> {
        let c = self.rest.chars().next()?;
        self.rest = self.rest.get(c.len_utf8()..).unwrap_or("");
        self.at = self.at.saturating_add(c.len_utf8());
        Some(narrow(c))
    }

    fn eat(&mut self, wanted: char) -> bool {
        let found = self.peek() == Some(wanted);
        if found {
            self.bump();
        }
        found
    }

    fn eat_while(&mut self, accept: impl Fn(char) -> bool) {
        self.pass(|c| accept(narrow(c)));
    }

    /// Passes all characters up to the first that is not accepted as it is written.
    fn pass(&mut self, accept: impl Fn(char) -> bool) {
        let length = self.rest.find(|c| !accept(c)).unwrap_or(self.rest.len());
        self.rest = self.rest.get(length..).unwrap_or("");
        self.at = self.at.saturating_add(length);
    }

    fn skip(&mut self, characters: usize) {
        for _ in 0..characters {
            self.bump();
        }
    }

    fn next(&mut self) -> SyntaxKind {
        let from = self.at;
        let Some(c) = self.bump() else { return SyntaxKind::END };
        match c {
            _ if self.is_space(c) => {
                let in_cell = self.in_cell;
                self.eat_while(|c| is_space(c, in_cell));
                SyntaxKind::WHITESPACE
            }
            '#' => {
                self.eat_while(|c| c != '\n' && c != '\r');
                SyntaxKind::COMMENT
            }
            '"' => self.text('"', from),
            '“' => self.text('”', from),
            '0'..='9' => self.number_or_date(c, from),
            _ if unicode_ident::is_xid_start(c) || c == '_' => {
                // A word keeps its own width: only digits and punctuation are narrowed.
                self.pass(unicode_ident::is_xid_continue);
                SyntaxKind::WORD
            }
            _ => self.punctuation(c, from),
        }
    }

    fn is_space(&self, c: char) -> bool {
        is_space(c, self.in_cell)
    }

    fn text(&mut self, close: char, from: usize) -> SyntaxKind {
        loop {
            match self.rest.chars().next() {
                None | Some('\n' | '\r') => {
                    self.errors.push(
                        SyntaxError::new(
                            Code::UnclosedText,
                            from,
                            self.at,
                            ("this text has no closing quote on its line", "文本在本行没有结束引号"),
                        )
                        .insert(self.at, close.to_string()),
                    );
                    return SyntaxKind::TEXT_TOKEN;
                }
                Some('\\') => self.skip(2),
                Some(c) => {
                    self.bump();
                    if c == close || (close == '"' && c == '＂') {
                        return SyntaxKind::TEXT_TOKEN;
                    }
                }
            }
        }
    }

    fn digits(&self, from: usize) -> usize {
        self.rest
            .chars()
            .skip(from)
            .take_while(|c| narrow(*c).is_ascii_digit())
            .take(5)
            .count()
    }

    /// After a first digit: a date, a month, a day of the year, or a number.
    fn number_or_date(&mut self, first: char, from: usize) -> SyntaxKind {
        let lead = self.digits(0).saturating_add(1);
        let separator = self.peek_after(lead.saturating_sub(1));
        let second = self.digits(lead);
        let after_second = lead.saturating_add(second);
        let third = match self.peek_after(after_second) {
            Some('-' | '月') => self.digits(after_second.saturating_add(1)),
            _ => 0,
        };
        let to_end_of_third = after_second.saturating_add(1).saturating_add(third);
        let (kind, length) = match (separator, lead, second, third) {
            (Some('-'), 4, 2, 2) => (SyntaxKind::DATE_TOKEN, to_end_of_third),
            (Some('-'), 4, 2, 0) => (SyntaxKind::YEAR_MONTH_TOKEN, after_second),
            (Some('-'), 2, 2, 0) => (SyntaxKind::MONTH_DAY_TOKEN, after_second),
            (Some('年'), 4, 1..=2, 1..=2) if self.peek_after(to_end_of_third) == Some('日') => {
                (SyntaxKind::DATE_TOKEN, to_end_of_third.saturating_add(1))
            }
            (Some('月'), 1..=2, 1..=2, 0) if self.peek_after(after_second) == Some('日') => {
                (SyntaxKind::MONTH_DAY_TOKEN, after_second.saturating_add(1))
            }
            _ => return self.number(),
        };
        let mut text = String::from(first);
        text.extend(self.rest.chars().take(length));
        self.skip(length);
        let exists = match kind {
            SyntaxKind::DATE_TOKEN => words::date(&text).is_some(),
            SyntaxKind::YEAR_MONTH_TOKEN => words::year_month(&text).is_some(),
            _ => words::month_day_parts(&text).is_some_and(|(month, day)| words::month_day(month, day).is_some()),
        };
        if !exists {
            self.errors.push(SyntaxError::new(
                Code::ImpossibleDate,
                from,
                self.at,
                (format!("there is no date `{text}`"), format!("没有 `{text}` 这一日期")),
            ));
        }
        kind
    }

    fn number(&mut self) -> SyntaxKind {
        self.eat_while(|c| c.is_ascii_digit() || c == '_');
        if self.peek() == Some('.') && self.peek_after(1).is_some_and(|c| c.is_ascii_digit()) {
            self.bump();
            self.eat_while(|c| c.is_ascii_digit() || c == '_');
        }
        self.eat_while(|c| c == '万' || c == '亿');
        self.eat('%');
        SyntaxKind::NUMBER_TOKEN
    }

    fn punctuation(&mut self, c: char, from: usize) -> SyntaxKind {
        match c {
            '(' => SyntaxKind::L_PAREN,
            ')' => SyntaxKind::R_PAREN,
            '{' => SyntaxKind::L_BRACE,
            '}' => SyntaxKind::R_BRACE,
            '[' => SyntaxKind::L_BRACKET,
            ']' => SyntaxKind::R_BRACKET,
            ',' | '、' => SyntaxKind::COMMA,
            ':' => SyntaxKind::COLON,
            '+' => SyntaxKind::PLUS,
            '-' | '−' => SyntaxKind::MINUS,
            '*' | '×' => SyntaxKind::STAR,
            '/' | '÷' => SyntaxKind::SLASH,
            '^' => SyntaxKind::CARET,
            '=' => SyntaxKind::EQ,
            '≠' => SyntaxKind::NEQ,
            '≤' => SyntaxKind::LE,
            '≥' => SyntaxKind::GE,
            '!' if self.eat('=') => SyntaxKind::NEQ,
            '>' if self.eat('=') => SyntaxKind::GE,
            '>' => SyntaxKind::GT,
            '<' if self.peek() == Some('.') && self.peek_after(1) == Some('.') => {
                self.skip(2);
                if self.eat('<') {
                    SyntaxKind::RANGE_OPEN_BOTH
                } else {
                    SyntaxKind::RANGE_OPEN_LOW
                }
            }
            '<' if self.eat('=') => SyntaxKind::LE,
            '<' => SyntaxKind::LT,
            '.' if self.eat('.') => {
                if self.eat('<') {
                    SyntaxKind::RANGE_OPEN_HIGH
                } else {
                    SyntaxKind::RANGE_OP
                }
            }
            '.' => SyntaxKind::DOT,
            _ => {
                self.errors.push(SyntaxError::new(
                    Code::BadCharacter,
                    from,
                    self.at,
                    (
                        format!("`{}` means nothing in a rule", c.escape_debug()),
                        format!("规则中不能使用 `{}`", c.escape_debug()),
                    ),
                ));
                SyntaxKind::STRAY
            }
        }
    }
}

/// In a cell, the marks of code and of an escaped bar are no part of the rule.
fn is_space(c: char, in_cell: bool) -> bool {
    c.is_whitespace() || c == '\u{feff}' || (in_cell && (c == '`' || c == '\\'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use SyntaxKind::*;

    fn kinds(text: &str) -> Vec<SyntaxKind> {
        let (mut tokens, mut errors) = (Vec::new(), Vec::new());
        lex(text, 0, false, &mut tokens, &mut errors);
        assert_eq!(tokens.iter().map(|token| token.text).collect::<String>(), text);
        tokens
            .iter()
            .map(|token| token.kind)
            .filter(|kind| *kind != WHITESPACE)
            .collect()
    }

    #[test]
    fn dates_months_and_numbers_are_told_apart() {
        assert_eq!(kinds("2023-03-10.."), [DATE_TOKEN, RANGE_OP]);
        assert_eq!(
            kinds("2023-03 04-25 1 - 2 10 1.5"),
            [
                YEAR_MONTH_TOKEN,
                MONTH_DAY_TOKEN,
                NUMBER_TOKEN,
                MINUS,
                NUMBER_TOKEN,
                NUMBER_TOKEN,
                NUMBER_TOKEN
            ]
        );
        assert_eq!(kinds("2023年3月10日 4月25日"), [DATE_TOKEN, MONTH_DAY_TOKEN]);
        assert_eq!(
            kinds("50万元 3年 1..<5"),
            [
                NUMBER_TOKEN,
                WORD,
                NUMBER_TOKEN,
                WORD,
                NUMBER_TOKEN,
                RANGE_OPEN_HIGH,
                NUMBER_TOKEN
            ]
        );
    }

    #[test]
    fn full_width_is_read_like_ascii() {
        assert_eq!(
            kinds("（ａ，５％）≥＜＝"),
            [L_PAREN, WORD, COMMA, NUMBER_TOKEN, R_PAREN, GE, LE]
        );
    }

    #[test]
    fn an_open_text_ends_with_its_line() {
        let (mut tokens, mut errors) = (Vec::new(), Vec::new());
        lex("\"a\nb", 10, false, &mut tokens, &mut errors);
        assert_eq!(errors.len(), 1);
        assert_eq!(tokens.last().map(|token| (token.kind, token.start)), Some((WORD, 13)));
    }
}
