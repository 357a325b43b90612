//! What happens where the document does not fit the grammar: say what was expected, suggest, and find the next place to go on.

use super::Parser;
use crate::diagnostic::{Code, Message};
use crate::error::SyntaxError;
use crate::kind::SyntaxKind;
use crate::phrases::{Language, Phrase};

/// The keywords that begin an item.
pub(super) const ITEMS: &[Phrase] = &[
    Phrase::Entity,
    Phrase::FactsOf,
    Phrase::Enumeration,
    Phrase::Agency,
    Phrase::Unit,
    Phrase::Title,
    Phrase::Measure,
    Phrase::Service,
    Phrase::Parameter,
    Phrase::Define,
    Phrase::Except,
    Phrase::Exceptions,
    Phrase::Presume,
    Phrase::Category,
    Phrase::Combine,
    Phrase::Fund,
    Phrase::Table,
    Phrase::Score,
    Phrase::ScaleMarginal,
    Phrase::ScaleStepped,
    Phrase::Sheet,
    Phrase::Case,
    Phrase::CasesOf,
    Phrase::Amend,
    Phrase::NoRule,
];

impl Parser<'_, '_> {
    /// Reports that something else was expected here.
    pub(super) fn expected(&mut self, en: &str, zh: &str) {
        self.report(Code::UnexpectedToken, en, zh);
    }

    pub(super) fn report(&mut self, code: Code, en: &str, zh: &str) {
        let found = self.token(0).map(|token| token.text.to_owned());
        let message = match found {
            Some(found) => Message::new(
                format!("expected {en}, found `{found}`"),
                format!("此处应为{zh}，而不是 `{found}`"),
            ),
            None => Message::new(
                format!("expected {en}, but the rules end here"),
                format!("此处应为{zh}，但规则到此结束"),
            ),
        };
        self.push(code, message, None);
    }

    fn push(&mut self, code: Code, message: Message, suggestion: Option<String>) {
        // A stray character was reported by the lexer.
        if self.gave_up || self.reported == Some(self.at) || self.at(SyntaxKind::STRAY) {
            return;
        }
        self.reported = Some(self.at);
        let (start, end) = self.place();
        let mut error = SyntaxError::new(code, start, end, message);
        if let Some(suggestion) = suggestion {
            error = error
                .help((
                    format!("did you mean `{suggestion}`?"),
                    format!("是否应为 `{suggestion}`？"),
                ))
                .replace(suggestion);
        }
        self.errors.push(error);
    }

    pub(super) fn expect(&mut self, kind: SyntaxKind) -> bool {
        let found = self.eat(kind);
        if !found {
            let wanted = kind.punctuation().unwrap_or("…");
            self.expected(&format!("`{wanted}`"), &format!(" `{wanted}`"));
        }
        found
    }

    pub(super) fn expect_phrase(&mut self, phrase: Phrase) -> bool {
        let found = self.eat_phrase(phrase);
        if !found {
            self.expected_keyword(&[phrase]);
        }
        found
    }

    pub(super) fn expect_any(&mut self, phrases: &[Phrase]) -> bool {
        let found = self.eat_any(phrases);
        if !found {
            self.expected_keyword(phrases);
        }
        found
    }

    /// Reports that one of some keywords was expected, with the nearest one.
    pub(super) fn expected_keyword(&mut self, phrases: &[Phrase]) {
        const MOST_NAMED: usize = 4;
        let spelled: Vec<&str> = phrases.iter().map(|phrase| phrase.spelling(self.language)).collect();
        if let Some((code, nearest)) = self.nearest(phrases) {
            let found = self.token(0).map_or("", |token| token.text).to_owned();
            let message = Message::new(format!("unknown keyword `{found}`"), format!("没有关键词 `{found}`"));
            self.push(code, message, Some(nearest.to_owned()));
        } else if spelled.len() <= MOST_NAMED {
            let (en, zh) = (spelled.join("`, `"), spelled.join("`、`"));
            self.expected(&format!("`{en}`"), &format!(" `{zh}`"));
        } else {
            self.expected("a keyword that fits here", "适用于此处的关键词");
        }
    }

