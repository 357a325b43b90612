//! Public lists: which there are, and one with its versions, what changed between them, its rows, and what is said against them.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::extract::{Path, Query, State};
use maud::{Markup, html};
use meed_office::cases::Case;
use meed_office::command::Seen;
use meed_office::machine::State as _;
use meed_office::people::Role;
use meed_office::publicity::{List, Objection, Objector, Row};
use meed_office::register::name_of;
use meed_office::store::Cell;
use meed_office::tx::Tx;
use serde::Deserialize;

use crate::access::{Audience, HANDLERS, seen};
use crate::app::Portal;
use crate::determined::Names;
use crate::fault::Fault;
use crate::pages::acting::possible;
use crate::pages::cited::Cited;
use crate::routes::Route;
use crate::view::{Offer, Table, act_name, amount, count, csrf, day, moment, pairs, section, state};
use crate::visit::{Page, Visit};

/// How many lists stand on a page.
const MOST: i64 = 200;

pub(super) fn routes() -> Vec<Route> {
    vec![
        Route::get("/office/lists", Audience::Roles(HANDLERS), lists),
        Route::get("/office/lists/{list}", Audience::Roles(HANDLERS), list),
    ]
}

async fn lists(State(portal): State<Arc<Portal>>, visit: Visit) -> Result<Page, Fault> {
    let viewer = visit.viewer.clone();
    let (found, ready, names) = portal
        .read(move |connection, setup| {
            let mut tx = Tx::reading(connection, setup)?;
            let tail = format!("ORDER BY published_on IS NOT NULL, published_on DESC, id, version DESC LIMIT {MOST}");
            let found = seen::<List>(&mut tx, &viewer, "1 = 1", &[], &tail)?;
            // Rows of a round are frozen with it.
            let ready = "state = 'proposed' AND round IS NULL";
            let ready = seen::<Case>(
                &mut tx,
                &viewer,
                ready,
                &[],
                &format!("ORDER BY opened_at, id LIMIT {MOST}"),
            )?;
            let ready = ready
                .into_iter()
                .map(|case| Ok((name_of(&mut tx, &case.subject)?, case)));
            Ok::<_, Fault>((found, ready.collect::<Result<Vec<_>, Fault>>()?, Names::read(&mut tx)?))
        })
        .await?;
    let mut table = Table::new(visit.t("nav-office-lists"))
        .head(visit.t("field-list"))
        .number(visit.t("field-version"))
        .head(visit.t("office-state"))
        .head(visit.t("office-published"))
        .head(visit.t("office-clear-at"))
        .head(visit.t("field-round"));
    for one in &found {
        table.row([
            html! { a.code href={ "/office/lists/" (one.id) "?version=" (one.version) } { (one.id) } },
            count(one.version),
            state(&visit, "list", one.state.name()),
            html! { @if let Some(on) = one.published_on { (day(on)) } },
            html! { @if let Some(at) = one.clear_at { (moment(at)) } },
            html! { @if let Some(round) = &one.round { a.code href={ "/office/rounds/" (round) } { (round) } } },
        ]);
    }
    let title = visit.t("nav-office-lists");
    let body = html! {
        h1 { (title) }
        @if visit.viewer.has(Role::Officer) { (section(visit.t("office-ready"), freezing(&visit, &ready, &names))) }
        (table.show(&visit))
    };
    Ok(Page::new(title, body))
}

/// Proposed cases, of which some or all become a list.
fn freezing(visit: &Visit, ready: &[(String, Case)], names: &Names) -> Markup {
    let mut table = Table::new(visit.t("office-ready"))
        .head(visit.t("office-chosen"))
        .head(visit.t("field-case"))
        .head(visit.t("field-subject"))
        .head(visit.t("field-measure"))
        .head(visit.t("office-opened"));
    for (name, case) in ready {
        table.row([
            html! { input type="checkbox" name="cases" value=(case.id) aria-label={ (visit.t("office-chosen")) " " (case.id) }; },
            html! { a.code href={ "/office/cases/" (case.id) } { (case.id) } },
            html! { (name) },
            html! { (names.of_case(visit.words, case)) },
            moment(case.opened_at),
        ]);
    }
    let offer = Offer::new(visit, "list.freeze");
    html! {
        @if ready.is_empty() { p.faint { (visit.t("office-none-ready")) } }
        @else {
            p { (visit.t("office-ready-lead")) }
            form method="post" action="/do/list/freeze" {
                (csrf(visit))
                input type="hidden" name="command" value=(offer.command);
                input type="hidden" name="back" value=(offer.back);
                (table.show(visit))
                button type="submit" { (act_name(visit, &offer.kind)) }
            }
        }
    }
}

