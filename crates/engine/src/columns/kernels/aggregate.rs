//! Quantifiers: what is made of the instances of a scope that a filter lets through (`explain::aggregate`).

use meed_facts::batch::rows_of;
use meed_facts::date::Date;
use meed_rules::program::{Aggregate, NodeId, ScopeId, ScopeKind, Type};

use super::super::fraction::Fraction;
use super::super::range::{End, Range};
use super::super::run::{At, Operand, Run};
use super::super::tables::{Binding, TableId};
use super::super::vector::{One, Ordinary, Truth, Vector, bit, set_bit, set_bits};
use super::lift::{Outcome, in_type};
use super::logic::{Found, negated};
use super::race::{Extreme, Race};
use super::whole::{Whole, scale_of};

/// The most years that a scope binds one by one.
const MOST_YEARS: i64 = 400;

/// Some instances of a scope: those in one table.
struct Source {
    table: TableId,
    /// Instances that may count, and those that certainly do.
    may: Vec<u64>,
    sure: Vec<u64>,
    /// Instances that stand for any number.
    repeats: Option<Vec<u64>>,
}

/// One instance that counts or may count.
#[derive(Clone, Copy)]
struct Item<'v, 'b> {
    value: Option<Operand<'v, 'b>>,
    row: usize,
    certain: bool,
    repeats: bool,
}

