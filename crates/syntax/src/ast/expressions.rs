//! Expressions.

use super::{
    AstNode, Condition, Conditions, Date, Keyword, MonthOfYear, Name, NameRef, Number, Text, Unit, alternatives, nodes,
    parts,
};
use text_size::TextSize;

use crate::kind::SyntaxKind;
use crate::phrases::Phrase;

alternatives! {
    /// An expression.
    Expr {
        Literal, Special, NameExpr, Paren, Binary, Unary, PercentOf, PerStep, Call, Access, Quantified, Aggregate, Any, Extreme,
        AllOf, AnyOf, NoneOf, AtLeastOf, CasesExpr, Unclear, Hole, SetExpr, Range, Match,
    }
}

nodes! {
    /// A number with its unit, a date, a month of a year, a text, `true` or `false`; in given facts also a name.
    Literal = LITERAL {
        number: child() Number; unit: child() Unit; date: child() Date; month: child() MonthOfYear; text: child() Text; name: child() NameRef;
        boolean: keyword(True, False);
    }
    Special = SPECIAL { which: keyword(Today, Year, Month, FiscalYear, Applicant, Parent, Base, Due); }
    NameExpr = NAME_EXPR { name: child() NameRef; }
    Paren = PAREN { expr: child() Expr; }
    Binary = BINARY { lhs: child() Expr; rhs: second() Expr; }
    Unary = UNARY { expr: child() Expr; }
    /// `30% of x`: the product.
    PercentOf = PERCENT_OF { lhs: child() Expr; rhs: second() Expr; }
    /// `lhs per step of base`
    PerStep = PER_STEP { lhs: child() Expr; step: after(Per, PerFull) Expr; base: after(Of) Expr; is_full: has(PerFull); }
    /// A call; `base` where a fact of a child is called: `hire.salary_paid(2023)`.
    Call = CALL { callee: child() NameExpr; base: child() Access; arg: each() Arg; }
    /// `name: expr`, `at least LEVEL`, or `fact, 2 years to y` (then [`Arg::until`] has y, in the last argument).
    Arg = ARG { name: child() Name; expr: child() Expr; level: after(AtLeast) NameRef; until: after(To) Expr; }
    Access = ACCESS { base: child() Expr; member: child() NameRef; }
    Quantified = QUANTIFIED { expr: child() Expr; is_each: has(ForEach); is_any: has(ForAny); var: child() Name; source: child() Source; filter: after(Where) Expr; }
    Aggregate = AGGREGATE {
        function: keyword(SumOf, AverageOf, HighestOf, LowestOf, CountOf, CountOfDistinct);
        expr: after(SumOf, AverageOf, HighestOf, LowestOf, CountOfDistinct) Expr; var: child() Name; source: child() Source; filter: after(Where) Expr;
    }
    Any = ANY { var: child() Name; source: child() Source; filter: after(Where) Expr; }
    /// Children of a list, perhaps in an order, or the last years.
    Source = SOURCE { list: first() Expr; key: after(By) NameRef; count: after(Last) Number; end: after(To) Expr; since: after(Since) Expr; }
    Extreme = EXTREME { function: keyword(HighestOf, LowestOf); expr: each() Expr; }
    AllOf = ALL_OF { conditions: child() Conditions; }
    AnyOf = ANY_OF { conditions: child() Conditions; }
    NoneOf = NONE_OF { conditions: child() Conditions; }
    AtLeastOf = AT_LEAST_OF { count: child() Number; conditions: child() Conditions; }
    CasesExpr = CASES_EXPR { row: each() CaseRow; }
    CaseRow = CASE_ROW { is_otherwise: has(Otherwise); }
    Unclear = UNCLEAR { reading: each() Condition; }
    /// A hole in the text.
    Hole = HOLE { low: after(Between) Expr; high: after(And) Expr; }
    SetExpr = SET_EXPR { expr: each() Expr; }
    /// A band; its ends by [`Range::low`] and [`Range::high`].
    Range = RANGE {}
    /// `match expr left:right`
    Match = MATCH { expr: child() Expr; left: child() Number; right: second() Number; }
}

impl Call {
    /// The name called; a call of a member has a `base` instead.
    #[must_use]
    pub fn name(&self) -> Option<NameRef> {
        self.callee()?.name()
    }
}

/// A binary operator.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "named like the operator")]
pub enum BinaryOp {
    Or,
    And,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    Equal,
    NotEqual,
    In,
    NotIn,
    Within,
    /// `at least`: of ordered enumerations, the same as `>=`.
    AtLeast,
    /// `at most`
    AtMost,
    Add,
    Subtract,
    Multiply,
    Divide,
    Power,
}

/// A unary operator.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "named like the operator")]
pub enum UnaryOp {
    Not,
    Negate,
}

