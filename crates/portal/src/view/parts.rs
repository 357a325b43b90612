//! Small parts: amounts, days, states, lists of names and values.

use maud::{Markup, Render, html};
use meed_facts::date::Date;
use meed_facts::money::Money;
use meed_office::awards::obligations::BY_THE_RULES;
use meed_office::people::Role;
use meed_office::store::CURRENCY;
use meed_office::time::Instant;

use crate::access::Audience;
use crate::visit::Visit;

/// What a role is called.
pub fn role_name(visit: &Visit, role: Role) -> String {
    let known = visit.words.known(&format!("role-{role}"));
    known.unwrap_or_else(|| role.to_string())
}

/// An amount with its thousands: `7,000,000.00`.
pub fn amount(money: Money) -> Markup {
    html! { span.num { (grouped(&money.to_decimal())) } }
}

/// [`amount`] of a number of fen, as the office's tables have it.
pub fn yuan(minor: i64) -> Markup {
    amount(Money::from_minor(i128::from(minor), CURRENCY))
}

/// [`yuan`] as a text alone, for where no markup stands.
pub fn yuan_text(minor: i64) -> String {
    grouped(&Money::from_minor(i128::from(minor), CURRENCY).to_decimal())
}

/// A whole number with its thousands.
pub fn count(number: impl std::fmt::Display) -> Markup {
    html! { span.num { (grouped(&number.to_string())) } }
}

/// A number with its thousands set apart, as text.
pub fn grouped(number: &str) -> String {
    let (sign, digits) = number.strip_prefix('-').map_or(("", number), |rest| ("−", rest));
    let (whole, rest) = digits.find('.').map_or((digits, ""), |at| digits.split_at(at));
    let mut text = String::new();
    let count = whole.chars().count();
    for (index, digit) in whole.chars().enumerate() {
        if index > 0 && count.saturating_sub(index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    format!("{sign}{text}{rest}")
}

/// A day.
pub fn day(date: Date) -> Markup {
    html! { time datetime=(date) { (date) } }
}

/// A moment, to the minute, in Shanghai.
pub fn moment(instant: Instant) -> Markup {
    let whole = instant.to_string();
    let shown = whole.get(..16).unwrap_or(&whole).replace('T', " ");
    html! { time datetime=(whole) { (shown) } }
}

/// The state of a row of one of the office's machines, in words.
pub fn state(visit: &Visit, machine: &str, name: &str) -> Markup {
    let key = format!("state-{machine}-{name}").replace('_', "-");
    let text = visit.words.known(&key).unwrap_or_else(|| name.to_owned());
    html! { span.state data-state=(name) { (text) } }
}

/// A row of the office's by its id: a link for whoever may follow it.
pub fn leads(visit: &Visit, roles: &'static [Role], folder: &str, id: &str) -> Markup {
    html! {
        @if visit.viewer.is_among(Audience::Roles(roles)) { a.code href={ (folder) "/" (id) } { (id) } } @else { span.code { (id) } }
    }
}

/// Names and their values.
pub fn pairs<const N: usize>(pairs: [(String, Markup); N]) -> Markup {
    html! { dl.pairs { @for (name, value) in pairs { div { dt { (name) } dd { (value) } } } } }
}

/// How an obligation was broken: in somebody's words, or that the rules found it.
pub fn breached(visit: &Visit, breach: &str) -> String {
    match breach {
        BY_THE_RULES => visit.t("obligation-by-the-rules"),
        said => said.to_owned(),
    }
}

/// A part of a page under a heading.
pub fn section(title: impl Render, body: Markup) -> Markup {
    html! { section { h2 { (title) } (body) } }
}

#[cfg(test)]
mod tests {
    use super::grouped;

    #[test]
    fn thousands_are_set_apart() {
        assert_eq!(grouped("7000000.00"), "7,000,000.00");
        assert_eq!(grouped("-500.50"), "−500.50");
        assert_eq!(grouped("0"), "0");
        assert_eq!(grouped("123456"), "123,456");
    }
}
