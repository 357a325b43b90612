//! Entities, facts, enumerations, agencies, units, types, and the clauses that any rule may carry.

use super::{
    Amend, AstNode, Case, CaseTable, Category, Combine, Date, Define, Exception, ExceptionGroup, Expr, Fund, Keyword,
    Measure, Name, NameRef, NoRule, Number, Parameter, Presumption, Range, Service, Sheet, TableItem, Text, Title,
    Unit, alternatives, nodes, parts,
};
use crate::kind::SyntaxKind;
use crate::phrases::Phrase;

alternatives! {
    /// What may stand in a block.
    Item {
        Entity, Facts, Enumeration, Agency, UnitDeclaration, Title, Measure, Service, Parameter, Define, Exception, ExceptionGroup,
        Presumption, Category, Combine, Fund, TableItem, Sheet, Case, CaseTable, Amend, NoRule,
    }
}

nodes! {
    Labels = LABELS { zh: after(Zh) Text; en: after(En) Text; }
    Entity = ENTITY { name: child() Name; labels: child() Labels; key: after(Key) NameRef; formerly: child() Formerly; }
    Facts = FACTS { entity: child() NameRef; }
    Enumeration = ENUMERATION {
        name: child() Name; labels: child() Labels; is_ordered: has(Ordered); has_table: has(FromTable); member: each() Member;
    }
    Member = MEMBER { name: child() Name; labels: child() Labels; formerly: child() Formerly; }
    Agency = AGENCY { name: child() Name; labels: child() Labels; }
    UnitDeclaration = UNIT_DECLARATION { name: child() Name; labels: child() Labels; factor: child() Number; base: child() NameRef; }
    Formerly = FORMERLY { name: each() NameRef; }

    /// Half-open: the end is the first day that no longer belongs to it.
    Span = SPAN {}
    SourceClause = SOURCE_CLAUSE { quality: keyword(Official, Secondary, Draft); }
    BasisClause = BASIS_CLAUSE { text: child() Text; }
    InForceClause = IN_FORCE_CLAUSE { span: child() Span; }
    AnchorClause = ANCHOR_CLAUSE { expr: child() Expr; }

    /// A type, with its periods, bounds and conditions.
    Type = TYPE {
        unit: child() Unit; member: each_after(OneOf) Name;
        is_ordered: has(Ordered); is_yearly: has(Yearly); is_monthly: has(Monthly);
        range: child() Range; applies_when: after(AppliesWhen) Expr; formerly: child() Formerly; until: after(Until) Date;
    }
}

/// What a type says before its periods and bounds.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum TypeName {
    /// `bool`
    Bool,
    /// `count`: a whole number from 0.
    Count,
    /// `number`, perhaps of a unit ([`Type::unit`]).
    Number,
    /// A currency, by its ISO 4217 code.
    Money(String),
    /// `date`
    Date,
    /// `months`: a calendar duration.
    Months,
    /// `days`: a duration in days.
    Days,
    /// `text`
    Text,
    /// `one of a, b`: [`Type::member`] has the members.
    OneOf,
    /// `many Hire`
    Many(NameRef),
    /// `one Employer`
    One(NameRef),
    /// `credit_code`
    CreditCode,
    /// `citizen_id`
    CitizenId,
    /// `division`
    Division,
    /// `industry`
    Industry,
    /// `year`: a calendar year, such as a fact is asked for.
    Year,
    /// `month`: a month of a year, likewise.
    Month,
    /// The name of an enumeration.
    Named(NameRef),
}

impl Type {
    /// What it says before its periods and bounds.
    #[must_use]
    pub fn name(&self) -> Option<TypeName> {
        for child in self.syntax().children() {
            match child.kind() {
                SyntaxKind::KEYWORD => {
                    if let Some(name) = self.builtin(Keyword::cast(child)?.phrase()?) {
                        return Some(name);
                    }
                }
                SyntaxKind::NAME_REF => return NameRef::cast(child).map(named),
                _ => {}
            }
        }
        None
    }

    fn builtin(&self, phrase: Phrase) -> Option<TypeName> {
        let entity = || parts::child::<NameRef>(self.syntax(), 0);
        Some(match phrase {
            Phrase::Bool => TypeName::Bool,
            Phrase::Count => TypeName::Count,
            Phrase::Number => TypeName::Number,
            Phrase::Date => TypeName::Date,
            Phrase::Months => TypeName::Months,
            Phrase::Days => TypeName::Days,
            Phrase::Text => TypeName::Text,
            Phrase::OneOf => TypeName::OneOf,
            Phrase::Many => return entity().map(TypeName::Many),
            Phrase::One => return entity().map(TypeName::One),
            Phrase::CreditCode => TypeName::CreditCode,
            Phrase::CitizenId => TypeName::CitizenId,
            Phrase::Division => TypeName::Division,
            Phrase::Industry => TypeName::Industry,
            Phrase::Year => TypeName::Year,
            Phrase::Month => TypeName::Month,
            _ => return None,
        })
    }
}

fn named(name: NameRef) -> TypeName {
    match super::UnitName::from_word(&name.text()) {
        super::UnitName::Currency(code) => TypeName::Money(code),
        _ => TypeName::Named(name),
    }
}

impl Span {
    /// The first day.
    #[must_use]
    pub fn from(&self) -> Option<Date> {
        self.side(false)
    }

    /// The day after the last one.
    #[must_use]
    pub fn to(&self) -> Option<Date> {
        self.side(true)
    }

    fn side(&self, right: bool) -> Option<Date> {
        let dots = self
            .syntax()
            .children_with_tokens()
            .find(|element| element.kind() == SyntaxKind::RANGE_OP)?
            .text_range()
            .start();
        parts::children::<Date>(self.syntax()).find(|date| (date.range().start() > dots) == right)
    }
}
