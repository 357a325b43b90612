//! Values of Arrow columns as the text of a CSV file.

use arrow_array::cast::AsArray;
use arrow_array::types::{Date32Type, Decimal128Type, Int32Type, Int64Type};
use arrow_array::{Array, ArrayRef};
use arrow_schema::DataType;
use meed_facts::date::Date;

/// A column whose rows are written as text.
pub(crate) struct Cells<'a> {
    array: &'a ArrayRef,
    /// Positions among the names, where it has names.
    keys: Option<Vec<usize>>,
    /// The unit of its whole numbers, where they are durations.
    unit: Option<&'a str>,
}

impl<'a> Cells<'a> {
    pub(crate) fn new(array: &'a ArrayRef, unit: Option<&'a str>) -> Self {
        let names = array.as_any_dictionary_opt().filter(|names| !names.values().is_empty());
        Self {
            array,
            keys: names.map(|names| names.normalized_keys()),
            unit,
        }
    }

    /// The row's value; empty where there is none.
    pub(crate) fn text(&self, row: usize) -> String {
        if self.array.is_null(row) {
            return String::new();
        }
        match self.array.data_type() {
            DataType::Boolean => self.array.as_boolean().value(row).to_string(),
            DataType::Int64 => self.array.as_primitive::<Int64Type>().value(row).to_string(),
            DataType::Int32 => {
                let whole = self.array.as_primitive::<Int32Type>().value(row);
                self.unit.map_or(whole.to_string(), |unit| format!("{whole} {unit}"))
            }
            DataType::Decimal128(_, _) => plain(&self.array.as_primitive::<Decimal128Type>().value_as_string(row)),
            DataType::Date32 => {
                let days = self.array.as_primitive::<Date32Type>().value(row);
                Date::from_days_since_epoch(days).map_or(String::new(), |date| date.to_string())
            }
            DataType::Utf8 => self.array.as_string::<i32>().value(row).to_owned(),
            DataType::Dictionary(_, _) => {
                let names = self.array.as_any_dictionary().values().as_string::<i32>();
                let key = self.keys.as_ref().and_then(|keys| keys.get(row));
                key.map_or(String::new(), |key| names.value(*key).to_owned())
            }
            _ => String::new(),
        }
    }
}

// Without zeros at the end of a fraction of more than three digits, which amounts have at most.
fn plain(decimal: &str) -> String {
    match decimal.split_once('.') {
        Some((whole, fraction)) if fraction.len() > 3 => {
            let fraction = fraction.trim_end_matches('0');
            if fraction.is_empty() {
                whole.to_owned()
            } else {
                format!("{whole}.{fraction}")
            }
        }
        _ => decimal.to_owned(),
    }
}
