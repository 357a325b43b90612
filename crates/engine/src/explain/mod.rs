//! The explaining evaluator: the value of each node of a Program for one applicant. It is the definition of what a Program means, written to be obviously right.
//!
//! Values are computed when they are asked for and kept: the memory *is* the trace. Whoever explains a result asks for the value of an operand in the same frame
//! and gets what decided.
//!
//! | module | idea |
//! |---|---|
//! | `layout`, `blocks` | where which value is kept |
//! | [`frame`] | bindings of scopes: the applicant, a child, a year, an instalment |
//! | `facts` | what was stated, presumed, or is missing |
//! | `logic` | Kleene's logic with *undefined* and *not applicable* |
//! | `order` | comparison, membership, extremes |
//! | `arithmetic`, `growth` | exact arithmetic over ranges, growth rates |
//! | `dates` | calendar arithmetic |
//! | `choice` | cases, exceptions, readings, versions |
//! | `table`, `coverage`, `scale` | decision tables, scores, scales |
//! | `aggregate`, `distinct`, `previous`, `years` | quantifiers over children and years |
//! | `route` | the same place in an evaluator of another record |
//! | `titles` | titles granted and valid |
//! | `work` | a limit to the steps for one applicant |
//! | `history` | earlier awards, awards made now, choices |

mod aggregate;
mod arithmetic;
mod blocks;
mod choice;
mod coverage;
mod dates;
mod distinct;
mod facts;
pub mod frame;
mod growth;
mod history;
mod layout;
mod lift;
mod logic;
mod order;
mod previous;
mod route;
mod scale;
mod table;
mod titles;
mod work;
mod years;

use std::borrow::Cow;
use std::cell::{Cell, OnceCell};

use la_arena::ArenaMap;
use meed_facts::record::Record;
use meed_facts::value::Scalar;
use meed_rules::program::{MeasureId, NodeId, Op, OriginId, Program, ScopeId, ScopeKind};

use crate::value::{CauseKind, CausePlace, Causes, Value};
use blocks::Blocks;
pub(crate) use choice::days_of;
pub(crate) use coverage::is_whole;
pub(crate) use dates::of_dates;
pub(crate) use facts::period;
pub use frame::{Frame, Instalment, Instance, Instances};
pub(crate) use history::received;
pub use layout::Layout;
pub(crate) use layout::asked_by;
pub(crate) use logic::Tally;
pub use route::Hop;
pub(crate) use table::{Match, matching};
pub use titles::end_by_rule_book;
pub(crate) use titles::{Grants, Listed};
pub use work::{MOST_STEPS, TooMuchWork};

/// The values of a Program's nodes for one applicant.
pub struct Evaluator<'a> {
    program: &'a Program,
    layout: Cow<'a, Layout>,
    root: frame::FrameData<'a>,
    /// The values of the applicant's own nodes.
    own: Box<[OnceCell<Value>]>,
    /// The other frames, and their values.
    frames: Blocks<frame::FrameData<'a>, 32>,
    values: Blocks<Value, 256>,
    no_instances: Instances,
    awards: ArenaMap<MeasureId, OnceCell<Value>>,
    unplaced: Value,
    steps: Cell<u64>,
}

impl<'a> Evaluator<'a> {
    /// An evaluator for one applicant.
    pub fn new(program: &'a Program, record: &'a Record) -> Self {
        Self::build(program, Cow::Owned(Layout::new(program)), record)
    }

    /// The same with a layout computed before, which must be the Program's: for many applicants.
    pub fn with_layout(program: &'a Program, layout: &'a Layout, record: &'a Record) -> Self {
        Self::build(program, Cow::Borrowed(layout), record)
    }

    fn build(program: &'a Program, layout: Cow<'a, Layout>, record: &'a Record) -> Self {
        let scope = applicant_scope(program, record);
        let sizes = layout.applicant();
        Self {
            root: frame::FrameData::new(scope, sizes, Some(record)),
            own: empty(sizes.nodes),
            program,
            frames: Blocks::new(),
            values: Blocks::new(),
            no_instances: Instances::default(),
            awards: layout.asked().iter().map(|id| (*id, OnceCell::new())).collect(),
            unplaced: Value::undefined(Causes::NONE),
            layout,
            steps: Cell::new(0),
        }
    }

