//! *Track*: one case on its way: where it is, who has it, what comes next, what was decided and why, its money, and what can be done.

use std::sync::Arc;

use axum::extract::{Path, State};
use maud::{Markup, html};
use meed_facts::date::{Date, Days};
use meed_facts::money::Money;
use meed_office::aftermath::{Appeal, offset_of};
use meed_office::cases::{Case, Decision, Standstill, took_effect};
use meed_office::command::Seen;
use meed_office::machine::{CaseState, InstalmentState, State as _};
use meed_office::publicity::{List, Objection};
use meed_office::store::{CURRENCY, Cell};
use meed_office::time::Instant;
use meed_office::tx::Tx;

use super::applicant::Applicant;
use super::offers::possible;
use crate::access::{Audience, rows};
use crate::app::Portal;
use crate::fault::Fault;
use crate::letters;
use crate::pages::office::case::{File, file};
use crate::routes::Route;
use crate::view::{Offer, Table, amount, day, moment, pairs, section, state};
use crate::visit::{Page, Visit};

pub(super) fn routes() -> Vec<Route> {
    vec![Route::get("/my/cases/{case}", Audience::Agent, track)]
}

/// With whom a case is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// With the applicant.
    Yours,
    /// With the bureau.
    Examined,
    /// It waits for money.
    Funds,
    /// Before the public.
    Public,
    /// With the treasury.
    Paid,
    /// Everything of it has arrived.
    Arrived,
    /// With whoever examines the appeal.
    Appealed,
    /// Refused: it can be appealed.
    Refused,
    /// Not taken up: that can be appealed too.
    Inadmissible,
    /// It is over.
    Over,
}

impl Stage {
    /// Where a case in a state is.
    pub const fn of(state: CaseState) -> Self {
        match state {
            CaseState::Offered | CaseState::Draft | CaseState::Correction => Self::Yours,
            CaseState::Accepted
            | CaseState::Submitted
            | CaseState::FormalCheck
            | CaseState::Admissible
            | CaseState::InReview
            | CaseState::Verified => Self::Examined,
            CaseState::Waiting => Self::Funds,
            CaseState::Proposed | CaseState::Publicity | CaseState::Recheck => Self::Public,
            CaseState::Approved => Self::Paid,
            CaseState::Refused => Self::Refused,
            CaseState::Inadmissible => Self::Inadmissible,
            CaseState::Closed | CaseState::Declined | CaseState::Expired | CaseState::Lapsed | CaseState::Withdrawn => {
                Self::Over
            }
        }
    }

    /// Where a case is, with what became of its money and with what was said against its decision.
    fn now(file: &File, more: &More) -> Self {
        use meed_office::machine::AppealState::{Admissible, Examined, Lodged};
        let open = |one: &Appeal| matches!(one.state, Lodged | Admissible | Examined);
        if more.appeals.iter().any(open) {
            return Self::Appealed;
        }
        let stage = Self::of(file.case.state);
        let parts = &file.instalments;
        let all_there = parts.iter().any(|one| one.state == InstalmentState::Paid)
            && parts
                .iter()
                .all(|one| InstalmentState::MACHINE.is_final(one.state.name()) || one.state == InstalmentState::Paid);
        match stage {
            Self::Paid | Self::Over if all_there => Self::Arrived,
            stage => stage,
        }
    }

    /// Who has it, in words; the bureau by its name, where the measure's text gives it.
    fn whose(self, visit: &Visit, file: &File) -> String {
        match (self, file.names.lead(&file.case.measure)) {
            (Self::Examined | Self::Public, Some(bureau)) => visit.words.label(bureau, "").to_owned(),
            _ => self.who(visit),
        }
    }

    /// Who has it, in words.
    pub fn who(self, visit: &Visit) -> String {
        match self {
            Self::Yours => visit.t("mine-who-you"),
            Self::Examined | Self::Public => visit.t("mine-who-bureau"),
            Self::Funds | Self::Paid => visit.t("mine-who-treasury"),
            Self::Appealed => visit.t("mine-who-appeal"),
            Self::Refused | Self::Inadmissible | Self::Over | Self::Arrived => visit.t("mine-who-nobody"),
        }
    }

    /// What comes next, in words.
    pub fn next(self, visit: &Visit) -> String {
        match self {
            Self::Yours => visit.t("mine-next-yours"),
            Self::Examined => visit.t("mine-next-examined"),
            Self::Funds => visit.t("mine-next-funds"),
            Self::Public => visit.t("mine-next-public"),
            Self::Paid => visit.t("mine-next-paid"),
            Self::Arrived => visit.t("mine-next-arrived"),
            Self::Appealed => visit.t("mine-next-appealed"),
            Self::Refused => visit.t("mine-next-refused"),
            Self::Inadmissible => visit.t("mine-next-inadmissible"),
            Self::Over => visit.t("mine-next-over"),
        }
    }
}

