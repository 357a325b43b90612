//! What is known of several lines together.
//!
//! After a group of which one of two lines is paid, each line alone may be anything from nothing to its amount; together they are known far better. A
//! [`Bundle`] keeps that knowledge, and sums of lines are bounded with it.

use super::amount::{self, Amount};
use super::claim::Claim;

/// What is known of several lines together.
#[derive(Clone, Debug)]
pub struct Bundle {
    /// Positions of its lines, ascending.
    pub lines: Vec<usize>,
    /// What they come to together.
    pub total: Amount,
    /// What kind of knowledge it is.
    pub kind: BundleKind,
    /// The clause that made it, as a number of its own.
    pub step: usize,
}

/// What kind of knowledge a bundle is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BundleKind {
    /// One of its lines is paid; the others are nothing.
    OneOf,
    /// Its lines show what each would be; those of one measure are paid.
    Alternatives,
    /// Its lines show what each would be; whether they are all paid is open.
    Open,
    /// Its lines are paid together.
    Together,
}

impl Bundle {
    fn overrides_lines(&self) -> bool {
        matches!(self.kind, BundleKind::Alternatives | BundleKind::Open)
    }
}

/// All bundles, in the order in which the steps made them.
#[derive(Clone, Debug, Default)]
pub struct Bundles {
    all: Vec<Bundle>,
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

    /// Adds what the clause knows of some lines together; tells where it is kept.
    pub fn add(&mut self, lines: Vec<usize>, total: Amount, kind: BundleKind) -> usize {
        let bundle = Bundle {
            lines,
            total,
            kind,
            step: self.step,
        };
        if bundle.overrides_lines() {
            // What was known before took the lines for paid.
            for earlier in self.all.iter_mut().filter(|earlier| !earlier.overrides_lines()) {
                if earlier.lines.iter().any(|line| bundle.lines.contains(line)) {
                    earlier.total = earlier.total.down_to_zero();
                }
            }
        }
        self.all.push(bundle);
        self.all.len().saturating_sub(1)
    }

    /// The same for a total that takes the lines for paid: where some are only alternatives to lines outside, nothing need be paid.
    pub fn add_paid(&mut self, lines: Vec<usize>, total: Amount, kind: BundleKind) -> usize {
        let inside = |line: &usize| lines.binary_search(line).is_ok();
        let mut open = self.all.iter().filter(|bundle| bundle.overrides_lines());
        let may_be_unpaid = open.any(|bundle| bundle.lines.iter().any(inside) && !bundle.lines.iter().all(inside));
        let total = if may_be_unpaid { total.down_to_zero() } else { total };
        self.add(lines, total, kind)
    }

    /// Replaces what is known of a bundle.
    pub fn replace(&mut self, bundle: usize, total: Amount) {
        if let Some(bundle) = self.all.get_mut(bundle) {
            bundle.total = total;
        }
    }

    /// What some lines come to together: what every choice of bundles without common lines tells. Bundles of one clause have none in common, so each clause's
    /// are tried first, then the latest.
    pub fn sum(&self, claims: &[Claim], lines: &[usize]) -> Amount {
        let known = |line: &usize| claims.get(*line).is_none_or(|claim| claim.amount.value().is_some());
        let open = self.all.iter().any(Bundle::overrides_lines);
        if !open && lines.iter().all(known) {
            return amount::sum(
                lines
                    .iter()
                    .filter_map(|line| claims.get(*line))
                    .map(|claim| claim.amount),
            );
        }
        let mut steps: Vec<usize> = self.all.iter().map(|bundle| bundle.step).collect();
        steps.dedup();
        let latest = self.cover(claims, lines, self.all.iter().rev());
        steps.into_iter().fold(latest, |sum, step| {
            let first = self.all.iter().filter(move |bundle| bundle.step == step);
            let others = self.all.iter().rev().filter(move |bundle| bundle.step != step);
            sum.meet(self.cover(claims, lines, first.chain(others)))
        })
    }

    /// What those of `lines` other than `line` come to if `line` is paid.
    pub fn others(&self, claims: &[Claim], lines: &[usize], line: usize) -> Amount {
        let mut excluded = Positions::of(claims.len(), &[line]);
        let mut open = Positions::of(claims.len(), &[]);
        for bundle in &self.all {
            if bundle.lines.binary_search(&line).is_err() {
                continue;
            }
            match bundle.kind {
                BundleKind::OneOf => excluded.insert(&bundle.lines),
                BundleKind::Alternatives => {
                    let measure = |line: usize| claims.get(line).map(|claim| claim.measure);
                    let others = bundle.lines.iter().copied();
                    let rivals: Vec<usize> = others.filter(|other| measure(*other) != measure(line)).collect();
                    excluded.insert(&rivals);
                }
                BundleKind::Open => open.insert(&bundle.lines),
                BundleKind::Together => {}
            }
        }
        let rest = lines.iter().copied().filter(|other| !excluded.has(*other));
        let (open, rest): (Vec<usize>, Vec<usize>) = rest.partition(|other| open.has(*other));
        // Lines of which it is open whether they are paid together need not be paid beside this one.
        self.sum(claims, &rest).plus(self.sum(claims, &open).down_to_zero())
    }

