//! Judging measures in the order in which they ask about each other (`gets`).

use std::collections::BTreeSet;
use std::ops::Range;

use la_arena::ArenaMap;
use meed_facts::record::Record;
use meed_rules::program::{Combine, CombineForm, MeasureId, MeasureRules, NodeId, Program};

use crate::explain::{Evaluator, asked_by};
use crate::value::{CauseKind, CausePlace, Causes, Set, Value};

use super::certainty::{self, Certainty};
use super::claim::Claim;
use super::clauses::Seating;
use super::combined;
use super::history::History;
use super::judge::{self, Draft, Places};
use super::pipeline::{Clause, Occurrence, Pipeline};
use super::roster::Drafts;

/// The lines of all measures, judged one after the other.
pub struct Board<'e, 'p> {
    evaluator: &'e Evaluator<'p>,
    record: &'e Record,
    history: &'e History,
    /// Lines, each measure's side by side and by key, so that the order of children does not matter.
    drafts: Vec<Draft<'p>>,
    /// Where lines stand.
    sites: Places,
    /// Where each measure's lines are.
    places: ArenaMap<MeasureId, Range<usize>>,
    begun: ArenaMap<MeasureId, ()>,
    told: ArenaMap<MeasureId, ()>,
}

impl<'e, 'p> Board<'e, 'p> {
    /// A board without lines.
    pub fn new(evaluator: &'e Evaluator<'p>, record: &'e Record, history: &'e History) -> Self {
        let measures = evaluator.program().measures.len();
        Self {
            evaluator,
            record,
            history,
            // Most measures have one line.
            drafts: Vec::with_capacity(measures.saturating_mul(2)),
            sites: Places::default(),
            places: ArenaMap::with_capacity(measures),
            begun: ArenaMap::with_capacity(measures),
            told: ArenaMap::default(),
        }
    }

    /// Tells the evaluator of every award that something asks about, those that no measure asks about included.
    pub fn tell_all(&mut self) {
        let asked = self.evaluator.layout().asked();
        asked.iter().for_each(|measure| self.tell(*measure));
    }

    /// The lines of a measure.
    pub fn judge(&mut self, measure: MeasureId) {
        if self.begun.insert(measure, ()).is_some() {
            return;
        }
        if !self.evaluator.layout().asked().is_empty() {
            for asked in asks(self.evaluator.program(), measure) {
                self.tell(asked);
            }
        }
        let start = self.drafts.len();
        let lines = (&mut self.sites, &mut self.drafts);
        judge::measure(self.evaluator, self.record.entity, measure, lines);
        let own = self.drafts.get_mut(start..).unwrap_or_default();
        own.sort_by(|a, b| (a.key.is_none(), &a.key).cmp(&(b.key.is_none(), &b.key)));
        self.places.insert(measure, start..self.drafts.len());
    }

    /// All lines: by measure in the order of decision, then by key.
    pub fn into_drafts(mut self) -> Vec<Draft<'p>> {
        let order = &self.evaluator.program().order;
        order.iter().for_each(|measure| self.judge(*measure));
        // Measures that another asked about were judged before it.
        if !self.evaluator.layout().asked().is_empty() {
            let ranks: ArenaMap<MeasureId, usize> = order.iter().copied().zip(0..).collect();
            self.drafts.sort_by_key(|draft| ranks.get(draft.measure));
        }
        self.drafts
    }

    /// Tells the evaluator whether a measure's award is made: after the groups in which another measure may exclude it.
    fn tell(&mut self, measure: MeasureId) {
        if self.told.insert(measure, ()).is_some() {
            return;
        }
        let rivals = rivals(self.evaluator.program(), measure);
        rivals.iter().for_each(|rival| self.judge(*rival));
        let drafts: Vec<&Draft<'p>> = rivals
            .iter()
            .filter_map(|rival| self.drafts.get(self.places.get(*rival)?.clone()))
            .flatten()
            .collect();
        let complete = rivals.iter().all(|rival| self.places.contains_idx(*rival));
        let pipeline = grouped(self.evaluator, self.record, self.history, &drafts);
        let own = || pipeline.claims.iter().filter(|claim| claim.measure == measure);
        let made = certainty::any(own().map(|claim| claim.made));
        // A rival that asks about this award itself is judged later; the checker refuses such circles.
        let made = if complete || !made.possible() {
            made
        } else {
            Certainty::Maybe
        };
        let mut causes = Causes::NONE;
        for draft in drafts.iter().filter(|draft| draft.made == Certainty::Maybe) {
            causes.merge(&draft.causes);
        }
        own().for_each(|claim| combined::name_history(self.evaluator.program(), claim, &mut causes));
        if causes.is_empty() {
            causes = Causes::one(CauseKind::Missing, CausePlace::Gets(measure));
        }
        self.evaluator.settle(
            measure,
            match made {
                Certainty::Yes => Value::bool(true),
                Certainty::No => Value::bool(false),
                Certainty::Maybe => Value::of(Set::Either, causes),
            },
        );
    }
}

