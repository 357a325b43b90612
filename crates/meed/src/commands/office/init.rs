//! `meed office init`: a folder for a new office.

use std::path::PathBuf;

use meed_facts::label::Lang;
use meed_office::setup::Mode;

use super::write;
use crate::answer::{Answer, Result, Unusable};

/// Makes a folder for an office: what its controls depend on has to be filled in before it opens
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The folder
    folder: PathBuf,
    /// The table of working days
    #[arg(long, value_name = "FILE")]
    calendar: PathBuf,
    /// What its money is
    #[arg(long, value_enum, default_value_t = Mode::Test)]
    mode: Mode,
}

impl Args {
    pub fn run(self, lang: Lang) -> Result {
        let file = self.folder.join("office.toml");
        if file.exists() {
            return Err(Unusable::at(
                &file,
                &("there is an office here already", "此处已有办公室配置").into(),
            ));
        }
        let calendar =
            std::fs::read_to_string(&self.calendar).map_err(|error| Unusable::system(&self.calendar, &error))?;
        write(&self.folder.join("working-days.csv"), &calendar)?;
        write(&file, &TEMPLATE.replace("MODE", self.mode.name()))?;
        let file = file.display();
        Ok(Answer::fine(match lang {
            Lang::En => format!(
                "fill in what is empty in {file}, then enter the first person: meed office --office {file} people enter …\n"
            ),
            Lang::Zh => {
                format!("请填写 {file} 中的空项，然后录入第一位工作人员：meed office --office {file} people enter …\n")
            }
        }))
    }
}

const TEMPLATE: &str = r#"# Where this office is, and what its controls depend on. An office with an empty setting does not open.
database = "sqlite:office.db" # or postgres://USER@HOST/NAME
calendar = "working-days.csv"

[settings]
office = ""             # its short name, 1 to 8 letters or digits, part of every instruction's id
authority = ""          # in whose name it decides, as letters and certificates say
mode = "MODE"
appeal_stops = ""       # "always" or "on_order": whether an appeal stops enforcement,
appeal_clause = ""      # and the clause that says so
appeal_to = ""          # where appeals go
appeal_days = 60
publicity_days = 0      # working days
offer_days = 0
title_days = 0          # before its review or its end, on which a title is due for review
service_days = 0        # working days for the answer to a request
recheck_hours = 0       # between the recheck of a batch's rows and its release
not_executed_days = 0   # after the value date
account_wait_hours = 0  # before money goes to a new account
payer = ""              # who pays where a measure names nobody
external = []           # payers with an office of their own

[settings.debtor]       # the account from which the office pays
name = ""
account = ""
bank = ""
form = "iso20022"       # of its files: "iso20022" or "csv"
"#;
