//! Accounts of payees.

use meed_office::payments::accounts::Act as Account;
use meed_office::payments::batches::Act as Batch;

use super::Till;
use crate::support::on_each_database;

fn prevalidate(account: &str, version: i64) -> Account {
    Account::Prevalidate {
        account: account.to_owned(),
        version,
    }
}

fn activate(account: &str, version: i64) -> Account {
    Account::Activate {
        account: account.to_owned(),
        version,
    }
}

/// What makes an account that was entered the payee's, but for the waiting.
pub fn to_activate(account: &str, version: i64) -> (Account, Account) {
    (prevalidate(account, version), activate(account, version))
}

#[test]
fn a_changed_account_waits_and_needs_a_second_person_where_money_is_due() {
    on_each_database(|address| {
        let till = Till::open(address, &[(1, 100)]);
        let account = till.enter_account(1, "6222000000009999");
        till.bench.ok("registrar", prevalidate(&account, 2));
        assert_eq!(till.bench.refused("registrar2", activate(&account, 2)), "waits");
        till.bench.on("2023-03-05");
        assert_eq!(till.bench.refused("registrar", activate(&account, 2)), "same_person");
        till.bench.ok("registrar2", activate(&account, 2));
        let states = till.cells("SELECT state FROM account ORDER BY version");
        assert_eq!(states, [["replaced".into()], ["active".into()]]);
        let told = "SELECT target FROM outbox WHERE kind = 'account_entered'";
        assert_eq!(till.texts(told), [till.payee(1), till.payee(1)]);
    });
}

#[test]
fn an_account_under_another_name_or_in_no_form_is_refused_when_it_is_typed_and_replaces_nothing() {
    on_each_database(|address| {
        let till = Till::open(address, &[]);
        let enter = |name: &str, number: &str, bank: &str| Account::Enter {
            subject: till.payee(1).to_owned(),
            name: name.to_owned(),
            number: number.to_owned(),
            bank: bank.to_owned(),
        };
        let (ours, bank) = ("哈尔滨（1）公司", "102261000018");
        till.bench.ok("registrar", enter(ours, "62220001", bank));
        for (act, code) in [
            (enter("哈尔滨（2）公司", "62220002", bank), "name_differs"),
            (enter(ours, "6222-0002", bank), "account_unfit"),
            (enter(ours, "62220002", "工商银行"), "account_unfit"),
            (enter(ours, " ", bank), "incomplete"),
        ] {
            assert_eq!(till.bench.refused("registrar", act), code);
        }
        assert_eq!(till.bench.refused("officer", enter(ours, "1", bank)), "not_yours");
        let waits = till.texts("SELECT state FROM account ORDER BY version DESC LIMIT 1");
        assert_eq!(waits, ["entered"], "a mistyped account takes no other's place");
        // Grouped as on the card, it is the number; of versions that wait, only the last is meant.
        till.bench.ok("registrar", enter(ours, "6222 0002", bank));
        let last = till.cells("SELECT number, state FROM account ORDER BY version DESC LIMIT 2");
        assert_eq!(last[0], ["62220002".into(), "entered".into()]);
        assert_eq!(last[1][1], "closed".into());
    });
}

#[test]
fn nothing_is_sent_to_an_account_that_was_closed() {
    on_each_database(|address| {
        let mut till = Till::open(address, &[(1, 100), (2, 200)]);
        let batch = till.released();
        let account = till.text(&format!("SELECT id FROM account WHERE subject = '{}'", till.payee(1)));
        till.bench.ok("registrar", Account::Close { account, version: 1 });
        assert_eq!(till.attempt("i1").1, "cancelled");
        assert!(matches!(till.send(&batch), super::Sent::Stayed(_)));
        assert_eq!((till.held("committed"), till.held("in_flight")), (300, 0));
        let built = till.bench.ok("preparer", till.build());
        assert_eq!(built["left_out"][0]["instalment"], till.id("i1"));
        assert_eq!(till.attempt("i2").1, "in_batch");
    });
}

#[test]
fn money_that_came_back_is_paid_again_once_to_another_account() {
    on_each_database(|address| {
        let mut till = Till::open(address, &[(1, 100)]);
        till.bank.close("622200000000000001");
        till.pay();
        till.to("2023-03-02");
        assert_eq!(till.state("i1"), "paid");
        till.to("2023-03-10");
        assert_eq!((till.state("i1"), till.held("returned")), ("returned".to_owned(), 100));
        let instalment = till.id("i1");
        let again = || Batch::PayAgain {
            instalment: instalment.clone(),
        };
        assert_eq!(till.bench.refused("preparer", again()), "same_account");
        let account = till.enter_account(1, "6222000000009999");
        till.bench.ok("registrar", prevalidate(&account, 2));
        till.to("2023-03-14");
        assert_eq!(till.bench.refused("registrar", activate(&account, 2)), "same_person");
        till.bench.ok("registrar2", activate(&account, 2));
        till.bench.ok("preparer", again());
        till.recheck("i1");
        till.pay();
        till.to("2023-03-16");
        assert_eq!(till.state("i1"), "paid");
        assert_eq!(till.paid_by_bank("i1"), 100, "one net credit");
        assert_eq!((till.held("paid"), till.held("returned")), (100, 0));
        let of = |date: &str| till.reconcile(date);
        assert!(of("2023-03-01").is_balanced() && of("2023-03-14").is_balanced());
    });
}
