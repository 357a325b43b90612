//! After a restore from a backup the bank may know more than the office does.

use meed_office::input::Day;
use meed_office::payments::restore::Act as Restore;
use meed_office::payments::sending::Sent;

use super::Till;
use crate::support::{copy, day, on_each_database};

fn absent(instalment: &str) -> Restore {
    Restore::ConfirmAbsent {
        instalment: instalment.to_owned(),
        confirmation: "我行无此指令".to_owned(),
    }
}

#[test]
fn after_a_restore_nothing_leaves_before_five_payments_since_the_backup_are_found() {
    on_each_database(|address| {
        let grants = [(1, 100), (2, 200), (3, 300), (4, 400), (5, 500), (6, 600), (6, 777)];
        let till = Till::prepared(address, &grants);
        (1..=6).for_each(|number| till.approve(number));
        (1..=5).for_each(|number| till.recheck(&format!("i{number}")));
        let mut backup = String::new();
        let mut till = till.reopen("2023-03-01", |address| {
            backup = copy(address);
            address.to_owned()
        });
        // Five payments leave after the backup.
        till.pay();
        let mut till = till.reopen("2023-03-02", |_| backup);
        assert_eq!(
            till.number("SELECT count(*) FROM instruction"),
            0,
            "the backup knows none of them"
        );
        till.recheck("i6");
        let restored = till.bench.ok(
            "administrator",
            Restore::Restored {
                backup: Day(day("2023-03-01")),
            },
        );
        assert_eq!((&restored["epoch"], &restored["to_compare"]), (&1.into(), &6.into()));
        assert_eq!(till.bench.refused("preparer", till.build()), "nothing_payable");
        // The seventh is approved after the restore.
        till.approve(7);
        till.recheck("i7");
        let batch = till.released();
        assert!(batch.starts_with("batch-1."), "ids of a new epoch are new: {batch}");
        let locked = |till: &mut Till, batch: &str| match till.send(batch) {
            Sent::Stayed(why) => why["reason"]["code"] == "restored",
            Sent::Left(_) => false,
        };
        assert!(locked(&mut till, &batch));
        assert_eq!(
            till.bench.refused("releaser", absent(&till.id("i6"))),
            "statements_missing"
        );
        till.receive();
        let states: Vec<String> = (1..=6).map(|number| till.state(&format!("i{number}"))).collect();
        assert_eq!(states, ["paid", "paid", "paid", "paid", "paid", "payable"]);
        assert_eq!((till.held("paid"), till.held("committed")), (1_500, 600));
        assert!(
            locked(&mut till, &batch),
            "the statement of the day of the restore is missing, and the sixth is not confirmed"
        );
        till.to("2023-03-03");
        assert!(locked(&mut till, &batch), "the sixth is not confirmed");
        till.bench.ok("releaser", absent(&till.id("i6")));
        // Its day is over meanwhile.
        let Sent::Stayed(why) = till.send(&batch) else {
            panic!("it left")
        };
        assert_eq!(why["reason"]["code"], "past");
        let reason = "执行日期已过".to_owned();
        till.bench.ok(
            "releaser",
            meed_office::payments::batches::Act::Dissolve { batch, reason },
        );
        till.recheck("i6");
        till.pay();
        till.to("2023-03-06");
        for (number, amount) in (1..=7).zip([100, 200, 300, 400, 500, 600, 777]) {
            let instalment = format!("i{number}");
            assert_eq!(
                (till.paid_by_bank(&instalment), till.state(&instalment)),
                (amount, "paid".to_owned())
            );
        }
        assert_eq!(till.number("SELECT count(*) FROM difference"), 0);
        assert!(till.reconcile("2023-03-01").is_balanced());
        assert_eq!(
            till.bench
                .number("SELECT count(*) FROM log WHERE epoch = 1 AND kind = 'restore.restored'"),
            1
        );
    });
}

#[test]
fn a_batch_that_the_backup_has_as_sealed_may_have_left() {
    on_each_database(|address| {
        let till = Till::open(address, &[(1, 100), (2, 200)]);
        let (batch, hash) = till.sealed();
        let mut backup = String::new();
        let mut till = till.reopen("2023-03-01", |address| {
            backup = copy(address);
            address.to_owned()
        });
        let release = || meed_office::payments::batches::Act::Release {
            batch: batch.clone(),
            hash: hash.clone(),
        };
        till.bench.ok("releaser", release());
        till.send(&batch);
        let mut till = till.reopen("2023-03-01", |_| backup);
        let restored = Restore::Restored {
            backup: Day(day("2023-03-01")),
        };
        till.bench.ok("administrator", restored);
        assert_eq!(till.bench.refused("releaser", release()), "restored");
        let dissolve = meed_office::payments::batches::Act::Dissolve {
            batch: batch.clone(),
            reason: "恢复".to_owned(),
        };
        assert_eq!(till.bench.refused("releaser", dissolve), "restored");
        till.to("2023-03-02");
        assert_eq!(
            (till.state("i1"), till.state("i2")),
            ("paid".to_owned(), "paid".to_owned())
        );
        assert_eq!((till.held("paid"), till.held("in_flight")), (300, 0));
        assert_eq!(till.number("SELECT count(*) FROM difference"), 0);
    });
}
