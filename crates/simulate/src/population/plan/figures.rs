//! A model's figures as whole numbers: what the file writes as decimals is read as it stands there, never computed with.

use meed_facts::batch::scaled;
use meed_facts::ratio::Ratio;

use crate::population::draw::{Quantiles, WHOLE};

/// Decimal places of percentages, and of quantities that are rounded to whole ones at the end.
pub(super) const HUNDREDTHS: u8 = 2;

/// A figure of the file in units of that many decimal places; `None` where it has more, or is too large.
pub(super) fn whole(figure: f64, places: u8) -> Option<i64> {
    // The shortest decimal that reads back as the same number, which is how the file wrote it.
    scaled(&Ratio::parse_decimal(&figure.to_string()).ok()?, places)
}

/// Quantiles of the file; `None` also where they fall.
pub(super) fn quantiles(figures: &[f64; 6], places: u8) -> Option<Quantiles> {
    let mut values = [0; 6];
    for (value, figure) in values.iter_mut().zip(figures) {
        *value = whole(*figure, places)?;
    }
    Quantiles::new(values)
}

/// A chance of the file, 0 to 100 %.
pub(in crate::population) fn chance(percent: f64) -> Option<i64> {
    whole(percent, HUNDREDTHS).filter(|chance| (0..=WHOLE).contains(chance))
}
