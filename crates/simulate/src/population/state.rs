//! From a row's numbers to what a register states of it: everything, or as much as registers know.
//!
//! What is hidden is hidden from the same values: a population with missing facts is the complete one seen less well.

use std::collections::BTreeMap;
use std::sync::Arc;

use meed_facts::batch::unscaled;
use meed_facts::date::{Date, Period};
use meed_facts::identifier::Kind;
use meed_facts::ratio::Ratio;
use meed_facts::record::{List, Record};
use meed_facts::value::{Bound, Interval, Missing, Scalar, Stated};

use super::draw::Draws;
use super::identity;
use super::plan::{Form, NUMBER_PLACES, Plan, Reserved, Rule};
use super::row::{Cell, Drawn, Frame};

/// Stating one record.
pub(super) struct Stating<'a> {
    pub(super) frame: &'a Frame,
    pub(super) draws: &'a mut Draws,
    pub(super) row: u64,
    /// The chance that a fact is not known exactly, in hundredths of a percent.
    pub(super) missing: i64,
}

impl Stating<'_> {
    /// The record. `position` counts children from 1.
    pub(super) fn record(&mut self, plan: &Plan, drawn: Drawn, position: usize) -> Record {
        let mut record = Record::new(plan.entity);
        let Drawn {
            cells,
            children,
            titles,
            awards,
        } = drawn;
        let mut children = children.into_iter();
        for (rule, cell) in plan.rules.iter().zip(&cells) {
            match &rule.form {
                Form::List if cell.stated => {
                    let super::plan::Draw::Many { child, .. } = &rule.draw else {
                        continue;
                    };
                    let items = children.next().unwrap_or_default();
                    let items = (1..)
                        .zip(items)
                        .map(|(position, item)| self.record(child, item, position))
                        .collect();
                    if let Some(list) = self.list(items) {
                        record.children.insert(rule.fact, list);
                    }
                }
                Form::Identifier(reserved) => {
                    let text = self.identifier(reserved, &cells, position);
                    record
                        .facts
                        .extend(text.map(|text| (rule.fact, Stated::Value(Scalar::Text(text.into())))));
                }
                _ if !cell.stated => {}
                _ if rule.yearly => {
                    let years = self.frame.years.iter().enumerate();
                    let series: BTreeMap<Period, Stated> = years
                        .filter_map(|(year, name)| Some((Period::Year(*name), self.stated(rule, cell.in_year(year))?)))
                        .collect();
                    if !series.is_empty() {
                        record.series.insert(rule.fact, series);
                    }
                }
                _ => {
                    let stated = self.stated(rule, cell.in_year(0));
                    record.facts.extend(stated.map(|stated| (rule.fact, stated)));
                }
            }
        }
        if plan.titled {
            record.titles = self.list(titles);
        }
        if position == 0 {
            record.awards = self.list(awards);
        }
        record
    }

    /// A list, a part of it, or nothing of it.
    fn list<T>(&mut self, items: Vec<T>) -> Option<List<T>> {
        if !self.hides() {
            return Some(List { items, complete: true });
        }
        let known = self.draws.happens(5_000);
        known.then(|| List {
            items: items.into_iter().filter(|_| self.draws.happens(5_000)).collect(),
            complete: false,
        })
    }

    fn hides(&mut self) -> bool {
        self.missing > 0 && self.draws.happens(self.missing)
    }

    fn identifier(&self, reserved: &Reserved, cells: &[Cell], position: usize) -> Option<String> {
        match reserved.kind {
            Some(Kind::CitizenId) => {
                let born = cells.get(reserved.born?)?.in_year(0);
                let born = Date::from_days_since_epoch(i32::try_from(born).ok()?)?;
                identity::citizen_number(&reserved.start, born, self.row)
            }
            Some(_) => identity::credit_code(&reserved.start, self.row),
            None => Some(format!("{}{position}", reserved.start)),
        }
    }

    fn stated(&mut self, rule: &Rule, value: i64) -> Option<Stated> {
        let exact = || scalar(&rule.form, value).map(Stated::Value);
        if rule.key || !self.hides() {
            return exact();
        }
        match self.draws.below(100) {
            // Nobody has asked.
            0..=44 => None,
            45..=59 => Some(Stated::Missing(if rule.judged {
                Missing::Judgement
            } else {
                Missing::Refused
            })),
            // Something is known, where the type has more and less.
            _ => match &rule.form {
                Form::Count | Form::Number | Form::Money(_) | Form::Months | Form::Days => {
                    self.range(&rule.form, value)
                }
                Form::Date => self.year(value),
                Form::Member(members) => self.members(*members, value),
                _ => None,
            },
        }
    }

    /// From a number with one digit and zeros to the next, so that either end may be the value.
    fn range(&mut self, form: &Form, value: i64) -> Option<Stated> {
        let step = match value.unsigned_abs().checked_ilog10() {
            Some(digits) => 10_i64.checked_pow(digits)?,
            None => form.grain(),
        };
        let below = value.checked_div_euclid(step)?.checked_mul(step)?;
        // Ratios and scores have a highest value, which a range must not pass.
        let is_high = below == value && value > 0 && (matches!(form, Form::Number) || self.draws.happens(5_000));
        let low = if is_high { below.checked_sub(step)? } else { below };
        interval(form, low, low.checked_add(step)?)
    }

    /// Somewhen in the year.
    fn year(&mut self, value: i64) -> Option<Stated> {
        let year = Period::Year(Date::from_days_since_epoch(i32::try_from(value).ok()?)?.year());
        let day = |date: Option<Date>| date.map(|date| i64::from(date.days_since_epoch()));
        interval(&Form::Date, day(year.first_day())?, day(year.last_day())?)
    }

    /// One of two neighbours.
    fn members(&mut self, members: usize, value: i64) -> Option<Stated> {
        let last = i64::try_from(members).ok()?.checked_sub(1)?;
        let other = if value == last || (value > 0 && self.draws.happens(5_000)) {
            value.checked_sub(1)?
        } else {
            value.checked_add(1)?
        };
        let pair = [value.min(other), value.max(other)];
        (last > 1).then(|| {
            Stated::OneOf(
                pair.into_iter()
                    .filter_map(|one| scalar(&Form::Member(members), one))
                    .collect(),
            )
        })
    }
}

fn interval(form: &Form, low: i64, high: i64) -> Option<Stated> {
    let bound = |value| {
        Some(Bound {
            value: scalar(form, value)?,
            closed: true,
        })
    };
    Some(Stated::Range(Interval {
        low: Some(bound(low)?),
        high: Some(bound(high)?),
    }))
}

fn scalar(form: &Form, value: i64) -> Option<Scalar> {
    Some(match form {
        Form::Bool => Scalar::Bool(value != 0),
        Form::Count => Scalar::Number(Ratio::from_int(value.into())),
        Form::Number => Scalar::Number(unscaled(value, NUMBER_PLACES)),
        Form::Money(places) => Scalar::Number(unscaled(value, *places)),
        Form::Date => Scalar::Date(Date::from_days_since_epoch(i32::try_from(value).ok()?)?),
        Form::Months => Scalar::Months(i32::try_from(value).ok()?),
        Form::Days => Scalar::Days(i32::try_from(value).ok()?),
        Form::Member(_) => Scalar::Member(u16::try_from(value).ok()?),
        Form::Text(texts) => Scalar::Text(Arc::clone(texts.get(usize::try_from(value).ok()?)?)),
        Form::Identifier(_) | Form::List => return None,
    })
}
