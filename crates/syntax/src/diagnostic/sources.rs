//! The files that findings point into, and where in them a byte stands.

/// One file of a [`Sources`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FileId(pub u32);

/// Where a reader finds a byte. Both count from 1; the column counts characters (Unicode scalar values).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Location {
    /// The line.
    pub line: u32,
    /// The column, in characters.
    pub column: u32,
}

/// One file's path and text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    path: String,
    text: String,
    /// The byte at which each line begins.
    lines: Vec<usize>,
}

impl Source {
    /// A file at `path` (relative to the package, with `/`).
    pub fn new(path: impl Into<String>, text: impl Into<String>) -> Self {
        let text = text.into();
        let after_breaks = text
            .bytes()
            .enumerate()
            .filter(|&(_, byte)| byte == b'\n')
            .map(|(at, _)| at.saturating_add(1));
        let lines = std::iter::once(0).chain(after_breaks).collect();
        Source {
            path: path.into(),
            text,
            lines,
        }
    }

    /// Its path.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.path
    }

    /// Its text.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Line and column of a byte. A byte inside a character belongs to that character; one past the end to the end.
    #[must_use]
    pub fn location(&self, byte: u32) -> Location {
        let byte = self.floor(byte);
        let line = self.lines.partition_point(|&start| start <= byte);
        let start = line
            .checked_sub(1)
            .and_then(|index| self.lines.get(index))
            .copied()
            .unwrap_or(0);
        let column = self
            .text
            .get(start..byte)
            .map_or(0, |before| before.chars().count())
            .saturating_add(1);
        Location {
            line: u32::try_from(line).unwrap_or(u32::MAX),
            column: u32::try_from(column).unwrap_or(u32::MAX),
        }
    }

    /// The whole lines that hold bytes `start..end`: the number of the first, the byte at which it begins, and their text.
    #[must_use]
    pub(super) fn lines(&self, start: u32, end: u32) -> (usize, usize, &str) {
        let (start, end) = (self.floor(start), self.floor(end.max(start)));
        let first = self.lines.partition_point(|&begin| begin <= start).max(1);
        let begin = self.lines.get(first.saturating_sub(1)).copied().unwrap_or(0);
        let after = self.lines.partition_point(|&begin| begin <= end);
        let stop = self.lines.get(after).copied().unwrap_or(self.text.len());
        (first, begin, self.text.get(begin..stop).unwrap_or_default())
    }

    /// The nearest boundary of a character at or before `byte`, within the text.
    #[must_use]
    pub(super) fn floor(&self, byte: u32) -> usize {
        self.text
            .floor_char_boundary(usize::try_from(byte).unwrap_or(usize::MAX))
    }
}

/// The files of a package, by [`FileId`] in the order in which they were added.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sources {
    files: Vec<Source>,
}

impl Sources {
    /// No files.
    #[must_use]
    pub fn new() -> Self {
        Sources::default()
    }

    /// Adds a file and names it.
    pub fn add(&mut self, path: impl Into<String>, text: impl Into<String>) -> FileId {
        let id = FileId(u32::try_from(self.files.len()).unwrap_or(u32::MAX));
        self.files.push(Source::new(path, text));
        id
    }

    /// A file, if it is one of these.
    #[must_use]
    pub fn get(&self, id: FileId) -> Option<&Source> {
        self.files.get(usize::try_from(id.0).ok()?)
    }

    /// All files with their names.
    pub fn iter(&self) -> impl Iterator<Item = (FileId, &Source)> {
        (0..).map(FileId).zip(&self.files)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_count_characters_and_lines_begin_after_breaks() {
        let file = Source::new("a.md", "人才\r\nab\n");
        let at = |byte| (file.location(byte).line, file.location(byte).column);
        assert_eq!(
            [at(0), at(3), at(4), at(8), at(9), at(11), at(99)],
            [(1, 1), (1, 2), (1, 2), (2, 1), (2, 2), (3, 1), (3, 1)]
        );
    }
}
