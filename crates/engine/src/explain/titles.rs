//! Titles: granted, valid on a day, first granted in a year (`semantics.md` §5).

use meed_facts::date::{Date, Span};
use meed_facts::record::TitleRecord;
use meed_facts::schema::TitleId;
use meed_facts::value::{Bound, Scalar};
use meed_rules::program::{Cmp, LevelTest, Op, Program, ScopeId};

use super::choice::days_of;
use super::dates::year_of_value;
use super::order::compared;
use super::{At, Evaluator};
use crate::value::{CauseKind, CausePlace, Causes, Set, Truth, Value};

/// What one record says about the title that is asked for.
struct Grant {
    /// Whether title and level certainly are the ones asked for.
    matches: bool,
    granted: Option<Date>,
    /// Days on which it may be valid.
    perhaps: Vec<Span>,
    /// Whether it certainly is valid on these, if it matches.
    is_dated: bool,
    /// Whether its end is not known because no rule book at hand was in force when it was granted.
    without_rule_book: bool,
}

/// A record's list of titles.
#[derive(Clone, Copy)]
pub(crate) struct Listed<'r> {
    pub items: &'r [TitleRecord],
    pub complete: bool,
}

/// What a record's list of titles says about the title that is asked for.
pub(crate) struct Grants {
    all: Vec<Grant>,
    /// Whether there may be grants that the list does not name.
    others: bool,
}

impl Grant {
    /// Days on which it certainly is valid, if it matches.
    fn surely(&self) -> &[Span] {
        if self.is_dated { &self.perhaps } else { &[] }
    }
}

impl Evaluator<'_> {
    pub(super) fn title(&self, at: At) -> Value {
        match &self.program.nodes[at.node].op {
            Op::Holds { of, title, level, on } => {
                let grants = self.grants(at, *of, *title, *level);
                let on = self.value(*on, at.frame);
                let holds = grants.holds(on);
                // With a list that is complete and exact, only the day can be unknown.
                if on.set().is_none() || grants.is_exact() || holds.is_known() {
                    holds
                } else {
                    holds.because(&self.why_open(at, *of, *title, &grants))
                }
            }
            Op::Newly { of, title, level, year } => {
                let grants = self.grants(at, *of, *title, *level);
                let year = self.value(*year, at.frame);
                let newly = grants.newly(year, self.program.date);
                if year.set().is_none() || newly.is_known() {
                    newly
                } else {
                    newly.because(&self.why_open(at, *of, *title, &grants))
                }
            }
            Op::Granted { of, title, level, on } => {
                let grants = self.grants(at, *of, *title, *level);
                let granted = grants.granted(self.value(*on, at.frame));
                if granted.is_known() {
                    return granted;
                }
                // A list that tells all leaves nothing to be asked.
                let granted = match grants.is_exact() {
                    true => granted,
                    false => granted.because(&self.why_open(at, *of, *title, &grants)),
                };
                if granted.may_be_undefined() {
                    granted.because(&at.undefined())
                } else {
                    granted
                }
            }
            Op::Had { of, title, on } => {
                let grants = self.grants(at, *of, *title, LevelTest::Any);
                let on = self.value(*on, at.frame);
                let had = grants.had(on);
                if on.set().is_none() || had.is_known() {
                    had
                } else {
                    had.because(&self.why_open(at, *of, *title, &grants))
                }
            }
            _ => Value::undefined(at.undefined()),
        }
    }

    /// What a record says of a title.
    fn grants(&self, at: At, of: ScopeId, title: TitleId, level: LevelTest) -> Grants {
        let record = self.visible(of, at.frame).and_then(|frame| self.frame(frame).record);
        let titles = record.and_then(|record| record.titles.as_ref()).map(|titles| Listed {
            items: &titles.items,
            complete: titles.complete,
        });
        Grants::of(self.program, titles.as_ref(), title, level)
    }

    /// Why it does not say all.
    fn why_open(&self, at: At, of: ScopeId, title: TitleId, grants: &Grants) -> Causes {
        let Some(frame) = self.visible(of, at.frame) else {
            return at.undefined();
        };
        let data = self.frame(frame);
        let mut causes = data.unlisted.clone().unwrap_or_else(|| {
            let record = data.path.clone();
            Causes::one(CauseKind::Missing, CausePlace::Title { record, title })
        });
        if grants.all.iter().any(|grant| grant.without_rule_book) {
            causes.merge(&Causes::at(CauseKind::TextMissing, at.node));
        }
        causes
    }
}

