//! The lines of a list that are or may be paid. Of most, two numbers are all that is known of money, and they take little room.

use meed_rules::program::MeasureRules;

use super::pay::Paid;
use crate::awards::verdict::Verdict;

/// The lines of a list that are not refused, by ascending row.
#[derive(Debug)]
pub(super) struct Payments<'p> {
    /// What those with known amounts are paid by.
    rules: Option<&'p MeasureRules>,
    lines: Vec<Payment>,
    others: Vec<Paid>,
}

/// A line that is or may be paid.
#[derive(Clone, Copy, Debug)]
pub(super) struct Payment {
    pub row: u32,
    pub verdict: Verdict,
    pub amounts: Amounts,
}

/// What is known of the amounts of a line.
#[derive(Clone, Copy, Debug)]
pub(super) enum Amounts {
    /// Both of [`Paid`], in whole smallest units that are not below 0.
    Known([i64; 2]),
    /// What is at this position among the others.
    Other(u32),
}

impl Payment {
    pub fn row(&self) -> usize {
        self.row as usize
    }
}

impl<'p> Payments<'p> {
    /// None yet.
    pub fn none(rules: Option<&'p MeasureRules>) -> Self {
        Self {
            rules,
            lines: Vec::new(),
            others: Vec::new(),
        }
    }

    pub fn reserve(&mut self, lines: usize) {
        self.lines.reserve_exact(lines);
    }

    pub fn lines(&self) -> &[Payment] {
        &self.lines
    }

    pub fn is_empty(&self) -> bool {
        self.lines.is_empty()
    }

    pub fn push(&mut self, row: usize, verdict: Verdict, paid: Paid) {
        let amounts = Amounts::Other(whole(self.others.len()));
        self.others.push(paid);
        self.put(row, verdict, amounts);
    }

    /// Adds a line whose formula gives numbers that are known; below 0 they are nothing.
    pub fn push_known(&mut self, row: usize, verdict: Verdict, amounts: [i64; 2]) {
        self.put(row, verdict, Amounts::Known(amounts.map(|units| units.max(0))));
    }

    fn put(&mut self, row: usize, verdict: Verdict, amounts: Amounts) {
        self.lines.push(Payment {
            row: whole(row),
            verdict,
            amounts,
        });
    }

    /// Changes those lines for which something holds of their row.
    pub fn change(&mut self, holds: impl Fn(usize) -> bool, change: impl Fn(Paid) -> (Verdict, Paid)) {
        for line in 0..self.lines.len() {
            let Some(payment) = self.lines.get(line).copied().filter(|one| holds(one.row())) else {
                continue;
            };
            let (verdict, paid) = change(self.paid(&payment));
            let amounts = Amounts::Other(whole(self.others.len()));
            self.others.push(paid);
            if let Some(place) = self.lines.get_mut(line) {
                *place = Payment {
                    verdict,
                    amounts,
                    ..payment
                };
            }
        }
    }

    /// What a line is paid.
    pub fn paid(&self, payment: &Payment) -> Paid {
        let known = match payment.amounts {
            Amounts::Known(amounts) => self.rules.map(|rules| Paid::known(rules, amounts)),
            Amounts::Other(position) => self.others.get(position as usize).copied(),
        };
        // INVARIANT: positions are those of others, and only rules give amounts that are known.
        known.unwrap_or(Paid::UNKNOWN)
    }
}

fn whole(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}
