//! What is known of several lines together.
//!
//! After a group of which one of two lines is paid, each line alone may be anything from nothing to its amount; together they are known far better. A
//! [`Bundle`] keeps what its lines come to. No line is in two: a clause over lines of several bundles makes one bundle of them. So what is known of a sum
//! follows without any choice between ways to bound it, and knowing more (bundles in parts, narrower amounts) only narrows sums.

use std::collections::BTreeMap;

use super::amount::{self, Amount};
use super::claim::Claim;
use super::key::Pool;

/// Lines that are known together.
#[derive(Clone, Debug)]
pub struct Bundle {
    /// Positions of its lines, ascending.
    pub lines: Vec<usize>,
    /// What they come to together.
    pub total: Amount,
    rivals: Vec<Rivals>,
    limits: Vec<Limits>,
}

/// What a clause found of the lines of a pool.
#[derive(Clone, Copy, Debug)]
pub struct Outcome {
    /// What the lines come to together.
    pub total: Amount,
    /// Which of those that share a key are paid.
    pub paid: Paid,
}

/// Which of the lines that share a key are paid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Paid {
    /// One line at most.
    OneLine,
    /// Lines of one measure at most.
    OneMeasure,
    /// Any.
    Any,
}

/// Why a line shows what it would be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Shown {
    /// The text does not say how it combines with others: at least the highest of them is paid.
    Unresolved,
    /// It is one of several among which a choice is open.
    Alternative,
}

/// Lines of which one clause does not pay all.
#[derive(Clone, Debug)]
struct Rivals {
    step: usize,
    paid: Paid,
    pools: Vec<Pool>,
}

/// What a ceiling leaves at most to lines that share a key.
#[derive(Clone, Debug)]
pub struct AtMost {
    /// The lines of the level and of higher ones, which are cut before those below.
    pub lines: Vec<usize>,
    /// The level.
    pub level: usize,
    /// What they are paid together at most.
    pub most: Option<i128>,
}

/// What one ceiling leaves at most to lines of a level, by their keys.
#[derive(Clone, Debug)]
struct Limits {
    step: usize,
    level: usize,
    of: Vec<AtMost>,
}

/// All bundles; a line in none is known by its own amount.
#[derive(Clone, Debug, Default)]
pub struct Bundles {
    all: Vec<Bundle>,
    /// Lines that show what they would be: they need not be paid.
    shown: BTreeMap<usize, Shown>,
    step: usize,
}

impl Bundles {
    /// A new clause begins.
    pub fn begin(&mut self) {
        self.step = self.step.saturating_add(1);
    }

    /// The number of the clause at work.
    pub fn step(&self) -> usize {
        self.step
    }

    /// From now on these lines show what each would be.
    pub fn show(&mut self, lines: impl IntoIterator<Item = usize>, why: Shown) {
        for line in lines {
            let known = self.shown.entry(line).or_insert(why);
            *known = why.max(*known);
        }
    }

    /// Why a line only shows what it would be, where it does.
    pub fn shown(&self, line: usize) -> Option<Shown> {
        self.shown.get(&line).copied()
    }

    /// What these lines are paid at least, by what is known of each.
    pub fn least(&self, claims: &[Claim], lines: &[usize]) -> i128 {
        let paid = lines.iter().filter(|line| !self.shown.contains_key(line));
        let low = |line: &usize| claims.get(*line).map_or(0, |claim| claim.amount.low());
        paid.map(low).fold(0, i128::saturating_add)
    }

    /// Of lines that the text leaves unresolved at least the highest is paid.
    fn highest_unresolved(&self, claims: &[Claim], lines: &[usize]) -> i128 {
        let unresolved = lines
            .iter()
            .filter(|line| self.shown(**line) == Some(Shown::Unresolved));
        let low = unresolved
            .filter_map(|line| claims.get(*line))
            .map(|claim| claim.amount.low());
        low.max().unwrap_or(0)
    }

