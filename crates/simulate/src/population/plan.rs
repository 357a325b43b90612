//! A model that fits a vocabulary: what is drawn for each row, in order, with names resolved and figures exact.

mod build;
mod figures;
mod held;

use std::sync::Arc;

use meed_facts::date::Date;
use meed_facts::identifier::Kind;
use meed_facts::money::Money;
use meed_facts::schema::{EntityId, FactId, TitleId};

use super::draw::{Quantiles, Weights};

pub(super) use build::Site;
pub(super) use figures::chance;

/// At most so many years.
pub(super) const MOST_YEARS: usize = 8;

/// Decimal places of plain numbers.
pub(super) const NUMBER_PLACES: u8 = 4;

/// What is drawn for the records of one entity.
#[derive(Debug)]
pub(super) struct Plan {
    pub(super) entity: EntityId,
    pub(super) rules: Vec<Rule>,
    /// The rule for the date before whose year nothing happened.
    pub(super) began: Option<usize>,
    /// Whether records of the entity have titles at all.
    pub(super) titled: bool,
    pub(super) titles: Vec<TitleRule>,
    pub(super) awards: Vec<AwardRule>,
}

/// How one fact is drawn.
#[derive(Debug)]
pub(super) struct Rule {
    pub(super) fact: FactId,
    pub(super) yearly: bool,
    pub(super) form: Form,
    pub(super) draw: Draw,
    pub(super) when: Option<Condition>,
    pub(super) otherwise: Option<i64>,
    /// Whether only a person can say it.
    pub(super) judged: bool,
    /// Whether it identifies the record, so is always known.
    pub(super) key: bool,
}

/// What a whole number in a cell stands for.
#[derive(Clone, Debug)]
pub(super) enum Form {
    /// 0 and 1.
    Bool,
    /// That many.
    Count,
    /// Ten-thousandths.
    Number,
    /// The currency's smallest unit, with so many decimal places.
    Money(u8),
    /// Days since 1970-01-01.
    Date,
    /// Whole months.
    Months,
    /// Days.
    Days,
    /// A member of an enumeration of so many.
    Member(usize),
    /// One of these.
    Text(Vec<Arc<str>>),
    /// A number to be made an identifier of.
    Identifier(Reserved),
    /// Items of a list.
    List,
}

/// Identifiers that begin with characters that no register gives out.
#[derive(Clone, Debug)]
pub(super) struct Reserved {
    pub(super) kind: Option<Kind>,
    pub(super) start: Arc<str>,
    /// The rule for the birthday that citizen numbers hold.
    pub(super) born: Option<usize>,
}

/// A way of drawing.
#[derive(Debug)]
pub(super) enum Draw {
    Chance(Choice<i64>),
    Among(Choice<Weights>),
    Quantity {
        quantiles: Choice<Quantiles>,
        of: Of,
        growth: Option<Choice<Quantiles>>,
        steady: bool,
        step: i64,
        exactly: Vec<i64>,
    },
    DaysBefore {
        days: Choice<Quantiles>,
        not_before: Option<Earlier>,
    },
    Born(Choice<Quantiles>),
    Many {
        count: Choice<Quantiles>,
        child: Box<Plan>,
    },
    Key,
}

/// What quantiles are multiples of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Of {
    /// They stand for themselves.
    Nothing,
    /// A quantity for each one of this rule's.
    Per(usize),
    /// Shares of this rule's quantity.
    Share(usize),
    /// Shares of the months since this rule's date.
    Age(usize),
}

/// The rule of an earlier fact.
#[derive(Clone, Copy, Debug)]
pub(super) enum Earlier {
    /// Of the same record.
    Own(usize),
    /// Of the record that the child belongs to.
    Parent(usize),
}

/// What holds in each case.
#[derive(Clone, Debug)]
pub(super) struct Choice<T> {
    /// The rule whose value chooses; the profile where there is none.
    pub(super) by: Option<usize>,
    pub(super) of: Vec<Option<Arc<T>>>,
}

/// A condition on an earlier fact's value.
#[derive(Clone, Debug)]
pub(super) struct Condition {
    pub(super) rule: usize,
    pub(super) is: Vec<i64>,
    pub(super) at_least: Option<i64>,
}

/// Who holds a title.
#[derive(Debug)]
pub(super) struct TitleRule {
    pub(super) title: TitleId,
    pub(super) level: Option<u16>,
    pub(super) granted: (Date, Date),
    pub(super) months: Option<i32>,
    /// The chance, by profile: all of those to which it is dealt.
    pub(super) chance: Choice<i64>,
}

/// Who has received an award.
#[derive(Debug)]
pub(super) struct AwardRule {
    pub(super) measure: Arc<str>,
    pub(super) amount: Money,
    pub(super) on: (Date, Date),
    pub(super) chance: Choice<i64>,
}

impl Form {
    /// The decimal places in which figures for it are written.
    pub(super) fn places(&self) -> u8 {
        match self {
            Form::Money(places) => *places,
            Form::Number => NUMBER_PLACES,
            _ => figures::HUNDREDTHS,
        }
    }

    /// What is little of it: 10,000 yuan, a hundredth, one.
    pub(super) fn grain(&self) -> i64 {
        match self {
            Form::Money(places) => 10_i64.saturating_pow(u32::from(*places).saturating_add(4)),
            Form::Number => 100,
            _ => 1,
        }
    }
}

impl<T> Choice<T> {
    /// What holds in a case.
    pub(super) fn get(&self, case: usize) -> Option<&T> {
        self.of.get(case)?.as_deref()
    }
}
