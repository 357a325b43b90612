//! Applicants that conditions tell apart: each fact takes the values around those that the text compares it with, and all combinations are tried.
//!
//! Only conditions on single facts are followed, so that every combination is an applicant that there may be.

use std::cmp::Ordering;

use meed_facts::ratio::{Ratio, Rounding};
use meed_facts::schema::FactType;
use meed_facts::value::{Bound, Scalar};
use meed_syntax::diagnostic::Message;

use super::band::holds;
use crate::bands::compare;
use crate::program::{Condition, NodeId, Op, Program, Type};

/// How deep conditions are followed, and how many combinations are tried; beyond, nothing is claimed.
const DEPTH: u8 = 32;
const MOST: usize = 4096;

/// Facts that conditions read, each with the values it is tried with.
pub(super) struct Samples<'p> {
    program: &'p Program,
    values: Vec<(NodeId, Vec<Scalar>)>,
}

impl<'p> Samples<'p> {
    /// The facts of some conditions; `None` where one is not a condition on single facts.
    pub(super) fn of(program: &'p Program, conditions: &[NodeId]) -> Option<Self> {
        let mut samples = Samples {
            program,
            values: Vec::new(),
        };
        for condition in conditions {
            samples.read(*condition, DEPTH)?;
        }
        samples.around();
        Some(samples)
    }

    /// An applicant for whom the truths of the conditions are as wanted, in words.
    pub(super) fn find(&self, conditions: &[NodeId], is_wanted: impl Fn(&[bool]) -> bool) -> Option<Message> {
        let mut sizes = self.values.iter().map(|(_, values)| values.len());
        let count = sizes.try_fold(1_usize, usize::checked_mul);
        (0..count.filter(|count| *count <= MOST)?).find_map(|index| {
            let case = self.case(index)?;
            let truths = conditions.iter().map(|condition| self.truth(*condition, &case));
            let truths: Vec<bool> = truths.collect::<Option<_>>()?;
            is_wanted(&truths).then(|| self.words(&case))
        })
    }

    /// Notes the facts of a condition and the constants that it compares them with; `None` where it is not a condition on single facts.
    fn read(&mut self, condition: NodeId, depth: u8) -> Option<()> {
        let depth = depth.checked_sub(1)?;
        let program = self.program;
        match &program.nodes[condition].op {
            Op::Const(Scalar::Bool(_)) => Some(()),
            Op::Named { args, body, .. } if args.is_empty() => self.read(*body, depth),
            Op::Not(inner) => self.read(*inner, depth),
            Op::All(list) | Op::Any(list) | Op::NoneOf(list) => {
                list.iter().try_for_each(|one| self.read(one.node, depth))
            }
            Op::Compare(_, a, b) => match (constant(program, *a), constant(program, *b)) {
                (None, Some(value)) => self.note(*a, value),
                (Some(value), None) => self.note(*b, value),
                _ => None,
            },
            Op::In(node, members) => members
                .iter()
                .try_for_each(|one| self.note(*node, constant(program, *one)?)),
            Op::Fact { .. } | Op::FactAt { .. } => {
                self.note(condition, &Scalar::Bool(true))?;
                self.note(condition, &Scalar::Bool(false))
            }
            _ => None,
        }
    }

    fn note(&mut self, node: NodeId, value: &Scalar) -> Option<()> {
        let (Op::Fact { rules, .. } | Op::FactAt { rules, .. }) = &self.program.nodes[node].op else {
            return None;
        };
        // Where a fact does not apply, neither does a comparison with it.
        if rules.applies.is_some() || matches!(self.program.nodes[node].ty, Type::Text | Type::Identifier(_)) {
            return None;
        }
        match self.values.iter_mut().find(|(known, _)| *known == node) {
            Some((_, values)) => values.push(value.clone()),
            None => self.values.push((node, vec![value.clone()])),
        }
        Some(())
    }

    /// Adds to each fact's constants the values between and beyond them, of those that it may have.
    fn around(&mut self) {
        let program = self.program;
        for (node, values) in &mut self.values {
            let (Op::Fact { fact, .. } | Op::FactAt { fact, .. }) = program.nodes[*node].op else {
                continue;
            };
            let declared = &program.schema.facts[fact];
            if let FactType::Enumeration(enumeration) = declared.ty {
                let members = program.schema.enumerations[enumeration].members.len();
                *values = (0..u16::try_from(members).unwrap_or(u16::MAX))
                    .map(Scalar::Member)
                    .collect();
            }
            let is_whole = declared.ty == FactType::Count;
            let bounds = declared.bounds.iter().flat_map(|bounds| [&bounds.low, &bounds.high]);
            let ends: Vec<Scalar> = bounds.flatten().map(|bound: &Bound| bound.value.clone()).collect();
            values.extend(ends);
            if values.first().and_then(number).is_some() {
                values.push(Scalar::Number(Ratio::ZERO));
            }
            let mut all: Vec<Scalar> = values.iter().flat_map(|value| beside(value, is_whole)).collect();
            let numbers: Vec<&Ratio> = values.iter().filter_map(number).collect();
            let pairs = numbers.iter().flat_map(|a| numbers.iter().map(move |b| (*a, *b)));
            let between = pairs.filter_map(|(a, b)| a.checked_add(b)?.checked_div(&Ratio::from_int(2)));
            all.extend(between.filter(|_| !is_whole).map(Scalar::Number));
            all.append(values);
            all.sort_by(|a, b| compare(a, b).unwrap_or(Ordering::Equal));
            all.dedup();
            all.retain(|value| declared.admits(value) && number(value).is_none_or(|value| !value.is_negative()));
            *values = all;
        }
    }