impl<'b> Run<'_, 'b> {
    pub(in super::super) fn aggregate(
        &mut self,
        at: At<'_>,
        kind: Aggregate,
        over: ScopeId,
        (filter, value): (Option<NodeId>, Option<NodeId>),
        out: &mut Vector<'b>,
    ) {
        let sources = match self.plan.program.scopes[over].kind {
            ScopeKind::Children { .. } => vec![self.children_of(at, over)],
            ScopeKind::Years { count, to, since } => match self.years_of(at, over, (count, to, since)) {
                Some(years) => years,
                None => return self.escape_all(at.table, at.rows),
            },
            _ => return self.escape_all(at.table, at.rows),
        };
        let sources: Vec<Source> = sources
            .into_iter()
            .map(|source| self.counted(source, filter, value))
            .collect();
        if self.quick(at, kind, (&sources, value), out) {
            return;
        }
        let mut unfit = Vec::new();
        let mut items: Vec<Item<'_, 'b>> = Vec::new();
        for row in at.each() {
            items.clear();
            items.extend(sources.iter().flat_map(|source| self.items(source, row, value)));
            if !self.made(at, kind, &items, (row, value), out) {
                unfit.push(row);
            }
        }
        unfit.into_iter().for_each(|row| self.escape(at.table, row));
    }

    /// The children that belong to some rows.
    fn children_of(&mut self, at: At<'_>, over: ScopeId) -> Source {
        let table = self.children(over, at.table);
        let children = self.table(table);
        let mut may = vec![0; children.rows.div_ceil(64)];
        at.each().for_each(|row| set_bits(&mut may, children.span(row)));
        let repeats = children.rest.clone();
        let sure = match &repeats {
            Some(rest) => may.iter().zip(rest).map(|(may, rest)| may & !rest).collect(),
            None => may.clone(),
        };
        Source {
            table,
            may,
            sure,
            repeats,
        }
    }

    /// The years of a scope, where all rows end with the same one.
    fn years_of(
        &mut self,
        at: At<'_>,
        over: ScopeId,
        (count, to, since): (u32, NodeId, Option<NodeId>),
    ) -> Option<Vec<Source>> {
        let to = self.plan.constant(to)?.number.only()?.as_one()?.to_units(0)?;
        if let Some(since) = since {
            self.need(since, at.table, at.rows);
        }
        let first = to.checked_sub(i64::from(count).min(MOST_YEARS))?.checked_add(1)?;
        let mut years = Vec::new();
        for year in first..=to {
            let (may, sure) = match since {
                Some(since) => self.begun(at, since, year),
                None => (at.rows.to_vec(), at.rows.to_vec()),
            };
            years.push(Source {
                table: self.bind(over, at.table, Binding::Year(year)),
                may,
                sure,
                repeats: None,
            });
        }
        Some(years)
    }

    /// The rows for which a year may be, and certainly is, not before the year of a date.
    fn begun(&self, at: At<'_>, since: NodeId, year: i64) -> (Vec<u64>, Vec<u64>) {
        let operand = self.operand(since, at.table);
        let (mut may, mut sure) = (vec![0; at.rows.len()], vec![0; at.rows.len()]);
        let year_of = |end: Option<End>| {
            let days = i32::try_from(end?.value.floor()).ok()?;
            Date::from_days_since_epoch(days).map(|date| i64::from(date.year()))
        };
        for row in at.each() {
            let since = operand.number(row);
            let certainly_not_applies = since.inapplicable && since.set.is_none() && !since.undefined;
            let ends = since
                .set
                .map_or((None, None), |range| (year_of(range.low), year_of(range.high)));
            let open = since.undefined || since.inapplicable;
            let (is, may_be) = match ends {
                _ if certainly_not_applies => (true, true),
                (_, Some(latest)) if latest <= year && !since.undefined => (true, true),
                (Some(earliest), _) if earliest > year && !open => (false, false),
                _ => (false, true),
            };
            set_bit(&mut may, row, may_be);
            set_bit(&mut sure, row, is);
        }
        (may, sure)
    }

    /// The instances that the filter lets through; their values are computed.
    fn counted(&mut self, source: Source, filter: Option<NodeId>, value: Option<NodeId>) -> Source {
        let mut source = source;
        if let Some(filter) = filter {
            let at = At {
                node: filter,
                table: source.table,
                rows: &source.may,
            };
            let guards = self.guards(at, filter, &source.may);
            let sure = source
                .sure
                .iter()
                .zip(&guards)
                .map(|(sure, (hold, fail))| sure & hold & !fail);
            source.sure = sure.collect();
            source.may = guards.iter().map(|(hold, _)| *hold).collect();
        }
        if let Some(value) = value {
            self.need(value, source.table, &source.may);
        }
        source
    }

    /// Conditions over years by whole words, sums of known numbers as integers. Whether that was all.
    fn quick(
        &self,
        at: At<'_>,
        kind: Aggregate,
        (sources, value): (&[Source], Option<NodeId>),
        out: &mut Vector<'b>,
    ) -> bool {
        let Some(value) = value else { return false };
        match (kind, sources) {
            (Aggregate::Any | Aggregate::Each, _)
                if sources.iter().all(|source| self.same_rows(source.table, at.table)) =>
            {
                self.by_words(at, kind == Aggregate::Each, (sources, value), out);
                true
            }
            (Aggregate::Sum, [source]) => self.whole_sum(at, source, value, out),
            _ => false,
        }
    }

    fn by_words(&self, at: At<'_>, each: bool, (sources, value): (&[Source], NodeId), out: &mut Vector<'b>) {
        let turned = |truths| if each { negated(truths) } else { truths };
        let operands: Vec<_> = sources.iter().map(|source| self.operand(value, source.table)).collect();
        for (index, rows) in at.rows.iter().enumerate() {
            let word = |words: &[u64]| words.get(index).copied().unwrap_or(0);
            let mut found = Found::default();
            for (source, operand) in sources.iter().zip(&operands) {
                found.add(
                    turned(operand.truth_words(index)),
                    word(&source.may),
                    word(&source.sure),
                );
            }
            out.set_truth_words(index, *rows, turned(found.finish()));
        }
    }

    /// The sum over children that all count and are all known, as integers. Whether it was.
    fn whole_sum(&self, at: At<'_>, source: &Source, value: NodeId, out: &mut Vector<'b>) -> bool {
        let Ordinary::Numbers(sums) = &mut out.ordinary else {
            return false;
        };
        let operand = self.operand(value, source.table);
        let Some(whole) = Whole::own(operand).filter(|_| scale_of(operand) == sums.scale) else {
            return false;
        };
        let counts = source.may.iter().zip(&source.sure).enumerate();
        let open = counts.fold(0, |open, (index, (may, sure))| {
            open | (may & !(sure & whole.exact(index)))
        });
        let Some(units) = whole.all_units().filter(|_| open == 0) else {
            return false;
        };
        let (units, children) = (units.wide(), self.table(source.table));
        let mut counted = rows_of(source.may.iter().copied()).peekable();
        // All that count belong to rows that are asked for, in their order.
        let mut total = |row: usize| {
            let end = children.span(row).end;
            let mut total = 0_i64;
            while let Some(child) = counted.next_if(|child| *child < end) {
                total = total.checked_add(*units.get(child)?)?;
            }
            Some(total)
        };
        let places = sums.units_mut();
        let fits = at.each().all(|row| match (total(row), places.get_mut(row)) {
            (Some(total), Some(place)) => {
                *place = total;
                true
            }
            _ => false,
        });
        if fits {
            sums.one.iter_mut().zip(at.rows).for_each(|(one, rows)| *one |= rows);
        }
        fits
    }

    fn items<'v>(
        &'v self,
        source: &'v Source,
        row: usize,
        value: Option<NodeId>,
    ) -> impl Iterator<Item = Item<'v, 'b>> {
        let span = self.table(source.table).span(row);
        let operand = value.filter(|_| source.may.iter().any(|rows| *rows != 0));
        let operand = operand.map(|value| self.operand(value, source.table));
        span.filter(|row| bit(&source.may, *row)).map(move |row| Item {
            value: operand,
            row,
            certain: bit(&source.sure, row),
            repeats: source.repeats.as_ref().is_some_and(|rest| bit(rest, row)),
        })
    }

    /// Puts what is made of a row's items. Whether columns have a form for it.
    fn made(
        &self,
        at: At<'_>,
        kind: Aggregate,
        items: &[Item<'_, '_>],
        (row, value): (usize, Option<NodeId>),
        out: &mut Vector<'b>,
    ) -> bool {
        let ty = &self.plan.program.nodes[at.node].ty;
        let members = value.is_some_and(|value| matches!(self.plan.program.nodes[value].ty, Type::Enumeration(_)));
        let made = match kind {
            Aggregate::Count => Some(count(items)),
            Aggregate::CountDistinct => None,
            Aggregate::Sum => sum(items, ty),
            Aggregate::Average => average(items, ty),
            Aggregate::Highest | Aggregate::Lowest => {
                let mut race = Race::new(if kind == Aggregate::Highest {
                    Extreme::Highest
                } else {
                    Extreme::Lowest
                });
                for item in items {
                    match item.value {
                        Some(value) if members => race.add_members(value.member(item.row), item.certain),
                        Some(value) => race.add(value.number(item.row), item.certain),
                        None => {}
                    }
                }
                if members {
                    out.put_member(row, race.finish_members());
                    return true;
                }
                Some(race.finish())
            }
            Aggregate::Any | Aggregate::Each => {
                out.put_truth(row, any(items, kind == Aggregate::Each));
                return true;
            }
        };
        match made {
            Some(number) => out.put_number(row, number),
            None => return false,
        }
        true
    }
}

