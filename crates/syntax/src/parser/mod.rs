//! The parser: recursive descent over the tokens of one block or cell, writing straight into the document's tree.
//!
//! It never loses a token: what does not fit goes into an `ERROR` node, and parsing continues with the next clause or item.

mod cases;
mod cells;
mod clauses;
mod expressions;
mod items;
mod measures;
mod recovery;
mod tables;
mod vocabulary;
mod words;

pub(crate) use cells::{Column, columns, heads_are_names};

use crate::diagnostic::{Code, Message};
use crate::error::SyntaxError;
use crate::kind::SyntaxKind;
use crate::lexer::Token;
use crate::phrases::{Language, Phrase, nfc, starting_with};
use crate::tree::{Builder, Checkpoint};

/// How deep brackets, conditions and data may nest.
const DEPTH_LIMIT: u32 = 100;
/// How high an expression's tree may grow, also by a chain such as `a + b + …`.
const HEIGHT_LIMIT: u32 = 200;

/// A token that rules see, with what the grammar asks about it.
struct Word {
    /// Its place among all tokens.
    token: usize,
    /// Whether a line break stands before it.
    starts_line: bool,
    /// Whether nothing but the block's own indentation stands before it on its line.
    at_margin: bool,
    /// The longest keyword phrase that begins here, and its number of words.
    phrase: Option<(Phrase, usize)>,
}

pub(crate) struct Parser<'t, 'b> {
    tokens: Vec<Token<'t>>,
    words: Vec<Word>,
    /// The current word.
    at: usize,
    /// How many tokens are in the tree.
    written: usize,
    builder: &'b mut Builder,
    errors: &'b mut Vec<SyntaxError>,
    language: Language,
    /// Whether a line break ends an expression.
    lines_count: bool,
    /// Whether `word:` is a label here, so that `word` is no unit.
    labels_follow: bool,
    depth: u32,
    /// The height of the highest expression finished since this was last set to 0.
    tallest: u32,
    /// Limits were exceeded: the rest is skipped.
    gave_up: bool,
    /// The word at which the last error was reported; one error a word is enough.
    reported: Option<usize>,
}

impl<'t, 'b> Parser<'t, 'b> {
    pub(crate) fn new(
        tokens: Vec<Token<'t>>,
        language: Language,
        builder: &'b mut Builder,
        errors: &'b mut Vec<SyntaxError>,
    ) -> Self {
        let words = words_of(&tokens, language);
        Parser {
            tokens,
            words,
            at: 0,
            written: 0,
            builder,
            errors,
            language,
            lines_count: true,
            labels_follow: true,
            depth: 0,
            tallest: 0,
            gave_up: false,
            reported: None,
        }
    }

    // ---- looking

