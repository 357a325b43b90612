//! An office whose awards are public and need only be approved: everything went its whole way, so the log accounts for it.

use meed_office::bank::simulator::{Bank, Chances};
use meed_office::bank::{Form, Mode};
use meed_office::cases::Act as Case;
use meed_office::input::Json;
use meed_office::payments::accounts::Act as Account;
use meed_office::people::{Act as People, Role};
use meed_office::publicity::Act as List;
use meed_office::register::Act as Register;
use meed_office::time::Instant;
use serde_json::json;

use super::{START, Till};
use crate::support::city::credit_code;
use crate::support::{Bench, config, day};

/// Grants of any amount: two to an enterprise at most.
const GRANTS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/office/packages/grants");

/// Six working days before the start: five for the public, and one for the approver.
const PUBLISHED: &str = "2023-02-20";

/// Where an office is, and the ids of what it has.
#[derive(Clone)]
pub struct Place {
    pub address: String,
    pub line: String,
    pub payees: Vec<String>,
    pub cases: Vec<String>,
}

/// A bank on 2023-03-01, where the office has a hundred million yuan.
pub fn bank(seed: u64, chances: Chances) -> Bank {
    let start = Instant::start_of(day(START));
    let mut bank = Bank::new(seed, Form::Iso20022, Mode::Test, start, chances);
    bank.open(&config().debtor.account, 10_000_000_000);
    bank
}

impl Till {
    /// On 2023-03-01 all of these have been public: payees from 1, and amounts in fen.
    pub fn prepared(address: &str, grants: &[(usize, i64)]) -> Self {
        let bench = Bench::open(address, PUBLISHED);
        let line = bench.fund(2023, "7000000");
        bench.publish(GRANTS.parse().unwrap());
        let place = Place {
            address: address.to_owned(),
            line,
            payees: Vec::new(),
            cases: Vec::new(),
        };
        let mut till = Self::with(bench, place, bank(1, Chances::NONE));
        till.person("registrar2", Role::Registrar, None);
        till.person("preparer2", Role::Preparer, None);
        let payees = grants.iter().map(|(payee, _)| *payee).max().unwrap_or(1);
        let accounts: Vec<String> = (1..=payees).map(|number| till.enter_payee(number, grants)).collect();
        till.propose(grants);
        till.bench.on(START);
        for list in till.texts("SELECT id FROM list") {
            till.bench.ok("officer", List::End { list, version: 1 });
        }
        for account in accounts {
            till.bench.ok("registrar", Account::Activate { account, version: 1 });
        }
        till
    }

    pub fn person(&self, id: &str, role: Role, scope: Option<String>) {
        let (name, bureau) = (id.to_owned(), "市财政局".to_owned());
        let id = id.to_owned();
        self.bench.ok(
            "administrator",
            People::Enter {
                id: id.clone(),
                name,
                bureau,
            },
        );
        self.assign(&id, role, scope);
    }

    pub fn assign(&self, person: &str, role: Role, scope: Option<String>) {
        let (person, until) = (person.to_owned(), None);
        self.bench.ok(
            "administrator",
            People::Assign {
                person,
                role,
                scope,
                until,
            },
        );
    }

    /// A payee with an agent, and its account, whose number ends with the payee's.
    fn enter_payee(&mut self, number: usize, grants: &[(usize, i64)]) -> String {
        let mut amounts = grants.iter().filter(|(payee, _)| *payee == number);
        let mut amount = || {
            let fen = amounts.next().map_or(0, |(_, amount)| *amount);
            format!("{}.{:02}", fen / 100, fen % 100)
        };
        let (uscc, first, second) = (credit_code(number), amount(), amount());
        let facts =
            json!({"enterprise": {"uscc": uscc, "first": first, "second": second, "breach": false, "awards": []}});
        let import = Register::Import {
            facts: Json::try_from(facts).unwrap(),
            name: Some(format!("哈尔滨（{number}）公司")),
            source: "市场监管".to_owned(),
            evidence: None,
            valid_from: None,
        };
        let subject = self.bench.made("registrar", import, "subject");
        self.person(&format!("agent-{subject}"), Role::Agent, Some(subject.clone()));
        self.place.payees.push(subject);
        let account = self.enter_account(number, &format!("62220000000000{number:04}"));
        let (prevalidate, _) = super::accounts::to_activate(&account, 1);
        self.bench.ok("registrar", prevalidate);
        account
    }

    fn propose(&mut self, grants: &[(usize, i64)]) {
        for (index, (payee, _)) in grants.iter().enumerate() {
            let before = grants[..index].iter().filter(|(other, _)| other == payee).count();
            let subject = self.payee(*payee).to_owned();
            let offer = Case::Offer {
                subject: subject.clone(),
                measure: ["first_grant", "second_grant"][before].to_owned(),
                object: None,
                on: None,
            };
            let case = self.bench.made("machine", offer, "case");
            self.bench
                .ok(&format!("agent-{subject}"), Case::Accept { case: case.clone() });
            let amount = None;
            self.bench.ok(
                "officer",
                Case::Propose {
                    case: case.clone(),
                    amount,
                },
            );
            self.place.cases.push(case);
        }
        if !self.place.cases.is_empty() {
            self.bench.make_public(&self.place.cases);
        }
    }

    /// Approves the `number`-th award: its instalment is due.
    pub fn approve(&self, number: usize) {
        let case = self.place.cases[number - 1].clone();
        self.bench.ok("approver", Case::Approve { case });
    }
}
