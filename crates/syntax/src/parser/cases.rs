//! Cases: given facts and expected results.

use super::Parser;
use super::expressions::power;
use crate::kind::SyntaxKind;
use crate::phrases::Phrase;

const RANGES: &[Phrase] = &[
    Phrase::AtLeast,
    Phrase::AtMost,
    Phrase::MoreThan,
    Phrase::LessThan,
    Phrase::Between,
];
const VERDICTS: &[Phrase] = &[Phrase::Eligible, Phrase::NotEligible, Phrase::Undetermined];
const VALUE_WORDS: &[Phrase] = &[
    Phrase::Unknown,
    Phrase::Undefined,
    Phrase::NotApplicable,
    Phrase::Unresolved,
];

impl Parser<'_, '_> {
    pub(super) fn case(&mut self) {
        self.node(SyntaxKind::CASE, |p| {
            p.keyword();
            p.text();
            p.case_head();
            p.braces(&[Phrase::Given, Phrase::Expect], |p| {
                if p.eat_phrase(Phrase::Given) {
                    p.object();
                } else if p.eat_phrase(Phrase::Expect) {
                    p.expectations();
                } else {
                    return false;
                }
                true
            });
        });
    }

    fn case_head(&mut self) {
        if self.expect_phrase(Phrase::On) {
            self.list(|p| {
                p.date();
            });
        }
        if self.expect_phrase(Phrase::For) {
            self.name_ref();
        }
    }

    pub(super) fn case_table(&mut self) {
        self.node(SyntaxKind::CASE_TABLE, |p| {
            p.keyword();
            p.name_ref();
            p.case_head();
            if p.eat_phrase(Phrase::Given) {
                p.object();
            }
            p.expect_phrase(Phrase::FromTable);
        });
    }

    fn object(&mut self) {
        if !self.at(SyntaxKind::L_BRACE) {
            self.expect(SyntaxKind::L_BRACE);
            return;
        }
        self.nested(|p| {
            p.node(SyntaxKind::OBJECT, |p| p.bracketed(SyntaxKind::R_BRACE, Parser::field));
        });
    }

    fn field(&mut self) {
        self.node(SyntaxKind::FIELD, |p| {
            match p.kind() {
                SyntaxKind::NUMBER_TOKEN => {
                    p.number();
                }
                SyntaxKind::YEAR_MONTH_TOKEN => p.node(SyntaxKind::YEAR_MONTH, Parser::bump),
                _ => {
                    p.label();
                }
            }
            if p.expect(SyntaxKind::COLON) {
                p.datum();
            }
        });
    }

    /// What a fact is given as.
    pub(super) fn datum(&mut self) {
        match self.kind() {
            SyntaxKind::L_BRACE => self.object(),
            SyntaxKind::L_BRACKET => self.list_datum(),
            SyntaxKind::WORD => self.word_datum(),
            _ => self.literal_datum(),
        }
    }

    fn list_datum(&mut self) {
        self.nested(|p| {
            p.node(SyntaxKind::LIST_DATUM, |p| {
                p.eat_phrase(Phrase::Known);
                if p.at(SyntaxKind::L_BRACKET) {
                    p.bracketed(SyntaxKind::R_BRACKET, Parser::datum);
                } else {
                    p.expect(SyntaxKind::L_BRACKET);
                }
            });
        });
    }

    fn word_datum(&mut self) {
        const DATED: &[Phrase] = &[Phrase::Level, Phrase::From, Phrase::Until];
        match self.phrase() {
            Some(Phrase::Known) if self.nth(1) == SyntaxKind::L_BRACKET => self.list_datum(),
            Some(phrase) if RANGES.contains(&phrase) => self.node(SyntaxKind::RANGE_DATUM, Parser::range_datum),
            Some(Phrase::Missing) => {
                self.clause(SyntaxKind::MISSING_DATUM, |p| {
                    p.eat_any(&[Phrase::Refused, Phrase::Judgement]);
                });
            }
            Some(Phrase::SoFar) => {
                self.clause(SyntaxKind::SO_FAR_DATUM, Parser::literal_datum);
            }
            Some(Phrase::Not) => self.title_datum(),
            _ if self.phrase_at(1).is_some_and(|phrase| DATED.contains(&phrase)) => self.title_datum(),
            _ => self.literal_datum(),
        }
    }

    fn range_datum(&mut self) {
        let first = self.phrase();
        self.keyword();
        self.literal_datum();
        match first {
            Some(Phrase::Between) => {
                self.expect_phrase(Phrase::And);
                self.literal_datum();
            }
            Some(Phrase::AtLeast | Phrase::MoreThan) if self.eat_any(&[Phrase::AtMost, Phrase::LessThan]) => {
                self.literal_datum();
            }
            _ => {}
        }
    }

