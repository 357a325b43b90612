//! Letters as sheets, in the language in which they are opened.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::response::Response;

use crate::access::Audience;
use crate::app::Portal;
use crate::fault::Fault;
use crate::letters::{read, sheet};
use crate::routes::Route;
use crate::sheets::{Sheet, html, printed};
use crate::view::encoded;
use crate::visit::{Page, Visit};

pub(super) fn routes() -> Vec<Route> {
    vec![
        Route::get("/letters/{decision}", Audience::SignedIn, letter),
        Route::get("/letters/{decision}/pdf", Audience::SignedIn, pdf),
    ]
}

async fn letter(State(portal): State<Arc<Portal>>, Path(id): Path<String>, visit: Visit) -> Result<Page, Fault> {
    let address = format!("/letters/{}/pdf", encoded(&id));
    let sheet = of(&portal, id, &visit).await?;
    Ok(html::page(&visit, &sheet, &address))
}

async fn pdf(State(portal): State<Arc<Portal>>, Path(id): Path<String>, visit: Visit) -> Result<Response, Fault> {
    let sheet = of(&portal, id, &visit).await?;
    printed(&portal, sheet).await
}

async fn of(portal: &Arc<Portal>, id: String, visit: &Visit) -> Result<Sheet, Fault> {
    let (viewer, words) = (visit.viewer.clone(), visit.words);
    let letter = portal
        .read(move |connection, setup| read(connection, setup, &viewer, &id, words))
        .await?;
    Ok(sheet(words, &letter))
}
