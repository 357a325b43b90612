//! Who sees which reviews: one condition that the list, the count and the average share.

use crate::store::{Cell, Connection, Field, StoreError};
use crate::tx::select;

use super::{Points, Review};

/// Reviews of a case that somebody sees: their own, and all of them once all are final.
const SEEN: &str = "case_id = $1 AND (state = 'final' OR (reviewer = $2 AND state <> 'voided'))";

/// The reviews of a case that a person sees.
///
/// # Errors
/// Where the database fails.
pub fn list(connection: &mut Connection, case: &str, person: &str) -> Result<Vec<Review>, StoreError> {
    select(
        connection,
        &format!("{SEEN} ORDER BY reviewer"),
        &[case.into(), person.into()],
    )
}

/// What the reviews that a person sees come to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Summary {
    /// How many they are.
    pub count: i64,
    /// All their scores together.
    pub sum: i64,
}

impl Summary {
    /// The average in hundredths of a point, rounded down.
    pub fn average(&self) -> Option<i64> {
        self.sum.checked_div(self.count)
    }
}

/// How many reviews of a case a person sees, and what they come to.
///
/// # Errors
/// Where the database fails.
pub fn summary(connection: &mut Connection, case: &str, person: &str) -> Result<Summary, StoreError> {
    let sql = format!("SELECT count(score), CAST(coalesce(sum(score), 0) AS BIGINT) FROM review WHERE {SEEN}");
    let rows = connection.rows(&sql, &[case.into(), person.into()])?;
    let number = |index: usize| {
        let cell = rows.first().and_then(|row| row.get(index)).unwrap_or(&Cell::Int(0));
        i64::from_cell(cell)
    };
    Ok(Summary {
        count: number(0)?,
        sum: number(1)?,
    })
}

/// The scores of a case whose reviews are all final.
pub(super) fn mean(reviews: &[Review]) -> Option<i64> {
    let scores = reviews.iter().filter_map(|review| review.score).map(Points::hundredths);
    let sum = scores.fold(0_i64, i64::saturating_add);
    sum.checked_div(i64::try_from(reviews.len()).ok()?)
}
