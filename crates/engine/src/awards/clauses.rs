//! The Program's combination clauses, seated with the lines of one determination.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use la_arena::ArenaMap;
use meed_facts::money::Currency;
use meed_facts::record::Record;
use meed_facts::schema::Named;
use meed_facts::value::Scalar;
use meed_rules::program::{Combine, CombineForm, CombineId, MeasureId, Member, NodeId, Program};

use crate::explain::{Evaluator, Frame};
use crate::value::{Causes, Value};

use super::amount::Amount;
use super::judge::{Draft, DraftKind, Running, amount_of};
use super::key::Key;
use super::pipeline::{Clause, Form, Limit, Occurrence, Seat};

/// What builds clauses for one applicant. Clauses whose lines are all refused are left out: nothing that they could combine is paid.
pub struct Seating<'e, 'p> {
    evaluator: &'e Evaluator<'p>,
    record: &'e Record,
    /// The lines, each measure's side by side, and where these begin and end.
    drafts: &'e [&'e Draft<'p>],
    places: ArenaMap<MeasureId, Range<usize>>,
    /// Where other public money was stated, so that the same money counts once.
    stated: Vec<(NodeId, Frame)>,
    /// Why keys, limits or other public money are not known, by line.
    pub causes: Vec<(usize, Causes)>,
}

impl<'e, 'p> Seating<'e, 'p> {
    /// For one applicant's lines, each measure's side by side.
    pub fn new(evaluator: &'e Evaluator<'p>, record: &'e Record, drafts: &'e [&'e Draft<'p>]) -> Self {
        let mut places = ArenaMap::default();
        let mut start = 0_usize;
        for own in drafts.chunk_by(|a, b| a.measure == b.measure) {
            let end = start.saturating_add(own.len());
            places.extend(own.first().map(|draft| (draft.measure, start..end)));
            start = end;
        }
        Self {
            evaluator,
            record,
            drafts,
            places,
            stated: Vec::new(),
            causes: Vec::new(),
        }
    }

    fn program(&self) -> &'p Program {
        self.evaluator.program()
    }

    /// Positions of a measure's lines.
    pub fn lines_of(&self, measure: MeasureId) -> Range<usize> {
        self.places.get(measure).cloned().unwrap_or_default()
    }

    fn drafts_of(&self, measure: MeasureId) -> impl Iterator<Item = (usize, &'e Draft<'p>)> + use<'e, 'p> {
        let lines = self.lines_of(measure);
        let own = self.drafts.get(lines.clone()).unwrap_or_default();
        lines.zip(own.iter().copied())
    }

    /// Whether a measure has a line that may be paid.
    fn may_pay(&self, measure: MeasureId) -> bool {
        self.drafts_of(measure)
            .any(|(_, draft)| draft.verdict.certainty().possible())
    }

    /// A clause with its seats; `None` where all of them are refused.
    pub fn clause(&mut self, id: CombineId) -> Option<Clause> {
        let program = self.program();
        let combine = &program.combines[id];
        if !combine.members.iter().any(|member| self.may_pay(member.measure)) {
            return None;
        }
        let mut members: Vec<(MeasureId, Arc<str>)> = Vec::new();
        let mut seats = Vec::new();
        for member in &combine.members {
            let rank = match members.iter().position(|(known, _)| *known == member.measure) {
                Some(rank) => rank,
                None => {
                    for name in names(&program.measures[member.measure].named) {
                        members.push((member.measure, name));
                    }
                    members
                        .iter()
                        .position(|(known, _)| *known == member.measure)
                        .unwrap_or(0)
                }
            };
            if member.entity == self.record.entity {
                for (line, draft) in self.drafts_of(member.measure) {
                    seats.extend(self.seat(combine, member, rank, line, draft));
                }
            }
        }
        Some(Clause {
            id: Some(id),
            form: form(combine),
            chosen: chosen(program, combine, self.record),
            members,
            seats,
            year: combine.per_year.then(|| program.date.year()),
            judged: combine.judged_by.is_some(),
        })
    }

    /// The lines of a measure that pays once, or once for each period; `None` where it pays whenever asked, or where all are refused.
    pub fn occurrence(&mut self, measure: MeasureId) -> Option<Occurrence> {
        if !self.may_pay(measure) {
            return None;
        }
        let mut occurrence = Occurrence {
            lines: Clause {
                id: None,
                form: Form::HighestOf,
                members: Vec::new(),
                seats: Vec::new(),
                year: None,
                judged: false,
                chosen: None,
            },
            once: false,
            per_value: false,
            names: names(&self.program().measures[measure].named),
            counting: Vec::new(),
            running: BTreeMap::new(),
        };
        for (line, draft) in self.drafts_of(measure) {
            let Some((_, frame)) = draft.rules() else {
                continue;
            };
            let once = draft.versions.iter().find_map(|version| version.rules.once.as_ref());
            let date = self.program().date;
            let running: Vec<Running> = draft
                .versions
                .iter()
                .filter_map(|version| Some(version.timing.as_ref()?.running(version.rules.series.as_ref()?, date)))
                .collect();
            if once.is_none() && running.is_empty() {
                continue;
            }
            let key = match once.and_then(|once| once.per) {
                Some(node) => self.key(&[node], line, frame),
                None => own_key(draft),
            };
            if !running.is_empty() {
                occurrence.running.insert(line, running);
            }
            if let Some(once) = once {
                occurrence.once = true;
                occurrence.per_value |= once.per.is_some();
                occurrence.counting.extend(once.counting.iter().cloned());
            }
            occurrence.lines.seats.extend(key.map(|key| Seat {
                line,
                rank: 0,
                key,
                limit: Limit::default(),
            }));
        }
        (!occurrence.lines.seats.is_empty()).then_some(occurrence)
    }

    fn seat(
        &mut self,
        combine: &Combine,
        member: &Member,
        rank: usize,
        line: usize,
        draft: &Draft<'p>,
    ) -> Option<Seat> {
        let (_, frame) = draft.rules()?;
        // Unlisted lines may have several keys, and a line whose key may not apply may be outside: one limit need not hold for them.
        let (key, loose) = match member.keys.as_slice() {
            [] => (Key::Applicant, false),
            _ if matches!(draft.kind, DraftKind::Rest(_)) => (Key::Unknown, true),
            nodes => {
                let key = self.key(nodes, line, frame)?;
                let mut values = nodes.iter().map(|node| self.evaluator.value(*node, frame));
                (key, values.any(|value| value.may_be_inapplicable()))
            }
        };
        let mut limit = Limit::default();
        if let CombineForm::AtMost(_) = combine.form {
            limit.at_most = member.limit.and_then(|node| self.money(node, line, frame));
            limit.loose = loose
                || member
                    .limit
                    .is_some_and(|node| self.evaluator.value(node, frame).may_be_inapplicable());
            if let Some(node) = member.counting {
                let money = self.money(node, line, frame).unwrap_or(Amount::ZERO);
                limit.counting.push((self.place_of(node, frame), money));
            }
        }
        Some(Seat { line, rank, key, limit })
    }

    /// The key that nodes give a line together; `None` where one of them does not apply, so that the line is not of the group.
    fn key(&mut self, nodes: &[NodeId], line: usize, frame: Frame) -> Option<Key> {
        let mut parts = Some(Vec::new());
        for node in nodes {
            let value = self.read(*node, line, frame);
            if value.is_inapplicable() {
                return None;
            }
            parts = parts
                .zip(value.as_known().map(written))
                .map(|(parts, part)| [parts, vec![part]].concat());
        }
        Some(parts.map_or(Key::Unknown, Key::of))
    }

    /// Money in smallest units; `None` where it does not apply, and without limit where it may not.
    fn money(&mut self, node: NodeId, line: usize, frame: Frame) -> Option<Amount> {
        let currency: Currency = self.program().package.currency;
        let value = self.read(node, line, frame);
        if value.is_inapplicable() {
            return None;
        }
        let amount = amount_of(&value, currency);
        Some(if value.may_be_inapplicable() {
            Amount::between(0, None)
        } else {
            amount
        })
    }

    fn read(&mut self, node: NodeId, line: usize, frame: Frame) -> Value {
        let value = self.evaluator.value(node, frame).clone();
        if !value.causes().is_empty() {
            self.causes.push((line, value.causes().clone()));
        }
        value
    }

    fn place_of(&mut self, node: NodeId, frame: Frame) -> u64 {
        let scope = self.program().nodes[node].scope;
        let place = (node, self.evaluator.visible(scope, frame).unwrap_or(frame));
        let position = self.stated.iter().position(|known| *known == place).unwrap_or_else(|| {
            self.stated.push(place);
            self.stated.len().saturating_sub(1)
        });
        u64::try_from(position).unwrap_or(u64::MAX)
    }
}

