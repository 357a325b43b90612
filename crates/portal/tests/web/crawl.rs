//! Every address, for everybody: a route without a declared expectation fails; nobody reads or does what is not theirs.

use std::collections::BTreeSet;
use std::sync::Arc;

use meed_office::people::Role;
use meed_portal::access::Audience;
use meed_portal::routes::routes;

use crate::sheets::Plain;
use crate::support::Town;

/// What stands in an address's parameters: for the first enterprise, for the other one, and what does not exist.
struct Filled {
    path: &'static str,
    /// Of the first enterprise; `None` where nothing of that kind is the enterprise's own.
    own: Option<String>,
    /// Of the other enterprise: its agent sees it, the first one's does not.
    other: Option<String>,
    absent: String,
}

fn filled(town: &Town) -> Vec<Filled> {
    let ids = &town.ids;
    let of = |path: &'static str, own: Option<String>, other: Option<String>, absent: &str| Filled {
        path,
        own,
        other,
        absent: absent.to_owned(),
    };
    let (case, other_case) = (&ids["case"], &ids["other_case"]);
    let policy = town.cell("SELECT id FROM policy WHERE name = $1", "small");
    vec![
        of(
            "/assets/{file}",
            Some("/assets/style.css".into()),
            None,
            "/assets/none.css",
        ),
        of(
            "/do/{module}/{act}",
            Some("/do/list/object".into()),
            None,
            "/do/list/nothing",
        ),
        of(
            "/office/cases/{case}",
            Some(format!("/office/cases/{case}")),
            Some(format!("/office/cases/{other_case}")),
            "/office/cases/case-0-0",
        ),
        of(
            "/finance/lines/{line}",
            Some(format!("/finance/lines/{}", ids["line"])),
            None,
            "/finance/lines/line-0-0",
        ),
        of("/finance/batches/{batch}", None, None, "/finance/batches/batch-0-0"),
        of(
            "/finance/batches/{batch}/file",
            None,
            None,
            "/finance/batches/batch-0-0/file",
        ),
        of(
            "/my/cases/{case}",
            Some(format!("/my/cases/{case}")),
            Some(format!("/my/cases/{other_case}")),
            "/my/cases/case-0-0",
        ),
        of(
            "/my/cases/{case}/form",
            Some(format!("/my/cases/{case}/form")),
            Some(format!("/my/cases/{other_case}/form")),
            "/my/cases/case-0-0/form",
        ),
        of("/documents/{upload}", None, None, "/documents/upload-0"),
        of(
            "/audit/yuan/{case}",
            Some(format!("/audit/yuan/{case}")),
            Some(format!("/audit/yuan/{other_case}")),
            "/audit/yuan/case-0-0",
        ),
        of(
            "/audit/log/{seq}",
            Some("/audit/log/1".into()),
            None,
            "/audit/log/999999999",
        ),
        of("/audit/replay/{decision}", None, None, "/audit/replay/decision-0-0"),
        of(
            "/audit/evidence/{file}",
            Some(format!("/audit/evidence/{case}.zip")),
            Some(format!("/audit/evidence/{other_case}.zip")),
            "/audit/evidence/case-0-0.zip",
        ),
        of("/office/rounds/{round}", None, None, "/office/rounds/round-0-0"),
        of(
            "/office/lists/{list}",
            Some(format!("/office/lists/{}", ids["list"])),
            None,
            "/office/lists/list-0-0",
        ),
        of(
            "/office/subjects/{subject}",
            Some(format!("/office/subjects/{}", ids["firm"])),
            Some(format!("/office/subjects/{}", ids["other"])),
            "/office/subjects/subject-0-0",
        ),
        of(
            "/office/subjects/{subject}/facts",
            Some(format!("/office/subjects/{}/facts", ids["firm"])),
            Some(format!("/office/subjects/{}/facts", ids["other"])),
            "/office/subjects/subject-0-0/facts",
        ),
        of(
            "/policies/{*path}",
            Some("/policies/rules.md".into()),
            None,
            "/policies/none.md",
        ),
        of(
            "/measures/{name}",
            Some("/measures/design_centre_reward".into()),
            None,
            "/measures/none",
        ),
        of(
            "/notices/{list}",
            Some(format!("/notices/{}", ids["list"])),
            None,
            "/notices/list-0-0",
        ),
        of(
            "/notices/{list}/pdf",
            Some(format!("/notices/{}/pdf", ids["list"])),
            None,
            "/notices/list-0-0/pdf",
        ),
        of(
            "/titles/{id}/pdf",
            Some(format!(
                "/titles/{}.design_centre.municipal.2023-01-10/pdf",
                ids["firm"]
            )),
            None,
            "/titles/title-0-0/pdf",
        ),
        of(
            "/titles/{id}",
            Some(format!("/titles/{}.design_centre.municipal.2023-01-10", ids["firm"])),
            None,
            "/titles/title-0-0",
        ),
        of("/figures/{name}", Some("/figures/cases".into()), None, "/figures/none"),
        of("/briefing/{figure}", None, None, "/briefing/none"),
        of("/data/{file}", Some("/data/figures.csv".into()), None, "/data/none.csv"),
        of(
            "/workbench/{policy}",
            Some(format!("/workbench/{policy}")),
            None,
            "/workbench/policy-0-0",
        ),
        of(
            "/workbench/{policy}/edit",
            Some(format!("/workbench/{policy}/edit?document=rules.md")),
            None,
            "/workbench/policy-0-0/edit?document=rules.md",
        ),
        of("/simulations/{id}", None, None, "/simulations/0"),
        of("/simulations/{id}/report", None, None, "/simulations/0/report"),
        of(
            "/simulations/{id}/files/{file}",
            None,
            None,
            "/simulations/0/files/manifest.json",
        ),
        of(
            "/office/cases/together/{module}/{act}",
            None,
            None,
            "/office/cases/together/case/nothing",
        ),
        of("/api/v1/simulations/{id}", None, None, "/api/v1/simulations/0"),
        of(
            "/api/v1/simulations/{id}/files/{file}",
            None,
            None,
            "/api/v1/simulations/0/files/manifest.json",
        ),
        of("/letters/{decision}", None, None, "/letters/decision-0-0"),
        of("/letters/{decision}/pdf", None, None, "/letters/decision-0-0/pdf"),
        of(
            "/api/v1/rows/{table}",
            Some("/api/v1/rows/case".into()),
            None,
            "/api/v1/rows/portal_session",
        ),
        of(
            "/api/v1/rows/{table}/{*key}",
            Some(format!("/api/v1/rows/case/{case}")),
            Some(format!("/api/v1/rows/case/{other_case}")),
            "/api/v1/rows/case/case-0-0",
        ),
        of(
            "/api/v1/acts/{module}/{act}",
            Some("/api/v1/acts/case/accept".into()),
            None,
            "/api/v1/acts/case/nothing",
        ),
        of(
            "/api/v1/schemas/{package}",
            Some("/api/v1/schemas/small".into()),
            None,
            "/api/v1/schemas/none",
        ),
    ]
}

