//! What other programs find in a PDF: qpdf its structure; pdfinfo, pdffonts and pdftotext its pages, fonts and text.

use std::path::PathBuf;
use std::process::Command;

use tempfile::TempDir;

/// A PDF in a file.
pub struct Pdf {
    path: PathBuf,
    _folder: TempDir,
}

impl Pdf {
    /// A PDF to look into. Nothing where the programs are not installed, which where CI runs is a mistake (`MEED_PDF=required`).
    pub fn new(bytes: &[u8]) -> Option<Self> {
        let there = |tool: &&str| Command::new(tool).arg("--version").output().is_ok();
        let missing: Vec<&str> = ["qpdf", "pdfinfo", "pdffonts", "pdftotext"]
            .into_iter()
            .filter(|tool| !there(tool))
            .collect();
        if !missing.is_empty() {
            let required = std::env::var("MEED_PDF").is_ok_and(|said| said == "required");
            assert!(
                !required,
                "please install qpdf and poppler-utils: {missing:?} are not there"
            );
            eprintln!("not looked into: {missing:?} are not installed");
            return None;
        }
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("sheet.pdf");
        std::fs::write(&path, bytes).unwrap();
        Some(Self { path, _folder: folder })
    }

    /// What `pdfinfo` says of it, as `name: value`.
    pub fn info(&self, name: &str) -> String {
        let said = self.ask("pdfinfo", &["-isodates"], &[]);
        let line = said.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':'));
        line.unwrap_or_else(|| panic!("{name}: {said}")).trim().to_owned()
    }

    /// Its text in the order in which it is read, without white space: where lines are broken is no part of what they say.
    pub fn text(&self) -> String {
        plain(&self.ask("pdftotext", &["-raw", "-enc", "UTF-8"], &["-"]))
    }

    /// Whether every word ends before the right margin: a page is 595 points wide, and its margins are 28 mm.
    pub fn is_within_margins(&self) -> bool {
        let boxes = self.ask("pdftotext", &["-bbox"], &["-"]);
        let ends = boxes
            .split("xMax=\"")
            .skip(1)
            .filter_map(|rest| rest.split('"').next()?.parse().ok());
        ends.fold(0.0, f64::max) < 518.0
    }

    /// Its fonts, a line each: name, type, encoding, embedded, subset, Unicode.
    pub fn fonts(&self) -> Vec<String> {
        let table = self.ask("pdffonts", &[], &[]);
        table.lines().skip(2).map(str::to_owned).collect()
    }

    /// Its objects, as text, after `qpdf` found nothing wrong with them.
    pub fn objects(&self) -> String {
        self.ask("qpdf", &["--check"], &[]);
        self.ask("qpdf", &["--qdf", "--object-streams=disable"], &["-"])
    }

    fn ask(&self, tool: &str, before: &[&str], after: &[&str]) -> String {
        let done = Command::new(tool)
            .args(before)
            .arg(&self.path)
            .args(after)
            .output()
            .unwrap();
        let why = String::from_utf8_lossy(&done.stderr);
        // Poppler complains of `/Suspects false`, which it takes for a name; the standard has a boolean there.
        let why = why.replace("Syntax Error: Suspects object is wrong type (boolean)\n", "");
        assert!(done.status.success() && why.is_empty(), "{tool}: {why}");
        String::from_utf8_lossy(&done.stdout).into_owned()
    }
}

/// A text without white space, and without the marks at which a long word may be broken.
pub fn plain(text: &str) -> String {
    let shown = |c: &char| !c.is_whitespace() && *c != '\u{200b}' && *c != '\u{c}';
    text.chars().filter(shown).collect()
}
