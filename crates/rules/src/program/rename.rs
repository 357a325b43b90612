//! The same operation with other ids: what it takes to compare two Programs, in which the same rule has other ids.

use la_arena::RawIdx;

use super::{Condition, FactRules, MeasureId, NameId, NodeId, Op, OriginId, ScopeId, ScopeKind, TableId, WhenShort};

/// Gives ids for ids. What a value is called and where it stands does not change what it is: names and places all become [`NO_NAME`] and [`NOWHERE`].
pub trait Rename {
    /// A node.
    fn node(&mut self, id: NodeId) -> NodeId;
    /// A scope.
    fn scope(&mut self, id: ScopeId) -> ScopeId;
    /// A table.
    fn table(&mut self, id: TableId) -> TableId;
    /// A measure.
    fn measure(&mut self, id: MeasureId) -> MeasureId;

    /// Renames a node in place.
    fn own(&mut self, id: &mut NodeId) {
        *id = self.node(*id);
    }
}

/// Stands for any name.
pub const NO_NAME: NameId = NameId::from_raw(RawIdx::from_u32(0));
/// Stands for any place.
pub const NOWHERE: OriginId = OriginId::from_raw(RawIdx::from_u32(0));

impl Op {
    /// Renames all that it reads.
    pub fn rename(&mut self, to: &mut dyn Rename) {
        match self {
            Op::Const(_) | Op::Hole(None) => {}
            Op::BoundYear(of)
            | Op::InstalmentFrom(of)
            | Op::InstalmentYear(of)
            | Op::InstalmentMonth(of)
            | Op::InstalmentDue(of) => *of = to.scope(*of),
            Op::Hole(Some((a, b)))
            | Op::Compare(_, a, b)
            | Op::Add(a, b)
            | Op::Sub(a, b)
            | Op::Mul(a, b)
            | Op::Div(a, b)
            | Op::AddMonths(a, b)
            | Op::AddDays(a, b)
            | Op::DaysBetween(a, b)
            | Op::Age(a, b)
            | Op::FullYearsBetween(a, b)
            | Op::GrowthRate { from: a, to: b } => [a, b].into_iter().for_each(|id| to.own(id)),
            Op::Not(a)
            | Op::Within(a, _)
            | Op::Applies(a)
            | Op::Neg(a)
            | Op::NotBelowZero(a)
            | Op::Pow(a, _)
            | Op::Round(a, _, _)
            | Op::YearOf(a)
            | Op::MonthOf(a)
            | Op::DaysIn(a)
            | Op::NextWorkingDay(a) => to.own(a),
            Op::Named { name, args, body } => {
                *name = NO_NAME;
                args.iter_mut().chain([body]).for_each(|id| to.own(id));
            }
            Op::Fact { of, rules, .. } => {
                *of = to.scope(*of);
                rules.rename(to);
            }
            Op::FactAt { of, at, rules, .. } => {
                *of = to.scope(*of);
                to.own(at);
                rules.rename(to);
            }
            Op::All(list) | Op::Any(list) | Op::NoneOf(list) | Op::AtLeast(_, list) => {
                list.iter_mut().for_each(|condition| condition.rename(to));
            }
            Op::In(a, members) => members.iter_mut().chain([a]).for_each(|id| to.own(id)),
            Op::Max(list) | Op::Min(list) => list.iter_mut().for_each(|id| to.own(id)),
            Op::CompoundGrowth { first, last, rate, .. } => {
                [first, last, rate].into_iter().for_each(|id| to.own(id));
            }
            Op::Cases { rows, otherwise } => {
                let rows = rows.iter_mut().flat_map(|(guard, value)| [guard, value]);
                rows.chain(otherwise).for_each(|id| to.own(id));
            }
            Op::Choose { arms, otherwise } => {
                for arm in arms {
                    arm.origin = NOWHERE;
                    arm.guard.iter_mut().chain([&mut arm.value]).for_each(|id| to.own(id));
                }
                otherwise.iter_mut().for_each(|id| to.own(id));
            }
            Op::Unclear(readings) => readings.iter_mut().for_each(|(_, id)| to.own(id)),
            Op::Versions { on, branches } => {
                to.own(on);
                branches.iter_mut().for_each(|(_, id)| to.own(id));
            }
            Op::Lookup { table, keys, .. } => {
                *table = to.table(*table);
                keys.iter_mut().for_each(|id| to.own(id));
            }
            Op::Aggregate {
                over, filter, value, ..
            } => {
                *over = to.scope(*over);
                filter.iter_mut().chain(value).for_each(|id| to.own(id));
            }
            Op::Previous { over, value } => {
                *over = to.scope(*over);
                to.own(value);
            }
            Op::Holds { of, on: at, .. }
            | Op::Newly { of, year: at, .. }
            | Op::Granted { of, on: at, .. }
            | Op::Had { of, on: at, .. } => {
                *of = to.scope(*of);
                to.own(at);
            }
            Op::Gets(measure) | Op::Chosen { measure, .. } => *measure = to.measure(*measure),
            Op::Received { measure, year } => {
                *measure = to.measure(*measure);
                year.iter_mut().for_each(|id| to.own(id));
            }
        }
    }
}

impl Condition {
    fn rename(&mut self, to: &mut dyn Rename) {
        self.origin = NOWHERE;
        to.own(&mut self.node);
    }
}

impl FactRules {
    fn rename(&mut self, to: &mut dyn Rename) {
        self.applies.iter_mut().for_each(|id| to.own(id));
        self.presumed.iter_mut().for_each(|(_, origin)| *origin = NOWHERE);
    }
}

impl ScopeKind {
    /// Renames all that it reads.
    pub fn rename(&mut self, to: &mut dyn Rename) {
        match self {
            ScopeKind::Children { owner, .. } | ScopeKind::Inner { owner, .. } => *owner = to.scope(*owner),
            ScopeKind::Years { to: last, since, .. } => since.iter_mut().chain([last]).for_each(|id| to.own(id)),
            ScopeKind::Applicant(_) | ScopeKind::Instalments => {}
        }
    }
}

impl WhenShort {
    /// Renames all that it reads.
    pub fn rename(&mut self, to: &mut dyn Rename) {
        match self {
            WhenShort::ByPriority(list) => list.iter_mut().for_each(|(_, id)| to.own(id)),
            WhenShort::Quota(id) => to.own(id),
            WhenShort::Unsaid | WhenShort::ProRata | WhenShort::FirstCome => {}
        }
    }
}
