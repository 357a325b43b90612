//! The press: sheets of the portal as PDF, set by [Typst](https://typst.app). What it makes is PDF/A-2b (ISO 19005-2), for archives, and PDF/UA-1
//! (ISO 14289-1), for readers who listen; an export that would be neither is refused.
//!
//! | module | idea |
//! |---|---|
//! | [`fonts`] | the fonts of a folder, read when they are needed |
//! | `world` | all that a sheet's template may see: itself, one sheet, the fonts |
//! | `templates/sheet.typ` | how a sheet looks |
//!
//! ```no_run
//! use std::sync::Arc;
//! use meed_portal::app::Portal;
//! use meed_portal::settings::Gate;
//! # fn serve(office: meed_office::office::Office) -> Result<(), Box<dyn std::error::Error>> {
//! let press = meed_press::Typst::new("/usr/share/fonts/opentype/noto");
//! let portal = Portal::printing(office, Gate::default(), Some(Arc::new(press)))?;
//! # Ok(())
//! # }
//! ```

pub mod fonts;
mod world;

use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

use meed_portal::sheets::{Press, Sheet};
use meed_syntax::diagnostic::Message;
use typst::diag::{SourceDiagnostic, Warned};
use typst::foundations::Smart;
use typst_layout::PagedDocument;
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards};

use fonts::Fonts;
use world::{House, World};

/// How many sheets what was computed for one is kept for the next ones.
const KEPT: usize = 8;

/// Why a sheet is not printed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PrintError {
    /// There is no font with Chinese and Latin letters.
    #[error("{} has none of the fonts {}; install fonts-noto-cjk, or name another folder", folder.display(), fonts::FAMILIES.join(", "))]
    Fonts {
        /// Where it was looked for.
        folder: PathBuf,
    },
    /// A character is in no font.
    #[error("no font here has the character {0} (U+{code:04X})", code = u32::from(*.0))]
    Character(char),
    /// What sets type refuses: a mistake of the template.
    #[error("{0}")]
    Refused(String),
}

impl PrintError {
    /// What whoever asked is told, and what would help.
    pub fn message(&self) -> Message {
        match self {
            PrintError::Fonts { .. } => Message::new(
                "the fonts with which PDF files are set are not installed here; whoever runs this portal installs fonts-noto-cjk or names \
                 their folder with --fonts or MEED_FONTS",
                "本机未安装排版所需的字体，无法生成 PDF；请运维人员安装 fonts-noto-cjk，或用 --fonts 或 MEED_FONTS 指定字体目录",
            ),
            PrintError::Character(missing) => Message::new(
                format!("no font here has the character “{missing}”; whoever runs this portal adds a font that has it"),
                format!("本机字体缺少“{missing}”字，无法生成 PDF；请运维人员补充含有该字的字体"),
            ),
            PrintError::Refused(_) => Message::new(
                "this sheet cannot be made a PDF; the page itself can be printed",
                "此文书无法生成 PDF；可直接打印网页",
            ),
        }
    }
}

/// Typst, with the fonts of a folder.
#[derive(Debug)]
pub struct Typst {
    folder: PathBuf,
    // One sheet at a time: a long list must not take every processor and all memory, however many ask for it.
    house: Mutex<Option<House>>,
}

impl Typst {
    /// A press with the fonts of a folder and of those below it. They are looked for when the first sheet is printed.
    pub fn new(folder: impl Into<PathBuf>) -> Self {
        Self {
            folder: folder.into(),
            house: Mutex::default(),
        }
    }

    /// Looks whether the fonts are there, and warns in the log where they are not; installed later, they are found.
    pub fn look(&self) {
        let mut house = self.house.lock().unwrap_or_else(PoisonError::into_inner);
        if let Err(why) = self.set_up(&mut house) {
            tracing::warn!(%why, "there will be no PDF files");
        }
    }

    /// The PDF of a sheet.
    ///
    /// # Errors
    /// [`PrintError`].
    pub fn pdf(&self, sheet: &Sheet) -> Result<Vec<u8>, PrintError> {
        let mut house = self.house.lock().unwrap_or_else(PoisonError::into_inner);
        let made = set(self.set_up(&mut house)?, sheet);
        comemo::evict(KEPT);
        made
    }

    fn set_up<'a>(&self, house: &'a mut Option<House>) -> Result<&'a House, PrintError> {
        Ok(match house {
            Some(house) => house,
            none => none.insert(House::new(Fonts::find(&self.folder).ok_or_else(|| {
                PrintError::Fonts {
                    folder: self.folder.clone(),
                }
            })?)),
        })
    }
}

impl Press for Typst {
    fn print(&self, sheet: &Sheet) -> Result<Vec<u8>, Message> {
        self.pdf(sheet).map_err(|why| {
            tracing::warn!(sheet = sheet.name, %why, "a sheet was not printed");
            why.message()
        })
    }
}

fn set(house: &House, sheet: &Sheet) -> Result<Vec<u8>, PrintError> {
    let world = World::new(house, sheet)?;
    let Warned { output, warnings } = typst::compile::<PagedDocument>(&world);
    for warning in &warnings {
        tracing::warn!(sheet = sheet.name, what = %warning.message, "a sheet was set with a warning");
    }
    let document = output.map_err(|errors| refused(&errors))?;
    let standards = PdfStandards::new(&[PdfStandard::A_2b, PdfStandard::Ua_1]);
    let options = PdfOptions {
        ident: Smart::Custom(format!("{} {}", sheet.name, sheet.lang)),
        creator: Smart::Custom(Some("Meed".to_owned())),
        standards: standards.map_err(|error| PrintError::Refused(error.message().to_string()))?,
        ..PdfOptions::default()
    };
    typst_pdf::pdf(&document, &options).map_err(|errors| refused(&errors))
}

fn refused(errors: &[SourceDiagnostic]) -> PrintError {
    let said = errors.iter().map(|error| error.message.as_str());
    PrintError::Refused(said.collect::<Vec<_>>().join("; "))
}
