//! The editor: a document beside its findings. Checking stores nothing; saving makes a new draft of the whole package.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};
use meed_office::command::{Act, Command, Outcome};
use meed_office::input::PackageFiles;
use meed_office::people::Role;
use meed_office::policies::{Act as PolicyAct, Policy};
use meed_office::programs::Files;
use meed_office::store::Cell;
use meed_office::tx::Tx;
use meed_rules::{Package, check, lock};
use meed_syntax::diagnostic::Message;

use super::findings::findings;
use super::package::{Examined, Finding, files};
use super::version::trial;
use crate::access::{Audience, POLICY, sees};
use crate::app::Portal;
use crate::fault::Fault;
use crate::posted::{Posted, query};
use crate::routes::Route;
use crate::view::{csrf, encoded, section};
use crate::visit::{Page, Visit};

/// The file in which confirmations stand.
const LOCK: &str = "meed.lock";

pub(super) fn routes() -> Vec<Route> {
    vec![
        Route::get("/workbench/{policy}/edit", Audience::Roles(POLICY), show),
        Route::post("/workbench/{policy}/edit", Audience::Roles(POLICY), work),
    ]
}

/// A document of a version on the table.
pub(super) struct Edited {
    pub policy: Policy,
    /// All files, with the document as it is typed.
    pub files: Files,
    /// The path of the document.
    pub document: String,
    /// Under which version it will be saved.
    version: String,
    /// Whether the document's words and rules were read against each other.
    confirmed: bool,
}

/// A version's files with one document, typed or as it is.
///
/// # Errors
/// Absent, where there is no such version or document.
pub(super) async fn open(
    portal: &Arc<Portal>,
    visit: &Visit,
    id: &str,
    document: &str,
    typed: Option<String>,
) -> Result<Edited, Fault> {
    let (viewer, id, document) = (visit.viewer.clone(), id.to_owned(), document.to_owned());
    portal
        .read(move |connection, setup| {
            if !sees(connection, &viewer, "policy", &id)? {
                return Err(Fault::Absent);
            }
            let mut tx = Tx::reading(connection, setup)?;
            let policy: Policy = tx.get(&id)?;
            let mut files = files(&mut tx, &policy)?;
            let text = files.get_mut(&document).ok_or(Fault::Absent)?;
            if let Some(typed) = typed {
                *text = typed;
            }
            let all = tx.rows::<Policy>("name = $1", &[Cell::from(&policy.name)])?;
            let taken: Vec<String> = all.into_iter().map(|one| one.version).collect();
            let version = raised(&policy.version, &taken);
            Ok(Edited {
                policy,
                files,
                document,
                version,
                confirmed: false,
            })
        })
        .await
}

/// The next version that nobody has: the last number in it raised, or one more part.
fn raised(version: &str, taken: &[String]) -> String {
    let (stem, last) = version.rsplit_once('.').unwrap_or(("", version));
    let (stem, mut number) = match last.parse::<u64>() {
        Ok(number) if !stem.is_empty() => (format!("{stem}."), number),
        Ok(number) => (String::new(), number),
        Err(_) => (format!("{version}."), 0),
    };
    loop {
        number = number.saturating_add(1);
        let next = format!("{stem}{number}");
        if !taken.contains(&next) || number == u64::MAX {
            return next;
        }
    }
}

/// The files with another version in their manifest.
fn renumbered(mut files: Files, version: &str) -> Result<Files, Message> {
    let refused = || {
        Message::new(
            format!("`{version}` cannot be written into meed.toml as the version"),
            format!("无法将“{version}”作为版本号写入 meed.toml"),
        )
    };
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '+' | '_');
    if version.is_empty() || !version.chars().all(plain) {
        return Err(refused());
    }
    let manifest = files.get_mut("meed.toml").ok_or_else(refused)?;
    let is_version = |line: &str| line.split_once('=').is_some_and(|(key, _)| key.trim() == "version");
    let mut done = false;
    let mut lines: Vec<String> = Vec::new();
    for line in manifest.lines() {
        let here = !done && is_version(line);
        done |= here;
        lines.push(if here {
            format!("version = \"{version}\"")
        } else {
            line.to_owned()
        });
    }
    *manifest = lines.join("\n") + "\n";
    let read = Package::from_files(files.clone()).map_err(|_| refused())?;
    if &*read.manifest.version == version {
        Ok(files)
    } else {
        Err(refused())
    }
}

