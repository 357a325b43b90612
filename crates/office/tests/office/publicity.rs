//! Publicity: how long a row is public, what is said against it, and what follows.

use meed_office::cases::Act as Case;
use meed_office::people::Role;
use meed_office::publicity::{Act as List, Remedy};
use meed_office::setup::Setup;
use meed_office::time::{Clock, Instant};

use crate::support::round::{approve, end, uphold};
use crate::support::{Bench, CALENDAR, config, day, on_each_database};

/// Cases that each ask for so much, proposed; and their line.
fn proposed(bench: &Bench, requested: &[&str]) -> (String, Vec<String>) {
    let line = bench.line(None, bench_year(bench), "5000000");
    let cases = (0..).zip(requested).map(|(number, requested)| {
        let case = bench.applies_alone("plain_support", &bench.asks(number, requested, 0));
        bench.to_verified(&case);
        assert_eq!(bench.proposes(&case)["state"], "proposed");
        case
    });
    let cases = cases.collect();
    (line, cases)
}

fn bench_year(bench: &Bench) -> i64 {
    bench.office.setup().clock.now().date().unwrap().year().into()
}

fn object(case: &str) -> List {
    List::Object {
        case: case.to_owned(),
        ground: "所列金额不实".to_owned(),
        name: Some("王某".to_owned()),
    }
}

#[test]
fn a_row_is_clear_at_midnight_after_its_last_day_and_not_a_millisecond_earlier() {
    // (published on, clear at): five working days, the first the one after; Spring Festival, a make-up Sunday, an ordinary week.
    let edges = [
        ("2023-01-19", "2023-02-01"),
        ("2024-02-02", "2024-02-09"),
        ("2024-02-08", "2024-02-22"),
        ("2024-03-01", "2024-03-09"),
        ("2024-03-02", "2024-03-09"),
    ];
    for (published, clear) in edges {
        on_each_database(|address| {
            let bench = Bench::with_rounds(address, published);
            let (_, cases) = proposed(&bench, &["100000.00"]);
            let list = bench.make_public(&cases);
            bench.at(clear, -1);
            assert_eq!(bench.refused("officer", end(&list, 1)), "still_public", "{published}");
            bench.made("auditor", object(&cases[0]), "objection");
            bench.at(clear, 0);
            assert_eq!(bench.refused("auditor", object(&cases[0])), "not_public_now");
            let ended = bench.ok("officer", end(&list, 1));
            assert_eq!(ended["contested"][0], cases[0].as_str());
        });
    }
}

#[test]
fn a_period_that_the_calendar_does_not_reach_cannot_be_decided() {
    on_each_database(|address| {
        let bench = Bench::with_rounds(address, "2026-12-28");
        let (_, cases) = proposed(&bench, &["100000.00"]);
        let frozen = bench.ok("officer", List::Freeze { cases, days: None });
        assert_eq!(bench.publish_refused(&frozen), "calendar_ends");
    });
}

/// The same office with another calendar, at noon of a day.
fn with_calendar(address: &str, calendar: &str, on: &str) -> Bench {
    let noon = Instant::start_of(day(on)).plus_hours(12);
    Bench::reopen(address, Setup::new(config(), calendar, Clock::at(noon)).unwrap())
}

#[test]
fn a_calendar_revised_meanwhile_lengthens_a_running_period_and_never_shortens_it() {
    on_each_database(|address| {
        let bench = Bench::with_rounds(address, "2024-03-01");
        let (_, cases) = proposed(&bench, &["100000.00"]);
        let list = bench.make_public(&cases);
        drop(bench);
        let shorter = format!("{CALENDAR}2024-03-02,work,临时,测试\n2024-03-03,work,临时,测试\n");
        let bench = with_calendar(address, &shorter, "2024-03-08");
        assert_eq!(bench.refused("officer", end(&list, 1)), "still_public");
        drop(bench);
        let longer = format!("{CALENDAR}2024-03-06,off,临时,测试\n");
        let bench = with_calendar(address, &longer, "2024-03-09");
        assert_eq!(bench.refused("officer", end(&list, 1)), "still_public");
        bench.on("2024-03-12");
        bench.ok("officer", end(&list, 1));
    });
}

