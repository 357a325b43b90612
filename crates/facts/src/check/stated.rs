//! What may be stated in a value's place, and which values a fact's bounds and period allow.

use super::{Complaint, shown};
use crate::date::{Date, Days, Period};
use crate::identifier::{Kind, citizen_id};
use crate::ratio::Ratio;
use crate::schema::{Fact, FactType, Schema, Source};
use crate::value::{Bound, Interval, Missing, Scalar, Stated};

/// An end of a range.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum End {
    /// The value, or more.
    AtLeast,
    /// More than the value.
    MoreThan,
    /// The value, or less.
    AtMost,
    /// Less than the value.
    LessThan,
}

impl End {
    /// All ends with the names they have in files.
    pub const NAMES: [(&str, Self); 4] = [
        ("at_least", Self::AtLeast),
        ("more_than", Self::MoreThan),
        ("at_most", Self::AtMost),
        ("less_than", Self::LessThan),
    ];

    /// Whether it is a lower end.
    pub fn is_low(self) -> bool {
        matches!(self, Self::AtLeast | Self::MoreThan)
    }

    fn is_closed(self) -> bool {
        matches!(self, Self::AtLeast | Self::AtMost)
    }
}

/// Whether the fact takes values for the period: not where the period begins when the fact is closed, or later.
pub fn in_period(fact: &Fact, period: Period) -> Result<(), Complaint> {
    fact.closed_before(period)
        .map_or(Ok(()), |until| Err(closed(fact, until)))
}

// The fact takes no entry from a day on.
fn closed(fact: &Fact, until: Date) -> Complaint {
    let message = (
        format!("`{}` takes no entries from {until} on", fact.named.name),
        format!("`{}` 自 {until} 起不再填报", fact.named.name),
    );
    let help = (
        "leave it out; the package's vocabulary has what is asked instead",
        "请去掉；规则包的词汇表中有替代的信息项",
    );
    Complaint::new(message, help)
}

/// Whether the fact's bounds allow the value, and it is not a date from which on the fact is closed.
pub fn within_bounds(fact: &Fact, value: &Scalar) -> Result<(), Complaint> {
    if let (Some(until), Scalar::Date(date)) = (fact.until, value)
        && *date >= until
    {
        return Err(closed(fact, until));
    }
    let Some(bounds) = fact.bounds.as_ref().filter(|bounds| !bounds.contains(value)) else {
        return Ok(());
    };
    let shown_end = |end: &Bound| match &end.value {
        Scalar::Number(number) => number.to_string(),
        Scalar::Date(date) => date.to_string(),
        other => shown(&format!("{other:?}")),
    };
    let (mut en, mut zh) = (Vec::new(), Vec::new());
    let mut limit = |(word, sign): (&str, &str), end: &Bound| {
        en.push(format!("{word} {}", shown_end(end)));
        zh.push(format!("{sign} {}", shown_end(end)));
    };
    if let Some(low) = &bounds.low {
        limit(
            if low.closed {
                ("at least", "不小于")
            } else {
                ("more than", "大于")
            },
            low,
        );
    }
    if let Some(high) = &bounds.high {
        limit(
            if high.closed {
                ("at most", "不大于")
            } else {
                ("less than", "小于")
            },
            high,
        );
    }
    let message = (
        format!("`{}` must be {}", fact.named.name, en.join(" and ")),
        format!("`{}` 必须{}", fact.named.name, zh.join("且")),
    );
    Err(Complaint::new(
        message,
        ("check the figure and its unit", "请核对数字及其单位"),
    ))
}

/// Why a value is missing, by the reason's name.
pub fn missing(fact: &Fact, reason: &str) -> Result<Missing, Complaint> {
    match reason {
        "refused" => Ok(Missing::Refused),
        "unasked" => Ok(Missing::Unasked),
        "judgement" if matches!(fact.source, Source::Judged(_)) => Ok(Missing::Judgement),
        "judgement" => {
            let message = (
                format!("nobody judges `{}`", fact.named.name),
                format!("`{}` 不由任何人评判", fact.named.name),
            );
            Err(Complaint::new(
                message,
                ("write \"unasked\" or \"refused\"", "请写 \"unasked\" 或 \"refused\""),
            ))
        }
        other => {
            let reasons = ["refused", "judgement", "unasked"].map(str::to_owned);
            Err(Complaint::unknown(("reason called", "原因"), other, &reasons))
        }
    }
}

/// Whether a value of the type may be known as one of a set.
pub fn has_sets(ty: &FactType) -> bool {
    matches!(ty, FactType::Enumeration(_) | FactType::Bool)
}

/// One of several members of an enumeration, or truth values.
pub fn one_of(ty: &FactType, mut members: Vec<Scalar>) -> Result<Stated, Complaint> {
    if !has_sets(ty) {
        let help = (
            "write a range with \"at_least\" and \"at_most\"",
            "请用 \"at_least\" 和 \"at_most\" 写区间",
        );
        return Err(Complaint::new(
            (
                "only members of an enumeration can be given as a set",
                "只有枚举成员才能以集合给出",
            ),
            help,
        ));
    }
    members.sort_by(|a, b| a.checked_cmp(b).unwrap_or(std::cmp::Ordering::Equal));
    members.dedup();
    match members.as_slice() {
        [] => Err(Complaint::new(
            ("an empty set leaves no value", "空集合没有可能的值"),
            ("name the members it may be", "请列出可能的成员"),
        )),
        [only] => Ok(Stated::Value(only.clone())),
        _ => Ok(Stated::OneOf(members)),
    }
}

