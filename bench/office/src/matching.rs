//! A match of everybody after a publication, the next ones after single facts, and decisions made again.

use std::time::Instant;

use meed_office::cases::Act as Case;
use meed_office::command::{Act, Command, Outcome};
use meed_office::evidence::{Replayed, replay};
use meed_office::input::{Json, PackageFiles};
use meed_office::ledger::Act as Ledger;
use meed_office::matching::{Matched, run};
use meed_office::office::Office;
use meed_office::people::{Act as People, Role};
use meed_office::policies::Act as Policy;
use meed_office::register::Act as Register;
use meed_office::store::Connection;
use serde_json::{Value, json};

use crate::{accepted, peak};

const PACKAGE: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/../../crates/office/tests/office/packages/small"
);

/// Enters `subjects` enterprises before anything is published for them to have, and measures.
pub fn measure(office: &Office, subjects: usize, decisions: usize) {
    people(office);
    publish(office);
    let begin = Instant::now();
    let ids = enter(office, subjects);
    println!("{subjects} applicants entered: {:.1?}", begin.elapsed());
    told("everybody after a publication", office, subjects);
    told("nobody", office, subjects);
    let hundredth = ids.iter().skip(1).step_by(100).map(|id| {
        let value = Json::try_from(json!(true)).expect("a fact");
        let (path, source) = ("/breach".to_owned(), "bench".to_owned());
        let (evidence, valid_from, valid_to) = (None, None, None);
        Act::from(Register::State {
            subject: id.clone(),
            path,
            value: Some(value),
            source,
            evidence,
            valid_from,
            valid_to,
        })
    });
    all(office, "registrar", "fact", hundredth);
    told("one of a hundred after a fact of theirs", office, subjects);
    decide(office, decisions);
}

fn told(whom: &str, office: &Office, subjects: usize) {
    let begin = Instant::now();
    let Matched {
        subjects: seen,
        offered,
        lapsed,
        ..
    } = run(office, "machine", false).expect("a match");
    let took = begin.elapsed();
    println!(
        "matched {whom}: {seen} of {subjects} determined, {offered} offered, {lapsed} lapsed: {took:.1?}; peak {} MiB",
        peak()
    );
}

fn people(office: &Office) {
    let roles = [
        Role::Registrar,
        Role::Drafter,
        Role::Publisher,
        Role::Approver,
        Role::Officer,
        Role::Budget,
        Role::Machine,
    ];
    let enter = |id: &str| People::Enter {
        id: id.to_owned(),
        name: id.to_owned(),
        bureau: "局".to_owned(),
    };
    accepted(office, "p-0", "administrator", enter("administrator"));
    accepted(office, "p-agent", "administrator", enter("agent"));
    for role in roles {
        accepted(office, &format!("p-{role}"), "administrator", enter(role.name()));
        let assign = People::Assign {
            person: role.name().to_owned(),
            role,
            scope: None,
            until: None,
        };
        accepted(office, &format!("a-{role}"), "administrator", assign);
    }
}

/// A report of what the package costs one enterprise.
fn simulated(files: &PackageFiles) -> Json {
    let scenario = json!({"package": {"digest": files.digest()}, "cost": {"least": "500000.00"}});
    Json(json!({"scenarios": [scenario], "facts": {"rows": "1", "digest": "sha256:rows"}}))
}

fn publish(office: &Office) {
    let files: PackageFiles = PACKAGE.parse().expect("the package");
    let report = simulated(&files);
    let made = accepted(office, "draft", "drafter", Policy::Draft { files });
    let policy = || made["policy"].as_str().expect("a version").to_owned();
    accepted(office, "check", "drafter", Policy::Check { policy: policy() });
    accepted(
        office,
        "simulate",
        "drafter",
        Policy::Simulate {
            policy: policy(),
            report,
        },
    );
    accepted(office, "review", "publisher", Policy::Review { policy: policy() });
    accepted(office, "approve", "approver", Policy::Approve { policy: policy() });
    accepted(office, "publish", "publisher", Policy::Publish { policy: policy() });
}

/// Gives many commands at once, and returns what each made.
fn all(office: &Office, person: &str, name: &str, acts: impl Iterator<Item = Act>) -> Vec<Value> {
    let sent: Vec<_> = acts
        .enumerate()
        .map(|(number, act)| {
            office
                .send(Command::new(format!("{name}-{number}"), person, act))
                .expect("an office")
        })
        .collect();
    sent.into_iter()
        .map(|answer| match answer.recv().expect("an answer").expect("an outcome") {
            Outcome::Accepted { result, .. } => result,
            other => panic!("{other:?}"),
        })
        .collect()
}

