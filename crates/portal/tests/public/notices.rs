//! Public lists and the register of titles: what everybody may read, and nothing else.

use crate::support::{HIDDEN, HOSTILE, Town};

/// Every public page that shows rows of the office.
fn pages(town: &Town) -> Vec<String> {
    let list = format!("/notices/{}", town.list);
    ["/notices", &list, "/titles", "/titles?q=%E4%BC%81%E4%B8%9A"]
        .map(|path| town.ok(path))
        .to_vec()
}

#[test]
fn a_public_list_shows_its_rows_until_its_days_are_over() {
    let town = Town::get();
    let page = town.ok(&format!("/notices/{}", town.list));
    for words in [
        "500,000.00",
        "2023-02-27",
        "8 days left",
        "Reward for municipal industrial design centres",
    ] {
        assert!(page.contains(words), "{words}: {page}");
    }
    assert!(town.ok("/notices").contains(&format!("/notices/{}", town.list)));
}

#[test]
fn objecting_leads_to_its_form_and_back() {
    let town = Town::get();
    let page = town.ok(&format!("/notices/{}", town.list));
    let address = format!("/do/list/object?case={}&amp;back=/notices/{}", town.case, town.list);
    assert!(page.contains(&address), "{page}");
    let asked = town.page(&address.replace("&amp;", "&"));
    assert_eq!(
        asked.status, 401,
        "objecting needs a name, which the examiner alone reads"
    );
}

#[test]
fn a_name_is_text_whatever_stands_in_it() {
    let town = Town::get();
    for page in pages(town) {
        assert!(!page.contains(HOSTILE), "{page}");
    }
    assert!(pages(town)[1].contains("&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt;企业"));
}

#[test]
fn of_an_enterprise_without_title_or_list_nothing_is_told() {
    let town = Town::get();
    for page in pages(town) {
        assert!(!page.contains(HIDDEN) && !page.contains(&town.hidden_code), "{page}");
    }
    assert!(town.ok(&format!("/titles?q={}", town.hidden_code)).contains("0 titles"));
}

#[test]
fn a_person_on_a_list_is_named_and_their_number_is_masked() {
    let town = Town::get();
    let page = town.ok(&format!("/notices/{}", town.list));
    let end: String = town.citizen.chars().skip(16).collect();
    assert!(
        page.contains("张某") && page.contains(&format!("230*************{end}")),
        "{page}"
    );
    for path in [
        format!("/notices/{}", town.list),
        "/data/notices.csv".to_owned(),
        "/data/notices.json".to_owned(),
    ] {
        assert!(!town.page(&path).body.contains(&town.citizen), "{path}");
    }
    assert!(town.ok(&format!("/titles?q={}", town.citizen)).contains("0 titles"));
}

#[test]
fn facts_of_the_register_other_than_titles_are_not_public() {
    let town = Town::get();
    for page in pages(town) {
        assert!(!page.contains("design_staff") && !page.contains("agent-"), "{page}");
    }
}

#[test]
fn a_certificate_says_how_it_stands_and_carries_its_address() {
    let town = Town::get();
    let register = town.ok("/titles?title=design_centre&year=2023&state=valid");
    assert!(register.contains("1 titles"), "{register}");
    let link = register
        .split("href=\"/titles/")
        .nth(1)
        .unwrap()
        .split('"')
        .next()
        .unwrap();
    let page = town.ok(&format!("/titles/{link}"));
    assert!(
        page.contains("valid") && page.contains("Industrial design centre"),
        "{page}"
    );
    assert!(
        page.contains(&format!("A code that leads to {}/titles/{link}", town.address)),
        "{page}"
    );
    let sheet = town.ok(&format!("/titles/{link}?sheet=1"));
    assert!(
        sheet.contains("工业设计中心") && sheet.contains("Industrial design centre"),
        "{sheet}"
    );
}

#[test]
fn filters_leave_out_what_does_not_fit() {
    let town = Town::get();
    for query in ["year=2022", "state=revoked", "title=none", "level=national"] {
        assert!(town.ok(&format!("/titles?{query}")).contains("0 titles"), "{query}");
    }
}

#[test]
fn what_is_not_public_is_not_found() {
    let town = Town::get();
    assert_eq!(town.page("/notices/list-none").status, 404);
    assert_eq!(town.page("/titles/title-none").status, 404);
}
