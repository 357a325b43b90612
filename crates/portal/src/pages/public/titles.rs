//! The register of titles: who holds what, with search.

use std::collections::BTreeSet;
use std::sync::Arc;

use axum::extract::State;
use maud::{Markup, html};
use meed_facts::check::applicant;
use meed_facts::date::Date;
use meed_facts::identifier::Kind;
use meed_facts::schema::FactType;
use meed_office::register::{Held, held};
use meed_office::setup::Setup;
use meed_office::store::{Cell, Connection};
use meed_office::tx::Tx;

use super::asked::Asked;
use super::holders::{Holder, TitleNames, holder};
use super::kept::Kept;
use crate::access::{self, Audience, Viewer};
use crate::app::Portal;
use crate::determined::Names;
use crate::fault::Fault;
use crate::routes::Route;
use crate::view::{Table, day, encoded};
use crate::visit::{Page, Visit};

/// How many titles stand on a page.
const ON_A_PAGE: usize = 50;

pub(super) fn routes() -> Vec<Route> {
    vec![Route::get("/titles", Audience::Anyone, titles)]
}

/// Whether a title is held.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Standing {
    /// It is.
    Valid,
    /// It stands still.
    Suspended,
    /// It was taken back.
    Revoked,
    /// Its time is over.
    Expired,
    /// Its time has not begun.
    Coming,
}

impl Standing {
    /// Every one.
    pub const ALL: [Standing; 5] = [
        Standing::Valid,
        Standing::Suspended,
        Standing::Revoked,
        Standing::Expired,
        Standing::Coming,
    ];

    /// How a title stands on a day: what is revoked is no longer suspended, and a hold counts as a suspension.
    pub fn of(held: &Held, on: Date) -> Self {
        if held.revoked.is_some_and(|day| day <= on) {
            Standing::Revoked
        } else if held.until.is_some_and(|day| day <= on) {
            Standing::Expired
        } else if held.granted.is_none_or(|day| day > on) {
            Standing::Coming
        } else if held.suspended.iter().any(|span| span.contains(on)) {
            Standing::Suspended
        } else {
            Standing::Valid
        }
    }

    /// Its name in addresses and data.
    pub const fn name(self) -> &'static str {
        match self {
            Standing::Valid => "valid",
            Standing::Suspended => "suspended",
            Standing::Revoked => "revoked",
            Standing::Expired => "expired",
            Standing::Coming => "coming",
        }
    }

    /// The key of its words.
    pub const fn key(self) -> &'static str {
        match self {
            Standing::Valid => "standing-valid",
            Standing::Suspended => "standing-suspended",
            Standing::Revoked => "standing-revoked",
            Standing::Expired => "standing-expired",
            Standing::Coming => "standing-coming",
        }
    }

    /// As a mark on a page.
    pub fn shown(self, visit: &Visit) -> Markup {
        let class = match self {
            Standing::Valid => "state good",
            Standing::Suspended => "state warn",
            Standing::Revoked => "state bad",
            Standing::Expired | Standing::Coming => "state",
        };
        html! { span class=(class) { (visit.t(self.key())) } }
    }
}

/// The titles that everybody may read of, the latest first: of organisations all that are known, of persons those that the office itself made
/// public.
///
/// # Errors
/// Where the database fails.
pub fn public(tx: &mut Tx<'_>, on: Date) -> Result<Arc<Vec<Held>>, Fault> {
    static KEPT: Kept<Vec<Held>> = Kept::new();
    KEPT.or_read(tx, on, |tx| read(tx, on))
}

fn read(tx: &mut Tx<'_>, on: Date) -> Result<Vec<Held>, Fault> {
    let seen = access::rows(&Viewer::default(), "title", 0);
    let own = tx.query(&format!("SELECT id FROM title WHERE {}", seen.sql), &seen.arguments)?;
    let own = texts(own);
    let organisations = organisations(tx)?;
    let mut all = held(tx, on)?;
    all.retain(|one| {
        if one.own {
            own.contains(&one.id)
        } else {
            organisations.contains(&one.subject)
        }
    });
    all.sort_by(|a, b| b.granted.cmp(&a.granted).then_with(|| a.id.cmp(&b.id)));
    Ok(all)
}

/// The applicants of kinds that are known by a credit code: no persons.
fn organisations(tx: &mut Tx<'_>) -> Result<BTreeSet<String>, Fault> {
    let kinds = texts(tx.query("SELECT DISTINCT kind FROM subject", &[])?);
    let names = Names::read(tx)?;
    let is_organisation = |kind: &str| {
        names.programs().iter().any(|program| {
            let schema = &program.schema;
            let key = applicant(schema, kind)
                .ok()
                .and_then(|entity| schema.entities[entity].key);
            key.is_some_and(|key| schema.facts[key].ty == FactType::Identifier(Kind::CreditCode))
        })
    };
    let mut found = BTreeSet::new();
    for kind in kinds.iter().filter(|kind| is_organisation(kind)) {
        found.extend(texts(
            tx.query("SELECT id FROM subject WHERE kind = $1", &[Cell::from(kind)])?,
        ));
    }
    Ok(found)
}