    /// The phrase that the words here nearly are, or are in the other language.
    fn nearest(&self, phrases: &[Phrase]) -> Option<(Code, &'static str)> {
        if !self.at(SyntaxKind::WORD) {
            return None;
        }
        let other = match self.language {
            Language::English => Language::Chinese,
            Language::Chinese => Language::English,
        };
        let found = self.token(0)?.text;
        let first_word = |spelling: &'static str| spelling.split(' ').next().unwrap_or(spelling);
        if let Some(phrase) = phrases
            .iter()
            .find(|phrase| first_word(phrase.spelling(other)) == found)
        {
            return Some((Code::WrongLanguage, phrase.spelling(self.language)));
        }
        phrases
            .iter()
            .map(|phrase| phrase.spelling(self.language))
            .map(|spelling| (strsim::osa_distance(found, first_word(spelling)), spelling))
            .filter(|(distance, spelling)| {
                *distance
                    <= spelling
                        .chars()
                        .count()
                        .saturating_add(1)
                        .checked_div(3)
                        .unwrap_or(0)
                        .clamp(1, 3)
                    && *distance < found.chars().count()
            })
            .min()
            .map(|(_, spelling)| (Code::UnknownKeyword, spelling))
            .or_else(|| {
                // A clause that began before ends where its word is not known, and the list at hand does not have it.
                let phrase = Phrase::from_spelling_in(found, other)?;
                Some((Code::WrongLanguage, phrase.spelling(self.language)))
            })
    }

    /// An item keyword at the margin: the bracket before it was never closed.
    pub(super) fn at_next_item(&self) -> bool {
        self.at_any(ITEMS)
            && self.word(0).is_some_and(|word| word.starts_line && word.at_margin)
            && !self.at_label()
            && matches!(
                self.nth(self.phrase_length()),
                SyntaxKind::WORD | SyntaxKind::TEXT_TOKEN
            )
    }

    pub(super) fn at_end(&self) -> bool {
        self.at(SyntaxKind::END)
    }

    /// Skips what does not fit, up to a line that begins with one of the phrases, a closing brace, or the next item.
    pub(super) fn skip_to(&mut self, phrases: &[Phrase]) {
        if self.at_end() {
            return;
        }
        let mut open: u32 = 0;
        self.node(SyntaxKind::ERROR, |p| {
            loop {
                match p.kind() {
                    SyntaxKind::L_BRACE => open = open.saturating_add(1),
                    SyntaxKind::R_BRACE => open = open.saturating_sub(1),
                    _ => {}
                }
                p.bump();
                let closes = open == 0 && p.at(SyntaxKind::R_BRACE);
                let continues = open == 0 && p.starts_line(0) && (p.at_any(phrases) || p.at_label());
                if p.at_end() || closes || continues || p.at_next_item() {
                    break;
                }
            }
        });
    }

    /// `{ part* }`, where `part` answers whether it knew what stood there.
    pub(super) fn braces(&mut self, phrases: &[Phrase], mut part: impl FnMut(&mut Self) -> bool) {
        let (open, _) = self.place();
        if !self.expect(SyntaxKind::L_BRACE) {
            return;
        }
        let lines_count = std::mem::replace(&mut self.lines_count, true);
        let labels_follow = std::mem::replace(&mut self.labels_follow, true);
        while !self.at(SyntaxKind::R_BRACE) {
            if self.at_end() || self.at_next_item() {
                self.unclosed(open);
                break;
            }
            let before = self.at;
            if !part(self) {
                self.expected_keyword(phrases);
                self.skip_to(phrases);
            } else if self.at == before {
                self.skip_to(phrases);
            }
        }
        self.lines_count = lines_count;
        self.labels_follow = labels_follow;
        self.eat(SyntaxKind::R_BRACE);
    }

    fn unclosed(&mut self, open: usize) {
        if self.gave_up {
            return;
        }
        let message = Message::new("this `{` is not closed", "这个 `{` 没有配对的 `}`");
        self.errors.push(SyntaxError::new(
            Code::UnclosedBracket,
            open,
            open.saturating_add(1),
            message,
        ));
    }
}