    /// Takes back what was known of bundles of lines that a later step changed: what is left is what follows from the lines. Bundles of the clause at work stay
    /// as they are.
    pub fn weaken(&mut self, claims: &[Claim], changed: &[usize]) {
        let step = self.step;
        self.weaken_where(claims, changed, |bundle| bundle.step != step);
    }

    /// The same for lines that were cut to `left` together: what holds all of them is at least that, or as it was.
    pub fn cut(&mut self, claims: &[Claim], lines: &[usize], changed: &[usize], left: i128) {
        let step = self.step;
        let holds = |bundle: &Bundle| lines.iter().all(|line| bundle.lines.binary_search(line).is_ok());
        if !changed.is_empty() {
            for bundle in self.all.iter_mut().filter(|bundle| bundle.step != step) {
                if holds(bundle) {
                    let total = bundle.total;
                    bundle.total = Amount::between(total.low().min(left), total.high());
                }
            }
        }
        self.weaken_where(claims, changed, |bundle| bundle.step != step && !holds(bundle));
    }

    /// The same for all bundles.
    pub fn weaken_all(&mut self, claims: &[Claim], changed: &[usize]) {
        self.weaken_where(claims, changed, |_| true);
    }

    fn weaken_where(&mut self, claims: &[Claim], changed: &[usize], which: impl Fn(&Bundle) -> bool) {
        let changed = Positions::of(claims.len(), changed);
        for bundle in &mut self.all {
            if which(bundle) && bundle.lines.iter().any(|line| changed.has(*line)) {
                let floor = bundle
                    .lines
                    .iter()
                    .filter_map(|line| claims.get(*line))
                    .map(|claim| claim.amount.low())
                    .max();
                bundle.total = Amount::between(floor.unwrap_or(0).min(bundle.total.low()), bundle.total.high());
            }
        }
    }

    /// Allows for lines that may be higher than was known: the line, by how much, and what the clause at work leaves to it and those it shares with.
    pub fn raise(&mut self, raised: &[(usize, Option<i128>, Option<i128>)]) {
        for bundle in &mut self.all {
            let own = bundle.step == self.step;
            let mut high = bundle.total.high();
            for (_, by, limit) in raised.iter().filter(|(line, ..)| bundle.lines.contains(line)) {
                high = amount::add(high, *by);
                high = if own { amount::least(high, *limit) } else { high };
            }
            bundle.total = Amount::between(bundle.total.low(), high);
        }
    }

    /// Bounds a sum by bundles that have no line in common, picked in the order given.
    fn cover<'a>(&'a self, claims: &[Claim], lines: &[usize], order: impl Iterator<Item = &'a Bundle>) -> Amount {
        let wanted = Positions::of(claims.len(), lines);
        let mut used = Positions::of(claims.len(), &[]);
        let mut shown = Positions::of(claims.len(), &[]);
        for bundle in self.all.iter().filter(|bundle| bundle.overrides_lines()) {
            shown.insert(&bundle.lines);
        }
        // A line that is shown as an alternative need not be paid.
        let amount = |line: &usize| {
            let amount = claims.get(*line)?.amount;
            Some(if shown.has(*line) {
                amount.down_to_zero()
            } else {
                amount
            })
        };
        let mut total = Amount::ZERO;
        for bundle in order {
            if bundle.lines.iter().any(|line| used.has(*line)) {
                continue;
            }
            let (inside, outside): (Vec<usize>, Vec<usize>) = bundle.lines.iter().partition(|line| wanted.has(**line));
            if inside.is_empty() {
                continue;
            }
            let sum = |lines: &[usize]| amount::sum(lines.iter().filter_map(amount));
            total = total.plus(part(bundle, sum(&inside), sum(&outside)));
            used.insert(&bundle.lines);
        }
        let rest = lines.iter().filter(|line| !used.has(**line));
        total.plus(amount::sum(rest.filter_map(amount)))
    }
}

/// A set of positions of lines.
struct Positions(Vec<bool>);

impl Positions {
    fn of(count: usize, lines: &[usize]) -> Self {
        let mut all = Self(vec![false; count]);
        all.insert(lines);
        all
    }

    fn insert(&mut self, lines: &[usize]) {
        for line in lines {
            if let Some(slot) = self.0.get_mut(*line) {
                *slot = true;
            }
        }
    }

    fn has(&self, line: usize) -> bool {
        self.0.get(line).copied().unwrap_or(false)
    }
}

/// What the lines `inside` a sum come to, where a bundle has others `outside` it.
fn part(bundle: &Bundle, inside: Amount, outside: Amount) -> Amount {
    let low = outside
        .high()
        .map_or(0, |outside| bundle.total.low().saturating_sub(outside));
    let most = Amount::between(0, bundle.total.high()).lesser(Amount::between(0, inside.high()));
    Amount::between(low.max(inside.low()), most.high())
}
