//! Work that several threads share: many questions, each answered alone.

use std::num::NonZero;
use std::sync::atomic::{AtomicUsize, Ordering};

/// How many threads are worth starting beside this one for work that would keep so many threads busy: no more than there are other processors.
#[must_use]
pub fn helpers(worthwhile: usize) -> usize {
    if worthwhile < 2 {
        return 0;
    }
    let processors = std::thread::available_parallelism().map_or(1, NonZero::get);
    processors.min(worthwhile).saturating_sub(1)
}

/// The answers to questions, in their order. Each thread takes the next question when it is free: this one answers by `own`, each helper by what `helper` makes
/// for it.
///
/// # Panics
/// Where answering does.
pub fn in_order<Q, T, H>(
    questions: &[Q],
    helpers: usize,
    helper: impl Fn() -> H + Sync,
    own: impl FnMut(&Q) -> T,
) -> Vec<T>
where
    Q: Sync,
    T: Send,
    H: FnMut(&Q) -> T,
{
    let next = AtomicUsize::new(0);
    let mut answers = std::thread::scope(|scope| {
        let helpers: Vec<_> = (0..helpers.min(questions.len().saturating_sub(1)))
            .map(|_| scope.spawn(|| answered(questions, &next, helper())))
            .collect();
        let mut answers = answered(questions, &next, own);
        for helper in helpers {
            answers.extend(helper.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)));
        }
        answers
    });
    answers.sort_unstable_by_key(|(at, _)| *at);
    answers.into_iter().map(|(_, answer)| answer).collect()
}

/// The questions that one thread takes, by position, with their answers.
fn answered<Q, T>(questions: &[Q], next: &AtomicUsize, mut answer: impl FnMut(&Q) -> T) -> Vec<(usize, T)> {
    let mine = std::iter::from_fn(|| {
        let at = next.fetch_add(1, Ordering::Relaxed);
        Some((at, answer(questions.get(at)?)))
    });
    mine.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_stand_in_the_order_of_the_questions() {
        let double = |number: &usize| 2 * number;
        for count in [0, 1, 100] {
            let questions: Vec<usize> = (0..count).collect();
            let expected: Vec<usize> = questions.iter().map(double).collect();
            for helpers in 0..4 {
                assert_eq!(in_order(&questions, helpers, || double, double), expected);
            }
        }
    }
}
