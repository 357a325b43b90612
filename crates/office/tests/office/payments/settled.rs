//! How differences end: what was booked is paid no second time, what came back is not lost, and what is too much is on no line.

use meed_office::aftermath::recoveries::Act as Recovery;
use meed_office::bank::{Code, Direction, Kind, Status};
use meed_office::payments::batches::Act as Batch;
use meed_office::payments::inbound::{Act as Inbound, Remedy};
use meed_office::people::Role;
use meed_office::register::Act as Register;

use super::Till;
use super::differences::{booking, file, statement};
use crate::product::bank::answered;
use crate::support::{day, on_each_database, yuan};

const MONEY: i64 = 1_000_000;

impl Till {
    /// The differences that are open.
    fn open_differences(&self) -> Vec<String> {
        self.texts("SELECT id FROM difference WHERE state <> 'closed' ORDER BY id")
    }

    /// A payment or its return is booked on a day that begins with a balance.
    fn booked(&self, date: &str, opening: i64, entries: &[(&str, i64)]) -> Option<String> {
        let id = self.attempt("i1").0;
        let entries = entries.iter().map(|(bank_ref, amount)| match amount {
            0.. => booking(bank_ref, Some(id.clone()), *amount, Direction::Debit, Kind::Payment),
            _ => booking(
                bank_ref,
                Some(id.clone()),
                -amount,
                Direction::Credit,
                Kind::Return(Code::unspecified()),
            ),
        });
        let statement = statement(date, opening, true, entries.collect());
        let taken = self.bench.ok("machine", file(&statement));
        taken["differences"][0].as_str().map(str::to_owned)
    }

    /// Explains a difference, and tells why the second person cannot close it so.
    fn not_closed(&self, difference: &str, remedy: Remedy) -> String {
        let difference = || difference.to_owned();
        let explanation = "核对".to_owned();
        let explain = Inbound::Explain {
            difference: difference(),
            explanation,
            remedy,
        };
        self.bench.ok("preparer", explain);
        let close = Inbound::Close {
            difference: difference(),
        };
        let why = self.bench.refused("releaser", close);
        self.bench.ok(
            "releaser",
            Inbound::Reopen {
                difference: difference(),
            },
        );
        why
    }
}

#[test]
fn an_instruction_is_not_given_up_before_the_days_after_it_left_are_told() {
    on_each_database(|address| {
        let mut till = Till::open(address, &[(1, 100)]);
        let (line, execution) = (till.place.line.clone(), meed_office::input::Day(day("2023-03-10")));
        let batch = till.bench.made("preparer", Batch::Build { line, execution }, "batch");
        let id = || batch.clone();
        let hash = till.bench.made("preparer", Batch::Seal { batch: id() }, "hash");
        till.bench.on("2023-03-10");
        till.bench.ok("preparer", Batch::Recheck { batch: id() });
        till.bench.ok("releaser", Batch::Release { batch: id(), hash });
        till.send(&batch);
        // All of this was told before it left.
        for date in (1..=9).map(|day| format!("2023-03-{day:02}")) {
            till.bench.ok("machine", file(&statement(&date, MONEY, true, vec![])));
        }
        let give_up = || Inbound::NotExecuted {
            instruction: till.attempt("i1").0.to_string(),
            confirmation: "已撤销".to_owned(),
        };
        assert_eq!(till.bench.refused("releaser", give_up()), "statements_missing");
        till.bench.on("2023-03-20");
        let after = i32::from(till.bench.office.setup().config.not_executed_days);
        for number in 0..=after {
            assert_eq!(till.bench.refused("releaser", give_up()), "statements_missing");
            let date = day("2023-03-10").plus_days(meed_facts::date::Days(number)).unwrap();
            till.bench
                .ok("machine", file(&statement(&date.to_string(), MONEY, true, vec![])));
        }
        till.bench.ok("releaser", give_up());
    });
}

