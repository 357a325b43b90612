//! The demonstration's rewards are paid: accounts, two keys, a simulated bank, statements.

use crate::awards::Act as Award;
use crate::bank::simulator::{Bank, Chances, Content};
use crate::bank::{Form, Mode};
use crate::input::Day;
use crate::payments::accounts::Act as Account;
use crate::payments::batches::Act as Batch;
use crate::payments::inbound::{Act as Inbound, FromBank};
use crate::payments::sending::send;
use crate::store::Field;
use crate::time::Instant;

use super::{Demo, Result, pairs};

/// What the office's account holds at the simulated bank, in fen.
const BALANCE: i64 = 10_000_000_000;

impl Demo<'_> {
    /// Accounts of applicants, entered so early that money may go there when it is due.
    pub(super) fn accounts(&self, subjects: &[String]) -> Result<Vec<String>> {
        let mut accounts = Vec::new();
        for (number, subject) in subjects.iter().enumerate() {
            let name = self
                .reader()?
                .one("SELECT name FROM subject WHERE id = $1", &[subject.as_str().into()])?;
            let name = name.as_ref().map(String::from_cell).transpose()?.unwrap_or_default();
            let number = format!("62220800000{number:05}");
            let enter = Account::Enter {
                subject: subject.clone(),
                name,
                number,
                bank: "102261000018".to_owned(),
            };
            let account = self.made("deng", enter, "account")?;
            self.ok(
                "deng",
                Account::Prevalidate {
                    account: account.clone(),
                    version: 1,
                },
            )?;
            accounts.push(account);
        }
        Ok(accounts)
    }

    /// Everything that is due on a line is rechecked, batched, sealed, released and sent; the bank answers and books it.
    pub(super) fn pay(&self, accounts: Vec<String>) -> Result<()> {
        for account in accounts {
            self.ok("guo", Account::Activate { account, version: 1 })?;
        }
        let due = pairs(&self.reader()?.rows(
            "SELECT id, line FROM instalment WHERE state = 'due' AND line IS NOT NULL ORDER BY id",
            &[],
        )?)?;
        let Some((_, line)) = due.first().cloned() else {
            return Ok(());
        };
        for (instalment, _) in &due {
            self.ok(
                "deng",
                Award::Recheck {
                    instalment: instalment.clone(),
                },
            )?;
        }
        let now = self.office.setup().clock.now();
        let Some(today) = now.date() else { return Ok(()) };
        let batch = self.made(
            "bai",
            Batch::Build {
                line,
                execution: Day(today),
            },
            "batch",
        )?;
        let hash = self.made("bai", Batch::Seal { batch: batch.clone() }, "hash")?;
        self.ok(
            "fu",
            Batch::Release {
                batch: batch.clone(),
                hash,
            },
        )?;
        let mut bank = Bank::new(
            20_230_223,
            Form::Iso20022,
            Mode::Demo,
            Instant::start_of(today),
            Chances::NONE,
        );
        bank.open(&self.office.setup().config.debtor.account, BALANCE);
        send(self.office, "deng", &batch, &mut bank)?;
        self.on("2023-01-18");
        for message in bank.advance(self.office.setup().clock.now()) {
            let file = |bytes: Vec<u8>| FromBank(String::from_utf8_lossy(&bytes).into_owned());
            let act = match message.content {
                Content::Answers(bytes) => Inbound::Answers { file: file(bytes) },
                Content::Statement(bytes) => Inbound::Statements { file: file(bytes) },
            };
            self.ok("deng", act)?;
        }
        Ok(())
    }

    /// Applicants of the open offers of a measure.
    pub(super) fn offered(&self, measure: &str) -> Result<Vec<String>> {
        Ok(self.offers(measure)?.into_iter().map(|(_, subject)| subject).collect())
    }
}
