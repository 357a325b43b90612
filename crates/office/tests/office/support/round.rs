//! A small package whose funds are shared out, and applicants who ask them for money.

use meed_office::cases::Act as Case;
use meed_office::ledger::Act as Ledger;
use meed_office::people::{Act as People, Role};
use meed_office::publicity::{Act as List, Remedy};
use meed_office::rounds::{Act as Round, Contested};
use meed_office::time::Instant;
use serde_json::{Value, json};

use super::city::credit_code;
use super::{Bench, day, yuan};

const PACKAGE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/office/packages/rounds");

/// The accounts `available`, `reserved` and `committed` of a line, in yuan.
pub type Accounts = [&'static str; 3];

impl Bench {
    /// An office on a day that has published the small package.
    pub fn with_rounds(address: &str, on: &str) -> Self {
        let bench = Self::open(address, on);
        bench.publish(PACKAGE.parse().unwrap());
        bench
    }

    /// An applicant who asks for so much.
    pub fn asks(&self, number: usize, requested: &str, score: i64) -> String {
        let facts = json!({"uscc": credit_code(number), "requested": requested, "score": score});
        self.enter(json!({"enterprise": facts}))
    }

    /// A line of the treasury with money.
    pub fn line(&self, fund: Option<&str>, year: i64, amount: &str) -> String {
        let open = Ledger::Open {
            payer: "city_finance".to_owned(),
            fund: fund.map(str::to_owned),
            year,
        };
        let line = self.made("budget", open, "line");
        self.more(&line, amount);
        line
    }

    /// Puts money into a line.
    pub fn more(&self, line: &str, amount: &str) {
        let (line, amount, basis) = (line.to_owned(), yuan(amount), "预算批复".to_owned());
        self.ok("budget", Ledger::Appropriate { line, amount, basis });
    }

    /// A round that is open.
    pub fn round(&self, measure: &str, contested: Contested, reviews: u16, closes: &str) -> String {
        let plan = Round::Plan {
            measure: measure.to_owned(),
            payer: None,
            contested,
            reviews,
            on: None,
            closes: closes.parse().unwrap(),
        };
        let round = self.made("officer", plan, "round");
        self.ok("officer", Round::Open { round: round.clone() });
        round
    }

    /// An application to a round, submitted.
    pub fn applies(&self, round: &str, subject: &str) -> String {
        let agent = format!("agent-{subject}");
        let (round, subject, object) = (round.to_owned(), subject.to_owned(), None);
        let case = self.made(&agent, Round::Apply { round, subject, object }, "case");
        self.ok(&agent, Case::Submit { case: case.clone() });
        case
    }

    /// An application outside any round, submitted.
    pub fn applies_alone(&self, measure: &str, subject: &str) -> String {
        let agent = format!("agent-{subject}");
        let apply = Case::Apply {
            subject: subject.to_owned(),
            measure: measure.to_owned(),
            object: None,
            on: None,
        };
        let case = self.made(&agent, apply, "case");
        self.ok(&agent, Case::Submit { case: case.clone() });
        case
    }

    /// Takes a submitted application to where the rules alone verify it.
    pub fn to_verified(&self, case: &str) {
        let case = || case.to_owned();
        self.ok("officer", Case::Examine { case: case() });
        self.ok("officer", Case::Admit { case: case() });
        self.ok("officer", Case::Verify { case: case() });
    }

    /// Proposes a case.
    #[track_caller]
    pub fn proposes(&self, case: &str) -> Value {
        let (case, amount) = (case.to_owned(), None);
        self.ok("officer", Case::Propose { case, amount })
    }

    /// Closes a round on a day and shares out its fund.
    pub fn rations(&self, round: &str, on: &str) -> Value {
        self.on(on);
        let round = || round.to_owned();
        self.ok("officer", Round::Close { round: round() });
        self.ok(
            "officer",
            Round::Ration {
                round: round(),
                chosen: None,
            },
        )
    }

    /// Publishes a version that a command has frozen.
    pub fn publishes(&self, frozen: &Value) -> String {
        let list = frozen["list"].as_str().unwrap().to_owned();
        let publish = List::Publish {
            list: list.clone(),
            version: frozen["version"].as_i64().unwrap(),
            hash: frozen["hash"].as_str().unwrap().to_owned(),
        };
        self.ok("officer", publish);
        list
    }

    /// Tries to publish a version, and returns why that is refused.
    #[track_caller]
    pub fn publish_refused(&self, frozen: &Value) -> String {
        let publish = List::Publish {
            list: frozen["list"].as_str().unwrap().to_owned(),
            version: frozen["version"].as_i64().unwrap(),
            hash: frozen["hash"].as_str().unwrap().to_owned(),
        };
        self.refused("officer", publish)
    }

    /// The applicant of a case.
    pub fn subject(&self, case: &str) -> String {
        match self.cells(&format!("SELECT subject FROM \"case\" WHERE id = '{case}'"))[0].as_slice() {
            [meed_office::store::Cell::Text(subject)] => subject.clone(),
            other => panic!("{other:?}"),
        }
    }

    /// What the register says a case's applicant asks for, from now on.
    pub fn says(&self, case: &str, requested: &str) {
        let act = meed_office::register::Act::State {
            subject: self.subject(case),
            path: "/requested".to_owned(),
            value: Some(meed_office::input::Json::try_from(json!(requested)).unwrap()),
            source: "更正".to_owned(),
            evidence: None,
            valid_from: None,
            valid_to: None,
        };
        self.ok("registrar", act);
    }

    /// Objects to a row and takes the objection up.
    pub fn objects(&self, case: &str) -> String {
        let object = List::Object {
            case: case.to_owned(),
            ground: "不实".to_owned(),
            name: Some("王某".to_owned()),
        };
        let objection = self.made("auditor", object, "objection");
        let examine = List::Examine {
            objection: objection.clone(),
        };
        self.ok("examiner", examine);
        objection
    }

    /// Settles a round.
    #[track_caller]
    pub fn settles(&self, round: &str) -> Value {
        self.ok("officer", settle(round))
    }

    /// What the decision in force gives a case.
    pub fn due(&self, case: &str) -> String {
        let sql = format!("SELECT amount FROM decision WHERE case_id = '{case}' ORDER BY n DESC LIMIT 1");
        in_yuan(self.number(&sql))
    }

    /// In which state a case is.
    pub fn state(&self, case: &str) -> String {
        match self.cells(&format!("SELECT state FROM \"case\" WHERE id = '{case}'"))[0].as_slice() {
            [meed_office::store::Cell::Text(state)] => state.clone(),
            other => panic!("{other:?}"),
        }
    }

    /// That a line has exactly this, and that it balances: the whole is what was appropriated.
    #[track_caller]
    pub fn balances(&self, line: &str, expected: Accounts) {
        let accounts = self.accounts(line);
        assert_eq!(
            accounts[..3].iter().map(|fen| in_yuan(*fen)).collect::<Vec<_>>(),
            expected
        );
        let whole = self.number(&format!("SELECT appropriation FROM line_balance WHERE line = '{line}'"));
        assert_eq!(accounts.iter().sum::<i64>(), whole);
        let held = format!("SELECT CAST(coalesce(sum(reserved), 0) AS BIGINT) FROM holding WHERE line = '{line}'");
        assert_eq!(self.number(&held), accounts[1]);
    }

    /// That nothing in the database says anything else than the log.
    #[track_caller]
    pub fn is_clean(&self) {
        let report = self.verify();
        assert!(report.is_clean(), "{report:#?}");
    }

    /// Sets the clock to an instant some milliseconds after 00:00 of a day.
    pub fn at(&self, date: &str, milliseconds: i64) {
        let midnight = Instant::start_of(day(date)).milliseconds();
        let instant = Instant::from_milliseconds(midnight + milliseconds);
        self.office.setup().clock.set(instant);
    }

    /// Another person with a role.
    pub fn another(&self, id: &str, role: Role) {
        if self.number(&format!("SELECT count(*) FROM person WHERE id = '{id}'")) == 0 {
            let enter = People::Enter {
                id: id.to_owned(),
                name: id.to_owned(),
                bureau: "市工信局".to_owned(),
            };
            self.ok("administrator", enter);
        }
        let assign = People::Assign {
            person: id.to_owned(),
            role,
            scope: None,
            until: None,
        };
        self.ok("administrator", assign);
    }
}

/// Settles a round.
pub fn settle(round: &str) -> Round {
    Round::Settle {
        round: round.to_owned(),
    }
}

/// Approves a case.
pub fn approve(case: &str) -> Case {
    Case::Approve { case: case.to_owned() }
}

/// Ends a version's rows.
pub fn end(list: &str, version: i64) -> List {
    List::End {
        list: list.to_owned(),
        version,
    }
}

/// Upholds an objection.
pub fn uphold(objection: &str, remedy: Remedy, amount: Option<&str>) -> List {
    List::Uphold {
        objection: objection.to_owned(),
        remedy,
        amount: amount.map(yuan),
        subject: None,
        heard: Some("申请人已陈述".to_owned()),
        why: "经查属实".to_owned(),
    }
}

/// An amount of fen in yuan.
pub fn in_yuan(fen: i64) -> String {
    format!("{}.{:02}", fen / 100, fen % 100)
}
