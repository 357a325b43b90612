//! A journey: commands of an office from its first person to a payment, to be given again elsewhere.
//!
//! Ids come from places in the log, so whoever gives the same commands in the same order makes the same rows.

use std::collections::{BTreeMap, BTreeSet};

use meed_facts::identifier::Kind;
use meed_office::cases::Act as Case;
use meed_office::command::{Command, Outcome};
use meed_office::input::PackageFiles;
use meed_office::ledger::{Act as Ledger, Posting};
use meed_office::log::Entry;
use meed_office::publicity::{Act as List, Remedy};
use meed_office::rounds::{Act as Round, Contested};
use meed_office::store::{Cell, Field};
use meed_office::time::Instant;
use meed_office::tx::select;
use serde_json::{Value, json};

use super::city::credit_code;
use super::round::{approve, end, uphold};
use super::{Bench, folder, yuan};

/// A package of one measure: 100,000 yuan for research.
const TINY: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../meed/tests/fixtures/tiny");

/// A package whose fund is shared out.
const ROUNDS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/office/packages/rounds");

/// One command of a journey.
#[derive(Clone, Debug)]
pub struct Given {
    /// When it was given.
    pub at: Instant,
    /// What was given.
    pub command: Command,
    /// By what it moved money; nothing where it moved none.
    pub causes: BTreeSet<String>,
    /// What came of it.
    pub outcome: Value,
}

impl Given {
    /// As text for another process.
    pub fn to_json(&self) -> Value {
        let Command { id, person, act, .. } = &self.command;
        json!({"at": self.at.milliseconds(), "id": id, "person": person, "act": act.to_json()})
    }

    /// The command and its time.
    pub fn of_json(json: &Value) -> (Instant, Command) {
        let text = |name: &str| json[name].as_str().unwrap();
        let act: meed_office::command::Act = serde_json::from_value(json["act"].clone()).unwrap();
        let at = Instant::from_milliseconds(json["at"].as_i64().unwrap());
        (at, Command::new(text("id"), text("person"), act))
    }
}

impl Bench {
    /// The commands that were decided here, in their order.
    pub fn journey(&self) -> Vec<Given> {
        let mut connection = self.office.reader().unwrap();
        let entries = select::<Entry>(&mut connection, "1 = 1 ORDER BY seq", &[]).unwrap();
        let mut causes: BTreeMap<i64, BTreeSet<String>> = BTreeMap::new();
        for posting in select::<Posting>(&mut connection, "1 = 1", &[]).unwrap() {
            causes.entry(posting.seq).or_default().insert(posting.cause);
        }
        let given = |entry: Entry| {
            let sql = "SELECT act, result FROM command WHERE id = $1";
            let id = entry.payload["command"].as_str().unwrap();
            let row = connection.rows(sql, &[id.into()]).unwrap().remove(0);
            let [Cell::Text(act), result] = row.as_slice() else {
                panic!("{row:?}")
            };
            let act: meed_office::command::Act = serde_json::from_str(act).unwrap();
            Given {
                at: entry.at,
                command: Command::new(id, &entry.person, act),
                causes: causes.remove(&entry.seq).unwrap_or_default(),
                outcome: Value::from_cell(result).unwrap(),
            }
        };
        entries.into_iter().map(given).collect()
    }

    /// Publishes a package of one measure, `rd_reward`.
    pub fn publish_tiny(&self) {
        self.publish(TINY.parse::<PackageFiles>().unwrap());
    }

    /// An enterprise to which the tiny package gives 100,000 yuan, with a case that waits for its proposal.
    pub fn researcher(&self, number: usize) -> String {
        let code = credit_code(number);
        assert!(Kind::CreditCode.check(&code, None).is_ok());
        let enterprise = json!({
            "uscc": code, "listed": true, "revenue": {"2022": "100000000.00"}, "rd_expense": {"2022": "3000000.00"}, "awards": [],
        });
        let subject = self.enter(json!({"enterprise": enterprise}));
        let (measure, object, on) = ("rd_reward".to_owned(), None, None);
        let agent = format!("agent-{subject}");
        let offer = Case::Offer {
            subject,
            measure,
            object,
            on,
        };
        let case = self.made("machine", offer, "case");
        self.ok(&agent, Case::Accept { case: case.clone() });
        case
    }

    /// What an office does with money, from its appropriation on: one proposal has it, another waits.
    pub fn proposes_and_approves(&self) {
        self.publish_tiny();
        let line = self.fund(2023, "150000");
        let cut = |amount| Ledger::Cut {
            line: line.clone(),
            amount: yuan(amount),
            basis: "调减".to_owned(),
        };
        self.ok("budget", cut("10000"));
        assert_eq!(self.refused("budget", cut("200000")), "no_money");
        let (first, second) = (self.researcher(1), self.researcher(2));
        let propose = |case: &str| Case::Propose {
            case: case.to_owned(),
            amount: None,
        };
        self.ok("officer", propose(&first));
        assert_eq!(self.ok("officer", propose(&second))["state"], "waiting_for_funds");
        let list = self.make_public(std::slice::from_ref(&first));
        self.on("2023-12-15");
        self.ok("officer", List::End { list, version: 1 });
        self.ok("approver", Case::Approve { case: first });
    }

    /// A fund is shared out, a share is lowered, and what is left comes back.
    pub fn shares_a_fund(&self) {
        self.publish(ROUNDS.parse::<PackageFiles>().unwrap());
        self.line(Some("plants"), 2024, "1000000");
        let round = self.round("plant_support", Contested::HoldBack, 0, "2024-03-05");
        let apply = |number, claim| {
            let case = self.applies(&round, &self.asks(number, claim, 0));
            self.to_verified(&case);
            case
        };
        let cases = [apply(0, "600000.00"), apply(1, "500000.00")];
        let list = self.publishes(&self.rations(&round, "2024-03-06"));
        let objection = self.objects(&cases[1]);
        self.on("2024-03-14");
        self.settles(&round);
        self.ok("approver", approve(&cases[0]));
        self.ok("examiner", uphold(&objection, Remedy::Lower, Some("100000.00")));
        self.ok("officer", end(&list, 1));
        self.ok("approver", approve(&cases[1]));
        self.ok("officer", Round::Finish { round });
    }
}

/// Journeys, made on databases that are forgotten.
pub fn journeys() -> Vec<Vec<Given>> {
    let made = |go: &dyn Fn(&str) -> Vec<Given>| {
        let folder = folder();
        go(&format!("sqlite:{}", folder.path().join("office.db").display()))
    };
    let of = |on: &'static str, go: fn(&Bench)| {
        made(&move |address| {
            let bench = Bench::open(address, on);
            go(&bench);
            bench.journey()
        })
    };
    vec![
        of("2023-12-01", Bench::proposes_and_approves),
        of("2024-03-01", Bench::shares_a_fund),
        made(&crate::payments::journey),
    ]
}

/// That the outcome is the one that the journey had.
pub fn assert_same(given: &Given, outcome: &Outcome) {
    assert_eq!(outcome.to_json(), given.outcome, "{}", given.command.act.kind());
}
