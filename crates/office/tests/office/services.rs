//! Services: asked for where the rules do not refuse, answered by the bureau that leads them within its days; on both databases.

use crate::support::city::credit_code;
use crate::support::{Bench, day, on_each_database};
use meed_office::input::PackageFiles;
use meed_office::log::sha256;
use meed_office::people::{Act as People, Role};
use meed_office::register::Act as Register;
use meed_office::services::{Act as Service, overdue};
use serde_json::{Value, json};

const SERVICES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/office/packages/services");

/// An office with the package and an officer of its one bureau, on a Thursday.
fn office(address: &str) -> Bench {
    let bench = Bench::open(address, "2023-02-23");
    bench.publish(SERVICES.parse::<PackageFiles>().unwrap());
    for (person, bureau) in [("clerk", "publicity_department"), ("stranger", "city_finance")] {
        let (id, name, scope) = (person.to_owned(), person.to_owned(), Some(bureau.to_owned()));
        let bureau = bureau.to_owned();
        bench.ok("administrator", People::Enter { id, name, bureau });
        let (person, role) = (person.to_owned(), Role::Officer);
        let until = None;
        bench.ok(
            "administrator",
            People::Assign {
                person,
                role,
                scope,
                until,
            },
        );
    }
    bench
}

/// An enterprise of which more or less is known.
fn enterprise(bench: &Bench, number: usize, more: Value) -> String {
    let mut facts = json!({"uscc": credit_code(number)});
    facts.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    bench.enter(json!({"enterprise": facts}))
}

fn ask(subject: &str, service: &str) -> Service {
    Service::Ask {
        subject: subject.to_owned(),
        service: service.to_owned(),
        object: None,
        wish: Some("五楼以上".to_owned()),
    }
}

fn take(request: &str) -> Service {
    let request = request.to_owned();
    Service::Take { request }
}

fn ask_back(request: &str) -> Service {
    Service::AskBack {
        request: request.to_owned(),
        question: "需要多少平方米？".to_owned(),
    }
}

fn reply(request: &str) -> Service {
    Service::Reply {
        request: request.to_owned(),
        reply: "300".to_owned(),
    }
}

fn answer(request: &str) -> Service {
    Service::Answer {
        request: request.to_owned(),
        answer: "已安排".to_owned(),
    }
}

fn refuse(request: &str) -> Service {
    Service::Refuse {
        request: request.to_owned(),
        why: "暂无房源".to_owned(),
    }
}

fn withdraw(request: &str) -> Service {
    let request = request.to_owned();
    Service::Withdraw { request }
}

fn known(bench: &Bench, number: usize) -> (String, String) {
    let subject = enterprise(bench, number, json!({"is_known": true, "settles_here": true}));
    let agent = format!("agent-{subject}");
    (subject, agent)
}

#[test]
fn a_request_is_answered_by_the_bureau_that_leads_the_service() {
    on_each_database(|address| {
        let bench = office(address);
        let (subject, agent) = known(&bench, 1);
        assert_eq!(bench.refused("officer", ask(&subject, "free_office")), "not_yours");
        let made = bench.ok(&agent, ask(&subject, "free_office"));
        assert_eq!(made["bureau"], "publicity_department");
        assert_eq!(made["verdict"], "eligible");
        assert_eq!(made["due"], "2023-03-09", "ten working days later");
        assert_eq!(bench.refused(&agent, ask(&subject, "free_office")), "request_open");
        let request = made["request"].as_str().unwrap();
        assert_eq!(bench.refused("stranger", take(request)), "not_yours");
        assert_eq!(bench.refused("clerk", answer(request)), "not_now", "it is taken first");
        bench.ok("clerk", take(request));
        assert_eq!(bench.refused("stranger", answer(request)), "not_yours");
        let told = bench.ok("clerk", answer(request));
        assert_eq!(told["answer"], json!(sha256("已安排".as_bytes())));
        for after in [take(request), answer(request), refuse(request)] {
            assert_eq!(bench.refused("clerk", after), "not_now", "an answer is final");
        }
        assert_eq!(bench.refused(&agent, withdraw(request)), "not_now");
        bench.ok(&agent, ask(&subject, "free_office"));
    });
}