#[test]
fn a_batch_whose_day_is_over_or_whose_rows_were_not_looked_at_lately_does_not_leave() {
    on_each_database(|address| {
        let mut till = Till::open(address, &[(1, 100)]);
        let (line, execution) = (till.place.line.clone(), meed_office::input::Day(day("2023-03-10")));
        let beyond = Batch::Build {
            line: line.clone(),
            execution: meed_office::input::Day(day("2099-12-31")),
        };
        assert_eq!(till.bench.refused("preparer", beyond), "calendar_ends");
        let batch = till.bench.made("preparer", Batch::Build { line, execution }, "batch");
        let id = || batch.clone();
        let release = |hash: &str| Batch::Release {
            batch: id(),
            hash: hash.to_owned(),
        };
        assert_eq!(till.bench.refused("releaser", release("x")), "not_sealed");
        let depart = || Batch::Depart { batch: id() };
        assert_eq!(till.bench.refused("machine", depart()), "not_now");
        let hash = till.bench.made("preparer", Batch::Seal { batch: id() }, "hash");
        till.bench.ok("releaser", release(&hash));
        till.bench.on("2023-03-08");
        assert_eq!(till.bench.refused("machine", depart()), "stale");
        till.bench.ok("preparer", Batch::Recheck { batch: id() });
        till.bench.on("2023-03-13");
        assert_eq!(till.bench.refused("machine", depart()), "past");
        let reason = "重做".to_owned();
        till.bench.ok("preparer", Batch::Dissolve { batch, reason });
        till.recheck("i1");
        till.pay();
    });
}

#[test]
fn who_builds_or_rechecks_a_batch_does_not_release_it() {
    on_each_database(|address| {
        let till = Till::open(address, &[(1, 100)]);
        for person in ["preparer", "preparer2"] {
            till.assign(person, Role::Releaser, None);
        }
        let batch = till.bench.made("preparer", till.build(), "batch");
        let id = || batch.clone();
        let hash = till.bench.made("preparer2", Batch::Seal { batch: id() }, "hash");
        let release = || Batch::Release {
            batch: id(),
            hash: hash.clone(),
        };
        assert_eq!(till.bench.refused("preparer", release()), "same_person");
        till.person("preparer3", Role::Preparer, None);
        till.assign("preparer3", Role::Releaser, None);
        till.bench.ok("preparer3", Batch::Recheck { batch: id() });
        assert_eq!(till.bench.refused("preparer3", release()), "same_person");
        till.bench.ok("releaser", release());
    });
}

#[test]
fn less_than_was_ordered_pays_a_part_and_the_rest_is_paid_by_another_instruction() {
    on_each_database(|address| {
        let mut till = Till::open(address, &[(1, 100)]);
        till.pay();
        let first = till.attempt("i1").0;
        let difference = till.booked("2023-03-01", MONEY, &[("B1", 90)]).unwrap();
        // That the bank refuses what it booked changes nothing.
        let refused = answered(
            &first,
            Status::Rejected(Code::parse("AC04").unwrap()),
            day("2023-03-01"),
        );
        till.bench.ok("machine", refused);
        assert_eq!(till.attempt("i1").1, "sent");
        let contradiction = till.text("SELECT id FROM difference WHERE reason = 'against_its_booking'");
        till.close(&contradiction, Remedy::None);
        assert_eq!(till.not_closed(&difference, Remedy::None), "was_paid");
        till.close(&difference, Remedy::Paid);
        assert_eq!(
            (till.attempt("i1").1, till.state("i1")),
            ("paid_in_part".to_owned(), "payable".to_owned())
        );
        assert_eq!(
            [till.held("paid"), till.held("committed"), till.held("in_flight")],
            [90, 10, 0]
        );
        assert_eq!(till.text("SELECT state FROM batch"), "closed");
        assert!(till.reconcile("2023-03-01").is_balanced());
        till.bench.on("2023-03-02");
        till.recheck("i1");
        till.pay();
        assert_ne!(till.attempt("i1").0, first);
        assert_eq!(till.booked("2023-03-02", MONEY - 90, &[("B2", 10)]), None);
        assert_eq!([till.held("paid"), till.held("committed")], [100, 0]);
        assert_eq!(till.state("i1"), "paid");
        assert_eq!(till.text("SELECT state FROM award"), "settled");
    });
}

