//! What is read of the text of a day, and until when reading it would make the same.
//!
//! Rules whose version a date among the facts decides are lowered by the text of many days, and between two of them little changes of what they read.

use meed_facts::date::{Date, Span as Dates};
use meed_syntax::ast;

use super::Lower;
use crate::names::{Rule, Rules, days_of};

/// What has been read of the text of a day.
#[derive(Clone, Copy, Debug)]
pub(super) struct Reading {
    day: Date,
    /// The first day on which something of it may be another.
    until: Option<Date>,
    /// Whether something was said or left open: another reading would say it too, and two holes are never one.
    is_single: bool,
}

impl Reading {
    /// Nothing of a day's text yet.
    pub(super) fn new(day: Date) -> Self {
        Reading {
            day,
            until: None,
            is_single: false,
        }
    }

    /// Whether the text of a day makes the same.
    pub(super) fn holds_on(&self, day: Date) -> bool {
        let is_unchanged = day > self.day && self.until.is_none_or(|until| day < until);
        day == self.day || (is_unchanged && !self.is_single)
    }

    fn ends(&mut self, day: Date) {
        self.until = Some(self.until.map_or(day, |until| until.min(day)));
    }
}

impl<'a> Lower<'a> {
    /// Makes something of the text of a day, and tells what was read for it. Whoever reads the text of another day goes on with that.
    pub(super) fn reading<T>(&mut self, day: Date, make: impl FnOnce(&mut Self) -> T) -> (T, Reading) {
        let outer = std::mem::replace(&mut self.reading, Reading::new(day));
        let made = make(self);
        let inner = std::mem::replace(&mut self.reading, outer);
        self.reading.is_single |= inner.is_single;
        (made, inner)
    }

    /// What is made here rests on that too.
    pub(super) fn rests_on(&mut self, inner: Reading) {
        self.reading.is_single |= inner.is_single;
        if let Some(until) = inner.until {
            self.reading.ends(until);
        }
    }

    /// Another reading would not make the same.
    pub(super) fn reads_once(&mut self) {
        self.reading.is_single = true;
    }

    /// The rules of a name that are in force in the text of a day.
    pub(super) fn on<N>(
        &mut self,
        rules: &'a Rules<N>,
        name: &str,
        day: Date,
    ) -> impl Iterator<Item = &'a Rule<N>> + use<'a, N> {
        let all = rules.all(name);
        for rule in all {
            self.reads(rule.place.in_force, day);
        }
        all.iter().filter(move |rule| rule.place.in_force.contains(day))
    }

    /// The first of a parameter's entries that is for a day.
    pub(super) fn entry_on(
        &mut self,
        entries: impl Iterator<Item = ast::ParameterEntry>,
        day: Date,
    ) -> Option<ast::ParameterEntry> {
        let mut found = None;
        for entry in entries {
            let Some(span) = entry.span().map(|span| days_of(&span)) else {
                continue;
            };
            self.reads(span, day);
            if span.contains(day) {
                found.get_or_insert(entry);
            }
        }
        found
    }

    /// Whether a time holds a day may change where the time begins or ends.
    fn reads(&mut self, time: Dates, day: Date) {
        let ends = [time.from, time.until].into_iter().flatten();
        ends.filter(|end| *end > day).for_each(|end| self.reading.ends(end));
    }
}
