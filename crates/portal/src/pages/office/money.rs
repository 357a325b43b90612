//! The money of a case: what was decided, the award and its instalments, and what can be done with them.

use std::sync::Arc;

use maud::{Markup, html};
use meed_office::awards::{Award, Instalment};
use meed_office::cases::took_effect;
use meed_office::command::Seen;
use meed_office::machine::{InstalmentState, State as _};

use super::case::File;
use crate::app::Portal;
use crate::fault::Fault;
use crate::pages::acting::able;
use crate::view::{self, Table, amount, day, moment, state};
use crate::visit::Visit;

/// The section, with the acts that its visitor may do now.
///
/// # Errors
/// Where the office fails.
pub async fn section(portal: &Arc<Portal>, visit: &Visit, file: &File) -> Result<Markup, Fault> {
    let acts = match &file.award {
        Some(award) => of_award(portal, visit, award).await?,
        None => html! {},
    };
    let parts = parts(portal, visit, file).await?;
    let obligations = obligations(portal, visit, file).await?;
    let body = html! {
        @if let Some(award) = &file.award {
            p { (visit.t("field-award")) " " span.code { (award.id) } " " (amount(award.amount)) " " (state(visit, "award", award.state.name())) }
            (acts)
        }
        (decided(visit, file))
        @if !file.instalments.is_empty() { (parts) }
        @if !file.obligations.is_empty() { (obligations) }
    };
    Ok(view::section(visit.t("office-money"), body))
}

async fn of_award(portal: &Arc<Portal>, visit: &Visit, award: &Award) -> Result<Markup, Fault> {
    able(portal, visit, "award", &[("award", &award.id)], &[Seen::of(award)]).await
}

fn decided(visit: &Visit, file: &File) -> Markup {
    let mut table = Table::new(visit.t("office-decisions"))
        .head(visit.t("field-id"))
        .head(visit.t("office-kind"))
        .number(visit.t("field-amount"))
        .head(visit.t("office-when"))
        .head(visit.t("field-person"));
    for decision in &file.decisions {
        let by = file.people.get(&decision.person).unwrap_or(&decision.person);
        let kind = visit.words.known(&format!("decision-{}", decision.kind));
        let effective = took_effect(&file.case, &file.decisions, decision);
        table.row([
            html! { @if effective { a.code href={ "/letters/" (decision.id) } { (decision.id) } } @else { span.code { (decision.id) } } },
            html! { @if !effective { (visit.t("decision-proposed")) (visit.words.pick("", " ")) } (kind.unwrap_or_else(|| decision.kind.clone())) },
            amount(decision.amount),
            moment(decision.at),
            html! { (by) },
        ]);
    }
    table.show(visit)
}

async fn parts(portal: &Arc<Portal>, visit: &Visit, file: &File) -> Result<Markup, Fault> {
    let mut table = Table::new(visit.t("office-instalments"))
        .head(visit.t("field-instalment"))
        .head(visit.t("field-payer"))
        .head(visit.t("office-due"))
        .number(visit.t("field-amount"))
        .head(visit.t("office-state"))
        .head(visit.t("office-act"));
    for one in &file.instalments {
        let acts = if moves(one) {
            able(
                portal,
                visit,
                "instalment",
                &[("instalment", &one.id)],
                &[Seen::of(one)],
            )
            .await?
        } else {
            html! {}
        };
        table.row([
            html! { span.code { (one.id) } },
            html! { (file.names.called(visit.words, &one.payer)) },
            day(one.due),
            amount(one.amount),
            html! { (state(visit, "instalment", one.state.name())) @if let Some(missing) = &one.waits_for { " " span.faint { (missing) } } },
            acts,
        ]);
    }
    Ok(table.show(visit))
}

async fn obligations(portal: &Arc<Portal>, visit: &Visit, file: &File) -> Result<Markup, Fault> {
    let mut table = Table::new(visit.t("nav-my-obligations"))
        .head(visit.t("field-obligation"))
        .head(visit.t("office-since"))
        .head(visit.t("office-until"))
        .head(visit.t("office-state"))
        .head(visit.t("office-act"));
    for one in &file.obligations {
        let key = [("obligation", one.id.as_str())];
        table.row([
            html! { (one.n) },
            day(one.since),
            day(one.until),
            html! { (state(visit, "obligation", one.state.name())) @if let Some(breach) = &one.breach { " " span.faint { (view::breached(visit, breach)) } } },
            able(portal, visit, "obligation", &key, &[Seen::of(one)]).await?,
        ]);
    }
    Ok(table.show(visit))
}

/// Whether people have a say in what becomes of an instalment now.
const fn moves(one: &Instalment) -> bool {
    matches!(
        one.state,
        InstalmentState::Committed
            | InstalmentState::Due
            | InstalmentState::Payable
            | InstalmentState::Returned
            | InstalmentState::Short
    )
}
