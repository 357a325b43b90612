//! The lines of a list that are or may be paid, those of whose money little can be said with little room.

use meed_rules::program::MeasureRules;

use super::brief::Brief;
use super::pay::{Like, Paid};
use crate::awards::verdict::Verdict;

/// The lines of a list that are not refused, by ascending row.
#[derive(Debug)]
pub(super) struct Payments {
    /// What those in brief are besides; nothing where there are none yet.
    like: Option<Like>,
    lines: Vec<Payment>,
    others: Vec<Paid>,
}

/// A line that is or may be paid.
#[derive(Clone, Copy, Debug)]
pub(super) struct Payment {
    pub row: u32,
    pub verdict: Verdict,
    amounts: Amounts,
}

/// What is known of the amounts of a line.
#[derive(Clone, Copy, Debug)]
enum Amounts {
    /// Both of [`Paid`].
    Brief(Brief),
    /// What is at this position among the others.
    Other(u32),
}

impl Payment {
    pub fn row(&self) -> usize {
        self.row as usize
    }

    /// Its amounts, where little can be said of them.
    pub fn brief(&self) -> Option<Brief> {
        match self.amounts {
            Amounts::Brief(brief) => Some(brief),
            Amounts::Other(_) => None,
        }
    }
}

impl Payments {
    /// None yet; all are paid by these rules, if any.
    pub fn none(rules: Option<&MeasureRules>) -> Self {
        Self {
            like: rules.map(Paid::like),
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

    /// Whether lines in brief are paid once.
    pub fn once(&self) -> Option<bool> {
        self.like?.1
    }

    pub fn push(&mut self, row: usize, verdict: Verdict, paid: Paid) {
        let amounts = self.amounts(paid);
        self.put(row, verdict, amounts);
    }

    /// Adds a line that the rules pay, in brief.
    pub fn push_brief(&mut self, row: usize, verdict: Verdict, brief: Brief) {
        self.put(row, verdict, Amounts::Brief(brief));
    }

    fn put(&mut self, row: usize, verdict: Verdict, amounts: Amounts) {
        self.lines.push(Payment {
            row: whole(row),
            verdict,
            amounts,
        });
    }

    fn amounts(&mut self, paid: Paid) -> Amounts {
        let own = (paid.key, paid.once);
        let brief = Brief::of([paid.gross, paid.amount]).filter(|brief| brief.made() == paid.made);
        match brief.filter(|_| *self.like.get_or_insert(own) == own) {
            Some(brief) => Amounts::Brief(brief),
            None => {
                self.others.push(paid);
                Amounts::Other(whole(self.others.len().saturating_sub(1)))
            }
        }
    }

    /// Changes those lines for which something holds of their row.
    pub fn change(&mut self, holds: impl Fn(usize) -> bool, change: impl Fn(Paid) -> (Verdict, Paid)) {
        for line in 0..self.lines.len() {
            let Some(payment) = self.lines.get(line).copied().filter(|one| holds(one.row())) else {
                continue;
            };
            let (verdict, paid) = change(self.paid(&payment));
            let amounts = self.amounts(paid);
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
        let paid = match payment.amounts {
            Amounts::Brief(brief) => self.like.map(|like| Paid::at_length(like, brief)),
            Amounts::Other(position) => self.others.get(position as usize).copied(),
        };
        // INVARIANT: positions are those of others, and what lines in brief are besides is known before there is one.
        paid.unwrap_or(Paid::UNKNOWN)
    }
}

fn whole(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}
