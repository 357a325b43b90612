//! The lines of an applicant as far as clauses read them, whichever evaluator judged them.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use la_arena::ArenaMap;
use meed_facts::record::Record;
use meed_facts::schema::EntityId;
use meed_rules::program::{MeasureId, MeasureRules, NodeId, Program};

use super::judge::{Draft, DraftKind, Running};
use super::key::Key;
use crate::explain::{Evaluator, Frame};
use crate::value::Value;

/// Lines of one applicant, each measure's side by side.
pub trait Roster<'p> {
    /// Where a value stands: the record, or the one around it, whose value it is.
    type Place: PartialEq;

    /// The Program.
    fn program(&self) -> &'p Program;

    /// The kind of applicant.
    fn entity(&self) -> EntityId;

    /// What the applicant chose of exclusive measures: group name → measure name.
    fn chosen(&self) -> Option<&BTreeMap<Arc<str>, Arc<str>>>;

    /// Positions of a measure's lines.
    fn lines_of(&self, measure: MeasureId) -> Range<usize>;

    /// Whether a line is eligible or may be.
    fn may_be_paid(&self, line: usize) -> bool;

    /// Whether a line stands for children that are not listed.
    fn is_rest(&self, line: usize) -> bool;

    /// What a line is for, beside other lines of its measure; `None` where it is for nobody.
    fn own_key(&self, line: usize) -> Option<Key>;

    /// The versions that a line may fall under; its nodes are those of the first.
    fn versions(&self, line: usize) -> impl Iterator<Item = &'p MeasureRules>;

    /// What tells for which of its periods an earlier award was, under each version that pays over time.
    fn running(&self, line: usize) -> Vec<Running>;

    /// A node's value for a line that has a version.
    fn value(&self, node: NodeId, line: usize) -> Cow<'_, Value>;

    /// Where that value stands.
    fn place(&self, node: NodeId, line: usize) -> Self::Place;
}

/// Lines that the explaining evaluator judged.
pub struct Drafts<'e, 'p> {
    evaluator: &'e Evaluator<'p>,
    record: &'e Record,
    lines: &'e [&'e Draft<'p>],
    places: ArenaMap<MeasureId, Range<usize>>,
}

impl<'e, 'p> Drafts<'e, 'p> {
    /// One applicant's lines, each measure's side by side.
    pub fn new(evaluator: &'e Evaluator<'p>, record: &'e Record, lines: &'e [&'e Draft<'p>]) -> Self {
        let mut places = ArenaMap::with_capacity(evaluator.program().measures.len());
        let mut start = 0_usize;
        for own in lines.chunk_by(|a, b| a.measure == b.measure) {
            let end = start.saturating_add(own.len());
            places.extend(own.first().map(|draft| (draft.measure, start..end)));
            start = end;
        }
        Self {
            evaluator,
            record,
            lines,
            places,
        }
    }

    fn frame(&self, line: usize) -> Frame {
        let rules = self.lines.get(line).and_then(|draft| draft.rules());
        rules.map_or(self.evaluator.root(), |(_, frame)| frame)
    }
}

impl<'p> Roster<'p> for Drafts<'_, 'p> {
    type Place = Frame;

    fn program(&self) -> &'p Program {
        self.evaluator.program()
    }

    fn entity(&self) -> EntityId {
        self.record.entity
    }

    fn chosen(&self) -> Option<&BTreeMap<Arc<str>, Arc<str>>> {
        Some(&self.record.chosen)
    }

    fn lines_of(&self, measure: MeasureId) -> Range<usize> {
        self.places.get(measure).cloned().unwrap_or_default()
    }

    fn may_be_paid(&self, line: usize) -> bool {
        let draft = self.lines.get(line);
        draft.is_some_and(|draft| draft.verdict.certainty().possible())
    }

    fn is_rest(&self, line: usize) -> bool {
        let draft = self.lines.get(line);
        draft.is_some_and(|draft| matches!(draft.kind, DraftKind::Rest(_)))
    }

    fn own_key(&self, line: usize) -> Option<Key> {
        let draft = self.lines.get(line)?;
        match (&draft.kind, &draft.key) {
            (DraftKind::Applicant, _) => Some(Key::Applicant),
            (_, Some(key)) => Some(Key::Known(key.clone())),
            (DraftKind::Child | DraftKind::Rest(_), None) => Some(Key::Unknown),
            (DraftKind::Empty(_) | DraftKind::OutOfForce(_) | DraftKind::OtherKind, None) => None,
        }
    }

    fn versions(&self, line: usize) -> impl Iterator<Item = &'p MeasureRules> {
        let versions = self.lines.get(line).map(|draft| draft.versions.iter());
        versions.into_iter().flatten().map(|version| version.rules)
    }

    fn running(&self, line: usize) -> Vec<Running> {
        let date = self.program().date;
        let versions = self.lines.get(line).map(|draft| draft.versions.iter());
        versions
            .into_iter()
            .flatten()
            .filter_map(|version| Some(version.timing.as_ref()?.running(version.rules.series.as_ref()?, date)))
            .collect()
    }

    fn value(&self, node: NodeId, line: usize) -> Cow<'_, Value> {
        Cow::Borrowed(self.evaluator.value(node, self.frame(line)))
    }

    fn place(&self, node: NodeId, line: usize) -> Frame {
        let frame = self.frame(line);
        let scope = self.program().nodes[node].scope;
        self.evaluator.visible(scope, frame).unwrap_or(frame)
    }
}
