//! The Program compiled for populations: what does not depend on an applicant is computed once.

use std::sync::Arc;

use la_arena::ArenaMap;
use meed_facts::batch::NUMBER_SCALE;
use meed_facts::ratio::Ratio;
use meed_facts::record::Record;
use meed_facts::schema::{EntityId, FactType};
use meed_facts::value::{Bound, Scalar};
use meed_rules::program::{NodeId, Op, Program, ScopeKind};

use super::combine::Clauses;
use super::kernels::Fused;
use super::range::{End, Range};
use super::vector::{One, Text, Truth};
use crate::explain::{Evaluator, Layout};
use crate::value::{Set, Value};

/// More digits after the point than this are kept as fractions.
const MOST_DIGITS: u8 = 12;

/// A Program compiled for one kind of applicant.
pub struct Plan<'p> {
    /// The Program.
    pub program: &'p Program,
    /// The kind of applicant.
    pub entity: EntityId,
    pub(super) layout: Layout,
    constants: ArenaMap<NodeId, Constant>,
    scales: ArenaMap<NodeId, u8>,
    pub(super) clauses: Clauses,
    pub(super) fused: ArenaMap<NodeId, Fused>,
}

/// The value of a node that no fact decides.
#[derive(Clone, Debug)]
pub(super) struct Constant {
    /// The value as the definition has it.
    pub value: Value,
    /// Digits after the point of its number.
    pub scale: u8,
    pub truth: One<Truth>,
    pub number: One<Range>,
    pub member: One<u64>,
    pub text: One<Text<'static>>,
}

impl<'p> Plan<'p> {
    /// Compiles a Program for applicants of one kind.
    pub fn new(program: &'p Program, entity: EntityId) -> Self {
        let record = Record::new(entity);
        let evaluator = Evaluator::new(program, &record);
        let mut constants: ArenaMap<NodeId, Constant> = ArenaMap::default();
        let mut scales = ArenaMap::default();
        for (id, _) in program.nodes.iter() {
            if is_constant(program, id, &constants) {
                let value = evaluator.value(id, evaluator.root());
                if let Some(constant) = Constant::of(value) {
                    constants.insert(id, constant);
                }
            }
            scales.insert(id, scale_of(program, id, &scales));
        }
        let clauses = Clauses::new(program, entity, |node| constants.get(node).cloned());
        let mut plan = Self {
            program,
            entity,
            layout: Layout::new(program),
            clauses,
            constants,
            scales,
            fused: ArenaMap::default(),
        };
        for (id, _) in program.nodes.iter() {
            if let Some(fused) = Fused::of(&plan, id) {
                plan.fused.insert(id, fused);
            }
        }
        plan
    }

    /// The value of a node that no fact decides.
    pub(super) fn constant(&self, node: NodeId) -> Option<&Constant> {
        self.constants.get(self.meaning(node))
    }

    /// Digits after the point of a node's numbers, as far as they are whole multiples.
    pub(super) fn scale(&self, node: NodeId) -> u8 {
        self.scales.get(self.meaning(node)).copied().unwrap_or(0)
    }

    /// The node that a name stands for.
    pub(super) fn meaning(&self, mut node: NodeId) -> NodeId {
        while let Op::Named { body, .. } = &self.program.nodes[node].op {
            node = *body;
        }
        node
    }
}

/// Whether no fact decides a node: what it reads is constant, and it reads no facts itself.
fn is_constant(program: &Program, node: NodeId, constants: &ArenaMap<NodeId, Constant>) -> bool {
    let op = &program.nodes[node].op;
    let scope = &program.scopes[program.nodes[node].scope];
    let reads_facts = matches!(
        op,
        Op::Fact { .. }
            | Op::FactAt { .. }
            | Op::BoundYear(_)
            | Op::InstalmentFrom(_)
            | Op::InstalmentYear(_)
            | Op::InstalmentMonth(_)
            | Op::InstalmentDue(_)
            | Op::Aggregate { .. }
            | Op::Previous { .. }
            | Op::Holds { .. }
            | Op::Newly { .. }
            | Op::Granted { .. }
            | Op::Had { .. }
            | Op::Gets(_)
            | Op::Received { .. }
            | Op::Chosen { .. }
    );
    let mut all = !reads_facts && matches!(scope.kind, ScopeKind::Applicant(_));
    program.reads(node, &mut |operand| all &= constants.contains_idx(operand));
    all
}