    /// What some lines come to together.
    pub fn sum(&self, claims: &[Claim], lines: &[usize]) -> Amount {
        if self.all.is_empty() {
            let known = lines.iter().filter_map(|line| claims.get(*line));
            return amount::sum(known.map(|claim| claim.amount));
        }
        let mut alone = Positions::of(claims.len(), lines);
        let mut total = Amount::ZERO;
        for bundle in &self.all {
            let (inside, outside): (Vec<usize>, Vec<usize>) = bundle.lines.iter().partition(|line| alone.has(**line));
            if inside.is_empty() {
                continue;
            }
            total = total.plus(self.part(claims, bundle, &inside, &outside));
            alone.remove(&inside);
        }
        let rest = lines.iter().filter(|line| alone.has(**line));
        total.plus(amount::sum(
            rest.filter_map(|line| claims.get(*line)).map(|claim| claim.amount),
        ))
    }

    /// What the lines `inside` a sum come to, where a bundle has others `outside` it.
    fn part(&self, claims: &[Claim], bundle: &Bundle, inside: &[usize], outside: &[usize]) -> Amount {
        let left = match outside {
            [] => bundle.total.low(),
            _ => bundle
                .most(claims, outside)
                .map_or(0, |outside| bundle.total.low().saturating_sub(outside)),
        };
        let high = amount::least(bundle.total.high(), bundle.most(claims, inside));
        Amount::between(left.max(self.least(claims, inside)), high)
    }

    /// What those of `lines` other than `line` come to at least if `line` is paid.
    pub fn least_beside(&self, claims: &[Claim], lines: &[usize], line: usize) -> i128 {
        self.least(claims, &self.beside(claims, lines, line, true))
    }

    /// What they come to at most.
    pub fn most_beside(&self, claims: &[Claim], lines: &[usize], line: usize) -> Option<i128> {
        self.sum(claims, &self.beside(claims, lines, line, false)).high()
    }

    /// Those of `lines` that are paid beside `line`, for certain or possibly.
    fn beside(&self, claims: &[Claim], lines: &[usize], line: usize, certainly: bool) -> Vec<usize> {
        let bundle = self.all.iter().find(|bundle| bundle.has(line));
        let mut excluded = vec![line];
        for rivals in bundle.iter().flat_map(|bundle| &bundle.rivals) {
            rivals.of(claims, line, certainly, &mut excluded);
        }
        let beside = lines.iter().copied().filter(|other| !excluded.contains(other));
        beside.collect()
    }

    /// The bundles of these lines as one.
    pub fn around(&self, claims: &[Claim], lines: &[usize]) -> Bundle {
        let mut all = Bundle {
            lines: lines.to_vec(),
            total: Amount::ZERO,
            rivals: Vec::new(),
            limits: Vec::new(),
        };
        for bundle in self
            .all
            .iter()
            .filter(|bundle| lines.iter().any(|line| bundle.has(*line)))
        {
            all.lines.extend(&bundle.lines);
            for rivals in &bundle.rivals {
                all.add_rivals(rivals.clone());
            }
            for limits in &bundle.limits {
                all.add_limits(limits.clone());
            }
        }
        all.lines.sort_unstable();
        all.lines.dedup();
        all.total = self.sum(claims, &all.lines);
        all
    }

    /// The bundles around sets of lines, and which sets are in each.
    pub fn regions(&self, claims: &[Claim], sets: &[Vec<usize>]) -> Vec<(Bundle, Vec<usize>)> {
        let mut regions: Vec<(Bundle, Vec<usize>)> = Vec::new();
        for (position, set) in sets.iter().enumerate() {
            let mut region = (self.around(claims, set), vec![position]);
            let (touching, apart): (Vec<_>, Vec<_>) = regions.into_iter().partition(|(other, _)| region.0.meets(other));
            for (other, sets) in touching {
                region.0 = self.around(claims, &[region.0.lines, other.lines].concat());
                region.1.extend(sets);
            }
            regions = apart;
            regions.push(region);
        }
        regions
    }