#[test]
fn the_clock_stands_still_while_the_bureau_waits_for_the_applicant() {
    on_each_database(|address| {
        let bench = office(address);
        let (subject, agent) = known(&bench, 1);
        let request = bench.made(&agent, ask(&subject, "free_office"), "request");
        assert_eq!(
            bench.refused(&agent, reply(&request)),
            "not_now",
            "nobody asked, and nobody took it"
        );
        bench.ok("clerk", take(&request));
        assert_eq!(bench.refused(&agent, reply(&request)), "not_now");
        bench.on("2023-02-24");
        bench.ok("clerk", ask_back(&request));
        assert_eq!(bench.refused("clerk", take(&request)), "waits_for_reply");
        assert_eq!(bench.refused("clerk", answer(&request)), "not_now");
        // From Friday over a weekend to Wednesday: three working days.
        bench.on("2023-03-01");
        assert_eq!(bench.ok(&agent, reply(&request))["due"], "2023-03-14");
        bench.ok("clerk", ask_back(&request));
        assert_eq!(
            bench.ok(&agent, reply(&request))["due"],
            "2023-03-14",
            "no day was lost"
        );
        bench.ok("clerk", refuse(&request));
    });
}

#[test]
fn what_is_over_its_days_is_seen_and_told_once() {
    on_each_database(|address| {
        let bench = office(address);
        let (subject, agent) = known(&bench, 1);
        let late = bench.made(&agent, ask(&subject, "free_office"), "request");
        let (other, other_agent) = known(&bench, 2);
        let waiting = bench.made(&other_agent, ask(&other, "free_office"), "request");
        bench.ok("clerk", take(&waiting));
        bench.ok("clerk", ask_back(&waiting));
        let seen = |on: &str| {
            let found = overdue(&mut bench.office.reader().unwrap(), day(on)).unwrap();
            found.into_iter().map(|one| one.id).collect::<Vec<_>>()
        };
        assert_eq!(seen("2023-03-09"), Vec::<String>::new(), "the last day is not over");
        assert_eq!(
            seen("2023-03-10"),
            [late.as_str()],
            "who asked back waits for the applicant"
        );
        bench.on("2023-03-10");
        assert_eq!(bench.tick(), [format!("request {late}")]);
        assert_eq!(bench.tick(), [""; 0]);
        assert_eq!(
            bench.number("SELECT count(*) FROM outbox WHERE kind = 'service_overdue'"),
            1
        );
        bench.ok(&other_agent, withdraw(&waiting));
        bench.ok("clerk", take(&late));
    });
}

#[test]
fn the_rules_say_who_may_ask() {
    on_each_database(|address| {
        let bench = office(address);
        let asked = |number, facts: Value, service| {
            let subject = enterprise(&bench, number, facts);
            (format!("agent-{subject}"), ask(&subject, service))
        };
        let (agent, act) = asked(1, json!({"is_known": false, "settles_here": true}), "free_office");
        assert_eq!(bench.refused(&agent, act), "not_eligible");
        let (agent, act) = asked(2, json!({"is_known": true}), "free_office");
        let made = bench.ok(&agent, act);
        assert_eq!(made["verdict"], "undetermined");
        let body = format!(
            "SELECT count(*) FROM document WHERE digest = '{}' AND body LIKE '%settles_here%'",
            made["determination"].as_str().unwrap()
        );
        assert_eq!(bench.number(&body), 1, "what is missing is kept with the request");
        let (agent, act) = asked(3, json!({"is_known": true, "settles_here": true}), "own_contact");
        assert_eq!(bench.refused(&agent, act), "no_lead");
        let (agent, act) = asked(4, json!({}), "car");
        assert_eq!(bench.refused(&agent, act), "unknown_service");
    });
}

#[test]
fn what_was_said_is_forgotten_with_its_applicant() {
    on_each_database(|address| {
        let bench = office(address);
        let (subject, agent) = known(&bench, 1);
        let request = bench.made(&agent, ask(&subject, "free_office"), "request");
        bench.ok("clerk", take(&request));
        bench.ok("clerk", ask_back(&request));
        bench.ok(&agent, reply(&request));
        bench.ok("clerk", answer(&request));
        let said = "SELECT (SELECT count(*) FROM document WHERE kind = 'words' AND body IS NOT NULL) + \
                    (SELECT count(*) FROM command WHERE act LIKE '%五楼以上%' OR act LIKE '%平方米%' OR act LIKE '%已安排%')";
        assert_eq!(bench.number(said), 7);
        bench.ok("registrar", Register::Forget { subject });
        assert_eq!(bench.number(said), 0);
        assert_eq!(
            bench.number("SELECT count(*) FROM identifier WHERE value IS NOT NULL"),
            0,
            "nothing counts"
        );
    });
}
