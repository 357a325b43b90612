//! Measures and services.

use super::Parser;
use super::expressions::power;
use crate::kind::SyntaxKind;
use crate::phrases::Phrase;

const MEASURE_CLAUSES: &[Phrase] = &[
    Phrase::When,
    Phrase::While,
    Phrase::JudgedBefore,
    Phrase::Pay,
    Phrase::Once,
    Phrase::Every,
    Phrase::In,
    Phrase::InInstalments,
    Phrase::EndsOnFailure,
    Phrase::EndsRunning,
    Phrase::To,
    Phrase::LedBy,
    Phrase::With,
    Phrase::Keep,
    Phrase::Shared,
    Phrase::Unique,
    Phrase::Barred,
    Phrase::Apply,
    Phrase::PausedFrom,
    Phrase::NoApplication,
    Phrase::AnchoredAt,
    Phrase::Formerly,
    Phrase::Source,
    Phrase::Basis,
    Phrase::InForce,
];
const SERVICE_CLAUSES: &[Phrase] = &[
    Phrase::When,
    Phrase::Channel,
    Phrase::LedBy,
    Phrase::With,
    Phrase::Formerly,
    Phrase::Source,
    Phrase::Basis,
    Phrase::InForce,
];
const PERIODS: &[Phrase] = &[Phrase::Year, Phrase::HalfYear, Phrase::Quarter, Phrase::Month];
const ADVANCE_OR_ARREARS: &[Phrase] = &[Phrase::InAdvance, Phrase::InArrears];
const ROUNDINGS: &[Phrase] = &[
    Phrase::Down,
    Phrase::Up,
    Phrase::HalfUp,
    Phrase::HalfDown,
    Phrase::HalfEven,
    Phrase::Floor,
    Phrase::Ceiling,
];

impl Parser<'_, '_> {
    pub(super) fn measure(&mut self) {
        self.node(SyntaxKind::MEASURE, |p| {
            p.measure_head();
            p.braces(MEASURE_CLAUSES, Parser::measure_clause);
        });
    }

    pub(super) fn service(&mut self) {
        self.node(SyntaxKind::SERVICE, |p| {
            p.measure_head();
            p.braces(SERVICE_CLAUSES, Parser::service_clause);
        });
    }

    fn measure_head(&mut self) {
        self.keyword();
        self.name();
        if self.expect_phrase(Phrase::For) {
            self.name_ref();
            while self.eat_phrase(Phrase::Or) {
                self.name_ref();
            }
        }
        if self.at_phrase(Phrase::Per) {
            self.clause(SyntaxKind::CHILD, |p| {
                p.name();
                if p.expect_phrase(Phrase::In) {
                    p.expr_above(power::SIGN);
                }
            });
        }
        self.labels();
    }

    fn service_clause(&mut self) -> bool {
        match self.phrase() {
            Some(Phrase::When | Phrase::LedBy | Phrase::With) => self.measure_clause(),
            Some(Phrase::Channel) => self.clause(SyntaxKind::CHANNEL, |p| {
                if !p.at_any(&[Phrase::Zh, Phrase::En]) {
                    p.expected_keyword(&[Phrase::Zh, Phrase::En]);
                }
                p.labels();
            }),
            Some(Phrase::AnchoredAt) => false,
            _ => self.common_clause(),
        }
    }

