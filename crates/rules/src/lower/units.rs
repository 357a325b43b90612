//! Arithmetic of units: sums need the same unit, products and quotients carry them.

use meed_facts::schema::Schema;

use crate::program::{Base, Dimension};

/// The unit of a product.
pub(super) fn product(a: &Dimension, b: &Dimension) -> Option<Dimension> {
    combine(a, b, 1)
}

/// The unit of a quotient.
pub(super) fn quotient(a: &Dimension, b: &Dimension) -> Option<Dimension> {
    combine(a, b, -1)
}

/// The unit of a whole power.
pub(super) fn power(a: &Dimension, exponent: u8) -> Option<Dimension> {
    let exponent = i8::try_from(exponent).ok()?;
    let powers: Option<Vec<_>> =
        a.0.iter()
            .map(|(base, power)| Some((*base, power.checked_mul(exponent)?)))
            .collect();
    Some(Dimension(
        powers?.into_iter().filter(|(_, power)| *power != 0).collect(),
    ))
}

fn combine(a: &Dimension, b: &Dimension, sign: i8) -> Option<Dimension> {
    let mut powers = a.0.clone();
    for (base, power) in &b.0 {
        let power = power.checked_mul(sign)?;
        match powers.iter_mut().find(|(known, _)| known == base) {
            Some((_, known)) => *known = known.checked_add(power)?,
            None => powers.push((*base, power)),
        }
    }
    powers.retain(|(_, power)| *power != 0);
    powers.sort_unstable();
    Some(Dimension(powers))
}

/// A unit as people write it: `CNY`, `CNY/tce`, `tce^2`.
pub(super) fn show(unit: &Dimension, schema: &Schema) -> String {
    let name = |base: &Base| match base {
        Base::Money(currency) => currency.code().to_owned(),
        Base::Unit(unit) => schema.units[*unit].name.to_string(),
    };
    let part = |(base, power): &(Base, i8)| match power.unsigned_abs() {
        1 => name(base),
        power => format!("{}^{power}", name(base)),
    };
    let above: Vec<_> = unit.0.iter().filter(|(_, power)| *power > 0).map(part).collect();
    let below: Vec<_> = unit.0.iter().filter(|(_, power)| *power < 0).map(part).collect();
    match (above.is_empty(), below.is_empty()) {
        (true, true) => "number".to_owned(),
        (false, true) => above.join("·"),
        (true, false) => format!("1/{}", below.join("·")),
        (false, false) => format!("{}/{}", above.join("·"), below.join("·")),
    }
}
