//! What days alone bring is moved once, by whom and however often timers are run; nothing waits for them.

use meed_office::cases::Act as Case;
use meed_office::command::{Command, Outcome};
use meed_office::publicity::Act as List;
use meed_office::timers::{Act as Timer, Clock, TickError, due, keeper, run};
use meed_office::tx::Tx;

use crate::support::growth::{giant, growth};
use crate::support::{Bench, on_each_database};

fn offered(bench: &Bench, subject: &str) -> String {
    let offer = Case::Offer {
        subject: subject.to_owned(),
        measure: "equipment_grant".to_owned(),
        object: None,
        on: None,
    };
    bench.made("machine", offer, "case")
}

#[test]
fn offers_and_publicity_end_on_their_days_and_twice_does_nothing() {
    on_each_database(|address| {
        let (bench, _) = growth(address, "2023-03-06", "1000000");
        let firms = [bench.enter(giant(1)), bench.enter(giant(2)), bench.enter(giant(3))];
        let offer = offered(&bench, &firms[0]);
        let cases = [&firms[1], &firms[2]].map(|firm| bench.propose(firm, "growth_reward", None));
        let list = bench.make_public(&cases);
        let object = List::Object {
            case: cases[1].clone(),
            ground: "营业收入不实".to_owned(),
            name: None,
        };
        let objection = bench.made("auditor", object, "objection");
        bench.on("2023-03-13");
        assert_eq!(bench.tick(), [""; 0], "the fifth working day is not over");
        bench.on("2023-03-14");
        assert_eq!(bench.tick(), [format!("row {list}/1/{}", cases[0])]);
        assert_eq!(
            cases.each_ref().map(|case| bench.state_of("case", case)),
            ["recheck", "publicity"]
        );
        assert_eq!(bench.state_of("list", &list), "public");
        assert_eq!(bench.tick(), [""; 0], "what is contested stays");
        bench.ok(
            "examiner",
            List::Examine {
                objection: objection.clone(),
            },
        );
        let why = "经核实属实".to_owned();
        bench.ok("examiner", List::Reject { objection, why });
        assert_eq!(bench.tick(), [format!("row {list}/1/{}", cases[1])]);
        assert_eq!(bench.state_of("list", &list), "ended");
        bench.on("2023-04-05");
        assert_eq!(bench.tick(), [""; 0], "the last day of the offer is not over");
        bench.on("2023-04-06");
        assert_eq!(bench.tick(), [format!("offer {offer}")]);
        assert_eq!(bench.state_of("case", &offer), "expired");
        assert_eq!(bench.tick(), [""; 0]);
        bench.ok("approver", Case::Approve { case: cases[0].clone() });
    });
}

#[test]
fn each_is_moved_once_though_two_run_timers_at_once() {
    on_each_database(|address| {
        let (bench, _) = growth(address, "2023-03-06", "1000000");
        let offers: Vec<String> = (1..=6)
            .map(|number| offered(&bench, &bench.enter(giant(number))))
            .collect();
        bench.on("2023-05-01");
        let other = Bench::reopen(address, crate::support::setup("2023-05-01"));
        let ran = std::thread::scope(|scope| {
            let runs = [&bench, &other, &bench, &other].map(|one| scope.spawn(|| run(&one.office, "machine").unwrap()));
            runs.map(|run| run.join().unwrap())
        });
        assert!(ran.iter().all(|ticked| ticked.refused.is_empty()), "{ran:?}");
        assert!(ran.iter().any(|ticked| !ticked.moved.is_empty()), "{ran:?}");
        let fired = "SELECT count(*) FROM log WHERE kind = 'timer.fire'";
        assert_eq!(bench.number(fired), i64::try_from(offers.len()).unwrap());
        assert_eq!(bench.number("SELECT count(*) FROM \"case\" WHERE state = 'expired'"), 6);
    });
}

#[test]
fn a_timer_moves_only_what_is_due_and_only_in_the_name_of_the_machine() {
    on_each_database(|address| {
        let (bench, _) = growth(address, "2023-03-06", "1000000");
        let offer = offered(&bench, &bench.enter(giant(1)));
        let fire = |since: &str| Timer::Fire {
            clock: Clock::Offer,
            id: offer.clone(),
            since: since.to_owned(),
        };
        assert_eq!(bench.refused("machine", fire("2023-04-05")), "not_due");
        bench.on("2023-04-06");
        assert_eq!(bench.refused("officer", fire("2023-04-05")), "not_yours");
        assert_eq!(bench.refused("machine", fire("2023-04-04")), "not_due");
        assert_eq!(keeper(&bench.office).unwrap().as_deref(), Some("machine"));
        assert_eq!(
            run(&bench.office, "officer"),
            Err(TickError::NotYours("officer".to_owned()))
        );
        // Whoever uses a timer's id for something else does not stop it.
        let spoilt = |id: String| {
            bench
                .office
                .submit(Command::new(id, "officer", fire("2023-04-05")))
                .unwrap()
        };
        for id in ["timer:offer:@:2023-04-05", "timer:offer:@:2023-04-05:2"] {
            assert!(matches!(spoilt(id.replace('@', &offer)), Outcome::Denied { .. }));
        }
        assert_eq!(bench.tick(), [format!("offer {offer}")]);
        let mut connection = bench.office.reader().unwrap();
        let mut tx = Tx::reading(&mut connection, bench.office.setup()).unwrap();
        assert_eq!(due(&mut tx).unwrap(), []);
    });
}
