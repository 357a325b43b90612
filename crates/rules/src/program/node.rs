//! Nodes: one operation each. What each does with values that are not known is told in `semantics.md` §1 and done by the evaluators.

use std::sync::Arc;

use meed_facts::ratio::{Ratio, Rounding};
use meed_facts::schema::{FactId, TitleId};
use meed_facts::value::Scalar;

use super::{MeasureId, NameId, NodeId, OriginId, ScopeId, TableId, Type};

/// One operation on the values of others.
#[derive(Clone, Debug)]
pub struct Node {
    /// What it does.
    pub op: Op,
    /// The type of its value.
    pub ty: Type,
    /// The innermost scope it depends on.
    pub scope: ScopeId,
    /// Where it stands (where several places share a node, the first).
    pub origin: OriginId,
}

/// A condition in a list of conditions.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Condition {
    /// Its label, where it has one.
    pub label: Option<Arc<str>>,
    /// The condition.
    pub node: NodeId,
    /// Where it stands.
    pub origin: OriginId,
}

/// How a fact's value may come about besides being stated.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Default)]
pub struct FactRules {
    /// The fact applies only where this is true.
    pub applies: Option<NodeId>,
    /// The value the law presumes while the fact is absent.
    pub presumed: Option<(Scalar, OriginId)>,
}

/// Comparison operators.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Cmp {
    /// `<`
    Lt,
    /// `<=`
    Le,
    /// `>`
    Gt,
    /// `>=`
    Ge,
    /// `=`
    Eq,
    /// `!=`
    Ne,
}

/// What an aggregate makes of the instances of its scope.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Aggregate {
    /// How many.
    Count,
    /// How many different values.
    CountDistinct,
    /// Their sum.
    Sum,
    /// Their mean; undefined without instances.
    Average,
    /// The greatest; undefined without instances.
    Highest,
    /// The least; undefined without instances.
    Lowest,
    /// Whether the value holds for one at least.
    Any,
    /// Whether the value holds for all.
    Each,
}

/// Which level of a title is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum LevelTest {
    /// Any level.
    Any,
    /// This one.
    Exactly(u16),
    /// This one or a higher.
    AtLeast(u16),
}

/// One rule of a choice among several that may apply at once.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Arm {
    /// The rule's or exception's name.
    pub label: Option<Arc<str>>,
    /// When it applies; always, where `None`.
    pub guard: Option<NodeId>,
    /// The value it gives.
    pub value: NodeId,
    /// Positions of the arms it overrides while it applies (transitively closed).
    pub overrides: Vec<u16>,
    /// Where it stands.
    pub origin: OriginId,
}

