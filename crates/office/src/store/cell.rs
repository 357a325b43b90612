//! What stands in one column of one row: nothing, a whole number or a text. Both databases know these three alike.

use meed_facts::date::Date;
use meed_facts::money::{Currency, Money};
use serde_json::Value;

use super::StoreError;
use crate::time::Instant;

/// The currency of every amount in an office.
pub const CURRENCY: Currency = Currency::CNY;

/// One cell.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Cell {
    /// Nothing.
    Null,
    /// A whole number; an amount in the currency's smallest unit, an instant in milliseconds.
    Int(i64),
    /// A text; a date as `2023-02-23`, a structure as canonical JSON.
    Text(String),
}

impl Cell {
    /// The cell as JSON, as it stands in the digest of its row.
    pub fn to_json(&self) -> Value {
        match self {
            Cell::Null => Value::Null,
            // A number beyond 2^53 has no canonical JSON form of its own.
            Cell::Int(number) => Value::String(number.to_string()),
            Cell::Text(text) => Value::String(text.clone()),
        }
    }
}

/// A type that one column holds.
pub trait Field: Sized {
    /// Whether its cells are whole numbers.
    const NUMBER: bool = false;
    /// The value as it is stored.
    fn to_cell(&self) -> Cell;
    /// The stored value.
    ///
    /// # Errors
    /// [`StoreError::Unreadable`]: the cell holds something else, so somebody wrote past the office.
    fn from_cell(cell: &Cell) -> Result<Self, StoreError>;
}

/// That a cell does not hold what its column is for.
pub fn unreadable(cell: &Cell, expected: &str) -> StoreError {
    StoreError::Unreadable(format!("{cell:?} where {expected} was expected"))
}

impl Field for String {
    fn to_cell(&self) -> Cell {
        Cell::Text(self.clone())
    }

    fn from_cell(cell: &Cell) -> Result<Self, StoreError> {
        match cell {
            Cell::Text(text) => Ok(text.clone()),
            other => Err(unreadable(other, "a text")),
        }
    }
}

impl Field for i64 {
    const NUMBER: bool = true;

    fn to_cell(&self) -> Cell {
        Cell::Int(*self)
    }

    fn from_cell(cell: &Cell) -> Result<Self, StoreError> {
        match cell {
            Cell::Int(number) => Ok(*number),
            other => Err(unreadable(other, "a number")),
        }
    }
}

impl Field for bool {
    const NUMBER: bool = true;

    fn to_cell(&self) -> Cell {
        Cell::Int(i64::from(*self))
    }

    fn from_cell(cell: &Cell) -> Result<Self, StoreError> {
        match cell {
            Cell::Int(0) => Ok(false),
            Cell::Int(1) => Ok(true),
            other => Err(unreadable(other, "0 or 1")),
        }
    }
}

impl Field for Date {
    fn to_cell(&self) -> Cell {
        Cell::Text(self.to_string())
    }

    fn from_cell(cell: &Cell) -> Result<Self, StoreError> {
        Date::parse(&String::from_cell(cell)?).map_err(|_| unreadable(cell, "a date"))
    }
}

impl Field for Money {
    const NUMBER: bool = true;

    /// An amount that does not fit is stored as one that every constraint refuses.
    fn to_cell(&self) -> Cell {
        Cell::Int(i64::try_from(self.minor()).unwrap_or(i64::MIN))
    }

    fn from_cell(cell: &Cell) -> Result<Self, StoreError> {
        Ok(Money::from_minor(i128::from(i64::from_cell(cell)?), CURRENCY))
    }
}

impl Field for Instant {
    const NUMBER: bool = true;

    fn to_cell(&self) -> Cell {
        Cell::Int(self.milliseconds())
    }

    fn from_cell(cell: &Cell) -> Result<Self, StoreError> {
        i64::from_cell(cell).map(Instant::from_milliseconds)
    }
}

impl Field for Value {
    fn to_cell(&self) -> Cell {
        Cell::Text(meed_facts::json::canonical(self))
    }

    fn from_cell(cell: &Cell) -> Result<Self, StoreError> {
        serde_json::from_str(&String::from_cell(cell)?).map_err(|_| unreadable(cell, "JSON"))
    }
}

impl<T: Field> Field for Option<T> {
    const NUMBER: bool = T::NUMBER;

    fn to_cell(&self) -> Cell {
        self.as_ref().map_or(Cell::Null, Field::to_cell)
    }

    fn from_cell(cell: &Cell) -> Result<Self, StoreError> {
        match cell {
            Cell::Null => Ok(None),
            other => T::from_cell(other).map(Some),
        }
    }
}

impl<T: Field> From<&T> for Cell {
    fn from(value: &T) -> Self {
        value.to_cell()
    }
}

impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        Cell::Text(text.to_owned())
    }
}

impl From<i64> for Cell {
    fn from(number: i64) -> Self {
        Cell::Int(number)
    }
}
