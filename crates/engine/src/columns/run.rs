//! Evaluating a batch: the values of nodes for all rows of their tables that matter, computed when they are asked for.

use std::borrow::Cow;
use std::hash::BuildHasherDefault;
use std::rc::Rc;

use meed_facts::batch::{Batch, Bits};
use meed_facts::schema::FactId;
use meed_rules::program::{MeasureId, NodeId, Op, ScopeId, ScopeKind, Type};
use rustc_hash::FxHashMap;

use super::direct::Direct;
use super::fraction::Fraction;
use super::lines::Lines;
use super::plan::{Constant, Plan};
use super::range::Range;
use super::tables::{Binding, NOBODY, Rows, Table, TableId};
use super::vector::{One, Text, Truth, Vector, bit, set_bit};
use crate::awards::judge::Between;

/// The values of a batch.
pub(super) struct Run<'p, 'b> {
    pub plan: &'b Plan<'p>,
    pub tables: Vec<Table<'b>>,
    pub bound: FxHashMap<(ScopeId, TableId, Binding), TableId>,
    cells: FxHashMap<(TableId, NodeId), Cell<'b>>,
    /// Award lines by measure.
    pub judged: FxHashMap<MeasureId, Rc<Vec<Lines<'p>>>>,
    /// When the periods that a table binds may begin, and when they are due.
    pub periods: FxHashMap<TableId, Vec<(Between, Between)>>,
    /// Applicants whom columns cannot decide: they go to the explaining evaluator.
    pub escaped: Bits,
}

