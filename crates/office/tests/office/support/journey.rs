//! A journey: commands of an office from its first person to a payment, to be given again elsewhere.
//!
//! Ids come from places in the log, so whoever gives the same commands in the same order makes the same rows.

use meed_facts::identifier::Kind;
use meed_office::cases::Act as Case;
use meed_office::command::{Command, Outcome};
use meed_office::input::PackageFiles;
use meed_office::ledger::Act as Ledger;
use meed_office::log::Entry;
use meed_office::publicity::Act as List;
use meed_office::store::{Cell, Field};
use meed_office::time::Instant;
use meed_office::tx::select;
use serde_json::{Value, json};

use super::city::credit_code;
use super::{Bench, yuan};

/// A package of one measure: 100,000 yuan for research.
const TINY: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../meed/tests/fixtures/tiny");

/// One command of a journey.
#[derive(Clone, Debug)]
pub struct Given {
    /// When it was given.
    pub at: Instant,
    /// What was given.
    pub command: Command,
    /// Whether it moved money.
    pub moves_money: bool,
    /// What came of it.
    pub outcome: Value,
}

impl Given {
    /// As text for another process.
    pub fn to_json(&self) -> Value {
        let Command { id, person, act } = &self.command;
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
                moves_money: entry.payload["effects"]
                    .as_array()
                    .unwrap()
                    .iter()
                    .any(|one| one["table"] == "posting"),
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

    /// What an office does with money, from its appropriation on.
    pub fn travel(&self) {
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
}

/// That the outcome is the one that the journey had.
pub fn assert_same(given: &Given, outcome: &Outcome) {
    assert_eq!(outcome.to_json(), given.outcome, "{}", given.command.act.kind());
}
