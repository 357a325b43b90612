//! Evidence: papers that prove what was stated, sent with a case, read by whoever sees the case.
//!
//! | module | idea |
//! |---|---|
//! | [`content`] | what a file is |
//! | [`store`] | where it is kept |

pub mod content;
pub mod store;

use std::sync::Arc;

use axum::extract::{Multipart, Path, State};
use axum::http::StatusCode;
use axum::http::header::{
    CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_SECURITY_POLICY, CONTENT_TYPE, X_CONTENT_TYPE_OPTIONS,
};
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};
use meed_office::cases::Case;
use meed_office::machine::CaseState;
use meed_office::setup::Setup;
use meed_office::store::{Cell, Connection};
use meed_office::tx::Tx;
use meed_syntax::diagnostic::Message;

use self::store::{LONGEST, Refusal, Upload};
use super::applicant::Applicant;
use super::cases::ENDED;
use super::track::is_open;
use crate::access::{Audience, rows, sees};
use crate::app::Portal;
use crate::determined::Names;
use crate::fault::Fault;
use crate::posted::{Posted, query};
use crate::routes::Route;
use crate::view::{Table, count, csrf, encoded, moment};
use crate::visit::{Page, Visit};

pub(super) fn routes() -> Vec<Route> {
    vec![
        Route::get("/my/documents", Audience::Agent, documents),
        Route::post("/my/documents", Audience::Agent, send),
        Route::post("/my/documents/remove", Audience::Agent, remove),
        // Its audience is whoever sees the case: the page asks.
        Route::get("/documents/{upload}", Audience::SignedIn, download),
    ]
}

/// Cases for which papers can be sent, and the papers of all.
struct Papers {
    applicant: Applicant,
    open: Vec<(String, String)>,
    uploads: Vec<Upload>,
    /// The cases that are still filled in,
    filled: Vec<String>,
    /// and those of them that were never submitted: their papers can be taken back.
    drafts: Vec<String>,
    case: String,
}

fn read(connection: &mut Connection, setup: &Setup, visit: &Visit, case: String) -> Result<Papers, Fault> {
    let asked = query(visit.uri.query())
        .remove("case")
        .and_then(|values| values.into_iter().next());
    let case = if case.is_empty() {
        asked.unwrap_or_default()
    } else {
        case
    };
    let applicant = if case.is_empty() {
        Applicant::of(connection, setup, visit)?
    } else {
        own_case(connection, setup, visit, &case)?.1
    };
    let seen = rows(&visit.viewer, "case", 1);
    let mut arguments = vec![Cell::from(&applicant.subject.id)];
    arguments.extend(seen.arguments);
    let mut tx = Tx::reading(connection, setup)?;
    let names = Names::read(&mut tx)?;
    let all = tx.rows::<Case>(
        &format!("subject = $1 AND {} ORDER BY opened_at DESC", seen.sql),
        &arguments,
    )?;
    let live = tx.rows::<Case>(
        &format!("subject = $1 AND {} AND state NOT IN ({ENDED})", seen.sql),
        &arguments,
    )?;
    let mut uploads = Vec::new();
    for one in all.iter().filter(|one| case.is_empty() || one.id == case) {
        uploads.extend(store::of_case(connection, &one.id)?);
    }
    let called = |one: Case| {
        let label = names.of(&one.measure);
        let label = label.map_or(one.measure.clone(), |label| {
            visit.words.label(label, &one.measure).to_owned()
        });
        (one.id.clone(), format!("{label} · {}", one.id))
    };
    Ok(Papers {
        applicant,
        drafts: live
            .iter()
            .filter(|one| one.state == CaseState::Draft)
            .map(|one| one.id.clone())
            .collect(),
        filled: live
            .iter()
            .filter(|one| is_open(one))
            .map(|one| one.id.clone())
            .collect(),
        open: live.into_iter().map(called).collect(),
        uploads,
        case,
    })
}

