//! Values taken out of a document that fits its schema, and the places of those that are wrong all the same.

use super::xml::{Document, Element};
use crate::bank::amount;
use crate::bank::mode::Mode;
use crate::bank::violation::{Fault, Violation};

pub(super) struct Reader<'a> {
    document: &'a Document<'a>,
}

impl<'a> Reader<'a> {
    pub fn of(document: &'a Document<'a>) -> Self {
        Self { document }
    }

    /// A fault of an element.
    pub fn wrong(&self, element: &Element, fault: Fault) -> Violation {
        fault.at(self.document.place(element))
    }

    /// The element at a path.
    pub fn at<'e>(&self, element: &'e Element, path: &str) -> Result<&'e Element, Violation> {
        let missing = || self.wrong(element, Fault::Missing(path.to_owned()));
        element.find(path).ok_or_else(missing)
    }

    /// What the text at a path says, read by a function.
    pub fn get<T>(
        &self,
        element: &Element,
        path: &str,
        read: impl FnOnce(&str) -> Result<T, Fault>,
    ) -> Result<T, Violation> {
        let element = self.at(element, path)?;
        read(&element.text).map_err(|fault| self.wrong(element, fault))
    }

    /// The same, `None` if there is nothing at the path.
    pub fn may<T>(
        &self,
        element: &Element,
        path: &str,
        read: impl FnOnce(&str) -> Result<T, Fault>,
    ) -> Result<Option<T>, Violation> {
        let there = element.find(path).is_some();
        there.then(|| self.get(element, path, read)).transpose()
    }

    /// The amount of yuan at a path, in fen.
    pub fn yuan(&self, element: &Element, path: &str) -> Result<i64, Violation> {
        let element = self.at(element, path)?;
        let fen = match element.attributes.first() {
            Some((_, currency)) if currency == "CNY" => amount::read(&element.text),
            Some((_, currency)) => Err(Fault::Currency(currency.clone())),
            None => Err(Fault::Missing("@Ccy".to_owned())),
        };
        fen.map_err(|fault| self.wrong(element, fault))
    }

    /// An id of another mode is refused.
    pub fn own(&self, element: &Element, ours: Mode, theirs: Mode) -> Result<(), Violation> {
        let fault = Fault::OtherMode { ours, theirs };
        (ours == theirs).then_some(()).ok_or_else(|| self.wrong(element, fault))
    }
}
