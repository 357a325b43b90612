//! A city for tests: the Harbin package published, enterprises in the register, agents who speak for them.

use meed_office::cases::Act as Case;
use meed_office::input::{Json, PackageFiles};
use meed_office::ledger::Act as Ledger;
use meed_office::people::{Act as People, Role};
use meed_office::policies::Act as Policy;
use meed_office::publicity::Act as List;
use meed_office::register::Act as Register;
use serde_json::{Value, json};

pub use super::code::credit_code;
use super::{Bench, yuan};

/// The folder of the Harbin package.
pub const HARBIN: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../policies/harbin");

/// Facts of an example file, as those of another enterprise.
pub fn facts_like(example: &str, number: usize) -> Value {
    let path = format!("{}/../../examples/{example}.json", env!("CARGO_MANIFEST_DIR"));
    let mut facts: Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    facts["enterprise"]["uscc"] = json!(credit_code(number));
    facts
}

/// The folder of a small package, with the title and the reward of design centres, that debug builds check at once.
pub const SMALL: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/office/packages/small");

/// Facts of an enterprise of the small package that meets the criteria.
pub fn small_facts(number: usize) -> Value {
    json!({"enterprise": {"uscc": credit_code(number), "design_staff": 12, "breach": false, "titles": [], "awards": []}})
}

/// A report of what a package costs one enterprise.
pub fn simulated(files: &PackageFiles) -> Json {
    let scenario = json!({"package": {"digest": files.digest()}, "cost": {"least": "500000.00", "most": "500000.00"}});
    Json(json!({"scenarios": [scenario], "facts": {"rows": "1", "digest": "sha256:rows"}}))
}

impl Bench {
    /// Publishes a package through all its states, and returns the version's id.
    pub fn publish(&self, files: PackageFiles) -> String {
        let report = simulated(&files);
        let id = self.made("drafter", Policy::Draft { files }, "policy");
        let policy = || id.clone();
        self.ok("drafter", Policy::Check { policy: policy() });
        self.ok(
            "drafter",
            Policy::Simulate {
                policy: policy(),
                report,
            },
        );
        self.ok("publisher", Policy::Review { policy: policy() });
        self.ok("approver", Policy::Approve { policy: policy() });
        self.ok("publisher", Policy::Publish { policy: policy() });
        id
    }

    /// Publishes the small package.
    pub fn publish_small(&self) -> String {
        self.publish(SMALL.parse().unwrap())
    }

    /// Publishes the Harbin package.
    pub fn publish_harbin(&self) -> String {
        self.publish(HARBIN.parse().unwrap())
    }

    /// Enters an applicant with an agent `agent-ID`, and returns its id.
    pub fn enter(&self, facts: Value) -> String {
        let facts = Json::try_from(facts).unwrap();
        let (name, source) = (Some("某企业".to_owned()), "市场监管".to_owned());
        let import = Register::Import {
            facts,
            name,
            source,
            evidence: None,
            valid_from: None,
        };
        let subject = self.made("registrar", import, "subject");
        let agent = format!("agent-{subject}");
        self.ok(
            "administrator",
            People::Enter {
                id: agent.clone(),
                name: agent.clone(),
                bureau: subject.clone(),
            },
        );
        let (role, scope) = (Role::Agent, Some(subject.clone()));
        self.ok(
            "administrator",
            People::Assign {
                person: agent,
                role,
                scope,
                until: None,
            },
        );
        subject
    }

    /// A line of the city's treasury with money.
    pub fn fund(&self, year: i64, amount: &str) -> String {
        self.fund_of("city_finance", year, amount)
    }

    /// Opens a line of a payer with money.
    pub fn fund_of(&self, payer: &str, year: i64, amount: &str) -> String {
        let open = Ledger::Open {
            payer: payer.to_owned(),
            fund: None,
            year,
        };
        let line = self.made("budget", open, "line");
        self.ok(
            "budget",
            Ledger::Appropriate {
                line: line.clone(),
                amount: yuan(amount),
                basis: "预算批复".to_owned(),
            },
        );
        line
    }

    /// Takes a submitted application to review.
    pub fn to_review(&self, case: &str) {
        let case = || case.to_owned();
        self.ok("officer", Case::Examine { case: case() });
        self.ok("officer", Case::Admit { case: case() });
        self.ok("officer", Case::Review { case: case() });
    }

    /// Freezes and publishes proposed cases, and returns the list.
    pub fn make_public(&self, cases: &[String]) -> String {
        let frozen = self.ok(
            "officer",
            List::Freeze {
                cases: cases.to_vec(),
                days: None,
            },
        );
        let list = frozen["list"].as_str().unwrap().to_owned();
        let hash = frozen["hash"].as_str().unwrap().to_owned();
        self.ok(
            "officer",
            List::Publish {
                list: list.clone(),
                version: 1,
                hash,
            },
        );
        list
    }

    /// Takes an application for a title through its publicity, which is over on a day, and returns the title.
    pub fn recognise(&self, subject: &str, title: &str, over: &str) -> String {
        let agent = format!("agent-{subject}");
        let apply = Case::ApplyTitle {
            subject: subject.to_owned(),
            title: title.to_owned(),
            level: None,
        };
        let case = self.made(&agent, apply, "case");
        self.ok(&agent, Case::Submit { case: case.clone() });
        self.to_review(&case);
        let (amount, id) = (None, case.clone());
        self.ok("officer", Case::Propose { case: id, amount });
        let list = self.make_public(std::slice::from_ref(&case));
        self.on(over);
        self.ok("officer", List::End { list, version: 1 });
        self.made("approver", Case::Approve { case }, "title")
    }

    /// The one text that a query finds.
    #[track_caller]
    pub fn one(&self, sql: &str) -> String {
        let rows = self.cells(sql);
        match &rows[0][0] {
            meed_office::store::Cell::Text(text) => text.clone(),
            other => panic!("{sql}: {other:?}"),
        }
    }

    /// The accounts of a line, in the order of [`meed_office::ledger::Account::ALL`].
    pub fn accounts(&self, line: &str) -> Vec<i64> {
        let columns = meed_office::ledger::Account::ALL
            .map(|account| account.to_string())
            .join(", ");
        let rows = self.cells(&format!("SELECT {columns} FROM line_balance WHERE line = '{line}'"));
        let number = |cell: &meed_office::store::Cell| match cell {
            meed_office::store::Cell::Int(number) => *number,
            other => panic!("{other:?}"),
        };
        rows[0].iter().map(number).collect()
    }
}