/// A case of an applicant for whom the visitor speaks.
fn own_case(connection: &mut Connection, setup: &Setup, visit: &Visit, id: &str) -> Result<(Case, Applicant), Fault> {
    if !sees(connection, &visit.viewer, "case", id)? {
        return Err(Fault::Absent);
    }
    let case: Case = Tx::reading(connection, setup)?.get(id)?;
    let applicant = Applicant::named(connection, setup, visit, &case.subject)?;
    Ok((case, applicant))
}

async fn documents(State(portal): State<Arc<Portal>>, visit: Visit) -> Result<Page, Fault> {
    page(&portal, &visit, "", None).await
}

/// The page, with why a file was not taken; the case that it was for stays chosen.
async fn page(portal: &Arc<Portal>, visit: &Visit, case: &str, refused: Option<&Message>) -> Result<Page, Fault> {
    let (seen, case) = (visit.clone(), case.to_owned());
    let papers = portal
        .read(move |connection, setup| read(connection, setup, &seen, case))
        .await?;
    let title = visit.t("mine-documents");
    let case = &papers.case;
    let body = html! {
        h1 { (title) }
        (papers.applicant.choice(visit))
        @if papers.filled.contains(case) { p { a href={ "/my/cases/" (case) "/form" } { (visit.t("mine-document-form")) } } }
        @else if !case.is_empty() { p { a href={ "/my/cases/" (case) } { (visit.t("mine-case-go")) } } }
        (list_with(visit, &papers.uploads, &papers.drafts))
        @if !papers.open.is_empty() { (form(visit, &papers, refused)) }
    };
    let mut page = Page::new(title, body);
    if refused.is_some() {
        page.status = StatusCode::BAD_REQUEST;
    }
    Ok(page)
}

/// Files with their sizes and digests.
pub fn list(visit: &Visit, uploads: &[Upload]) -> Markup {
    list_with(visit, uploads, &[])
}

/// Files, those of some cases to be taken back.
fn list_with(visit: &Visit, uploads: &[Upload], drafts: &[String]) -> Markup {
    let mut table = Table::new(visit.t("mine-documents"))
        .head(visit.t("mine-document-name"))
        .head(visit.t("field-case"))
        .number(visit.t("mine-document-size"))
        .head("SHA-256")
        .head(visit.t("mine-document-when"));
    if !drafts.is_empty() {
        table = table.head(visit.t("mine-form-remove"));
    }
    for one in uploads {
        let mut row = vec![
            html! { a href={ "/documents/" (one.id) } { (one.name) } },
            html! { span.code { (one.case) } },
            count(one.size),
            html! { span.code.faint { (one.digest) } },
            moment(one.at),
        ];
        if !drafts.is_empty() {
            row.push(html! { @if drafts.contains(&one.case) {
                form method="post" action="/my/documents/remove" {
                    (csrf(visit))
                    input type="hidden" name="upload" value=(one.id);
                    button.quiet type="submit" aria-label={ (visit.t("mine-form-remove")) " " (one.name) } { (visit.t("mine-form-remove")) }
                }
            } });
        }
        table.row(row);
    }
    table.show(visit)
}

/// Takes back a file of a case that was never submitted; of one that was every paper stays.
async fn remove(State(portal): State<Arc<Portal>>, visit: Visit, posted: Posted) -> Result<Redirect, Fault> {
    let upload = posted.one("upload").to_owned();
    let case = portal
        .lend(move |connection, setup| {
            let id = store::case_of(connection, &upload)?.ok_or(Fault::Absent)?;
            let (case, _) = own_case(connection, setup, &visit, &id)?;
            if case.state != CaseState::Draft {
                return Err(refused(
                    "the case was submitted with this file; it stays",
                    "该材料已随办件提交，不能删除",
                ));
            }
            store::remove(connection, &upload)?;
            Ok::<_, Fault>(id)
        })
        .await?;
    Ok(Redirect::to(&format!("/my/documents?case={}", encoded(&case))))
}

