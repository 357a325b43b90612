//! Consent of a person, purpose by purpose: what is read, for what, since when; and taking it back.

use std::sync::Arc;

use axum::extract::State;
use axum::response::Redirect;
use maud::{Markup, html};
use meed_office::log::salt;
use meed_office::store::{Cell, Connection, StoreError};
use meed_office::time::Instant;

use super::applicant::Applicant;
use crate::access::Audience;
use crate::app::Portal;
use crate::fault::Fault;
use crate::posted::Posted;
use crate::routes::Route;
use crate::view::{Table, csrf, moment};
use crate::visit::{Page, Visit};

pub(super) fn routes() -> Vec<Route> {
    vec![
        Route::get("/my/consent", Audience::Agent, consents),
        Route::post("/my/consent", Audience::Agent, given),
    ]
}

/// What a person's facts may be read for on these pages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// To show what the person could have.
    Entitlements,
    /// To try out changed facts.
    WhatIf,
}

impl Purpose {
    /// All.
    pub const ALL: [Self; 2] = [Self::Entitlements, Self::WhatIf];

    /// Its name in the table.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Entitlements => "entitlements",
            Self::WhatIf => "what_if",
        }
    }

    fn label(self, visit: &Visit) -> String {
        match self {
            Self::Entitlements => visit.t("mine-consent-entitlements"),
            Self::WhatIf => visit.t("mine-consent-whatif"),
        }
    }

    fn reads(self, visit: &Visit) -> String {
        match self {
            Self::Entitlements => visit.t("mine-consent-entitlements-reads"),
            Self::WhatIf => visit.t("mine-consent-whatif-reads"),
        }
    }
}

/// Whether a page may read an applicant's facts for a purpose: an enterprise's always, a person's with their consent.
///
/// # Errors
/// Where the database fails.
pub fn may_read(connection: &mut Connection, applicant: &Applicant, purpose: Purpose) -> Result<bool, StoreError> {
    if !applicant.is_person() {
        return Ok(true);
    }
    let sql = "SELECT 1 FROM portal_consent WHERE subject = $1 AND purpose = $2 AND withdrawn_at IS NULL";
    let found = connection.one(sql, &[Cell::from(&applicant.subject.id), purpose.name().into()])?;
    Ok(found.is_some())
}

/// What a page says instead, where it may not read.
pub fn asked(visit: &Visit, applicant: &Applicant) -> Markup {
    html! {
        p.note { (visit.t("mine-consent-needed")) }
        p { a.button href=(applicant.at("/my/consent")) { (visit.t("mine-consent-go")) } }
    }
}

/// Gives consent, or takes it back; either is done once.
///
/// # Errors
/// Where the database fails.
pub fn set(
    connection: &mut Connection,
    (subject, purpose): (&str, Purpose),
    give: bool,
    (person, at): (&str, Instant),
) -> Result<(), StoreError> {
    let standing = "subject = $1 AND purpose = $2 AND withdrawn_at IS NULL";
    let key = [Cell::from(subject), purpose.name().into()];
    if !give {
        let sql = format!("UPDATE portal_consent SET withdrawn_at = $3 WHERE {standing}");
        let [subject, purpose] = key;
        connection.run(&sql, &[subject, purpose, Cell::Int(at.milliseconds())])?;
        return Ok(());
    }
    if connection
        .one(&format!("SELECT 1 FROM portal_consent WHERE {standing}"), &key)?
        .is_none()
    {
        let sql = "INSERT INTO portal_consent (id, subject, purpose, person, given_at) VALUES ($1, $2, $3, $4, $5)";
        let id = format!("consent-{}", salt()?);
        let [subject, purpose] = key;
        connection.run(
            sql,
            &[
                Cell::Text(id),
                subject,
                purpose,
                person.into(),
                Cell::Int(at.milliseconds()),
            ],
        )?;
    }
    Ok(())
}

/// When consent to a purpose was given and taken back, the last first.
type Past = Vec<(Instant, Option<Instant>)>;

fn past(connection: &mut Connection, subject: &str, purpose: Purpose) -> Result<Past, StoreError> {
    let sql =
        "SELECT given_at, withdrawn_at FROM portal_consent WHERE subject = $1 AND purpose = $2 ORDER BY given_at DESC";
    let rows = connection.rows(sql, &[subject.into(), purpose.name().into()])?;
    let pair = |row: &Vec<Cell>| match row.as_slice() {
        [Cell::Int(given), Cell::Int(withdrawn)] => Some((
            Instant::from_milliseconds(*given),
            Some(Instant::from_milliseconds(*withdrawn)),
        )),
        [Cell::Int(given), _] => Some((Instant::from_milliseconds(*given), None)),
        _ => None,
    };
    Ok(rows.iter().filter_map(pair).collect())
}

async fn consents(State(portal): State<Arc<Portal>>, visit: Visit) -> Result<Page, Fault> {
    let seen = visit.clone();
    let (applicant, pasts) = portal
        .read(move |connection, setup| {
            let applicant = Applicant::of(connection, setup, &seen)?;
            let mut pasts = Vec::new();
            for purpose in Purpose::ALL {
                pasts.push((purpose, past(connection, &applicant.subject.id, purpose)?));
            }
            Ok::<_, Fault>((applicant, pasts))
        })
        .await?;
    let title = visit.t("nav-my-consent");
    let body = html! {
        h1 { (title) }
        (applicant.choice(&visit))
        p.lead { (visit.t("mine-consent-lead")) }
        @if !applicant.is_person() { p.note { (visit.t("mine-consent-enterprise")) } }
        @else { @for (purpose, past) in &pasts { (one(&visit, &applicant, *purpose, past)) } }
    };
    Ok(Page::new(title, body))
}

fn one(visit: &Visit, applicant: &Applicant, purpose: Purpose, past: &Past) -> Markup {
    let stands = past.iter().any(|(_, withdrawn)| withdrawn.is_none());
    let mut table = Table::new(visit.t("mine-consent-past"))
        .head(visit.t("mine-consent-given"))
        .head(visit.t("mine-consent-withdrawn"));
    for (given, withdrawn) in past {
        table.row([moment(*given), withdrawn.map_or_else(|| html! { "–" }, moment)]);
    }
    html! {
        article.panel {
            h2 { (purpose.label(visit)) }
            p { (purpose.reads(visit)) }
            form method="post" action="/my/consent" {
                (csrf(visit))
                input type="hidden" name="subject" value=(applicant.subject.id);
                input type="hidden" name="purpose" value=(purpose.name());
                input type="hidden" name="give" value=(if stands { "no" } else { "yes" });
                button.second[stands] type="submit" { (visit.t(if stands { "mine-consent-withdraw" } else { "mine-consent-give" })) }
            }
            @if !past.is_empty() { (table.show(visit)) }
        }
    }
}

async fn given(State(portal): State<Arc<Portal>>, visit: Visit, posted: Posted) -> Result<Redirect, Fault> {
    let purpose = Purpose::ALL.into_iter().find(|one| one.name() == posted.one("purpose"));
    let purpose = purpose.ok_or(Fault::Absent)?;
    let person = visit.person()?.to_owned();
    let back = portal
        .lend(move |connection, setup| {
            let applicant = Applicant::named(connection, setup, &visit, posted.one("subject"))?;
            let by = (person.as_str(), setup.clock.now());
            set(
                connection,
                (&applicant.subject.id, purpose),
                posted.one("give") == "yes",
                by,
            )?;
            Ok::<_, Fault>(applicant.at("/my/consent"))
        })
        .await?;
    Ok(Redirect::to(&back))
}
