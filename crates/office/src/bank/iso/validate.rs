//! A document held against the tables of its schema, and its counts and sums against what they count.

use meed_facts::money::Currency;

use super::schema::{Content, Group, Message, Row};
use super::sums;
use super::xml::{self, Document, Element};
use crate::bank::instant;
use crate::bank::violation::{Fault, Violation};

/// Violations after which a document is not looked at further.
const MOST_VIOLATIONS: usize = 100;

/// All that is wrong with a message, at most the first hundred; empty for one that may be sent or read.
///
/// It knows `pain.001.001.09`, `pain.002.001.10`, `camt.053.001.08` and `camt.054.001.08` by their namespaces.
pub fn validate(bytes: &[u8]) -> Vec<Violation> {
    let document = match xml::read(bytes) {
        Ok(document) => document,
        Err(violation) => return vec![violation],
    };
    match message(&document) {
        Ok(message) => check(&document, message),
        Err(violation) => vec![violation],
    }
}

/// Reads a message of this kind that has nothing wrong.
pub(in crate::bank) fn open(bytes: &[u8], wanted: Message) -> Result<Document<'_>, Violation> {
    let (document, _) = open_one_of(bytes, &[wanted])?;
    Ok(document)
}

/// Reads a message of one of some kinds that has nothing wrong, and tells which.
pub(in crate::bank) fn open_one_of<'a>(
    bytes: &'a [u8],
    wanted: &[Message],
) -> Result<(Document<'a>, Message), Violation> {
    let document = xml::read(bytes)?;
    let message = message(&document)?;
    if !wanted.contains(&message) {
        return Err(Fault::Namespace(document.namespace.clone()).at(document.place(&document.root)));
    }
    match check(&document, message).into_iter().next() {
        Some(violation) => Err(violation),
        None => Ok((document, message)),
    }
}

fn message(document: &Document<'_>) -> Result<Message, Violation> {
    let at = || document.place(&document.root);
    let message =
        Message::of(&document.namespace).ok_or_else(|| Fault::Namespace(document.namespace.clone()).at(at()))?;
    if document.root.name != "Document" {
        return Err(Fault::Unknown(document.root.name.clone()).at(at()));
    }
    Ok(message)
}

fn check(document: &Document<'_>, message: Message) -> Vec<Violation> {
    let mut walk = Walk {
        document,
        found: Vec::new(),
    };
    walk.group(&document.root, message.document());
    if walk.found.is_empty() {
        sums::check(document, message, &mut walk.found);
    }
    walk.found
}

/// A walk through a document, with what it found.
struct Walk<'a> {
    document: &'a Document<'a>,
    found: Vec<Violation>,
}

