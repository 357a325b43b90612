//! A small city for tests of what comes after an award: growing firms that are subsidised for their hires.

use meed_office::aftermath::{holds, recoveries};
use meed_office::awards::Act as Award;
use meed_office::cases::Act as Case;
use meed_office::input::Json;
use meed_office::ledger::Act as Ledger;
use meed_office::people::{Act as People, Role};
use meed_office::publicity::Act as List;
use meed_office::register::Act as Register;
use serde_json::{Value, json};

use super::city::credit_code;
use super::{Bench, yuan};

/// The folder of the package.
pub const GROWTH: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/office/packages/growth");

/// A little giant with a revenue of 30 million and one hire of 2023-03-01 who earns 800,000.
pub fn giant(number: usize) -> Value {
    json!({"enterprise": {
        "uscc": credit_code(number),
        "titles": [{"title": "little_giant", "granted": "2022-09-01"}],
        "revenue": {"2022": "30000000.00"},
        "in_city": true,
        "awards": [],
        "hires": [{"id": "h1", "start": "2023-03-01", "salary": "800000.00", "has_left": false}],
    }})
}

/// An office on a day with the package published and a line of the year.
pub fn growth(address: &str, on: &str, money: &str) -> (Bench, String) {
    let bench = Bench::open(address, on);
    bench.publish(GROWTH.parse().unwrap());
    let line = bench.fund(i64::from(super::day(on).year()), money);
    (bench, line)
}

impl Bench {
    /// Somebody more with a role.
    pub fn join(&self, person: &str, role: Role) {
        let id = person.to_owned();
        self.ok(
            "administrator",
            People::Enter {
                id: id.clone(),
                name: id.clone(),
                bureau: "市财政局".to_owned(),
            },
        );
        self.give(person, role);
    }

    /// Gives somebody one more role.
    pub fn give(&self, person: &str, role: Role) {
        let assign = People::Assign {
            person: person.to_owned(),
            role,
            scope: None,
            until: None,
        };
        self.ok("administrator", assign);
    }

    /// Allows pledges on a later year.
    pub fn authorise(&self, year: i64, amount: &str) {
        let (fund, amount) = (String::new(), yuan(amount));
        self.ok("budget", Ledger::Authorise { fund, year, amount });
    }

    /// Takes an offer to a proposal, and returns the case.
    pub fn propose(&self, subject: &str, measure: &str, object: Option<&str>) -> String {
        let offer = Case::Offer {
            subject: subject.to_owned(),
            measure: measure.to_owned(),
            object: object.map(str::to_owned),
            on: None,
        };
        let case = self.made("machine", offer, "case");
        let accepted = self.ok(&format!("agent-{subject}"), Case::Accept { case: case.clone() });
        assert_eq!(accepted["state"], "verified", "{accepted}");
        let (amount, id) = (None, case.clone());
        self.ok("officer", Case::Propose { case: id, amount });
        case
    }

    /// Makes a proposed case public, ends its publicity on a day, and approves it; returns the award.
    pub fn approve(&self, case: &str, on: &str) -> String {
        let list = self.make_public(&[case.to_owned()]);
        self.on(on);
        self.ok("officer", List::End { list, version: 1 });
        self.made("approver", Case::Approve { case: case.to_owned() }, "award")
    }

    /// The ids of an award's instalments, in the order of their numbers.
    pub fn instalments(&self, award: &str) -> Vec<String> {
        let rows = self.cells(&format!(
            "SELECT id FROM instalment WHERE award = '{award}' ORDER BY n, payer"
        ));
        rows.into_iter().map(|row| text(&row[0])).collect()
    }

    /// Rechecks an instalment, and tells what came of it.
    pub fn recheck(&self, instalment: &str) -> String {
        let instalment = instalment.to_owned();
        text_of(&self.ok("machine", Award::Recheck { instalment })["recheck"])
    }

    /// What a column of a row says.
    #[track_caller]
    pub fn word(&self, table: &str, column: &str, id: &str) -> String {
        let rows = self.cells(&format!("SELECT {column} FROM \"{table}\" WHERE id = '{id}'"));
        text(&rows[0][0])
    }

    /// The state of a row.
    #[track_caller]
    pub fn state_of(&self, table: &str, id: &str) -> String {
        self.word(table, "state", id)
    }

