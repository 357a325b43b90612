//! The office at the beginning: a case that the rules verified, two payers' lines of two years, and five persons who may do everything.

use meed_office::cases::Act as Case;
use meed_office::ledger::Act as Ledger;
use meed_office::payments::accounts::Act as Account;
use meed_office::people::Role;
use meed_office::time::Instant;
use serde_json::json;

use crate::support::city::credit_code;
use crate::support::{Bench, yuan};

/// Half of the grant from the city at once, half from the district in the new year.
const JOINT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/office/packages/joint");

/// The days on which anything happens: what is published on one is clear on the next, and the year ends before the last.
pub const DAYS: [&str; 3] = ["2023-12-11", "2023-12-20", "2024-01-03"];

/// Noon of one of them.
pub fn at(day: usize) -> Instant {
    Instant::start_of(crate::support::day(DAYS[day])).plus_hours(12)
}

/// Who decides and pays. Each has all their roles, so that nothing but what they did before keeps them apart.
pub const FIVE: [Role; 5] = [
    Role::Officer,
    Role::Examiner,
    Role::Approver,
    Role::Preparer,
    Role::Releaser,
];

/// What may go wrong, as often as it can on one way or once. As often as it can: money is asked back once, unless that is dropped or cancelled,
/// and appeals end with the first that is upheld.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event {
    /// Somebody objects; where that is over, again.
    Objection,
    /// Nobody knows whether a file arrived.
    Loss,
    /// The bank refuses an instruction, or says that it was never executed.
    Refusal,
    /// Money comes back.
    Return,
    /// Money is asked back.
    Recovery,
    /// The applicant appeals.
    Appeal,
}

impl Event {
    const ALL: [Self; 6] = [
        Self::Objection,
        Self::Loss,
        Self::Refusal,
        Self::Return,
        Self::Recovery,
        Self::Appeal,
    ];

    fn name(self) -> String {
        format!("{self:?}").to_lowercase()
    }
}

/// What went wrong on a way, where each goes wrong once at most; nothing where that does not count.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Past(pub u8);

impl Past {
    pub fn has(self, event: Event) -> bool {
        self.0 & (1 << event as u8) > 0
    }

    fn and(self, event: Event) -> Self {
        Self(self.0 | 1 << event as u8)
    }

    /// Whether nothing went wrong that did not in the other.
    pub fn within(self, other: Self) -> bool {
        self.0 & !other.0 == 0
    }
}

/// What the search has to know by name.
pub struct Place {
    /// What may go wrong.
    pub events: Vec<Event>,
    /// Whether each goes wrong once at most on one way.
    pub once: bool,
    pub case: String,
    pub agent: String,
    pub account: String,
}

impl Place {
    /// What went wrong when one more thing did.
    pub fn after(&self, past: Past, event: Option<Event>) -> Past {
        event.filter(|_| self.once).map_or(past, |event| past.and(event))
    }
}

/// Sets up the office, and closes it.
pub fn prepare(address: &str) -> Place {
    let bench = Bench::open(address, "2023-12-04");
    bench.publish(JOINT.parse().unwrap());
    for person in FIVE {
        for role in FIVE.into_iter().filter(|role| *role != person) {
            bench.give(person.name(), role);
        }
    }
    for (payer, year, amount) in [("city_finance", 2023, "50000"), ("district", 2024, "50000")] {
        let line = open(&bench, payer, year);
        let (amount, basis) = (yuan(amount), "预算批复".to_owned());
        bench.ok("budget", Ledger::Appropriate { line, amount, basis });
    }
    open(&bench, "city_finance", 2024);
    bench.authorise(2024, "50000");
    let subject = bench.enter(json!({"enterprise": {"uscc": credit_code(1), "in_city": true, "awards": []}}));
    let agent = format!("agent-{subject}");
    let account = enter(&bench, &subject, "6222000000000001", 1);
    bench.on(DAYS[0]);
    bench.ok(
        "registrar",
        Account::Activate {
            account: account.clone(),
            version: 1,
        },
    );
    enter(&bench, &subject, "6222000000000002", 2);
    let (measure, object, on) = ("joint_grant".to_owned(), None, None);
    let case = bench.made(
        "machine",
        Case::Offer {
            subject,
            measure,
            object,
            on,
        },
        "case",
    );
    let accepted = bench.ok(&agent, Case::Accept { case: case.clone() });
    assert_eq!(accepted["state"], "verified", "{accepted}");
    let named = |name: &str| Event::ALL.into_iter().find(|one| one.name() == name).unwrap();
    let events = match std::env::var("MEED_EVENTS").as_deref() {
        Err(_) => Vec::new(),
        Ok("all") => Event::ALL.to_vec(),
        Ok(names) => names.split(',').map(named).collect(),
    };
    Place {
        events,
        once: std::env::var_os("MEED_ONCE").is_some(),
        case,
        agent,
        account,
    }
}

fn open(bench: &Bench, payer: &str, year: i64) -> String {
    let (payer, fund) = (payer.to_owned(), None);
    bench.made("budget", Ledger::Open { payer, fund, year }, "line")
}

/// A version of the payee's account that waits to be activated.
fn enter(bench: &Bench, subject: &str, number: &str, version: i64) -> String {
    let entered = Account::Enter {
        subject: subject.to_owned(),
        name: "某企业".to_owned(),
        number: number.to_owned(),
        bank: "102261000018".to_owned(),
    };
    let account = bench.made(&format!("agent-{subject}"), entered, "account");
    bench.ok(
        "registrar",
        Account::Prevalidate {
            account: account.clone(),
            version,
        },
    );
    account
}
