//! Machines of what comes after: accounts, differences, obligations, recoveries, appeals.

use crate::machine;

machine! {
    /// A version of the account to which a payee wants to be paid.
    pub AccountState in "account" starts [Entered] {
        Entered = "entered" { prevalidate => Prevalidated, close => Closed }
        Prevalidated = "prevalidated" { activate => Active, close => Closed }
        Active = "active" { replace => Replaced, close => Closed }
        Replaced = "replaced" {}
        Closed = "closed" {}
    }
}

machine! {
    /// What the bank's book and ours do not agree on; two persons close it.
    pub DifferenceState in "difference" starts [Open] {
        Open = "open" { explain => Explained }
        Explained = "explained" { close => Closed, reopen => Open }
        Closed = "closed" {}
    }
}

machine! {
    /// What must be kept up for an award.
    pub ObligationState in "obligation" starts [Active] {
        Active = "active" { fall_due => Due, breach => Breached, moot => Moot }
        Due = "due" { meet => Met, be_late => Late, moot => Moot }
        Late = "late" { meet => Met, breach => Breached, moot => Moot }
        Breached = "breached" { waive => Waived, recover => Recovered }
        Met = "met" {}
        Waived = "waived" {}
        Recovered = "recovery" {}
        Moot = "moot" {}
    }
}

machine! {
    /// Money that was paid and is asked back.
    pub RecoveryState in "recovery" starts [Found] {
        Found = "found" { drop_it => Dropped, notify => Notified }
        Notified = "notified" { hear => Heard, cancel => Cancelled }
        Heard = "heard" { decide => Decided, cancel => Cancelled }
        Decided = "decided" { enforce => Enforcing, cancel => Cancelled }
        Enforcing = "enforcing" { collect => Collected, write_off => WrittenOff, cancel => Cancelled }
        WrittenOff = "written_off" { collect => Collected }
        Dropped = "dropped" {}
        Collected = "collected" { cancel => Cancelled }
        Cancelled = "cancelled" {}
    }
}

machine! {
    /// What somebody says against a decision; the old decision is never edited.
    pub AppealState in "appeal" starts [Lodged] {
        Lodged = "lodged" { refuse => Inadmissible, admit => Admissible, withdraw => Withdrawn }
        Admissible = "admissible" { examine => Examined, withdraw => Withdrawn }
        Examined = "examined" { uphold => Upheld, uphold_in_part => UpheldInPart, dismiss => Dismissed }
        Upheld = "upheld" {}
        UpheldInPart = "upheld_in_part" {}
        Dismissed = "dismissed" {}
        Inadmissible = "inadmissible" {}
        Withdrawn = "withdrawn" {}
    }
}
