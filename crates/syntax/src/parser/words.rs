//! Names, texts, numbers, dates and labels.

use super::Parser;
use crate::diagnostic::Code;
use crate::error::SyntaxError;
use crate::kind::SyntaxKind;
use crate::phrases::Phrase;
use crate::words;

impl Parser<'_, '_> {
    /// A name that is being defined. A reserved word is reported and taken.
    pub(super) fn name(&mut self) -> bool {
        self.any_name(SyntaxKind::NAME, true)
    }

    /// A name that is being used.
    pub(super) fn name_ref(&mut self) -> bool {
        self.any_name(SyntaxKind::NAME_REF, true)
    }

    /// The name of a type, where no word is reserved.
    pub(super) fn type_ref(&mut self) -> bool {
        self.any_name(SyntaxKind::NAME_REF, false)
    }

    /// A label before a colon, where no word is reserved.
    pub(super) fn label(&mut self) -> bool {
        self.any_name(SyntaxKind::NAME, false)
    }

    fn any_name(&mut self, kind: SyntaxKind, checked: bool) -> bool {
        if !self.at(SyntaxKind::WORD) {
            self.expected("a name", "名称");
            return false;
        }
        let reserved = self.phrase_length() == 1 && self.phrase().is_some_and(Phrase::is_reserved);
        if checked && reserved && self.reported != Some(self.at) {
            let (start, end) = self.place();
            let word = self.token(0).map_or("", |token| token.text);
            let message = (
                format!("`{word}` is a reserved word and cannot be a name"),
                format!("`{word}` 是保留字，不能作名称"),
            );
            self.errors
                .push(SyntaxError::new(Code::ReservedWord, start, end, message));
        }
        self.node(kind, Self::bump);
        true
    }

    /// One or more parts separated by commas.
    pub(super) fn list(&mut self, part: impl FnMut(&mut Self)) {
        self.list_before(&[], part);
    }

    /// A list that also ends at a comma before one of the phrases, which belongs to what follows.
    pub(super) fn list_before(&mut self, phrases: &[Phrase], mut part: impl FnMut(&mut Self)) {
        part(self);
        while self.at(SyntaxKind::COMMA) && !self.phrase_at(1).is_some_and(|phrase| phrases.contains(&phrase)) {
            self.bump();
            part(self);
        }
    }

    pub(super) fn name_refs(&mut self) {
        self.list(|p| {
            p.name_ref();
        });
    }

    /// A comma before one of the phrases, and the phrase; the comma may be left out if `optional_comma`.
    pub(super) fn comma_phrase(&mut self, phrases: &[Phrase]) -> bool {
        let is_one = |phrase: Option<Phrase>| phrase.is_some_and(|phrase| phrases.contains(&phrase));
        if self.at(SyntaxKind::COMMA) && is_one(self.phrase_at(1)) {
            self.bump();
        }
        self.eat_any(phrases)
    }

    pub(super) fn text(&mut self) -> bool {
        let found = self.at(SyntaxKind::TEXT_TOKEN);
        if found {
            self.node(SyntaxKind::TEXT, Self::bump);
        } else {
            self.expected("a text in quotes", "引号中的文本");
        }
        found
    }

    pub(super) fn number(&mut self) -> bool {
        if !self.at(SyntaxKind::NUMBER_TOKEN) {
            self.expected("a number", "数");
            return false;
        }
        if let Some(token) = self.token(0).copied()
            && words::number(token.text).is_none()
        {
            let message = ("this number has too many digits to be read", "此数位数过多，无法读取");
            self.errors
                .push(SyntaxError::new(Code::BadNumber, token.start, token.end(), message));
        }
        self.node(SyntaxKind::NUMBER, Self::bump);
        true
    }

    pub(super) fn date(&mut self) -> bool {
        let found = self.at(SyntaxKind::DATE_TOKEN);
        if found {
            self.node(SyntaxKind::DATE, Self::bump);
        } else {
            self.report(Code::BadDate, "a date such as 2024-03-01", "形如 2024-03-01 的日期");
        }
        found
    }

    /// `04-25` or `25 April`
    pub(super) fn month_day(&mut self) -> bool {
        let named = self
            .token(1)
            .is_some_and(|word| words::month_of_name(word.text).is_some());
        if self.at(SyntaxKind::MONTH_DAY_TOKEN) {
            self.node(SyntaxKind::MONTH_DAY, Self::bump);
        } else if self.at(SyntaxKind::NUMBER_TOKEN) && named {
            self.check_named_day();
            self.node(SyntaxKind::MONTH_DAY, |p| {
                p.number();
                p.name_ref();
            });
        } else {
            self.report(Code::BadDate, "a day of the year such as 04-25", "形如 04-25 的月日");
            return false;
        }
        true
    }

    fn check_named_day(&mut self) {
        let (Some(day), Some(month)) = (self.token(0).copied(), self.token(1).copied()) else {
            return;
        };
        let number = words::number(day.text)
            .and_then(|number| number.to_i128())
            .and_then(|n| u8::try_from(n).ok());
        let exists = words::month_of_name(month.text)
            .zip(number)
            .is_some_and(|(month, day)| words::month_day(month, day).is_some());
        if !exists {
            let message = ("there is no such day", "没有这一天");
            self.errors
                .push(SyntaxError::new(Code::ImpossibleDate, day.start, month.end(), message));
        }
    }

    /// The unit after a number on its line, if a word that can be one stands there.
    pub(super) fn unit(&mut self) {
        let Some(token) = self.token(0) else { return };
        if token.kind != SyntaxKind::WORD || self.starts_line(0) {
            return;
        }
        let well_known = is_well_known_unit(token.text);
        let is_keyword = self.phrase().is_some();
        let is_label = self.labels_follow && self.nth(1) == SyntaxKind::COLON;
        if well_known || (!is_keyword && !is_label) {
            self.node(SyntaxKind::UNIT, Self::bump);
        }
    }

    /// `zh "…" en "…"`, if any.
    pub(super) fn labels(&mut self) {
        if !self.at_any(&[Phrase::Zh, Phrase::En]) {
            return;
        }
        self.node(SyntaxKind::LABELS, |p| {
            while p.eat_any(&[Phrase::Zh, Phrase::En]) {
                p.text();
            }
        });
    }

    /// `hires.salary_paid.2023`
    pub(super) fn path(&mut self) {
        self.node(SyntaxKind::PATH, |p| {
            p.name_ref();
            while p.eat(SyntaxKind::DOT) {
                if p.at(SyntaxKind::NUMBER_TOKEN) {
                    p.node(SyntaxKind::NAME_REF, Self::bump);
                } else {
                    p.name_ref();
                }
            }
        });
    }
}

fn is_well_known_unit(word: &str) -> bool {
    use crate::ast::UnitName;
    !matches!(UnitName::from_word(word), UnitName::Declared(_))
}
