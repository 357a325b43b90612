//! What a node reads: its operands, in the order of the text.

use super::{Arm, Condition, NodeId, Op, Program, ScopeKind, WhenShort};

impl Op {
    /// Calls `visit` with each operand, in order. Operands of [`Op::Aggregate`] and [`Op::Previous`] lie in the scope those name.
    pub fn operands(&self, visit: &mut dyn FnMut(NodeId)) {
        match self {
            Op::Const(_)
            | Op::Hole(None)
            | Op::BoundYear(_)
            | Op::InstalmentFrom(_)
            | Op::InstalmentYear(_)
            | Op::InstalmentMonth(_)
            | Op::InstalmentDue(_)
            | Op::Gets(_)
            | Op::Received { year: None, .. }
            | Op::Chosen { .. } => {}
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
            | Op::GrowthRate { from: a, to: b } => [a, b].into_iter().for_each(|node| visit(*node)),
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
            | Op::NextWorkingDay(a)
            | Op::Holds { on: a, .. }
            | Op::Granted { on: a, .. }
            | Op::Had { on: a, .. }
            | Op::Newly { year: a, .. }
            | Op::Received { year: Some(a), .. } => visit(*a),
            Op::Named { args, body, .. } => {
                args.iter().for_each(|node| visit(*node));
                visit(*body);
            }
            Op::Fact { rules, .. } => rules.applies.iter().for_each(|node| visit(*node)),
            Op::FactAt { at, rules, .. } => {
                visit(*at);
                rules.applies.iter().for_each(|node| visit(*node));
            }
            Op::All(list) | Op::Any(list) | Op::NoneOf(list) | Op::AtLeast(_, list) => conditions(list, visit),
            Op::In(a, members) => {
                visit(*a);
                members.iter().for_each(|node| visit(*node));
            }
            Op::Max(list) | Op::Min(list) => list.iter().for_each(|node| visit(*node)),
            Op::CompoundGrowth { first, last, rate, .. } => {
                [first, last, rate].into_iter().for_each(|node| visit(*node))
            }
            Op::Cases { rows, otherwise } => {
                for (guard, value) in rows {
                    visit(*guard);
                    visit(*value);
                }
                otherwise.iter().for_each(|node| visit(*node));
            }
            Op::Choose { arms, otherwise } => {
                for Arm { guard, value, .. } in arms {
                    guard.iter().for_each(|node| visit(*node));
                    visit(*value);
                }
                otherwise.iter().for_each(|node| visit(*node));
            }
            Op::Unclear(readings) => readings.iter().for_each(|(_, node)| visit(*node)),
            Op::Versions { on, branches } => {
                visit(*on);
                branches.iter().for_each(|(_, node)| visit(*node));
            }
            Op::Lookup { keys, .. } => keys.iter().for_each(|node| visit(*node)),
            Op::Aggregate { filter, value, .. } => filter.iter().chain(value).for_each(|node| visit(*node)),
            Op::Previous { value, .. } => visit(*value),
        }
    }
}

fn conditions(list: &[Condition], visit: &mut dyn FnMut(NodeId)) {
    list.iter().for_each(|condition| visit(condition.node));
}

impl ScopeKind {
    /// Calls `visit` with each node that the scope's instances depend on; they lie in the parent scope or around it.
    pub fn operands(&self, visit: &mut dyn FnMut(NodeId)) {
        if let ScopeKind::Years { to, since, .. } = self {
            visit(*to);
            since.iter().for_each(|node| visit(*node));
        }
    }
}

impl Program {
    /// Calls `visit` with everything `node` reads directly, the bounds of the scope it runs over and its table's outcomes included.
    pub fn reads(&self, node: NodeId, visit: &mut dyn FnMut(NodeId)) {
        let op = &self.nodes[node].op;
        op.operands(visit);
        match op {
            Op::Aggregate { over, .. } => self.scopes[*over].kind.operands(visit),
            Op::Lookup { table, .. } => {
                for row in &self.tables[*table].rows {
                    row.outcomes.iter().for_each(|node| visit(*node));
                }
            }
            _ => {}
        }
    }
}

impl WhenShort {
    /// Calls `visit` with each node it depends on.
    pub fn operands(&self, visit: &mut dyn FnMut(NodeId)) {
        match self {
            WhenShort::ByPriority(list) => list.iter().for_each(|(_, node)| visit(*node)),
            WhenShort::Quota(node) => visit(*node),
            WhenShort::Unsaid | WhenShort::ProRata | WhenShort::FirstCome => {}
        }
    }
}