/// What the page needs beside the case's file.
struct More {
    standstills: Vec<Standstill>,
    objections: Vec<Objection>,
    appeals: Vec<Appeal>,
    /// Until when its list is public.
    clear: Option<List>,
    /// What was set off, an instalment a place.
    offsets: Vec<Money>,
    /// When the bank booked what was transferred, an instalment a place.
    arrived: Vec<Option<Date>>,
    appeal_days: u16,
    appeal_to: String,
}

/// Reads a case's file, if the visitor speaks for its applicant.
///
/// # Errors
/// Absent, where they do not.
pub async fn own_file(portal: &Arc<Portal>, visit: &Visit, id: &str) -> Result<File, Fault> {
    let file = file(portal, visit, id).await?;
    let (seen, subject) = (visit.clone(), file.subject.id.clone());
    portal
        .read(move |connection, setup| Applicant::named(connection, setup, &seen, &subject))
        .await?;
    Ok(file)
}

async fn track(State(portal): State<Arc<Portal>>, Path(id): Path<String>, visit: Visit) -> Result<Page, Fault> {
    let file = own_file(&portal, &visit, &id).await?;
    let more = more(&portal, &visit, &file).await?;
    let actions = actions(&portal, &visit, &file, &more).await?;
    let title = file.names.of_case(visit.words, &file.case);
    let stage = Stage::now(&file, &more);
    let fill = matches!(file.case.state, CaseState::Draft | CaseState::Correction);
    let body = html! {
        h1 { (title) " " (state(&visit, "case", file.case.state.name())) }
        p.lead { (stage.next(&visit)) }
        @if fill { p { a.button href={ "/my/cases/" (id) "/form" } { (visit.t("mine-form-go")) } } }
        (pairs([
            (visit.t("mine-who"), html! { (stage.whose(&visit, &file)) }),
            (visit.t("field-case"), html! { span.code { (id) } }),
            (visit.t("mine-rules-of"), day(file.case.on_date)),
        ]))
        (actions)
        (way(&visit, &file, &more))
        (decided(&visit, &file, &more))
        (money(&visit, &file, &more))
        (said_against(&visit, &more))
        details open[file.decisions.is_empty()] { summary { (visit.t("mine-why")) } (file.explained) }
        p { a href={ "/my/documents?case=" (id) } { (visit.t("mine-documents")) } " · " a href="/my/cases" { (visit.t("nav-my-cases")) } }
    };
    Ok(Page::new(title, body))
}

async fn more(portal: &Arc<Portal>, visit: &Visit, file: &File) -> Result<More, Fault> {
    let seen = rows(&visit.viewer, "objection", 1);
    let mut arguments = vec![Cell::from(&file.case.id)];
    arguments.extend(seen.arguments);
    let against = (format!("case_id = $1 AND {} ORDER BY lodged_at", seen.sql), arguments);
    let (case, ids) = (
        file.case.clone(),
        file.instalments.iter().map(|one| one.id.clone()).collect::<Vec<_>>(),
    );
    portal
        .read(move |connection, setup| {
            let mut tx = Tx::reading(connection, setup)?;
            let id = [Cell::from(&case.id)];
            let list = match &case.list {
                Some(list) => tx
                    .rows::<List>("id = $1 ORDER BY version DESC LIMIT 1", &[Cell::from(list)])?
                    .pop(),
                None => None,
            };
            let of_decisions =
                "decision IN (SELECT made.id FROM decision made WHERE made.case_id = $1) ORDER BY lodged_at";
            Ok::<_, Fault>(More {
                standstills: tx.rows("case_id = $1 ORDER BY since", &id)?,
                objections: tx.rows(&against.0, &against.1)?,
                appeals: tx.rows(of_decisions, &id)?,
                clear: list,
                offsets: ids
                    .iter()
                    .map(|one| offset_of(&mut tx, one))
                    .collect::<Result<_, _>>()?,
                arrived: ids.iter().map(|one| arrived(&mut tx, one)).collect::<Result<_, _>>()?,
                appeal_days: setup.config.appeal_days,
                appeal_to: setup.config.appeal_to.clone(),
            })
        })
        .await
}