fn form(visit: &Visit, papers: &Papers, refused: Option<&Message>) -> Markup {
    html! {
        section {
            h2 { (visit.t("mine-document-send")) }
            @if let Some(why) = refused { p.reason role="alert" { (why.text(visit.lang())) } }
            form method="post" action="/my/documents" enctype="multipart/form-data" {
                (csrf(visit))
                div.field {
                    label for="case" { (visit.t("field-case")) }
                    select id="case" name="case" required { @for (id, label) in &papers.open { option value=(id) selected[*id == papers.case] { (label) } } }
                }
                div.field {
                    label for="file" { (visit.t("mine-document-file")) }
                    p.help { (visit.t("mine-document-help")) }
                    input type="file" id="file" name="file" required accept=".pdf,.jpg,.jpeg,.png,.xlsx,.csv";
                }
                button type="submit" { (visit.t("mine-document-send")) }
            }
        }
    }
}

async fn send(State(portal): State<Arc<Portal>>, visit: Visit, mut parts: Multipart) -> Result<Response, Fault> {
    let broken = |_| refused("the file cannot be read", "文件无法读取");
    let (mut case, mut file) = (String::new(), None);
    while let Some(part) = parts.next_field().await.map_err(broken)? {
        match part.name() {
            Some("case") => case = part.text().await.map_err(broken)?,
            Some("file") => {
                let name = part.file_name().unwrap_or_default().to_owned();
                file = Some((name, part.bytes().await.map_err(broken)?));
            }
            _ => {}
        }
    }
    let (name, bytes) = file.ok_or_else(|| refused("no file was sent", "未选择文件"))?;
    let person = visit.person()?.to_owned();
    let (sender, of) = (visit.clone(), case.clone());
    let kept = portal
        .lend(move |connection, setup| {
            own_case(connection, setup, &sender, &of)?;
            Ok::<_, Fault>(store::keep(
                connection,
                &of,
                (&name, &bytes),
                (&person, setup.clock.now()),
            )?)
        })
        .await?;
    let why = match kept {
        Ok(()) => return Ok(Redirect::to(&format!("/my/documents?case={}", encoded(&case))).into_response()),
        Err(Refusal::Kind) => Message::new(
            "this is no PDF, JPEG, PNG, XLSX without macros or CSV in UTF-8",
            "仅接受 PDF、JPEG、PNG、不含宏的 XLSX 和 UTF-8 编码的 CSV 文件",
        ),
        Err(Refusal::Long) => Message::new(
            format!("a file has at most {} MB", LONGEST >> 20),
            format!("单个文件不超过 {} MB", LONGEST >> 20),
        ),
        Err(Refusal::Many) => Message::new("the case has enough files", "该办件的材料数量已达上限"),
    };
    Ok(page(&portal, &visit, &case, Some(&why)).await?.into_response())
}

fn refused(en: &str, zh: &str) -> Fault {
    Fault::Bad(Message::new(en, zh))
}

/// A file, to be saved and not shown: nothing of it runs here.
async fn download(State(portal): State<Arc<Portal>>, Path(id): Path<String>, visit: Visit) -> Result<Response, Fault> {
    let (name, kind, bytes) = portal
        .read(move |connection, _| {
            let case = store::case_of(connection, &id)?.ok_or(Fault::Absent)?;
            if !sees(connection, &visit.viewer, "case", &case)? {
                return Err(Fault::Absent);
            }
            tracing::info!(person = visit.viewer.person, upload = id, "evidence was read");
            store::bytes(connection, &id)?.ok_or(Fault::Absent)
        })
        .await?;
    let headers = [
        (CONTENT_TYPE, kind.media().to_owned()),
        (
            CONTENT_DISPOSITION,
            format!("attachment; filename*=UTF-8''{}", encoded(&name)),
        ),
        (CONTENT_SECURITY_POLICY, "default-src 'none'; sandbox".to_owned()),
        (X_CONTENT_TYPE_OPTIONS, "nosniff".to_owned()),
        (CACHE_CONTROL, "no-store".to_owned()),
    ];
    Ok((headers, bytes).into_response())
}
