//! What makes PDFs of sheets. The portal knows only that there is such a thing: what sets type is heavy, and not every house has it.

use std::fmt::Debug;
use std::sync::Arc;

use axum::http::header::{CONTENT_DISPOSITION, CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use meed_syntax::diagnostic::Message;

use super::Sheet;
use crate::app::Portal;
use crate::fault::Fault;
use crate::view::encoded;

/// Makes PDFs of sheets.
pub trait Press: Debug + Send + Sync {
    /// The PDF of a sheet; the same sheet gives the same bytes.
    ///
    /// # Errors
    /// Why this house cannot make it now, and what would help, for whoever asked.
    fn print(&self, sheet: &Sheet) -> Result<Vec<u8>, Message>;
}

/// A sheet as a file to be saved, where the house makes PDFs.
///
/// # Errors
/// Absent where it makes none, unable where this one cannot be made.
pub async fn printed(portal: &Arc<Portal>, mut sheet: Sheet) -> Result<Response, Fault> {
    if portal.is_demo() {
        sheet.is_of_a_demonstration();
    }
    let press = portal.press().ok_or(Fault::Absent)?;
    let name = encoded(&format!("{}.pdf", sheet.name));
    let made = tokio::task::spawn_blocking(move || press.print(&sheet)).await;
    let bytes = made
        .map_err(|error| Fault::Broken(error.to_string()))?
        .map_err(Fault::Unable)?;
    let headers = [
        (CONTENT_TYPE, "application/pdf".to_owned()),
        (CONTENT_DISPOSITION, format!("attachment; filename*=UTF-8''{name}")),
        (CONTENT_SECURITY_POLICY, "default-src 'none'; sandbox".to_owned()),
    ];
    Ok((headers, bytes).into_response())
}