/// On which day the bank booked what was transferred for an instalment, the last time.
fn arrived(tx: &mut Tx<'_>, instalment: &str) -> Result<Option<Date>, Fault> {
    let sql = "SELECT booked FROM bank_entry WHERE debit = 1 AND instruction IN (SELECT id FROM instruction WHERE instalment = $1 AND state = 'paid') \
               ORDER BY booked DESC LIMIT 1";
    let found = tx.query(sql, &[Cell::from(instalment)])?;
    Ok(match found.into_iter().flatten().next() {
        Some(Cell::Text(day)) => Date::parse(&day).ok(),
        _ => None,
    })
}

async fn actions(portal: &Arc<Portal>, visit: &Visit, file: &File, more: &More) -> Result<Markup, Fault> {
    let case = |kind: &str| {
        Offer::new(visit, kind)
            .with("case", &file.case.id)
            .seeing([Seen::of(&file.case)])
    };
    let mut asked = vec![(case("case.accept"), &[] as &[_]), (case("case.withdraw"), &[])];
    if let Some(award) = &file.award {
        asked.push((
            Offer::new(visit, "award.renounce")
                .with("award", &award.id)
                .seeing([Seen::of(award)]),
            &[],
        ));
    }
    if let Some(decision) = file.decisions.first() {
        asked.push((
            Offer::new(visit, "appeal.lodge").with("decision", &decision.id),
            &[("ground", "-")],
        ));
    }
    for appeal in &more.appeals {
        asked.push((Offer::new(visit, "appeal.withdraw").with("appeal", &appeal.id), &[]));
    }
    possible(portal, visit, asked).await
}

/// What happened when, and what is still to happen when.
fn way(visit: &Visit, file: &File, more: &More) -> Markup {
    let case = &file.case;
    let opened = if case.origin == "offer" {
        visit.t("mine-way-offered")
    } else {
        visit.t("mine-way-opened")
    };
    let mut steps: Vec<(Instant, Markup)> = vec![(case.opened_at, html! { (moment(case.opened_at)) " " (opened) })];
    if let Some(at) = case.applied_at {
        steps.push((at, html! { (moment(at)) " " (visit.t("mine-way-applied")) }));
    }
    for still in &more.standstills {
        let until = html! { @if let Some(until) = still.until { (moment(until)) } @else { "…" } };
        steps.push((
            still.since,
            html! { (moment(still.since)) " – " (until) " " (visit.t("mine-way-still")) },
        ));
    }
    for decision in &file.decisions {
        steps.push((
            decision.at,
            html! { (moment(decision.at)) " " (kind(visit, file, decision)) },
        ));
    }
    for appeal in &more.appeals {
        steps.push((
            appeal.lodged_at,
            html! { (moment(appeal.lodged_at)) " " (visit.t("mine-way-appealed")) },
        ));
    }
    for given_up in file.deeds.iter().filter(|done| done.act == "case.withdraw") {
        steps.push((
            given_up.at,
            html! { (moment(given_up.at)) " " (crate::view::act_name(visit, &given_up.act)) },
        ));
    }
    for on in more.arrived.iter().flatten() {
        steps.push((
            Instant::start_of(*on),
            html! { (day(*on)) " " (visit.t("mine-way-arrived")) },
        ));
    }
    if let Some(list) = &more.clear {
        if let Some(on) = list.published_on {
            steps.push((
                Instant::start_of(on),
                html! { (day(on)) " " (visit.t("mine-way-public")) },
            ));
        }
        if let Some(at) = list.clear_at {
            steps.push((at, html! { (moment(at)) " " (visit.t("mine-way-clear")) }));
        }
    }
    if let (CaseState::Offered, Some(until)) = (case.state, case.offer_until) {
        steps.push((
            Instant::start_of(until),
            html! { (day(until)) " " (visit.t("mine-way-until")) },
        ));
    }
    steps.sort_by_key(|(at, _)| *at);
    section(
        visit.t("mine-way"),
        html! { ol { @for (_, step) in &steps { li { (step) } } } },
    )
}

/// What a decision is called; one that only proposes is called so.
fn kind(visit: &Visit, file: &File, decision: &Decision) -> String {
    let called = visit
        .words
        .known(&format!("decision-{}", decision.kind))
        .unwrap_or_else(|| decision.kind.clone());
    if took_effect(&file.case, &file.decisions, decision) {
        called
    } else {
        visit.words.with("mine-proposed", &[("kind", called.into())])
    }
}

