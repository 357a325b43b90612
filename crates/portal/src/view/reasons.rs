//! Why something is not done, as the office says it, with states called as pages call them.

use maud::{Markup, html};
use meed_facts::date::Date;
use meed_office::machine::ALL;
use meed_office::people::Role;
use serde_json::Value;

use crate::visit::Visit;
use crate::words::Words;

/// Why something is not done: a sentence in the visitor's language.
pub fn reason(visit: &Visit, reason: &Value) -> Markup {
    let text = reason.get(visit.words.pick("zh", "en")).and_then(Value::as_str);
    html! { (in_words(visit.words, text.unwrap_or_default())) }
}

/// A sentence of the office's, in which states stand as `their_names`, in words. Other names between such marks stay: they are what somebody typed.
pub fn in_words(words: Words, sentence: &str) -> String {
    let (table, rest) = sentence.split_once(' ').unwrap_or(("", sentence));
    let own = ALL.iter().find(|machine| machine.table == table);
    let mut told = match own.and_then(|machine| words.known(&format!("field-{}", machine.table))) {
        Some(called) => format!("{called} "),
        None if table.is_empty() => String::new(),
        None => format!("{table} "),
    };
    for (index, part) in rest.split('`').enumerate() {
        let state = |table: &str| words.known(&format!("state-{table}-{part}").replace('_', "-"));
        let marked = index.checked_rem(2) == Some(1);
        // The machine that the sentence begins with, else one that its words name, else the first that has such a state.
        let named = ALL.iter().filter(|machine| sentence.contains(machine.table));
        let machines = own.into_iter().chain(named).chain(ALL.iter());
        let found = machines
            .filter(|machine| marked && machine.states.contains(&part))
            .find_map(|machine| state(machine.table));
        match found {
            Some(state) => told.push_str(&format!("“{state}”")),
            None if marked => match role(words, part) {
                Some(role) => told.push_str(&format!("“{role}”")),
                None => told.push_str(&format!("`{part}`")),
            },
            None => told.push_str(part),
        }
    }
    moments(&told)
}

fn role(words: Words, name: &str) -> Option<String> {
    let role = Role::ALL.into_iter().find(|role| role.name() == name)?;
    words.known(&format!("role-{role}"))
}

/// Moments as pages show them: their day, and the minute where it is not the day's first.
fn moments(sentence: &str) -> String {
    let mut told = String::new();
    let mut rest = sentence;
    while let Some(at) = rest.find('T') {
        let (before, after) = (rest.get(..at).unwrap_or_default(), rest.get(at..).unwrap_or_default());
        let day = before.len().checked_sub(10).and_then(|start| before.get(start..));
        let minute = after.get(1..6);
        let (told_before, skipped) = match (day.map(Date::parse), minute) {
            (Some(Ok(_)), Some("00:00")) if is_moment(after) => (before.to_owned(), MOMENT),
            (Some(Ok(_)), Some(minute)) if is_moment(after) => (format!("{before} {minute}"), MOMENT),
            _ => (format!("{before}T"), 1),
        };
        told.push_str(&told_before);
        rest = after.get(skipped..).unwrap_or_default();
    }
    told.push_str(rest);
    told
}

/// How long what follows a day is in a moment: `T00:00:00.000+08:00`.
const MOMENT: usize = 19;

fn is_moment(text: &str) -> bool {
    text.get(..MOMENT).is_some_and(|text| {
        let shape = |(c, like): (char, char)| if like == '0' { c.is_ascii_digit() } else { c == like };
        text.chars().zip("T00:00:00.000+00:00".chars()).all(shape)
    })
}

#[cfg(test)]
mod tests {
    use meed_facts::label::Lang;

    use super::*;

    #[test]
    fn states_are_told_in_words_and_other_names_as_they_are() {
        let zh = |text| in_words(Words::new(Lang::Zh), text);
        assert_eq!(
            zh("case case-1-1 处于 `formal_check`，不能变为 `refused`"),
            "办件 case-1-1 处于 “形式审查”，不能变为 “不予认定”"
        );
        assert_eq!(zh("`plant_support` 没有资金"), "`plant_support` 没有资金");
        assert_eq!(zh("须由 `officer` 办理"), "须由 “经办人” 办理");
        assert_eq!(
            zh("申报截至 2023-02-28T00:00:00.000+08:00，此前 2023-02-27T09:30:00.000+08:00 提交；TEXT 2023-01-01T x"),
            "申报截至 2023-02-28，此前 2023-02-27 09:30 提交；TEXT 2023-01-01T x"
        );
        let en = in_words(Words::new(Lang::En), "case case-1 is `submitted`; finish it");
        assert!(en.starts_with("Case case-1 is “") && !en.contains("`"), "{en}");
        assert_eq!(in_words(Words::new(Lang::En), ""), "");
    }
}