#[test]
fn a_raised_row_is_public_again_and_the_others_keep_their_days() {
    on_each_database(|address| {
        let bench = Bench::with_rounds(address, "2024-03-01");
        let (line, cases) = proposed(&bench, &["100000.00", "200000.00"]);
        let list = bench.make_public(&cases);
        let before = bench.cells("SELECT hash FROM list");
        bench.on("2024-03-05");
        let objection = bench.objects(&cases[0]);
        // The rules give more only once the register knows more.
        let raise = || uphold(&objection, Remedy::Raise, Some("150000.00"));
        assert_eq!(bench.refused("examiner", raise()), "amount_not_due");
        bench.says(&cases[0], "150000.00");
        let raised = bench.ok("examiner", raise());
        assert_eq!(raised["version"], 2);
        bench.balances(&line, ["4650000.00", "350000.00", "0.00"]);
        bench.on("2024-03-06");
        bench.publishes(&raised);
        assert_eq!(bench.cells("SELECT hash FROM list WHERE version = 1"), before);
        let since = "SELECT count(*) FROM \"row\" WHERE version = 2 AND public_since = '2024-03-01'";
        assert_eq!(bench.number(since), 1);
        // The other row is clear after its own five days, the raised one after five more of its own.
        bench.on("2024-03-09");
        assert_eq!(bench.refused("officer", end(&list, 1)), "replaced");
        assert_eq!(bench.ok("officer", end(&list, 2))["ended"], 1);
        bench.ok("approver", approve(&cases[1]));
        assert_eq!(bench.refused("approver", approve(&cases[0])), "still_public");
        bench.at("2024-03-14", -1);
        assert_eq!(bench.refused("officer", end(&list, 2)), "still_public");
        bench.at("2024-03-14", 0);
        bench.ok("officer", end(&list, 2));
        bench.ok("approver", approve(&cases[0]));
        bench.balances(&line, ["4650000.00", "0.00", "350000.00"]);
        bench.is_clean();
    });
}

#[test]
fn a_raise_for_which_there_is_no_money_waits() {
    on_each_database(|address| {
        let bench = Bench::with_rounds(address, "2024-03-01");
        let (line, cases) = proposed(&bench, &["100000.00"]);
        bench.make_public(&cases);
        let objection = bench.objects(&cases[0]);
        bench.says(&cases[0], "5000001.00");
        let raised = bench.ok("examiner", uphold(&objection, Remedy::Raise, Some("5000001.00")));
        assert_eq!(raised["state"], "waiting_for_funds");
        bench.balances(&line, ["4900000.00", "100000.00", "0.00"]);
        let propose = || Case::Propose {
            case: cases[0].clone(),
            amount: None,
        };
        assert_eq!(bench.refused("officer", propose()), "no_money");
        bench.balances(&line, ["4900000.00", "100000.00", "0.00"]);
        bench.more(&line, "1.00");
        bench.ok("officer", propose());
        bench.balances(&line, ["0.00", "5000001.00", "0.00"]);
        // What was public is less than what is proposed now.
        bench.on("2024-03-09");
        assert_eq!(bench.refused("approver", approve(&cases[0])), "not_covered");
        bench.is_clean();
    });
}

#[test]
fn a_lowered_row_is_heard_and_frees_the_difference_and_is_not_public_again() {
    on_each_database(|address| {
        let bench = Bench::with_rounds(address, "2024-03-01");
        let (line, cases) = proposed(&bench, &["100000.00"]);
        let list = bench.make_public(&cases);
        let objection = bench.objects(&cases[0]);
        let unheard = List::Uphold {
            objection: objection.clone(),
            remedy: Remedy::Lower,
            amount: Some("60000".parse().unwrap()),
            subject: None,
            heard: None,
            why: "多报".to_owned(),
        };
        assert_eq!(bench.refused("examiner", unheard), "not_heard");
        let wrong = uphold(&objection, Remedy::Lower, Some("100000.01"));
        assert_eq!(bench.refused("examiner", wrong), "wrong_remedy");
        bench.ok("examiner", uphold(&objection, Remedy::Lower, Some("60000")));
        bench.balances(&line, ["4940000.00", "60000.00", "0.00"]);
        let told = "SELECT count(*) FROM outbox WHERE kind = 'decided' AND body LIKE '%\"lower\"%'";
        assert_eq!(bench.number(told), 1, "the applicant is told");
        bench.on("2024-03-09");
        bench.ok("officer", end(&list, 1));
        bench.ok("approver", approve(&cases[0]));
        bench.balances(&line, ["4940000.00", "0.00", "60000.00"]);
        bench.is_clean();
    });
}

