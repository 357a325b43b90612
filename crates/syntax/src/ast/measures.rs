//! Measures and services: for whom, when, how much, how often, who pays, and what the payee owes.

use super::{
    AnchorClause, AstNode, Barred, BasisClause, Date, Expr, Formerly, Hole, InForceClause, Labels, MonthDay, Name,
    NameRef, Number, SourceClause, alternatives, nodes, parts,
};

nodes! {
    Measure = MEASURE { name: child() Name; entity: each_after(For, Or) NameRef; child: child() Child; labels: child() Labels; clause: each() MeasureClause; }
    Service = SERVICE { name: child() Name; entity: each_after(For, Or) NameRef; child: child() Child; labels: child() Labels; clause: each() ServiceClause; }
    /// `per hire in hires`
    Child = CHILD { name: child() Name; list: child() Expr; }
    When = WHEN { conditions: child() Conditions; expr: child() Expr; }
    While = WHILE { conditions: child() Conditions; expr: child() Expr; }
    JudgedBefore = JUDGED_BEFORE {}
    Pay = PAY {
        amount: after(Pay) Expr; assessed: child() Assessed; floor: after(AtLeast) Expr; cap: after(AtMost) Expr; rounding: child() Rounding;
    }
    Assessed = ASSESSED { ceiling: after(UpTo) Expr; agency: after(By) NameRef; }
    Rounding = ROUNDING { mode: keyword(Down, Up, HalfUp, HalfDown, HalfEven, Floor, Ceiling); step: after(To) Expr; }
    Once = ONCE { is_per_title: has(PerTitle); per: after(Per) Expr; counting: each_after(Counting) NameRef; }
    Every = EVERY {
        period: keyword(Year, HalfYear, Quarter, Month); duration: after(For) Expr; start: after(From) Expr;
        is_in_advance: has(InAdvance); is_in_arrears: has(InArrears); window: each_after(PaidInWindows) MonthDay;
    }
    EqualInstalments = EQUAL_INSTALMENTS {
        count: child() Number; period: keyword(Year, HalfYear, Quarter, Month); start: after(From) Expr;
        is_in_advance: has(InAdvance); is_in_arrears: has(InArrears);
    }
    ShareInstalments = SHARE_INSTALMENTS { part: each() SharePart; }
    SharePart = SHARE_PART { share: first() Expr; on: after(On) Expr; }
    EndsOnFailure = ENDS_ON_FAILURE {}
    EndsRunning = ENDS_RUNNING {}
    To = TO { is_applicant: has(Applicant); payee: child() Expr; }
    LedBy = LED_BY { agency: child() NameRef; hole: child() Hole; }
    With = WITH { agency: each() NameRef; }
    Keep = KEEP {
        expr: after(Keep) Expr; duration: after(For) Expr; start: after(From) Expr;
        has_recovery: has(OtherwiseRecover); is_in_proportion: has(InProportion); is_in_full: has(InFull);
    }
    Shared = SHARED { part: each() PayerPart; together: keyword(Together); }
    PayerPart = PAYER_PART { payer: child() NameRef; share: first() Expr; on: after(On) Expr; }
    Unique = UNIQUE { expr: child() Expr; }
    Window = WINDOW { from: child() MonthDay; to: second() MonthDay; }
    Paused = PAUSED { date: child() Date; }
    NoApplication = NO_APPLICATION {}
    Channel = CHANNEL { labels: child() Labels; }
    Conditions = CONDITIONS { condition: each() Condition; }
    /// A condition, or a labelled number of a score sheet.
    Condition = CONDITION { label: child() Name; expr: child() Expr; }
}

alternatives! {
    /// What may stand in a measure.
    MeasureClause {
        When, While, JudgedBefore, Pay, Once, Every, EqualInstalments, ShareInstalments, EndsOnFailure, EndsRunning,
        To, LedBy, With, Keep, Shared, Unique, Barred, Window, Paused, NoApplication,
        AnchorClause, Formerly, SourceClause, BasisClause, InForceClause,
    }
    /// What may stand in a service.
    ServiceClause { When, Channel, LedBy, With, Formerly, SourceClause, BasisClause, InForceClause }
}

impl Conditions {
    /// The condition with a label, in NFC.
    #[must_use]
    pub fn labelled(&self, label: &str) -> Option<Condition> {
        parts::children::<Condition>(self.syntax())
            .find(|condition| condition.label().is_some_and(|name| name.text() == label))
    }
}