    /// The combination of this number: each fact's value, as a mixed-radix numeral counts.
    fn case(&self, mut index: usize) -> Option<Vec<(NodeId, &Scalar)>> {
        let mut case = Vec::new();
        for (node, values) in &self.values {
            case.push((*node, values.get(index.checked_rem(values.len())?)?));
            index = index.checked_div(values.len())?;
        }
        Some(case)
    }

    fn truth(&self, condition: NodeId, case: &[(NodeId, &Scalar)]) -> Option<bool> {
        let program = self.program;
        let value = |node: NodeId| match constant(program, node) {
            Some(value) => Some(value),
            None => case.iter().find(|(known, _)| *known == node).map(|(_, value)| *value),
        };
        let each =
            |list: &[Condition]| -> Option<Vec<bool>> { list.iter().map(|one| self.truth(one.node, case)).collect() };
        Some(match &program.nodes[condition].op {
            Op::Named { body, .. } => self.truth(*body, case)?,
            Op::Not(inner) => !self.truth(*inner, case)?,
            Op::All(list) => !each(list)?.contains(&false),
            Op::Any(list) => each(list)?.contains(&true),
            Op::NoneOf(list) => !each(list)?.contains(&true),
            Op::Compare(cmp, a, b) => holds(*cmp, compare(value(*a)?, value(*b)?)?),
            Op::In(node, members) => members.iter().any(|one| value(*one) == value(*node)),
            _ => *value(condition)? == Scalar::Bool(true),
        })
    }

    fn words(&self, case: &[(NodeId, &Scalar)]) -> Message {
        let each = |and: &str, is: fn(&str, &str) -> String| {
            let parts = case
                .iter()
                .map(|(node, value)| is(&self.name(*node), &self.value(*node, value)));
            parts.collect::<Vec<_>>().join(and)
        };
        Message::new(
            each(" and ", |name, value| format!("`{name}` is {value}")),
            each("且", |name, value| format!("“{name}”为 {value}")),
        )
    }

    fn name(&self, node: NodeId) -> String {
        let program = self.program;
        match &program.nodes[node].op {
            Op::FactAt { fact, at, .. } => {
                let name = &program.schema.facts[*fact].named.name;
                match constant(program, *at)
                    .and_then(number)
                    .filter(|_| program.nodes[*at].ty == Type::Year)
                {
                    Some(year) => format!("{name}({year})"),
                    None => name.to_string(),
                }
            }
            Op::Fact { fact, .. } => program.schema.facts[*fact].named.name.to_string(),
            _ => String::new(),
        }
    }

    fn value(&self, node: NodeId, value: &Scalar) -> String {
        match (value, &self.program.nodes[node].ty) {
            (Scalar::Member(position), Type::Enumeration(enumeration)) => {
                let member = self.program.schema.member(*enumeration, *position);
                member.map(|member| member.name.to_string()).unwrap_or_default()
            }
            (Scalar::Number(number), _) => number.to_string(),
            (Scalar::Date(date), _) => date.to_string(),
            (Scalar::Bool(truth), _) => truth.to_string(),
            (Scalar::Months(count) | Scalar::Days(count), _) => count.to_string(),
            _ => String::new(),
        }
    }
}

/// The values just below and above a constant.
fn beside(value: &Scalar, is_whole: bool) -> Vec<Scalar> {
    let pair = |below: Option<Scalar>, above: Option<Scalar>| below.into_iter().chain(above).collect();
    match value {
        Scalar::Number(value) => {
            let (down, up) = match is_whole {
                true => (value.round_whole(Rounding::Floor), value.round_whole(Rounding::Ceiling)),
                false => (value.clone(), value.clone()),
            };
            let one = &Ratio::ONE;
            pair(
                down.checked_sub(one).map(Scalar::Number),
                up.checked_add(one).map(Scalar::Number),
            )
        }
        Scalar::Date(date) => pair(date.yesterday().map(Scalar::Date), date.tomorrow().map(Scalar::Date)),
        Scalar::Months(count) => pair(
            count.checked_sub(1).map(Scalar::Months),
            count.checked_add(1).map(Scalar::Months),
        ),
        Scalar::Days(count) => pair(
            count.checked_sub(1).map(Scalar::Days),
            count.checked_add(1).map(Scalar::Days),
        ),
        _ => Vec::new(),
    }
}

fn number(value: &Scalar) -> Option<&Ratio> {
    match value {
        Scalar::Number(value) => Some(value),
        _ => None,
    }
}

fn constant(program: &Program, node: NodeId) -> Option<&Scalar> {
    match &program.nodes[node].op {
        Op::Const(value) => Some(value),
        _ => None,
    }
}
