//! A batch of instructions as it leaves for a bank: one debtor, one day, all of one mode.

use std::collections::HashSet;

use meed_facts::date::Date;

use super::amount::LARGEST;
use super::id::MessageId;
use super::mode::Mode;
use super::order::{Order, Party};
use super::violation::{Fault, Limit, Place, Violation};
use crate::time::Instant;

/// Most orders of a file.
pub const MOST_ORDERS: usize = 50_000;

/// Most bytes of a file that is read or written.
pub const MOST_BYTES: usize = 64 << 20;

/// A batch of instructions, checked: it has an order, no id is there twice, all ids are of its mode, and its sum has at most
/// 18 digits. Equal payments to one payee are lawful; only ids tell duplicates.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PaymentFile {
    message: MessageId,
    created: Instant,
    execution: Date,
    debtor: Party,
    orders: Vec<Order>,
    sum: i64,
}

impl PaymentFile {
    /// A batch, created at an instant, to be executed on a day.
    pub fn new(
        message: MessageId,
        created: Instant,
        execution: Date,
        debtor: Party,
        orders: Vec<Order>,
    ) -> Result<Self, Violation> {
        if orders.is_empty() {
            return Err(Fault::Missing("order".to_owned()).at(Place::File));
        }
        if orders.len() > MOST_ORDERS {
            return Err(Fault::TooMuch(Limit::Orders, MOST_ORDERS).at(Place::File));
        }
        let mut ids = HashSet::with_capacity(orders.len());
        let mut sum = 0_i64;
        for (position, order) in (1..).zip(&orders) {
            let at = |fault: Fault, part| Err(fault.at(Place::Order(position, part)));
            let (ours, theirs) = (message.mode(), order.id().mode());
            if ours != theirs {
                return at(Fault::OtherMode { ours, theirs }, "id");
            }
            if !ids.insert(order.id()) {
                return at(Fault::SameId(order.id().to_string()), "id");
            }
            // Both are at most 18 digits, so their sum is within 64 bits.
            sum = sum.saturating_add(order.amount());
            if sum > LARGEST {
                let value = super::amount::write(sum);
                return at(
                    Fault::Digits {
                        value,
                        total: 18,
                        fraction: 2,
                    },
                    "amount",
                );
            }
        }
        drop(ids);
        Ok(Self {
            message,
            created,
            execution,
            debtor,
            orders,
            sum,
        })
    }

    /// The file's id.
    pub fn message(&self) -> &MessageId {
        &self.message
    }

    /// What the file is for.
    pub fn mode(&self) -> Mode {
        self.message.mode()
    }

    /// When it was made.
    pub fn created(&self) -> Instant {
        self.created
    }

    /// The day on which the bank is to pay.
    pub fn execution(&self) -> Date {
        self.execution
    }

    /// Who pays.
    pub fn debtor(&self) -> &Party {
        &self.debtor
    }

    /// The instructions, in the file's order.
    pub fn orders(&self) -> &[Order] {
        &self.orders
    }

    /// How many instructions there are.
    pub fn count(&self) -> usize {
        self.orders.len()
    }

    /// The control sum: all amounts, in fen.
    pub fn sum(&self) -> i64 {
        self.sum
    }
}