/// A node's values, as far as they were asked for.
#[expect(clippy::large_enum_variant, reason = "some hundred of a batch, and most are vectors")]
enum Cell<'b> {
    /// Those of the rows that are done.
    Vector { vector: Vector<'b>, done: Vec<u64> },
    /// A column of the batch.
    Direct(Direct<'b>),
}

/// A node's values for a kernel: in the rows of its table.
#[derive(Clone, Copy)]
pub(super) enum Operand<'v, 'b> {
    Constant(&'v Constant),
    Vector(&'v Vector<'b>),
    Direct(&'v Direct<'b>),
}

/// Room for so many nodes' values at first: each time there is no more room all are moved.
const CELLS: usize = 256;

/// The root table: applicants.
pub(super) const ROOT: TableId = TableId(0);

impl<'p, 'b> Run<'p, 'b> {
    pub fn new(plan: &'b Plan<'p>, batch: &'b Batch) -> Self {
        let program = plan.program;
        let own = |kind: &ScopeKind| *kind == ScopeKind::Applicant(plan.entity);
        let scopes = || program.scopes.iter();
        let scope = scopes().find(|(_, scope)| own(&scope.kind)).or_else(|| scopes().next());
        let root = Table {
            scope: scope.map_or(ScopeId::from_raw(0_u32.into()), |(id, _)| id),
            rows: batch.rows,
            parent: None,
            batch: Some(batch),
            records: Rows::Same,
            rest: None,
            binding: Binding::Record,
        };
        Self {
            plan,
            tables: vec![root],
            bound: FxHashMap::default(),
            cells: FxHashMap::with_capacity_and_hasher(CELLS, BuildHasherDefault::default()),
            judged: FxHashMap::default(),
            periods: FxHashMap::default(),
            escaped: Bits::none(batch.rows),
        }
    }

    pub fn table(&self, table: TableId) -> &Table<'b> {
        // INVARIANT: ids are positions of tables, the first of which always exists.
        self.tables
            .get(table.0)
            .unwrap_or_else(|| unreachable!("a table's id is its position"))
    }

    pub fn rows(&self, table: TableId) -> usize {
        self.table(table).rows
    }

    /// All rows of a table.
    pub fn all(&self, table: TableId) -> Vec<u64> {
        Bits::all(self.rows(table)).into_words()
    }

    /// The binding of a scope that is visible from a table.
    pub fn visible(&mut self, scope: ScopeId, from: TableId) -> TableId {
        if let Some(table) = self.found(scope, from) {
            return table;
        }
        let ScopeKind::Inner { owner, fact, .. } = self.plan.program.scopes[scope].kind else {
            return ROOT;
        };
        let owner = self.visible(owner, from);
        self.inner(scope, owner, fact)
    }

    /// The same, where the binding is there already.
    pub fn found(&self, scope: ScopeId, from: TableId) -> Option<TableId> {
        let mut table = from;
        loop {
            if self.table(table).scope == scope {
                return Some(table);
            }
            match &self.table(table).parent {
                Some((parent, _)) => table = *parent,
                None => break,
            }
        }
        match self.plan.program.scopes[scope].kind {
            ScopeKind::Inner { owner, .. } => {
                let owner = self.found(owner, from)?;
                self.bound.get(&(scope, owner, Binding::Record)).copied()
            }
            _ => Some(ROOT),
        }
    }

    /// Whether each row of a table belongs to the row of another with the same number.
    pub fn same_rows(&self, from: TableId, to: TableId) -> bool {
        let mut table = from;
        while table != to {
            match &self.table(table).parent {
                Some((parent, Rows::Same)) => table = *parent,
                Some((_, Rows::Of(_) | Rows::Until(_))) => return false,
                // Single records inside one that was passed.
                None => {
                    return matches!(self.table(to).parent, Some((owner, Rows::Same)) if self.same_rows(from, owner));
                }
            }
        }
        true
    }

    /// The row of a table around another (or inside it, for a single record) that each of its rows belongs to.
    pub fn row_of(&self, from: TableId, row: usize, to: TableId) -> usize {
        let mut at = (from, row);
        loop {
            if at.0 == to {
                return at.1;
            }
            match &self.table(at.0).parent {
                Some((parent, rows)) => at = (*parent, rows.of(at.1)),
                None => break,
            }
        }
        // The table is that of single records inside one that was passed: its rows are those of its owner.
        match &self.table(to).parent {
            Some((owner, _)) => self.row_of(from, row, *owner),
            None => at.1,
        }
    }

    /// Gives an applicant to the explaining evaluator.
    pub fn escape(&mut self, table: TableId, row: usize) {
        let root = self.row_of(table, row, ROOT);
        self.escaped.set(root, true);
    }

    /// The same for all rows of a selection.
    pub fn escape_all(&mut self, table: TableId, rows: &[u64]) {
        for row in meed_facts::batch::rows_of(rows.iter().copied()) {
            self.escape(table, row);
        }
    }

    /// Makes sure that a node's values are there for some rows of a table.
    pub fn need(&mut self, node: NodeId, table: TableId, rows: &[u64]) {
        let node = self.plan.meaning(node);
        if self.plan.constant(node).is_some() {
            return;
        }
        let home = self.visible(self.plan.program.nodes[node].scope, table);
        // Where each row is one of the table around, the values there serve.
        let table = if self.same_rows(table, home) { home } else { table };
        if self.is_there(node, table, rows) {
            return;
        }
        if home == table
            && let Some(direct) = self.direct(node, table)
            && direct.covers(rows)
        {
            self.cells.insert((table, node), Cell::Direct(direct));
            return;
        }
        let known = self.cells.remove(&(table, node));
        let (mut vector, done) = match known {
            Some(Cell::Vector { vector, done }) => (vector, Some(done)),
            Some(Cell::Direct(_)) | None => (self.empty(node, table), None),
        };
        let missing = match &done {
            _ if home == table && self.is_column(node, table) => self.all(table),
            Some(done) => rows.iter().zip(done).map(|(asked, done)| asked & !done).collect(),
            None => rows.to_vec(),
        };
        if home == table {
            self.compute(node, table, &missing, &mut vector);
        } else {
            self.lift(node, (table, home), &missing, &mut vector);
        }
        let done = done.into_iter().fold(missing, |mut all, done| {
            all.iter_mut().zip(done).for_each(|(all, done)| *all |= done);
            all
        });
        self.cells.insert((table, node), Cell::Vector { vector, done });
    }

    /// The number that a node is in all rows of a table: where no fact decides it, or only the year that the table binds.
    pub fn number_in(&self, node: NodeId, table: TableId) -> Option<Fraction> {
        let node = self.plan.meaning(node);
        if let Some(constant) = self.plan.constant(node) {
            return constant.number.only()?.as_one();
        }
        match self.plan.program.nodes[node].op {
            Op::BoundYear(scope) => match self.table(self.found(scope, table)?).binding {
                Binding::Year(year) => Some(Fraction::whole(year.into())),
                _ => None,
            },
            Op::Add(a, b) => self.number_in(a, table)?.add(self.number_in(b, table)?),
            Op::Sub(a, b) => self.number_in(a, table)?.add(self.number_in(b, table)?.negated()),
            _ => None,
        }
    }

    /// Whether a node is a column of the batch: all rows together are had for the price of some.
    fn is_column(&self, node: NodeId, table: TableId) -> bool {
        match &self.plan.program.nodes[node].op {
            Op::Fact { .. } => true,
            Op::FactAt { at, .. } => self.number_in(*at, table).is_some(),
            _ => false,
        }
    }

    fn is_there(&self, node: NodeId, table: TableId, rows: &[u64]) -> bool {
        let is_done = |(asked, done): (&u64, &u64)| asked & !done == 0;
        match self.cells.get(&(table, node)) {
            Some(Cell::Vector { done, .. }) => rows.iter().zip(done).all(is_done),
            Some(Cell::Direct(direct)) => direct.covers(rows),
            None => false,
        }
    }

    /// A node's values, after [`Run::need`].
    pub fn operand(&self, node: NodeId, table: TableId) -> Operand<'_, 'b> {
        let node = self.plan.meaning(node);
        if let Some(constant) = self.plan.constant(node) {
            return Operand::Constant(constant);
        }
        let home = self.found(self.plan.program.nodes[node].scope, table).unwrap_or(table);
        let table = if self.same_rows(table, home) { home } else { table };
        match self.cells.get(&(table, node)) {
            Some(Cell::Vector { vector, .. }) => Operand::Vector(vector),
            Some(Cell::Direct(direct)) => Operand::Direct(direct),
            None => unreachable!("a kernel needs its operands before it reads them"),
        }
    }

    /// Values of the node's type, of which none is known yet.
    pub fn empty(&self, node: NodeId, table: TableId) -> Vector<'b> {
        let rows = self.rows(table);
        match &self.plan.program.nodes[node].ty {
            Type::Bool => Vector::truths(rows),
            Type::Number(_) => Vector::numbers(rows, self.plan.scale(node)),
            Type::Date | Type::Months | Type::Days | Type::Year | Type::Month => Vector::numbers(rows, 0),
            Type::Enumeration(_) => Vector::members(rows),
            Type::Text | Type::Identifier(_) => Vector::texts(rows),
        }
    }

    /// Brings values of a table around into the rows of one inside.
    fn lift(&mut self, node: NodeId, (table, home): (TableId, TableId), rows: &[u64], out: &mut Vector<'b>) {
        let mut above = vec![0; self.rows(home).div_ceil(64)];
        for row in meed_facts::batch::rows_of(rows.iter().copied()) {
            set_bit(&mut above, self.row_of(table, row, home), true);
        }
        self.need(node, home, &above);
        let operand = self.operand(node, home);
        for row in meed_facts::batch::rows_of(rows.iter().copied()) {
            out.copy(row, operand, self.row_of(table, row, home));
        }
    }

    /// The table of single records that a fact of another table's rows holds.
    fn inner(&mut self, scope: ScopeId, owner: TableId, fact: FactId) -> TableId {
        if let Some(table) = self.bound.get(&(scope, owner, Binding::Record)) {
            return *table;
        }
        let holder = self.table(owner);
        let lists = holder.batch.and_then(|batch| batch.inner.get(fact));
        let record = |row: usize| {
            let position = lists.and_then(|lists| lists.span(holder.records.of(row)).next());
            position
                .and_then(|position| u32::try_from(position).ok())
                .unwrap_or(NOBODY)
        };
        let records: Vec<u32> = (0..holder.rows).map(record).collect();
        let table = Table {
            scope,
            rows: holder.rows,
            parent: Some((owner, Rows::Same)),
            batch: lists.map(|lists| &lists.items),
            records: Rows::Of(Cow::Owned(records)),
            rest: holder.rest.clone(),
            binding: Binding::Record,
        };
        self.add(table, owner)
    }

    /// The table of a year or instalment inside another.
    pub fn bind(&mut self, scope: ScopeId, parent: TableId, binding: Binding) -> TableId {
        if let Some(table) = self.bound.get(&(scope, parent, binding)) {
            return *table;
        }
        let outer = self.table(parent);
        let table = Table {
            scope,
            rows: outer.rows,
            parent: Some((parent, Rows::Same)),
            batch: outer.batch,
            records: outer.records.clone(),
            rest: outer.rest.clone(),
            binding,
        };
        self.add(table, parent)
    }

    pub(super) fn add(&mut self, table: Table<'b>, parent: TableId) -> TableId {
        let id = TableId(self.tables.len());
        self.bound.insert((table.scope, parent, table.binding), id);
        self.tables.push(table);
        id
    }

    /// Whether a row stands for children that are not listed.
    pub fn is_rest(&self, table: TableId, row: usize) -> bool {
        self.table(table).rest.as_ref().is_some_and(|rest| bit(rest, row))
    }

    fn compute(&mut self, node: NodeId, table: TableId, rows: &[u64], out: &mut Vector<'b>) {
        let program = self.plan.program;
        let node = At { node, table, rows };
        match &program.nodes[node.node].op {
            Op::Fact { of, fact, rules } => self.fact(node, (*of, *fact), rules, out),
            Op::FactAt { of, fact, at, rules } => self.fact_at(node, (*of, *fact), *at, rules, out),
            Op::BoundYear(_)
            | Op::InstalmentFrom(_)
            | Op::InstalmentYear(_)
            | Op::InstalmentMonth(_)
            | Op::InstalmentDue(_) => self.bound_part(node, out),
            Op::Not(_) | Op::All(_) | Op::Any(_) | Op::NoneOf(_) | Op::AtLeast(..) | Op::Applies(_) => {
                self.logic(node, out)
            }
            Op::Compare(..) | Op::In(..) | Op::Within(..) => self.comparison(node, out),
            Op::Max(_) | Op::Min(_) => self.extreme(node, out),
            Op::Add(..)
            | Op::Sub(..)
            | Op::Mul(..)
            | Op::Div(..)
            | Op::Neg(_)
            | Op::NotBelowZero(_)
            | Op::Pow(..)
            | Op::Round(..) => self.arithmetic(node, out),
            Op::GrowthRate { .. } | Op::CompoundGrowth { .. } => self.growth(node, out),
            Op::Cases { .. } | Op::Choose { .. } | Op::Unclear(_) | Op::Versions { .. } => self.choice(node, out),
            Op::Lookup { table, keys, outcome } => self.lookup(node, *table, keys, *outcome, out),
            Op::Aggregate {
                kind,
                over,
                filter,
                value,
            } => self.aggregate(node, *kind, *over, (*filter, *value), out),
            Op::Holds { .. } | Op::Newly { .. } | Op::Granted { .. } | Op::Had { .. } => self.titles(node, out),
            Op::AddMonths(..)
            | Op::AddDays(..)
            | Op::DaysBetween(..)
            | Op::Age(..)
            | Op::FullYearsBetween(..)
            | Op::YearOf(_)
            | Op::MonthOf(_)
            | Op::DaysIn(_)
            | Op::NextWorkingDay(_) => self.dates(node, out),
            Op::Gets(_) | Op::Received { .. } | Op::Chosen { .. } => self.history(node, out),
            Op::Const(_) | Op::Hole(_) | Op::Named { .. } | Op::Previous { .. } => self.escape_all(table, rows),
        }
    }
}

