//! Parameters, definitions, exceptions, presumptions, categories, amendments, and articles without a rule.

use super::{
    AnchorClause, BasisClause, Condition, Expr, Formerly, Labels, MeasureClause, Name, NameRef, SourceClause, Span,
    TitleClause, Type, nodes,
};

nodes! {
    Parameter = PARAMETER {
        name: child() Name; labels: child() Labels; value: child() Expr; entry: each() ParameterEntry;
        source: child() SourceClause; basis: child() BasisClause; formerly: child() Formerly;
    }
    ParameterEntry = PARAMETER_ENTRY { span: child() Span; value: child() Expr; }
    Define = DEFINE {
        name: child() Name; params: child() Params; entity: after(Of) NameRef; labels: child() Labels;
        value: child() Expr; guard: after(When) Expr; otherwise: after(Otherwise) Expr;
        anchor: child() AnchorClause; source: child() SourceClause; basis: child() BasisClause; exception: each() InnerException;
    }
    Params = PARAMS { param: each() Param; }
    Param = PARAM { name: child() Name; ty: child() Type; }
    InnerException = INNER_EXCEPTION { name: child() Name; target: each_after(Over) NameRef; guard: after(When) Expr; value: after(Then) Expr; }
    Exception = EXCEPTION { name: child() Name; rule: after(Of) NameRef; target: each_after(Over) NameRef; guard: after(When) Expr; value: after(Then) Expr; }
    ExceptionGroup = EXCEPTION_GROUP { name: child() Name; member: each() NameRef; }
    Presumption = PRESUMPTION {
        is_not: has(Not); fact: child() NameRef; value: child() Expr; entity: after(Of) NameRef;
    }
    Category = CATEGORY { name: child() Name; labels: child() Labels; member: each() NameRef; }
    NoRule = NO_RULE { reason: keyword(Principle, TextMissing, Organisational, Elsewhere, Superseded); }
    Amend = AMEND {
        rule: child() NameRef; measure_clause: each() MeasureClause; title_clause: each() TitleClause;
        entry: each() ParameterEntry; condition: each() Condition;
    }
}