/// Everybody who may come: nobody, one person a role, and the agents of both enterprises.
fn visitors() -> Vec<(Option<&'static str>, Vec<Role>)> {
    let staff = Role::ALL.into_iter().filter(|role| *role != Role::Agent);
    let mut all: Vec<_> = staff.map(|role| (Some(role.name()), vec![role])).collect();
    all.push((None, Vec::new()));
    all.push((Some("agent-firm"), vec![Role::Agent]));
    all.push((Some("agent-other"), vec![Role::Agent]));
    all
}

/// Who reads what is about the first enterprise: those whose work concerns it, and nobody else.
fn readers(path: &str) -> Option<&'static [&'static str]> {
    match path {
        "/office/cases/{case}" | "/office/subjects/{subject}" => Some(&["officer", "approver", "registrar", "auditor"]),
        "/office/subjects/{subject}/facts" => Some(&["registrar"]),
        "/my/cases/{case}" => Some(&["agent-firm"]),
        "/audit/yuan/{case}" | "/audit/evidence/{file}" => Some(&["auditor"]),
        // Money is put aside for it, so those who pay see that there is such a case.
        "/api/v1/rows/{table}/{*key}" => Some(&[
            "officer",
            "approver",
            "registrar",
            "auditor",
            "budget",
            "preparer",
            "releaser",
            "agent-firm",
        ]),
        "/office/lists/{list}" => Some(&["officer", "approver", "examiner", "registrar", "auditor"]),
        _ => None,
    }
}

fn admits(audience: Audience, signed_in: bool, roles: &[Role]) -> bool {
    match audience {
        Audience::Anyone => true,
        Audience::SignedIn => signed_in,
        Audience::Agent => roles.contains(&Role::Agent),
        Audience::Roles(some) => roles.iter().any(|role| some.contains(role)),
    }
}