/// Which version; the last, where none is named.
#[derive(Clone, Debug, Default, Deserialize)]
struct Asked {
    #[serde(default)]
    version: Option<i64>,
}

/// A version of a list with its rows and those of the version before.
struct Found {
    list: List,
    versions: Vec<List>,
    rows: Vec<Shown>,
    before: BTreeMap<String, Shown>,
    /// What is said, and by whom, for whoever may know that.
    objections: Vec<(Cited, Objection, Option<Objector>)>,
    names: Names,
}

/// A row with its case and the name that it is public under.
struct Shown {
    row: Row,
    cited: Cited,
    who: String,
}

impl Shown {
    fn of(tx: &mut Tx<'_>, row: Row) -> Result<Self, Fault> {
        Ok(Self {
            cited: Cited::of(tx, &row.case_id)?,
            who: name_of(tx, &row.subject)?,
            row,
        })
    }
}

async fn list(
    State(portal): State<Arc<Portal>>,
    Path(id): Path<String>,
    visit: Visit,
    Query(asked): Query<Asked>,
) -> Result<Page, Fault> {
    let (asking, wanted) = (visit.clone(), id.clone());
    let found = portal
        .read(move |connection, setup| read(&mut Tx::reading(connection, setup)?, &asking, &wanted, asked.version))
        .await?;
    let version = found.list.version.to_string();
    let key = [
        ("list", id.as_str()),
        ("version", version.as_str()),
        ("hash", found.list.hash.as_str()),
    ];
    let actions = possible(&portal, &visit, "list", &key, &[Seen::of(&found.list)]).await?;
    let mut said = Vec::new();
    for (cited, objection, objector) in &found.objections {
        let key = [("objection", objection.id.as_str())];
        let actions = possible(&portal, &visit, "objection", &key, &[Seen::of(objection)]).await?;
        let objector = objector.as_ref();
        said.push(Said {
            cited,
            objection,
            objector,
            actions,
        });
    }
    let title = format!("{} {id} · {}", visit.t("field-list"), found.list.version);
    let body = html! {
        h1 { (title) " " (state(&visit, "list", found.list.state.name())) }
        (about(&visit, &found))
        (section(visit.t("office-actions"), actions))
        (section(visit.t("office-rows"), table(&visit, &found)))
        (section(visit.t("office-objections-all"), objections(&visit, &found.names, &said)))
    };
    Ok(Page::new(title, body))
}

fn read(tx: &mut Tx<'_>, visit: &Visit, id: &str, version: Option<i64>) -> Result<Found, Fault> {
    let viewer = &visit.viewer;
    let versions = seen::<List>(tx, viewer, "id = $1", &[id.into()], "ORDER BY version DESC")?;
    let list = versions
        .iter()
        .find(|one| version.is_none_or(|version| one.version == version));
    let list = list.cloned().ok_or(Fault::Absent)?;
    let mut rows = Vec::new();
    let place = |version: i64| [Cell::from(id), Cell::Int(version)];
    let within = "list = $1 AND version = $2";
    for row in seen::<Row>(tx, viewer, within, &place(list.version), "ORDER BY case_id")? {
        rows.push(Shown::of(tx, row)?);
    }
    let mut before = BTreeMap::new();
    for row in seen::<Row>(tx, viewer, within, &place(list.version.saturating_sub(1)), "")? {
        before.insert(row.case_id.clone(), Shown::of(tx, row)?);
    }
    let mut objections = Vec::new();
    for objection in seen::<Objection>(tx, viewer, "list = $1", &[id.into()], "ORDER BY lodged_at, id")? {
        let objector = seen::<Objector>(tx, viewer, "objection = $1", &[Cell::from(&objection.id)], "")?.pop();
        objections.push((Cited::of(tx, &objection.case_id)?, objection, objector));
    }
    Ok(Found {
        list,
        versions,
        rows,
        before,
        objections,
        names: Names::read(tx)?,
    })
}

