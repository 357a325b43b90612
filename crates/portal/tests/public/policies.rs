//! The catalogue, documents, what changed in them, and measures.

use crate::support::Town;

#[test]
fn the_catalogue_finds_words_in_both_languages_and_says_so_when_there_are_none() {
    let town = Town::get();
    for query in [
        "设计人员",
        "Reward for municipal",
        "design_centre_reward",
        "测试〔2022〕1号",
    ] {
        let page = town.ok(&format!("/policies?q={}", query.replace(' ', "+")));
        assert!(page.contains("/policies/rules.md"), "{query}: {page}");
    }
    assert!(!town.ok("/policies?q=nowhere").contains("/policies/rules.md"));
}

#[test]
fn a_document_has_its_rules_beside_the_clause() {
    let page = Town::get().ok("/policies/rules.md");
    let clause = page.split("id=\"奖励\"").nth(1).unwrap();
    assert!(clause.contains("一次性奖励50万元整"), "{clause}");
    assert!(clause.contains("href=\"/measures/design_centre_reward\""), "{clause}");
    assert!(clause.contains("500,000.00"), "{clause}");
    assert!(clause.contains("City treasury"), "{clause}");
}

#[test]
fn what_a_document_writes_as_html_is_text() {
    let page = Town::get().ok("/policies/rules.md");
    assert!(
        !page.contains("<img src=x>") && page.contains("&lt;img src=x&gt;"),
        "{page}"
    );
}

#[test]
fn what_changed_between_two_versions_is_marked_word_by_word() {
    let town = Town::get();
    let (old, new) = (&town.policies[0], &town.policies[1]);
    let page = town.ok(&format!("/policies/rules.md?version={new}&from={old}"));
    assert!(page.contains("<ins>整</ins>"), "{page}");
    assert_eq!(page.matches("class=\"change\"").count(), 1, "{page}");
    let same = town.ok(&format!("/policies/rules.md?version={old}&from={old}"));
    assert!(!same.contains("class=\"change\""), "{same}");
}

#[test]
fn an_older_version_can_be_read_and_says_that_it_was_replaced() {
    let town = Town::get();
    let page = town.ok(&format!("/policies/rules.md?version={}", town.policies[0]));
    assert!(
        page.contains("一次性奖励50万元。") && page.contains("later version"),
        "{page}"
    );
}

#[test]
fn a_measure_says_who_how_much_and_by_which_clause() {
    let page = Town::get().ok("/measures/design_centre_reward");
    for words in [
        "Enterprise",
        "500,000.00",
        "once",
        "City treasury",
        "/policies/rules.md#%E5%A5%96%E5%8A%B1",
    ] {
        assert!(page.contains(words), "{words}: {page}");
    }
}

#[test]
fn before_its_first_day_a_measure_is_not_in_force() {
    let page = Town::get().ok("/measures/design_centre_reward?on=2019-12-31");
    assert!(page.contains("No version is in force on 2019-12-31"), "{page}");
}

#[test]
fn what_is_not_there_is_not_found_and_what_is_no_day_is_refused() {
    let town = Town::get();
    assert_eq!(town.page("/policies/none.md").status, 404);
    assert_eq!(town.page("/measures/none").status, 404);
    assert_eq!(town.page("/policies/rules.md?version=policy-none").status, 404);
    assert_eq!(town.page("/policies/rules.md?on=yesterday").status, 400);
}

#[test]
fn a_comparison_shows_the_words_that_changed_and_no_code() {
    let town = Town::get();
    let (old, new) = (&town.policies[0], &town.policies[1]);
    let page = town.ok(&format!("/policies/rules.md?version={new}&from={old}"));
    assert!(page.contains("<ins>整</ins>") && !page.contains("pay 50"), "{page}");
}