/// One operation. Operands named `of` are scopes: the one whose record is read.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Op {
    /// A value of the text.
    Const(Scalar),
    /// The text at hand is silent; the value lies between the two where given.
    Hole(Option<(NodeId, NodeId)>),
    /// A named value; `body` computes it, `args` are what it was called with.
    Named {
        /// The name.
        name: NameId,
        /// Arguments.
        args: Vec<NodeId>,
        /// What computes it.
        body: NodeId,
    },

    /// A fact with one value.
    Fact {
        /// Whose.
        of: ScopeId,
        /// Which.
        fact: FactId,
        /// Applicability and presumption.
        rules: FactRules,
    },
    /// A fact with one value a period, of the period `at` (type `Year` or `Month`).
    FactAt {
        /// Whose.
        of: ScopeId,
        /// Which.
        fact: FactId,
        /// The period.
        at: NodeId,
        /// Applicability and presumption.
        rules: FactRules,
    },
    /// The year bound by a `Years` scope.
    BoundYear(ScopeId),
    /// The first day of the instalment's period.
    InstalmentFrom(ScopeId),
    /// The calendar year of the first day of the instalment's period.
    InstalmentYear(ScopeId),
    /// The calendar month of the first day of the instalment's period.
    InstalmentMonth(ScopeId),
    /// The day on which the instalment is due: the period's first day in advance, the day after its last in arrears.
    InstalmentDue(ScopeId),

    /// Logical negation.
    Not(NodeId),
    /// All hold.
    All(Vec<Condition>),
    /// One holds at least.
    Any(Vec<Condition>),
    /// None holds.
    NoneOf(Vec<Condition>),
    /// So many hold at least.
    AtLeast(u32, Vec<Condition>),
    /// A comparison of two values of one type.
    Compare(Cmp, NodeId, NodeId),
    /// Whether the value equals one of these.
    In(NodeId, Vec<NodeId>),
    /// Whether a classified code lies within one of others (`division within 230100`), by the table of the Program's date.
    Within(NodeId, Vec<Arc<str>>),
    /// Whether the value applies.
    Applies(NodeId),

    /// Sum.
    Add(NodeId, NodeId),
    /// Difference.
    Sub(NodeId, NodeId),
    /// Product.
    Mul(NodeId, NodeId),
    /// Quotient; by zero undefined.
    Div(NodeId, NodeId),
    /// The negative.
    Neg(NodeId),
    /// The number, or 0 where it is below: so many full steps and never fewer than none.
    NotBelowZero(NodeId),
    /// A whole power, 0 to 64.
    Pow(NodeId, u8),
    /// The greatest of these.
    Max(Vec<NodeId>),
    /// The least of these.
    Min(Vec<NodeId>),
    /// Rounded to a step.
    Round(NodeId, Rounding, Ratio),
    /// `to / from - 1`; undefined where `from` is 0 or below.
    GrowthRate {
        /// The base.
        from: NodeId,
        /// The later value.
        to: NodeId,
    },
    /// Compares the compound rate from `first` to `last` over `years` with a rate, by powers; undefined where `first` is 0 or below, or `last` below 0.
    CompoundGrowth {
        /// The comparison.
        cmp: Cmp,
        /// The base.
        first: NodeId,
        /// The last value.
        last: NodeId,
        /// Years between, at least 1.
        years: u8,
        /// The rate.
        rate: NodeId,
    },

    /// The first row whose guard is true.
    Cases {
        /// Guards and values.
        rows: Vec<(NodeId, NodeId)>,
        /// The value where no guard is true.
        otherwise: Option<NodeId>,
    },
    /// Rules that may apply at once: those that apply and are not overridden must agree.
    Choose {
        /// The rules.
        arms: Vec<Arm>,
        /// The value where none applies.
        otherwise: Option<NodeId>,
    },
    /// Several readings of an unclear text.
    Unclear(Vec<(Arc<str>, NodeId)>),
    /// Versions by a date: the branch whose span contains `on`; outside all of them the text is missing.
    Versions {
        /// A date.
        on: NodeId,
        /// Disjoint spans in order.
        branches: Vec<(meed_facts::date::Span, NodeId)>,
    },
    /// One outcome of a decision table, score or scale.
    Lookup {
        /// The table.
        table: TableId,
        /// A key for each of its key columns.
        keys: Vec<NodeId>,
        /// Which outcome.
        outcome: u16,
    },

    /// Over the instances of a scope.
    Aggregate {
        /// What is made of them.
        kind: Aggregate,
        /// The scope.
        over: ScopeId,
        /// Only instances for which this is true.
        filter: Option<NodeId>,
        /// The value of each; `None` for `Count`.
        value: Option<NodeId>,
    },
    /// A value of the instance before this one in an ordered scope; does not apply to the first.
    Previous {
        /// The scope.
        over: ScopeId,
        /// The value.
        value: NodeId,
    },

    /// Whether a title has been granted and is valid on a day.
    Holds {
        /// Whose.
        of: ScopeId,
        /// Which.
        title: TitleId,
        /// At which level.
        level: LevelTest,
        /// The day.
        on: NodeId,
    },
    /// Whether a title was first granted in a year.
    Newly {
        /// Whose.
        of: ScopeId,
        /// Which.
        title: TitleId,
        /// At which level.
        level: LevelTest,
        /// The year (type `Year`).
        year: NodeId,
    },
    /// The first day of the earliest record of a title that is valid on a day.
    Granted {
        /// Whose.
        of: ScopeId,
        /// Which.
        title: TitleId,
        /// At which level.
        level: LevelTest,
        /// The day.
        on: NodeId,
    },
    /// Whether a title was granted up to a day, valid still or not.
    Had {
        /// Whose.
        of: ScopeId,
        /// Which.
        title: TitleId,
        /// The day.
        on: NodeId,
    },
    /// Whether another measure's award is made on the day, after exclusions.
    Gets(MeasureId),
    /// Money of earlier awards of a measure (and of its former names), in a year where given.
    Received {
        /// The measure.
        measure: MeasureId,
        /// The year (type `Year`).
        year: Option<NodeId>,
    },
    /// Which measure the applicant chose among exclusive ones: whether it is this.
    Chosen {
        /// The group's name.
        group: Arc<str>,
        /// The measure.
        measure: MeasureId,
    },

    /// A date and months: the same day, or the month's last.
    AddMonths(NodeId, NodeId),
    /// A date and days.
    AddDays(NodeId, NodeId),
    /// Days from the second date to the first.
    DaysBetween(NodeId, NodeId),
    /// Whole years of age of somebody born on the first date, on the second.
    Age(NodeId, NodeId),
    /// Full years from the first date to the second.
    FullYearsBetween(NodeId, NodeId),
    /// A date's calendar year.
    YearOf(NodeId),
    /// A date's calendar month.
    MonthOf(NodeId),
    /// Days in a year.
    DaysIn(NodeId),
    /// The first working day on or after a date.
    NextWorkingDay(NodeId),
}
