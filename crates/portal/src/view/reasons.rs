//! Why something is not done, as the office says it, with states called as pages call them.

use maud::{Markup, html};
use meed_office::machine::ALL;
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
            None if marked => told.push_str(&format!("`{part}`")),
            None => told.push_str(part),
        }
    }
    told
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
        let en = in_words(Words::new(Lang::En), "case case-1 is `submitted`; finish it");
        assert!(en.starts_with("Case case-1 is “") && !en.contains("`"), "{en}");
        assert_eq!(in_words(Words::new(Lang::En), ""), "");
    }
}
