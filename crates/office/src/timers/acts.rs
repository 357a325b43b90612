//! What timers do.

use serde_json::{Value, json};

use super::Rows;
use crate::people::{Role, must};
use crate::stop::{Answer, Stop};
use crate::tx::Tx;
use crate::{acts, awards, cases, publicity, services, titles};

crate::choice! {
    /// What days bring.
    pub enum Clock {
        /// An offer that nobody accepted in time expires.
        Offer = "offer",
        /// A row that was public for its days, and against which nothing is open, goes on.
        Row = "row",
        /// An instalment whose day has come is due.
        Instalment = "instalment",
        /// An obligation whose time is over is due.
        Obligation = "obligation",
        /// A title near its review or end is due for review.
        Review = "review",
        /// A title whose time is over lapses.
        Title = "title",
        /// A request whose days are over is told of.
        Request = "request",
    }
}

acts! {
    /// What timers do.
    pub enum Act {
        /// Moves one thing on whose day has come
        Fire {
            /// Of which kind
            clock: Clock,
            /// Which; of a public row its list, version and case
            id: String,
            /// The day or instant since which it is due
            since: String,
        },
    }
}

impl Clock {
    /// What is due of this kind: all, or one if it is.
    pub(super) fn due(self, tx: &mut Tx<'_>, only: Option<&str>) -> Answer<Rows> {
        match self {
            Clock::Offer => cases::timers::due(tx, only),
            Clock::Row => publicity::timers::due(tx, only),
            Clock::Instalment => awards::timers::due(tx, only),
            Clock::Obligation => awards::obligations::timers::due(tx, only),
            Clock::Review => titles::timers::near(tx, only),
            Clock::Title => titles::timers::over(tx, only),
            Clock::Request => services::timers::due(tx, only),
        }
    }

    fn fire(self, tx: &mut Tx<'_>, id: &str) -> Answer<()> {
        match self {
            Clock::Offer => cases::timers::fire(tx, id),
            Clock::Row => publicity::timers::fire(tx, id),
            Clock::Instalment => awards::timers::fire(tx, id),
            Clock::Obligation => awards::obligations::timers::fire(tx, id),
            Clock::Review => titles::timers::review(tx, id),
            Clock::Title => titles::timers::lapse(tx, id),
            Clock::Request => services::timers::fire(tx, id),
        }
    }
}

impl Act {
    /// Does it.
    ///
    /// # Errors
    /// Denied where its day has not come, or another day has.
    pub fn perform(&self, tx: &mut Tx<'_>) -> Answer<Value> {
        let Act::Fire { clock, id, since } = self;
        must(tx, Role::Machine, "")?;
        let due = clock.due(tx, Some(id))?;
        if !due.iter().any(|(_, day)| day == since) {
            let clock = clock.name();
            return Err(Stop::denied(
                "not_due",
                format!("{clock} {id} is not due since {since}"),
                format!("{clock} {id} 并非自 {since} 起到期"),
            ));
        }
        clock.fire(tx, id)?;
        Ok(json!({"clock": clock.name(), "id": id}))
    }
}
