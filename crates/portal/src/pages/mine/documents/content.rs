//! What a file is, by its content: what its name or its sender says does not count.

/// A kind of file that is taken as evidence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A document.
    Pdf,
    /// A photograph or scan.
    Jpeg,
    /// A picture.
    Png,
    /// A workbook without macros.
    Xlsx,
    /// A table as text.
    Csv,
}

impl Kind {
    /// All kinds.
    pub const ALL: [Self; 5] = [Self::Pdf, Self::Jpeg, Self::Png, Self::Xlsx, Self::Csv];

    /// Its name, which is the end of its files' names.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Pdf => "pdf",
            Self::Jpeg => "jpeg",
            Self::Png => "png",
            Self::Xlsx => "xlsx",
            Self::Csv => "csv",
        }
    }

    /// Its media type.
    pub const fn media(self) -> &'static str {
        match self {
            Self::Pdf => "application/pdf",
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            Self::Csv => "text/csv; charset=utf-8",
        }
    }

    /// What a file is; none, where it is nothing that is taken.
    pub fn of(bytes: &[u8]) -> Option<Self> {
        if bytes.starts_with(b"%PDF-1.") || bytes.starts_with(b"%PDF-2.") {
            return Some(Self::Pdf);
        }
        if bytes.starts_with(&[0xFF, 0xD8, 0xFF]) {
            return Some(Self::Jpeg);
        }
        if bytes.starts_with(b"\x89PNG\r\n\x1a\n") {
            return Some(Self::Png);
        }
        if bytes.starts_with(b"PK\x03\x04") {
            return is_workbook(bytes).then_some(Self::Xlsx);
        }
        is_table(bytes).then_some(Self::Csv)
    }
}

fn contains(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|window| window == part)
}

/// An archive whose parts are a workbook's, and none of which is a program. Parts' names stand in it as they are.
fn is_workbook(bytes: &[u8]) -> bool {
    let whole = contains(bytes, b"[Content_Types].xml") && contains(bytes, b"xl/workbook.xml");
    whole && !contains(bytes, b"vbaProject") && !contains(bytes, b"xl/macrosheets")
}

/// Text in UTF-8 with cells in it; not what a browser might take for a page.
fn is_table(bytes: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return false;
    };
    let plain = |letter: char| !letter.is_control() || matches!(letter, '\t' | '\r' | '\n');
    let begin = text.trim_start_matches('\u{feff}').trim_start();
    begin.contains([',', ';', '\t']) && !begin.starts_with('<') && text.chars().all(plain)
}

/// A file's name as it is kept: the last part, without what cannot stand in a name, with the end of its kind.
pub fn name(given: &str, kind: Kind) -> String {
    const LONGEST: usize = 80;
    let last = given.rsplit(['/', '\\']).next().unwrap_or_default();
    let stem = last.rsplit_once('.').map_or(last, |(stem, _)| stem);
    let fit = |letter: &char| !letter.is_control() && !"\"<>:|?*%;".contains(*letter) && !is_hidden(*letter);
    let stem: String = stem.chars().filter(fit).take(LONGEST).collect();
    let stem = stem.trim_matches(['.', ' ']);
    let stem = if stem.is_empty() { "file" } else { stem };
    format!("{stem}.{}", kind.name())
}

/// Marks that turn the direction of what follows, so that a name reads as another.
const fn is_hidden(letter: char) -> bool {
    matches!(letter, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_content_decides_what_a_file_is() {
        let book = |more: &str| {
            [
                b"PK\x03\x04".as_slice(),
                b"..[Content_Types].xml..xl/workbook.xml..",
                more.as_bytes(),
            ]
            .concat()
        };
        assert_eq!(Kind::of(b"%PDF-1.7\n..."), Some(Kind::Pdf));
        assert_eq!(Kind::of(&[0xFF, 0xD8, 0xFF, 0xE0, 0]), Some(Kind::Jpeg));
        assert_eq!(Kind::of(b"\x89PNG\r\n\x1a\nrest"), Some(Kind::Png));
        assert_eq!(Kind::of(&book("")), Some(Kind::Xlsx));
        assert_eq!(
            Kind::of("\u{feff}编号,年薪\r\nh1,800000\r\n".as_bytes()),
            Some(Kind::Csv)
        );
    }

    #[test]
    fn what_could_run_is_not_taken() {
        let macros = b"PK\x03\x04[Content_Types].xml xl/workbook.xml xl/vbaProject.bin";
        for bytes in [
            macros.as_slice(),
            b"PK\x03\x04META-INF/MANIFEST.MF",
            b"<html><script>a,b</script>",
            b"\n <svg onload=\"a,b\">",
            b"<?xml version=\"1.0\"?>,",
            b"MZ\x90\0,,",
            b"GIF89a,\0",
            b"%!PS-Adobe,\x01",
            b"a,b\0c",
            b"\xff\xfea\0,\0",
            b"no cells at all",
            b"%PDF-",
            b"",
        ] {
            assert_eq!(Kind::of(bytes), None, "{:?}", String::from_utf8_lossy(bytes));
        }
    }

    #[test]
    fn a_name_is_the_last_part_with_the_end_of_its_kind() {
        assert_eq!(name("合同 3.doc", Kind::Pdf), "合同 3.pdf");
        assert_eq!(name("..\\..\\etc/pass\"wd\r\n.exe", Kind::Csv), "passwd.csv");
        assert_eq!(name("fdp\u{202e}exe.pdf", Kind::Pdf), "fdpexe.pdf");
        assert_eq!(name("...", Kind::Png), "file.png");
        assert_eq!(name(&"长".repeat(300), Kind::Jpeg).chars().count(), 85);
    }
}