fn operator_token(node: &crate::tree::SyntaxNode) -> Option<SyntaxKind> {
    node.child_tokens()
        .map(|token| token.kind())
        .find(|kind| !kind.is_trivia())
}

pub(crate) fn comparison_of(kind: SyntaxKind) -> Option<BinaryOp> {
    Some(match kind {
        SyntaxKind::LT => BinaryOp::Less,
        SyntaxKind::LE => BinaryOp::LessOrEqual,
        SyntaxKind::GT => BinaryOp::Greater,
        SyntaxKind::GE => BinaryOp::GreaterOrEqual,
        SyntaxKind::EQ => BinaryOp::Equal,
        SyntaxKind::NEQ => BinaryOp::NotEqual,
        _ => return None,
    })
}

impl Binary {
    /// Its operator.
    #[must_use]
    pub fn op(&self) -> Option<BinaryOp> {
        if let Some(keyword) = parts::child::<Keyword>(self.syntax(), 0) {
            return Some(match keyword.phrase()? {
                Phrase::Or => BinaryOp::Or,
                Phrase::And => BinaryOp::And,
                Phrase::In => BinaryOp::In,
                Phrase::NotIn => BinaryOp::NotIn,
                Phrase::Within => BinaryOp::Within,
                Phrase::AtLeast => BinaryOp::AtLeast,
                Phrase::AtMost => BinaryOp::AtMost,
                _ => return None,
            });
        }
        let token = operator_token(self.syntax())?;
        comparison_of(token).or(match token {
            SyntaxKind::PLUS => Some(BinaryOp::Add),
            SyntaxKind::MINUS => Some(BinaryOp::Subtract),
            SyntaxKind::STAR => Some(BinaryOp::Multiply),
            SyntaxKind::SLASH => Some(BinaryOp::Divide),
            SyntaxKind::CARET => Some(BinaryOp::Power),
            _ => None,
        })
    }
}

impl Unary {
    /// Its operator.
    #[must_use]
    pub fn op(&self) -> Option<UnaryOp> {
        match operator_token(self.syntax()) {
            Some(SyntaxKind::MINUS) => Some(UnaryOp::Negate),
            _ => parts::keyword_among(self.syntax(), &[Phrase::Not]).map(|_| UnaryOp::Not),
        }
    }
}

impl Literal {
    /// Whether a minus stands before the number.
    #[must_use]
    pub fn is_negative(&self) -> bool {
        operator_token(self.syntax()) == Some(SyntaxKind::MINUS)
    }
}

impl CaseRow {
    fn colon(&self) -> Option<TextSize> {
        let mut elements = self.syntax().children_with_tokens();
        elements
            .find(|element| element.kind() == SyntaxKind::COLON)
            .map(|colon| colon.text_range().start())
    }

    /// The part `guard`: absent in the row `otherwise`.
    #[must_use]
    pub fn guard(&self) -> Option<Expr> {
        let colon = self.colon()?;
        parts::children::<Expr>(self.syntax()).find(|expr| expr.range().start() < colon)
    }

    /// The part `value`.
    #[must_use]
    pub fn value(&self) -> Option<Expr> {
        let colon = self.colon()?;
        parts::children::<Expr>(self.syntax()).find(|expr| expr.range().start() > colon)
    }
}

impl Range {
    fn operator(&self) -> Option<(SyntaxKind, TextSize)> {
        use SyntaxKind::{RANGE_OP, RANGE_OPEN_BOTH, RANGE_OPEN_HIGH, RANGE_OPEN_LOW};
        self.syntax()
            .children_with_tokens()
            .find(|element| {
                matches!(
                    element.kind(),
                    RANGE_OP | RANGE_OPEN_HIGH | RANGE_OPEN_LOW | RANGE_OPEN_BOTH
                )
            })
            .map(|element| (element.kind(), element.text_range().start()))
    }

    /// The lower end.
    #[must_use]
    pub fn low(&self) -> Option<Expr> {
        let (_, at) = self.operator()?;
        parts::children::<Expr>(self.syntax()).find(|end| end.range().start() < at)
    }

    /// The upper end.
    #[must_use]
    pub fn high(&self) -> Option<Expr> {
        let (_, at) = self.operator()?;
        parts::children::<Expr>(self.syntax()).find(|end| end.range().start() > at)
    }

    /// Whether the lower end itself belongs to it.
    #[must_use]
    pub fn is_low_closed(&self) -> bool {
        matches!(
            self.operator(),
            Some((SyntaxKind::RANGE_OP | SyntaxKind::RANGE_OPEN_HIGH, _))
        )
    }

    /// Whether the upper end itself belongs to it.
    #[must_use]
    pub fn is_high_closed(&self) -> bool {
        matches!(
            self.operator(),
            Some((SyntaxKind::RANGE_OP | SyntaxKind::RANGE_OPEN_LOW, _))
        )
    }
}