fn texts(rows: Vec<Vec<Cell>>) -> BTreeSet<String> {
    let texts = rows.into_iter().flatten().filter_map(|cell| match cell {
        Cell::Text(text) => Some(text),
        Cell::Null | Cell::Int(_) => None,
    });
    texts.collect()
}

/// What is looked for among titles.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    /// In the holder's name, number or the certificate's.
    pub text: Option<String>,
    /// The title.
    pub title: Option<String>,
    /// The level.
    pub level: Option<String>,
    /// The year in which it was granted.
    pub year: Option<String>,
    /// How it stands.
    pub standing: Option<String>,
}

impl Wanted {
    fn of(asked: &Asked) -> Self {
        let text = |name: &str| asked.text(name).map(str::to_owned);
        Self {
            text: text("q"),
            title: text("title"),
            level: text("level"),
            year: text("year"),
            standing: text("state"),
        }
    }

    /// Those that are looked for.
    ///
    /// # Errors
    /// Where the database fails.
    pub fn among<'a>(&self, tx: &mut Tx<'_>, all: &'a [Held], on: Date) -> Result<Vec<&'a Held>, Fault> {
        let named = match &self.text {
            Some(text) => Some((text, named(tx, text)?)),
            None => None,
        };
        let is =
            |wanted: &Option<String>, value: Option<&str>| wanted.as_deref().is_none_or(|wanted| value == Some(wanted));
        let is_wanted = |one: &&Held| {
            let year = one.granted.map(|day| day.year().to_string());
            let found = named.as_ref().is_none_or(|(text, subjects)| {
                subjects.contains(&one.subject)
                    || one
                        .certificate
                        .as_deref()
                        .is_some_and(|number| number.contains(text.as_str()))
            });
            found
                && is(&self.title, Some(one.title.as_str()))
                && is(&self.level, one.level.as_deref())
                && is(&self.year, year.as_deref())
                && is(&self.standing, Some(Standing::of(one, on).name()))
        };
        Ok(all.iter().filter(is_wanted).collect())
    }
}

/// Applicants whose name holds a text, and organisations whose number it is.
fn named(tx: &mut Tx<'_>, text: &str) -> Result<BTreeSet<String>, Fault> {
    let escaped = text.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
    let like = Cell::Text(format!("%{escaped}%"));
    let mut found = texts(tx.query("SELECT id FROM subject WHERE name LIKE $1 ESCAPE '\\'", &[like])?);
    // Nobody finds a person by a number.
    if access::masked(text) == text {
        found.extend(texts(
            tx.query("SELECT subject FROM identifier WHERE value = $1", &[text.into()])?,
        ));
    }
    Ok(found)
}

/// What a page of the register shows.
struct Shown {
    rows: Vec<(Held, Holder)>,
    found: usize,
    names: TitleNames,
}

fn look(
    connection: &mut Connection,
    setup: &Setup,
    wanted: &Wanted,
    (on, page): (Date, usize),
) -> Result<Shown, Fault> {
    let mut tx = Tx::reading(connection, setup)?;
    let all = public(&mut tx, on)?;
    let wanted = wanted.among(&mut tx, &all, on)?;
    let found = wanted.len();
    let mut rows = Vec::new();
    for one in wanted.into_iter().skip(page.saturating_mul(ON_A_PAGE)).take(ON_A_PAGE) {
        let who = holder(&mut tx, &one.subject)?;
        rows.push((one.clone(), who));
    }
    let names = TitleNames::read(&mut tx)?;
    Ok(Shown { rows, found, names })
}

async fn titles(State(portal): State<Arc<Portal>>, visit: Visit, asked: Asked) -> Result<Page, Fault> {
    let on = portal.today()?;
    let wanted = Wanted::of(&asked);
    let page = asked
        .text("page")
        .and_then(|page| page.parse::<usize>().ok())
        .unwrap_or(1)
        .max(1);
    let (looking, index) = (wanted.clone(), page.saturating_sub(1));
    let shown = portal
        .read(move |connection, setup| look(connection, setup, &looking, (on, index)))
        .await?;
    let body = html! {
        h1 { (visit.t("titles-title")) }
        p.lead { (visit.t("titles-lead")) }
        (form(&visit, &wanted, &shown.names))
        p role="status" { (visit.words.with("titles-found", &[("count", shown.found.into())])) }
        (table(&visit, &shown, on))
        (pages(&visit, &wanted, page, shown.found))
    };
    Ok(Page::new(visit.t("titles-title"), body))
}

