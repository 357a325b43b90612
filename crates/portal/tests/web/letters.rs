//! What a decision tells its applicant, and nobody else.

use std::sync::Arc;

use meed_office::cases::Act as Case;
use meed_office::publicity::Act as List;
use meed_office::time::Instant;

use crate::sheets::Plain;
use crate::support::Town;

#[test]
fn a_letter_says_what_is_due_by_which_clause_and_where_to_appeal_to_its_applicant_alone() {
    let town = Town::printing(Some(Arc::new(Plain)));
    let day = meed_facts::date::Date::parse("2023-03-14").unwrap();
    town.portal
        .office()
        .setup()
        .clock
        .set(Instant::start_of(day).plus_hours(12));
    let list = town.ids["list"].clone();
    town.ok("officer", List::End { list, version: 1 });
    let case = town.ids["case"].clone();
    town.ok("approver", Case::Approve { case: case.clone() });
    let decision = town.cell("SELECT id FROM decision WHERE case_id = $1 ORDER BY n DESC", &case);
    let path = format!("/letters/{decision}");
    let zh = town.get(Some("agent-firm"), &path);
    for part in [
        "甲企业",
        "500,000.00",
        "测试〔2022〕1号 › 奖励",
        "60",
        "哈尔滨市人民政府",
    ] {
        assert!(zh.body.contains(part), "{part}: {}", zh.body);
    }
    let en = town.get(Some("agent-firm"), &format!("{path}?lang=en"));
    assert!(en.body.contains("Award decision"), "{}", en.body);
    assert!(
        en.body.contains("not (Breach of trust)"),
        "what must not be, and is not: {}",
        en.body
    );
    for path in [path.clone(), format!("{path}/pdf")] {
        assert_eq!(town.get(Some("agent-other"), &path).status.as_u16(), 404);
        assert_eq!(town.get(None, &path).status.as_u16(), 401);
        assert_eq!(town.get(Some("auditor"), &path).status.as_u16(), 200);
    }
    let file = town.get(Some("agent-firm"), &format!("{path}/pdf?lang=zh"));
    assert_eq!(file.json()["name"], decision);
    assert!(file.body.contains("500,000.00"), "{}", file.body);
}
