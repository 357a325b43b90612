//! What becomes of titles as days pass. Whether one is held is asked by its days; this only tidies up.

use meed_facts::date::{Date, Days};
use serde_json::{Value, json};

use crate::machine::TitleState;
use crate::people::{Role, must};
use crate::register::Title;
use crate::stop::Answer;
use crate::store::Cell;
use crate::tx::Tx;

/// Titles in force whose time is over: `$1` is today.
pub(crate) const OVER: &str = "state IN ('granted', 'due_for_review', 'to_rectify') AND until <= $1";
/// Titles whose review or end comes near: `$1` is today, `$2` the last day that is near.
pub(crate) const NEAR: &str =
    "state = 'granted' AND (until IS NULL OR until > $1) AND (review_on <= $2 OR until <= $2)";

/// The last day on which a review or an end is near.
pub(crate) fn horizon(tx: &Tx<'_>) -> Date {
    let days = Days(tx.setup.config.title_days.into());
    // Beyond the years that dates have, everything is near.
    tx.today.plus_days(days).unwrap_or(tx.today)
}

/// Moves titles on whose day has come: one, or all.
pub(super) fn due(tx: &mut Tx<'_>, only: Option<&str>) -> Answer<Value> {
    must(tx, Role::Machine, "")?;
    let (today, near) = (Cell::from(&tx.today), Cell::from(&horizon(tx)));
    let (mut lapsed, mut due) = (0_usize, 0_usize);
    for mut title in tx.rows::<Title>(&format!("{OVER} ORDER BY id"), &[today.clone()])? {
        if only.is_none_or(|only| only == title.id) {
            tx.step(&mut title, TitleState::Lapsed)?;
            tx.tell("title_lapsed", &title.id, &json!({"subject": title.subject}))?;
            lapsed = lapsed.saturating_add(1);
        }
    }
    for mut title in tx.rows::<Title>(&format!("{NEAR} ORDER BY id"), &[today, near])? {
        if only.is_none_or(|only| only == title.id) {
            tx.step(&mut title, TitleState::DueForReview)?;
            let (subject, until) = (&title.subject, title.until.map(|day| day.to_string()));
            tx.tell("title_due", &title.id, &json!({"subject": subject, "until": until}))?;
            due = due.saturating_add(1);
        }
    }
    Ok(json!({"due": due, "lapsed": lapsed}))
}
