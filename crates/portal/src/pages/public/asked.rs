//! What an address asks for.

use std::collections::BTreeMap;

use axum::extract::{FromRequestParts, Query};
use axum::http::request::Parts;
use maud::{Markup, html};
use meed_facts::date::Date;
use meed_facts::label::Lang;
use meed_syntax::diagnostic::Message;

use crate::fault::Fault;
use crate::visit::Visit;
use crate::words::Words;

/// The query of an address.
#[derive(Clone, Debug, Default)]
pub struct Asked(BTreeMap<String, String>);

impl<S: Send + Sync> FromRequestParts<S> for Asked {
    type Rejection = Fault;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Fault> {
        let read = Query::<Vec<(String, String)>>::from_request_parts(parts, state).await;
        let Query(pairs) = read.map_err(|_| bad("asked-unreadable"))?;
        Ok(Self(pairs.into_iter().collect()))
    }
}

impl Asked {
    /// What is asked under a name, without space around it; nothing where that is empty.
    pub fn text(&self, name: &str) -> Option<&str> {
        let text = self.0.get(name)?.trim();
        (!text.is_empty()).then_some(text)
    }

    /// A day that is asked for.
    ///
    /// # Errors
    /// Where something else stands there.
    pub fn day(&self, name: &str) -> Result<Option<Date>, Fault> {
        let parse = |text| Date::parse(text).map_err(|_| bad("asked-no-day"));
        self.text(name).map(parse).transpose()
    }
}

/// That what was sent cannot be used, in both languages.
pub fn bad(key: &str) -> Fault {
    let say = |lang| Words::new(lang).t(key);
    Fault::Bad(Message::new(say(Lang::En), say(Lang::Zh)))
}

/// Chooses the day for which a page is shown; `kept` goes with it.
pub fn day_form(visit: &Visit, label: &str, on: Date, kept: &[(&str, &str)]) -> Markup {
    html! {
        form.line method="get" action=(visit.uri.path()) {
            @for (name, value) in kept { input type="hidden" name=(name) value=(value); }
            label for="on" { (label) }
            input id="on" type="date" name="on" value=(on) required;
            button.second type="submit" { (visit.t("asked-show")) }
        }
    }
}
