//! What stands still: holds with their owners, and cases on which nobody may act.

use std::sync::Arc;

use axum::extract::State;
use maud::{Markup, html};
use meed_office::aftermath::Hold;
use meed_office::command::Seen;
use meed_office::people::Role;
use meed_office::store::{Cell, Field as _};
use meed_office::tx::Tx;

use crate::access::{Audience, OFFICE, Viewer, rows, seen};
use crate::app::Portal;
use crate::determined::Names;
use crate::fault::Fault;
use crate::pages::acting::possible;
use crate::routes::Route;
use crate::view::{Offer, Table, day, moment, section, state};
use crate::visit::{Page, Visit};

/// How many holds that are in force stand on the page with their acts, and how many rows a table has.
const OPEN: usize = 30;
const MOST: i64 = 200;

pub(super) fn routes() -> Vec<Route> {
    vec![Route::get("/office/holds", Audience::Roles(OFFICE), holds)]
}

/// A case on which everybody who has the role must not act.
struct Stuck {
    case: String,
    measure: String,
    state: String,
    role: Role,
    /// Who has the role for something else and nothing in the way.
    substitutes: Vec<String>,
}

async fn holds(State(portal): State<Arc<Portal>>, visit: Visit) -> Result<Page, Fault> {
    let viewer = visit.viewer.clone();
    let (found, stuck, names) = portal
        .read(move |connection, setup| {
            let mut tx = Tx::reading(connection, setup)?;
            let found: Vec<Hold> = seen(
                &mut tx,
                &viewer,
                "1 = 1",
                &[],
                &format!("ORDER BY since DESC, id LIMIT {MOST}"),
            )?;
            let mut stuck = stuck(&mut tx, &viewer, Role::Officer, OFFICERS)?;
            stuck.extend(self::stuck(&mut tx, &viewer, Role::Approver, APPROVERS)?);
            Ok::<_, Fault>((found, stuck, Names::read(&mut tx)?))
        })
        .await?;
    let (lifted, open): (Vec<Hold>, Vec<Hold>) = found.into_iter().partition(|hold| hold.lifted_at.is_some());
    let mut each = Vec::new();
    for hold in open.iter().take(OPEN) {
        let actions = possible(&portal, &visit, "hold", &[("hold", &hold.id)], &[Seen::of(hold)]).await?;
        each.push((hold, actions));
    }
    let title = visit.t("nav-office-holds");
    let body = html! {
        h1 { (title) }
        p.lead { (visit.t("office-holds-lead")) }
        @if visit.viewer.has_any(&[Role::Officer, Role::Approver]) { div.actions { (Offer::new(&visit, "hold.place").show(&visit)) } }
        @if each.is_empty() { p { (visit.t("nothing")) } }
        @for (hold, actions) in &each { section.panel {
            h2 { (kind(&visit, hold)) " " span.code { (hold.target) } }
            p { (hold.reason) }
            p.faint { (hold.owner) " · " (moment(hold.since)) @if let Some(until) = hold.until { " – " (day(until)) } }
            (actions)
        } }
        (section(visit.t("office-nobody"), html! { p { (visit.t("office-nobody-lead")) } (nobody(&visit, &stuck, &names)) }))
        @if !lifted.is_empty() { (section(visit.t("office-lifted"), over(&visit, &lifted))) }
    };
    Ok(Page::new(title, body))
}

fn kind(visit: &Visit, hold: &Hold) -> String {
    visit
        .words
        .known(&format!("field-{}", hold.kind))
        .unwrap_or_else(|| hold.kind.clone())
}

/// States in which a case waits for an officer, and for an approver.
const OFFICERS: &str = "'submitted', 'formal_check', 'admissible', 'in_review', 'verified'";
const APPROVERS: &str = "'proposed', 'publicity', 'recheck'";

/// Cases that wait for a role of which everybody has an interest or acted in a role that must be another person's.
fn stuck(tx: &mut Tx<'_>, viewer: &Viewer, role: Role, states: &str) -> Result<Vec<Stuck>, Fault> {
    let sight = rows(viewer, "case", 2);
    let free = "duty.role = $1 AND duty.since <= $2 AND (duty.until IS NULL OR duty.until > $2) \
                AND NOT EXISTS (SELECT 1 FROM interest WHERE interest.person = duty.person AND interest.subject = found.subject) \
                AND NOT EXISTS (SELECT 1 FROM deed WHERE deed.target = found.id AND deed.person = duty.person AND $1 = 'approver' \
                AND deed.role IN ('officer', 'reviewer', 'examiner'))";
    let sql = format!(
        "SELECT found.id, found.measure, found.state FROM \"case\" found WHERE found.state IN ({states}) \
         AND found.id IN (SELECT id FROM \"case\" WHERE {}) \
         AND NOT EXISTS (SELECT 1 FROM duty WHERE duty.scope IN ('', found.measure) AND {free}) ORDER BY found.id LIMIT {MOST}",
        sight.sql
    );
    let today = tx.today;
    let arguments: Vec<Cell> = [Cell::from(role.name()), Cell::from(&today)]
        .into_iter()
        .chain(sight.arguments)
        .collect();
    let others = format!(
        "SELECT DISTINCT person.name FROM duty JOIN person ON person.id = duty.person JOIN \"case\" found ON found.id = $3 \
         WHERE {free} ORDER BY person.name LIMIT 5"
    );
    let mut all = Vec::new();
    for row in tx.query(&sql, &arguments)? {
        if let [case, measure, state] = row.as_slice() {
            let who = [Cell::from(role.name()), Cell::from(&today), case.clone()];
            let substitutes = tx.query(&others, &who)?;
            let substitutes = substitutes
                .iter()
                .flatten()
                .map(String::from_cell)
                .collect::<Result<_, _>>()?;
            all.push(Stuck {
                case: String::from_cell(case)?,
                measure: String::from_cell(measure)?,
                state: String::from_cell(state)?,
                role,
                substitutes,
            });
        }
    }
    Ok(all)
}

fn nobody(visit: &Visit, stuck: &[Stuck], names: &Names) -> Markup {
    let mut table = Table::new(visit.t("office-nobody"))
        .head(visit.t("field-case"))
        .head(visit.t("field-measure"))
        .head(visit.t("office-state"))
        .head(visit.t("field-role"))
        .head(visit.t("office-substitute"));
    for one in stuck {
        table.row([
            html! { a.code href={ "/office/cases/" (one.case) } { (one.case) } },
            html! { (names.called(visit.words, &one.measure)) },
            state(visit, "case", &one.state),
            html! { (visit.words.known(&format!("role-{}", one.role)).unwrap_or_default()) },
            html! { @if one.substitutes.is_empty() { (visit.t("office-no-substitute")) } @else { (one.substitutes.join(visit.words.pick("、", ", "))) } },
        ]);
    }
    table.show(visit)
}

fn over(visit: &Visit, lifted: &[Hold]) -> Markup {
    let mut table = Table::new(visit.t("office-lifted"))
        .head(visit.t("field-hold"))
        .head(visit.t("field-target"))
        .head(visit.t("field-reason"))
        .head(visit.t("office-since"))
        .head(visit.t("office-lifted-at"));
    for hold in lifted {
        table.row([
            html! { span.code { (hold.id) } },
            html! { (kind(visit, hold)) " " span.code { (hold.target) } },
            html! { (hold.reason) },
            moment(hold.since),
            html! { @if let Some(at) = hold.lifted_at { (moment(at)) } " " (hold.lifted_by.as_deref().unwrap_or_default()) },
        ]);
    }
    table.show(visit)
}
