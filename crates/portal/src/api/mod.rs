//! `/api/v1`: the same office for programs. Rows, acts, determinations and events; what it offers is described at `/api/v1/openapi.json`.
//!
//! | module | idea |
//! |---|---|
//! | [`about`] | all of it in words, for people |
//! | [`rows`] | what may be read: rows of tables, each somebody's by [`crate::access`] |
//! | [`acts`] | what may be done: every act of the office, once, on what was seen |
//! | [`determination`] | what the rules make of facts that are sent along; nothing is stored |
//! | [`events`] | what happened, in order (CloudEvents) |
//! | [`openapi`] | all of it described, from the same tables |

pub mod about;
pub mod acts;
pub mod determination;
pub mod events;
pub mod openapi;
pub mod rows;

use meed_syntax::diagnostic::Message;
use serde_json::Value;

use crate::fault::Fault;
use crate::routes::Route;

/// Every address of the interface.
pub fn routes() -> Vec<Route> {
    [
        about::routes(),
        rows::routes(),
        acts::routes(),
        determination::routes(),
        events::routes(),
        openapi::routes(),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// That a request cannot be read: where, and why.
fn bad(en: impl Into<String>, zh: impl Into<String>) -> Fault {
    Fault::Bad(Message::new(en, zh))
}

/// A request's body as JSON.
fn json(body: &[u8]) -> Result<Value, Fault> {
    serde_json::from_slice(body).map_err(|error| {
        bad(
            format!("the body is no JSON: {error}"),
            format!("请求体不是 JSON：{error}"),
        )
    })
}

/// A whole number of a query, within bounds; the default where it is not there.
fn number(text: Option<&str>, name: &str, default: u32, most: u32) -> Result<u32, Fault> {
    let Some(text) = text else { return Ok(default) };
    let number = text.parse::<u32>().ok().filter(|number| (1..=most).contains(number));
    number.ok_or_else(|| {
        bad(
            format!("{name} is a whole number from 1 to {most}"),
            format!("{name} 应为 1 至 {most} 的整数"),
        )
    })
}