#[test]
fn every_address_is_for_those_for_whom_it_is_declared() {
    let town = Town::printing(Some(Arc::new(Plain)));
    let filled = filled(&town);
    let undeclared: BTreeSet<&str> = routes()
        .iter()
        .filter(|route| route.path.contains('{') && !filled.iter().any(|one| one.path == route.path))
        .map(|route| route.path)
        .collect();
    assert!(
        undeclared.is_empty(),
        "declare in this test what stands in {undeclared:?}"
    );
    for route in routes() {
        let places = match filled.iter().find(|one| one.path == route.path) {
            Some(one) => [one.own.clone(), one.other.clone(), Some(one.absent.clone())],
            None => [Some(route.path.to_owned()), None, None],
        };
        for (who, roles) in visitors() {
            for (index, path) in places
                .iter()
                .enumerate()
                .filter_map(|(index, path)| Some((index, path.as_ref()?)))
            {
                let told = town.send(
                    who,
                    route.method,
                    path,
                    &[("content-type", "application/x-www-form-urlencoded")],
                    "",
                );
                let status = told.status.as_u16();
                let at = format!("{} {path} as {who:?}: {status}", route.method);
                assert!(status < 500 || status == 503, "{at}: {}", told.body);
                if !admits(route.audience, who.is_some(), &roles) {
                    // A form without a token is refused before anybody asks whose it is.
                    let refused = if who.is_some() || route.method != "GET" {
                        &[401, 403][..]
                    } else {
                        &[401]
                    };
                    assert!(refused.contains(&status), "{at}");
                    assert!(!told.body.contains("乙企业"), "{at} tells of somebody else");
                } else if route.method == "GET" && index == 2 {
                    assert_eq!(status, 404, "{at}");
                } else if route.method == "GET" && index == 0 && !roles.contains(&Role::Agent) && who.is_some() {
                    assert!(matches!(status, 200 | 303 | 403 | 404), "{at}");
                }
                if let (Some(readers), "GET", 0) = (readers(route.path), route.method, index) {
                    let may = who.is_some_and(|who| readers.contains(&who));
                    assert_eq!(status == 200, may, "{at}: it is for {readers:?}");
                }
                if route.method == "GET" && index == 1 && who == Some("agent-firm") {
                    assert!(matches!(status, 403 | 404), "{at}: another enterprise's");
                }
                // Who holds a title is public.
                if (who == Some("agent-firm") || who.is_none()) && route.path != "/titles" {
                    assert!(!told.body.contains("乙企业"), "{at} tells of another enterprise");
                }
            }
        }
    }
}

#[test]
fn nothing_is_done_without_the_token_of_a_form() {
    let town = Town::new();
    let case = &town.ids["other_case"];
    let (cookie, _) = town.sign_in("agent-other");
    let body = format!("case={case}&command=c1&back=/my");
    let headers = [
        ("cookie", cookie.as_str()),
        ("content-type", "application/x-www-form-urlencoded"),
    ];
    let told = town.send(None, "POST", "/do/case/accept", &headers, &body);
    assert!(matches!(told.status.as_u16(), 400 | 403), "{}", told.status);
    assert_eq!(town.cell("SELECT state FROM \"case\" WHERE id = $1", case), "offered");
    let (cookie, csrf) = town.sign_in("agent-other");
    let headers = [
        ("cookie", cookie.as_str()),
        ("content-type", "application/x-www-form-urlencoded"),
    ];
    let told = town.send(
        None,
        "POST",
        "/do/case/accept",
        &headers,
        &format!("{body}&csrf={csrf}"),
    );
    assert_eq!(told.status.as_u16(), 303, "{}", told.body);
    assert_eq!(town.cell("SELECT state FROM \"case\" WHERE id = $1", case), "verified");
}

#[test]
fn a_form_that_does_not_say_what_was_seen_or_which_command_it_is_does_nothing() {
    let town = Town::new();
    let case = &town.ids["other_case"];
    let (cookie, csrf) = town.sign_in("agent-other");
    let headers = [
        ("cookie", cookie.as_str()),
        ("content-type", "application/x-www-form-urlencoded"),
    ];
    let body = format!("case={case}&command=c1&back=/my&csrf={csrf}&seen=nothing");
    assert_eq!(
        town.send(None, "POST", "/do/case/accept", &headers, &body)
            .status
            .as_u16(),
        412
    );
    let nameless = format!("case={case}&back=/my&csrf={csrf}");
    assert_eq!(
        town.send(None, "POST", "/do/case/accept", &headers, &nameless)
            .status
            .as_u16(),
        400
    );
    assert_eq!(town.cell("SELECT state FROM \"case\" WHERE id = $1", case), "offered");
}
