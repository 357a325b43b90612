//! A small city for tests of what comes after an award: growing firms that are subsidised for their hires.

use meed_office::aftermath::{holds, recoveries};
use meed_office::awards::Act as Award;
use meed_office::bank::InstructionId;
use meed_office::bank::simulator::Content;
use meed_office::cases::Act as Case;
use meed_office::input::{Day, Json};
use meed_office::ledger::Act as Ledger;
use meed_office::payments::accounts::Act as Account;
use meed_office::payments::batches::Act as Batch;
use meed_office::payments::inbound::{Act as Inbound, FromBank};
use meed_office::payments::sending::send;
use meed_office::people::{Act as People, Role};
use meed_office::publicity::Act as List;
use meed_office::register::Act as Register;
use meed_office::time::Instant;
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

    /// Enters `far`, of another bureau, and names them in advance as a substitute in a role; the day has come.
    pub fn substitute(&self, role: Role, since: &str) {
        let far = || "far".to_owned();
        let bureau = "市科技局".to_owned();
        self.ok(
            "administrator",
            People::Enter {
                id: far(),
                name: far(),
                bureau,
            },
        );
        let substitute = People::Substitute {
            person: far(),
            role,
            scope: None,
            since: since.parse().unwrap(),
            until: None,
        };
        self.ok("administrator", substitute);
        self.on(since);
    }

    /// Allows pledges on a later year.
    pub fn authorise(&self, year: i64, amount: &str) {
        let (fund, amount) = (String::new(), yuan(amount));
        self.ok("budget", Ledger::Authorise { fund, year, amount });
    }

    /// Takes an offer to a proposal, and returns the case.
    pub fn propose(&self, subject: &str, measure: &str, object: Option<&str>) -> String {
        self.enter_account(subject);
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

    /// A firm whose reward of 300,000 is approved: firm, case, award.
    pub fn rewarded(&self) -> (String, String, String) {
        let firm = self.enter(giant(1));
        let case = self.propose(&firm, "growth_reward", None);
        let award = self.approve(&case, "2023-03-20");
        (firm, case, award)
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

    /// Sends an instalment that is due, with whatever its line can pay besides; the bank has not answered.
    pub fn send(&self, instalment: &str) {
        self.activate_account(&self.payee(instalment));
        assert_eq!(self.recheck(instalment), "passes");
        let (line, now) = (
            self.word("instalment", "line", instalment),
            self.office.setup().clock.now(),
        );
        self.hear_from_bank(now);
        let execution = Day(now.date().unwrap());
        let batch = self.made("preparer", Batch::Build { line, execution }, "batch");
        let id = || batch.clone();
        let hash = self.made("preparer", Batch::Seal { batch: id() }, "hash");
        self.ok("releaser", Batch::Release { batch: id(), hash });
        send(&self.office, "machine", &batch, &mut *self.bank.lock().unwrap()).unwrap();
    }

    /// The bank has paid what was sent, and its statement of the day has come.
    pub fn arrive(&self, instalment: &str) {
        let (now, there) = (self.office.setup().clock.now(), self.bank.lock().unwrap().now());
        self.hear_from_bank(now.max(there).plus_hours(24));
        assert_eq!(self.state_of("instalment", instalment), "paid");
    }

    /// The bank is asked not to execute what was sent, and has not.
    pub fn not_executed(&self, instalment: &str) {
        let sent = self.one(&format!(
            "SELECT id FROM instruction WHERE instalment = '{instalment}' AND state = 'sent'"
        ));
        let answer = self
            .bank
            .lock()
            .unwrap()
            .cancel(&InstructionId::parse(&sent).unwrap())
            .unwrap();
        self.ok(
            "machine",
            Inbound::Answers {
                file: text_file(answer),
            },
        );
        assert_eq!(self.state_of("instalment", instalment), "payable");
    }

    /// Takes in what the bank sent until an instant.
    fn hear_from_bank(&self, until: Instant) {
        let messages = self.bank.lock().unwrap().advance(until);
        for message in messages {
            let file = match message.content {
                Content::Answers(bytes) => Inbound::Answers { file: text_file(bytes) },
                Content::Statement(bytes) => Inbound::Statements { file: text_file(bytes) },
            };
            self.ok("machine", file);
        }
    }

    fn payee(&self, instalment: &str) -> String {
        self.one(&format!(
            "SELECT payee FROM award JOIN instalment ON instalment.award = award.id WHERE instalment.id = '{instalment}'"
        ))
    }

    /// Enters a payee's account, which has to wait.
    fn enter_account(&self, subject: &str) {
        if self.number(&format!("SELECT count(*) FROM account WHERE subject = '{subject}'")) > 0 {
            return;
        }
        let enter = Account::Enter {
            subject: subject.to_owned(),
            name: "某企业".to_owned(),
            number: "6222000000000001".to_owned(),
            bank: "102261000018".to_owned(),
        };
        let account = self.made(&format!("agent-{subject}"), enter, "account");
        self.ok("registrar", Account::Prevalidate { account, version: 1 });
    }

    /// Lets money go to an account that has waited.
    pub fn activate_account(&self, subject: &str) {
        let waiting = self.cells(&format!(
            "SELECT id FROM account WHERE subject = '{subject}' AND state = 'prevalidated'"
        ));
        for account in waiting {
            self.ok(
                "registrar",
                Account::Activate {
                    account: text(&account[0]),
                    version: 1,
                },
            );
        }
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
        self.ok(
            "officer",
            recoveries::Act::Notify {
                recovery: id(),
                hearing_on: self.today(),
            },
        );
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

fn text_file(bytes: Vec<u8>) -> FromBank {
    FromBank(String::from_utf8(bytes).unwrap())
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