impl Grants {
    /// What a list says; nothing is known without one.
    pub fn of(program: &Program, titles: Option<&Listed<'_>>, title: TitleId, level: LevelTest) -> Self {
        let Some(titles) = titles else {
            return Self {
                all: Vec::new(),
                others: true,
            };
        };
        let held = titles
            .items
            .iter()
            .filter(|record| record.title == title && record.held);
        Self {
            all: held.filter_map(|record| grant(program, record, level)).collect(),
            others: !titles.complete && !denies(program, titles.items, title, level),
        }
    }

    fn is_exact(&self) -> bool {
        let exact = |grant: &Grant| grant.matches && grant.surely() == grant.perhaps;
        !self.others && self.all.iter().all(exact)
    }

    /// Whether the title is valid on a day.
    pub fn holds(&self, on: &Value) -> Value {
        let Some(days) = on.set() else { return on.clone() };
        let certain = self
            .all
            .iter()
            .any(|grant| grant.matches && is_covered(days, grant.surely()));
        let possible = self.others || self.all.iter().any(|grant| meets(days, &grant.perhaps));
        let truth = Truth {
            yes: possible,
            no: !certain,
            undefined: on.may_be_undefined(),
            inapplicable: on.may_be_inapplicable(),
        };
        Value::truth_of(truth, on.causes().clone())
    }

    /// Whether the title was granted up to a day, valid still or not.
    pub fn had(&self, on: &Value) -> Value {
        let Some(days) = on.set() else { return on.clone() };
        let since = |grant: &Grant| Span::new(grant.granted, None);
        let is_dated = |grant: &&Grant| grant.matches && grant.granted.is_some();
        let certain = self
            .all
            .iter()
            .filter(is_dated)
            .any(|grant| is_covered(days, &[since(grant)]));
        let truth = Truth {
            yes: self.others || self.all.iter().any(|grant| meets(days, &[since(grant)])),
            no: !certain,
            undefined: on.may_be_undefined(),
            inapplicable: on.may_be_inapplicable(),
        };
        Value::truth_of(truth, on.causes().clone())
    }

    /// The first day of the earliest grant that is valid on a day: any day while that is not known.
    pub fn granted(&self, on: &Value) -> Value {
        let Some(today) = on.as_date() else {
            return Value::new(Set::range(None, None), true, false, on.causes().clone());
        };
        let day = Set::One(Scalar::Date(today));
        let valid = self.all.iter().filter(|grant| meets(&day, &grant.perhaps));
        let (mut least, mut most): (Option<Option<Date>>, Option<Date>) = (None, None);
        for grant in valid {
            least = Some(match least {
                None => grant.granted,
                Some(least) => least.zip(grant.granted).map(|(a, b)| a.min(b)),
            });
            if grant.matches && is_covered(&day, grant.surely()) {
                most = most.into_iter().chain(grant.granted).min();
            }
        }
        let bound = |date: Date| Bound {
            value: Scalar::Date(date),
            closed: true,
        };
        let latest = most.unwrap_or(today);
        let earliest = if self.others { Some(None) } else { least };
        let set = earliest.and_then(|earliest| Set::range(earliest.map(bound), Some(bound(latest))));
        Value::new(set, most.is_none(), false, Causes::NONE)
    }

    /// Whether the earliest grant was in a year: a later one is not new.
    pub fn newly(&self, year: &Value, today: Date) -> Value {
        let Some(years) = year.set() else { return year.clone() };
        let year_of = |grant: &Grant| grant.granted.map(|day| year_of_value(&Value::known(Scalar::Date(day))));
        let before = |grant: &Grant| match year_of(grant).as_ref().and_then(Value::set) {
            Some(its) => compared(Cmp::Lt, its, years),
            None => Set::Either.into(),
        };
        let is_before = |grant: &Grant| before(grant).set.is_some_and(|set| set == Set::One(Scalar::Bool(true)));
        let may_be_before = |grant: &Grant| before(grant).set.is_some_and(|set| set.contains(&Scalar::Bool(true)));
        let is_within = |grant: &Grant| match (year_of(grant).as_ref().and_then(Value::as_known), years.as_one()) {
            (Some(its), Some(year)) => its == year,
            _ => false,
        };
        let may_be_within = |grant: &Grant| match year_of(grant).as_ref().and_then(Value::as_known) {
            Some(its) => years.contains(its),
            None => true,
        };
        // What is granted after the day does not count yet.
        let made = || {
            let grants = self.all.iter();
            grants.filter(|grant| grant.granted.is_none_or(|day| day <= today))
        };
        let surely = made().filter(|grant| grant.matches);
        let had_before = surely.clone().any(is_before);
        let truth = Truth {
            yes: !had_before && (self.others || made().any(may_be_within)),
            no: self.others || !surely.clone().any(is_within) || made().any(may_be_before),
            undefined: year.may_be_undefined(),
            inapplicable: year.may_be_inapplicable(),
        };
        Value::truth_of(truth, year.causes().clone())
    }
}