impl Walk<'_> {
    fn report(&mut self, element: &Element, fault: Fault) {
        if self.found.len() < MOST_VIOLATIONS {
            self.found.push(fault.at(self.document.place(element)));
        }
    }

    fn group(&mut self, element: &Element, group: &Group) {
        if !element.text.trim().is_empty() {
            self.report(element, Fault::Unknown(element.text.trim().chars().take(60).collect()));
        }
        if let Some((name, _)) = element.attributes.first() {
            self.report(element, Fault::Unknown(format!("@{name}")));
        }
        if group.choice {
            self.choice(element, group);
        } else {
            self.sequence(element, group);
        }
        for child in &element.children {
            if let Some(row) = group.rows.iter().find(|row| row.element == child.name) {
                self.content(child, row);
            }
        }
    }

    fn choice(&mut self, element: &Element, group: &Group) {
        for child in &element.children {
            if !group.rows.iter().any(|row| row.element == child.name) {
                self.report(child, Fault::Unknown(child.name.clone()));
            }
        }
        match element.children.as_slice() {
            [] => {
                let names: Vec<_> = group.rows.iter().map(|row| row.element).collect();
                self.report(element, Fault::Missing(names.join(" | ")));
            }
            [_] => {}
            [_, second, ..] => self.report(second, Fault::Choice(second.name.clone())),
        }
    }

    fn sequence(&mut self, element: &Element, group: &Group) {
        let mut reached = 0;
        for child in &element.children {
            match group.rows.iter().position(|row| row.element == child.name) {
                None => self.report(child, Fault::Unknown(child.name.clone())),
                Some(at) if at < reached => self.report(child, Fault::OutOfOrder(child.name.clone())),
                Some(at) => reached = at,
            }
        }
        for row in group.rows {
            let there = element.all(row.element).count();
            if there < row.least {
                self.report(element, Fault::Missing(row.element.to_owned()));
            }
            if let Some(over) = element.all(row.element).nth(row.most) {
                self.report(over, Fault::Repeated(row.element.to_owned(), row.most));
            }
        }
    }

    fn content(&mut self, element: &Element, row: &Row) {
        match row.content {
            Content::Group(group) => return self.group(element, group),
            Content::Open => return,
            _ => {}
        }
        if let Some(child) = element.children.first() {
            self.report(child, Fault::Unknown(child.name.clone()));
        }
        let amount = matches!(row.content, Content::Amount);
        if let Some((name, _)) = element.attributes.iter().find(|(name, _)| !amount || name != "Ccy") {
            self.report(element, Fault::Unknown(format!("@{name}")));
        }
        if let Err(fault) = value(element, row.content) {
            self.report(element, fault);
        }
    }
}

fn value(element: &Element, content: Content) -> Result<(), Fault> {
    let text = element.text.as_str();
    let form = |fits: bool, wanted| fits.then_some(()).ok_or_else(|| Fault::form(text, wanted));
    match content {
        Content::Group(_) | Content::Open => Ok(()),
        Content::Text(least, most) => {
            let found = text.chars().count();
            let fits = (least..=most).contains(&found);
            fits.then_some(()).ok_or(Fault::Length { least, most, found })
        }
        Content::Code(codes) => form(codes.contains(&text), "a code of the schema"),
        Content::Digits(most) => {
            let digits = (1..=most).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
            form(digits, "a whole number that is not too long")
        }
        Content::Decimal(total, fraction) => decimal(text.strip_prefix('-').unwrap_or(text), total, fraction),
        Content::Amount => amount(element),
        Content::Date => instant::read_day(text).map(|_| ()),
        Content::Instant => instant::read(text).map(|_| ()),
        Content::Truth => form(matches!(text, "true" | "false" | "0" | "1"), "true or false"),
        Content::Form(wanted) => form(wanted.fits(text), wanted.pattern()),
    }
}

fn amount(element: &Element) -> Result<(), Fault> {
    let (_, currency) = element
        .attributes
        .iter()
        .find(|(name, _)| name == "Ccy")
        .ok_or_else(|| Fault::Missing("@Ccy".to_owned()))?;
    if !super::schema::Form::Currency.fits(currency) {
        return Err(Fault::form(currency, super::schema::Form::Currency.pattern()));
    }
    // "Maximum fraction digits are those of the currency in ISO 4217", a rule of all messages beside the schema.
    let exponent = Currency::parse(currency).and_then(|currency| usize::try_from(currency.exponent()).ok());
    decimal(&element.text, 18, exponent.unwrap_or(5))
}

fn decimal(text: &str, total: usize, fraction: usize) -> Result<(), Fault> {
    let (whole, part) = text.split_once('.').unwrap_or((text, "0"));
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if !digits(whole) || !digits(part) {
        return Err(Fault::form(text, "a decimal such as 1234.56"));
    }
    let part = if text.contains('.') { part.len() } else { 0 };
    let all = whole.trim_start_matches('0').len().saturating_add(part);
    if all > total || part > fraction {
        let value = text.chars().take(60).collect();
        return Err(Fault::Digits { value, total, fraction });
    }
    Ok(())
}
