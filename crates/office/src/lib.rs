//! The office: register, cases, ledger, payments and the evidence for all of it.

pub mod bank;