    /// Keeps what a clause found of the lines of its pools, after the lines were changed.
    pub fn group(&mut self, claims: &[Claim], outcomes: Vec<(Pool, Outcome)>) {
        let sets: Vec<Vec<usize>> = outcomes.iter().map(|(pool, _)| pool.lines()).collect();
        for (mut bundle, inside) in self.regions(claims, &sets) {
            let of_region = || inside.iter().filter_map(|set| outcomes.get(*set));
            let lines: Vec<usize> = of_region().flat_map(|(pool, _)| pool.lines()).collect();
            let outside = bundle.without(&lines);
            let total = amount::sum(of_region().map(|(_, outcome)| outcome.total));
            let low = total.low().saturating_add(self.least(claims, &outside));
            let high = amount::add(total.high(), bundle.most(claims, &outside));
            bundle.total = Amount::between(low, amount::least(high, bundle.total.high()));
            for (pool, outcome) in of_region().filter(|(_, outcome)| outcome.paid != Paid::Any) {
                bundle.add_rivals(Rivals {
                    step: self.step,
                    paid: outcome.paid,
                    pools: vec![pool.clone()],
                });
            }
            self.put(claims, bundle);
        }
    }

    /// Keeps what a ceiling leaves to lines of a bundle: to all of it together, and at most to some.
    pub fn limit(&mut self, claims: &[Claim], mut bundle: Bundle, total: Amount, of: Vec<AtMost>) {
        bundle.total = bundle.total.lesser(total);
        for limit in of {
            bundle.add_limits(Limits {
                step: self.step,
                level: limit.level,
                of: vec![limit],
            });
        }
        self.put(claims, bundle);
    }

    /// Puts a bundle in the place of those that its lines were in.
    pub fn put(&mut self, claims: &[Claim], mut bundle: Bundle) {
        let high = amount::least(bundle.total.high(), bundle.most(claims, &bundle.lines));
        let least = self.least(claims, &bundle.lines);
        let low = bundle
            .total
            .low()
            .max(least.saturating_add(self.highest_unresolved(claims, &bundle.lines)));
        bundle.total = Amount::between(high.map_or(low, |high| low.min(high)), high);
        self.all.retain(|earlier| !earlier.meets(&bundle));
        self.all.push(bundle);
    }
}

impl Bundle {
    /// Whether a line is in it.
    pub fn has(&self, line: usize) -> bool {
        self.lines.binary_search(&line).is_ok()
    }

    fn meets(&self, other: &Self) -> bool {
        other.lines.iter().any(|line| self.has(*line))
    }

    /// Its lines but those.
    pub fn without(&self, lines: &[usize]) -> Vec<usize> {
        let inside = |line: &usize| !lines.contains(line);
        self.lines.iter().copied().filter(inside).collect()
    }

    /// What some of its lines are paid at most, by what is known of each and by what every single clause excludes.
    pub fn most(&self, claims: &[Claim], lines: &[usize]) -> Option<i128> {
        let all = all(claims, lines);
        let by_rivals = self.rivals.iter().map(|rivals| rivals.most(claims, lines));
        let by_limits = self.limits.iter().map(|limits| limits.most(claims, lines));
        by_rivals.chain(by_limits).fold(all, amount::least)
    }

    fn add_rivals(&mut self, rivals: Rivals) {
        match self.rivals.iter_mut().find(|known| known.step == rivals.step) {
            Some(known) => known.pools.extend(rivals.pools),
            None => self.rivals.push(rivals),
        }
    }

    fn add_limits(&mut self, limits: Limits) {
        let same = |known: &&mut Limits| (known.step, known.level) == (limits.step, limits.level);
        match self.limits.iter_mut().find(same) {
            Some(known) => known.of.extend(limits.of),
            None => self.limits.push(limits),
        }
    }
}

impl Rivals {
    /// Adds the lines that are not paid where `line` is: all that need not be, or those that certainly are not.
    fn of(&self, claims: &[Claim], line: usize, possibly: bool, excluded: &mut Vec<usize>) {
        let party = |line: usize| self.party(claims, line);
        let rival = |other: &usize| party(*other) != party(line);
        for pool in self.pools.iter().filter(|pool| !pool.class_of(line).is_empty()) {
            if possibly {
                excluded.extend(pool.classes.iter().flatten().copied().filter(rival));
            } else {
                excluded.extend(pool.class_of(line).iter().copied().filter(rival));
            }
        }
    }

