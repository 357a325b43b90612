//! Combining, funds, decision tables and score sheets.

use super::Parser;
use super::expressions::power;
use crate::kind::SyntaxKind;
use crate::phrases::Phrase;

const FORMS: &[Phrase] = &[
    Phrase::HighestOf,
    Phrase::Exclusive,
    Phrase::TopUp,
    Phrase::AtMost,
    Phrase::Unresolved,
];
const FUND_CLAUSES: &[Phrase] = &[Phrase::Covers, Phrase::WhenShort, Phrase::Source, Phrase::Basis];
const SHORTAGES: &[Phrase] = &[Phrase::ProRata, Phrase::ByPriority, Phrase::FirstCome, Phrase::Quota];
const TABLE_RULES: &[Phrase] = &[
    Phrase::OneRow,
    Phrase::RowsAgree,
    Phrase::FirstMatch,
    Phrase::HighestMatch,
    Phrase::LowestMatch,
    Phrase::SumOfMatches,
    Phrase::CountOfMatches,
];

impl Parser<'_, '_> {
    pub(super) fn combine(&mut self) {
        self.node(SyntaxKind::COMBINE, |p| {
            p.keyword();
            p.name();
            p.labels();
            p.expect(SyntaxKind::COLON);
            p.combine_form();
            if p.at_phrase(Phrase::PerSame) {
                p.clause(SyntaxKind::PER_SAME, Parser::per_same);
            }
            if p.eat_phrase(Phrase::After) {
                p.name_ref();
            }
            p.trailing_clauses();
        });
    }

    fn combine_form(&mut self) {
        match self.phrase() {
            Some(Phrase::HighestOf) => self.clause(SyntaxKind::HIGHEST_OF, Parser::name_refs),
            Some(Phrase::Exclusive) => self.clause(SyntaxKind::EXCLUSIVE, |p| {
                p.name_ref();
                while p.eat_phrase(Phrase::Before) || p.eat(SyntaxKind::COMMA) {
                    p.name_ref();
                }
            }),
            Some(Phrase::TopUp) => self.clause(SyntaxKind::TOP_UP, |p| {
                p.name_refs();
                p.eat_phrase(Phrase::ByLevel);
            }),
            Some(Phrase::AtMost) => self.clause(SyntaxKind::CEILING, Parser::ceiling),
            Some(Phrase::Unresolved) => self.clause(SyntaxKind::UNRESOLVED, |p| {
                if p.at(SyntaxKind::WORD) && !p.starts_line(0) && p.phrase().is_none() {
                    p.name_refs();
                }
            }),
            _ => {
                self.expected_keyword(FORMS);
                false
            }
        };
    }

    fn ceiling(&mut self) {
        self.amount();
        self.eat_phrase(Phrase::PerYear);
        if self.eat_phrase(Phrase::Counting) {
            self.amount();
        }
        if self.expect_phrase(Phrase::Over) {
            self.list_before(&[Phrase::Cut, Phrase::CutInProportion], |p| {
                p.name_ref();
            });
        }
        if self.at(SyntaxKind::COMMA) {
            self.bump();
        }
        if self.at_phrase(Phrase::CutInProportion) {
            self.node(SyntaxKind::CUT, Self::keyword);
        } else if self.at_phrase(Phrase::Cut) {
            self.clause(SyntaxKind::CUT, |p| {
                p.name_ref();
                while p.eat_phrase(Phrase::Before) {
                    p.name_ref();
                }
            });
        }
    }

    fn per_same(&mut self) {
        if self.at(SyntaxKind::WORD) && self.phrase_at(1) == Some(Phrase::By) {
            self.list(|p| {
                p.node(SyntaxKind::KEY_PART, |p| {
                    p.name_ref();
                    if p.expect_phrase(Phrase::By) {
                        p.amount();
                    }
                });
            });
        } else {
            self.list(|p| p.expr_above(power::SUM));
        }
        if self.eat_phrase(Phrase::JudgedBy) {
            self.name_ref();
        }
    }

    pub(super) fn fund(&mut self) {
        self.node(SyntaxKind::FUND, |p| {
            p.keyword();
            p.name();
            p.labels();
            p.braces(FUND_CLAUSES, Parser::fund_clause);
        });
    }

    fn fund_clause(&mut self) -> bool {
        if self.at(SyntaxKind::NUMBER_TOKEN) {
            self.node(SyntaxKind::FUND_YEAR, |p| {
                p.number();
                if p.expect(SyntaxKind::COLON) {
                    p.amount();
                }
            });
            return true;
        }
        match self.phrase() {
            Some(Phrase::Covers) => self.clause(SyntaxKind::COVERS, Parser::name_refs),
            Some(Phrase::WhenShort) => self.clause(SyntaxKind::WHEN_SHORT, |p| {
                p.expect(SyntaxKind::COLON);
                let has_expr = p.at_any(&[Phrase::ByPriority, Phrase::Quota]);
                if p.expect_any(SHORTAGES) && has_expr {
                    p.amount();
                }
            }),
            Some(Phrase::Source | Phrase::Basis) => self.common_clause(),
            _ => false,
        }
    }

    pub(super) fn table_item(&mut self) {
        self.node(SyntaxKind::TABLE_ITEM, |p| {
            p.keyword();
            p.name();
            p.params();
            if p.eat_phrase(Phrase::Gives) {
                p.list(|p| {
                    p.name();
                });
            }
            if p.eat_phrase(Phrase::Of) {
                p.name_ref();
            }
            p.labels();
            if p.eat_phrase(Phrase::FromFile) {
                p.text();
            } else {
                p.expect_any(&[Phrase::FromTable, Phrase::FromFile]);
            }
            if p.at(SyntaxKind::COMMA) {
                p.bump();
                p.table_rule();
            }
        });
    }

    fn table_rule(&mut self) {
        self.node(SyntaxKind::TABLE_RULE_CLAUSE, |p| {
            let is_sum = p.at_phrase(Phrase::SumOfMatches);
            p.expect_any(TABLE_RULES);
            if is_sum && p.eat_phrase(Phrase::AtMost) {
                p.amount();
            }
        });
    }

    pub(super) fn sheet(&mut self) {
        self.node(SyntaxKind::SHEET, |p| {
            p.keyword();
            p.name();
            if p.eat_phrase(Phrase::Of) {
                p.name_ref();
            }
            p.labels();
            p.braces(&[Phrase::Group], |p| {
                let found = p.at_phrase(Phrase::Group);
                if found {
                    p.clause(SyntaxKind::SHEET_GROUP, Parser::sheet_group);
                }
                found
            });
        });
    }

    fn sheet_group(&mut self) {
        self.name();
        self.labels();
        while self.eat_any(&[Phrase::AtMost, Phrase::AtLeast]) {
            self.amount();
        }
        self.braces(&[], Parser::labelled_condition);
    }
}
