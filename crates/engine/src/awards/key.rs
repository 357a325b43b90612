//! What lines have in common: keys of combination clauses, and which lines may share one.

use std::collections::BTreeMap;
use std::sync::Arc;

/// What is the same for lines taken together.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Key {
    /// The applicant: all lines.
    Applicant,
    /// This value, in its written form.
    Known(Arc<str>),
    /// Not known; it may be any.
    Unknown,
}

impl Key {
    /// The key of which these are the parts.
    pub fn of(parts: Vec<Arc<str>>) -> Self {
        Key::Known(match parts.as_slice() {
            [one] => one.clone(),
            // Each with its length, so that no two lists of parts are written alike.
            parts => parts
                .iter()
                .map(|part| format!("{}:{part};", part.len()))
                .collect::<String>()
                .into(),
        })
    }
}

/// Lines that may share a key.
///
/// Lines of one class share it for certain; lines of two classes of a pool may share it or not; lines of two pools do not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pool {
    /// Positions of lines, by class.
    pub classes: Vec<Vec<usize>>,
}

impl Pool {
    /// All its lines.
    pub fn lines(&self) -> Vec<usize> {
        let mut lines: Vec<usize> = self.classes.iter().flatten().copied().collect();
        lines.sort_unstable();
        lines
    }

    /// Whether it is known that all its lines share the key.
    pub fn is_certain(&self) -> bool {
        self.classes.len() <= 1
    }

    /// The lines that share the key with this one for certain.
    pub fn class_of(&self, line: usize) -> &[usize] {
        self.classes
            .iter()
            .find(|class| class.contains(&line))
            .map_or(&[], Vec::as_slice)
    }
}

/// Sorts lines into pools. Where somebody has still to judge what is the same (`judged`), different keys may yet be one.
pub fn pools<'a>(keys: impl IntoIterator<Item = (usize, &'a Key)>, judged: bool) -> Vec<Pool> {
    let mut known: BTreeMap<&Key, Vec<usize>> = BTreeMap::new();
    let mut unknown = Vec::new();
    for (line, key) in keys {
        match key {
            Key::Unknown => unknown.push(vec![line]),
            key => known.entry(key).or_default().push(line),
        }
    }
    if unknown.is_empty() && !judged {
        return known.into_values().map(|class| Pool { classes: vec![class] }).collect();
    }
    let classes: Vec<Vec<usize>> = known.into_values().chain(unknown).collect();
    if classes.is_empty() {
        Vec::new()
    } else {
        vec![Pool { classes }]
    }
}