    /// A clause of a measure; false where none stands here.
    pub(super) fn measure_clause(&mut self) -> bool {
        let Some(phrase) = self.phrase() else { return false };
        match phrase {
            Phrase::When => self.clause(SyntaxKind::WHEN, Parser::conditions_or_expr),
            Phrase::While => self.clause(SyntaxKind::WHILE, Parser::conditions_or_expr),
            Phrase::JudgedBefore => self.clause(SyntaxKind::JUDGED_BEFORE, |_| {}),
            Phrase::Pay => self.clause(SyntaxKind::PAY, Parser::pay),
            Phrase::Once => self.clause(SyntaxKind::ONCE, Parser::once),
            Phrase::Every => self.clause(SyntaxKind::EVERY, Parser::every),
            Phrase::In => self.clause(SyntaxKind::EQUAL_INSTALMENTS, Parser::equal_instalments),
            Phrase::InInstalments => self.clause(SyntaxKind::SHARE_INSTALMENTS, |p| p.list(Parser::share_part)),
            Phrase::EndsOnFailure => self.clause(SyntaxKind::ENDS_ON_FAILURE, |_| {}),
            Phrase::EndsRunning => self.clause(SyntaxKind::ENDS_RUNNING, |_| {}),
            Phrase::To => self.clause(SyntaxKind::TO, |p| {
                if !p.eat_phrase(Phrase::Applicant) {
                    p.amount();
                }
            }),
            Phrase::LedBy => self.clause(SyntaxKind::LED_BY, |p| {
                if p.at_phrase(Phrase::TextMissing) {
                    p.hole();
                } else {
                    p.name_ref();
                }
            }),
            Phrase::With => self.clause(SyntaxKind::WITH, Parser::name_refs),
            Phrase::Keep => self.clause(SyntaxKind::KEEP, Parser::keep),
            Phrase::Shared => self.clause(SyntaxKind::SHARED, |p| {
                p.list(Parser::payer_part);
                p.eat_phrase(Phrase::Together);
            }),
            Phrase::Unique => self.clause(SyntaxKind::UNIQUE, Parser::amount),
            Phrase::Barred => self.clause(SyntaxKind::BARRED, Parser::barred),
            Phrase::Apply => self.clause(SyntaxKind::WINDOW, |p| {
                if p.month_day() && p.expect(SyntaxKind::RANGE_OP) {
                    p.month_day();
                }
            }),
            Phrase::PausedFrom => self.clause(SyntaxKind::PAUSED, |p| {
                p.date();
            }),
            Phrase::NoApplication => self.clause(SyntaxKind::NO_APPLICATION, |_| {}),
            _ => self.common_clause(),
        }
    }

    fn conditions_or_expr(&mut self) {
        if self.at(SyntaxKind::L_BRACE) {
            self.conditions();
        } else {
            self.expr();
        }
    }

    fn pay(&mut self) {
        if self.at_phrase(Phrase::Assessed) {
            self.clause(SyntaxKind::ASSESSED, |p| {
                if p.eat_phrase(Phrase::UpTo) {
                    p.amount();
                }
                if p.eat_phrase(Phrase::By) {
                    p.name_ref();
                }
            });
        } else {
            self.amount();
        }
        while self.comma_phrase(&[Phrase::AtLeast, Phrase::AtMost]) {
            self.amount();
        }
        if self.at(SyntaxKind::COMMA) && self.phrase_at(1) == Some(Phrase::Rounded) {
            self.bump();
        }
        if self.at_phrase(Phrase::Rounded) {
            self.clause(SyntaxKind::ROUNDING, |p| {
                p.expect_any(ROUNDINGS);
                if p.expect_phrase(Phrase::To) {
                    p.amount();
                }
            });
        }
    }

    fn once(&mut self) {
        if !self.eat_phrase(Phrase::PerTitle) && self.eat_phrase(Phrase::Per) {
            self.expr_above(power::SIGN);
        }
        if self.eat_phrase(Phrase::Counting) {
            self.name_refs();
        }
    }

    fn every(&mut self) {
        self.expect_any(PERIODS);
        if self.expect_phrase(Phrase::For) {
            self.amount();
        }
        if self.expect_phrase(Phrase::From) {
            self.amount();
        }
        self.comma_phrase(ADVANCE_OR_ARREARS);
        if self.comma_phrase(&[Phrase::PaidInWindows]) {
            self.list(|p| {
                p.month_day();
            });
        }
    }

    fn equal_instalments(&mut self) {
        self.number();
        if self.expect_phrase(Phrase::EqualInstalmentsEvery) {
            self.expect_any(PERIODS);
        }
        if self.eat_phrase(Phrase::From) {
            self.amount();
        }
        self.comma_phrase(ADVANCE_OR_ARREARS);
    }

    fn share_part(&mut self) {
        self.node(SyntaxKind::SHARE_PART, |p| {
            p.amount();
            if p.expect_phrase(Phrase::On) {
                p.amount();
            }
        });
    }

    fn payer_part(&mut self) {
        self.node(SyntaxKind::PAYER_PART, |p| {
            p.name_ref();
            p.amount();
            if p.eat_phrase(Phrase::On) {
                p.amount();
            }
        });
    }

    fn keep(&mut self) {
        self.expr_above(power::OR);
        if self.expect_phrase(Phrase::For) {
            self.amount();
        }
        if self.eat_phrase(Phrase::From) {
            self.amount();
        }
        if self.comma_phrase(&[Phrase::OtherwiseRecover]) {
            self.expect_any(&[Phrase::InProportion, Phrase::InFull]);
        }
    }
}
