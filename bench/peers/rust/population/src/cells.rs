//! One value of a column, and how a column of Arrow becomes a vector of them.

use arrow_array::ArrayRef;
use arrow_array::cast::AsArray;
use arrow_array::types::{Date32Type, Float64Type, Int8Type, Int32Type, Int64Type};

/// A value that a column holds.
pub trait Cell: Sized {
    /// Appends the column's values.
    fn append(values: &mut Vec<Self>, column: &ArrayRef);
}

impl Cell for i64 {
    fn append(values: &mut Vec<Self>, column: &ArrayRef) {
        values.extend_from_slice(column.as_primitive::<Int64Type>().values());
    }
}

/// Whole numbers, and dates as days since 1970-01-01.
impl Cell for i32 {
    fn append(values: &mut Vec<Self>, column: &ArrayRef) {
        match column.as_primitive_opt::<Date32Type>() {
            Some(dates) => values.extend_from_slice(dates.values()),
            None => values.extend_from_slice(column.as_primitive::<Int32Type>().values()),
        }
    }
}

impl Cell for f64 {
    fn append(values: &mut Vec<Self>, column: &ArrayRef) {
        values.extend_from_slice(column.as_primitive::<Float64Type>().values());
    }
}

impl Cell for bool {
    fn append(values: &mut Vec<Self>, column: &ArrayRef) {
        values.extend(column.as_boolean().values());
    }
}

/// The level of a centre.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    /// No centre.
    None,
    /// Recognised by the city.
    Municipal,
    /// Recognised by the province.
    Provincial,
    /// Recognised by the state.
    National,
}

impl Level {
    /// As the files spell it.
    pub fn name(self) -> &'static str {
        match self {
            Level::None => "none",
            Level::Municipal => "municipal",
            Level::Provincial => "provincial",
            Level::National => "national",
        }
    }
}

impl Cell for Level {
    fn append(values: &mut Vec<Self>, column: &ArrayRef) {
        let levels = [Level::None, Level::Municipal, Level::Provincial, Level::National];
        append_named(values, column, &levels.map(|level| (level.name(), level)));
    }
}

/// What somebody was hired for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// A professional or technical post.
    ProfessionalTechnical,
    /// Senior management.
    SeniorManagement,
    /// Anything else.
    Other,
}

impl Role {
    /// As the files spell it.
    pub fn name(self) -> &'static str {
        match self {
            Role::ProfessionalTechnical => "professional_technical",
            Role::SeniorManagement => "senior_management",
            Role::Other => "other",
        }
    }
}

impl Cell for Role {
    fn append(values: &mut Vec<Self>, column: &ArrayRef) {
        let roles = [Role::ProfessionalTechnical, Role::SeniorManagement, Role::Other];
        append_named(values, column, &roles.map(|role| (role.name(), role)));
    }
}

/// The codes of a dictionary, by the names they stand for.
fn append_named<T: Copy>(values: &mut Vec<T>, column: &ArrayRef, named: &[(&str, T)]) {
    let dictionary = column.as_dictionary::<Int8Type>();
    let meanings: Vec<T> = (dictionary.values().as_string::<i32>().iter())
        .map(|name| {
            named
                .iter()
                .find(|(known, _)| Some(*known) == name)
                .expect("a known name")
                .1
        })
        .collect();
    values.extend(dictionary.keys().values().iter().map(|code| meanings[*code as usize]));
}

/// A date as the files of other engines spell it, from days since 1970-01-01.
pub fn date(days: i32) -> String {
    Date32Type::to_naive_date_opt(days).expect("a date").to_string()
}
