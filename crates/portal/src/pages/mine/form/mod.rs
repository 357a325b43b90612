//! A case's form: generated from its rule, prefilled from the register, saved as it is typed, stated and submitted at once.
//!
//! | module | idea |
//! |---|---|
//! | [`needs`] | which facts a rule reads |
//! | [`slot`] | what a path says; a typed text as a value |
//! | [`sheet`] | what the form asks, what is known, what was typed |
//! | [`heading`] | what heads a column of a table |
//! | [`draft`] | what was typed and not stated yet |
//! | [`paste`] | a table out of a spreadsheet |
//! | [`page`] | the form as a page |
//! | [`send`] | stating and submitting |

pub mod draft;
pub mod heading;
pub mod needs;
pub mod page;
pub mod paste;
pub mod send;
pub mod sheet;
pub mod slot;

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use maud::html;
use meed_office::cases::Case;
use meed_office::setup::Setup;
use meed_office::store::Connection;
use meed_office::time::Instant;
use meed_office::tx::Tx;

use self::draft::Drafts;
use self::heading::Heading;
use self::page::{Trouble, flaw, head};
use self::paste::{Column, is_id};
use self::sheet::{Ground, Sheet};
use self::slot::{Slot, typed};
use super::applicant::Applicant;
use super::track::is_open;
use crate::access::{Audience, sees};
use crate::app::Portal;
use crate::determined::Names;
use crate::fault::Fault;
use crate::posted::Posted;
use crate::routes::Route;
use crate::visit::{Page, Visit};

pub(super) fn routes() -> Vec<Route> {
    vec![
        Route::get("/my/cases/{case}/form", Audience::Agent, form),
        Route::post("/my/cases/{case}/form", Audience::Agent, filled),
    ]
}

/// A case that its visitor fills in, and what the form stands on.
pub(super) struct Open {
    /// The case.
    pub case: Case,
    /// What the form stands on.
    pub ground: Ground,
    /// What was typed.
    pub drafts: Drafts,
    /// What things are called.
    names: Names,
}

impl Open {
    /// Reads a case of an applicant for whom the visitor speaks.
    pub(super) fn read(connection: &mut Connection, setup: &Setup, visit: &Visit, id: &str) -> Result<Self, Fault> {
        if !sees(connection, &visit.viewer, "case", id)? {
            return Err(Fault::Absent);
        }
        let case: Case = Tx::reading(connection, setup)?.get(id)?;
        Applicant::named(connection, setup, visit, &case.subject)?;
        let drafts = draft::of(connection, id)?;
        let mut tx = Tx::reading(connection, setup)?;
        Ok(Self {
            ground: Ground::of(&mut tx, &case)?,
            names: Names::read(&mut tx)?,
            case,
            drafts,
        })
    }

    /// The form as a page.
    pub(super) fn page(&self, visit: &Visit, trouble: &Trouble) -> Result<Page, Fault> {
        let sheet = sheet::of(&self.ground, &self.case, &self.drafts, visit.lang())?;
        let title = self.names.of_case(visit.words, &self.case);
        let body = html! {
            h1 { (title) }
            p.lead { (visit.t("mine-form-lead")) }
            (page::show(visit, &self.case, &sheet, trouble))
        };
        let mut page = Page::new(title, body);
        if trouble.whole.is_some() || !trouble.fields.is_empty() || !trouble.pasted.is_empty() {
            page.status = StatusCode::BAD_REQUEST;
        }
        Ok(page)
    }

    /// Keeps what differs from what stands there; what registers say is not typed over.
    fn keep(&mut self, connection: &mut Connection, given: Drafts, by: (&str, Instant)) -> Result<(), Fault> {
        let ground = &self.ground;
        let news: Drafts = given
            .into_iter()
            .filter(|(path, text)| {
                let settled = ground.known.get(path).is_some_and(|known| !known.is_own());
                let stands = self.drafts.get(path).cloned().unwrap_or_else(|| ground.text(path));
                !settled && stands != *text && ground.slot(path).is_some()
            })
            .collect();
        draft::keep(connection, &self.case.id, &news, by)?;
        self.drafts.extend(news);
        Ok(())
    }
}

