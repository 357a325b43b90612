//! Machines of money: awards, instalments, lines, batches, instructions.

use crate::machine;

machine! {
    /// What one decision gives; settled once every instalment is final. A later decision that gives more, or an appeal, opens it again.
    pub AwardState in "award" starts [Reserved] {
        Reserved = "reserved" { commit => Committed, annul => Annulled, renounce => Renounced }
        Committed = "committed" { settle => Settled, end => Ended, renounce => Renounced, annul => Annulled }
        Settled = "settled" { annul => Annulled, reopen => Committed }
        Ended = "ended" { annul => Annulled, reopen => Committed }
        Annulled = "annulled" { reopen => Committed }
        Renounced = "renounced" {}
    }
}

machine! {
    /// One payment of one part of an award, each with a recheck of its own.
    pub InstalmentState in "instalment" starts [Pledged, Reserved] {
        Pledged = "pledged" { commit => Committed, reserve => Reserved, fall_short => Short, cancel => Cancelled }
        Reserved = "reserved" { commit => Committed, cancel => Cancelled, wait => Pledged }
        Short = "short" { commit => Committed, cancel => Cancelled }
        Committed = "committed" { fall_due => Due, cancel => Cancelled, fall_short => Short }
        Due = "due" { pass => Payable, skip => Skipped, end => Ended, cancel => Cancelled, fall_short => Short }
        Payable = "payable" { batch => InPayment, offset => Paid, recheck => Due, cancel => Cancelled, fall_short => Short }
        InPayment = "in_payment" { pay => Paid, release => Payable }
        Paid = "paid" { come_back => Returned }
        Returned = "returned" { pay_again => Payable, give_up => GivenUp }
        Skipped = "skipped" {}
        Ended = "ended" {}
        Cancelled = "cancelled" {}
        GivenUp = "given_up" {}
    }
}

machine! {
    /// One payer's money in one fund for one year.
    pub LineState in "line" starts [Planned] {
        Planned = "planned" { open => Open }
        Open = "open" { close_books => Closing }
        Closing = "closing" { close => Closed }
        Closed = "closed" {}
    }
}

machine! {
    /// Instructions that leave together, under two keys on one hash.
    pub BatchState in "batch" starts [Open] {
        Open = "open" { seal => Sealed, dissolve => Dissolved }
        Sealed = "sealed" { release => Released, dissolve => Dissolved }
        Released = "released" { send => Sending, dissolve => Dissolved }
        Sending = "sending" { confirm => Sent, lose => Unknown }
        Unknown = "unknown" { confirm => Sent, close => Closed }
        Sent = "sent" { close => Closed }
        Closed = "closed" {}
        Dissolved = "dissolved" {}
    }
}

machine! {
    /// One instruction to a bank; never sent twice, and unknown until the bank's evidence says otherwise.
    pub InstructionState in "instruction" starts [Built] {
        Built = "built" { prevalidate => Prevalidated, cancel => Cancelled }
        Prevalidated = "prevalidated" { batch => InBatch, cancel => Cancelled }
        InBatch = "in_batch" { release => Released, cancel => Cancelled }
        Released = "released" { send => Sending, cancel => Cancelled }
        Sending = "sending" { confirm => Sent, reject => Rejected, lose => Unknown, accept => Accepted, pay => Paid, pay_in_part => PaidInPart }
        Sent = "sent" { accept => Accepted, reject => Rejected, lose => Unknown, pay => Paid, pay_in_part => PaidInPart }
        Accepted = "accepted" { pay => Paid, reject => Rejected, lose => Unknown, pay_in_part => PaidInPart }
        Unknown = "unknown" { accept => Accepted, pay => Paid, reject => Rejected, deny => NotExecuted, pay_in_part => PaidInPart }
        Paid = "paid" { come_back => Returned }
        PaidInPart = "paid_in_part" {}
        Returned = "returned" {}
        Rejected = "rejected" {}
        NotExecuted = "not_executed" {}
        Cancelled = "cancelled" {}
    }
}
