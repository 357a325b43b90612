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
}

/// What kind of knowledge a bundle is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BundleKind {
    /// One of its lines is paid; the others are nothing.
    OneOf,
    /// Its lines show what each would be; they are not all paid.
    Alternatives,
    /// Its lines are paid together.
    Together,
}

impl Bundle {
    fn overrides_lines(&self) -> bool {
        self.kind == BundleKind::Alternatives
    }
}

/// All bundles, in the order in which the steps made them.
#[derive(Clone, Debug, Default)]
pub struct Bundles(pub Vec<Bundle>);

impl Bundles {
    /// What some lines come to together.
    pub fn sum(&self, claims: &[Claim], lines: &[usize]) -> Amount {
        let latest = self.cover(claims, lines, self.0.iter().rev());
        if self.0.iter().any(Bundle::overrides_lines) {
            return latest;
        }
        latest.meet(self.cover(claims, lines, self.0.iter()))
    }

    /// What those of `lines` other than `line` come to if `line` is paid.
    pub fn others(&self, claims: &[Claim], lines: &[usize], line: usize) -> Amount {
        let mut excluded = Positions::of(claims.len(), &[line]);
        for bundle in &self.0 {
            if bundle.kind != BundleKind::Together && bundle.lines.binary_search(&line).is_ok() {
                excluded.insert(&bundle.lines);
            }
        }
        let rest: Vec<usize> = lines.iter().copied().filter(|other| !excluded.has(*other)).collect();
        self.sum(claims, &rest)
    }

    /// Takes back what was known of bundles of lines that a later step changed: what is left is what follows from the lines.
    pub fn weaken(&mut self, claims: &[Claim], changed: &[usize]) {
        let changed = Positions::of(claims.len(), changed);
        for bundle in &mut self.0 {
            if bundle.lines.iter().any(|line| changed.has(*line)) {
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

    /// Bounds a sum by bundles that have no line in common, picked in the order given.
    fn cover<'a>(&'a self, claims: &[Claim], lines: &[usize], order: impl Iterator<Item = &'a Bundle>) -> Amount {
        let wanted = Positions::of(claims.len(), lines);
        let mut used = Positions::of(claims.len(), &[]);
        let mut total = Amount::ZERO;
        for bundle in order {
            if bundle.lines.iter().any(|line| used.has(*line)) {
                continue;
            }
            let (inside, outside): (Vec<usize>, Vec<usize>) = bundle.lines.iter().partition(|line| wanted.has(**line));
            if inside.is_empty() {
                continue;
            }
            total = total.plus(part(bundle, plain(claims, &inside), plain(claims, &outside)));
            used.insert(&bundle.lines);
        }
        let mut shown = Positions::of(claims.len(), &[]);
        for bundle in self.0.iter().filter(|bundle| bundle.overrides_lines()) {
            shown.insert(&bundle.lines);
        }
        let rest = lines.iter().filter(|line| !used.has(**line));
        let left = rest.filter_map(|line| {
            let amount = claims.get(*line)?.amount;
            Some(if shown.has(*line) {
                amount.down_to_zero()
            } else {
                amount
            })
        });
        total.plus(amount::sum(left))
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
    let low = if bundle.overrides_lines() {
        low
    } else {
        low.max(inside.low())
    };
    let most = Amount::between(0, bundle.total.high()).lesser(Amount::between(0, inside.high()));
    Amount::between(low, most.high())
}

fn plain(claims: &[Claim], lines: &[usize]) -> Amount {
    amount::sum(
        lines
            .iter()
            .filter_map(|line| claims.get(*line))
            .map(|claim| claim.amount),
    )
}