/// Whether the list says of every level asked for that it is not held.
fn denies(program: &Program, titles: &[TitleRecord], title: TitleId, level: LevelTest) -> bool {
    let only = program.schema.titles[title].level;
    let denied = |asked: u16| {
        let mut denials = titles.iter().filter(|record| record.title == title && !record.held);
        denials.any(|record| record.level.or(only).is_none_or(|level| level == asked))
    };
    let levels = program.schema.titles[title].levels;
    let count = levels.map_or(0, |levels| program.schema.enumerations[levels].members.len());
    let count = u16::try_from(count).unwrap_or(u16::MAX);
    let outright = titles
        .iter()
        .any(|record| record.title == title && !record.held && (record.level.is_none() || count == 0));
    match (level, only) {
        (LevelTest::Exactly(level), _) => denied(level),
        (_, Some(only)) => denied(only),
        (LevelTest::AtLeast(least), None) => outright || (least < count && (least..count).all(denied)),
        (LevelTest::Any, None) => outright || (count > 0 && (0..count).all(denied)),
    }
}

fn grant(program: &Program, record: &TitleRecord, test: LevelTest) -> Option<Grant> {
    let level = record.level.or(program.schema.titles[record.title].level);
    let matches = match (test, level) {
        // Every level reaches the lowest, whichever it is.
        (LevelTest::Any, _) | (LevelTest::AtLeast(0), _) => true,
        (LevelTest::Exactly(asked), Some(level)) => asked == level,
        (LevelTest::AtLeast(least), Some(level)) => level >= least,
        (_, None) => return Some(dated(program, record, false)),
    };
    matches.then(|| dated(program, record, true))
}

fn dated(program: &Program, record: &TitleRecord, matches: bool) -> Grant {
    let end = match (record.until, record.granted) {
        (Some(until), _) => Some(Some(until)),
        (None, Some(granted)) => end_by_rule_book(program, record.title, granted),
        (None, None) => None,
    };
    let days = Span::new(record.granted, end.flatten());
    Grant {
        matches,
        granted: record.granted,
        perhaps: without_pauses(days, record),
        is_dated: record.granted.is_some() && end.is_some(),
        without_rule_book: record.granted.is_some() && end.is_none(),
    }
}

/// The day after the last, by the rule book under which the title was granted: `None` where none at hand was in force, `Some(None)` where it does not end.
pub fn end_by_rule_book(program: &Program, title: TitleId, granted: Date) -> Option<Option<Date>> {
    let books = &program.schema.titles[title].validity;
    if books.is_empty() {
        return Some(None);
    }
    let in_force = books
        .iter()
        .filter(|(from, _)| *from <= granted)
        .max_by_key(|(from, _)| *from);
    let (_, validity) = in_force?;
    Some(validity.and_then(|months| granted.plus_months(months)))
}

/// The days of a span on which the title was neither suspended nor revoked.
fn without_pauses(days: Span, record: &TitleRecord) -> Vec<Span> {
    let revoked = record.revoked.map(|from| Span::new(Some(from), None));
    let pauses = record
        .suspended
        .iter()
        .map(|(from, until)| Span::new(Some(*from), *until));
    let mut valid = vec![days];
    for pause in pauses.chain(revoked) {
        let pieces = |days: Span| {
            let before = pause.from.map(|from| days.intersection(Span::new(None, Some(from))));
            let after = pause.until.map(|until| days.intersection(Span::new(Some(until), None)));
            before.into_iter().chain(after)
        };
        valid = valid.into_iter().flat_map(pieces).collect();
    }
    valid.retain(|days| !days.is_empty());
    valid
}

fn meets(days: &Set, spans: &[Span]) -> bool {
    spans.iter().any(|span| days.meets(&days_of(*span)))
}

fn is_covered(days: &Set, spans: &[Span]) -> bool {
    if days.as_one().is_some() {
        return meets(days, spans);
    }
    let mut uncovered = vec![days.clone()];
    for span in spans {
        let span = days_of(*span);
        uncovered = uncovered.iter().flat_map(|piece| piece.outside(&span)).collect();
    }
    uncovered.is_empty()
}
