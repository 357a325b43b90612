//! Why there is no answer: a page for people, problem details (RFC 9457) for programs.

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use meed_facts::label::Lang;
use meed_office::command::SubmitError;
use meed_office::stop::Stop;
use meed_office::store::StoreError;
use meed_syntax::diagnostic::Message;
use serde_json::{Value, json};

use crate::words::Words;

/// Why there is no answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// There is nothing at this address, or nothing that the visitor may know of.
    Absent,
    /// One has to sign in first.
    SignIn,
    /// A second factor has to be shown first, for this act.
    StepUp,
    /// It is not the visitor's.
    NotYours,
    /// The token by which a program comes is not for it.
    Token,
    /// What was sent cannot be used: where and why.
    Bad(Message),
    /// A guard says no: `{"code", "en", "zh", "detail"?}`.
    Denied(Value),
    /// A guard cannot say; the same command may be given again.
    Undecided(Value),
    /// A form was not filled in on a page of ours in this browser, or long ago.
    Form,
    /// Somebody changed what the form was about after it was shown.
    Stale,
    /// The command's id was used for something else.
    Reused,
    /// A header that is needed is not there.
    Required(&'static str),
    /// Too many requests; again after so many seconds.
    Busy(u64),
    /// The house lacks something for this: what, and what would help.
    Unable(Message),
    /// Something in the house failed; what, stands in the log alone.
    Broken(String),
}

impl Fault {
    /// The status by which HTTP knows it.
    pub const fn status(&self) -> StatusCode {
        match self {
            Fault::Absent => StatusCode::NOT_FOUND,
            Fault::SignIn => StatusCode::UNAUTHORIZED,
            Fault::NotYours | Fault::StepUp | Fault::Token | Fault::Form => StatusCode::FORBIDDEN,
            Fault::Bad(_) => StatusCode::BAD_REQUEST,
            Fault::Denied(_) => StatusCode::CONFLICT,
            Fault::Stale => StatusCode::PRECONDITION_FAILED,
            Fault::Reused => StatusCode::UNPROCESSABLE_ENTITY,
            Fault::Required(_) => StatusCode::PRECONDITION_REQUIRED,
            Fault::Busy(_) => StatusCode::TOO_MANY_REQUESTS,
            Fault::Undecided(_) | Fault::Unable(_) | Fault::Broken(_) => StatusCode::SERVICE_UNAVAILABLE,
        }
    }

    /// A stable name: `not_yours`; of a denial, the guard's own.
    pub fn code(&self) -> &str {
        match self {
            Fault::Absent => "absent",
            Fault::SignIn => "sign_in",
            Fault::StepUp => "step_up",
            Fault::NotYours => "not_yours",
            Fault::Token => "token",
            Fault::Bad(_) => "bad_request",
            Fault::Denied(reason) | Fault::Undecided(reason) => {
                reason.get("code").and_then(Value::as_str).unwrap_or("denied")
            }
            Fault::Form => "form",
            Fault::Stale => "stale",
            Fault::Reused => "reused",
            Fault::Required(_) => "required",
            Fault::Busy(_) => "too_many_requests",
            Fault::Unable(_) => "unable",
            Fault::Broken(_) => "broken",
        }
    }

    /// After how many seconds it is worth asking again.
    pub const fn retry_after(&self) -> Option<u64> {
        match self {
            Fault::Busy(seconds) => Some(*seconds),
            Fault::Undecided(_) | Fault::Broken(_) => Some(5),
            _ => None,
        }
    }

    /// What a fault of a kind is called in the files of words: `fault-absent`.
    pub const fn key(&self) -> &'static str {
        match self {
            Fault::Absent => "fault-absent",
            Fault::SignIn => "fault-sign-in",
            Fault::StepUp => "fault-step-up",
            Fault::NotYours => "fault-not-yours",
            Fault::Token => "fault-token",
            Fault::Bad(_) => "fault-bad",
            Fault::Denied(_) => "fault-denied",
            Fault::Undecided(_) => "fault-undecided",
            Fault::Form => "fault-form",
            Fault::Stale => "fault-stale",
            Fault::Reused => "fault-reused",
            Fault::Required(_) => "fault-required",
            Fault::Busy(_) => "fault-busy",
            Fault::Unable(_) => "fault-unable",
            Fault::Broken(_) => "fault-broken",
        }
    }

    /// The reason in both languages, where it has one of its own.
    pub fn reason(&self) -> Option<Message> {
        match self {
            Fault::Bad(message) | Fault::Unable(message) => Some(message.clone()),
            Fault::Required(header) => Some(Message::new(
                format!("the header {header} is needed"),
                format!("缺少请求头 {header}"),
            )),
            Fault::Token => Some(Message::new(
                "this token reads alone, or the act needs a second factor, which people give in the portal",
                "该令牌只能读取，或此事项须由本人在门户中再次验证身份后办理",
            )),
            Fault::Denied(reason) | Fault::Undecided(reason) => {
                let part = |name: &str| reason.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
                Some(Message::new(part("en"), part("zh")))
            }
            _ => None,
        }
    }

    /// Problem details: type, title and status, with the reason in both languages and the clause and missing facts behind it.
    pub fn problem(&self, title: &str) -> Value {
        let mut problem = json!({
            "type": format!("urn:meed:{}", self.code()), "title": title, "status": self.status().as_u16(),
        });
        let mut set = |name: &str, value: Value| {
            if let Some(object) = problem.as_object_mut() {
                object.insert(name.to_owned(), value);
            }
        };
        let said = || {
            let [en, zh] = [Lang::En, Lang::Zh].map(|lang| Words::new(lang).t(self.key()));
            Message::new(en, zh)
        };
        let reason = self.reason().unwrap_or_else(said);
        set("detail", reason.en.into());
        set("detail_zh", reason.zh.into());
        if let Fault::Denied(reason) | Fault::Undecided(reason) = self {
            set(
                "clause",
                reason.pointer("/detail/citation").cloned().unwrap_or_default(),
            );
            set(
                "missing",
                reason.pointer("/detail/missing").cloned().unwrap_or_default(),
            );
        }
        problem
    }
}

/// The answer carries its fault to [`crate::visit::visiting`], which knows in which language and form to tell it.
impl IntoResponse for Fault {
    fn into_response(self) -> Response {
        if let Fault::Broken(why) = &self {
            tracing::error!(why, "broken");
        }
        let mut response = self.status().into_response();
        response.extensions_mut().insert(self);
        response
    }
}

impl From<StoreError> for Fault {
    fn from(error: StoreError) -> Self {
        Fault::Broken(error.to_string())
    }
}

impl From<Stop> for Fault {
    fn from(stop: Stop) -> Self {
        match stop {
            Stop::Denied(reason) if reason.code == "absent" => Fault::Absent,
            Stop::Denied(reason) => Fault::Denied(reason.to_json()),
            Stop::Undecided(reason) => Fault::Undecided(reason.to_json()),
            Stop::Store(error) => error.into(),
        }
    }
}

impl From<SubmitError> for Fault {
    fn from(error: SubmitError) -> Self {
        match error {
            SubmitError::Reused => Fault::Reused,
            SubmitError::Stale { .. } => Fault::Stale,
            other => Fault::Broken(other.to_string()),
        }
    }
}
