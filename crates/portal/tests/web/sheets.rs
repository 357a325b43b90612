//! Sheets as files: for whom the page is, and where the house has a press.

use std::sync::Arc;

use meed_portal::sheets::{Press, Sheet};
use meed_syntax::diagnostic::Message;

use crate::support::Town;

/// Prints what stands on a sheet, as data.
#[derive(Debug)]
pub struct Plain;

impl Press for Plain {
    fn print(&self, sheet: &Sheet) -> Result<Vec<u8>, Message> {
        Ok(serde_json::to_vec(sheet).unwrap())
    }
}

/// Lacks something.
#[derive(Debug)]
struct Broken;

impl Press for Broken {
    fn print(&self, _: &Sheet) -> Result<Vec<u8>, Message> {
        Err(Message::new("there is no ink", "没有油墨"))
    }
}

/// Every sheet that anybody may see: its page, its file, and what the file is called.
fn sheets(town: &Town) -> Vec<(String, String, String)> {
    let (list, title) = (
        &town.ids["list"],
        format!("{}.design_centre.municipal.2023-01-10", town.ids["firm"]),
    );
    let of = |page: String, file: String, name: &str| (page, file, format!("{name}.pdf"));
    vec![
        of(format!("/notices/{list}?sheet=1"), format!("/notices/{list}/pdf"), list),
        of(
            format!("/titles/{title}?sheet=1"),
            format!("/titles/{title}/pdf"),
            &title,
        ),
        of(
            "/briefing?sheet=1&on=2023-03-06".to_owned(),
            "/briefing.pdf?on=2023-03-06".to_owned(),
            "briefing-2023-03-06",
        ),
    ]
}

#[test]
fn a_sheet_leads_to_its_file_which_is_saved_and_runs_nothing() {
    let town = Town::printing(Some(Arc::new(Plain)));
    for (page, file, name) in sheets(&town) {
        let sheet = town.get(None, &page);
        assert!(
            sheet.body.contains(&format!("href=\"{file}\"")),
            "{page}: {}",
            sheet.body
        );
        let told = town.get(None, &file);
        assert_eq!(told.status.as_u16(), 200, "{file}: {}", told.body);
        assert_eq!(told.headers["content-type"], "application/pdf");
        assert_eq!(
            told.headers["content-disposition"],
            format!("attachment; filename*=UTF-8''{name}")
        );
        assert_eq!(told.headers["content-security-policy"], "default-src 'none'; sandbox");
        assert_eq!(told.headers["x-content-type-options"], "nosniff");
        let sheet: serde_json::Value = serde_json::from_slice(&told.bytes).unwrap();
        assert!(sheet["parts"].as_array().unwrap().len() > 3, "{sheet}");
    }
}

#[test]
fn a_house_without_a_press_has_no_such_files_and_leads_to_none() {
    let town = Town::new();
    for (page, file, _) in sheets(&town) {
        let sheet = town.get(None, &page);
        assert_eq!(sheet.status.as_u16(), 200);
        assert!(!sheet.body.contains("pdf"), "{page}: {}", sheet.body);
        assert_eq!(town.get(None, &file).status.as_u16(), 404, "{file}");
    }
}

#[test]
fn a_press_that_lacks_something_says_what() {
    let town = Town::printing(Some(Arc::new(Broken)));
    for (_, file, _) in sheets(&town) {
        let join = if file.contains('?') { '&' } else { '?' };
        for (lang, why) in [("zh", "没有油墨"), ("en", "there is no ink")] {
            let told = town.get(None, &format!("{file}{join}lang={lang}"));
            assert_eq!(told.status.as_u16(), 503, "{file}");
            assert!(told.body.contains(why), "{file}: {}", told.body);
        }
    }
}