fn any(items: &[Item<'_, '_>], each: bool) -> One<Truth> {
    let mut found = Found::default();
    for item in items {
        let Some(value) = item.value else { continue };
        let truth = value.truth(item.row);
        let (yes, no) = truth.set.unwrap_or((false, false));
        let words = [yes, no, truth.undefined, truth.inapplicable].map(u64::from);
        found.add(if each { negated(words) } else { words }, 1, u64::from(item.certain));
        if found.certain & 1 == 1 {
            break;
        }
    }
    let found = found.finish();
    let [yes, no, undefined, inapplicable] = if each { negated(found) } else { found }.map(|word| word & 1 == 1);
    One {
        set: Some((yes, no)),
        undefined,
        inapplicable,
    }
}

fn whole(count: usize) -> Fraction {
    Fraction::whole(i128::try_from(count).unwrap_or(i128::MAX))
}

fn count(items: &[Item<'_, '_>]) -> One<Range> {
    let certain = items.iter().filter(|item| item.certain).count();
    let unlimited = items.iter().any(|item| item.repeats);
    One::of(Range {
        low: Some(End::closed(whole(certain))),
        high: (!unlimited).then(|| End::closed(whole(items.len()))),
    })
}

/// The values of items, with whether each certainly counts.
fn values<'i>(items: &'i [Item<'_, '_>]) -> impl Iterator<Item = (One<Range>, bool, bool)> + 'i {
    items
        .iter()
        .filter_map(|item| Some((item.value?.number(item.row), item.certain, item.repeats)))
}