async fn show(State(portal): State<Arc<Portal>>, Path(id): Path<String>, visit: Visit) -> Result<Page, Fault> {
    let mut asked = query(visit.uri.query());
    let document = asked.remove("document").and_then(|values| values.into_iter().next());
    let document = document.ok_or(Fault::Absent)?;
    let edited = open(&portal, &visit, &id, &document, None).await?;
    let examined = examine(edited.files.clone()).await?;
    Ok(page(&visit, &edited, &examined, None))
}

/// Checks a package on a thread that may take its time.
async fn examine(files: Files) -> Result<Examined, Fault> {
    let done = tokio::task::spawn_blocking(move || Examined::of(files)).await;
    done.map_err(|error| Fault::Broken(error.to_string()))?
}

/// The files, with the document's words and rules as they are now in the lock file. Of files that do not check, nothing is confirmed.
async fn confirmed(files: Files, document: String) -> Result<Files, Fault> {
    let confirm = move || {
        let lock = Package::from_files(files.clone()).ok().and_then(|package| {
            let checked = check(&package);
            lock::confirm(&checked, Some(&document)).ok()
        });
        let locked = lock.map(|lock| (LOCK.to_owned(), lock.text));
        files.into_iter().chain(locked).collect()
    };
    let done = tokio::task::spawn_blocking(confirm).await;
    done.map_err(|error| Fault::Broken(error.to_string()))
}

async fn work(
    State(portal): State<Arc<Portal>>,
    Path(id): Path<String>,
    visit: Visit,
    mut posted: Posted,
) -> Result<Response, Fault> {
    let (document, text) = (posted.take("document"), posted.take("text"));
    let mut edited = open(&portal, &visit, &id, &document, Some(text)).await?;
    edited.confirmed = posted.one("confirmed") == "yes";
    if edited.confirmed {
        edited.files = confirmed(edited.files, document).await?;
    }
    let refused = if posted.one("do") == "save" {
        edited.version = posted.take("version");
        match save(&portal, &visit, &edited, posted.take("command")).await? {
            Ok(policy) => {
                let to = format!("/workbench/{policy}?done=policy.draft");
                return Ok(Redirect::to(&to).into_response());
            }
            Err(why) => Some(why),
        }
    } else {
        None
    };
    let examined = examine(edited.files.clone()).await?;
    let mut page = page(&visit, &edited, &examined, refused.as_ref());
    if refused.is_some() {
        page.status = StatusCode::CONFLICT;
    }
    Ok(page.into_response())
}

/// The package as a draft of its own, or why not.
async fn save(
    portal: &Arc<Portal>,
    visit: &Visit,
    edited: &Edited,
    command: String,
) -> Result<Result<String, Message>, Fault> {
    let files = match renumbered(edited.files.clone(), &edited.version) {
        Ok(files) => files,
        Err(why) => return Ok(Err(why)),
    };
    let act = Act::from(PolicyAct::Draft {
        files: PackageFiles(files),
    });
    let outcome = portal.submit(Command::new(command, visit.person()?, act)).await?;
    Ok(match outcome {
        Outcome::Accepted { result, .. } => {
            let id = result.get("policy").and_then(serde_json::Value::as_str);
            Ok(id.unwrap_or_default().to_owned())
        }
        Outcome::Denied { reason, .. } | Outcome::Undecided { reason, .. } => Err(said(&reason)),
    })
}

