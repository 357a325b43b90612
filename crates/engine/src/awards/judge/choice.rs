//! Which versions of a measure a line may fall under, by days alone: those whose time holds its anchor. Neither the anchor nor the first day of a series lies after
//! the determination's date.

use meed_facts::date::{Date, Span};

use super::periods::Between;
use crate::awards::certainty::Certainty;

/// When something is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Day {
    /// It has no day.
    Never,
    /// Between two days.
    Between(Between),
}

/// A version as far as it matters when it is in force.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Candidate {
    /// Its time.
    pub span: Span,
    /// The day that must lie in it; `None` where the determination's date did.
    pub anchor: Option<Day>,
    /// The first day of a series.
    pub start: Option<Day>,
}

/// The versions that a line may fall under.
#[derive(Clone, Debug)]
pub(crate) struct Choice {
    /// Whether each is the one.
    pub fits: Vec<Certainty>,
    /// Whether the line may begin where no version is in force, or after the determination's date.
    pub out_of_force: Certainty,
    /// Whether the anchor may lie before the first version that the package knows.
    pub text_missing: Certainty,
}

impl Choice {
    /// The choice on a date.
    pub fn of(candidates: &[Candidate], today: Date) -> Self {
        let in_force = |candidate: &Candidate| match candidate.anchor {
            None => Certainty::Yes,
            Some(Day::Never) => Certainty::Maybe,
            Some(Day::Between(days)) => inside(candidate.span, days).and(not_after(days, today)),
        };
        let begun = |candidate: &Candidate| match candidate.start {
            None => Certainty::Yes,
            Some(Day::Never) => Certainty::Maybe,
            Some(Day::Between(days)) => not_after(days, today),
        };
        let mut fits: Vec<Certainty> = candidates.iter().map(|one| in_force(one).and(begun(one))).collect();
        let best = fits.iter().copied().max().unwrap_or(Certainty::No);
        for fits in fits.iter_mut().filter(|fits| **fits != best) {
            *fits = Certainty::No;
        }
        let (mut out_of_force, mut text_missing) = (Certainty::No, Certainty::No);
        match candidates.iter().rev().find_map(|candidate| candidate.anchor) {
            _ if best.certain() => {}
            Some(Day::Between(days)) => {
                let spans: Vec<Span> = candidates.iter().map(|candidate| candidate.span).collect();
                let first = spans.iter().map(|span| span.from).min().flatten();
                let past = not_after(days, today);
                text_missing = first.map_or(Certainty::No, |first| before(days, first)).and(past);
                let may_begin_later = |one: &Candidate| in_force(one).possible() && !begun(one).certain();
                let perhaps =
                    past == Certainty::Maybe || candidates.iter().any(may_begin_later) || leaves_gap(spans, days);
                out_of_force = match (past, best) {
                    (Certainty::No, _) => Certainty::Yes,
                    (_, Certainty::No) => text_missing.negated(),
                    _ => Certainty::known(perhaps).and(Certainty::Maybe),
                };
            }
            // No day is meant, so no text is missing for it.
            Some(Day::Never) | None => out_of_force = Certainty::Maybe,
        }
        Self {
            fits,
            out_of_force,
            text_missing,
        }
    }

    /// Whether one version is the one.
    pub fn is_certain(&self) -> bool {
        self.fits.contains(&Certainty::Yes)
    }
}

/// Whether a date lies before a day.
fn before((low, high): Between, day: Date) -> Certainty {
    let (surely, never) = (high.is_some_and(|high| high < day), low.is_some_and(|low| low >= day));
    between(surely, never)
}

/// Whether a date has come on a day.
fn not_after((low, high): Between, day: Date) -> Certainty {
    let (surely, never) = (high.is_some_and(|high| high <= day), low.is_some_and(|low| low > day));
    between(surely, never)
}

/// Whether a date lies in a span.
fn inside(span: Span, (low, high): Between) -> Certainty {
    let after = |day: Option<Date>, end: Option<Date>| matches!((day, end), (Some(day), Some(end)) if day >= end);
    let begun = span.from.is_none_or(|from| low.is_some_and(|low| low >= from));
    let ended = span.until.is_none_or(|until| high.is_some_and(|high| high < until));
    let never = after(low, span.until) || matches!((high, span.from), (Some(high), Some(from)) if high < from);
    between(begun && ended, never)
}

fn between(surely: bool, never: bool) -> Certainty {
    match (surely, never) {
        (_, true) => Certainty::No,
        (true, _) => Certainty::Yes,
        (false, false) => Certainty::Maybe,
    }
}

/// Whether a date between the two may lie after the first version's start and yet in none of the spans.
fn leaves_gap(mut spans: Vec<Span>, (low, high): Between) -> bool {
    spans.sort_unstable();
    let mut covered: Option<Date> = low.max(spans.first().and_then(|span| span.from));
    for span in spans {
        let Some(from) = covered else {
            // Nothing bounds the date from below, and the first version is open there.
            covered = span.until;
            if covered.is_none() {
                return false;
            }
            continue;
        };
        if span.from.is_some_and(|start| start > from) {
            return high.is_none_or(|high| high >= from);
        }
        match span.until {
            None => return false,
            Some(until) => covered = Some(until.max(from)),
        }
    }
    high.is_none_or(|high| covered.is_none_or(|covered| high >= covered))
}
