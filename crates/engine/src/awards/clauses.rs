//! The Program's combination clauses, seated with the lines of one determination.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

use meed_facts::money::Currency;
use meed_facts::schema::Named;
use meed_facts::value::Scalar;
use meed_rules::program::{Combine, CombineForm, CombineId, MeasureId, Member, NodeId, Program};

use crate::value::{Causes, Value};

use super::amount::Amount;
use super::judge::amount_of;
use super::key::Key;
use super::pipeline::{Clause, Form, Limit, Occurrence, Seat};
use super::roster::Roster;

/// What builds clauses for one applicant. Clauses whose lines are all refused are left out: nothing that they could combine is paid.
pub struct Seating<'r, 'p, R: Roster<'p>> {
    roster: &'r R,
    program: &'p Program,
    /// Where other public money was stated, so that the same money counts once.
    stated: Vec<(NodeId, R::Place)>,
    /// Why keys, limits or other public money are not known, by line.
    pub causes: Vec<(usize, Causes)>,
}

impl<'r, 'p, R: Roster<'p>> Seating<'r, 'p, R> {
    /// For one applicant's lines.
    pub fn new(roster: &'r R) -> Self {
        Self {
            roster,
            program: roster.program(),
            stated: Vec::new(),
            causes: Vec::new(),
        }
    }

    /// Whether a measure has a line that may be paid.
    fn may_pay(&self, measure: MeasureId) -> bool {
        self.roster.lines_of(measure).any(|line| self.roster.may_be_paid(line))
    }

    /// A clause with its seats; `None` where all of them are refused.
    pub fn clause(&mut self, id: CombineId) -> Option<Clause> {
        let members = &self.program.combines[id].members;
        if !members.iter().any(|member| self.may_pay(member.measure)) {
            return None;
        }
        let mut clause = empty(self.program, id);
        self.fill(&mut clause);
        Some(clause)
    }

    /// Gives each line its seat in a clause.
    pub fn fill(&mut self, clause: &mut Clause) {
        clause.seats.clear();
        let Some(combine) = clause.id.map(|id| &self.program.combines[id]) else {
            return;
        };
        clause.chosen = self.chosen(combine);
        let own = self.roster.entity();
        for member in combine.members.iter().filter(|member| member.entity == own) {
            let rank = clause.members.iter().position(|(known, _)| *known == member.measure);
            for line in self.roster.lines_of(member.measure) {
                let seat = self.seat(combine, member, rank.unwrap_or(0), line);
                clause.seats.extend(seat);
            }
        }
    }

    /// The member that the applicant chose.
    fn chosen(&self, combine: &Combine) -> Option<MeasureId> {
        let chosen = self.roster.chosen().filter(|chosen| !chosen.is_empty())?;
        let choice = names(&combine.named).iter().find_map(|name| chosen.get(name))?;
        let mut measures = combine.members.iter().map(|member| member.measure);
        measures.find(|measure| self.program.measures[*measure].named.is_called(choice))
    }

    /// The lines of a measure that pays once, or once for each period; `None` where it pays whenever asked, or where all are refused.
    pub fn occurrence(&mut self, measure: MeasureId) -> Option<Occurrence> {
        let mut rules = self.program.measures[measure].rules.iter();
        let recurs = rules.any(|rules| rules.once.is_some() || rules.series.is_some());
        if !recurs || !self.may_pay(measure) {
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
            names: names(&self.program.measures[measure].named),
            counting: Vec::new(),
            running: BTreeMap::new(),
        };
        for line in self.roster.lines_of(measure) {
            let once = self.roster.versions(line).find_map(|rules| rules.once.as_ref());
            let running = self.roster.running(line);
            if once.is_none() && running.is_empty() {
                continue;
            }
            let key = match once.and_then(|once| once.per) {
                Some(node) => self.key(&[node], line),
                None => self.roster.own_key(line),
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

    fn seat(&mut self, combine: &Combine, member: &Member, rank: usize, line: usize) -> Option<Seat> {
        self.roster.versions(line).next()?;
        // Unlisted lines may have several keys, and a line whose key may not apply may be outside: one limit need not hold for them.
        let (key, loose) = match member.keys.as_slice() {
            [] => (Key::Applicant, false),
            _ if self.roster.is_rest(line) => (Key::Unknown, true),
            nodes => {
                let key = self.key(nodes, line)?;
                let mut values = nodes.iter().map(|node| self.roster.value(*node, line));
                (key, values.any(|value| value.may_be_inapplicable()))
            }
        };
        let mut limit = Limit::default();
        if let CombineForm::AtMost(_) = combine.form {
            limit.at_most = member.limit.and_then(|node| self.money(node, line));
            limit.loose = loose
                || member
                    .limit
                    .is_some_and(|node| self.roster.value(node, line).may_be_inapplicable());
            if let Some(node) = member.counting {
                let money = self.money(node, line).unwrap_or(Amount::ZERO);
                limit.counting.push((self.place_of(node, line), money));
            }
        }
        Some(Seat { line, rank, key, limit })
    }

    /// The key that nodes give a line together; `None` where one of them does not apply, so that the line is not of the group.
    fn key(&mut self, nodes: &[NodeId], line: usize) -> Option<Key> {
        let mut parts = Some(Vec::new());
        for node in nodes {
            let value = self.read(*node, line);
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
    fn money(&mut self, node: NodeId, line: usize) -> Option<Amount> {
        let currency: Currency = self.program.package.currency;
        let value = self.read(node, line);
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

    fn read(&mut self, node: NodeId, line: usize) -> Cow<'r, Value> {
        let value = self.roster.value(node, line);
        if !value.causes().is_empty() {
            self.causes.push((line, value.causes().clone()));
        }
        value
    }

    fn place_of(&mut self, node: NodeId, line: usize) -> u64 {
        let place = (node, self.roster.place(node, line));
        let position = self.stated.iter().position(|known| *known == place).unwrap_or_else(|| {
            self.stated.push(place);
            self.stated.len().saturating_sub(1)
        });
        u64::try_from(position).unwrap_or(u64::MAX)
    }
}

/// A clause without seats.
pub fn empty(program: &Program, id: CombineId) -> Clause {
    let combine = &program.combines[id];
    let mut members: Vec<(MeasureId, Arc<str>)> = Vec::new();
    for member in &combine.members {
        if members.iter().all(|(known, _)| *known != member.measure) {
            let names = names(&program.measures[member.measure].named);
            members.extend(names.into_iter().map(|name| (member.measure, name)));
        }
    }
    Clause {
        id: Some(id),
        form: form(combine),
        chosen: None,
        members,
        seats: Vec::new(),
        year: combine.per_year.then(|| program.date.year()),
        judged: combine.judged_by.is_some(),
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
