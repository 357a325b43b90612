//! Payees' accounts: a change is a new version, it waits, and where money is due a second person lets it through.

use serde_json::{Value, json};

use super::row::unfit;
use super::{Account, dissolving};
use crate::acts;
use crate::awards::Instalment;
use crate::bank::{Party, Place, Violation};
use crate::machine::AccountState;
use crate::people::{Role, act_as, disinterested, holds, must};
use crate::register::Subject;
use crate::stop::{Answer, Stop};
use crate::store::Cell;
use crate::tx::Tx;

acts! {
    /// What is done with payees' accounts.
    pub enum Act {
        /// Enters an account, or a new version of one
        Enter {
            /// Whose
            subject: String,
            /// The holder's name, as the bank has it
            name: String,
            /// The number
            number: String,
            /// The bank: twelve digits of CNAPS, or a BIC
            bank: String,
        },
        /// Checks an account's form and its holder's name
        Prevalidate {
            /// The account
            account: String,
            /// Its version
            version: i64,
        },
        /// Lets money go to an account, in place of the version before
        Activate {
            /// The account
            account: String,
            /// Its version
            version: i64,
        },
        /// Closes a version of an account: no more money goes there
        Close {
            /// The account
            account: String,
            /// Its version
            version: i64,
        },
    }
}

impl Act {
    /// Does it.
    ///
    /// # Errors
    /// Denied where the person speaks neither for the payee nor for the register, or the account is not ready.
    pub fn perform(&self, tx: &mut Tx<'_>) -> Answer<Value> {
        match self {
            Act::Enter {
                subject,
                name,
                number,
                bank,
            } => enter(tx, subject, [name, number, bank]),
            Act::Prevalidate { account, version } => prevalidate(tx, account, *version),
            Act::Activate { account, version } => activate(tx, account, *version),
            Act::Close { account, version } => {
                let mut account: Account = tx.get((account, *version))?;
                speaks_for(tx, &account.subject)?;
                tx.step(&mut account, AccountState::Closed)?;
                dissolving::of_account(tx, &account)?;
                Ok(Value::Null)
            }
        }
    }
}

/// The role in which the person may speak about a payee's account.
fn speaks_for(tx: &mut Tx<'_>, subject: &str) -> Answer<Role> {
    let person = tx.person.clone();
    if holds(tx, &person, Role::Agent, subject)? {
        return Ok(Role::Agent);
    }
    must(tx, Role::Registrar, "")?;
    disinterested(tx, subject, subject)?;
    Ok(Role::Registrar)
}

fn enter(tx: &mut Tx<'_>, subject: &str, [name, number, bank]: [&String; 3]) -> Answer<Value> {
    let Subject {
        id: subject,
        name: recorded,
        ..
    } = tx.get(subject)?;
    let role = speaks_for(tx, &subject)?;
    if [name, number, bank].iter().any(|text| text.trim().is_empty()) {
        return Err(Stop::denied(
            "incomplete",
            "an account needs its holder's name, its number and its bank",
            "账户须填写户名、账号和开户行",
        ));
    }
    let [name, number, bank] = [name, number, bank].map(|text| text.trim());
    // Grouped as it stands on the card, it is the same number.
    let number: String = number.chars().filter(|c| !c.is_whitespace()).collect();
    // What no bank takes is said to whoever types it, and takes the place of nothing.
    Party::new(name, &number, bank).map_err(|violation| mistyped(&violation))?;
    if let Some(recorded) = recorded {
        must_be_named(name, &recorded, &subject)?;
    }
    let versions = tx.rows::<Account>("subject = $1 ORDER BY id, version", &[Cell::from(&subject)])?;
    let (id, version) = match versions.last() {
        Some(last) => (last.id.clone(), last.version.saturating_add(1)),
        None => (tx.id("account"), 1),
    };
    // Of versions that wait, only the last is meant.
    for mut waiting in versions {
        if matches!(waiting.state, AccountState::Entered | AccountState::Prevalidated) {
            tx.step(&mut waiting, AccountState::Closed)?;
        }
    }
    let wait = i64::from(tx.setup.config.account_wait_hours);
    let account = Account {
        id: id.clone(),
        version,
        subject: subject.clone(),
        name: Some(name.to_owned()),
        number: Some(number),
        bank: Some(bank.to_owned()),
        salt: Some(crate::log::salt()?),
        entered_by: tx.person.clone(),
        active_from: Some(tx.at.plus_hours(wait)),
        state: AccountState::Entered,
    };
    tx.insert(&account)?;
    act_as(tx, &target(&account), role, &[], None)?;
    // Whoever is reached at the contact known before can still object.
    tx.tell(
        "account_entered",
        &subject,
        &json!({"account": id, "version": version.to_string()}),
    )?;
    Ok(json!({"account": id, "version": version}))
}