    fn token(&self, ahead: usize) -> Option<&Token<'t>> {
        if self.gave_up {
            return None;
        }
        self.words
            .get(self.at.saturating_add(ahead))
            .and_then(|word| self.tokens.get(word.token))
    }

    fn nth(&self, ahead: usize) -> SyntaxKind {
        self.token(ahead).map_or(SyntaxKind::END, |token| token.kind)
    }

    fn kind(&self) -> SyntaxKind {
        self.nth(0)
    }

    fn at(&self, kind: SyntaxKind) -> bool {
        self.kind() == kind
    }

    fn word(&self, ahead: usize) -> Option<&Word> {
        if self.gave_up {
            None
        } else {
            self.words.get(self.at.saturating_add(ahead))
        }
    }

    fn starts_line(&self, ahead: usize) -> bool {
        self.word(ahead).is_none_or(|word| word.starts_line)
    }

    fn phrase_at(&self, ahead: usize) -> Option<Phrase> {
        self.word(ahead).and_then(|word| word.phrase).map(|(phrase, _)| phrase)
    }

    fn phrase(&self) -> Option<Phrase> {
        self.phrase_at(0)
    }

    fn at_phrase(&self, phrase: Phrase) -> bool {
        self.phrase() == Some(phrase)
    }

    fn at_any(&self, phrases: &[Phrase]) -> bool {
        self.phrase().is_some_and(|phrase| phrases.contains(&phrase))
    }

    /// How many words the phrase here has; 1 where there is none.
    fn phrase_length(&self) -> usize {
        self.word(0)
            .and_then(|word| word.phrase)
            .map_or(1, |(_, length)| length)
    }

    fn at_label(&self) -> bool {
        self.at(SyntaxKind::WORD) && self.nth(1) == SyntaxKind::COLON
    }

    // ---- writing

    /// Puts the trivia before the current word into the tree.
    fn flush(&mut self) {
        let until = match self.words.get(self.at) {
            Some(word) if !self.gave_up => word.token,
            _ => self.written,
        };
        self.write_until(until);
    }

    fn write_until(&mut self, until: usize) {
        while self.written < until {
            let Some(token) = self.tokens.get(self.written) else {
                return;
            };
            self.builder.token(token.kind, token.text);
            self.written = self.written.saturating_add(1);
        }
    }

    fn bump(&mut self) {
        if self.gave_up {
            return;
        }
        if let Some(word) = self.words.get(self.at) {
            let until = word.token.saturating_add(1);
            self.write_until(until);
            self.at = self.at.saturating_add(1);
        }
    }

    fn eat(&mut self, kind: SyntaxKind) -> bool {
        let found = self.at(kind);
        if found {
            self.bump();
        }
        found
    }

    fn node(&mut self, kind: SyntaxKind, parts: impl FnOnce(&mut Self)) {
        self.flush();
        self.builder.start_node(kind);
        parts(self);
        self.builder.finish_node();
    }

    fn checkpoint(&mut self) -> Checkpoint {
        self.flush();
        self.builder.checkpoint()
    }

    /// A node around everything since the checkpoint, and the further parts.
    fn wrap(&mut self, checkpoint: Checkpoint, kind: SyntaxKind, parts: impl FnOnce(&mut Self)) {
        self.builder.start_node_at(checkpoint, kind);
        parts(self);
        self.builder.finish_node();
    }

    /// The keyword phrase here.
    fn keyword(&mut self) {
        let length = self.phrase_length();
        self.node(SyntaxKind::KEYWORD, |p| {
            for _ in 0..length {
                p.bump();
            }
        });
    }

    fn eat_phrase(&mut self, phrase: Phrase) -> bool {
        let found = self.at_phrase(phrase);
        if found {
            self.keyword();
        }
        found
    }

    fn eat_any(&mut self, phrases: &[Phrase]) -> bool {
        let found = self.at_any(phrases);
        if found {
            self.keyword();
        }
        found
    }

    /// Whatever is left goes into an `ERROR` node, trivia after it stands alone.
    pub(crate) fn finish(mut self) {
        self.gave_up = false;
        if self.at < self.words.len() {
            self.node(SyntaxKind::ERROR, |p| {
                while p.at < p.words.len() {
                    p.bump();
                }
            });
        }
        self.write_until(self.tokens.len());
    }

    // ---- limits

    /// Runs a part that nests, unless it is nested too deeply already.
    fn nested(&mut self, parts: impl FnOnce(&mut Self)) {
        if self.depth >= DEPTH_LIMIT {
            self.give_up();
            return;
        }
        self.depth = self.depth.saturating_add(1);
        parts(self);
        self.depth = self.depth.saturating_sub(1);
    }

    fn give_up(&mut self) {
        if self.gave_up {
            return;
        }
        let message = Message::new("this is nested too deeply", "此处嵌套过深");
        let help = Message::new("split it with `define`", "请用“定义”拆分");
        let (start, end) = self.place();
        self.errors
            .push(SyntaxError::new(Code::DepthLimit, start, end, message).help(help));
        self.gave_up = true;
    }

    /// The bytes of the current token, or the end of the last one.
    fn place(&self) -> (usize, usize) {
        match self.token(0) {
            Some(token) => (token.start, token.end()),
            None => {
                let end = self
                    .words
                    .last()
                    .and_then(|word| self.tokens.get(word.token))
                    .map_or_else(|| self.tokens.first().map_or(0, |token| token.start), Token::end);
                (end, end)
            }
        }
    }
}

fn words_of(tokens: &[Token<'_>], language: Language) -> Vec<Word> {
    let mut words = Vec::with_capacity(tokens.len() / 2);
    let (mut starts_line, mut at_margin) = (true, true);
    for (index, token) in tokens.iter().enumerate() {
        match token.kind {
            SyntaxKind::LINE_PREFIX => {}
            kind if kind.is_trivia() => {
                if let Some((_, after)) = token.text.rsplit_once('\n') {
                    starts_line = true;
                    at_margin = after.is_empty();
                } else if token.kind == SyntaxKind::WHITESPACE {
                    at_margin = false;
                }
            }
            _ => {
                words.push(Word {
                    token: index,
                    starts_line,
                    at_margin,
                    phrase: None,
                });
                (starts_line, at_margin) = (false, false);
            }
        }
    }
    for index in 0..words.len() {
        let mut phrase = longest_phrase(tokens, words.get(index..).unwrap_or(&[]), language);
        let before = index.checked_sub(1).and_then(|before| words.get(before)?.phrase);
        // `rounded up to 1 CNY` names a direction and a step, no ceiling.
        if let (Some((Phrase::Rounded, _)), Some((Phrase::UpTo, _))) = (before, phrase) {
            phrase = Some((Phrase::Up, 1));
        }
        if let Some(word) = words.get_mut(index) {
            word.phrase = phrase;
        }
    }
    words
}

/// The longest phrase whose words stand here on one line.
fn longest_phrase(tokens: &[Token<'_>], words: &[Word], language: Language) -> Option<(Phrase, usize)> {
    let text = |word: &Word| {
        tokens
            .get(word.token)
            .filter(|token| token.kind == SyntaxKind::WORD)
            .map(|token| token.text)
    };
    starting_with(&nfc(text(words.first()?)?), language)
        .iter()
        .find_map(|phrase| {
            let mut length: usize = 0;
            for part in phrase.spelling(language).split(' ') {
                let word = words.get(length)?;
                let stands_here = length == 0 || (!word.starts_line && text(word) == Some(part));
                if !stands_here {
                    return None;
                }
                length = length.checked_add(1)?;
            }
            Some((*phrase, length))
        })
}
