//! How often the bank misbehaves, in times of a thousand.

/// Chances of a thousand that something goes wrong or otherwise than usual.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Chances {
    /// A file or a request is lost on its way.
    pub lost_before: u16,
    /// A file or a request arrives, and the acknowledgement is lost.
    pub lost_after: u16,
    /// A file arrives hours or days later, when nobody expects it any more.
    pub arrives_late: u16,
    /// A message of answers never comes.
    pub answer_lost: u16,
    /// A message of answers comes twice.
    pub answer_repeated: u16,
    /// A message of answers comes up to three days later.
    pub answer_delayed: u16,
    /// An order is rejected when it is looked at.
    pub rejected: u16,
    /// An order that was accepted is stopped by the bank and never executed.
    pub stopped: u16,
    /// Money comes back days later.
    pub returned: u16,
    /// The payments of a file are booked as one entry.
    pub batched: u16,
    /// A statement comes twice.
    pub statement_repeated: u16,
    /// A statement comes up to five days late.
    pub statement_late: u16,
}

impl Chances {
    /// A bank that does everything right.
    pub const NONE: Self = Self::all(0);

    /// Everything goes wrong that often.
    pub const fn all(permille: u16) -> Self {
        Self {
            lost_before: permille,
            lost_after: permille,
            arrives_late: permille,
            answer_lost: permille,
            answer_repeated: permille,
            answer_delayed: permille,
            rejected: permille,
            stopped: permille,
            returned: permille,
            batched: permille,
            statement_repeated: permille,
            statement_late: permille,
        }
    }
}