#[test]
fn a_row_that_names_another_is_public_again() {
    on_each_database(|address| {
        let bench = Bench::with_rounds(address, "2024-03-01");
        let (_, cases) = proposed(&bench, &["100000.00"]);
        let list = bench.make_public(&cases);
        let right = bench.asks(77, "100000.00", 0);
        let objection = bench.objects(&cases[0]);
        let correct = List::Uphold {
            objection,
            remedy: Remedy::Correct,
            amount: None,
            subject: Some(right.clone()),
            heard: None,
            why: "主体名称有误".to_owned(),
        };
        bench.on("2024-03-08");
        let frozen = bench.ok("examiner", correct);
        bench.publishes(&frozen);
        bench.on("2024-03-09");
        assert_eq!(bench.refused("officer", end(&list, 2)), "still_public");
        bench.on("2024-03-16");
        bench.ok("officer", end(&list, 2));
        bench.ok("approver", approve(&cases[0]));
        let payee = format!("SELECT count(*) FROM award WHERE payee = '{right}' AND subject_key = '{right}'");
        assert_eq!(bench.number(&payee), 1);
        bench.is_clean();
    });
}

#[test]
fn an_added_row_alone_is_public_anew() {
    on_each_database(|address| {
        let bench = Bench::with_rounds(address, "2024-03-01");
        let (_, cases) = proposed(&bench, &["100000.00", "200000.00"]);
        let list = bench.make_public(&cases[..1]);
        bench.on("2024-03-06");
        let added = List::Renew {
            list: list.clone(),
            cases: cases[1..].to_vec(),
        };
        let frozen = bench.ok("officer", added);
        bench.publishes(&frozen);
        bench.on("2024-03-09");
        assert_eq!(bench.ok("officer", end(&list, 2))["ended"], 1);
        assert_eq!(bench.state(&cases[0]), "recheck");
        assert_eq!(bench.state(&cases[1]), "publicity");
    });
}

#[test]
fn a_case_that_is_withdrawn_before_its_list_is_public_is_left_out() {
    on_each_database(|address| {
        let bench = Bench::with_rounds(address, "2024-03-01");
        let (line, cases) = proposed(&bench, &["100000.00", "200000.00"]);
        let frozen = bench.ok(
            "officer",
            List::Freeze {
                cases: cases.clone(),
                days: None,
            },
        );
        let agent = format!("agent-{}", bench.subject(&cases[0]));
        bench.ok(&agent, Case::Withdraw { case: cases[0].clone() });
        bench.balances(&line, ["4800000.00", "200000.00", "0.00"]);
        assert_eq!(bench.publish_refused(&frozen), "row_gone");
        let list = frozen["list"].as_str().unwrap().to_owned();
        let renewed = bench.ok(
            "officer",
            List::Renew {
                list,
                cases: Vec::new(),
            },
        );
        let list = bench.publishes(&renewed);
        bench.on("2024-03-09");
        assert_eq!(bench.ok("officer", end(&list, 2))["ended"], 1);
    });
}

#[test]
fn an_objection_is_anybodys_and_examined_by_nobody_who_acted() {
    on_each_database(|address| {
        let bench = Bench::with_rounds(address, "2024-03-01");
        let (_, cases) = proposed(&bench, &["100000.00", "200000.00"]);
        bench.make_public(&cases);
        // Somebody without any role.
        let objection = bench.made("citizen", object(&cases[0]), "objection");
        let examine = || List::Examine {
            objection: objection.clone(),
        };
        bench.another("officer", Role::Examiner);
        assert_eq!(bench.refused("officer", examine()), "same_person");
        assert_eq!(bench.refused("auditor", examine()), "not_yours");
        bench.ok("examiner", examine());
        bench.another("second", Role::Examiner);
        let reject = |why: &str| List::Reject {
            objection: objection.clone(),
            why: why.to_owned(),
        };
        assert_eq!(bench.refused("second", reject("不成立")), "other_examiner");
        assert_eq!(bench.refused("examiner", reject(" ")), "no_reason");
        // Who cannot finish it hands it over, on record; and then it is the other's.
        bench.ok("second", examine());
        assert_eq!(bench.refused("examiner", reject("不成立")), "other_examiner");
        bench.ok("second", reject("不成立"));
        // Who examined it does not approve it either.
        bench.another("examiner", Role::Approver);
        bench.on("2024-03-09");
        assert_eq!(bench.refused("examiner", approve(&cases[0])), "same_person");
    });
}

