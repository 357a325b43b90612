//! What an office is set up with before it opens: its mode, its calendar, its clock, and the settings that controls depend on.

use meed_facts::calendar::Calendar;
use meed_facts::date::Date;
use meed_syntax::diagnostic::Message;
use serde::{Deserialize, Serialize};

use crate::bank::Form;
pub use crate::bank::Mode;
use crate::log::sha256;
use crate::programs::Programs;
use crate::stop::{Answer, Stop};
use crate::time::Clock;

/// Whether an appeal stops enforcement.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AppealStops {
    /// Every appeal does.
    Always,
    /// Only where somebody orders it.
    OnOrder,
}

/// Settings that controls depend on: none of them has a default.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// The office's short name, part of every instruction's id: 1 to 8 letters or digits.
    pub office: String,
    /// In whose name it decides: letters and certificates say so.
    pub authority: String,
    /// What its money is.
    pub mode: Mode,
    /// Whether an appeal stops enforcement
    pub appeal_stops: AppealStops,
    /// and the clause that says so.
    pub appeal_clause: String,
    /// Where appeals go, as refusals tell.
    pub appeal_to: String,
    /// How many days an appeal may take.
    pub appeal_days: u16,
    /// For how many working days a list is public, where its measure does not say.
    pub publicity_days: u16,
    /// For how many days an offer stands.
    pub offer_days: u16,
    /// For how many days before its review or its end a title is due for review.
    pub title_days: u16,
    /// Within how many working days a bureau answers a request for a service.
    pub service_days: u16,
    /// How many hours may lie between the recheck of a batch's rows and its release.
    pub recheck_hours: u16,
    /// How many days after the value date a complete statement shows that an instruction was not executed.
    pub not_executed_days: u16,
    /// How many hours a new account waits before money goes there.
    pub account_wait_hours: u16,
    /// Who pays where a measure names nobody: the city's own treasury.
    pub payer: String,
    /// Payers with an office of their own: a claim goes to them, no account moves here.
    pub external: Vec<String>,
    /// The account from which the office pays.
    pub debtor: Debtor,
}

/// The account from which an office pays.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Debtor {
    /// The holder's name.
    pub name: String,
    /// The account's number.
    pub account: String,
    /// The bank's code.
    pub bank: String,
    /// The form of the files that go there and come back.
    pub form: Form,
}

/// What an office is set up with.
#[derive(Debug)]
pub struct Setup {
    /// Its settings.
    pub config: Config,
    /// The working days of the city.
    pub calendar: Calendar,
    /// `sha256` of the calendar's table, kept with each decision.
    pub calendar_digest: String,
    /// Where the time comes from.
    pub clock: Clock,
    /// Published packages, read and checked once.
    pub programs: Programs,
}

impl Setup {
    /// A setup with a calendar in the form of [`Calendar::parse`].
    ///
    /// # Errors
    /// Where a setting is empty or the calendar cannot be read: an office without its controls does not open.
    pub fn new(config: Config, calendar: &str, clock: Clock) -> Result<Self, Message> {
        config.check()?;
        let days = Calendar::parse(calendar)
            .map_err(|error| Message::new(format!("the calendar: {error}"), format!("工作日历：{error}")))?;
        if days == Calendar::default() {
            return Err(Message::new(
                "the calendar has no days: no period could be counted",
                "工作日历为空，无法计算期间",
            ));
        }
        if matches!(clock, Clock::Set(_)) && config.mode == Mode::Live {
            return Err(Message::new(
                "a live office has the machine's clock",
                "正式系统使用本机时钟",
            ));
        }
        Ok(Self {
            config,
            calendar: days,
            calendar_digest: sha256(calendar.as_bytes()),
            clock,
            programs: Programs::default(),
        })
    }

    /// The day that is some working days after another.
    ///
    /// # Errors
    /// Undecided beyond the calendar that has been announced.
    pub fn after_working_days(&self, day: Date, count: u16) -> Answer<Date> {
        self.calendar.plus_working_days(day, count).ok_or_else(|| {
            Stop::undecided(
                "calendar_ends",
                format!(
                    "the calendar does not reach {count} working days beyond {day}; import the next holiday notice"
                ),
                format!("工作日历不足以推算 {day} 之后 {count} 个工作日，请先导入下一年度放假通知"),
            )
        })
    }
}

impl Config {
    fn check(&self) -> Result<(), Message> {
        let short = (1..=8).contains(&self.office.len()) && self.office.chars().all(|c| c.is_ascii_alphanumeric());
        if !short {
            let office = &self.office;
            return Err(Message::new(
                format!("office = \"{office}\": 1 to 8 letters or digits are needed"),
                format!("office = \"{office}\"：须为 1 至 8 个字母或数字"),
            ));
        }
        let texts = [
            ("authority", &self.authority),
            ("appeal_clause", &self.appeal_clause),
            ("appeal_to", &self.appeal_to),
            ("payer", &self.payer),
            ("debtor.name", &self.debtor.name),
            ("debtor.account", &self.debtor.account),
            ("debtor.bank", &self.debtor.bank),
        ];
        if let Some((name, _)) = texts.iter().find(|(_, text)| text.trim().is_empty()) {
            return Err(Message::new(
                format!("{name} is empty; a control depends on it"),
                format!("{name} 为空，有控制依赖此项，请填写"),
            ));
        }
        let numbers = [
            ("appeal_days", self.appeal_days),
            ("publicity_days", self.publicity_days),
            ("offer_days", self.offer_days),
            ("title_days", self.title_days),
            ("service_days", self.service_days),
            ("recheck_hours", self.recheck_hours),
            ("not_executed_days", self.not_executed_days),
            ("account_wait_hours", self.account_wait_hours),
        ];
        match numbers.iter().find(|(_, number)| *number == 0) {
            Some((name, _)) => Err(Message::new(
                format!("{name} is 0; a control depends on it"),
                format!("{name} 为 0，有控制依赖此项，请填写"),
            )),
            None => Ok(()),
        }
    }
}
