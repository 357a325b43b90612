//! What becomes of titles as days pass. Whether one is held is asked by its days; this only tidies up.

use meed_facts::date::Days;
use serde_json::json;

use crate::machine::TitleState;
use crate::register::Title;
use crate::stop::Answer;
use crate::store::Cell;
use crate::timers::Rows;
use crate::tx::Tx;

/// Titles in force whose time is over: all, or one if its is.
pub(crate) fn over(tx: &mut Tx<'_>, only: Option<&str>) -> Answer<Rows> {
    let over =
        "state IN ('granted', 'due_for_review', 'to_rectify') AND until <= $1 AND ($2 = '' OR id = $2) ORDER BY id";
    let arguments = [Cell::from(&tx.today), only.unwrap_or("").into()];
    let dated = |title: Title| Some((title.id, title.until?.to_string()));
    Ok(tx.rows(over, &arguments)?.into_iter().filter_map(dated).collect())
}

/// Lets one lapse.
pub(crate) fn lapse(tx: &mut Tx<'_>, id: &str) -> Answer<()> {
    let mut title: Title = tx.get(id)?;
    tx.step(&mut title, TitleState::Lapsed)?;
    tx.tell("title_lapsed", id, &json!({"subject": title.subject}))
}

/// Titles whose review or end comes near, within the days of the office's settings, and those that were to be put right by a day that has passed: all, or
/// one if it is among them.
pub(crate) fn near(tx: &mut Tx<'_>, only: Option<&str>) -> Answer<Rows> {
    let near = "(until IS NULL OR until > $1) AND ($3 = '' OR id = $3) \
                AND (state = 'granted' AND (review_on <= $2 OR until <= $2) OR state = 'to_rectify' AND rectify_by < $1) ORDER BY id";
    let days = Days(tx.setup.config.title_days.into());
    // Beyond the years that dates have nothing is near.
    let last = tx.today.plus_days(days).unwrap_or(tx.today);
    let arguments = [Cell::from(&tx.today), Cell::from(&last), only.unwrap_or("").into()];
    let dated = |title: Title| {
        let day = match title.state {
            TitleState::ToRectify => title.rectify_by,
            _ => title.review_on.into_iter().chain(title.until).min(),
        };
        Some((title.id, day?.to_string()))
    };
    Ok(tx.rows(near, &arguments)?.into_iter().filter_map(dated).collect())
}

/// Makes one due for review.
pub(crate) fn review(tx: &mut Tx<'_>, id: &str) -> Answer<()> {
    let mut title: Title = tx.get(id)?;
    tx.step(&mut title, TitleState::DueForReview)?;
    let until = title.until.map(|day| day.to_string());
    tx.tell("title_due", id, &json!({"subject": title.subject, "until": until}))
}