/// What is computed: a node, in some rows of its table.
#[derive(Clone, Copy)]
pub(super) struct At<'r> {
    pub node: NodeId,
    pub table: TableId,
    pub rows: &'r [u64],
}

impl At<'_> {
    /// The rows, one by one.
    pub fn each(&self) -> impl Iterator<Item = usize> + '_ {
        meed_facts::batch::rows_of(self.rows.iter().copied())
    }
}

impl<'v, 'b> Operand<'v, 'b> {
    pub fn truth(&self, row: usize) -> One<Truth> {
        match self {
            Operand::Constant(constant) => constant.truth,
            Operand::Vector(vector) => vector.truth(row),
            Operand::Direct(direct) => direct.truth(row),
        }
    }

    pub fn number(&self, row: usize) -> One<Range> {
        match self {
            Operand::Constant(constant) => constant.number,
            Operand::Vector(vector) => vector.number(row),
            Operand::Direct(direct) => direct.number(row),
        }
    }

    pub fn member(&self, row: usize) -> One<u64> {
        match self {
            Operand::Constant(constant) => constant.member,
            Operand::Vector(vector) => vector.member(row),
            Operand::Direct(direct) => direct.member(row),
        }
    }

    pub fn text(&self, row: usize) -> One<&'v Text<'b>> {
        match self {
            Operand::Constant(constant) => One {
                set: constant.text.set.as_ref(),
                undefined: constant.text.undefined,
                inapplicable: constant.text.inapplicable,
            },
            Operand::Vector(vector) => vector.text(row),
            Operand::Direct(_) => One::UNDEFINED,
        }
    }