#[test]
fn who_objects_is_kept_apart() {
    on_each_database(|address| {
        let bench = Bench::with_rounds(address, "2024-03-01");
        let (_, cases) = proposed(&bench, &["100000.00"]);
        let list = bench.make_public(&cases);
        let objection = bench.made("citizen", object(&cases[0]), "objection");
        let mut reader = bench.office.reader().unwrap();
        for table in ["objection", "log", "outbox"] {
            let found = bench.cells(&format!("SELECT * FROM {table}"));
            assert!(!format!("{found:?}").contains("王某"), "{table} tells who objected");
        }
        let pack = meed_office::evidence::pack(&mut reader, bench.office.setup(), &cases[0]).unwrap();
        assert!(pack.values().all(|file| !file.contains("王某")));
        let withdraw = || List::Withdraw {
            objection: objection.clone(),
        };
        assert_eq!(bench.refused("auditor", withdraw()), "not_yours");
        bench.ok("citizen", withdraw());
        bench.on("2024-03-09");
        assert_eq!(bench.ok("officer", end(&list, 1))["ended"], 1);
    });
}

#[test]
fn what_is_no_objection_is_turned_away_with_a_reason() {
    on_each_database(|address| {
        let bench = Bench::with_rounds(address, "2024-03-01");
        let (_, cases) = proposed(&bench, &["100000.00"]);
        assert_eq!(bench.refused("citizen", object(&cases[0])), "not_public_now");
        bench.make_public(&cases);
        let objection = bench.made("citizen", object(&cases[0]), "objection");
        let away = List::TurnAway {
            objection: objection.clone(),
            why: "与公示内容无关".to_owned(),
        };
        bench.ok("examiner", away);
        let strike = uphold(&objection, Remedy::Strike, None);
        assert_eq!(bench.refused("examiner", strike), "not_now");
        assert_eq!(bench.state(&cases[0]), "publicity");
    });
}

#[test]
fn fault_14_a_refusal_with_no_reason_is_impossible_to_record() {
    on_each_database(|address| {
        let bench = Bench::with_rounds(address, "2024-03-01");
        let (line, cases) = proposed(&bench, &["100000.00"]);
        bench.make_public(&cases);
        let refuse = |why: Option<&str>| Case::Refuse {
            case: cases[0].clone(),
            why: why.map(str::to_owned),
        };
        assert_eq!(bench.refused("officer", refuse(None)), "eligible");
        assert_eq!(bench.refused("officer", refuse(Some("  "))), "eligible");
        let objection = bench.objects(&cases[0]);
        let strike = List::Uphold {
            objection: objection.clone(),
            remedy: Remedy::Strike,
            amount: None,
            subject: None,
            heard: Some("已陈述".to_owned()),
            why: String::new(),
        };
        assert_eq!(bench.refused("examiner", strike), "no_reason");
        bench.balances(&line, ["4900000.00", "100000.00", "0.00"]);
        let struck = bench.ok("examiner", uphold(&objection, Remedy::Strike, None));
        assert_eq!(struck["reasons"]["appeal"]["to"], "哈尔滨市人民政府");
        bench.balances(&line, ["5000000.00", "0.00", "0.00"]);
        let without = "SELECT count(*) FROM decision WHERE kind = 'refuse' AND reasons NOT LIKE '%statement%'";
        assert_eq!(bench.number(without), 0);
        bench.is_clean();
    });
}

#[test]
fn a_refusal_against_the_rules_states_its_own_reason_and_apart_what_the_rules_say() {
    on_each_database(|address| {
        let bench = Bench::with_rounds(address, "2024-03-01");
        let (_, cases) = proposed(&bench, &["100000.00"]);
        bench.make_public(&cases);
        let refuse = Case::Refuse {
            case: cases[0].clone(),
            why: Some("经查，申报材料不实".to_owned()),
        };
        let reasons = bench.ok("officer", refuse)["reasons"].clone();
        assert_eq!(reasons["statement"], "经查，申报材料不实");
        assert_eq!(
            reasons["reasons"],
            serde_json::json!([]),
            "what holds is no reason to refuse"
        );
        assert_eq!(reasons["rules"]["verdict"], "eligible");
        let said = reasons["rules"]["reasons"].as_array().unwrap();
        assert!(
            !said.is_empty() && said.iter().all(|one| one["kind"] != "fails"),
            "{reasons}"
        );
        assert!(reasons["citation"].is_object(), "{reasons}");
    });
}