    fn title_datum(&mut self) {
        self.node(SyntaxKind::TITLE_DATUM, |p| {
            p.eat_phrase(Phrase::Not);
            p.name_ref();
            if p.eat_phrase(Phrase::Level) {
                p.name_ref();
            }
            while p.eat_any(&[Phrase::From, Phrase::Until]) {
                p.date();
            }
        });
    }

    fn literal_datum(&mut self) {
        match self.kind() {
            SyntaxKind::NUMBER_TOKEN | SyntaxKind::DATE_TOKEN | SyntaxKind::TEXT_TOKEN => self.literal(),
            SyntaxKind::MINUS => self.node(SyntaxKind::LITERAL, |p| {
                p.bump();
                p.number();
                p.unit();
            }),
            SyntaxKind::WORD => self.node(SyntaxKind::LITERAL, |p| {
                if !p.eat_any(&[Phrase::True, Phrase::False]) {
                    p.name_ref();
                }
            }),
            _ => self.expected("a value", "取值"),
        }
    }

    fn expectations(&mut self) {
        self.node(SyntaxKind::EXPECTATIONS, |p| {
            p.braces(&[], |p| {
                p.node(SyntaxKind::EXPECTATION, |p| {
                    p.expect_target();
                    if p.expect(SyntaxKind::COLON) {
                        p.expected_result();
                    }
                });
                true
            });
        });
    }

    fn expect_target(&mut self) {
        self.node(SyntaxKind::EXPECT_TARGET, |p| {
            if p.at_phrase(Phrase::Total) {
                p.keyword();
            } else if p.at_label() {
                p.name_ref();
            } else if p.at(SyntaxKind::WORD) && p.nth(1) == SyntaxKind::L_BRACKET {
                p.name_ref();
                p.bump();
                p.text();
                p.expect(SyntaxKind::R_BRACKET);
            } else {
                p.amount();
            }
        });
    }

    /// A verdict with what belongs to it, or a value.
    pub(super) fn expected_result(&mut self) {
        self.node(SyntaxKind::EXPECTED, |p| {
            if !p.eat_any(VERDICTS) {
                return p.expected_value();
            }
            p.eat_any(&[Phrase::NotInForce, Phrase::NotApplicable]);
            if p.begins_amount() {
                p.expected_value();
            }
            if p.eat_phrase(Phrase::Because) {
                p.list(Parser::path);
            }
            if p.eat_phrase(Phrase::Missing) {
                p.list(Parser::path);
            }
            if p.eat_phrase(Phrase::Due) {
                p.expected_value();
            }
            if p.eat_clause(Phrase::Total) {
                p.expected_value();
            }
            if p.eat_clause(Phrase::InInstalments) {
                p.list(Parser::expected_instalment);
            }
            if p.eat_clause(Phrase::Shared) {
                p.list(Parser::expected_payer);
            }
        });
    }

    /// A word that continues an expectation; before a colon it begins the next one.
    fn eat_clause(&mut self, phrase: Phrase) -> bool {
        !self.at_label() && self.eat_phrase(phrase)
    }

    fn expected_instalment(&mut self) {
        self.node(SyntaxKind::EXPECTED_INSTALMENT, |p| {
            p.expected_value();
            p.expected_day();
        });
    }

    fn expected_payer(&mut self) {
        self.node(SyntaxKind::EXPECTED_PAYER, |p| {
            p.name_ref();
            p.expected_value();
            p.expected_day();
        });
    }

    fn expected_day(&mut self) {
        if self.eat_phrase(Phrase::On) {
            self.date();
        }
    }

    /// Whether an amount stands on the line of its verdict.
    fn begins_amount(&self) -> bool {
        const AFTER: &[Phrase] = &[
            Phrase::Because,
            Phrase::Missing,
            Phrase::Due,
            Phrase::Total,
            Phrase::InInstalments,
            Phrase::Shared,
        ];
        if self.starts_line(0) || self.at_label() || self.nth(1) == SyntaxKind::L_BRACKET {
            return false;
        }
        match self.kind() {
            SyntaxKind::NUMBER_TOKEN | SyntaxKind::MINUS | SyntaxKind::L_PAREN => true,
            SyntaxKind::WORD => !self.at_any(AFTER),
            _ => false,
        }
    }

    fn expected_value(&mut self) {
        self.node(SyntaxKind::EXPECTED_VALUE, |p| match p.phrase() {
            Some(Phrase::UpTo) => {
                p.keyword();
                p.amount();
            }
            Some(Phrase::Between) => {
                p.keyword();
                p.amount();
                p.expect_phrase(Phrase::And);
                p.amount();
            }
            Some(phrase) if VALUE_WORDS.contains(&phrase) => p.keyword(),
            _ => p.expr_above(power::OR),
        });
    }
}
