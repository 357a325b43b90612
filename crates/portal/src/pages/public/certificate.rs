//! One title with its state and a code that leads back here; and its sheet for the printer in both languages.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::http::header::HOST;
use axum::response::Response;
use maud::html;
use meed_facts::date::Date;
use meed_facts::label::{Label, Lang};
use meed_office::register::Held;
use meed_office::tx::Tx;
use meed_rules::program::Program;

use super::asked::Asked;
use super::holders::{Holder, TitleNames, holder};
use super::titles::{Standing, public};
use crate::access::Audience;
use crate::app::Portal;
use crate::determined::Names;
use crate::fault::Fault;
use crate::routes::Route;
use crate::sheets::{Code, Pair, Says, Sheet, Value, html, printed};
use crate::view::{day, encoded};
use crate::visit::{Page, Visit};
use crate::words::Words;

pub(super) fn routes() -> Vec<Route> {
    vec![
        Route::get("/titles/{id}", Audience::Anyone, certificate),
        Route::get("/titles/{id}/pdf", Audience::Anyone, pdf),
    ]
}

/// A title with what is told of it.
struct Certificate {
    held: Held,
    holder: Holder,
    names: TitleNames,
    on: Date,
    address: String,
    /// Who grants such titles.
    issuer: Option<Label>,
}

async fn certificate(
    State(portal): State<Arc<Portal>>,
    Path(id): Path<String>,
    visit: Visit,
    asked: Asked,
    headers: HeaderMap,
) -> Result<Page, Fault> {
    let one = read(&portal, id, &headers).await?;
    let address = format!("/titles/{}", encoded(&one.held.id));
    if asked.text("sheet").is_some() {
        return Ok(html::page(
            &visit,
            &sheet(visit.words, &one)?,
            &format!("{address}/pdf"),
        ));
    }
    let title = one.names.title(visit.lang(), &one.held.title);
    let body = html! {
        p.crumbs { a href="/titles" { (visit.t("titles-title")) } }
        h1 { (title) }
        div.certificate {
            div {
                p.standing { (Standing::of(&one.held, one.on).shown(&visit)) " " (visit.t("certificate-as-of")) " " (day(one.on)) }
                (html::pairs(&said(visit.words, &one)))
                p.actions { a.button.second href={ (address) "?sheet=1" } { (visit.t("certificate-print")) } }
            }
            (html::code(&Code::of(visit.words, &one.address)?))
        }
    };
    Ok(Page::new(title, body))
}

async fn pdf(
    State(portal): State<Arc<Portal>>,
    Path(id): Path<String>,
    visit: Visit,
    headers: HeaderMap,
) -> Result<Response, Fault> {
    let one = read(&portal, id, &headers).await?;
    printed(&portal, sheet(visit.words, &one)?).await
}

async fn read(portal: &Arc<Portal>, id: String, headers: &HeaderMap) -> Result<Certificate, Fault> {
    let on = portal.today()?;
    let base = portal.gate().base.clone().unwrap_or_else(|| here(headers));
    let address = format!("{base}/titles/{}", encoded(&id));
    portal
        .read(move |connection, setup| {
            let mut tx = Tx::reading(connection, setup)?;
            let is_it = |one: &Held| one.id == id || one.certificate.as_deref() == Some(id.as_str());
            let all = public(&mut tx, on)?;
            let held = all.iter().find(|one| is_it(one)).cloned().ok_or(Fault::Absent)?;
            let holder = holder(&mut tx, &held.subject)?;
            let names = TitleNames::read(&mut tx)?;
            let own = held.own.then(|| setup.config.authority.as_str().into());
            let own = own.map(|name: std::sync::Arc<str>| Label {
                zh: Some(name),
                en: None,
            });
            let issuer = granting(Names::read(&mut tx)?.programs(), &held.title).or(own);
            Ok::<_, Fault>(Certificate {
                held,
                holder,
                names,
                on,
                address,
                issuer,
            })
        })
        .await
}

/// The agency that grants a title at all its levels, as its rule book says.
fn granting(programs: &[Arc<Program>], title: &str) -> Option<Label> {
    let found = |program: &Arc<Program>| {
        let rules = program.titles.iter();
        let mut agencies = rules
            .filter(|rules| program.schema.titles[rules.title].named.is_called(title))
            .filter_map(|rules| rules.granted_by);
        agencies
            .next()
            .map(|agency| program.schema.agencies[agency].named.label.clone())
    };
    programs.iter().find_map(found)
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
fn said(words: Words, one: &Certificate) -> Vec<Pair> {
    let (held, holder) = (&one.held, &one.holder);
    let name = holder.name.clone().unwrap_or_else(|| words.t("notices-forgotten"));
    let level = one.names.level(words.lang, &held.title, held.level.as_deref());
    let source = words.t(if held.own {
        "certificate-own"
    } else {
        "certificate-stated"
    });
    let title = one.names.title(words.lang, &held.title).to_owned();
    let spans = held.suspended.iter().map(|span| {
        let written = |day: Option<Date>| day.map(|day| day.to_string()).unwrap_or_default();
        let text = format!("{} – {}", written(span.from), written(span.until));
        ("certificate-suspended", Some(Value::Text(text)))
    });
    let before = [
        ("titles-holder", Some(Value::Text(name))),
        ("notices-number", holder.number.clone().map(Value::Code)),
        ("titles-kind", Some(Value::Text(title))),
        (
            "titles-level",
            (!level.is_empty()).then(|| Value::Text(level.to_owned())),
        ),
        ("titles-granted", held.granted.map(Value::Day)),
        ("titles-until", held.until.map(Value::Day)),
        ("certificate-revoked", held.revoked.map(Value::Day)),
    ];
    // Only who made out a certificate gave it a number.
    let number = held.certificate.clone().map(Value::Code);
    let issuer = one
        .issuer
        .as_ref()
        .map(|label| Value::Text(label.text(words.lang, "—").to_owned()));
    let after = [
        ("certificate-issuer", issuer),
        ("certificate-number", number),
        ("certificate-source", Some(Value::Text(source))),
    ];
    let all = before.into_iter().chain(spans).chain(after);
    let pair = |(key, value): (&str, Option<Value>)| {
        value.map(|value| Pair {
            name: words.t(key),
            value,
        })
    };
    all.filter_map(pair).collect()
}

/// The sheet: the same in Chinese and in English, with the code below.
fn sheet(words: Words, one: &Certificate) -> Result<Sheet, Fault> {
    let (zh, en) = (Words::new(Lang::Zh), Words::new(Lang::En));
    let title = |words: Words| one.names.title(words.lang, &one.held.title).to_owned();
    let mut sheet = Sheet::new(words, &one.held.id, title(words), one.on);
    sheet.say(zh, Says::Title { text: title(zh) });
    sheet.say(en, Says::Subtitle { text: title(en) });
    for words in [zh, en] {
        let stands = words.t(Standing::of(&one.held, one.on).key());
        let text = format!("{stands} {} {}", words.t("certificate-as-of"), one.on);
        sheet.say(words, Says::Lead { text });
        let pairs = said(words, one);
        sheet.say(words, Says::Pairs { pairs });
    }
    sheet.say(words, Says::Code(Code::of(words, &one.address)?));
    for words in [zh, en] {
        sheet.say(words, Says::aside(words.t("certificate-verify")));
    }
    Ok(sheet)
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
