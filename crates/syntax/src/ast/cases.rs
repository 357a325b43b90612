//! Cases: what is given, and what must come out.

use super::{
    AstNode, Date, Expr, Keyword, Literal, MonthOfYear, Name, NameRef, Number, Path, Text, alternatives, nodes,
};
use crate::kind::SyntaxKind;
use crate::phrases::Phrase;

nodes! {
    Case = CASE { title: child() Text; date: each_after(On) Date; entity: after(For) NameRef; given: child() Object; expect: child() Expectations; }
    CaseTable = CASE_TABLE { name: child() NameRef; date: after(On) Date; entity: after(For) NameRef; given: child() Object; }
    Object = OBJECT { field: each() Field; }
    Field = FIELD { name: child() Name; period: child() Number; month: child() MonthOfYear; value: child() Datum; }
    /// `[a, b]`, or `known [a, b]` for a part of the list.
    ListDatum = LIST_DATUM { is_part: has(Known); item: each() Datum; }
    RangeDatum = RANGE_DATUM {
        at_least: after(AtLeast) Literal; more_than: after(MoreThan) Literal; at_most: after(AtMost) Literal; less_than: after(LessThan) Literal;
        between: after(Between) Literal; and: after(And) Literal;
    }
    MissingDatum = MISSING_DATUM { is_refused: has(Refused); is_judgement: has(Judgement); }
    SoFarDatum = SO_FAR_DATUM { value: child() Literal; }
    TitleDatum = TITLE_DATUM { is_not: has(Not); title: child() NameRef; level: after(Level) NameRef; from: after(From) Date; until: after(Until) Date; }
    Expectations = EXPECTATIONS { expectation: each() Expectation; }
    Expectation = EXPECTATION { target: child() ExpectTarget; expected: child() Expected; }
    /// A measure, perhaps one line of it by its key, or an expression, or the total.
    ExpectTarget = EXPECT_TARGET { measure: child() NameRef; key: child() Text; expr: child() Expr; is_total: has(Total); }
    Expected = EXPECTED {
        verdict: keyword(Eligible, NotEligible, Undetermined); is_not_in_force: has(NotInForce); is_not_applicable: has(NotApplicable);
        because: each_after(Because) Path; missing: each_after(Missing) Path; due: after(Due) ExpectedValue;
        total: after(Total) ExpectedValue; instalment: each() ExpectedInstalment; payer: each() ExpectedPayer;
    }
    /// What one instalment comes to, and on which day it is due.
    ExpectedInstalment = EXPECTED_INSTALMENT { amount: child() ExpectedValue; on: after(On) Date; }
    /// What a payer bears, and on which day where it has a moment of its own.
    ExpectedPayer = EXPECTED_PAYER { payer: child() NameRef; amount: child() ExpectedValue; on: after(On) Date; }
    ExpectedValue = EXPECTED_VALUE {
        expr: first() Expr; up_to: after(UpTo) Expr; between: after(Between) Expr; and: after(And) Expr;
        word: keyword(Unknown, Undefined, NotApplicable, Unresolved);
    }
}

alternatives! {
    /// What a fact is given as.
    Datum { Literal, Object, ListDatum, RangeDatum, MissingDatum, SoFarDatum, TitleDatum }
}

impl Expected {
    /// The value expected of something that is no measure, or the amount beside a verdict.
    #[must_use]
    pub fn value(&self) -> Option<ExpectedValue> {
        self.syntax()
            .children()
            .take_while(|child| {
                child.kind() != SyntaxKind::KEYWORD
                    || Keyword::cast(child.clone())
                        .and_then(|keyword| keyword.phrase())
                        .is_none_or(|phrase| {
                            !matches!(phrase, Phrase::Because | Phrase::Missing | Phrase::Due | Phrase::Total)
                        })
            })
            .find_map(ExpectedValue::cast)
    }
}

impl RangeDatum {
    /// The lower end and whether it is closed.
    #[must_use]
    pub fn low(&self) -> Option<(Literal, bool)> {
        let closed = self.at_least().or_else(|| self.between()).map(|low| (low, true));
        closed.or_else(|| self.more_than().map(|low| (low, false)))
    }

    /// The upper end and whether it is closed.
    #[must_use]
    pub fn high(&self) -> Option<(Literal, bool)> {
        let closed = self.at_most().or_else(|| self.and()).map(|high| (high, true));
        closed.or_else(|| self.less_than().map(|high| (high, false)))
    }
}
