//! From a published version to its Program.

use std::sync::Arc;

use meed_facts::check;
use meed_facts::date::Date;
use meed_facts::json::canonical;
use meed_facts::schema::Schema;
use meed_rules::program::Program;
use serde_json::Value;

use super::{Document, Policy};
use crate::log::sha256;
use crate::stop::{Answer, Stop};
use crate::store::Cell;
use crate::tx::Tx;

/// Keeps a text word for word, once however often it is kept, and returns its digest.
///
/// # Errors
/// Where the database fails.
pub fn keep(tx: &mut Tx<'_>, kind: &str, body: &str) -> Answer<String> {
    let digest = sha256(body.as_bytes());
    if tx.find::<Document>(&digest)?.is_none() {
        let (kind, body) = (kind.to_owned(), Some(body.to_owned()));
        tx.insert(&Document {
            digest: digest.clone(),
            kind,
            body,
        })?;
    }
    Ok(digest)
}

/// [`keep`] for a structure, in canonical form.
///
/// # Errors
/// Where the database fails.
pub fn keep_json(tx: &mut Tx<'_>, kind: &str, value: &Value) -> Answer<String> {
    keep(tx, kind, &canonical(value))
}

/// What a version means on a date.
///
/// # Errors
/// Undecided where it does not check.
pub fn program(tx: &mut Tx<'_>, policy: &Policy, on: Date) -> Answer<Arc<Program>> {
    let mut found = programs(tx, policy, &[on])?;
    found.pop().ok_or_else(|| Stop::absent("policy", &policy.id))
}

/// What a version means on each of some dates.
///
/// # Errors
/// Undecided where it does not check.
pub fn programs(tx: &mut Tx<'_>, policy: &Policy, dates: &[Date]) -> Answer<Vec<Arc<Program>>> {
    let setup = tx.setup;
    setup.programs.get(&policy.files, dates, || {
        let body = tx.get::<Document>(&policy.files)?.body;
        let files = body.and_then(|body| serde_json::from_str(&body).ok());
        files.ok_or_else(|| {
            let id = &policy.id;
            Stop::undecided(
                "broken_package",
                format!("the files of {id} cannot be read"),
                format!("{id} 的文件无法读取"),
            )
        })
    })
}

/// The versions that decide today, by name.
///
/// # Errors
/// Where the database fails.
pub fn published(tx: &mut Tx<'_>) -> Answer<Vec<Policy>> {
    let today = Cell::from(&tx.today);
    tx.rows("state = 'published' AND published_on <= $1 ORDER BY name", &[today])
}

/// The facts that identify an applicant of a kind, and the vocabularies that know that kind, by the versions that decide today.
///
/// # Errors
/// Denied where no version knows the kind.
pub fn vocabulary(tx: &mut Tx<'_>, kind: &str) -> Answer<(Vec<String>, Vec<Arc<Schema>>)> {
    let (mut schemes, mut schemas) = (Vec::new(), Vec::new());
    let today = tx.today;
    for policy in published(tx)? {
        let schema = Arc::clone(&program(tx, &policy, today)?.schema);
        let Ok(entity) = check::applicant(&schema, kind) else {
            continue;
        };
        let key = schema.entities[entity]
            .key
            .map(|fact| schema.facts[fact].named.name.to_string());
        schemes.extend(key.filter(|key| !schemes.contains(key)).into_iter().collect::<Vec<_>>());
        schemas.push(schema);
    }
    if schemas.is_empty() {
        return Err(Stop::denied(
            "unknown_kind",
            format!("no published package knows applicants called `{kind}`"),
            format!("已公布的规则包中没有名为 `{kind}` 的申请人类别"),
        ));
    }
    Ok((schemes, schemas))
}
