//! One title with its state and a code that leads back here; and its sheet for the printer in both languages.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::http::header::HOST;
use maud::{Markup, html};
use meed_facts::date::Date;
use meed_facts::label::Lang;
use meed_office::register::Held;
use meed_office::tx::Tx;
use qrcode::{Color, QrCode};

use super::asked::Asked;
use super::holders::{Holder, TitleNames, holder};
use super::titles::{Standing, public};
use crate::access::Audience;
use crate::app::Portal;
use crate::fault::Fault;
use crate::routes::Route;
use crate::view::{day, encoded};
use crate::visit::{Page, Visit};
use crate::words::Words;

/// The white around a code, in modules, as its standard (ISO/IEC 18004) asks for.
const QUIET: usize = 4;

pub(super) fn routes() -> Vec<Route> {
    vec![Route::get("/titles/{id}", Audience::Anyone, certificate)]
}

/// A title with what is told of it.
struct Certificate {
    held: Held,
    holder: Holder,
    names: TitleNames,
    on: Date,
    address: String,
}

async fn certificate(
    State(portal): State<Arc<Portal>>,
    Path(id): Path<String>,
    visit: Visit,
    asked: Asked,
    headers: HeaderMap,
) -> Result<Page, Fault> {
    let on = portal.today()?;
    let base = portal.gate().base.clone().unwrap_or_else(|| here(&headers));
    let address = format!("{base}/titles/{}", encoded(&id));
    let one = portal
        .read(move |connection, setup| {
            let mut tx = Tx::reading(connection, setup)?;
            let is_it = |one: &Held| one.id == id || one.certificate.as_deref() == Some(id.as_str());
            let all = public(&mut tx, on)?;
            let held = all.iter().find(|one| is_it(one)).cloned().ok_or(Fault::Absent)?;
            let holder = holder(&mut tx, &held.subject)?;
            let names = TitleNames::read(&mut tx)?;
            Ok::<_, Fault>(Certificate {
                held,
                holder,
                names,
                on,
                address,
            })
        })
        .await?;
    let title = one.names.title(visit.lang(), &one.held.title).to_owned();
    if asked.text("sheet").is_some() {
        return Ok(Page::new(title, sheet(&visit, &one)?).sheet());
    }
    let body = html! {
        p.crumbs { a href="/titles" { (visit.t("titles-title")) } }
        h1 { (title) }
        div.certificate {
            div {
                p.standing { (Standing::of(&one.held, one.on).shown(&visit)) " " (visit.t("certificate-as-of")) " " (day(one.on)) }
                (said(visit.words, &one))
                p.actions { a.button.second href={ "/titles/" (encoded(&one.held.id)) "?sheet=1" } { (visit.t("certificate-print")) } }
            }
            (code(&visit, &one.address)?)
        }
    };
    Ok(Page::new(title, body))
}

/// Where this portal is, as its visitor reached it: where nobody has said so in its settings.
fn here(headers: &HeaderMap) -> String {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let scheme = match text("x-forwarded-proto") {
        Some("https") => "https",
        _ => "http",
    };
    format!("{scheme}://{}", text(HOST.as_str()).unwrap_or("localhost"))
}

/// What a certificate says, in one language.
fn said(words: Words, one: &Certificate) -> Markup {
    let held = &one.held;
    let level = one.names.level(words.lang, &held.title, held.level.as_deref());
    html! {
        dl.pairs {
            div { dt { (words.t("titles-holder")) } dd { (one.holder.name.clone().unwrap_or_else(|| words.t("notices-forgotten"))) } }
            @if let Some(number) = &one.holder.number { div { dt { (words.t("notices-number")) } dd.code { (number) } } }
            div { dt { (words.t("titles-kind")) } dd { (one.names.title(words.lang, &held.title)) } }
            @if !level.is_empty() { div { dt { (words.t("titles-level")) } dd { (level) } } }
            @if let Some(granted) = held.granted { div { dt { (words.t("titles-granted")) } dd { (day(granted)) } } }
            @if let Some(until) = held.until { div { dt { (words.t("titles-until")) } dd { (day(until)) } } }
            @if let Some(revoked) = held.revoked { div { dt { (words.t("certificate-revoked")) } dd { (day(revoked)) } } }
            @for span in &held.suspended {
                div { dt { (words.t("certificate-suspended")) } dd {
                    @if let Some(from) = span.from { (day(from)) } " – " @if let Some(until) = span.until { (day(until)) }
                } }
            }
            div { dt { (words.t("certificate-number")) } dd.code { (held.certificate.as_deref().unwrap_or(&held.id)) } }
            div { dt { (words.t("certificate-source")) } dd { (words.t(if held.own { "certificate-own" } else { "certificate-stated" })) } }
        }
    }
}

/// The sheet: the same in Chinese and in English, with the code below.
fn sheet(visit: &Visit, one: &Certificate) -> Result<Markup, Fault> {
    let in_both = [Words::new(Lang::Zh), Words::new(Lang::En)];
    Ok(html! {
        h1 { (one.names.title(Lang::Zh, &one.held.title)) br; span lang="en" { (one.names.title(Lang::En, &one.held.title)) } }
        @for words in in_both {
            div lang=(words.tag()) {
                p.standing { (words.t(Standing::of(&one.held, one.on).key())) " " (words.t("certificate-as-of")) " " (day(one.on)) }
                (said(words, one))
            }
        }
        (code(visit, &one.address)?)
        @for words in in_both { p.faint lang=(words.tag()) { (words.t("certificate-verify")) } }
    })
}

/// An address as a code for cameras, with the address below for everybody else.
fn code(visit: &Visit, address: &str) -> Result<Markup, Fault> {
    let code = QrCode::new(address.as_bytes()).map_err(|error| Fault::Broken(error.to_string()))?;
    let width = code.width();
    let path: String = code
        .to_colors()
        .iter()
        .enumerate()
        .filter(|(_, color)| **color == Color::Dark)
        .filter_map(|(index, _)| Some((index.checked_rem(width)?, index.checked_div(width)?)))
        .map(|(x, y)| format!("M{} {}h1v1h-1z", x.saturating_add(QUIET), y.saturating_add(QUIET)))
        .collect();
    let whole = QUIET.saturating_mul(2).saturating_add(width);
    Ok(html! {
        figure.qr {
            svg viewBox={ "0 0 " (whole) " " (whole) } role="img" aria-label=(visit.words.with("certificate-code", &[("address", address.into())])) shape-rendering="crispEdges" {
                rect.light width=(whole) height=(whole) {}
                path.dark d=(path) {}
            }
            figcaption { a href=(address) { (address) } }
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_is_the_one_by_which_the_visitor_came() {
        let mut headers = HeaderMap::new();
        headers.insert(HOST, "policy.example".parse().unwrap());
        assert_eq!(here(&headers), "http://policy.example");
        headers.insert("x-forwarded-proto", "https".parse().unwrap());
        assert_eq!(here(&headers), "https://policy.example");
        headers.insert("x-forwarded-proto", "javascript".parse().unwrap());
        assert_eq!(here(&headers), "http://policy.example");
    }
}
