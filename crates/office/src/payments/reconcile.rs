//! A day of the bank's book against ours, made again from all rows each time.

use meed_facts::date::Date;
use meed_facts::money::Money;
use serde_json::{Value, json};

use super::entries::evidence;
use super::moves::{PAID, RETURNED};
use super::{Difference, Entry, Statement};
use crate::ledger::{Posting, total};
use crate::store::{Cell, Connection, StoreError};
use crate::tx::select;

/// A day of the bank's book against ours.
#[derive(Clone, Debug, PartialEq)]
pub struct Reconciliation {
    /// The day.
    pub day: Date,
    /// Whether the complete statement of the day is there.
    pub complete: bool,
    /// What left the account
    pub left: Side,
    /// and what of it came back.
    pub back: Side,
    /// What the two do not agree on.
    pub differences: Vec<Difference>,
    /// Bookings of the bank that are neither in our book nor a difference: none, unless somebody wrote past the office.
    pub unexplained: Vec<String>,
}

/// One direction of money.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Side {
    /// By the bank's book.
    pub bank: Money,
    /// By ours.
    pub ours: Money,
    /// What the listed differences account for.
    pub differences: Money,
}

impl Side {
    fn is_balanced(&self) -> bool {
        self.ours.checked_add(self.differences) == Some(self.bank)
    }

    fn to_json(self) -> Value {
        let (bank, ours, differences) = (self.bank, self.ours, self.differences);
        json!({"bank": bank.to_decimal(), "ours": ours.to_decimal(), "differences": differences.to_decimal()})
    }
}

impl Reconciliation {
    /// Whether the bank's book is ours and the listed differences.
    pub fn is_balanced(&self) -> bool {
        self.complete && self.left.is_balanced() && self.back.is_balanced() && self.unexplained.is_empty()
    }

    /// As JSON.
    pub fn to_json(&self) -> Value {
        let of = |one: &Difference| {
            json!({
                "difference": one.id, "bank_ref": one.bank_ref, "file": one.file, "instruction": one.instruction, "instalment": one.instalment,
                "amount": one.amount.to_decimal(), "reason": one.reason, "explanation": one.explanation,
                "state": crate::machine::State::name(one.state),
            })
        };
        json!({
            "day": self.day.to_string(),
            "complete": self.complete,
            "balanced": self.is_balanced(),
            "left": self.left.to_json(),
            "back": self.back.to_json(),
            "differences": self.differences.iter().map(of).collect::<Vec<_>>(),
            "unexplained": self.unexplained,
        })
    }
}

/// Compares a day of an account: Σ debits of the bank = Σ paid by the bank + listed differences, and the same for what came back.
///
/// # Errors
/// Where the database fails.
pub fn reconcile(reader: &mut Connection, account: &str, day: Date) -> Result<Reconciliation, StoreError> {
    let place = [Cell::from(account), Cell::from(&day)];
    let entries: Vec<Entry> = select(reader, "account = $1 AND booked = $2 ORDER BY bank_ref", &place)?;
    let differences: Vec<Difference> = select(reader, "account = $1 AND day = $2 ORDER BY id", &place)?;
    let complete = !select::<Statement>(reader, "account = $1 AND day = $2", &place)?.is_empty();
    let mut ours = Vec::new();
    let mut unexplained = Vec::new();
    for entry in &entries {
        let link = evidence(account, &entry.bank_ref);
        let postings: Vec<Posting> = select(
            reader,
            "link = $1 AND cause IN ($2, $3)",
            &[Cell::Text(link), PAID.into(), RETURNED.into()],
        )?;
        let listed = differences
            .iter()
            .any(|one| one.bank_ref.as_deref() == Some(&entry.bank_ref));
        if postings.is_empty() && !listed && is_about_payments(entry) {
            unexplained.push(entry.bank_ref.clone());
        }
        ours.extend(postings);
    }
    let side = |debit: bool, cause: &str| Side {
        bank: total(
            entries
                .iter()
                .filter(|one| one.debit == debit && is_about_payments(one))
                .map(|one| one.amount),
        ),
        ours: total(ours.iter().filter(|one| one.cause == cause).map(|one| one.amount)),
        differences: total(
            differences
                .iter()
                .filter(|one| one.bank_ref.is_some() && (one.amount.minor() > 0) == debit)
                .map(|one| absolute(one.amount)),
        ),
    };
    let (left, back) = (side(true, PAID), side(false, RETURNED));
    Ok(Reconciliation {
        day,
        complete,
        left,
        back,
        differences,
        unexplained,
    })
}

/// Every debit is; of credits, those that name an instruction or bring money back.
fn is_about_payments(entry: &Entry) -> bool {
    entry.debit || entry.instruction.is_some() || matches!(entry.kind.as_str(), "return" | "reversal")
}

fn absolute(amount: Money) -> Money {
    Money::from_minor(amount.minor().saturating_abs(), amount.currency())
}
