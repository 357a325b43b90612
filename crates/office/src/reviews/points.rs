//! Points: a score from 0 to 100, to the hundredth.

use std::fmt;
use std::str::FromStr;

use meed_facts::ratio::Ratio;
use serde::{Deserialize, Serialize};

use crate::store::{Cell, Field, StoreError};

/// A score in hundredths of a point.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Points(i64);

impl Points {
    /// How many hundredths.
    pub fn hundredths(self) -> i64 {
        self.0
    }
}

impl FromStr for Points {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let exact = Ratio::parse_decimal(text).map(|points| &points * &Ratio::from_int(100));
        let whole = exact.ok().filter(Ratio::is_integer).and_then(|points| points.to_i128());
        let points = whole
            .and_then(|points| i64::try_from(points).ok())
            .filter(|points| (0..=10_000).contains(points));
        points
            .map(Self)
            .ok_or_else(|| format!("`{text}` is no score; write one from 0 to 100, like 87.5"))
    }
}

impl fmt::Display for Points {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{:02}", self.0.div_euclid(100), self.0.rem_euclid(100))
    }
}

impl TryFrom<String> for Points {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}

impl From<Points> for String {
    fn from(points: Points) -> Self {
        points.to_string()
    }
}

impl Field for Points {
    const NUMBER: bool = true;

    fn to_cell(&self) -> Cell {
        Cell::Int(self.0)
    }

    fn from_cell(cell: &Cell) -> Result<Self, StoreError> {
        i64::from_cell(cell).map(Self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_score_has_two_decimals_at_most() {
        assert_eq!("87.5".parse::<Points>().map(Points::hundredths), Ok(8750));
        assert_eq!("100".parse::<Points>().unwrap().to_string(), "100.00");
        for wrong in ["100.01", "-1", "87.555", "", "many"] {
            assert!(wrong.parse::<Points>().is_err(), "{wrong}");
        }
    }
}