/// The lines after occurrence and groups, before ladders and ceilings.
fn grouped<'e, 'p>(
    evaluator: &'e Evaluator<'p>,
    record: &'e Record,
    history: &'e History,
    drafts: &[&Draft<'p>],
) -> Pipeline<'e> {
    let roster = Drafts::new(evaluator, record, drafts);
    let mut seating = Seating::new(&roster);
    let program = evaluator.program();
    let measures: BTreeSet<MeasureId> = drafts.iter().map(|draft| draft.measure).collect();
    let occurrences: Vec<Occurrence> = measures
        .iter()
        .filter_map(|measure| seating.occurrence(*measure))
        .collect();
    let concerned = |combine: &Combine| combine.members.iter().any(|member| measures.contains(&member.measure));
    let excluding = program
        .combines
        .iter()
        .filter(|(_, combine)| concerned(combine) && excludes(&combine.form));
    let clauses: Vec<Clause> = excluding.filter_map(|(id, _)| seating.clause(id)).collect();
    let claims = || drafts.iter().map(|draft| claim(draft)).collect();
    Pipeline::run(claims, history, &occurrences, &clauses)
}

/// The line that a draft enters the pipeline with.
pub fn claim(draft: &Draft<'_>) -> Claim {
    let mut claim = Claim::new(draft.measure, draft.key.clone(), draft.amount, draft.made);
    claim.steps = draft.steps.clone();
    claim
}

fn excludes(form: &CombineForm) -> bool {
    matches!(form, CombineForm::HighestOf | CombineForm::Exclusive { .. })
}

/// The measure and all that may exclude it, directly or through others.
pub(crate) fn rivals(program: &Program, measure: MeasureId) -> BTreeSet<MeasureId> {
    let mut rivals = BTreeSet::from([measure]);
    loop {
        let before = rivals.len();
        for (_, combine) in program.combines.iter().filter(|(_, combine)| excludes(&combine.form)) {
            if combine.members.iter().any(|member| rivals.contains(&member.measure)) {
                rivals.extend(combine.members.iter().map(|member| member.measure));
            }
        }
        if rivals.len() == before {
            return rivals;
        }
    }
}

/// The measures that a measure's rules ask about.
fn asks(program: &Program, measure: MeasureId) -> BTreeSet<MeasureId> {
    let mut asked = BTreeSet::new();
    let mut seen: BTreeSet<NodeId> = BTreeSet::new();
    let mut open: Vec<NodeId> = program.measures[measure].rules.iter().flat_map(conditions).collect();
    while let Some(node) = open.pop() {
        if seen.insert(node) {
            asked.extend(asked_by(&program.nodes[node]));
            program.reads(node, &mut |operand| open.push(operand));
        }
    }
    asked
}

fn conditions(rules: &MeasureRules) -> Vec<NodeId> {
    let pay = [rules.pay.amount, rules.pay.floor, rules.pay.cap];
    let own = [
        rules.when,
        rules.while_,
        rules.anchor,
        rules.series.as_ref().map(|series| series.start),
    ];
    own.into_iter().chain(pay).flatten().collect()
}