fn may_not_apply(items: &[Item<'_, '_>]) -> bool {
    let applies = values(items).any(|(value, certain, _)| certain && !value.inapplicable);
    !applies && values(items).any(|(value, ..)| value.inapplicable)
}

fn may_be_ordinary(items: &[Item<'_, '_>], of_none: bool) -> bool {
    let is_undefined = |value: &One<Range>| value.set.is_none() && !value.inapplicable;
    let spoilt = values(items).any(|(value, certain, _)| certain && is_undefined(&value));
    let empty = of_none && !items.iter().any(|item| item.certain);
    !spoilt && (empty || values(items).any(|(value, ..)| value.set.is_some()))
}

fn may_be_undefined(items: &[Item<'_, '_>]) -> bool {
    values(items).any(|(value, ..)| value.undefined)
}

fn sum(items: &[Item<'_, '_>], ty: &Type) -> Option<One<Range>> {
    let outcome = if may_be_ordinary(items, true) {
        total(items, ty)?
    } else {
        Outcome {
            set: None,
            undefined: false,
        }
    };
    Some(One {
        set: outcome.set,
        undefined: outcome.undefined || may_be_undefined(items),
        inapplicable: may_not_apply(items),
    })
}

/// The sum of what each contributes: 0 at least where it may not count.
fn total(items: &[Item<'_, '_>], ty: &Type) -> Option<Outcome<Range>> {
    let mut sum = Range::one(Fraction::ZERO);
    let zero = Range::one(Fraction::ZERO);
    for (value, certain, repeats) in values(items) {
        let Some(mut part) = value.set else { continue };
        if repeats {
            let any = Range {
                low: Some(End::closed(Fraction::ZERO)),
                high: None,
            };
            part = part.times(&any)?;
        }
        if !certain || value.inapplicable {
            part = part.hull(&zero);
        }
        sum = sum.add(&part)?;
    }
    Some(in_type(sum, ty))
}

fn average(items: &[Item<'_, '_>], ty: &Type) -> Option<One<Range>> {
    let is_inapplicable = |value: &One<Range>| value.set.is_none() && !value.undefined;
    let applying = || values(items).filter(move |(value, ..)| !is_inapplicable(value));
    let all_count = applying().all(|(value, certain, _)| certain && !value.inapplicable);
    let mut undefined = !items.iter().any(|item| item.certain) || may_be_undefined(items);
    let set = if !may_be_ordinary(items, false) {
        None
    } else if all_count {
        let plain = Type::Number(meed_rules::program::Dimension::NONE);
        let mean = match total(items, &plain)?.set {
            Some(total) => super::arithmetic::quotient(total, Range::one(whole(applying().count())), ty)?,
            None => Outcome::UNDEFINED,
        };
        undefined |= mean.undefined;
        mean.set
    } else {
        values(items)
            .filter_map(|(value, ..)| value.set)
            .reduce(|a, b| a.hull(&b))
    };
    Some(One {
        set,
        undefined,
        inapplicable: may_not_apply(items),
    })
}