async fn form(State(portal): State<Arc<Portal>>, Path(id): Path<String>, visit: Visit) -> Result<Response, Fault> {
    let (seen, case) = (visit.clone(), id.clone());
    let open = portal
        .read(move |connection, setup| Open::read(connection, setup, &seen, &case))
        .await?;
    if !is_open(&open.case) {
        return Ok(Redirect::to(&format!("/my/cases/{id}")).into_response());
    }
    Ok(open.page(&visit, &Trouble::default())?.into_response())
}

async fn filled(
    State(portal): State<Arc<Portal>>,
    Path(id): Path<String>,
    visit: Visit,
    posted: Posted,
) -> Result<Response, Fault> {
    let (seen, case, sent) = (visit.clone(), id.clone(), posted.clone());
    let (open, trouble) = portal
        .lend(move |connection, setup| save(connection, setup, &seen, &case, &sent))
        .await?;
    if !is_open(&open.case) {
        // What comes again after it was done finds it done.
        return Ok(Redirect::to(&format!("/my/cases/{id}")).into_response());
    }
    match posted.one("do") {
        "cell" => Ok(StatusCode::NO_CONTENT.into_response()),
        "send" => send::send(&portal, &visit, open, posted.one("command")).await,
        _ if trouble.fields.is_empty() && trouble.pasted.is_empty() => {
            Ok(Redirect::to(&format!("/my/cases/{id}/form")).into_response())
        }
        _ => Ok(open.page(&visit, &trouble)?.into_response()),
    }
}

/// Keeps everything that was sent, then does what the button says.
fn save(
    connection: &mut Connection,
    setup: &Setup,
    visit: &Visit,
    id: &str,
    posted: &Posted,
) -> Result<(Open, Trouble), Fault> {
    let mut open = Open::read(connection, setup, visit, id)?;
    let mut trouble = Trouble::default();
    if !is_open(&open.case) {
        return Ok((open, trouble));
    }
    let by = (visit.person()?, setup.clock.now());
    let given = posted.fields.iter().filter_map(|(name, values)| {
        let path = name.strip_prefix('v').filter(|path| path.starts_with('/'))?;
        Some((path.to_owned(), values.first()?.clone()))
    });
    open.keep(connection, given.collect(), by)?;
    let button = posted.one("do");
    if let Some(path) = button.strip_prefix("remove") {
        remove(connection, &mut open, path, by)?;
    } else if let Some(list) = button.strip_prefix("add") {
        let wanted = posted.one(&format!("new{list}")).trim().to_owned();
        add(connection, visit, &mut open, (list, &wanted), (by, &mut trouble))?;
    } else if let Some(list) = button.strip_prefix("paste") {
        let text = posted.one(&format!("paste{list}")).to_owned();
        paste(connection, visit, &mut open, (list, &text), (by, &mut trouble))?;
    }
    Ok((open, trouble))
}

/// Drops a row: what was typed goes, what was stated is taken back.
fn remove(connection: &mut Connection, open: &mut Open, path: &str, by: (&str, Instant)) -> Result<(), Fault> {
    if !path.contains("/#") {
        return Ok(());
    }
    let below = format!("{path}/");
    draft::drop_under(connection, &open.case.id, path)?;
    open.drafts.retain(|one, _| !one.starts_with(&below));
    let stated = open.ground.known.keys().filter(|one| one.starts_with(&below));
    let emptied: Drafts = stated.map(|one| (one.clone(), String::new())).collect();
    open.keep(connection, emptied, by)
}

/// The sheet's list at a path, with its columns as a table names them.
fn columns(open: &Open, visit: &Visit, list: &str) -> Result<Option<(Sheet, usize, Vec<Column>)>, Fault> {
    let sheet = sheet::of(&open.ground, &open.case, &open.drafts, visit.lang())?;
    let Some(at) = sheet
        .children
        .iter()
        .position(|one| one.path == list && !one.whole.is_settled())
    else {
        return Ok(None);
    };
    let one = sheet.children.get(at).ok_or(Fault::Absent)?;
    let key = one.key.map(Heading::plain);
    let columns = key
        .iter()
        .chain(&one.columns)
        .map(|column| column.column(&sheet.program.schema));
    let columns = columns.collect();
    Ok(Some((sheet, at, columns)))
}

