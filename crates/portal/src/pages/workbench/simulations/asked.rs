//! What a form asks for: its fields, read with what is wrong with them.

use meed_facts::date::Date;
use meed_facts::ratio::Ratio;
use meed_syntax::diagnostic::Message;

use super::order::{Order, Version};
use super::people::{MOST, People};
use crate::posted::Fields;

/// The field that says whose text stands in the field of texts.
pub(super) const TEXT_OF: &str = "text_of";

/// The fields as they were typed.
#[derive(Clone, Debug, Default)]
pub(super) struct Asked {
    fields: Fields,
}

impl Asked {
    /// Those of a form or of an address.
    pub fn new(fields: Fields) -> Self {
        Self { fields }
    }

    /// A field, without blanks around it.
    pub fn one(&self, name: &str) -> &str {
        self.whole(name).trim()
    }

    /// A field as it is.
    pub fn whole(&self, name: &str) -> &str {
        let values = self.fields.get(name).and_then(|values| values.first());
        values.map_or("", String::as_str)
    }

    /// A field, or what stands there at first.
    pub fn or(&self, name: &str, first: &str) -> String {
        match self.fields.contains_key(name) {
            true => self.one(name).to_owned(),
            false => first.to_owned(),
        }
    }

    /// Whether there is a text of the document that is chosen, and not only of one that was chosen before.
    pub fn has_text(&self) -> bool {
        !self.one("text").is_empty() && self.or(TEXT_OF, self.one("document")) == self.one("document")
    }

    /// The order, or what is wrong with each field.
    pub fn order(
        &self,
        own: Version,
        against: Option<Version>,
        today: Date,
    ) -> Result<Order, Vec<(&'static str, Message)>> {
        let mut wrong = Vec::new();
        let on = self.date("on", &mut wrong);
        let reform_on = self.date("reform_on", &mut wrong);
        let step = self.number("step", &mut wrong, share);
        let value = self.number("value", &mut wrong, number);
        let parameter = match (self.one("parameter"), value) {
            ("", _) => None,
            (name, Some(value)) => Some((name.to_owned(), value)),
            (_, None) => {
                if self.one("value").is_empty() {
                    wrong.push(("value", Message::new("give the parameter a value", "请填写参数的新值")));
                }
                None
            }
        };
        let invented = (self.one("people") == "invented")
            .then(|| self.invented(&mut wrong))
            .flatten();
        let document = Some(self.one("document").to_owned()).filter(|path| !path.is_empty());
        if document.is_some() && !self.has_text() {
            let why = "open the text of this document and change it first";
            wrong.push(("document", Message::new(why, "请先打开该文件的文本并修改")));
        }
        let by = self.one("by").split(',').map(str::trim).filter(|name| !name.is_empty());
        let order = Order {
            own,
            against,
            on: on.unwrap_or(today),
            document: document.map(|path| (path, self.whole("text").to_owned())),
            parameter,
            reform_on,
            step,
            by: by.map(str::to_owned).collect(),
            people: People {
                kind: self.or("kind", "enterprise"),
                today,
                invented,
            },
        };
        if wrong.is_empty() { Ok(order) } else { Err(wrong) }
    }

    fn date(&self, name: &'static str, wrong: &mut Vec<(&'static str, Message)>) -> Option<Date> {
        let text = self.one(name);
        if text.is_empty() {
            return None;
        }
        let read = Date::parse(text).ok();
        if read.is_none() {
            wrong.push((
                name,
                Message::new("write a date like 2023-12-01", "日期格式如 2023-12-01"),
            ));
        }
        read
    }

    fn number(
        &self,
        name: &'static str,
        wrong: &mut Vec<(&'static str, Message)>,
        read: fn(&str) -> Option<Ratio>,
    ) -> Option<Ratio> {
        let text = self.one(name);
        if text.is_empty() {
            return None;
        }
        let found = read(text);
        if found.is_none() {
            wrong.push((
                name,
                Message::new(
                    "write a number such as 0.1, 10% or 1/3",
                    "请填写数字，如 0.1、10% 或 1/3",
                ),
            ));
        }
        found
    }

    /// How many are to be invented, with which seed.
    fn invented(&self, wrong: &mut Vec<(&'static str, Message)>) -> Option<(u64, u64)> {
        let size = self
            .one("size")
            .parse::<u64>()
            .ok()
            .filter(|size| (1..=MOST).contains(size));
        if size.is_none() {
            wrong.push((
                "size",
                Message::new(format!("from 1 to {MOST}"), format!("1 至 {MOST}")),
            ));
        }
        let seed = self.or("seed", "1").parse::<u64>().ok();
        if seed.is_none() {
            wrong.push(("seed", Message::new("a whole number", "请填写整数")));
        }
        size.zip(seed)
    }
}

/// A number: `0.7`, `70%`, `2/3`.
fn number(text: &str) -> Option<Ratio> {
    let (number, scale) = text.strip_suffix('%').map_or((text, 1), |number| (number, 100));
    Ratio::parse(number.trim()).ok()?.checked_div(&Ratio::from_int(scale))
}

/// A share from 0 to 1.
fn share(text: &str) -> Option<Ratio> {
    number(text).filter(|share| !share.is_negative() && *share <= Ratio::ONE)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::posted::query;

    fn asked(text: &str) -> Result<Order, Vec<&'static str>> {
        let own = Version {
            version: "1".to_owned(),
            files: meed_office::programs::Files::new(),
        };
        let today = Date::parse("2023-03-06").unwrap();
        let order = Asked::new(query(Some(text))).order(own, None, today);
        order.map_err(|wrong| wrong.into_iter().map(|(name, _)| name).collect())
    }

    #[test]
    fn an_empty_form_asks_for_the_register_today() {
        let order = asked("").unwrap();
        assert_eq!(
            (order.on.to_string().as_str(), order.people.invented),
            ("2023-03-06", None)
        );
        assert_eq!(order.people.kind, "enterprise");
    }

    #[test]
    fn numbers_are_exact_and_bounded() {
        let order = asked("people=invented&size=100&seed=7&step=10%25&parameter=rate&value=1/3").unwrap();
        assert_eq!(order.people.invented, Some((100, 7)));
        assert_eq!(order.step, Some(Ratio::new(1, 10).unwrap()));
        assert_eq!(order.parameter, Some(("rate".to_owned(), Ratio::new(1, 3).unwrap())));
        for (text, wrong) in [
            ("people=invented&size=100001", "size"),
            ("people=invented&size=0", "size"),
            ("people=invented&size=1&seed=x", "seed"),
            ("step=2", "step"),
            ("on=yesterday", "on"),
            ("parameter=rate", "value"),
            ("parameter=rate&value=much", "value"),
            ("document=a.md", "document"),
            ("document=a.md&text_of=b.md&text=x", "document"),
        ] {
            assert_eq!(asked(text).unwrap_err(), [wrong], "{text}");
        }
    }
}
