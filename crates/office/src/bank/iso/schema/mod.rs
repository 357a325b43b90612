//! What the schemas of the four messages demand, as tables: element, occurrence, lengths, forms, digits.
//!
//! The tables state the schemas of ISO 20022 (business areas *Payments Initiation*, edition 2019, and *Cash Management*, edition 2019):
//! a [`Group`] is a type of the schema under its own name, a [`Row`] an element of it, in the schema's order. Where Meed neither
//! writes nor reads what is inside an element, its content is [`Content::Open`]: the element is known, and its inside is not looked at.

mod camt053;
mod camt054;
mod cash;
mod pain001;
mod pain002;
mod shared;

use crate::bank::order::is_bic;

/// A type of a schema: a sequence of elements, or a choice of one.
#[derive(Debug)]
pub struct Group {
    /// The type's name in ISO 20022.
    pub name: &'static str,
    /// Whether exactly one of the rows is there, instead of all in their order.
    pub choice: bool,
    /// The elements.
    pub rows: &'static [Row],
}

/// An element of a type.
#[derive(Debug)]
pub struct Row {
    /// Its name.
    pub element: &'static str,
    /// How often it is there at least.
    pub least: usize,
    /// How often it is there at most; `usize::MAX` for any number.
    pub most: usize,
    /// What is in it.
    pub content: Content,
}

/// What is in an element.
#[derive(Clone, Copy, Debug)]
pub enum Content {
    /// Other elements.
    Group(&'static Group),
    /// A text of so many characters, at least and at most.
    Text(usize, usize),
    /// One of these codes.
    Code(&'static [&'static str]),
    /// One to so many digits.
    Digits(usize),
    /// A decimal, perhaps with a sign, of so many digits in all and after the point.
    Decimal(usize, usize),
    /// An amount not below 0 of at most 18 digits, 5 after the point, with its currency in the attribute `Ccy`; of yuan at most 2.
    Amount,
    /// A day.
    Date,
    /// An instant.
    Instant,
    /// `true` or `false`.
    Truth,
    /// A text of a form.
    Form(Form),
    /// Content that is not looked at.
    Open,
}

/// A form of texts.
#[derive(Clone, Copy, Debug)]
pub enum Form {
    /// `BICFIDec2014Identifier`.
    Bic,
    /// `IBAN2007Identifier`.
    Iban,
    /// `UUIDv4Identifier`.
    Uuid,
    /// `ActiveOrHistoricCurrencyCode`.
    Currency,
}

impl Form {
    /// The pattern in the schema.
    pub fn pattern(self) -> &'static str {
        match self {
            Self::Bic => "[A-Z0-9]{4}[A-Z]{2}[A-Z0-9]{2}([A-Z0-9]{3})?",
            Self::Iban => "[A-Z]{2}[0-9]{2}[a-zA-Z0-9]{1,30}",
            Self::Uuid => "[a-f0-9]{8}-[a-f0-9]{4}-4[a-f0-9]{3}-[89ab][a-f0-9]{3}-[a-f0-9]{12}",
            Self::Currency => "[A-Z]{3}",
        }
    }

    /// Whether a text has it.
    pub fn fits(self, text: &str) -> bool {
        match self {
            Self::Bic => is_bic(text),
            Self::Iban => is_iban(text),
            Self::Uuid => is_uuid(text),
            Self::Currency => text.len() == 3 && text.bytes().all(|byte| byte.is_ascii_uppercase()),
        }
    }
}

fn is_iban(text: &str) -> bool {
    let country = text.bytes().take(2).all(|byte| byte.is_ascii_uppercase());
    let check = text.bytes().skip(2).take(2).all(|byte| byte.is_ascii_digit());
    (5..=34).contains(&text.len()) && country && check && text.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

fn is_uuid(text: &str) -> bool {
    text.len() == 36
        && text.bytes().enumerate().all(|(at, byte)| match at {
            8 | 13 | 18 | 23 => byte == b'-',
            14 => byte == b'4',
            19 => matches!(byte, b'8' | b'9' | b'a' | b'b'),
            _ => byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte),
        })
}

/// A message that Meed knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Message {
    /// `pain.001.001.09`, CustomerCreditTransferInitiation: payments to make.
    Pain001,
    /// `pain.002.001.10`, CustomerPaymentStatusReport: what became of them.
    Pain002,
    /// `camt.053.001.08`, BankToCustomerStatement: what was booked.
    Camt053,
    /// `camt.054.001.08`, BankToCustomerDebitCreditNotification: single bookings, before the statement has them.
    Camt054,
}

impl Message {
    /// All messages.
    pub const ALL: [Self; 4] = [Self::Pain001, Self::Pain002, Self::Camt053, Self::Camt054];

    /// Its namespace.
    pub fn namespace(self) -> &'static str {
        match self {
            Self::Pain001 => "urn:iso:std:iso:20022:tech:xsd:pain.001.001.09",
            Self::Pain002 => "urn:iso:std:iso:20022:tech:xsd:pain.002.001.10",
            Self::Camt053 => "urn:iso:std:iso:20022:tech:xsd:camt.053.001.08",
            Self::Camt054 => "urn:iso:std:iso:20022:tech:xsd:camt.054.001.08",
        }
    }

    /// The message with a namespace.
    pub fn of(namespace: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|message| message.namespace() == namespace)
    }

    /// The type of its `Document`.
    pub fn document(self) -> &'static Group {
        match self {
            Self::Pain001 => &pain001::DOCUMENT,
            Self::Pain002 => &pain002::DOCUMENT,
            Self::Camt053 => &camt053::DOCUMENT,
            Self::Camt054 => &camt054::DOCUMENT,
        }
    }
}

/// All elements of a type, in order.
const fn sequence(name: &'static str, rows: &'static [Row]) -> Group {
    Group {
        name,
        choice: false,
        rows,
    }
}

/// One of the elements of a type.
const fn choice(name: &'static str, rows: &'static [Row]) -> Group {
    Group {
        name,
        choice: true,
        rows,
    }
}

const fn row(element: &'static str, least: usize, most: usize, content: Content) -> Row {
    Row {
        element,
        least,
        most,
        content,
    }
}

/// An element that is there once.
const fn one(element: &'static str, content: Content) -> Row {
    row(element, 1, 1, content)
}

/// An element that may be there.
const fn may(element: &'static str, content: Content) -> Row {
    row(element, 0, 1, content)
}

/// An element that may be there any number of times.
const fn any(element: &'static str, content: Content) -> Row {
    row(element, 0, usize::MAX, content)
}

/// An element that is there at least once.
const fn some(element: &'static str, content: Content) -> Row {
    row(element, 1, usize::MAX, content)
}
