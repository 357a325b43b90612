//! How a measure is had: without application, within a yearly window, and whether applications are taken on the date.

use meed_facts::date::Date;
use meed_rules::program::{MeasureRules, Program};
use serde_json::{Value, json};

/// How a measure is had.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Application {
    /// Whether it is offered without application.
    pub none_needed: bool,
    /// The yearly window: its first and last (month, day).
    pub window: Option<((i8, i8), (i8, i8))>,
    /// The day from which no new application is taken.
    pub paused: Option<Date>,
    /// Whether an application would be taken on the determination's date.
    pub open: bool,
}

impl Application {
    /// What a measure's rules say of applications on the Program's date; `None` where they say nothing.
    pub fn of(program: &Program, rules: &MeasureRules) -> Option<Self> {
        if rules.window.is_none() && rules.paused.is_none() && !rules.no_application {
            return None;
        }
        let today = (program.date.month(), program.date.day());
        let inside = rules.window.is_none_or(|(from, to)| match from <= to {
            true => from <= today && today <= to,
            // A window over the turn of the year.
            false => today >= from || today <= to,
        });
        let paused = rules.paused.is_some_and(|from| from <= program.date);
        Some(Application {
            none_needed: rules.no_application,
            window: rules.window,
            paused: rules.paused,
            open: inside && !paused,
        })
    }

    /// As JSON.
    pub fn to_json(self) -> Value {
        let day = |(month, day): (i8, i8)| format!("{month:02}-{day:02}");
        let mut value = json!({ "needed": !self.none_needed, "open": self.open });
        if let Some(object) = value.as_object_mut() {
            if let Some((from, to)) = self.window {
                object.insert("window".to_owned(), json!({ "from": day(from), "to": day(to) }));
            }
            if let Some(paused) = self.paused {
                object.insert("paused_from".to_owned(), json!(paused.to_string()));
            }
        }
        value
    }
}