    /// The rows of a word that may be undefined, and those that may not apply.
    pub fn besides_words(&self, index: usize) -> (u64, u64) {
        match self {
            Operand::Constant(constant) => {
                let all = |truth: bool| if truth { u64::MAX } else { 0 };
                (
                    all(constant.value.may_be_undefined()),
                    all(constant.value.may_be_inapplicable()),
                )
            }
            Operand::Vector(vector) => (vector.undefined.word(index), vector.inapplicable.word(index)),
            Operand::Direct(_) => (0, 0),
        }
    }

    /// One word of each truth plane: yes, no, undefined, not applicable.
    pub fn truth_words(&self, index: usize) -> [u64; 4] {
        match self {
            Operand::Constant(constant) => {
                let (yes, no) = constant.truth.set.unwrap_or((false, false));
                [yes, no, constant.truth.undefined, constant.truth.inapplicable]
                    .map(|truth| if truth { u64::MAX } else { 0 })
            }
            Operand::Vector(vector) => vector.truth_words(index),
            Operand::Direct(direct) => {
                let truths = direct.truths(index);
                [truths, !truths, 0, 0]
            }
        }
    }
}

impl Operand<'_, '_> {
    /// Whether a row may have an ordinary value, may be undefined, may not apply.
    pub fn outcomes(&self, row: usize) -> (bool, bool, bool) {
        match self {
            Operand::Constant(constant) => {
                let value = &constant.value;
                (
                    value.set().is_some(),
                    value.may_be_undefined(),
                    value.may_be_inapplicable(),
                )
            }
            Operand::Vector(vector) => vector.outcomes(row),
            Operand::Direct(_) => (true, false, false),
        }
    }
}
