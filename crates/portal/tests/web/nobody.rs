//! A case on which nobody may act says so, and who stands in.

use meed_office::people::{Act as People, Role};

use crate::support::Town;

#[test]
fn a_case_tells_that_nobody_may_act_and_why_and_who_stands_in() {
    let town = Town::new();
    let case = town.ids["case"].clone();
    let page = |path: &str| town.get(Some("officer"), path).body;
    let (file, holds) = (format!("/office/cases/{case}?lang=en"), "/office/holds?lang=en");
    let nobody = "Nobody may act on this case as Approver";
    assert!(!page(&file).contains(nobody) && !page(holds).contains(&case));
    let subject = town.cell("SELECT subject FROM \"case\" WHERE id = $1", &case);
    town.ok("approver", People::Declare { subject });
    let told = page(&file);
    assert!(told.contains(nobody) && told.contains("declared"), "{told}");
    assert!(told.contains("It waits until a substitute"), "{told}");
    assert!(page(holds).contains(&case) && page(holds).contains("Nobody yet"));
    // An officer finds it out; nobody was named in advance, so it still waits.
    let role = Role::Approver;
    town.ok("officer", People::StandIn { case, role });
    assert!(page(&file).contains("It waits until a substitute"));
}
