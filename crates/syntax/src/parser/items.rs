//! The items of a block: which production stands where, and parameters, definitions, exceptions and the small ones.

use super::Parser;
use super::expressions::power;
use super::recovery::ITEMS;
use crate::kind::SyntaxKind;
use crate::phrases::Phrase;

impl Parser<'_, '_> {
    /// The items of a block, up to its end.
    pub(crate) fn items(&mut self) {
        while !self.at_end() {
            let before = self.at;
            if !self.item() {
                self.expected_keyword(ITEMS);
            }
            if self.at == before || !(self.at_any(ITEMS) || self.at_end()) {
                self.expected_keyword(ITEMS);
                self.skip_to(ITEMS);
            }
        }
    }

    fn item(&mut self) -> bool {
        let Some(phrase) = self.phrase() else { return false };
        match phrase {
            Phrase::Entity => self.entity(),
            Phrase::FactsOf => self.facts(),
            Phrase::Enumeration => self.enumeration(),
            Phrase::Agency => self.agency(),
            Phrase::Unit => self.unit_declaration(),
            Phrase::Title => self.title(),
            Phrase::Measure => self.measure(),
            Phrase::Service => self.service(),
            Phrase::Parameter => self.parameter(),
            Phrase::Define => self.define(),
            Phrase::Except => self.exception(),
            Phrase::Exceptions => self.exception_group(),
            Phrase::Presume => self.presumption(),
            Phrase::Category => self.category(),
            Phrase::Combine => self.combine(),
            Phrase::Fund => self.fund(),
            Phrase::Table | Phrase::Score | Phrase::ScaleMarginal | Phrase::ScaleStepped => self.table_item(),
            Phrase::Sheet => self.sheet(),
            Phrase::Case => self.case(),
            Phrase::CasesOf => self.case_table(),
            Phrase::Amend => self.amend(),
            Phrase::NoRule => self.no_rule(),
            _ => return false,
        }
        true
    }

    fn parameter(&mut self) {
        self.node(SyntaxKind::PARAMETER, |p| {
            p.keyword();
            p.name();
            p.labels();
            if p.eat(SyntaxKind::EQ) {
                p.expr();
            } else if p.at(SyntaxKind::L_BRACE) {
                p.braces(&[], Parser::parameter_entry);
            } else {
                p.expected(
                    "`=` and a value, or `{` and dated values",
                    " `=` 和取值，或 `{` 和各时期的取值",
                );
            }
            p.trailing_clauses();
        });
    }

    /// `2023-01-01..2024-01-01: value`
    pub(super) fn parameter_entry(&mut self) -> bool {
        if !matches!(self.kind(), SyntaxKind::DATE_TOKEN | SyntaxKind::RANGE_OP) {
            self.expected("a span such as `2023-01-01..`", "形如 `2023-01-01..` 的期间");
            return false;
        }
        self.node(SyntaxKind::PARAMETER_ENTRY, |p| {
            p.span();
            if p.expect(SyntaxKind::COLON) {
                p.expr();
            }
        });
        true
    }

    /// The clauses that may follow a parameter, a definition or a combination, in any order.
    pub(super) fn trailing_clauses(&mut self) {
        loop {
            match self.phrase() {
                Some(Phrase::Source | Phrase::Basis | Phrase::AnchoredAt) if !self.at_label() => {
                    self.common_clause();
                }
                Some(Phrase::Formerly) => self.formerly(),
                _ => return,
            }
        }
    }

    fn define(&mut self) {
        self.node(SyntaxKind::DEFINE, |p| {
            p.keyword();
            p.name();
            p.params();
            if p.eat_phrase(Phrase::Of) {
                p.name_ref();
            }
            p.labels();
            if p.expect(SyntaxKind::EQ) {
                p.expr();
            }
            if p.eat_phrase(Phrase::When) {
                p.expr();
            }
            if p.eat_phrase(Phrase::Otherwise) {
                p.expr();
            }
            p.trailing_clauses();
            while p.at_inner_exception() {
                p.node(SyntaxKind::INNER_EXCEPTION, |p| {
                    p.keyword();
                    p.name();
                    p.exception_body();
                });
            }
        });
    }

    /// `except NAME of RULE` is an item of its own.
    fn at_inner_exception(&self) -> bool {
        self.at_phrase(Phrase::Except) && self.phrase_at(2) != Some(Phrase::Of)
    }

    fn exception_body(&mut self) {
        if self.eat_phrase(Phrase::Over) {
            self.name_refs();
        }
        self.expect(SyntaxKind::COLON);
        if self.expect_phrase(Phrase::When) {
            self.expr();
        }
        if self.expect_phrase(Phrase::Then) {
            self.expr();
        }
    }

    fn exception(&mut self) {
        self.node(SyntaxKind::EXCEPTION, |p| {
            p.keyword();
            p.name();
            if p.expect_phrase(Phrase::Of) {
                p.name_ref();
            }
            p.exception_body();
        });
    }

    fn exception_group(&mut self) {
        self.node(SyntaxKind::EXCEPTION_GROUP, |p| {
            p.keyword();
            p.name();
            if p.expect(SyntaxKind::EQ) {
                p.name_refs();
            }
        });
    }

    /// `(name: type, …)`, if any.
    pub(super) fn params(&mut self) {
        if !self.at(SyntaxKind::L_PAREN) {
            return;
        }
        self.node(SyntaxKind::PARAMS, |p| {
            p.bracketed(SyntaxKind::R_PAREN, |p| {
                p.node(SyntaxKind::PARAM, |p| {
                    p.name();
                    if p.expect(SyntaxKind::COLON) {
                        p.ty();
                    }
                });
            });
        });
    }

    fn presumption(&mut self) {
        self.node(SyntaxKind::PRESUMPTION, |p| {
            p.keyword();
            if p.eat_phrase(Phrase::Not) {
                p.name_ref();
            } else {
                p.name_ref();
                if p.eat(SyntaxKind::EQ) {
                    p.expr_above(power::SIGN);
                }
            }
            if p.eat_phrase(Phrase::Of) {
                p.name_ref();
            }
            p.expect_phrase(Phrase::UnlessStated);
        });
    }

    fn category(&mut self) {
        self.node(SyntaxKind::CATEGORY, |p| {
            p.keyword();
            p.name();
            p.labels();
            if p.expect(SyntaxKind::EQ) {
                p.name_refs();
            }
        });
    }

    fn amend(&mut self) {
        self.node(SyntaxKind::AMEND, |p| {
            p.keyword();
            p.name_ref();
            p.braces(&[], |p| {
                if matches!(p.kind(), SyntaxKind::DATE_TOKEN | SyntaxKind::RANGE_OP) {
                    return p.parameter_entry();
                }
                if p.at_label() || !(p.measure_clause() || p.title_clause()) {
                    p.condition();
                }
                true
            });
        });
    }

    fn no_rule(&mut self) {
        self.node(SyntaxKind::NO_RULE, |p| {
            p.keyword();
            p.expect(SyntaxKind::COLON);
            p.expect_any(&[
                Phrase::Principle,
                Phrase::TextMissing,
                Phrase::Organisational,
                Phrase::Elsewhere,
                Phrase::Superseded,
            ]);
        });
    }
}