fn decided(visit: &Visit, file: &File, more: &More) -> Markup {
    let Some(decision) = file.decisions.first() else {
        return html! {};
    };
    let effective = took_effect(&file.case, &file.decisions, decision);
    html! {
        section {
            h2 { (visit.t(if effective { "mine-decision" } else { "mine-proposal" })) }
            p { (kind(visit, file, decision)) @if !decision.amount.is_zero() { " " (amount(decision.amount)) } " · " (moment(decision.at)) " · " span.code.faint { (decision.id) } }
            (reasons(visit, decision))
            @if effective { (against(visit, decision, more)) }
            @else { p.note { (visit.t("mine-proposal-help")) } }
        }
    }
}

/// Why: of what was refused or taken away the conditions that fail, and whatever somebody said.
fn reasons(visit: &Visit, decision: &Decision) -> Markup {
    let takes = matches!(decision.kind.as_str(), "refuse" | "reject" | "annul" | "lower");
    let fails: Vec<String> = letters::reasons(&decision.reasons, visit.words)
        .into_iter()
        .filter(|(_, holds)| takes && !holds)
        .map(|(text, _)| text)
        .collect();
    let rules = letters::by_rules(&decision.reasons, visit.words);
    html! {
        @for text in letters::said(&decision.reasons, visit.words) { p { (text) } }
        @if !fails.is_empty() { ul { @for text in &fails { li { (text) } } } }
        @if !rules.is_empty() {
            details { summary { (visit.t("letter-rules-say")) } ul { @for (text, _) in &rules { li { (text) } } } }
        }
    }
}

/// The letter of a decision that took effect, and what can be done against it.
fn against(visit: &Visit, decision: &Decision, more: &More) -> Markup {
    let until = decision
        .at
        .date()
        .and_then(|on: Date| on.plus_days(Days(more.appeal_days.into())));
    let clause = decision
        .reasons
        .pointer("/appeal/clause")
        .and_then(serde_json::Value::as_str);
    let appealed = more.appeals.iter().any(|one| one.decision == decision.id);
    html! {
        p { a href={ "/letters/" (decision.id) } { (visit.t("mine-letter")) } }
        @if !appealed {
            p.note {
                (visit.words.with("mine-appeal", &[("to", more.appeal_to.clone().into()), ("days", more.appeal_days.to_string().into())]))
                @if let Some(until) = until { " " (visit.t("mine-until")) " " (day(until)) }
                @if let Some(clause) = clause { " " cite { (clause) } }
            }
        }
    }
}

/// What is due, what was set off against it, and what was transferred.
fn money(visit: &Visit, file: &File, more: &More) -> Markup {
    if file.instalments.is_empty() {
        return html! {};
    }
    let mut table = Table::new(visit.t("mine-instalments"))
        .head(visit.t("mine-due"))
        .number(visit.t("mine-due-amount"))
        .number(visit.t("mine-offset"))
        .number(visit.t("mine-transferred"))
        .head(visit.t("mine-state"))
        .head(visit.t("mine-arrived"));
    for ((one, offset), arrived) in file.instalments.iter().zip(&more.offsets).zip(&more.arrived) {
        let rest = one.amount.checked_sub(*offset).unwrap_or(Money::zero(CURRENCY));
        table.row([
            html! { (day(one.due)) @if let Some(waits) = &one.waits_for { " " span.faint { (waits) } } },
            amount(one.amount),
            amount(*offset),
            amount(rest),
            state(visit, "instalment", one.state.name()),
            html! { @if let Some(on) = arrived { (day(*on)) } },
        ]);
    }
    section(visit.t("mine-instalments"), table.show(visit))
}

/// Objections of others, and appeals of one's own.
fn said_against(visit: &Visit, more: &More) -> Markup {
    html! {
        @if !more.objections.is_empty() {
            section {
                h2 { (visit.t("mine-objections")) }
                @for one in &more.objections {
                    article.panel {
                        p { (moment(one.lodged_at)) " " (state(visit, "objection", one.state.name())) }
                        p { (one.ground) }
                        @if let Some(reason) = &one.reason { p.faint { (reason) } }
                    }
                }
            }
        }
        @if !more.appeals.is_empty() {
            section {
                h2 { (visit.t("mine-appeals")) }
                @for one in &more.appeals {
                    article.panel {
                        p { (moment(one.lodged_at)) " " (state(visit, "appeal", one.state.name())) }
                        p { (one.ground) }
                        @if let Some(reason) = &one.reason { p.faint { (reason) } }
                    }
                }
            }
        }
    }
}

/// Whether a case can still be filled in.
pub fn is_open(case: &Case) -> bool {
    matches!(case.state, CaseState::Draft | CaseState::Correction)
}
