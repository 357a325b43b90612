//! Types of nodes.

use la_arena::Idx;
use meed_facts::identifier;
use meed_facts::money::Currency;
use meed_facts::schema::{EnumerationId, Unit};

/// The type of a node's value.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Type {
    /// True or false.
    Bool,
    /// A number with its unit; money is a number of a currency's main unit.
    Number(Dimension),
    /// A calendar date.
    Date,
    /// Calendar months.
    Months,
    /// Days.
    Days,
    /// A calendar year, as its number.
    Year,
    /// A calendar month, as `12 * year + month - 1`.
    Month,
    /// Free text.
    Text,
    /// A member of an enumeration.
    Enumeration(EnumerationId),
    /// A checked identifier.
    Identifier(identifier::Kind),
}

/// A product of powers of base units, sorted, without zero powers. Empty: a plain number.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Dimension(pub Vec<(Base, i8)>);

/// A base unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Base {
    /// Money.
    Money(Currency),
    /// A declared unit that has no base of its own.
    Unit(Idx<Unit>),
}

impl Dimension {
    /// A plain number.
    pub const NONE: Dimension = Dimension(Vec::new());

    /// An amount of money.
    pub fn money(currency: Currency) -> Dimension {
        Dimension(vec![(Base::Money(currency), 1)])
    }

    /// The currency, where this is an amount of money.
    pub fn currency(&self) -> Option<Currency> {
        match self.0.as_slice() {
            [(Base::Money(currency), 1)] => Some(*currency),
            _ => None,
        }
    }
}
