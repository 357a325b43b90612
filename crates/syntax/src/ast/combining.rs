//! How awards combine, and the funds they are paid from.

use super::{
    AstNode, BasisClause, Expr, Keyword, Labels, Name, NameRef, Number, SourceClause, alternatives, nodes, parts,
};
use crate::kind::SyntaxKind;
use crate::phrases::Phrase;

nodes! {
    Combine = COMBINE {
        name: child() Name; labels: child() Labels; form: child() CombineForm; per: child() PerSame; after: after(After) NameRef;
        source: child() SourceClause; basis: child() BasisClause;
    }
    HighestOf = HIGHEST_OF { member: each() NameRef; }
    /// `exclusive a, b`, or `exclusive a before b, c`.
    Exclusive = EXCLUSIVE { member: each() NameRef; is_before: has(Before); }
    TopUp = TOP_UP { member: each() NameRef; is_by_level: has(ByLevel); }
    /// Also a share of a base: then `amount` is a [`PercentOf`](super::PercentOf).
    Ceiling = CEILING {
        amount: after(AtMost) Expr; is_per_year: has(PerYear); counting: after(Counting) Expr; member: each_after(Over) NameRef; cut: child() Cut;
    }
    Unresolved = UNRESOLVED { member: each() NameRef; }
    /// `cut in proportion`, or `cut b before a`: `order` has b, a.
    Cut = CUT { is_in_proportion: has(CutInProportion); order: each() NameRef; }
    /// One key for all members, of one or more expressions, or a key for each member.
    PerSame = PER_SAME { key: each() KeyPart; expr: each() Expr; agency: after(JudgedBy) NameRef; }
    KeyPart = KEY_PART { measure: child() NameRef; expr: child() Expr; }
    Fund = FUND { name: child() Name; labels: child() Labels; clause: each() FundClause; }
    FundYear = FUND_YEAR { year: child() Number; amount: child() Expr; }
    Covers = COVERS { member: each() NameRef; }
    WhenShort = WHEN_SHORT { rule: keyword(ProRata, ByPriority, FirstCome, Quota); priority: after(ByPriority) Expr; quota: after(Quota) Expr; }
}

alternatives! {
    /// How awards combine.
    CombineForm { HighestOf, Exclusive, TopUp, Ceiling, Unresolved }
    /// What may stand in a fund.
    FundClause { FundYear, Covers, WhenShort, SourceClause, BasisClause }
}

impl Exclusive {
    /// The member that excludes the others where it is awarded: the one before `before`.
    #[must_use]
    pub fn winner(&self) -> Option<NameRef> {
        self.is_before().then(|| parts::child(self.syntax(), 0)).flatten()
    }
}

impl Keyword {
    /// Whether it is this phrase.
    #[must_use]
    pub fn is(&self, phrase: Phrase) -> bool {
        self.syntax().kind() == SyntaxKind::KEYWORD && self.phrase() == Some(phrase)
    }
}
