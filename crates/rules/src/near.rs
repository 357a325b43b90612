//! «Did you mean»: the nearest known name.

use meed_syntax::diagnostic::{Code, Diagnostic, Message, Span};

/// The known name nearest to `name`, if one is near enough to be a likely slip.
pub fn nearest<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let most = name.chars().count().div_euclid(3).max(1);
    known
        .into_iter()
        .map(|candidate| (strsim::damerau_levenshtein(name, candidate), candidate))
        .filter(|(distance, _)| *distance <= most)
        .min()
        .map(|(_, candidate)| candidate)
}

/// That nothing of a kind (`en`, `zh`) has this name, with the nearest name that something has.
pub(crate) fn unknown<'a>(
    code: Code,
    name: &str,
    span: Span,
    known: impl IntoIterator<Item = &'a str>,
    (en, zh): (&str, &str),
) -> Diagnostic {
    let finding = Diagnostic::new(
        code,
        span,
        Message::new(format!("there is no {en} `{name}`"), format!("没有名为“{name}”的{zh}")),
    );
    suggesting(finding, name, known)
}

/// A finding with the known name that is likely meant, where one is near.
pub(crate) fn suggesting<'a>(finding: Diagnostic, name: &str, known: impl IntoIterator<Item = &'a str>) -> Diagnostic {
    match nearest(name, known) {
        None => finding,
        Some(near) => finding
            .help(Message::new(
                format!("did you mean `{near}`?"),
                format!("是否指“{near}”？"),
            ))
            .suggest(near),
    }
}
