//! Measures and services.

mod fits;
mod order;
mod parts;
mod pay;
mod rules;
mod services;

use meed_facts::date::{Date, Span as Dates};
use meed_facts::schema::EntityId;
use meed_syntax::ast::{self, AstNode, MeasureClause};
use meed_syntax::diagnostic::{Code, Diagnostic, Message, Severity};

use super::Lower;
use super::reading::Reading;
use crate::names::Rule;
use crate::place::Place;
use crate::program::{Measure, MeasureId, MeasureRules};
use crate::vocabulary::by_name;

impl Lower<'_> {
    /// Gives every measure its id, so that rules may ask about any of them.
    pub(super) fn declare_measures(&mut self) {
        // The vocabulary has them in the same order, for earlier awards.
        for ((name, rules), named) in self.names.measures.by_name().zip(&self.schema.measures) {
            let mut entities = Vec::new();
            for rule in rules {
                for entity in rule.node.entity() {
                    entities.extend(by_name(&self.schema.entities, |entity| &entity.named, &entity.text()));
                }
            }
            entities.sort_unstable();
            entities.dedup();
            let id = self.measures.alloc(Measure {
                named: named.clone(),
                rules: Vec::new(),
                not_in_force: None,
                entities,
            });
            self.measure_ids.insert(name.clone(), id);
        }
    }

    /// Lowers every measure's rules: those in force on the date, and all versions where a date among the facts decides.
    pub(super) fn fill_measures(&mut self) {
        for (name, versions) in self.names.measures.by_name() {
            let Some(&id) = self.measure_ids.get(name) else {
                continue;
            };
            let on_date: Vec<&Rule<ast::Measure>> = versions
                .iter()
                .filter(|rule| rule.place.in_force.contains(self.date))
                .collect();
            if let [first, second, ..] = on_date.as_slice() {
                self.overlapping(name, &first.place, &second.place);
            }
            let mut rules = Vec::new();
            for version in versions {
                let anchored = is_anchored(version);
                if !anchored && !version.place.in_force.contains(self.date) {
                    continue;
                }
                rules.extend(self.measure_rules(version));
            }
            if on_date.is_empty() {
                let nearest = versions
                    .iter()
                    .rev()
                    .find(|rule| rule.place.in_force.from.is_none_or(|from| from <= self.date))
                    .or(versions.first());
                let not_in_force = nearest.map(|rule| (rule.place.clone(), rule.place.in_force));
                self.measures[id].not_in_force =
                    not_in_force.map(|(place, span)| (self.origin_of(&place, place.span), span));
            }
            self.measures[id].rules = rules;
        }
    }

    /// The times between which the values that a rule reads may change, within its own time: one where no date among the facts decides.
    fn times(&self, rule: &Rule<ast::Measure>) -> Vec<(Dates, Date)> {
        let span = rule.place.in_force;
        if !is_anchored(rule) {
            return vec![(span, self.date)];
        }
        let inside = |day: &&Date| span.contains(**day) && Some(**day) != span.from;
        let points: Vec<Date> = self.source.value_points.iter().filter(inside).copied().collect();
        let starts = std::iter::once(span.from).chain(points.iter().copied().map(Some));
        let ends = points.iter().copied().map(Some).chain([span.until]);
        let first = self.source.turning_points.first().copied().unwrap_or(self.date);
        starts
            .zip(ends)
            .map(|(from, until)| (Dates::new(from, until), from.unwrap_or(first)))
            .collect()
    }

    fn measure_rules(&mut self, rule: &Rule<ast::Measure>) -> Vec<MeasureRules> {
        let names: Vec<ast::NameRef> = rule.node.entity().collect();
        let mut made = Vec::new();
        for name in names {
            if let Some(entity) = self.entity_named(&name, &rule.place) {
                let lowered = self.measure_at_all_times(rule, entity);
                let has_errors =
                    self.source.has_errors || self.findings.iter().any(|finding| finding.severity == Severity::Error);
                if lowered.is_none() && !has_errors {
                    // A rule that is not understood must never pass as one that does not apply.
                    self.say(Diagnostic::error(
                        Code::UnexpectedToken,
                        rule.place.span,
                        Message::new(
                            format!("the measure `{}` cannot be understood", rule.name),
                            format!("措施“{}”无法理解", rule.name),
                        ),
                    ));
                }
                made.extend(lowered.into_iter().flatten());
            }
        }
        made
    }

    /// The rules at each of a measure's times, neighbours that say the same in one. A text that has not changed since is not lowered again.
    fn measure_at_all_times(&mut self, rule: &Rule<ast::Measure>, entity: EntityId) -> Option<Vec<MeasureRules>> {
        let mut all: Vec<MeasureRules> = Vec::new();
        let mut last_reading: Option<Reading> = None;
        for (in_force, text_of) in self.times(rule) {
            let is_unchanged = last_reading.is_some_and(|reading| reading.holds_on(text_of));
            if let (true, Some(last)) = (is_unchanged, all.last_mut()) {
                last.in_force.until = in_force.until;
                continue;
            }
            let (made, reading) = self.reading(text_of, |lower| lower.measure_for(rule, entity, in_force, text_of));
            let made = made?;
            last_reading = Some(reading);
            match all.last_mut() {
                Some(last)
                    if *last
                        == (MeasureRules {
                            in_force: last.in_force,
                            ..made.clone()
                        }) =>
                {
                    last.in_force.until = in_force.until;
                }
                _ => all.push(made),
            }
        }
        Some(all)
    }

    /// An entity by name.
    pub(super) fn entity_named(&mut self, name: &ast::NameRef, place: &Place) -> Option<EntityId> {
        let text = name.text();
        let known = by_name(&self.schema.entities, |entity| &entity.named, &text);
        if known.is_none() {
            let names: Vec<&str> = self
                .schema
                .entities
                .iter()
                .map(|(_, entity)| &*entity.named.name)
                .collect();
            self.unknown(
                Code::UnknownEntity,
                &text,
                place.at(name.syntax().text_range()),
                &names,
                "entity",
                "主体",
            );
        }
        known
    }

    /// A measure by name.
    pub(super) fn measure_named(&mut self, name: &ast::NameRef, place: &Place) -> Option<MeasureId> {
        let text = name.text();
        let known = self.measure_ids.get(text.as_str()).copied();
        if known.is_none() {
            let names: Vec<String> = self.names.measures.names().map(|name| name.to_string()).collect();
            let names: Vec<&str> = names.iter().map(String::as_str).collect();
            self.unknown(
                Code::UnknownMeasure,
                &text,
                place.at(name.syntax().text_range()),
                &names,
                "measure",
                "措施",
            );
        }
        known
    }
}

/// Whether a date among the facts decides which version of a measure applies.
fn is_anchored(rule: &Rule<ast::Measure>) -> bool {
    rule.clauses()
        .iter()
        .any(|(clause, _)| matches!(clause, MeasureClause::AnchorClause(_) | MeasureClause::Every(_)))
}