    /// An account of a line, in fen.
    pub fn account(&self, line: &str, account: &str) -> i64 {
        self.number(&format!("SELECT {account} FROM line_balance WHERE line = '{line}'"))
    }

    /// States a fact anew.
    pub fn state_fact(&self, subject: &str, path: &str, value: Value) -> Value {
        self.ok("registrar", stated(subject, path, value))
    }

    /// States values of a hire at once.
    pub fn learn_of_hire(&self, subject: &str, hire: &str, values: &Value) {
        let mut changed = giant(1)["enterprise"]["hires"][0].clone();
        for (name, value) in values.as_object().unwrap() {
            changed[name] = value.clone();
        }
        changed["id"] = json!(hire);
        let uscc = self.one(&format!("SELECT value FROM identifier WHERE subject = '{subject}'"));
        let facts = json!({"enterprise": {"uscc": uscc, "hires": [changed]}});
        self.ok(
            "registrar",
            Register::Import {
                facts: Json::try_from(facts).unwrap(),
                name: None,
                source: "社保局".to_owned(),
                evidence: None,
                valid_from: None,
            },
        );
    }

    /// Lets the bank pay an instalment that is due.
    pub fn pay(&self, instalment: &str) {
        self.send(instalment);
        self.arrive(instalment);
    }

    /// Sends an instalment that is due; the bank has not answered.
    pub fn send(&self, instalment: &str) {
        assert_eq!(self.recheck(instalment), "passes");
        self.past_the_office(instalment, ("in_flight", "committed"), "in_payment");
    }

    /// The bank has paid what was sent.
    pub fn arrive(&self, instalment: &str) {
        self.past_the_office(instalment, ("paid", "in_flight"), "paid");
    }

    /// The bank has not executed what was sent.
    pub fn not_executed(&self, instalment: &str) {
        self.past_the_office(instalment, ("committed", "in_flight"), "payable");
    }

    fn past_the_office(&self, instalment: &str, (to, from): (&str, &str), state: &str) {
        self.past.store(true, std::sync::atomic::Ordering::SeqCst);
        let line = self.word("instalment", "line", instalment);
        let held = format!("SELECT {from} FROM holding WHERE holder = '{instalment}' AND line = '{line}'");
        let (seq, amount) = (self.number("SELECT seq FROM head"), self.number(&held));
        let i = self.number("SELECT count(*) FROM posting") + 1000;
        let post = format!(
            "INSERT INTO posting VALUES ({seq}, {i}, '{line}', '{to}', '{instalment}', '{from}', '{instalment}', {amount}, 'test', NULL);\n\
             UPDATE instalment SET state = '{state}' WHERE id = '{instalment}';"
        );
        self.office.reader().unwrap().script(&post).unwrap();
    }

    /// Places a hold as an officer.
    pub fn hold(&self, kind: &str, target: &str) -> String {
        let place = holds::Act::Place {
            kind: kind.to_owned(),
            target: target.to_owned(),
            reason: "核查中".to_owned(),
            until: None,
        };
        self.made("officer", place, "hold")
    }

    /// Takes a found recovery to its decision.
    pub fn decide_recovery(&self, recovery: &str) -> Value {
        let id = || recovery.to_owned();
        self.ok("officer", recoveries::Act::Notify { recovery: id() });
        let said = "已收到告知，无异议".to_owned();
        self.ok("officer", recoveries::Act::Hear { recovery: id(), said });
        let (amount, interest) = (None, None);
        self.ok(
            "approver",
            recoveries::Act::Decide {
                recovery: id(),
                amount,
                interest,
            },
        )
    }
}

/// A fact as a registrar states it.
pub fn stated(subject: &str, path: &str, value: Value) -> Register {
    Register::State {
        subject: subject.to_owned(),
        path: path.to_owned(),
        value: Some(Json::try_from(value).unwrap()),
        source: "社保局".to_owned(),
        evidence: None,
        valid_from: None,
        valid_to: None,
    }
}

fn text(cell: &meed_office::store::Cell) -> String {
    match cell {
        meed_office::store::Cell::Text(text) => text.clone(),
        other => panic!("{other:?}"),
    }
}

fn text_of(value: &Value) -> String {
    value.as_str().unwrap().to_owned()
}