fn form(visit: &Visit, wanted: &Wanted, names: &TitleNames) -> Markup {
    let is = |wanted: &Option<String>, value: &str| wanted.as_deref() == Some(value);
    html! {
        form.panel.filters role="search" method="get" action="/titles" {
            div { label for="q" { (visit.t("titles-search")) } input id="q" type="search" name="q" value=(wanted.text.as_deref().unwrap_or_default()); }
            div { label for="title" { (visit.t("titles-kind")) }
                select id="title" name="title" { option value="" { (visit.t("titles-all")) }
                    @for title in names.all() { option value=(title) selected[is(&wanted.title, title)] { (names.title(visit.lang(), title)) } } } }
            div { label for="year" { (visit.t("titles-year")) } input id="year" type="text" inputmode="numeric" size="5" name="year" value=(wanted.year.as_deref().unwrap_or_default()); }
            div { label for="state" { (visit.t("titles-state")) }
                select id="state" name="state" { option value="" { (visit.t("titles-all")) }
                    @for one in Standing::ALL { option value=(one.name()) selected[is(&wanted.standing, one.name())] { (visit.t(one.key())) } } } }
            @if let Some(level) = &wanted.level { input type="hidden" name="level" value=(level); }
            button type="submit" { (visit.t("find-go")) }
        }
    }
}

fn table(visit: &Visit, shown: &Shown, on: Date) -> Markup {
    let t = |key: &str| visit.t(key);
    let mut table = Table::new(t("titles-table"))
        .head(t("titles-holder"))
        .head(t("titles-kind"))
        .head(t("titles-level"))
        .head(t("titles-granted"))
        .head(t("titles-until"))
        .head(t("titles-state"));
    for (one, who) in &shown.rows {
        let name = who.name.clone().unwrap_or_else(|| t("notices-forgotten"));
        table.row([
            html! { a href={ "/titles/" (encoded(&one.id)) } { (name) } },
            html! { (shown.names.title(visit.lang(), &one.title)) },
            html! { (shown.names.level(visit.lang(), &one.title, one.level.as_deref())) },
            html! { @if let Some(granted) = one.granted { (day(granted)) } },
            html! { @match one.ends() { Some(end) => (day(end)), None => "—" } },
            Standing::of(one, on).shown(visit),
        ]);
    }
    table.show(visit)
}

fn pages(visit: &Visit, wanted: &Wanted, page: usize, found: usize) -> Markup {
    let pairs = [
        ("q", &wanted.text),
        ("title", &wanted.title),
        ("level", &wanted.level),
        ("year", &wanted.year),
        ("state", &wanted.standing),
    ];
    let set = pairs
        .iter()
        .filter_map(|(name, value)| Some(format!("{name}={}&", encoded(value.as_deref()?))));
    let kept: String = set.collect();
    let more = page.saturating_mul(ON_A_PAGE) < found;
    html! {
        @if page > 1 || more { nav.line aria-label=(visit.t("titles-pages")) {
            @if page > 1 { a href={ "/titles?" (kept) "page=" (page.saturating_sub(1)) } rel="prev" { (visit.t("titles-before")) } }
            span { (visit.words.with("titles-page", &[("page", page.into())])) }
            @if more { a href={ "/titles?" (kept) "page=" (page.saturating_add(1)) } rel="next" { (visit.t("titles-next")) } }
        } }
    }
}

#[cfg(test)]
mod tests {
    use meed_facts::date::Span;

    use super::*;

    fn day(text: &str) -> Option<Date> {
        Some(Date::parse(text).unwrap())
    }

    fn title() -> Held {
        Held {
            id: "t".to_owned(),
            subject: "s".to_owned(),
            title: "design_centre".to_owned(),
            level: None,
            granted: day("2022-01-01"),
            until: None,
            revoked: None,
            suspended: Vec::new(),
            certificate: None,
            own: true,
        }
    }

    #[test]
    fn a_title_stands_as_its_days_say() {
        let on = day("2023-02-23").unwrap();
        let of = |change: &dyn Fn(&mut Held)| {
            let mut one = title();
            change(&mut one);
            Standing::of(&one, on)
        };
        assert_eq!(of(&|_| ()), Standing::Valid);
        assert_eq!(of(&|one| one.granted = day("2023-02-24")), Standing::Coming);
        assert_eq!(of(&|one| one.until = day("2023-02-23")), Standing::Expired);
        assert_eq!(of(&|one| one.until = day("2023-02-24")), Standing::Valid);
        assert_eq!(
            of(&|one| one.suspended = vec![Span::new(day("2023-02-01"), None)]),
            Standing::Suspended
        );
        assert_eq!(
            of(&|one| one.suspended = vec![Span::new(day("2023-02-01"), day("2023-02-23"))]),
            Standing::Valid
        );
        let both = of(&|one| {
            one.suspended = vec![Span::new(day("2023-02-01"), None)];
            one.revoked = day("2023-02-10");
        });
        assert_eq!(both, Standing::Revoked);
    }
}