/// What is wrong with an account, in words for whoever types it.
fn mistyped(violation: &Violation) -> Stop {
    let (en, zh) = match violation.place() {
        Place::Part("account") => (
            "an account's number has at most 34 digits and letters, and nothing else",
            "账号只能由数字和字母组成，最多 34 位",
        ),
        Place::Part("bank") => (
            "the bank is named by its number of twelve digits (CNAPS) or its BIC, not by its name",
            "开户行须填写 12 位联行号（CNAPS）或 BIC，不能填写银行名称",
        ),
        _ => return unfit("account_unfit", violation),
    };
    Stop::denied("account_unfit", en, zh)
}

fn target(account: &Account) -> String {
    format!("{}/{}", account.id, account.version)
}

fn prevalidate(tx: &mut Tx<'_>, account: &str, version: i64) -> Answer<Value> {
    must(tx, Role::Registrar, "")?;
    let mut account: Account = tx.get((account, version))?;
    let subject: Subject = tx.get(&account.subject)?;
    disinterested(tx, &subject.id, &subject.id)?;
    let party = party(&account)?;
    let recorded = subject.name.ok_or_else(|| {
        Stop::undecided(
            "forgotten",
            "the payee's name was forgotten; nothing can be compared with it",
            "收款人名称已删除，无法核对户名",
        )
    })?;
    must_be_named(party.name(), &recorded, &subject.id)?;
    tx.step(&mut account, AccountState::Prevalidated)?;
    Ok(Value::Null)
}

/// That an account's holder is the payee, by the name that the register has.
fn must_be_named(holder: &str, recorded: &str, subject: &str) -> Answer<()> {
    if plain(holder) == plain(recorded) {
        return Ok(());
    }
    Err(Stop::denied(
        "name_differs",
        format!("the account's holder is not {subject}, as the register has it; correct the name or the register"),
        format!("户名与登记的 {subject} 名称不一致，请更正户名或登记信息"),
    ))
}

/// The holder as banks want it.
pub(super) fn party(account: &Account) -> Answer<Party> {
    let (Some(name), Some(number), Some(bank)) = (&account.name, &account.number, &account.bank) else {
        let id = &account.id;
        return Err(Stop::denied(
            "forgotten",
            format!("account {id} was forgotten; enter it again"),
            format!("账户 {id} 的信息已删除，请重新登记"),
        ));
    };
    Party::new(name, number, bank).map_err(|violation| unfit("account_unfit", &violation))
}

/// A name as it is compared: banks write brackets and spaces in one width or the other.
fn plain(name: &str) -> String {
    let one = |c| match c {
        '（' => '(',
        '）' => ')',
        other => other,
    };
    name.chars().filter(|c| !c.is_whitespace()).map(one).collect()
}

fn activate(tx: &mut Tx<'_>, account: &str, version: i64) -> Answer<Value> {
    must(tx, Role::Registrar, "")?;
    let mut account: Account = tx.get((account, version))?;
    if let Some(from) = account.active_from.filter(|from| *from > tx.at) {
        return Err(Stop::denied(
            "waits",
            format!("a new account waits until {from}, so that its payee can object"),
            format!("新账户须等待至 {from} 方可启用，以便收款人提出异议"),
        ));
    }
    // A prevalidation or activation by whoever entered it is no second look.
    if account.entered_by == tx.person && money_is_due(tx, &account.subject)? {
        return Err(Stop::denied(
            "same_person",
            format!(
                "money is due for {}; somebody other than {} has to activate its account",
                account.subject, tx.person
            ),
            format!("{} 有应付款项，账户须由 {} 以外的人启用", account.subject, tx.person),
        ));
    }
    act_as(tx, &target(&account), Role::Registrar, &[], Some(&account.subject))?;
    for mut before in tx.rows::<Account>("subject = $1 AND state = 'active'", &[Cell::from(&account.subject)])? {
        tx.step(&mut before, AccountState::Replaced)?;
        dissolving::of_account(tx, &before)?;
    }
    tx.step(&mut account, AccountState::Active)?;
    let body = json!({"account": account.id, "version": version.to_string()});
    tx.tell("account_active", &account.subject, &body)?;
    Ok(Value::Null)
}

/// Whether an instalment of the payee waits for money or is on its way.
fn money_is_due(tx: &mut Tx<'_>, payee: &str) -> Answer<bool> {
    tx.any::<Instalment>(
        "state IN ('due', 'payable', 'in_payment', 'returned') AND award IN (SELECT id FROM award WHERE payee = $1)",
        &[payee.into()],
    )
}
