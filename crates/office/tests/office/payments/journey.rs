//! Money's whole way: files lost, refused, paid, come back, paid again and given up; asked back, set off, written off; and the year's end.

use meed_office::aftermath::recoveries::Act as Recovery;
use meed_office::awards::Act as Award;
use meed_office::bank::{Adapter, Code, Direction, Form, Kind, Line, Mode, Reply, Status};
use meed_office::ledger::Act as Ledger;
use meed_office::payments::batches::Act as Batch;
use meed_office::payments::inbound::{Act as Inbound, FromBank, Remedy};
use meed_office::payments::sending;
use meed_office::years::{Step, run};

use super::Till;
use super::differences::{booking, file, statement};
use super::sending::Dark;
use crate::support::journey::Given;
use crate::support::yuan;

/// Payees and amounts; the second award is approved when there is something to set off against it, the last stays for the year's end.
const GRANTS: [(usize, i64); 7] = [
    (1, 10_000),
    (1, 5_000),
    (2, 20_000),
    (3, 30_000),
    (4, 40_000),
    (4, 50_000),
    (5, 60_000),
];

/// The accounts that a payee's money comes back from.
const CLOSED: [&str; 2] = ["622200000000000002", "622200000000000003"];

/// The commands of such an office.
pub fn journey(address: &str) -> Vec<Given> {
    let mut till = Till::prepared(address, &GRANTS);
    for number in [1, 3, 4, 5, 6] {
        till.approve(number);
        till.recheck(&format!("i{number}"));
    }
    nothing_arrives(&mut till);
    some_comes_back(&mut till);
    some_is_asked_back(&mut till);
    till.bench.on("2023-12-31");
    till.approve(7);
    till.bench.fund(2024, "1");
    let line = till.place.line.clone();
    assert!(run(&till.bench.office, "budget", Step::End(&line)).unwrap().len() > 2);
    till.bench.journey()
}

/// A batch is taken apart after its second key; another is lost, and one of its rows refused, which the bank books all the same.
fn nothing_arrives(till: &mut Till) {
    let batch = till.released();
    till.bench.ok(
        "releaser",
        Batch::Dissolve {
            batch,
            reason: "金额有误".to_owned(),
        },
    );
    let batch = till.released();
    sending::send(&till.bench.office, "machine", &batch, &mut Dark(None)).unwrap();
    let refused = till.attempt("i6").0;
    let (code, message) = (Code::parse("AM04").unwrap(), "R1".to_owned());
    let line = Line {
        id: refused.clone(),
        status: Status::Rejected(code),
        date: None,
        bank_ref: None,
    };
    let reply = Reply {
        message,
        original: None,
        group: None,
        lines: vec![line],
    };
    let now = till.bench.office.setup().clock.now();
    let answers = Adapter::new(Form::Iso20022, Mode::Test)
        .write_reply(&reply, now)
        .unwrap();
    till.bench.ok(
        "machine",
        Inbound::Answers {
            file: FromBank(String::from_utf8(answers).unwrap()),
        },
    );
    // Of a day before the first statement, which so cannot lack it.
    let entry = booking("late", Some(refused), 50_000, Direction::Debit, Kind::Payment);
    till.bench
        .ok("machine", file(&statement("2023-02-28", 0, false, vec![entry])));
    let difference = till.text("SELECT id FROM difference");
    till.close(&difference, Remedy::Paid);
    till.to("2023-03-07");
    for name in ["i1", "i3", "i4", "i5"] {
        let (instruction, confirmation) = (till.attempt(name).0.to_string(), "已撤销".to_owned());
        till.bench.ok(
            "releaser",
            Inbound::NotExecuted {
                instruction,
                confirmation,
            },
        );
    }
}

/// All is paid, and comes back from two accounts: to one it is paid again, the other is given up.
fn some_comes_back(till: &mut Till) {
    for name in ["i1", "i3", "i4", "i5"] {
        till.recheck(name);
    }
    CLOSED.iter().for_each(|account| till.bank.close(account));
    till.pay();
    till.to("2023-03-20");
    assert_eq!(
        [till.state("i1"), till.state("i3"), till.state("i4")],
        ["paid", "returned", "returned"]
    );
    let account = till.enter_account(2, "622200000000009992");
    let (prevalidate, activate) = super::accounts::to_activate(&account, 2);
    till.bench.ok("registrar2", prevalidate);
    till.to("2023-03-24");
    till.bench.ok("registrar2", activate);
    till.bench.ok(
        "preparer",
        Batch::PayAgain {
            instalment: till.id("i3"),
        },
    );
    till.bench.ok(
        "approver",
        Batch::GiveUp {
            instalment: till.id("i4"),
            reason: "企业已注销".to_owned(),
        },
    );
    till.recheck("i3");
    till.pay();
    till.to("2023-03-27");
    assert_eq!(till.state("i3"), "paid");
}

/// Of three recoveries one is set off, one collected in part and written off, one cancelled; an award that was paid is annulled.
fn some_is_asked_back(till: &mut Till) {
    till.approve(2);
    till.recheck("i2");
    let set_off = asked_back(till, "i1", "60");
    let (recovery, instalment) = (set_off.clone(), till.id("i2"));
    let (amount, basis) = (None, Some("测试第一条".to_owned()));
    till.bench.ok(
        "preparer",
        Recovery::Offset {
            recovery,
            instalment,
            amount,
            basis,
        },
    );
    let (evidence, reason) = (|n: u8| format!("缴款书 {n}"), || "无可供执行的财产".to_owned());
    till.bench.ok(
        "budget",
        Recovery::Collect {
            recovery: set_off,
            amount: yuan("10"),
            evidence: evidence(1),
        },
    );
    let written_off = asked_back(till, "i3", "200");
    let id = || written_off.clone();
    till.bench.ok(
        "budget",
        Recovery::Collect {
            recovery: id(),
            amount: yuan("50"),
            evidence: evidence(2),
        },
    );
    for person in ["officer", "approver"] {
        till.bench.ok(
            person,
            Recovery::WriteOff {
                recovery: id(),
                reason: reason(),
            },
        );
    }
    till.bench.ok(
        "budget",
        Recovery::Collect {
            recovery: id(),
            amount: yuan("20"),
            evidence: evidence(3),
        },
    );
    let recovery = asked_back(till, "i5", "100");
    till.bench.ok(
        "approver",
        Recovery::Cancel {
            recovery,
            reason: reason(),
        },
    );
    let (award, heard) = (till.award("i5"), "已陈述".to_owned());
    till.bench.ok(
        "approver",
        Award::Annul {
            award,
            reason: "骗取资金".to_owned(),
            heard,
        },
    );
    till.bench.ok(
        "budget",
        Ledger::Cut {
            line: till.place.line.clone(),
            amount: yuan("1"),
            basis: "调减".to_owned(),
        },
    );
}

/// A recovery that is enforced.
pub fn asked_back(till: &Till, name: &str, amount: &str) -> String {
    let find = Recovery::Find {
        award: till.award(name),
        obligation: None,
        amount: Some(yuan(amount)),
        reason: "多付".to_owned(),
    };
    let recovery = till.bench.made("officer", find, "recovery");
    till.bench.decide_recovery(&recovery);
    till.bench.ok(
        "officer",
        Recovery::Enforce {
            recovery: recovery.clone(),
        },
    );
    recovery
}