impl Constant {
    /// `None` where columns have no form for the value: one of several texts, numbers that are too large.
    pub fn of(value: &Value) -> Option<Self> {
        let mut constant = Self {
            value: value.without_causes(),
            scale: value.as_number().map_or(0, places),
            truth: besides(value),
            number: besides(value),
            member: besides(value),
            text: besides(value),
        };
        match value.set() {
            None => {}
            Some(Set::One(Scalar::Bool(value))) => constant.truth.set = Some((*value, !*value)),
            Some(Set::Either) => constant.truth.set = Some((true, true)),
            Some(Set::One(Scalar::Text(text))) => constant.text.set = Some(Text::Shared(Arc::clone(text))),
            Some(Set::AnyText) => constant.text.set = Some(Text::Any),
            Some(Set::Texts(_)) => return None,
            Some(Set::Members(_) | Set::One(Scalar::Member(_))) => {
                let members = value.set()?.member_set();
                let bits = members.iter().map(|member| 1_u64.checked_shl(member.into()));
                constant.member.set = Some(bits.sum::<Option<u64>>()?);
            }
            Some(set) => constant.number.set = Some(range_of(set)?),
        }
        Some(constant)
    }
}

fn besides<S>(value: &Value) -> One<S> {
    One {
        set: None,
        undefined: value.may_be_undefined(),
        inapplicable: value.may_be_inapplicable(),
    }
}

/// The numbers of a set of numbers, dates or durations; `None` where one does not fit.
pub(super) fn range_of(set: &Set) -> Option<Range> {
    let end = |bound: Option<Bound>| match bound {
        None => Some(None),
        Some(bound) => End::of(&bound).map(Some),
    };
    let (low, high) = set.ends();
    Some(Range {
        low: end(low)?,
        high: end(high)?,
    })
}

/// Digits after the point of an operation's numbers, where its operands' are known.
fn scale_of(program: &Program, node: NodeId, scales: &ArenaMap<NodeId, u8>) -> u8 {
    let of = |node: &NodeId| scales.get(*node).copied().unwrap_or(0);
    let most = |nodes: &[&NodeId]| nodes.iter().map(|node| of(node)).max().unwrap_or(0);
    let scale = match &program.nodes[node].op {
        Op::Const(Scalar::Number(number)) => places(number),
        Op::Named { body, .. } => of(body),
        Op::Fact { fact, .. } | Op::FactAt { fact, .. } => match &program.schema.facts[*fact].ty {
            FactType::Money(currency) => u8::try_from(currency.exponent()).unwrap_or(0),
            FactType::Number(_) => NUMBER_SCALE,
            _ => 0,
        },
        Op::Add(a, b) | Op::Sub(a, b) => most(&[a, b]),
        Op::Mul(a, b) => of(a).saturating_add(of(b)),
        Op::Neg(a) | Op::NotBelowZero(a) => of(a),
        Op::Round(_, _, step) => places(step),
        Op::Max(list) | Op::Min(list) => most(&list.iter().collect::<Vec<_>>()),
        Op::Aggregate { value: Some(value), .. } | Op::Previous { value, .. } => of(value),
        Op::Received { .. } => u8::try_from(program.package.currency.exponent()).unwrap_or(0),
        Op::Cases { .. } | Op::Choose { .. } | Op::Unclear(_) | Op::Versions { .. } | Op::Lookup { .. } => {
            let mut widest = 0;
            program.reads(node, &mut |operand| widest = of(&operand).max(widest));
            widest
        }
        _ => 0,
    };
    scale.min(MOST_DIGITS)
}

/// Digits after the point of a number, as many as are kept.
fn places(number: &Ratio) -> u8 {
    let places = number.decimal_places().and_then(|places| u8::try_from(places).ok());
    places.unwrap_or(MOST_DIGITS).min(MOST_DIGITS)
}
