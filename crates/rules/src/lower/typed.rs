//! Typed operands and the operators on them: what fits together, and what it makes.

use meed_facts::schema::Schema;
use meed_syntax::diagnostic::{Code, Diagnostic, Message, Span};

use super::units;
use crate::program::{Cmp, Dimension, NodeId, Op, Type};

/// A node with its type and the place it was written at.
#[derive(Clone, Debug)]
pub(super) struct Typed {
    pub(super) node: NodeId,
    pub(super) ty: Type,
    pub(super) span: Span,
}

/// An operation and the type of its result.
pub(super) type Made = Result<(Op, Type), Box<Diagnostic>>;

/// Signs of arithmetic.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sign {
    Plus,
    Minus,
    Times,
    Over,
}

impl Sign {
    fn text(self) -> &'static str {
        match self {
            Sign::Plus => "+",
            Sign::Minus => "-",
            Sign::Times => "*",
            Sign::Over => "/",
        }
    }
}

/// `a SIGN b`.
pub(super) fn arithmetic(sign: Sign, a: &Typed, b: &Typed, schema: &Schema) -> Made {
    use Type::{Date, Days, Month, Months, Number, Year};
    let (x, y) = (a.node, b.node);
    let made = match (sign, &a.ty, &b.ty) {
        (Sign::Plus, Number(u), Number(v)) if u == v => (Op::Add(x, y), a.ty.clone()),
        (Sign::Minus, Number(u), Number(v)) if u == v => (Op::Sub(x, y), a.ty.clone()),
        (Sign::Plus | Sign::Minus, Number(u), Number(v)) => return Err(unit_mismatch(sign.text(), a, b, u, v, schema)),
        (Sign::Times, Number(u), Number(v)) => (Op::Mul(x, y), Number(within(units::product(u, v), b.span)?)),
        (Sign::Over, Number(u), Number(v)) => (Op::Div(x, y), Number(within(units::quotient(u, v), b.span)?)),
        (Sign::Plus, Year | Month, Number(u)) if u.0.is_empty() => (Op::Add(x, y), a.ty.clone()),
        (Sign::Minus, Year | Month, Number(u)) if u.0.is_empty() => (Op::Sub(x, y), a.ty.clone()),
        (Sign::Minus, Year, Year) | (Sign::Minus, Month, Month) => (Op::Sub(x, y), Number(Dimension::NONE)),
        (Sign::Plus, Months, Months) | (Sign::Plus, Days, Days) => (Op::Add(x, y), a.ty.clone()),
        (Sign::Minus, Months, Months) | (Sign::Minus, Days, Days) => (Op::Sub(x, y), a.ty.clone()),
        (Sign::Plus, Date, Months) => (Op::AddMonths(x, y), Date),
        (Sign::Plus, Date, Days) => (Op::AddDays(x, y), Date),
        (Sign::Minus, Date, Date) => (Op::DaysBetween(x, y), Days),
        (Sign::Over, Months, Months) | (Sign::Over, Days, Days) => (Op::Div(x, y), Number(Dimension::NONE)),
        _ => return Err(not_for(sign.text(), a, b, schema)),
    };
    Ok(made)
}

/// `a CMP b`.
pub(super) fn compare(cmp: Cmp, a: &Typed, b: &Typed, schema: &Schema) -> Made {
    let text = cmp.text();
    // A bare number beside a year is a year: `year_of(d) = 2012`.
    let is_year_number = |year: &Type, number: &Type| *year == Type::Year && *number == Type::Number(Dimension::NONE);
    let years = is_year_number(&a.ty, &b.ty) || is_year_number(&b.ty, &a.ty);
    match (&a.ty, &b.ty) {
        _ if years => {}
        (Type::Number(u), Type::Number(v)) if u != v => return Err(unit_mismatch(text, a, b, u, v, schema)),
        (Type::Months, Type::Days) | (Type::Days, Type::Months) => {
            return Err(Box::new(
                not_for(text, a, b, schema)
                    .why(Message::new(
                        "a month has no fixed number of days",
                        "一个月的天数不固定",
                    ))
                    .help(Message::new(
                        "write both in months, or both in days",
                        "请两边都用月，或都用天",
                    )),
            ));
        }
        (s, t) if s != t => return Err(not_for(text, a, b, schema)),
        _ => {}
    }
    if !matches!(cmp, Cmp::Eq | Cmp::Ne) {
        let help = Message::new(
            "compare with `=`, or declare the enumeration `ordered`",
            "请用 `=`，或将枚举声明为有序",
        );
        let both = Typed {
            span: a.span.to(b.span),
            ..a.clone()
        };
        ordered(text, &both, schema).map_err(|finding| Box::new(finding.help(help)))?;
    }
    Ok((Op::Compare(cmp, a.node, b.node), Type::Bool))
}