/// Whether a fact's values have an order, so that there are ranges of them.
pub fn is_ordered(schema: &Schema, fact: &Fact) -> Result<(), Complaint> {
    let ordered = match &fact.ty {
        FactType::Count | FactType::Number(_) | FactType::Money(_) => true,
        FactType::Date | FactType::Months | FactType::Days => true,
        FactType::Enumeration(id) => schema.enumerations[*id].ordered,
        _ => false,
    };
    if ordered {
        return Ok(());
    }
    let help = match fact.ty {
        FactType::Bool | FactType::Enumeration(_) => ("write {\"one_of\": […]}", "请写 {\"one_of\": […]}"),
        _ => ("write the value, or leave the fact out", "请写出值，或去掉此信息项"),
    };
    let message = (
        format!("`{}` has no order, so it has no range", fact.named.name),
        format!("`{}` 没有大小次序，不能写区间", fact.named.name),
    );
    Err(Complaint::new(message, help))
}

/// Whether the fact's value grows through a year or month, so that it may be known as far as it has come.
pub fn grows(fact: &Fact) -> Result<(), Complaint> {
    let numeric = matches!(fact.ty, FactType::Count | FactType::Number(_) | FactType::Money(_));
    if fact.period.is_some() && numeric {
        return Ok(());
    }
    let message = (
        "`so_far` is for amounts that grow through a year or month",
        "`so_far` 只用于在年度或月度中累计的数量",
    );
    Err(Complaint::new(
        message,
        ("write the value, or a range", "请写出值或区间"),
    ))
}

/// The range between ends, each given at most once on its side, of a fact whose values have an order. An end that is not given is the
/// fact's own bound.
pub fn range(fact: &Fact, ends: impl IntoIterator<Item = (End, Scalar)>) -> Result<Stated, Complaint> {
    let own = own_ends(fact);
    let mut low = None;
    let mut high = None;
    for (end, value) in ends {
        let side = if end.is_low() { &mut low } else { &mut high };
        *side = Some(whole_end(&fact.ty, value, end));
    }
    let interval = Interval {
        low: low.or(own.low),
        high: high.or(own.high),
    };
    if interval.is_empty() {
        let help = ("the lower end must not be above the upper", "下限不能高于上限");
        return Err(Complaint::new(("no value lies in this range", "此区间内没有值"), help));
    }
    Ok(Stated::Range(interval))
}

/// The ends that a range of the fact's values has where none are given: perhaps none.
pub fn own_ends(fact: &Fact) -> Interval {
    let bounds = fact.bounds.as_ref();
    Interval {
        low: bounds.and_then(|bounds| bounds.low.clone()).or_else(|| least(&fact.ty)),
        high: bounds.and_then(|bounds| bounds.high.clone()),
    }
}

fn least(ty: &FactType) -> Option<Bound> {
    matches!(ty, FactType::Count).then(|| Bound {
        value: Scalar::Number(Ratio::ZERO),
        closed: true,
    })
}

// Between whole values there is nothing, so "more than 3" is "at least 4".
fn whole_end(ty: &FactType, value: Scalar, end: End) -> Bound {
    if end.is_closed() {
        return Bound { value, closed: true };
    }
    let step = if end.is_low() { 1 } else { -1 };
    let next = match &value {
        Scalar::Number(number) if matches!(ty, FactType::Count) => Some(Scalar::Number(number + &Ratio::from(step))),
        Scalar::Months(months) => months.checked_add(step).map(Scalar::Months),
        Scalar::Days(days) => days.checked_add(step).map(Scalar::Days),
        Scalar::Date(date) => date.plus_days(Days(step)).map(Scalar::Date),
        Scalar::Member(member) => member
            .checked_add_signed(if end.is_low() { 1 } else { -1 })
            .map(Scalar::Member),
        _ => None,
    };
    match next {
        Some(value) => Bound { value, closed: true },
        None => Bound { value, closed: false },
    }
}

/// Whether whoever bears a citizen number was born by the day.
pub fn born(fact: &Fact, stated: &Stated, on: Date) -> Result<(), Complaint> {
    let (FactType::Identifier(Kind::CitizenId), Stated::Value(Scalar::Text(number))) = (&fact.ty, stated) else {
        return Ok(());
    };
    match citizen_id::birth_date(number) {
        Ok(birth) if birth > on => Err(Complaint::new(
            (
                format!("characters 7 to 14 are the birth date, and {birth} is after {on}"),
                format!("第 7 至 14 位是出生日期，而 {birth} 晚于 {on}"),
            ),
            ("check the number, and the date asked about", "请核对号码和所问的日期"),
        )),
        _ => Ok(()),
    }
}

/// Whether a value for the period can be final on the day (`semantics.md` §5): while the period has not ended, it is still growing.
pub fn unfinished(period: Period, stated: &Stated, on: Date) -> Result<(), Complaint> {
    if !matches!(stated, Stated::Value(_)) || period.has_ended_on(on) {
        return Ok(());
    }
    Err(Complaint::new(
        (
            format!("{period} has not ended on {on}, so its value is not final"),
            format!("{period} 在 {on} 尚未结束，其值不是终值"),
        ),
        (
            "write {\"so_far\": value} or a range with \"at_least\" and \"at_most\"",
            "请写 {\"so_far\": 值}，或用 \"at_least\" 和 \"at_most\" 写区间",
        ),
    ))
}
