//! What of a row is not for everybody who sees it: the numbers by which persons are known, which only those read whole who keep or check
//! the register, and the person.

use meed_facts::identifier::Kind;
use meed_office::people::Role;

use super::Viewer;

/// Columns that may hold such numbers.
const COLUMNS: [(&str, &str); 2] = [("identifier", "value"), ("fact", "value")];

/// Whether a visitor reads a column of a table whole.
pub fn sees_whole(viewer: &Viewer, table: &str, column: &str) -> bool {
    let own = |(role, _): &(Role, String)| matches!(role, Role::Registrar | Role::Auditor | Role::Agent);
    // Of an agent's rows all are their applicant's; with another role come rows of others.
    let whole = viewer.has_any(&[Role::Registrar, Role::Auditor]) || viewer.duties.iter().all(own);
    whole || !COLUMNS.contains(&(table, column))
}

/// Whether a text looks like a number by which a person is known: a mistyped one is nobody else's business either.
pub fn is_personal(text: &str) -> bool {
    let digits = text.chars().take_while(char::is_ascii_digit).count();
    let whole = matches!(
        (digits, text.get(digits..)),
        (15 | 18, Some("")) | (17, Some("X" | "x"))
    );
    whole && Kind::CreditCode.check(text, None).is_err()
}

/// A number without what is personal in it: the credit code of an organisation is public, every other number keeps its ends alone.
pub fn masked(number: &str) -> String {
    if Kind::CreditCode.check(number, None).is_ok() {
        return number.to_owned();
    }
    let count = number.chars().count();
    let shown = |index: usize| count > 8 && (index < 3 || index.saturating_add(2) >= count);
    let characters = number.chars().enumerate();
    characters
        .map(|(index, c)| if shown(index) { c } else { '*' })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_persons_keep_their_ends_and_those_of_organisations_stay() {
        assert_eq!(masked("23010219900307123X"), "230*************3X");
        assert_eq!(masked("12345678"), "********");
        assert_eq!(masked(""), "");
        assert_eq!(masked("91350100M000100Y43"), "91350100M000100Y43");
    }

    #[test]
    fn whoever_keeps_the_register_or_speaks_for_the_person_reads_the_whole_number() {
        let viewer = |duties: &[(Role, &str)]| Viewer {
            duties: duties
                .iter()
                .map(|(role, scope)| (*role, (*scope).to_owned()))
                .collect(),
            ..Viewer::default()
        };
        let whole = |duties: &[(Role, &str)]| sees_whole(&viewer(duties), "identifier", "value");
        assert!(
            whole(&[(Role::Registrar, "")]) && whole(&[(Role::Auditor, "")]) && whole(&[(Role::Agent, "subject-1")])
        );
        assert!(!whole(&[(Role::Officer, "")]) && !whole(&[(Role::Agent, "subject-1"), (Role::Officer, "")]));
    }
}