/// Every tenth enterprise lacks the title, so it has nothing to be offered.
fn enter(office: &Office, subjects: usize) -> Vec<String> {
    let imports = (0..subjects).map(|number| {
        let titles = match number % 10 {
            0 => json!([]),
            _ => json!([{"title": "design_centre", "level": "municipal", "granted": "2023-01-10"}]),
        };
        let facts = json!({"enterprise": {"uscc": credit_code(number), "design_staff": 12, "breach": false, "titles": titles, "awards": []}});
        let facts = Json::try_from(facts).expect("facts");
        Act::from(Register::Import { facts, name: None, source: "bench".to_owned(), evidence: None, valid_from: None })
    });
    all(office, "registrar", "import", imports)
        .iter()
        .map(|made| made["subject"].as_str().expect("a subject").to_owned())
        .collect()
}

/// A code of the reserved range; its two check characters are the ones that fit.
fn credit_code(number: usize) -> String {
    use meed_facts::identifier::Kind;
    const DIGITS: &str = "0123456789ABCDEFGHJKLMNPQRTUWXY";
    let body = format!("91230103{number:08}");
    let inner = meed_facts::identifier::credit_code::organisation_check(&body[8..]).expect("eight characters");
    let code = format!("{body}{inner}");
    DIGITS
        .chars()
        .map(|last| format!("{code}{last}"))
        .find(|code| Kind::CreditCode.check(code, None).is_ok())
        .expect("a code")
}

/// Offers are accepted and proposed, and every decision is made again.
fn decide(office: &Office, decisions: usize) {
    let open = Ledger::Open {
        payer: "city_finance".to_owned(),
        fund: None,
        year: 2023,
    };
    let line = accepted(office, "open", "budget", open)["line"]
        .as_str()
        .expect("a line")
        .to_owned();
    let amount = "90000000000.00".parse().expect("an amount");
    accepted(
        office,
        "fund",
        "budget",
        Ledger::Appropriate {
            line,
            amount,
            basis: "bench".to_owned(),
        },
    );
    let sql = format!("SELECT id, subject FROM \"case\" WHERE state = 'offered' ORDER BY id LIMIT {decisions}");
    let offers: Vec<(String, String)> = office
        .reader()
        .expect("a reader")
        .rows(&sql, &[])
        .expect("offers")
        .into_iter()
        .map(|row| {
            let text = |index: usize| match &row[index] {
                meed_office::store::Cell::Text(text) => text.clone(),
                other => panic!("{other:?}"),
            };
            (text(0), text(1))
        })
        .collect();
    let assign = |subject: &String| {
        Act::from(People::Assign {
            person: "agent".to_owned(),
            role: Role::Agent,
            scope: Some(subject.clone()),
            until: None,
        })
    };
    all(
        office,
        "administrator",
        "agent",
        offers.iter().map(|(_, subject)| assign(subject)),
    );
    all(
        office,
        "agent",
        "accept",
        offers
            .iter()
            .map(|(case, _)| Act::from(Case::Accept { case: case.clone() })),
    );
    let begin = Instant::now();
    all(
        office,
        "officer",
        "propose",
        offers.iter().map(|(case, _)| {
            Act::from(Case::Propose {
                case: case.clone(),
                amount: None,
            })
        }),
    );
    let took = begin.elapsed();
    println!(
        "{} proposed, each determined, decided, reserved and logged: {took:.1?}",
        offers.len()
    );
    again(office);
}

fn again(office: &Office) {
    let begin = Instant::now();
    let parts: Vec<Replayed> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..2)
            .map(|part| {
                scope.spawn(move || {
                    let mut reader: Connection = office.reader().expect("a reader");
                    replay(&mut reader, office.setup(), part, 2).expect("a replay")
                })
            })
            .collect();
        threads
            .into_iter()
            .map(|thread| thread.join().expect("a thread"))
            .collect()
    });
    let same: u64 = parts.iter().map(|part| part.same).sum();
    assert!(parts.iter().all(|part| part.different.is_empty()), "{parts:#?}");
    println!(
        "{same} decisions made again byte for byte on two threads: {:.1?}",
        begin.elapsed()
    );
}