/// Why the office does not do it.
fn said(reason: &serde_json::Value) -> Message {
    let part = |name: &str| reason.get(name).and_then(serde_json::Value::as_str).unwrap_or_default();
    Message::new(part("en"), part("zh"))
}

fn page(visit: &Visit, edited: &Edited, examined: &Examined, refused: Option<&Message>) -> Page {
    let here = format!("/workbench/{}", edited.policy.id);
    let edit = format!("{here}/edit");
    let title = format!("{} · {} {}", edited.document, edited.policy.name, edited.policy.version);
    let (own, others): (Vec<Finding>, Vec<Finding>) = examined
        .findings
        .iter()
        .cloned()
        .partition(|one| one.path == edited.document);
    let body = html! {
        h1 { (title) }
        p { a href=(here) { (visit.t("bench-back")) } }
        @if let Some(why) = refused { p.reason role="alert" { (why.text(visit.lang())) } }
        div.desk {
            (form(visit, edited))
            div {
                (section(visit.t("bench-findings-here"), findings(visit, &own, None)))
                @if !others.is_empty() {
                    section { details { summary { (visit.words.with("bench-findings-elsewhere", &[("count", others.len().into())])) }
                        (findings(visit, &others, Some(&edit)))
                    } }
                }
                (section(visit.t("bench-cases"), trial(visit, examined.trial.as_ref(), &edit)))
            }
        }
    };
    Page::new(title, body)
}

fn form(visit: &Visit, edited: &Edited) -> Markup {
    let text = edited.files.get(&edited.document).map_or("", String::as_str);
    html! {
        form method="post" action={ "/workbench/" (edited.policy.id) "/edit?document=" (encoded(&edited.document)) } {
            (csrf(visit))
            input type="hidden" name="document" value=(edited.document);
            input type="hidden" name="policy" value=(edited.policy.id);
            input type="hidden" name="command" value=(meed_office::log::salt().unwrap_or_default());
            label for="text" { (visit.t("bench-text")) }
            // The first line break of such a field is not part of it.
            textarea.source id="text" name="text" rows="32" spellcheck="false" { "\n" (text) }
            div.actions {
                button type="submit" name="do" value="check" { (visit.t("bench-check")) }
                button.second type="submit" formaction="/simulations/ask" { (visit.t("bench-simulate-text")) }
            }
            @if visit.viewer.has(Role::Drafter) {
                p {
                    input id="confirmed" name="confirmed" type="checkbox" value="yes" checked[edited.confirmed];
                    " " label for="confirmed" { (visit.t("bench-confirmed")) }
                }
                div.field {
                    label for="version" { (visit.t("bench-new-version")) }
                    input id="version" name="version" value=(edited.version) required;
                }
                button.second type="submit" name="do" value="save" { (visit.t("bench-save")) }
            } @else { p.note { (visit.t("bench-drafters-save")) } }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_next_version_is_one_that_nobody_has() {
        let taken = ["2023.1", "2023.2"].map(str::to_owned);
        assert_eq!(raised("2023.1", &taken), "2023.3");
        assert_eq!(raised("1", &["1".to_owned()]), "2");
        assert_eq!(raised("draft", &[]), "draft.1");
    }

    #[test]
    fn a_version_is_written_into_the_manifest_and_nothing_else() {
        let manifest = "name = \"small\"\nversion = \"1\" # first\ncurrency = \"CNY\"\njurisdiction = \"CN-230100\"\ntitle = { zh = \"小\", en = \"Small\" }\n";
        let files = Files::from([("meed.toml".to_owned(), manifest.to_owned())]);
        let named = renumbered(files.clone(), "1.1-b").unwrap();
        assert!(
            named["meed.toml"].contains("version = \"1.1-b\"\ncurrency"),
            "{named:?}"
        );
        for wrong in ["", "1\"\nname = \"other", "a b"] {
            assert!(renumbered(files.clone(), wrong).is_err(), "{wrong}");
        }
        assert!(renumbered(Files::new(), "2").is_err());
    }
}
