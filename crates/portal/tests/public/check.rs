//! The check-up: questions, answers that travel in the form, and the outcome.

use crate::support::{HIDDEN, HOSTILE, Town};

const START: [(&str, &str); 2] = [("for", "Enterprise"), ("on", "2023-02-20")];

/// Answers of a form, one question each.
fn with<'a>(more: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    START.into_iter().chain(more.iter().copied()).collect()
}

#[test]
fn the_first_page_asks_who_applies() {
    let page = Town::get().ok("/check");
    assert!(
        page.contains("value=\"Enterprise\"") && page.contains("nothing is stored"),
        "{page}"
    );
}

#[test]
fn one_question_stands_on_a_page_and_several_where_that_is_wanted() {
    let town = Town::get();
    let one = town.ok("/check?for=Enterprise");
    assert!(one.contains("name=\"q0\"") && !one.contains("name=\"q1\""), "{one}");
    let several = town.send("/check", &with(&[("do", "several")]));
    assert!(several.contains("name=\"q1\""), "{several}");
}

#[test]
fn answers_lead_to_an_amount_with_its_reasons_and_its_clause() {
    let answers = [
        ("name", "titles.design_centre"),
        ("answer", "2023-01-10 municipal"),
        ("name", "breach"),
        ("answer", "no"),
        ("name", "awards"),
        ("answer", "none"),
    ];
    let page = Town::get().send("/check", &with(&answers));
    let line = page
        .split("class=\"outcome good\"")
        .nth(1)
        .unwrap_or_else(|| panic!("{page}"));
    for words in [
        "500,000.00",
        "Reasons",
        "/policies/rules.md#%E5%A5%96%E5%8A%B1",
        "/measures/design_centre_reward",
    ] {
        assert!(line.contains(words), "{words}: {line}");
    }
}

#[test]
fn what_was_answered_travels_in_the_form_and_can_be_taken_back() {
    let town = Town::get();
    let page = town.send("/check", &with(&[("q0", "breach"), ("v0", "yes")]));
    assert!(
        page.contains("name=\"name\" value=\"breach\"") && page.contains("name=\"answer\" value=\"yes\""),
        "{page}"
    );
    let page = town.send("/check", &with(&[("name", "breach"), ("answer", "yes"), ("undo", "0")]));
    assert!(!page.contains("name=\"name\" value=\"breach\""), "{page}");
}

#[test]
fn an_answer_that_cannot_be_read_is_asked_again_and_shown_as_text() {
    let page = Town::get().send("/check", &with(&[("q0", "breach"), ("v0", "<b>perhaps</b>")]));
    assert!(
        page.contains("&lt;b&gt;perhaps&lt;/b&gt;") && !page.contains("<b>perhaps"),
        "{page}"
    );
    assert!(
        page.contains("value=\"breach\"") && !page.contains("name=\"answer\""),
        "{page}"
    );
}

#[test]
fn a_name_that_nobody_asks_for_changes_nothing() {
    let page = Town::get().send("/check", &with(&[("name", "<script>"), ("answer", "<script>")]));
    assert!(!page.contains("<script>"), "{page}");
}

#[test]
fn a_kind_of_applicant_that_nobody_knows_is_not_found() {
    let town = Town::get();
    assert_eq!(town.page("/check?for=Planet").status, 404);
}

#[test]
fn the_check_up_knows_nobody_of_the_register() {
    let page = Town::get().send("/check", &with(&[("do", "several")]));
    assert!(!page.contains(HIDDEN) && !page.contains(HOSTILE), "{page}");
}

#[test]
fn a_title_without_its_day_is_asked_for_its_day_and_stays_chosen() {
    let page = Town::get().send(
        "/check",
        &with(&[
            ("several", "1"),
            ("q0", "titles.design_centre"),
            ("v0", "yes"),
            ("do", "next"),
        ]),
    );
    assert!(page.contains("Say since when"), "{page}");
    assert!(page.contains("value=\"yes\" checked"), "{page}");
}

#[test]
fn whoever_wants_the_other_language_keeps_what_was_answered() {
    let town = Town::get();
    let answered = with(&[("name", "breach"), ("answer", "no"), ("q0", "design_staff"), ("v0", "")]);
    let page = town.send("/check", &answered);
    assert!(page.contains("formaction=\"/check?lang=zh\""), "{page}");
    let page = town.send("/check?lang=zh", &[answered.as_slice(), &[("do", "same")]].concat());
    assert!(
        page.contains("name=\"name\" value=\"breach\"") && page.contains("政策体检"),
        "{page}"
    );
}
