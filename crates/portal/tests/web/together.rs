//! An officer gives the same act for several cases at once: each has a command and a result of its own.

use meed_office::cases::Act as Case;

use crate::support::{Told, Town};

/// The hidden fields of the first form that goes to an address, as a browser would send them.
fn fields(page: &str, action: &str) -> String {
    let form = page
        .split("<form")
        .find(|form| form.contains(&format!("action=\"{action}\"")))
        .unwrap();
    let form = form.split("</form>").next().unwrap();
    let part = |input: &str, name: &str| {
        let value = input
            .split(&format!(" {name}=\""))
            .nth(1)
            .unwrap()
            .split('"')
            .next()
            .unwrap();
        value.replace("&quot;", "\"").replace("&amp;", "&")
    };
    let hidden = form
        .split("<input")
        .filter(|input| input.contains("type=\"hidden\"") && !input.contains("name=\"csrf\""));
    let pairs = hidden.map(|input| (part(input, "name"), part(input, "value")));
    form_urlencoded::Serializer::new(String::new())
        .extend_pairs(pairs)
        .finish()
}

fn send(town: &Town, fields: &str) -> Told {
    town.post("officer", "/office/cases/together/case/propose", fields)
}

#[test]
fn each_case_has_its_own_command_and_result_and_sending_twice_does_it_once() {
    let town = Town::new();
    // Both cases stand at the same step again: the first is given back by its approver's way, the second accepted.
    let [done, open] = ["case", "other_case"].map(|key| town.ids[key].clone());
    town.ok("agent-other", Case::Accept { case: open.clone() });
    let state = |case: &str| town.cell("SELECT state FROM \"case\" WHERE id = $1", case);
    assert_eq!(
        (state(&done).as_str(), state(&open).as_str()),
        ("publicity", "verified")
    );
    let mixed = town.get(
        Some("officer"),
        &format!("/office/cases/together?case={done}&case={open}"),
    );
    assert_eq!(mixed.status.as_u16(), 400, "they stand at different steps");
    let list = town.get(Some("officer"), "/office/cases?state=verified");
    assert!(
        list.body.contains(&format!("name=\"case\" value=\"{open}\"")),
        "a case of one state can be chosen"
    );
    let page = town.get(
        Some("officer"),
        &format!("/office/cases/together?case={open}&back=/office/cases"),
    );
    let once = fields(&page.body, "/office/cases/together/case/propose");

    // A case that the form did not show is told apart, and nothing happens to it.
    let both = send(&town, &format!("{once}&case={done}"));
    assert_eq!(both.status.as_u16(), 200, "{}", both.body);
    assert_eq!(
        (state(&done).as_str(), state(&open).as_str()),
        ("publicity", "proposed")
    );
    assert!(both.body.contains("已办理 1 件，未办理 1 件"), "{}", both.body);

    let given = "SELECT CAST(count(*) AS TEXT) FROM log WHERE kind = $1";
    let before = town.cell(given, "case.propose");
    let again = send(&town, &once);
    assert!(
        again.body.contains("已办理 1 件，未办理 0 件"),
        "the same command has the same answer"
    );
    assert_eq!(town.cell(given, "case.propose"), before);
}

#[test]
fn a_refusal_of_one_case_is_told_with_its_reason() {
    let town = Town::new();
    let open = &town.ids["other_case"];
    town.ok("agent-other", Case::Accept { case: open.clone() });
    let page = town.get(Some("officer"), &format!("/office/cases/together?case={open}"));
    let form = fields(&page.body, "/office/cases/together/case/propose");
    let told = send(&town, &format!("{form}&amount=1.00"));
    assert_eq!(told.status.as_u16(), 200, "{}", told.body);
    assert!(told.body.contains("未办理："), "{}", told.body);
    let wrong = send(&town, &format!("{form}&amount=much"));
    assert_eq!(wrong.status.as_u16(), 400, "what cannot be read is asked for again");
    assert_eq!(town.cell("SELECT state FROM \"case\" WHERE id = $1", open), "verified");
}
