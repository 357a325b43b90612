//! Rows as types: a table is declared once, with its columns and its key.

use super::{Cell, StoreError};

/// A type whose values are rows of one table.
pub trait Record: Sized {
    /// The table.
    const TABLE: &'static str;
    /// Its columns, in the order of [`Record::cells`].
    const COLUMNS: &'static [&'static str];
    /// Which of them are whole numbers.
    const NUMBERS: &'static [bool];
    /// The columns of its primary key.
    const KEY: &'static [&'static str];
    /// The row.
    fn cells(&self) -> Vec<Cell>;
    /// The value of a row.
    ///
    /// # Errors
    /// [`StoreError::Unreadable`]: a cell holds what its column is not for.
    fn from_cells(cells: &[Cell]) -> Result<Self, StoreError>;
    /// The row's key.
    fn key(&self) -> Vec<Cell> {
        let cells = self.cells();
        let at = |name: &&str| Self::COLUMNS.iter().position(|column| column == name);
        let of = |name| at(name).and_then(|index| cells.get(index)).cloned();
        Self::KEY.iter().filter_map(of).collect()
    }
}

/// The parts of a key.
pub trait Key {
    /// Its cells.
    fn cells(self) -> Vec<Cell>;
}

impl<T: Into<Cell>> Key for T {
    fn cells(self) -> Vec<Cell> {
        vec![self.into()]
    }
}

impl<A: Into<Cell>, B: Into<Cell>> Key for (A, B) {
    fn cells(self) -> Vec<Cell> {
        vec![self.0.into(), self.1.into()]
    }
}

impl<A: Into<Cell>, B: Into<Cell>, C: Into<Cell>> Key for (A, B, C) {
    fn cells(self) -> Vec<Cell> {
        vec![self.0.into(), self.1.into(), self.2.into()]
    }
}

impl Key for Vec<Cell> {
    fn cells(self) -> Vec<Cell> {
        self
    }
}

/// Declares a struct and the table whose rows it is: `record! { /// … pub struct Line in "line" by id { /// … id: String, … } }`.
#[macro_export]
macro_rules! record {
    ($(#[$meta:meta])* pub struct $name:ident in $table:literal by $($key:ident),+ {
        $($(#[$field_meta:meta])* $field:ident: $type:ty),+ $(,)?
    }) => {
        $(#[$meta])*
        #[derive(Clone, Debug, PartialEq)]
        pub struct $name {
            $($(#[$field_meta])* pub $field: $type),+
        }

        impl $crate::store::Record for $name {
            const TABLE: &'static str = $table;
            const COLUMNS: &'static [&'static str] = &[$(stringify!($field)),+];
            const NUMBERS: &'static [bool] = &[$(<$type as $crate::store::Field>::NUMBER),+];
            const KEY: &'static [&'static str] = &[$(stringify!($key)),+];

            fn cells(&self) -> Vec<$crate::store::Cell> {
                vec![$($crate::store::Field::to_cell(&self.$field)),+]
            }

            fn from_cells(cells: &[$crate::store::Cell]) -> Result<Self, $crate::store::StoreError> {
                let mut cells = cells.iter();
                $(let $field = $crate::store::Field::from_cell(cells.next().unwrap_or(&$crate::store::Cell::Null))?;)+
                Ok(Self { $($field),+ })
            }
        }
    };
}
