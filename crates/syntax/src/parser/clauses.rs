//! Titles, and the clauses that any rule may carry.

use super::Parser;
use crate::kind::SyntaxKind;
use crate::phrases::Phrase;

pub(super) const TITLE_CLAUSES: &[Phrase] = &[
    Phrase::GrantedBy,
    Phrase::Level,
    Phrase::Levels,
    Phrase::Valid,
    Phrase::ReviewEvery,
    Phrase::Barred,
    Phrase::Criteria,
    Phrase::CriteriaForRenewal,
    Phrase::Formerly,
    Phrase::Source,
    Phrase::Basis,
    Phrase::InForce,
];

impl Parser<'_, '_> {
    /// `2023-03-10..2026-01-01`
    pub(super) fn span(&mut self) {
        self.node(SyntaxKind::SPAN, |p| {
            if p.at(SyntaxKind::DATE_TOKEN) {
                p.date();
            }
            if p.expect(SyntaxKind::RANGE_OP) && p.at(SyntaxKind::DATE_TOKEN) && !p.starts_line(0) {
                p.date();
            }
        });
    }

    /// A clause of a keyword and what `part` reads.
    pub(super) fn clause(&mut self, kind: SyntaxKind, part: impl FnOnce(&mut Self)) -> bool {
        self.node(kind, |p| {
            p.keyword();
            part(p);
        });
        true
    }

    /// `barred 4 years after fraud_on`
    pub(super) fn barred(&mut self) {
        self.amount();
        if self.expect_phrase(Phrase::After) {
            self.expr();
        }
    }

    /// A clause that any rule may carry; false where none stands here.
    pub(super) fn common_clause(&mut self) -> bool {
        match self.phrase() {
            Some(Phrase::Source) => self.clause(SyntaxKind::SOURCE_CLAUSE, |p| {
                p.expect_any(&[Phrase::Official, Phrase::Secondary, Phrase::Draft]);
            }),
            Some(Phrase::Basis) => self.clause(SyntaxKind::BASIS_CLAUSE, |p| {
                p.text();
            }),
            Some(Phrase::InForce) => self.clause(SyntaxKind::IN_FORCE_CLAUSE, Parser::span),
            Some(Phrase::AnchoredAt) => self.clause(SyntaxKind::ANCHOR_CLAUSE, Parser::expr),
            Some(Phrase::Formerly) => {
                self.formerly();
                true
            }
            _ => false,
        }
    }

    pub(super) fn title(&mut self) {
        self.node(SyntaxKind::TITLE, |p| {
            p.keyword();
            p.name();
            if p.expect_phrase(Phrase::Of) {
                p.name_ref();
            }
            p.labels();
            p.braces(TITLE_CLAUSES, Parser::title_clause);
        });
    }

    pub(super) fn title_clause(&mut self) -> bool {
        match self.phrase() {
            Some(Phrase::GrantedBy) => self.clause(SyntaxKind::GRANTED_BY, |p| {
                p.name_ref();
            }),
            Some(Phrase::Level) => self.clause(SyntaxKind::LEVEL, |p| {
                p.name_ref();
            }),
            Some(Phrase::Levels) => self.clause(SyntaxKind::LEVELS, Parser::name_refs),
            Some(Phrase::Valid) => self.clause(SyntaxKind::VALID, Parser::amount),
            Some(Phrase::ReviewEvery) => self.clause(SyntaxKind::REVIEW, Parser::amount),
            Some(Phrase::Barred) => self.clause(SyntaxKind::BARRED, Parser::barred),
            Some(Phrase::Criteria | Phrase::CriteriaForRenewal) => self.clause(SyntaxKind::CRITERIA, |p| {
                if !p.eat(SyntaxKind::COLON) {
                    return p.conditions();
                }
                if p.expect_phrase(Phrase::CriteriaOf) {
                    p.name_ref();
                }
                if p.expect_phrase(Phrase::AsIn) {
                    p.text();
                }
            }),
            Some(Phrase::AnchoredAt) => false,
            _ => self.common_clause(),
        }
    }
}