#[test]
fn two_bookings_of_one_instruction_pay_it_together() {
    on_each_database(|address| {
        let mut till = Till::open(address, &[(1, 100)]);
        till.pay();
        till.booked("2023-03-01", MONEY, &[("B1", 99), ("B2", 1)]);
        for difference in till.open_differences() {
            till.close(&difference, Remedy::Paid);
        }
        assert_eq!((till.state("i1"), till.held("paid")), ("paid".to_owned(), 100));
    });
}

#[test]
fn a_return_that_is_listed_before_its_payment_comes_back() {
    on_each_database(|address| {
        let mut till = Till::open(address, &[(1, 100)]);
        till.pay();
        assert_eq!(till.booked("2023-03-01", MONEY, &[("B2", -100), ("B1", 100)]), None);
        assert_eq!((till.state("i1"), till.held("returned")), ("returned".to_owned(), 100));
    });
}

#[test]
fn money_that_came_back_after_a_late_booking_is_paid_again() {
    on_each_database(|address| {
        let till = Till::open(address, &[(1, 100)]);
        till.released();
        // It was booked although it never left, and came back.
        let late = till.booked("2023-03-01", MONEY, &[("B1", 100)]).unwrap();
        till.close(&late, Remedy::Paid);
        assert_eq!((till.state("i1"), till.held("paid")), ("paid".to_owned(), 100));
        let back = till.booked("2023-03-02", MONEY - 100, &[("B2", -100)]).unwrap();
        assert_eq!(till.not_closed(&back, Remedy::None), "came_back");
        let paid = Inbound::Explain {
            difference: back.clone(),
            explanation: "退回".to_owned(),
            remedy: Remedy::Paid,
        };
        assert_eq!(till.bench.refused("preparer", paid), "wrong_remedy");
        till.close(&back, Remedy::Returned);
        assert_eq!((till.state("i1"), till.held("returned")), ("returned".to_owned(), 100));
        let reason = "账户已注销".to_owned();
        till.bench.ok(
            "approver",
            Batch::GiveUp {
                instalment: till.id("i1"),
                reason,
            },
        );
        assert_eq!([till.held("paid"), till.held("returned")], [0, 0]);
    });
}

#[test]
fn what_was_booked_twice_comes_back_to_no_line() {
    on_each_database(|address| {
        let mut till = Till::open(address, &[(1, 100), (1, 200)]);
        till.pay();
        let id = till.attempt("i2").0;
        let other = booking("B0", Some(id), 200, Direction::Debit, Kind::Payment);
        till.bench
            .ok("machine", file(&statement("2023-02-28", 0, false, vec![other])));
        let twice = till.booked("2023-03-01", MONEY, &[("B1", 100), ("B2", 100)]).unwrap();
        assert_eq!(till.not_closed(&twice, Remedy::Paid), "does_not_pay");
        till.close(&twice, Remedy::None);
        let available = till.held("available");
        let find = Recovery::Find {
            award: till.award("i1"),
            obligation: None,
            amount: Some(yuan("1")),
            reason: "重复支付".to_owned(),
        };
        assert_eq!(till.bench.refused("officer", find.clone()), "refund");
        let refund = |amount: &str, evidence: &str| Inbound::Refund {
            difference: twice.clone(),
            amount: yuan(amount),
            evidence: evidence.to_owned(),
        };
        assert_eq!(till.bench.ok("budget", refund("0.40", "回单 1"))["outstanding"], "0.60");
        assert_eq!(till.bench.refused("budget", refund("0.40", "回单 1")), "no_evidence");
        assert_eq!(
            till.bench.refused("budget", refund("0.61", "回单 2")),
            "not_outstanding"
        );
        till.bench.ok("budget", refund("0.60", "回单 2"));
        assert_eq!((till.held("available"), till.held("paid")), (available, 300));
        till.bench.ok("officer", find);
    });
}

