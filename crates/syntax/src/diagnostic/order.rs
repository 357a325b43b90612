//! The one order in which findings are shown, whatever the order in which they were found.

use super::{Diagnostic, Severity, Sources};

/// The findings by path, place and code, each once.
#[must_use]
pub fn in_order<'a>(found: &'a [Diagnostic], sources: &Sources) -> Vec<&'a Diagnostic> {
    let mut ordered: Vec<&Diagnostic> = found.iter().collect();
    ordered.sort_by_cached_key(|one| {
        let path = sources.get(one.span.file).map(|file| file.path().to_owned());
        (
            path,
            one.span.start,
            one.span.end,
            one.code,
            one.message.clone(),
            one.related.clone(),
        )
    });
    ordered.dedup();
    ordered
}

/// How many findings of each severity there are: errors, warnings, notes.
pub(super) fn tally(found: &[&Diagnostic]) -> [usize; 3] {
    [Severity::Error, Severity::Warning, Severity::Note]
        .map(|severity| found.iter().filter(|one| one.severity == severity).count())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::{Code, Span};

    #[test]
    fn documents_may_come_in_any_order() {
        let mut sources = Sources::new();
        let later = sources.add("b.md", "b");
        let earlier = sources.add("a.md", "a");
        let at = |file| Diagnostic::new(Code::UnknownName, Span::new(file, 0, 1), Code::UnknownName);
        let found = [at(later), at(earlier), at(later)];
        let files: Vec<_> = in_order(&found, &sources).iter().map(|one| one.span.file).collect();
        assert_eq!(files, [earlier, later]);
    }
}
