//! All that a sheet's template may see: itself, one sheet, the fonts. There are no packages, no other files, no network and no clock.

use meed_portal::sheets::Sheet;
use typst::diag::{FileError, FileResult};
use typst::foundations::{Bytes, Datetime, Dict, Duration, Str, Value};
use typst::syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot};
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst::{Library, LibraryExt};

use crate::PrintError;
use crate::fonts::Fonts;

const TEMPLATE: &str = include_str!("../templates/sheet.typ");

/// What every sheet shares: fonts, the template, and what Typst itself can do.
#[derive(Debug)]
pub struct House {
    fonts: Fonts,
    library: LazyHash<Library>,
    template: Option<Source>,
}

impl House {
    /// A house with fonts.
    pub fn new(fonts: Fonts) -> Self {
        let family = Value::Str(Str::from(fonts.family));
        let inputs: Dict = [(Str::from("family"), family)].into_iter().collect();
        Self {
            library: LazyHash::new(Library::builder().with_inputs(inputs).build()),
            template: id("sheet.typ").map(|id| Source::new(id, TEMPLATE.to_owned())),
            fonts,
        }
    }
}

/// One sheet in its house.
#[derive(Debug)]
pub struct World<'a> {
    house: &'a House,
    template: &'a Source,
    sheet: (FileId, Bytes),
}

impl<'a> World<'a> {
    /// A sheet, each of whose characters has a font. It is data: nothing in it is read as Typst's markup.
    pub fn new(house: &'a House, sheet: &Sheet) -> Result<Self, PrintError> {
        let text = serde_json::to_string(sheet).map_err(|error| PrintError::Refused(error.to_string()))?;
        if let Some(missing) = house.fonts.missing(&text) {
            return Err(PrintError::Character(missing));
        }
        let paths = house.template.as_ref().zip(id("sheet.json"));
        let (template, id) = paths.ok_or_else(|| PrintError::Refused("a name of a file is none".to_owned()))?;
        Ok(Self {
            house,
            template,
            sheet: (id, Bytes::from_string(text)),
        })
    }
}

impl typst::World for World<'_> {
    fn library(&self) -> &LazyHash<Library> {
        &self.house.library
    }

    fn book(&self) -> &LazyHash<FontBook> {
        &self.house.fonts.book
    }

    fn main(&self) -> FileId {
        self.template.id()
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        if id == self.template.id() {
            return Ok(self.template.clone());
        }
        Err(FileError::AccessDenied)
    }

    fn file(&self, id: FileId) -> FileResult<Bytes> {
        let (known, bytes) = &self.sheet;
        if id == *known {
            return Ok(bytes.clone());
        }
        Err(FileError::AccessDenied)
    }

    fn font(&self, index: usize) -> Option<Font> {
        self.house.fonts.font(index)
    }

    fn today(&self, _: Option<Duration>) -> Option<Datetime> {
        None
    }
}

fn id(name: &str) -> Option<FileId> {
    let path = VirtualPath::new(name).ok()?;
    Some(RootedPath::new(VirtualRoot::Project, path).intern())
}
