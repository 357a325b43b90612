//! What a form sent: its fields as texts.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::extract::{FromRequest, Multipart, RawForm, Request};
use axum::http::header::CONTENT_TYPE;
use form_urlencoded::parse;
use meed_syntax::diagnostic::Message;

use crate::app::Portal;
use crate::fault::Fault;

/// Fields by name, each with its values in the order in which they were sent.
pub type Fields = BTreeMap<String, Vec<String>>;

/// What a form of ours sent.
#[derive(Clone, Debug, Default)]
pub struct Posted {
    /// The fields, without the token.
    pub fields: Fields,
}

impl Posted {
    /// The first value of a field; empty where it was not sent.
    pub fn one(&self, name: &str) -> &str {
        self.fields
            .get(name)
            .and_then(|values| values.first())
            .map_or("", String::as_str)
    }

    /// Takes a field out.
    pub fn take(&mut self, name: &str) -> String {
        self.fields
            .remove(name)
            .and_then(|values| values.into_iter().next())
            .unwrap_or_default()
    }
}

impl FromRequest<Arc<Portal>> for Posted {
    type Rejection = Fault;

    async fn from_request(request: Request, state: &Arc<Portal>) -> Result<Self, Fault> {
        let kind = request
            .headers()
            .get(CONTENT_TYPE)
            .and_then(|kind| kind.to_str().ok())
            .unwrap_or_default();
        let pairs = if kind.starts_with("multipart/form-data") {
            of_parts(
                Multipart::from_request(request, state)
                    .await
                    .map_err(|error| bad(&error))?,
            )
            .await?
        } else {
            let RawForm(bytes) = RawForm::from_request(request, state)
                .await
                .map_err(|error| bad(&error))?;
            parse(&bytes).into_owned().collect()
        };
        let mut fields = Fields::new();
        for (name, value) in pairs {
            // Browsers send lines in the way of the web; texts here have plain ones.
            fields.entry(name).or_default().push(value.replace("\r\n", "\n"));
        }
        let mut posted = Self { fields };
        // The token was looked at before anything was read, see [`crate::guard::token`].
        posted.take("csrf");
        Ok(posted)
    }
}

async fn of_parts(mut parts: Multipart) -> Result<Vec<(String, String)>, Fault> {
    let mut pairs = Vec::new();
    while let Some(part) = parts.next_field().await.map_err(|error| bad(&error))? {
        let name = part.name().unwrap_or_default().to_owned();
        pairs.push((name, part.text().await.map_err(|error| bad(&error))?));
    }
    Ok(pairs)
}

fn bad(error: &dyn std::fmt::Display) -> Fault {
    Fault::Bad(Message::new(
        format!("the form cannot be read: {error}"),
        format!("表单无法读取：{error}"),
    ))
}

/// The fields of a query.
pub fn query(text: Option<&str>) -> Fields {
    let mut fields = Fields::new();
    for (name, value) in parse(text.unwrap_or_default().as_bytes()).into_owned() {
        fields.entry(name).or_default().push(value);
    }
    fields
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_read_as_browsers_send_them() {
        let fields = query(Some("a=1&a=2&%E5%90%8D=%E5%93%88+x&empty=&lone&bad=%zz"));
        assert_eq!(fields["a"], ["1", "2"]);
        assert_eq!(fields["名"], ["哈 x"]);
        assert_eq!(fields["empty"], [""]);
        assert_eq!(fields["lone"], [""]);
        assert_eq!(fields["bad"], ["%zz"]);
    }
}
