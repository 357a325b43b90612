//! Entities, facts, enumerations, agencies, units, and types.

use super::Parser;
use crate::kind::SyntaxKind;
use crate::phrases::Phrase;

const PLAIN_TYPES: &[Phrase] = &[
    Phrase::Bool,
    Phrase::Count,
    Phrase::Date,
    Phrase::Months,
    Phrase::Days,
    Phrase::Text,
    Phrase::CreditCode,
    Phrase::CitizenId,
    Phrase::Division,
    Phrase::Industry,
    Phrase::Year,
    Phrase::Month,
];

impl Parser<'_, '_> {
    pub(super) fn entity(&mut self) {
        self.node(SyntaxKind::ENTITY, |p| {
            p.keyword();
            p.name();
            p.labels();
            if p.eat_phrase(Phrase::Key) {
                p.name_ref();
            }
            p.optional_formerly();
        });
    }

    pub(super) fn facts(&mut self) {
        self.node(SyntaxKind::FACTS, |p| {
            p.keyword();
            p.name_ref();
            p.expect_phrase(Phrase::FromTable);
        });
    }

    pub(super) fn enumeration(&mut self) {
        self.node(SyntaxKind::ENUMERATION, |p| {
            p.keyword();
            p.name();
            p.labels();
            p.eat_phrase(Phrase::Ordered);
            if p.at(SyntaxKind::L_BRACE) {
                p.braces(&[], Parser::member);
            } else if !p.eat_phrase(Phrase::FromTable) {
                p.expected("`from table` or `{`", "“见下表”或 `{`");
            }
        });
    }

    fn member(&mut self) -> bool {
        self.node(SyntaxKind::MEMBER, |p| {
            p.name();
            p.labels();
            p.optional_formerly();
        });
        true
    }

    pub(super) fn agency(&mut self) {
        self.node(SyntaxKind::AGENCY, |p| {
            p.keyword();
            p.name();
            p.labels();
        });
    }

    pub(super) fn unit_declaration(&mut self) {
        self.node(SyntaxKind::UNIT_DECLARATION, |p| {
            p.keyword();
            p.name();
            p.labels();
            if p.eat(SyntaxKind::EQ) {
                p.number();
                p.name_ref();
            }
        });
    }

    pub(super) fn formerly(&mut self) {
        self.node(SyntaxKind::FORMERLY, |p| {
            p.keyword();
            p.name_refs();
        });
    }

    fn optional_formerly(&mut self) {
        if self.at_phrase(Phrase::Formerly) {
            self.formerly();
        }
    }

    /// A type with its periods, bounds and conditions.
    pub(super) fn ty(&mut self) {
        self.node(SyntaxKind::TYPE, |p| {
            p.type_name();
            p.eat_any(&[Phrase::Yearly, Phrase::Monthly]);
            if p.at_bounds() {
                p.band();
            }
            if p.eat_phrase(Phrase::AppliesWhen) {
                p.expr();
            }
            p.optional_formerly();
            if p.eat_phrase(Phrase::Until) {
                p.date();
            }
        });
    }

    fn at_bounds(&self) -> bool {
        use SyntaxKind::{DATE_TOKEN, MINUS, NUMBER_TOKEN, RANGE_OP, RANGE_OPEN_BOTH, RANGE_OPEN_HIGH, RANGE_OPEN_LOW};
        matches!(
            self.kind(),
            NUMBER_TOKEN | DATE_TOKEN | MINUS | RANGE_OP | RANGE_OPEN_BOTH | RANGE_OPEN_HIGH | RANGE_OPEN_LOW
        )
    }

    fn type_name(&mut self) {
        match self.phrase() {
            Some(Phrase::Number) => {
                self.keyword();
                self.unit();
            }
            Some(Phrase::Ordered | Phrase::OneOf) => {
                self.eat_phrase(Phrase::Ordered);
                if self.expect_phrase(Phrase::OneOf) {
                    self.members_of_type();
                }
            }
            Some(Phrase::Many | Phrase::One) => {
                self.keyword();
                self.name_ref();
            }
            Some(phrase) if PLAIN_TYPES.contains(&phrase) => self.keyword(),
            // `year` and `month` are types too, so no word is reserved here.
            _ if self.at(SyntaxKind::WORD) => {
                self.type_ref();
            }
            _ => self.expected("a type", "类型"),
        }
    }

    /// Members separated by commas; a comma before `name:` belongs to the parameters around.
    fn members_of_type(&mut self) {
        self.name();
        while self.at(SyntaxKind::COMMA) && self.nth(2) != SyntaxKind::COLON {
            self.bump();
            self.name();
        }
    }
}
