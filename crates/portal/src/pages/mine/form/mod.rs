//! A case's form: generated from its rule, prefilled from the register, saved as it is typed, stated and submitted at once.
//!
//! | module | idea |
//! |---|---|
//! | [`needs`] | which facts a rule reads |
//! | [`slot`] | what a path says; a typed text as a value |
//! | [`sheet`] | what the form asks, what is known, what was typed |
//! | [`heading`] | what heads a column of a table |
//! | [`blank`] | the field in which one value is typed |
//! | [`draft`] | what was typed and not stated yet |
//! | [`paste`] | a table out of a spreadsheet |
//! | [`page`] | the form as a page |
//! | [`send`] | stating and submitting |

pub mod blank;
pub mod draft;
pub mod heading;
pub mod needs;
pub mod page;
pub mod paste;
pub mod send;
pub mod sheet;
pub mod slot;

use std::collections::BTreeSet;
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
use self::page::{Bad, Trouble, flaw, head};
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
            (page::show(visit, &self.case, (&sheet, &self.drafts), trouble))
        };
        let mut page = Page::new(title, body);
        if trouble.is_told() {
            page.status = StatusCode::BAD_REQUEST;
        }
        Ok(page)
    }

    /// The lists of which pasted lines are left that were not taken.
    fn unfinished(&self) -> Vec<String> {
        let left = self.drafts.iter().filter(|(_, text)| !text.trim().is_empty());
        left.filter_map(|(path, _)| path.strip_prefix("paste").map(str::to_owned))
            .collect()
    }

    /// What is wrong with the lines that are left, as they stand in their boxes.
    fn sifted(&self, visit: &Visit, trouble: &mut Trouble) -> Result<(), Fault> {
        for list in self.unfinished() {
            let text = self.drafts.get(&draft::left(&list)).cloned().unwrap_or_default();
            if let Some(sifted) = sift(self, visit, &list, &text)? {
                let wrong = sifted.wrong.into_iter().map(|(bad, _)| bad).collect();
                trouble.pasted.insert(list, wrong);
            }
        }
        Ok(())
    }

    /// Keeps the lines that are left of what was pasted.
    fn keep_left(&mut self, connection: &mut Connection, list: &str, text: &str, by: By<'_>) -> Result<(), Fault> {
        let path = draft::left(list);
        if self.drafts.get(&path).map_or("", String::as_str) != text {
            let left = Drafts::from([(path, text.to_owned())]);
            draft::keep(connection, &self.case.id, &left, by)?;
            self.drafts.extend(left);
        }
        Ok(())
    }

    /// What the rule asks and nobody has said, by path: the applicant's to fill in, or to submit without.
    fn missing(&self, visit: &Visit) -> Result<BTreeSet<String>, Fault> {
        let sheet = sheet::of(&self.ground, &self.case, &self.drafts, visit.lang())?;
        let is_empty = |entry: &&sheet::Entry| !entry.is_settled() && entry.text().trim().is_empty();
        let own = sheet.entries.iter().filter(|entry| entry.asked);
        let cells = sheet
            .children
            .iter()
            .flat_map(|list| &list.rows)
            .flat_map(|(_, row)| row);
        let wholes = sheet.children.iter().map(|list| &list.whole);
        // An application for everybody on a list is for nobody, unless it says that these are all.
        let all = self.case.object.is_empty();
        let missing = own
            .chain(cells.filter(|cell| cell.asked))
            .chain(wholes.filter(|whole| all || whole.asked));
        Ok(missing.filter(is_empty).map(|entry| entry.path.clone()).collect())
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
    let mut trouble = Trouble::default();
    open.sifted(&visit, &mut trouble)?;
    Ok(open.page(&visit, &trouble)?.into_response())
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
        button @ ("send" | "send-anyway") => {
            let mut trouble = trouble;
            open.sifted(&visit, &mut trouble)?;
            if !trouble.pasted.is_empty() {
                // What was pasted was meant: nothing is submitted without it.
                trouble.whole = Some(visit.t("mine-form-left"));
                return Ok(open.page(&visit, &trouble)?.into_response());
            }
            if button == "send" {
                trouble.missing = open.missing(&visit)?;
            }
            if !trouble.missing.is_empty() {
                return Ok(open.page(&visit, &trouble)?.into_response());
            }
            send::send(&portal, &visit, open, posted.one("command")).await
        }
        _ if !trouble.is_told() => Ok(Redirect::to(&format!("/my/cases/{id}/form")).into_response()),
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
    for (name, values) in &posted.fields {
        // A box that is not taken now is kept as it is.
        if let (Some(list), Some(text)) = (
            name.strip_prefix("paste").filter(|list| list.starts_with('/')),
            values.first(),
        ) && button != name
            && columns(&open, visit, list)?.is_some()
        {
            open.keep_left(connection, list, text.trim_end(), by)?;
        }
    }
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

/// What pasted lines come to.
struct Sifted {
    /// The head, as it was.
    head: Option<String>,
    /// Values by path.
    good: Drafts,
    /// What cannot be used, and the line as it was.
    wrong: Vec<(Bad, String)>,
}

/// Reads pasted lines as rows of a list; nothing, where there is no such list to be filled in.
fn sift(open: &Open, visit: &Visit, list: &str, text: &str) -> Result<Option<Sifted>, Fault> {
    let Some((sheet, at, columns)) = columns(open, visit, list)? else {
        return Ok(None);
    };
    let Some(one) = sheet.children.get(at) else {
        return Ok(None);
    };
    let pasted = paste::read(text, &columns);
    let wrong = pasted.wrong.into_iter().map(|(line, text, why)| {
        let why = flaw(visit, why);
        (
            Bad {
                line,
                kind: why.clone(),
                why,
            },
            text,
        )
    });
    let mut sifted = Sifted {
        head: pasted.head,
        good: Drafts::new(),
        wrong: wrong.collect(),
    };
    let mut taken: Vec<String> = one.rows.iter().map(|(id, _)| id.clone()).collect();
    for row in pasted.rows {
        let id = if row.id.is_empty() {
            fresh(&taken)
        } else {
            row.id.clone()
        };
        match cells(visit, (&sheet, one), (list, &id), &row) {
            Ok(cells) => {
                taken.push(id);
                sifted.good.extend(cells);
            }
            Err(bad) => sifted.wrong.push((bad, row.raw)),
        }
    }
    sifted.wrong.sort_by_key(|(bad, _)| bad.line);
    Ok(Some(sifted))
}

/// The cells of one pasted row by their paths, or what is wrong with the first that cannot be read.
fn cells(
    visit: &Visit,
    (sheet, one): (&Sheet, &sheet::Children),
    (list, id): (&str, &str),
    row: &paste::Row,
) -> Result<Drafts, Bad> {
    let mut cells = Drafts::new();
    for (column, text) in &row.cells {
        let Some(heading) = column.checked_sub(1).and_then(|place| one.columns.get(place)) else {
            continue;
        };
        if let Err(expected) = typed(&sheet.program, &Slot::Value(heading.fact), text) {
            let expected = expected.text(visit.lang(), "").to_owned();
            let field = head(visit, sheet, *heading);
            let kind = format!("{field}\n{expected}");
            let values = [
                ("field", field.into()),
                ("text", text.clone().into()),
                ("expected", expected.into()),
            ];
            let why = visit.words.with("mine-flaw-cell", &values);
            return Err(Bad {
                line: row.line,
                kind,
                why,
            });
        }
        let tail = heading.tail(&sheet.program.schema);
        cells.insert(format!("{list}/#{id}/{tail}"), text.clone());
    }
    Ok(cells)
}

/// Takes the rows that can be read; the others stay in their box under the head that they had, to be corrected.
fn paste(
    connection: &mut Connection,
    visit: &Visit,
    open: &mut Open,
    (list, text): (&str, &str),
    (by, trouble): (By<'_>, &mut Trouble),
) -> Result<(), Fault> {
    let Some(sifted) = sift(open, visit, list, text)? else {
        return Ok(());
    };
    open.keep(connection, sifted.good, by)?;
    let mut left: Vec<String> = Vec::new();
    if !sifted.wrong.is_empty() {
        left.extend(sifted.head);
    }
    let mut wrong = Vec::new();
    for (bad, line) in sifted.wrong {
        left.push(line);
        // Lines are counted as they stand in the box now.
        wrong.push(Bad {
            line: left.len(),
            ..bad
        });
    }
    open.keep_left(connection, list, &left.join("\n"), by)?;
    if !wrong.is_empty() {
        trouble.taken = true;
        trouble.pasted.insert(list.to_owned(), wrong);
    }
    Ok(())
}
