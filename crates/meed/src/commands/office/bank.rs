//! `meed office send`, `ask` and `reconcile`: the way to the bank, and its book against ours.

use std::path::PathBuf;

use meed_facts::date::Date;
use meed_office::office::Office;
use meed_office::payments::reconcile::reconcile;
use meed_office::payments::sending::{Sent, ask, recover_at_start, send};
use meed_office::payments::transport::{Delivery, Folder};
use meed_syntax::diagnostic::Message;
use serde_json::json;

use super::{Format, shown, unusable};
use crate::answer::{Answer, Outcome, Result, Unusable};
use crate::input;

/// Where the bank's own program takes files from.
#[derive(Debug, clap::Args)]
pub struct Outbound {
    /// The folder from which the bank's own program takes files
    #[arg(long, value_name = "FOLDER")]
    folder: PathBuf,
}

impl Outbound {
    fn transport(&self, office: &Office) -> Folder {
        Folder::new(&self.folder, office.setup().config.debtor.form)
    }

    /// Sends a released batch, once; what was about to leave when the office last stopped is asked about first.
    pub fn send(&self, office: &Office, person: &str, batch: &str, format: Format) -> Result {
        // A folder that is not there is known before anything is on its way.
        if !self.folder.is_dir() {
            let folder = self.folder.display();
            let said = Message::new(
                format!(
                    "there is no folder {folder}; nothing was sent: make it, or name the one from which the bank's program takes files"
                ),
                format!("文件夹 {folder} 不存在，未发送任何文件：请先建立，或改为银行程序读取的文件夹"),
            );
            return Err(Unusable::said_in_both(&said));
        }
        let mut transport = self.transport(office);
        recover_at_start(office, person, &mut transport).map_err(|error| unusable(&error))?;
        let sent = send(office, person, batch, &mut transport).map_err(|error| unusable(&error))?;
        let (json, outcome) = match sent {
            Sent::Left(Delivery::Arrived) => (json!({"batch": batch, "delivery": "arrived"}), Outcome::Fine),
            Sent::Left(Delivery::Uncertain) => (
                json!({
                    "batch": batch, "delivery": "uncertain",
                    "next": {
                        "en": "ask the bank with `meed office ask`, and import its answers and statements; it is not sent again",
                        "zh": "请用 `meed office ask` 向银行查询，并导入其回复和对账单；不会再次发送",
                    },
                }),
                Outcome::Findings,
            ),
            Sent::Stayed(why) => (why, Outcome::Findings),
        };
        Ok(Answer {
            text: shown(&json, format),
            remarks: String::new(),
            outcome,
        })
    }

    /// Leaves a list of what the bank is to be asked about.
    pub fn ask(&self, office: &Office, person: &str, format: Format) -> Result {
        let asked = ask(office, person, &mut self.transport(office)).map_err(|error| unusable(&error))?;
        Ok(Answer::fine(shown(&json!({"asked": asked}), format)))
    }
}

/// A day of the bank's book against ours, with the list of differences
#[derive(Debug, clap::Args)]
pub struct Reconcile {
    /// The day
    #[arg(long, value_parser = input::date)]
    on: Date,
}

impl Reconcile {
    pub fn run(self, office: &Office, format: Format) -> Result {
        let mut reader = office.reader().map_err(|error| unusable(&error))?;
        let account = &office.setup().config.debtor.account;
        let found = reconcile(&mut reader, account, self.on).map_err(|error| unusable(&error))?;
        let outcome = if found.is_balanced() {
            Outcome::Fine
        } else {
            Outcome::Findings
        };
        Ok(Answer {
            text: shown(&found.to_json(), format),
            remarks: String::new(),
            outcome,
        })
    }
}
