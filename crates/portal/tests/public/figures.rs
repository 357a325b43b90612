//! The briefing, statistics and open data.

use serde_json::Value;

use crate::support::{HIDDEN, HOSTILE, Town};

#[test]
fn the_briefing_is_one_page_in_both_languages_with_every_figure_opened() {
    let town = Town::get();
    let page = town.ok("/briefing");
    for words in [
        "2023年认定市级工业设计中心",
        "Municipal design centres of 2023",
        "/briefing/centres?on=2023-02-20",
        "/briefing/rewards?on=2023-02-20",
    ] {
        assert!(page.contains(words), "{words}: {page}");
    }
}

#[test]
fn a_figure_of_titles_says_what_it_counts_and_names_who_is_public() {
    let page = Town::get().ok("/briefing/centres");
    assert!(
        page.contains("How many were granted “Industrial design centre (Municipal)” in 2023"),
        "{page}"
    );
    assert!(
        page.contains("&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt;企业") && !page.contains(HOSTILE),
        "{page}"
    );
}

#[test]
fn a_briefing_of_a_day_before_the_grant_counts_nobody() {
    let page = Town::get().ok("/briefing/centres?on=2023-01-09");
    assert!(
        page.contains("<p class=\"big\"><span class=\"num\">0</span></p>"),
        "{page}"
    );
}

#[test]
fn who_gets_an_award_is_told_to_nobody_who_may_not_see_it() {
    let page = Town::get().ok("/briefing/rewards");
    assert!(!page.contains("企业"), "{page}");
}

#[test]
fn every_chart_has_its_numbers_and_opens_to_its_definition() {
    let town = Town::get();
    let page = town.ok("/figures");
    for topic in ["cases", "awards", "amounts", "decided", "paid", "titles", "years"] {
        assert!(page.contains(&format!("href=\"/figures/{topic}\"")), "{topic}: {page}");
        assert!(town.ok(&format!("/figures/{topic}")).contains("Definition"), "{topic}");
    }
    assert!(page.contains("<svg"), "{page}");
    assert!(town.ok("/figures/cases").contains("<th scope=\"row\">Public</th>"));
    let titles = town.ok("/figures/titles");
    assert!(
        titles.contains("href=\"/titles?title=design_centre&amp;level=municipal\""),
        "{titles}"
    );
}

#[test]
fn open_data_is_what_it_says_and_says_that_it_is_synthetic() {
    let town = Town::get();
    for table in ["policies", "titles", "notices", "figures"] {
        let csv = town.page(&format!("/data/{table}.csv"));
        assert_eq!(
            (csv.status, csv.kind.as_str()),
            (200, "text/csv; charset=utf-8"),
            "{table}"
        );
        let lines: Vec<&str> = csv.body.split_terminator("\r\n").collect();
        assert!(lines.len() > 1, "{table}: {}", csv.body);
        assert!(
            lines[0].ends_with(",synthetic") && lines[1].ends_with(",true"),
            "{table}: {}",
            csv.body
        );
        let json = town.page(&format!("/data/{table}.json"));
        let value: Value = serde_json::from_str(&json.body).unwrap();
        assert_eq!(value["synthetic"], true, "{table}");
        assert_eq!(value["rows"].as_array().unwrap().len(), lines.len() - 1, "{table}");
    }
}

#[test]
fn open_data_holds_nothing_that_is_not_public() {
    let town = Town::get();
    for table in ["policies", "titles", "notices", "figures"] {
        for form in ["csv", "json"] {
            let body = town.page(&format!("/data/{table}.{form}")).body;
            for secret in [HIDDEN, &town.hidden_code, "agent-", "design_staff"] {
                assert!(!body.contains(secret), "{table}.{form}: {secret}");
            }
        }
    }
}

#[test]
fn every_download_is_described() {
    let page = Town::get().ok("/data");
    for words in [
        "/data/policies.csv",
        "/data/titles.json",
        "in_force_from",
        "public_until",
        "synthetic",
    ] {
        assert!(page.contains(words), "{words}");
    }
}

#[test]
fn what_is_no_figure_and_no_table_is_not_found() {
    let town = Town::get();
    for path in [
        "/figures/none",
        "/briefing/none",
        "/data/person.csv",
        "/data/titles.exe",
        "/data/titles",
    ] {
        assert_eq!(town.page(path).status, 404, "{path}");
    }
}