#[test]
fn of_two_bookings_one_that_comes_back_leaves_the_other() {
    on_each_database(|address| {
        let mut till = Till::open(address, &[(1, 100)]);
        till.pay();
        let twice = till.booked("2023-03-01", MONEY, &[("B1", 100), ("B2", 100)]).unwrap();
        till.close(&twice, Remedy::None);
        let back = till.booked("2023-03-02", MONEY - 200, &[("B3", -100)]).unwrap();
        assert_eq!((till.state("i1"), till.held("paid")), ("paid".to_owned(), 100));
        till.close(&back, Remedy::None);
        assert_eq!(till.booked("2023-03-03", MONEY - 100, &[("B4", -100)]), None);
        assert_eq!((till.state("i1"), till.held("returned")), ("returned".to_owned(), 100));
    });
}

#[test]
fn a_paper_counts_once_and_interest_comes_last() {
    on_each_database(|address| {
        let mut till = Till::open(address, &[(1, 100)]);
        till.pay();
        till.booked("2023-03-01", MONEY, &[("B1", 100)]);
        let find = Recovery::Find {
            award: till.award("i1"),
            obligation: None,
            amount: Some(yuan("0.50")),
            reason: "多付".to_owned(),
        };
        let recovery = till.bench.made("officer", find, "recovery");
        let id = || recovery.clone();
        let hearing_on = till.bench.today();
        till.bench.ok(
            "officer",
            Recovery::Notify {
                recovery: id(),
                hearing_on,
            },
        );
        let said = "无异议".to_owned();
        till.bench.ok("officer", Recovery::Hear { recovery: id(), said });
        let (amount, interest) = (None, Some(yuan("0.05")));
        till.bench.ok(
            "approver",
            Recovery::Decide {
                recovery: id(),
                amount,
                interest,
            },
        );
        let collect = |amount: &str, evidence: &str| Recovery::Collect {
            recovery: id(),
            amount: yuan(amount),
            evidence: evidence.to_owned(),
        };
        assert_eq!(till.bench.refused("budget", collect("0", "缴款书 0")), "no_amount");
        till.bench.ok("budget", collect("0.20", "缴款书 1"));
        assert_eq!(till.bench.refused("budget", collect("0.20", "缴款书 1")), "counted");
        assert_eq!(till.bench.refused("budget", collect("0.36", "缴款书 2")), "too_much");
        assert_eq!(till.bench.ok("budget", collect("0.31", "缴款书 3"))["state"], "decided");
        assert_eq!(
            [till.held("receivable"), till.held("paid")],
            [0, 50],
            "interest is on no line"
        );
        assert_eq!(
            till.bench.ok("budget", collect("0.04", "缴款书 4"))["state"],
            "collected"
        );
    });
}

#[test]
fn who_was_paid_is_known_by_number_after_the_rest_is_forgotten() {
    on_each_database(|address| {
        let mut till = Till::open(address, &[(1, 100)]);
        let subject = till.payee(1).to_owned();
        let forget = || Register::Forget {
            subject: subject.clone(),
        };
        assert_eq!(till.bench.refused("registrar", forget()), "open_business");
        till.pay();
        till.booked("2023-03-01", MONEY, &[("B1", 100)]);
        let kept = till.bench.ok("registrar", forget());
        assert_eq!(kept["kept"], serde_json::json!(["uscc"]));
        assert_eq!(
            till.number("SELECT count(*) FROM account WHERE state <> 'closed' OR number IS NOT NULL"),
            0
        );
        assert_eq!(till.number("SELECT count(*) FROM subject WHERE name IS NOT NULL"), 0);
        let facts = serde_json::json!({"enterprise": {"uscc": crate::support::city::credit_code(1)}});
        let import = Register::Import {
            facts: meed_office::input::Json::try_from(facts).unwrap(),
            name: None,
            source: "市场监管".to_owned(),
            evidence: None,
            valid_from: None,
        };
        assert_eq!(
            till.bench.made("registrar", import, "subject"),
            subject,
            "the same, who was given what is given once"
        );
    });
}
