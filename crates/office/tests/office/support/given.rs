//! What tests of an office begin with: its settings and a calendar. The portal's tests and the measurements read this file too.

use meed_office::bank::Form;
use meed_office::setup::{AppealStops, Config, Debtor, Mode};

/// The working days of the Harbin package.
pub const CALENDAR: &str = include_str!("../../../../../policies/harbin/working-days.csv");

/// Settings of an office of a mode.
pub fn config(mode: Mode) -> Config {
    Config {
        office: "HRB".to_owned(),
        mode,
        appeal_stops: AppealStops::Always,
        authority: "哈尔滨市工业和信息化局".to_owned(),
        appeal_clause: "行政复议法 第四十二条".to_owned(),
        appeal_to: "哈尔滨市人民政府".to_owned(),
        appeal_days: 60,
        publicity_days: 5,
        offer_days: 30,
        title_days: 90,
        service_days: 10,
        recheck_hours: 24,
        not_executed_days: 5,
        account_wait_hours: 72,
        payer: "city_finance".to_owned(),
        external: Vec::new(),
        debtor: Debtor {
            name: "哈尔滨市财政局".to_owned(),
            account: "230100000000000001".to_owned(),
            bank: "102261000018".to_owned(),
            form: Form::Iso20022,
        },
    }
}
