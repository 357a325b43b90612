//! Measures and services.

use std::sync::Arc;

use meed_facts::date::{Date, Months, Span as Dates};
use meed_facts::label::Label;
use meed_facts::ratio::{Ratio, Rounding};
use meed_facts::schema::{AgencyId, EntityId, FactId, Named};

use super::{NodeId, OriginId, ScopeId};

/// Something that pays.
#[derive(Clone, Debug)]
pub struct Measure {
    /// Name and label.
    pub named: Named,
    /// Its rules, one for each kind of applicant and version: those in force on the date, and all versions where a date among the facts decides.
    pub rules: Vec<MeasureRules>,
    /// Where no version is in force on the date: the nearest version's place and span.
    pub not_in_force: Option<(OriginId, Dates)>,
    /// Kinds of applicant it is for, whatever the date.
    pub entities: Vec<EntityId>,
}

/// One version of a measure for one kind of applicant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MeasureRules {
    /// The kind of applicant.
    pub entity: EntityId,
    /// When this version is in force.
    pub in_force: Dates,
    /// The date that decides between versions: `anchored at`, or the start of a series. `None`: the Program's date.
    pub anchor: Option<NodeId>,
    /// Where it stands.
    pub origin: OriginId,
    /// What an award line is for.
    pub line: Line,
    /// Payment over time.
    pub series: Option<Series>,
    /// The calendar year that `year` means: of the date, or the one before.
    pub year: i16,
    /// Conditions of entering, judged once (in the first period). In the line's scope, or the series' where they read the period.
    pub when: Option<NodeId>,
    /// Conditions of staying, judged in every period, the first too.
    pub while_: Option<NodeId>,
    /// What is paid.
    pub pay: Pay,
    /// How often.
    pub once: Option<Once>,
    /// How the amount is split over time.
    pub split: Option<Split>,
    /// Who is paid: the applicant where `None`; else a node (a text or `text missing`).
    pub payee: Option<NodeId>,
    /// Who leads.
    pub lead: Option<Lead>,
    /// Who else is responsible.
    pub with: Vec<AgencyId>,
    /// What must be kept up afterwards.
    pub obligations: Vec<Obligation>,
    /// Who pays which share; the package's own treasury where empty.
    pub payers: Vec<Payer>,
    /// Whether they wait for each other: none pays its part of a payment before the others can pay theirs.
    pub together: bool,
    /// Values that must be unique among all applicants' lines.
    pub unique: Vec<NodeId>,
    /// The yearly window of application: first and last (month, day).
    pub window: Option<((i8, i8), (i8, i8))>,
    /// The day from which no new application is taken.
    pub paused: Option<Date>,
    /// Whether it is offered without application.
    pub no_application: bool,
}

/// What an award line is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// The scope of the line's nodes: the applicant, or a `Children` scope.
    pub scope: ScopeId,
    /// The key fact of the children, where there is a line for each child.
    pub key: Option<FactId>,
}

/// What is paid for one line (one period of a series).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pay {
    /// The amount before floor, cap and rounding; for an assessed amount its ceiling, where it has one.
    pub amount: Option<NodeId>,
    /// Whether an officer sets it between 0 and `amount`.
    pub assessed: Option<Assessed>,
    /// The least that is paid.
    pub floor: Option<NodeId>,
    /// The most that is paid.
    pub cap: Option<NodeId>,
    /// Rounding to a step of the currency's main unit.
    pub rounding: Option<(Rounding, Ratio)>,
    /// The clause that says it; an amendment's where that has replaced it.
    pub origin: OriginId,
}

/// An amount that a person sets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assessed {
    /// Who.
    pub by: Option<AgencyId>,
}

/// A measure that pays a line once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Once {
    /// Once for each value of this; for each line where `None`.
    pub per: Option<NodeId>,
    /// Older measures of the same purpose that count.
    pub counting: Vec<Arc<str>>,
}

/// The length of a period of a series.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Every {
    /// Twelve months.
    Year,
    /// Six.
    HalfYear,
    /// Three.
    Quarter,
    /// One.
    Month,
}

impl Every {
    /// How many months it has.
    pub fn months(self) -> Months {
        Months(match self {
            Every::Year => 12,
            Every::HalfYear => 6,
            Every::Quarter => 3,
            Every::Month => 1,
        })
    }
}

/// Payment over time: the `k`-th period begins `k` periods after `start`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Series {
    /// The `Instalments` scope of nodes that read the period.
    pub scope: ScopeId,
    /// The period.
    pub every: Every,
    /// How many periods at most.
    pub count: u32,
    /// The first day of the first period (in the line's scope).
    pub start: NodeId,
    /// Whether an instalment is due when its period has ended.
    pub in_arrears: bool,
    /// Days of the year (month, day) on which payments are made.
    pub windows: Vec<(i8, i8)>,
    /// Whether a period whose `while` fails ends the series.
    pub ends_on_failure: bool,
    /// Whether the end of the rule ends running series.
    pub ends_running: bool,
}

/// How one amount is split over time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Split {
    /// Equal parts.
    Equal {
        /// How many.
        count: u32,
        /// How far apart.
        every: Every,
        /// The first day of the first period; the determination's date where `None`.
        start: Option<NodeId>,
        /// Whether due at the period's end.
        in_arrears: bool,
    },
    /// Shares on events: a share and a date or condition each.
    Shares(Vec<(Ratio, NodeId)>),
}

/// Who leads a measure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Lead {
    /// An agency.
    Agency(AgencyId),
    /// The text at hand does not say.
    Missing,
}

/// What must be kept up, and what happens otherwise.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Obligation {
    /// The condition.
    pub keep: NodeId,
    /// The `Instalments` scope of its days: in the condition `today` is one of them.
    pub scope: ScopeId,
    /// For how long.
    pub duration: Months,
    /// From which day; the award's where `None`.
    pub from: Option<NodeId>,
    /// What is recovered otherwise.
    pub recover: Option<Recover>,
}

/// How money is recovered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Recover {
    /// Amount × unserved whole months / owed months, rounded down.
    InProportion,
    /// All of it.
    InFull,
}

/// One who pays a share.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Payer {
    /// The agency.
    pub agency: AgencyId,
    /// Its share of the amount.
    pub share: Ratio,
    /// Its own moment: a date or condition.
    pub on: Option<NodeId>,
}

/// Something that is given without money.
#[derive(Clone, Debug)]
pub struct Service {
    /// Name and label.
    pub named: Named,
    /// The kind of applicant.
    pub entity: EntityId,
    /// Where it stands.
    pub origin: OriginId,
    /// What a line is for.
    pub line: Line,
    /// For whom.
    pub when: Option<NodeId>,
    /// How it is had.
    pub channel: Label,
    /// Who leads.
    pub lead: Option<Lead>,
    /// Who else is responsible.
    pub with: Vec<AgencyId>,
}
