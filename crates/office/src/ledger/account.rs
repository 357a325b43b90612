//! The accounts of a line.

use std::fmt;

/// Where money of a line can be. All of them together are the line's appropriation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Account {
    /// Not yet meant for anybody.
    Available,
    /// Meant for a proposal or a round.
    Reserved,
    /// Owed by an approved award.
    Committed,
    /// On its way through the bank.
    InFlight,
    /// With its payee, net of what came back.
    Paid,
    /// Asked back.
    Receivable,
    /// Come back, and not yet free.
    Returned,
    /// Asked back in vain.
    WrittenOff,
    /// Moved to the next year's line.
    CarriedOut,
    /// Given back after the line was closed.
    Surrendered,
    /// Not used in its year.
    Lapsed,
}

impl Account {
    /// All of them, in the order in which money moves.
    pub const ALL: [Self; 11] = [
        Self::Available,
        Self::Reserved,
        Self::Committed,
        Self::InFlight,
        Self::Paid,
        Self::Receivable,
        Self::Returned,
        Self::WrittenOff,
        Self::CarriedOut,
        Self::Surrendered,
        Self::Lapsed,
    ];

    /// Those that are kept for each holder, so that no award spends another's money.
    pub fn held() -> impl Iterator<Item = Self> {
        Self::ALL
            .into_iter()
            .filter(|account| !matches!(account, Self::Available | Self::Lapsed))
    }

    /// Its name, as the column is called.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Available => "available",
            Self::Reserved => "reserved",
            Self::Committed => "committed",
            Self::InFlight => "in_flight",
            Self::Paid => "paid",
            Self::Receivable => "receivable",
            Self::Returned => "returned",
            Self::WrittenOff => "written_off",
            Self::CarriedOut => "carried_out",
            Self::Surrendered => "surrendered",
            Self::Lapsed => "lapsed",
        }
    }
}

impl fmt::Display for Account {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// One end of a posting: an account, and whose.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum End {
    /// Outside the office: where appropriations come from.
    Outside,
    /// Nobody's yet: `available` or `lapsed`.
    Free(Account),
    /// An account of a holder: a round or an instalment.
    Of(Account, String),
}

impl End {
    /// An account of a holder.
    pub fn of(account: Account, holder: &str) -> Self {
        End::Of(account, holder.to_owned())
    }

    /// The account's name.
    pub fn account(&self) -> &'static str {
        match self {
            End::Outside => "outside",
            End::Free(account) | End::Of(account, _) => account.name(),
        }
    }

    /// The holder.
    pub fn holder(&self) -> Option<String> {
        match self {
            End::Of(_, holder) => Some(holder.clone()),
            _ => None,
        }
    }
}
