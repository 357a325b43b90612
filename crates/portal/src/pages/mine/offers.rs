//! Acts that an applicant can give now, each with its form, and why others cannot be given: found by trying and undoing.

use std::sync::Arc;

use maud::{Markup, html};
use meed_office::command::Act;

use crate::app::Portal;
use crate::fault::Fault;
use crate::view::{self, Offer};
use crate::visit::Visit;

/// Something that may be offered: the act, and values that stand for what is still to be typed.
pub type Asked<'a> = (Offer, &'a [(&'a str, &'a str)]);

/// Denials that say no more than that the act is for others or another time: nobody needs to read them.
const PLAIN: &[&str] = &["not_yours", "not_now", "absent"];

/// The acts that are possible, and the reasons why others are not.
///
/// # Errors
/// Where the office fails.
pub async fn possible(portal: &Arc<Portal>, visit: &Visit, asked: Vec<Asked<'_>>) -> Result<Markup, Fault> {
    let person = visit.person()?.to_owned();
    let (mut offers, mut acts) = (Vec::new(), Vec::new());
    for (offer, typed) in asked {
        let mut fields = offer.fixed.clone();
        fields.extend(
            typed
                .iter()
                .map(|(name, value)| ((*name).to_owned(), vec![(*value).to_owned()])),
        );
        if let Ok(act) = Act::from_fields(&offer.kind, &fields) {
            acts.push(act);
            offers.push(offer);
        }
    }
    let answers = portal.consider(person, acts).await?;
    let (mut can, mut cannot) = (Vec::new(), Vec::new());
    for (offer, answer) in offers.into_iter().zip(answers) {
        match answer.reason() {
            None => can.push(offer),
            Some(reason) => {
                let code = reason
                    .get("code")
                    .and_then(serde_json::Value::as_str)
                    .unwrap_or_default();
                if !PLAIN.contains(&code) {
                    cannot.push((offer.kind, reason.clone()));
                }
            }
        }
    }
    Ok(html! {
        @if !can.is_empty() { div.actions { @for offer in &can { (offer.show(visit)) } } }
        @if !cannot.is_empty() {
            details { summary { (visit.t("do-cannot")) }
                ul { @for (kind, reason) in &cannot { li { strong { (view::act_name(visit, kind)) } "　" (view::reason(visit, reason)) } } }
            }
        }
    })
}
