//! The fonts of a folder: all are known by name, and one is read when something is set in it.

use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use typst::foundations::Bytes;
use typst::text::{Font, FontBook, FontInfo};
use typst::utils::LazyHash;

/// The families with which sheets are set, the one that is liked best first: Chinese as it is written in mainland China, with Latin letters.
pub const FAMILIES: [&str; 4] = [
    "Noto Serif CJK SC",
    "Source Han Serif SC",
    "Noto Sans CJK SC",
    "Source Han Sans SC",
];

/// Where Debian's `fonts-noto-cjk` has its fonts.
pub const USUAL: &str = "/usr/share/fonts/opentype/noto";

/// How many folders below the first one are looked into.
const DEPTH: usize = 6;

/// Fonts by number.
#[derive(Debug)]
pub struct Fonts {
    /// What they are called, and which characters they have.
    pub book: LazyHash<FontBook>,
    /// The family with which sheets are set.
    pub family: &'static str,
    files: Vec<(PathBuf, OnceLock<Option<Bytes>>)>,
    faces: Vec<Face>,
}

/// A face in a file, which may have several.
#[derive(Debug)]
struct Face {
    file: usize,
    index: u32,
    font: OnceLock<Option<Font>>,
}

impl Fonts {
    /// The fonts of a folder and of those below it; nothing where none of [`FAMILIES`] is among them.
    pub fn find(folder: &Path) -> Option<Self> {
        let mut paths = Vec::new();
        collect(folder, DEPTH, &mut paths);
        // The order decides which of two fonts has a character that both have.
        paths.sort();
        let (mut book, mut faces) = (FontBook::new(), Vec::new());
        for (file, path) in paths.iter().enumerate() {
            let bytes = std::fs::read(path).unwrap_or_default();
            for (index, info) in (0..).zip(FontInfo::iter(&bytes)) {
                book.push(info);
                faces.push(Face {
                    file,
                    index,
                    font: OnceLock::new(),
                });
            }
        }
        let family = FAMILIES
            .into_iter()
            .find(|family| book.contains_family(&family.to_lowercase()))?;
        Some(Self {
            book: LazyHash::new(book),
            family,
            files: paths.into_iter().map(|path| (path, OnceLock::new())).collect(),
            faces,
        })
    }

    /// The font of a number of the book.
    pub fn font(&self, number: usize) -> Option<Font> {
        let face = self.faces.get(number)?;
        let font = face.font.get_or_init(|| {
            let (path, bytes) = self.files.get(face.file)?;
            let read = || std::fs::read(path).ok().map(Bytes::new);
            Font::new(bytes.get_or_init(read).clone()?, face.index)
        });
        font.clone()
    }

    /// The first character of a text that no font has.
    pub fn missing(&self, text: &str) -> Option<char> {
        let known = |c: char| {
            let mut infos = (0..self.faces.len()).filter_map(|number| self.book.info(number));
            c.is_control() || is_unseen(c) || infos.any(|info| info.coverage.contains(c.into()))
        };
        text.chars().find(|c| !known(*c))
    }
}

/// Whether a character has no picture: joiners, and marks by which one of several pictures is chosen.
const fn is_unseen(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200d}' | '\u{2060}' | '\u{fe00}'..='\u{fe0f}' | '\u{e0100}'..='\u{e01ef}')
}

fn collect(folder: &Path, depth: usize, into: &mut Vec<PathBuf>) {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    for path in entries.map(|entry| entry.path()) {
        let end = path.extension().and_then(|end| end.to_str()).unwrap_or_default();
        if matches!(end.to_ascii_lowercase().as_str(), "ttc" | "otc" | "ttf" | "otf") {
            into.push(path);
        } else if depth > 0 && path.is_dir() {
            collect(&path, depth.saturating_sub(1), into);
        }
    }
}
