//! What people read: why something is not theirs to do, what a program is told, what a certificate says.

use meed_office::people::Role;
use meed_portal::access::{ANALYSIS, POLICY};

use crate::support::Town;

#[test]
fn a_program_that_is_refused_is_told_why_in_both_languages() {
    let town = Town::new();
    for (who, path, status) in [
        (None, "/api/v1/events", 401),
        (Some("officer"), "/api/v1/events", 403),
        (None, "/api/v1/rows/nothing", 404),
    ] {
        let told = town.get(who, path);
        assert_eq!(told.status.as_u16(), status, "{path}");
        for part in ["detail", "detail_zh"] {
            let text = told.json()[part].as_str().unwrap_or_default().to_owned();
            assert!(!text.is_empty(), "{path} says no {part}: {}", told.body);
        }
    }
}

#[test]
fn the_interface_for_programs_has_a_page_for_people_and_every_page_leads_there() {
    let town = Town::new();
    assert!(town.get(None, "/").body.contains("href=\"/api\""));
    for (lang, words) in [("zh", "送入信息"), ("en", "Send facts")] {
        let page = town.get(None, &format!("/api?lang={lang}"));
        assert_eq!(page.status.as_u16(), 200);
        assert!(
            page.body.contains(words) && page.body.contains("/api/v1/openapi.json"),
            "{}",
            page.body
        );
    }
}

#[test]
fn an_officer_reads_no_name_of_a_role_no_empty_mark_and_no_moment_in_why_an_act_is_not_theirs() {
    let town = Town::new();
    let case = &town.ids["case"];
    for (lang, others) in [
        ("zh", "由其他职责的人员办理："),
        ("en", "For those with another role: "),
    ] {
        let page = town
            .get(Some("officer"), &format!("/office/cases/{case}?lang={lang}"))
            .body;
        let cannot = page
            .split("</summary>")
            .filter_map(|part| part.split("</details>").next())
            .find(|part| part.contains(others));
        let cannot = cannot.unwrap_or_else(|| panic!("{page}"));
        for raw in ["`-`", "``", "（-）", "`agent`", "`examiner`", "T00:00:00", "\u{2026}"] {
            assert!(!cannot.contains(raw), "{lang}: {raw}: {cannot}");
        }
    }
}

#[test]
fn who_only_looks_at_cases_is_not_asked_to_act_on_several() {
    let town = Town::new();
    let list = |who| town.get(Some(who), "/office/cases?state=publicity").body;
    assert!(list("officer").contains("/office/cases/together"));
    for who in ["auditor", "registrar", "examiner", "reviewer"] {
        let page = list(who);
        assert!(
            !page.contains("/office/cases/together") && !page.contains("type=\"checkbox\""),
            "{who}"
        );
        assert_eq!(
            town.get(Some(who), "/office/cases/together").status.as_u16(),
            403,
            "{who}"
        );
    }
}

#[test]
fn a_title_that_another_authority_gave_has_no_number_of_ours() {
    let town = Town::new();
    let page = town
        .get(
            None,
            &format!(
                "/titles/{}.design_centre.municipal.2023-01-10?lang=en",
                town.ids["firm"]
            ),
        )
        .body;
    assert!(
        page.contains("Industrial design centre") && !page.contains("Certificate number"),
        "{page}"
    );
}

#[test]
fn an_analyst_simulates_and_opens_nobodys_file() {
    let town = Town::new();
    let status = |path: &str| town.get(Some("analyst"), path).status.as_u16();
    assert_eq!(status("/simulations"), 200);
    let page = town.get(Some("analyst"), "/simulations?lang=en").body;
    assert!(
        page.contains("<option value=\"enterprise\" selected>Enterprise</option>"),
        "{page}"
    );
    for path in ["/workbench", "/office", "/office/cases", "/finance", "/audit"] {
        assert_eq!(status(path), 403, "{path}");
    }
    assert_eq!(status(&format!("/office/subjects/{}", town.ids["firm"])), 403);
    assert!(ANALYSIS.contains(&Role::Analyst) && !POLICY.contains(&Role::Analyst));
}

#[test]
fn regions_of_the_page_of_open_data_have_names_of_their_own() {
    let page = Town::new().get(None, "/data?lang=en").body;
    let names: Vec<&str> = page
        .split("role=\"region\" aria-label=\"")
        .skip(1)
        .filter_map(|rest| rest.split('"').next())
        .collect();
    let mut unique = names.clone();
    unique.sort_unstable();
    unique.dedup();
    assert!(names.len() > 2 && unique.len() == names.len(), "{names:?}");
}