fn own_key(draft: &Draft<'_>) -> Option<Key> {
    match (&draft.kind, &draft.key) {
        (DraftKind::Applicant, _) => Some(Key::Applicant),
        (_, Some(key)) => Some(Key::Known(key.clone())),
        (DraftKind::Child | DraftKind::Rest(_), None) => Some(Key::Unknown),
        (DraftKind::Empty(_) | DraftKind::OutOfForce(_) | DraftKind::OtherKind, None) => None,
    }
}

fn form(combine: &Combine) -> Form {
    match &combine.form {
        CombineForm::HighestOf => Form::HighestOf,
        CombineForm::Exclusive { precedence } => Form::Exclusive {
            first: combine
                .members
                .first()
                .filter(|_| *precedence)
                .map(|member| member.measure),
        },
        CombineForm::TopUp => Form::TopUp,
        CombineForm::AtMost(cut) => Form::AtMost(cut.clone()),
        CombineForm::Unresolved => Form::Unresolved,
    }
}

fn chosen(program: &Program, combine: &Combine, record: &Record) -> Option<MeasureId> {
    let choice = names(&combine.named)
        .iter()
        .find_map(|name| record.chosen.get(name).cloned())?;
    combine
        .members
        .iter()
        .map(|member| member.measure)
        .find(|measure| program.measures[*measure].named.is_called(&choice))
}

/// The names under which something may appear in a record.
pub fn names(named: &Named) -> Vec<Arc<str>> {
    std::iter::once(&named.name).chain(&named.formerly).cloned().collect()
}

/// A scalar as a key is written.
fn written(scalar: &Scalar) -> Arc<str> {
    match scalar {
        Scalar::Text(text) => text.clone(),
        Scalar::Number(number) => number.to_string().into(),
        Scalar::Date(date) => date.to_string().into(),
        Scalar::Bool(value) => value.to_string().into(),
        Scalar::Months(months) => months.to_string().into(),
        Scalar::Days(days) => days.to_string().into(),
        Scalar::Member(member) => member.to_string().into(),
    }
}