/// Refuses a value whose type has no order where one is needed: left of `<`, in `highest of`.
pub(super) fn ordered(text: &str, typed: &Typed, schema: &Schema) -> Result<(), Box<Diagnostic>> {
    let has_order = match &typed.ty {
        Type::Number(_) | Type::Date | Type::Months | Type::Days | Type::Year | Type::Month => true,
        Type::Enumeration(id) => schema.enumerations[*id].ordered,
        Type::Bool | Type::Text | Type::Identifier(_) => false,
    };
    if has_order {
        return Ok(());
    }
    let ty = show(&typed.ty, schema);
    let message = Message::new(
        format!("`{text}` needs an order, and {ty} has none"),
        format!("“{text}”需要顺序，而 {ty} 没有顺序"),
    );
    Err(Box::new(Diagnostic::new(Code::NotOrdered, typed.span, message)))
}

impl Cmp {
    /// The operator as written.
    pub fn text(self) -> &'static str {
        match self {
            Cmp::Lt => "<",
            Cmp::Le => "<=",
            Cmp::Gt => ">",
            Cmp::Ge => ">=",
            Cmp::Eq => "=",
            Cmp::Ne => "!=",
        }
    }
}

/// Refuses an operand that has not the type it must have.
pub(super) fn require(typed: &Typed, wanted: &Type, schema: &Schema) -> Result<(), Box<Diagnostic>> {
    if typed.ty == *wanted {
        return Ok(());
    }
    Err(Box::new(wrong_type(typed, &show(wanted, schema), schema)))
}

/// «this is A, B is needed here».
pub(super) fn wrong_type(typed: &Typed, wanted: &str, schema: &Schema) -> Diagnostic {
    let found = show(&typed.ty, schema);
    Diagnostic::new(
        Code::WrongType,
        typed.span,
        Message::new(
            format!("this is {found}, {wanted} is needed here"),
            format!("此处需要 {wanted}，实际为 {found}"),
        ),
    )
}

/// A type as people write it.
pub(super) fn show(ty: &Type, schema: &Schema) -> String {
    match ty {
        Type::Bool => "bool".to_owned(),
        Type::Number(unit) => units::show(unit, schema),
        Type::Date => "date".to_owned(),
        Type::Months => "months".to_owned(),
        Type::Days => "days".to_owned(),
        Type::Year => "year".to_owned(),
        Type::Month => "month".to_owned(),
        Type::Text => "text".to_owned(),
        Type::Enumeration(id) => schema.enumerations[*id].named.name.to_string(),
        Type::Identifier(kind) => kind.name().to_owned(),
    }
}

fn within(unit: Option<Dimension>, span: Span) -> Result<Dimension, Box<Diagnostic>> {
    unit.ok_or_else(|| {
        Box::new(Diagnostic::new(
            Code::UnitMismatch,
            span,
            Message::new("the unit's power grows too large", "单位的幂次过大"),
        ))
    })
}

fn unit_mismatch(text: &str, a: &Typed, b: &Typed, u: &Dimension, v: &Dimension, schema: &Schema) -> Box<Diagnostic> {
    let (left, right) = (units::show(u, schema), units::show(v, schema));
    let mut finding = Diagnostic::new(
        Code::UnitMismatch,
        a.span.to(b.span),
        Message::new(
            format!("`{text}` needs the same unit on both sides: {left} and {right}"),
            format!("“{text}”两边单位须相同：{left} 与 {right}"),
        ),
    )
    .related(a.span, Message::new(left.clone(), left.clone()))
    .related(b.span, Message::new(right.clone(), right.clone()));
    let money = [u, v].into_iter().find_map(Dimension::currency);
    if let (Some(currency), true) = (money, u.0.is_empty() || v.0.is_empty()) {
        let code = currency.code();
        finding = finding.help(Message::new(
            format!("write the amount with its currency: `500 {code}`"),
            format!("请写明货币：`500 {code}`"),
        ));
    }
    Box::new(finding)
}

fn not_for(text: &str, a: &Typed, b: &Typed, schema: &Schema) -> Box<Diagnostic> {
    let (left, right) = (show(&a.ty, schema), show(&b.ty, schema));
    Box::new(Diagnostic::new(
        Code::NotComparable,
        a.span.to(b.span),
        Message::new(
            format!("`{text}` does not go between {left} and {right}"),
            format!("“{text}”不能用于 {left} 与 {right} 之间"),
        ),
    ))
}