fn about(visit: &Visit, found: &Found) -> Markup {
    let list = &found.list;
    html! {
        (pairs([
            (visit.t("office-published"), html! { @if let Some(on) = list.published_on { (day(on)) } }),
            (visit.t("field-days"), count(list.days)),
            (visit.t("office-clear-at"), html! { @if let Some(at) = list.clear_at { (moment(at)) } }),
            (visit.t("field-hash"), html! { span.code { (list.hash) } }),
        ]))
        @if found.versions.len() > 1 {
            p { (visit.t("office-versions")) " " @for one in &found.versions {
                a href={ "/office/lists/" (one.id) "?version=" (one.version) } aria-current=[(one.version == list.version).then_some("page")] { (one.version) } " "
            } }
        }
    }
}

/// The rows, with what is other than in the version before; rows of that version which are gone come last.
fn table(visit: &Visit, found: &Found) -> Markup {
    let mut table = Table::new(visit.t("office-rows"))
        .head(visit.t("field-case"))
        .head(visit.t("field-subject"))
        .number(visit.t("field-amount"))
        .head(visit.t("office-public-since"))
        .head(visit.t("office-changed"));
    let first = found.list.version <= 1;
    for Shown { row, cited, who } in &found.rows {
        let before = found.before.get(&row.case_id).map(|one| &one.row);
        table.row([
            cited.link(visit, &found.names),
            html! { (who) },
            html! { @if let Some(sum) = row.amount { (amount(sum)) } },
            html! { @if let Some(on) = row.public_since.or(found.list.published_on) { (day(on)) } },
            html! { @if !first { (change(visit, row, before)) } },
        ]);
    }
    let there = |case: &str| found.rows.iter().any(|one| one.row.case_id == case);
    for Shown { row, cited, who } in found.before.values().filter(|one| !there(&one.row.case_id)) {
        table.row([
            cited.link(visit, &found.names),
            html! { span.faint { (who) } },
            html! { @if let Some(sum) = row.amount { (amount(sum)) } },
            html! {},
            html! { strong { (visit.t("office-row-struck")) } },
        ]);
    }
    table.show(visit)
}

fn change(visit: &Visit, row: &Row, before: Option<&Row>) -> Markup {
    let Some(before) = before else {
        return html! { strong { (visit.t("office-row-added")) } };
    };
    html! {
        @if row.amount != before.amount { strong { (visit.t("office-row-amount")) } " " @if let Some(sum) = before.amount { (amount(sum)) " → " } }
        @else if row.subject != before.subject || row.title != before.title { strong { (visit.t("office-row-corrected")) } }
        @else { span.faint { (visit.t("office-row-same")) } }
    }
}

/// An objection as the page shows it, with what can be done about it.
struct Said<'a> {
    cited: &'a Cited,
    objection: &'a Objection,
    objector: Option<&'a Objector>,
    actions: Markup,
}

fn objections(visit: &Visit, names: &Names, said: &[Said<'_>]) -> Markup {
    html! {
        @if said.is_empty() { p { (visit.t("nothing")) } }
        @for Said { cited, objection: one, objector, actions } in said {
            section.panel id=(one.id) {
                h3 { (cited.link(visit, names)) " · " (cited.who()) " " (state(visit, "objection", one.state.name())) }
                p { (one.ground) }
                p.faint { (moment(one.lodged_at)) " · " (visit.t("field-version")) " " (one.version)
                    @match objector {
                        Some(objector) => { " · " (visit.t("office-objector")) " " (objector.name.as_deref().unwrap_or(&objector.person)) },
                        None => { " · " (visit.t("office-objector-apart")) },
                    }
                }
                @if let Some(reason) = &one.reason { p { (visit.t("field-reason")) (visit.words.pick("：", ": ")) (reason) } }
                (actions)
            }
        }
    }
}