    /// The Program it evaluates.
    pub fn program(&self) -> &'a Program {
        self.program
    }

    /// What is known of the Program before any applicant.
    pub(crate) fn layout(&self) -> &Layout {
        &self.layout
    }

    /// The value of a node in a frame of its scope or of one inside. Computed once.
    pub fn value(&self, node: NodeId, frame: Frame) -> &Value {
        let Some((cell, home)) = self.cell(node, frame) else {
            debug_assert!(false, "{node:?} is asked for outside its scope");
            return &self.unplaced;
        };
        // Operands have smaller ids than their node, so nothing asks for a value that is being computed.
        cell.get_or_init(|| self.compute(node, home))
    }

    /// The value of a node in a frame, where it has been computed: without it the node did not matter.
    pub fn computed(&self, node: NodeId, frame: Frame) -> Option<&Value> {
        self.cell(node, frame)?.0.get()
    }

    /// Where the value of a node is kept that is visible from a frame, and the frame that it belongs to.
    fn cell(&self, node: NodeId, from: Frame) -> Option<(&OnceCell<Value>, Frame)> {
        let place = self.layout.place(node)?;
        let slot = place.slot as usize;
        let Some(scope) = place.scope else {
            return Some((self.own.get(slot)?, self.root()));
        };
        let (home, data) = self.binding(scope, from)?;
        let cell = self.values.get(data.values.checked_add(slot)?)?;
        Some((cell, home))
    }

    /// Tells what `gets(measure)` is: the awards are decided in the Program's order, each after those that it asks about. Only what is told before
    /// the first question counts.
    pub fn settle(&self, measure: MeasureId, gets: Value) {
        if let Some(cell) = self.awards.get(measure) {
            // A second answer would contradict the values that rest on the first.
            cell.set(gets).ok();
        }
    }

    /// What the law presumes where a fact node reads no statement: the value and where it is presumed.
    pub fn presumption(&self, node: NodeId, frame: Frame) -> Option<&'a (Scalar, OriginId)> {
        let (Op::Fact { of, fact, rules } | Op::FactAt { of, fact, rules, .. }) = &self.program.nodes[node].op else {
            return None;
        };
        let presumed = rules.presumed.as_ref()?;
        let frame = self.visible(*of, frame)?;
        self.is_presumed(node, *fact, frame).then_some(presumed)
    }

    // Inlined, values would be taken apart and put together again byte by byte on their way into the memory.
    #[inline(never)]
    fn compute(&self, node: NodeId, frame: Frame) -> Value {
        let at = At { node, frame };
        if !self.step() {
            return self.not_computed(at);
        }
        match &self.program.nodes[node].op {
            Op::Const(value) => Value::known(value.clone()),
            Op::Hole(between) => self.hole(at, *between),
            Op::Named { body, .. } => self.value(*body, frame).clone(),
            Op::Fact { of, fact, rules } => self.fact(at, *of, *fact, rules),
            Op::FactAt {
                of,
                fact,
                at: period,
                rules,
            } => self.fact_at(at, (*of, *fact), *period, rules),
            Op::BoundYear(scope) => self.bound_year(at, *scope),
            Op::InstalmentFrom(scope)
            | Op::InstalmentYear(scope)
            | Op::InstalmentMonth(scope)
            | Op::InstalmentDue(scope) => self.instalment_part(at, *scope),
            Op::Not(_) | Op::All(_) | Op::Any(_) | Op::NoneOf(_) | Op::AtLeast(..) | Op::Applies(_) => self.logic(at),
            Op::Compare(..) | Op::In(..) | Op::Within(..) | Op::Max(_) | Op::Min(_) => self.order(at),
            Op::Add(..)
            | Op::Sub(..)
            | Op::Mul(..)
            | Op::Div(..)
            | Op::Neg(_)
            | Op::NotBelowZero(_)
            | Op::Pow(..)
            | Op::Round(..) => self.arithmetic(at),
            Op::GrowthRate { .. } | Op::CompoundGrowth { .. } => self.growth(at),
            Op::Cases { .. } | Op::Choose { .. } | Op::Unclear(_) | Op::Versions { .. } => self.choice(at),
            Op::Lookup { table, keys, outcome } => self.lookup(at, *table, keys, *outcome),
            Op::Aggregate {
                kind,
                over,
                filter,
                value,
            } => self.aggregate(at, *kind, *over, (*filter, *value)),
            Op::Previous { over, value } => self.previous(at, *over, *value),
            Op::Holds { .. } | Op::Newly { .. } | Op::Granted { .. } | Op::Had { .. } => self.title(at),
            Op::Gets(_) | Op::Received { .. } | Op::Chosen { .. } => self.history(at),
            Op::AddMonths(..)
            | Op::AddDays(..)
            | Op::DaysBetween(..)
            | Op::Age(..)
            | Op::FullYearsBetween(..)
            | Op::YearOf(_)
            | Op::MonthOf(_)
            | Op::DaysIn(_)
            | Op::NextWorkingDay(_) => self.dates(at),
        }
    }

    /// Any value of a node's type.
    fn unknown(&self, at: At, causes: Causes) -> Value {
        Value::unknown(&self.program.nodes[at.node].ty, &self.program.schema, causes)
    }

    fn hole(&self, at: At, between: Option<(NodeId, NodeId)>) -> Value {
        let missing = Causes::at(CauseKind::TextMissing, at.node);
        match between {
            None => self.unknown(at, missing),
            Some((low, high)) => self
                .value(low, at.frame)
                .hull(self.value(high, at.frame))
                .because(&missing),
        }
    }
}

/// Where something is evaluated: a node, in a frame of its scope.
#[derive(Clone, Copy, Debug)]
struct At {
    node: NodeId,
    frame: Frame,
}

impl At {
    /// That the node has no value.
    fn undefined(self) -> Causes {
        Causes::at(CauseKind::Undefined, self.node)
    }

    /// That the node's value is too large.
    fn too_large(self) -> Causes {
        Causes::one(CauseKind::Undefined, CausePlace::TooLarge(self.node))
    }
}

fn empty<T>(count: u32) -> Box<[OnceCell<T>]> {
    (0..count).map(|_| OnceCell::new()).collect()
}

// A Program without the applicant's kind has no node that reads its facts; any scope will do then.
fn applicant_scope(program: &Program, record: &Record) -> ScopeId {
    let scopes = || program.scopes.iter();
    let own = scopes().find(|(_, scope)| scope.kind == ScopeKind::Applicant(record.entity));
    let first = own.or_else(|| scopes().next()).map(|(id, _)| id);
    first.unwrap_or(ScopeId::from_raw(0_u32.into()))
}