/// An id that no row of a list has yet.
fn fresh(taken: &[String]) -> String {
    let mut numbers = 1_usize..;
    let free = numbers.find_map(|number| {
        let id = format!("r{number}");
        (!taken.contains(&id)).then_some(id)
    });
    free.unwrap_or_default()
}

type By<'a> = (&'a str, Instant);

fn add(
    connection: &mut Connection,
    visit: &Visit,
    open: &mut Open,
    (list, wanted): (&str, &str),
    (by, trouble): (By<'_>, &mut Trouble),
) -> Result<(), Fault> {
    let Some((sheet, at, _)) = columns(open, visit, list)? else {
        return Ok(());
    };
    let Some(one) = sheet.children.get(at) else {
        return Ok(());
    };
    let taken: Vec<String> = one.rows.iter().map(|(id, _)| id.clone()).collect();
    let id = if wanted.is_empty() {
        fresh(&taken)
    } else {
        wanted.to_owned()
    };
    if !is_id(&id) || taken.contains(&id) {
        let why = if is_id(&id) {
            visit.t("mine-flaw-twice")
        } else {
            visit.t("mine-flaw-id")
        };
        trouble.fields.insert(format!("new{list}"), why);
        return Ok(());
    }
    // A row is there as soon as one of its cells is, empty as it may be.
    let Some(first) = one.columns.first() else {
        return Ok(());
    };
    let path = format!("{list}/#{id}/{}", first.tail(&sheet.program.schema));
    let empty = Drafts::from([(path, String::new())]);
    draft::keep(connection, &open.case.id, &empty, by)?;
    open.drafts.extend(empty);
    Ok(())
}

fn paste(
    connection: &mut Connection,
    visit: &Visit,
    open: &mut Open,
    (list, text): (&str, &str),
    (by, trouble): (By<'_>, &mut Trouble),
) -> Result<(), Fault> {
    let Some((sheet, at, columns)) = columns(open, visit, list)? else {
        return Ok(());
    };
    let Some(one) = sheet.children.get(at) else {
        return Ok(());
    };
    let pasted = paste::read(text, &columns);
    let wrong = pasted
        .wrong
        .into_iter()
        .map(|(line, text, why)| (line, text, flaw(visit, why)));
    let mut wrong: Vec<(usize, String, String)> = wrong.collect();
    let mut taken: Vec<String> = one.rows.iter().map(|(id, _)| id.clone()).collect();
    let mut good = Drafts::new();
    for row in pasted.rows {
        let id = if row.id.is_empty() {
            fresh(&taken)
        } else {
            row.id.clone()
        };
        let mut cells = Drafts::new();
        let mut why = None;
        for (column, text) in &row.cells {
            let Some(heading) = column.checked_sub(1).and_then(|place| one.columns.get(place)) else {
                continue;
            };
            if let Err(expected) = typed(&sheet.program, &Slot::Value(heading.fact), text) {
                let expected = expected.text(visit.lang(), "").to_owned();
                let values = [
                    ("field", head(visit, &sheet, *heading).into()),
                    ("text", text.clone().into()),
                    ("expected", expected.into()),
                ];
                why = Some(visit.words.with("mine-flaw-cell", &values));
                break;
            }
            let tail = heading.tail(&sheet.program.schema);
            cells.insert(format!("{list}/#{id}/{tail}"), text.clone());
        }
        match why {
            Some(why) => wrong.push((row.line, again(&row, columns.len()), why)),
            None => {
                taken.push(id);
                good.extend(cells);
            }
        }
    }
    wrong.sort();
    open.keep(connection, good, by)?;
    if !wrong.is_empty() {
        trouble.pasted.insert(list.to_owned(), wrong);
    }
    Ok(())
}

/// A row as a table in the order of the columns has it, to be corrected and pasted again.
fn again(row: &paste::Row, width: usize) -> String {
    let mut cells = vec![String::new(); width];
    if let Some(first) = cells.first_mut() {
        first.clone_from(&row.id);
    }
    for (column, text) in &row.cells {
        if let Some(cell) = cells.get_mut(*column) {
            cell.clone_from(text);
        }
    }
    cells.join("\t")
}
