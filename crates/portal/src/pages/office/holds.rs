//! What stands still: holds with their owners, and cases on which nobody may act.

use std::sync::Arc;

use axum::extract::State;
use maud::{Markup, html};
use meed_office::aftermath::Hold;
use meed_office::cases::Case;
use meed_office::command::Seen;
use meed_office::machine::State as _;
use meed_office::people::{Role, Unmanned, unmanned};
use meed_office::store::Cell;
use meed_office::tx::Tx;

use crate::access::{Audience, HOLDS, Viewer, seen};
use crate::app::Portal;
use crate::determined::Names;
use crate::fault::Fault;
use crate::pages::acting::possible;
use crate::routes::Route;
use crate::view::{Offer, Table, day, moment, role_name, section, state};
use crate::visit::{Page, Visit};

/// How many holds that are in force stand on the page with their acts, and how many rows a table has.
const OPEN: usize = 30;
const MOST: i64 = 200;

pub(super) fn routes() -> Vec<Route> {
    vec![Route::get("/office/holds", Audience::Roles(HOLDS), holds)]
}

/// A case, and the roles in which nobody may act on it.
type Stuck = (Case, Vec<Unmanned>);

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
            let stuck = stuck(&mut tx, &viewer)?;
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

/// States in which a case is not decided yet.
const OPEN_CASES: &str = "'submitted', 'formal_check', 'correction', 'admissible', 'in_review', 'verified', 'waiting_for_funds', 'proposed', \
                          'publicity', 'recheck'";

/// Cases on which nobody may act in a role they still take.
fn stuck(tx: &mut Tx<'_>, viewer: &Viewer) -> Result<Vec<Stuck>, Fault> {
    let mut found = Vec::new();
    for role in [Role::Officer, Role::Approver] {
        // Who knows nobody and did nothing with a case may act on it; only where nobody is so free is looked at each closely.
        let perhaps = format!(
            "state IN ({OPEN_CASES}) AND NOT EXISTS (SELECT 1 FROM duty WHERE duty.scope IN ('', measure) AND duty.role = $1 \
             AND duty.since <= $2 AND (duty.until IS NULL OR duty.until > $2) \
             AND NOT EXISTS (SELECT 1 FROM interest WHERE interest.person = duty.person) \
             AND NOT EXISTS (SELECT 1 FROM relation WHERE duty.person IN (relation.one, relation.other)) \
             AND NOT EXISTS (SELECT 1 FROM deed WHERE deed.target = \"case\".id AND deed.person = duty.person))"
        );
        let place = [Cell::from(role.name()), Cell::from(&tx.today)];
        for case in seen::<Case>(tx, viewer, &perhaps, &place, &format!("ORDER BY id LIMIT {MOST}"))? {
            if found.iter().any(|(known, _): &Stuck| known.id == case.id) {
                continue;
            }
            let roles = unmanned(tx, &case)?;
            if !roles.is_empty() {
                found.push((case, roles));
            }
        }
    }
    Ok(found)
}

fn nobody(visit: &Visit, stuck: &[Stuck], names: &Names) -> Markup {
    let mut table = Table::new(visit.t("office-nobody"))
        .head(visit.t("field-case"))
        .head(visit.t("field-measure"))
        .head(visit.t("office-state"))
        .head(visit.t("field-role"))
        .head(visit.t("office-substitute"));
    for (case, roles) in stuck {
        for one in roles {
            table.row([
                html! { a.code href={ "/office/cases/" (case.id) } { (case.id) } },
                html! { (names.called(visit.words, &case.measure)) },
                state(visit, "case", case.state.name()),
                html! { (role_name(visit, one.role)) },
                html! { (one.substitute.clone().unwrap_or_else(|| visit.t("office-no-substitute"))) },
            ]);
        }
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
