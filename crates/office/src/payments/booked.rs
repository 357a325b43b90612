//! What the bank's book has for an instalment or an instruction, and what ours has of it: net of what came back.

use meed_facts::money::Money;

use crate::stop::Answer;
use crate::store::{CURRENCY, Cell};
use crate::tx::Tx;

/// What left the bank under an instruction's id and did not come back; below zero where more came back than left.
pub(super) fn of_instruction(tx: &mut Tx<'_>, id: &str) -> Answer<Money> {
    net(tx, "SELECT debit, amount FROM bank_entry WHERE instruction = $1", id)
}

/// The same under all the ids of an instalment.
pub(super) fn of_instalment(tx: &mut Tx<'_>, id: &str) -> Answer<Money> {
    let entries = "SELECT debit, bank_entry.amount FROM bank_entry JOIN instruction ON instruction.id = bank_entry.instruction \
                   WHERE instruction.instalment = $1";
    net(tx, entries, id)
}

/// What of an instalment our book has as paid by the bank.
///
/// # Errors
/// Where the database fails.
pub fn in_our_book(tx: &mut Tx<'_>, instalment: &str) -> Answer<Money> {
    let postings = "SELECT CASE WHEN to_account = 'paid' THEN 1 ELSE 0 END, amount FROM posting WHERE to_holder = $1 AND \
                    to_account IN ('paid', 'returned') AND cause IN ('paid_by_bank', 'returned_by_bank', 'difference')";
    net(tx, postings, instalment)
}

/// Sums rows of whether money left, and how much.
fn net(tx: &mut Tx<'_>, sql: &str, id: &str) -> Answer<Money> {
    let mut sum = 0_i128;
    for row in tx.query(sql, &[id.into()])? {
        if let [Cell::Int(left), Cell::Int(amount)] = row.as_slice() {
            let amount = i128::from(*amount);
            sum = sum.saturating_add(if *left == 1 { amount } else { amount.saturating_neg() });
        }
    }
    Ok(Money::from_minor(sum, CURRENCY))
}