    fn most(&self, claims: &[Claim], lines: &[usize]) -> Option<i128> {
        let classes = self.pools.iter().flat_map(|pool| &pool.classes);
        most(claims, lines, classes.map(Vec::as_slice), |inside, _| {
            if self.paid == Paid::OneLine {
                return inside.map(|line| all(claims, [&line])).fold(Some(0), amount::greatest);
            }
            let mut inside: Vec<usize> = inside.collect();
            inside.sort_by_key(|line| self.party(claims, *line));
            let parties = inside.chunk_by(|a, b| self.party(claims, *a) == self.party(claims, *b));
            parties.map(|party| all(claims, party)).fold(Some(0), amount::greatest)
        })
    }

    /// Lines of one party are paid together.
    fn party(&self, claims: &[Claim], line: usize) -> (Option<u32>, usize) {
        match self.paid {
            Paid::OneMeasure => (claims.get(line).map(|claim| claim.measure.into_raw().into_u32()), 0),
            Paid::OneLine | Paid::Any => (None, line),
        }
    }
}

impl Limits {
    fn most(&self, claims: &[Claim], lines: &[usize]) -> Option<i128> {
        let classes = self.of.iter().map(|of| of.lines.as_slice());
        most(claims, lines, classes, |inside, class| {
            let limit = self.of.get(class).and_then(|of| of.most);
            let inside = inside.filter_map(|line| claims.get(line));
            let inside = inside.map(|claim| claim.amount.high()).fold(Some(0), amount::add);
            amount::least(inside, limit)
        })
    }
}

/// What lines are paid at most, by what is known of each and of those of a class.
fn most<'c>(
    claims: &[Claim],
    lines: &[usize],
    classes: impl Iterator<Item = &'c [usize]>,
    of_class: impl Fn(&mut dyn Iterator<Item = usize>, usize) -> Option<i128>,
) -> Option<i128> {
    let mut rest = Positions::of(claims.len(), lines);
    let mut sum = Some(0);
    for (class, lines) in classes.enumerate() {
        let mut inside = lines.iter().copied().filter(|line| rest.has(*line));
        sum = amount::add(sum, of_class(&mut inside, class));
        rest.remove(lines);
    }
    let rest = lines.iter().filter(|line| rest.has(**line));
    amount::add(sum, all(claims, rest))
}

/// What lines are paid at most, by what is known of each.
fn all<'l>(claims: &[Claim], lines: impl IntoIterator<Item = &'l usize>) -> Option<i128> {
    let known = lines.into_iter().filter_map(|line| claims.get(*line));
    known.map(|claim| claim.amount.high()).fold(Some(0), amount::add)
}

/// A set of positions of lines.
enum Positions {
    /// A bit for each.
    Few(u128),
    Many(Vec<bool>),
}

impl Positions {
    fn of(count: usize, lines: &[usize]) -> Self {
        let mut all = if count <= 128 {
            Self::Few(0)
        } else {
            Self::Many(vec![false; count])
        };
        lines.iter().for_each(|line| all.set(*line, true));
        all
    }

    fn remove(&mut self, lines: &[usize]) {
        lines.iter().for_each(|line| self.set(*line, false));
    }

    fn set(&mut self, line: usize, to: bool) {
        match self {
            Self::Few(bits) => {
                let bit = bit(line);
                *bits = if to { *bits | bit } else { *bits & !bit };
            }
            Self::Many(all) => {
                if let Some(slot) = all.get_mut(line) {
                    *slot = to;
                }
            }
        }
    }

    fn has(&self, line: usize) -> bool {
        match self {
            Self::Few(bits) => bits & bit(line) != 0,
            Self::Many(all) => all.get(line).copied().unwrap_or(false),
        }
    }
}

fn bit(line: usize) -> u128 {
    let line = u32::try_from(line).unwrap_or(u32::MAX);
    1_u128.checked_shl(line).unwrap_or(0)
}
