//! Conditions on one number, as the bands of values for which they hold.

use meed_facts::ratio::{Ratio, Rounding};
use meed_facts::schema::FactType;
use meed_facts::value::Scalar;

use crate::program::{Aggregate, Cmp, NodeId, Op, Program, Type};

/// How deep conditions are followed, and how many bands are kept; beyond, nothing is claimed.
const DEPTH: u8 = 16;
const MOST: usize = 64;

/// One end of a band, and whether it belongs to the band.
type End = Option<(Ratio, bool)>;

/// Numbers from one end to the other; an absent end is unbounded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Band {
    pub(super) low: End,
    pub(super) high: End,
}

/// For which values of one node a condition holds.
#[derive(Clone, Debug)]
pub(super) struct Region {
    pub(super) of: NodeId,
    pub(super) bands: Vec<Band>,
    /// Whether the node's value is always whole.
    pub(super) is_whole: bool,
}

impl Region {
    /// The region of a condition that sets one number against constants.
    pub(super) fn of(program: &Program, condition: NodeId) -> Option<Region> {
        let (of, bands) = read(program, condition, DEPTH)?;
        matches!(program.nodes[of].ty, Type::Number(_)).then(|| Region {
            of,
            bands,
            is_whole: is_whole(program, of),
        })
    }

    /// A value for which both hold.
    pub(super) fn shared(&self, other: &Region) -> Option<Ratio> {
        intersection(&self.bands, &other.bands)?
            .iter()
            .find_map(|band| band.value(self.is_whole))
    }

    /// A value for which this holds, and none of the others.
    pub(super) fn beyond<'a>(&self, others: impl Iterator<Item = &'a Region>) -> Option<Ratio> {
        let mut left = self.bands.clone();
        for band in others.flat_map(|other| &other.bands) {
            left = left.iter().flat_map(|one| one.without(band)).collect();
        }
        left.iter().find_map(|band| band.value(self.is_whole))
    }

    /// Whether it holds nowhere.
    pub(super) fn is_empty(&self) -> bool {
        !self.bands.iter().any(|band| band.value(self.is_whole).is_some())
    }

    /// All values that a fact, or a number of children, may have, negative ones aside; `None` of other values, whose range is not known.
    pub(super) fn whole_domain(&self, program: &Program) -> Option<Region> {
        let mut bands = vec![Band {
            low: Some((Ratio::ZERO, true)),
            high: None,
        }];
        match &program.nodes[self.of].op {
            Op::Fact { fact, .. } | Op::FactAt { fact, .. } => {
                if let Some(range) = &program.schema.facts[*fact].bounds {
                    let end = |bound: &Option<meed_facts::value::Bound>| match bound {
                        Some(bound) => match &bound.value {
                            Scalar::Number(value) => Some(Some((value.clone(), bound.closed))),
                            _ => None,
                        },
                        None => Some(None),
                    };
                    let stated = Band {
                        low: end(&range.low)?,
                        high: end(&range.high)?,
                    };
                    bands = intersection(&bands, &[stated])?;
                }
            }
            Op::Aggregate {
                kind: Aggregate::Count | Aggregate::CountDistinct,
                ..
            } => {}
            _ => return None,
        }
        Some(Region { bands, ..self.clone() })
    }
}

impl Band {
    /// A value in the band, a whole one where only those exist.
    fn value(&self, whole: bool) -> Option<Ratio> {
        if whole && (self.low.is_some() || self.high.is_some()) {
            return self.whole_value();
        }
        match (&self.low, &self.high) {
            (None, None) => Some(Ratio::ZERO),
            (Some((low, true)), None) => Some(low.clone()),
            (Some((low, false)), None) => low.checked_add(&Ratio::ONE),
            (None, Some((high, true))) => Some(high.clone()),
            (None, Some((high, false))) => high.checked_sub(&Ratio::ONE),
            (Some((low, low_in)), Some((high, high_in))) => match low.cmp(high) {
                std::cmp::Ordering::Less if *low_in => Some(low.clone()),
                std::cmp::Ordering::Less if *high_in => Some(high.clone()),
                std::cmp::Ordering::Less => low.checked_add(high)?.checked_div(&Ratio::from_int(2)),
                std::cmp::Ordering::Equal if *low_in && *high_in => Some(low.clone()),
                _ => None,
            },
        }
    }

    fn whole_value(&self) -> Option<Ratio> {
        let first = match &self.low {
            None => {
                let (high, is_in) = self.high.as_ref()?;
                let down = high.round_whole(Rounding::Floor);
                return if *is_in || down < *high {
                    Some(down)
                } else {
                    down.checked_sub(&Ratio::ONE)
                };
            }
            Some((low, is_in)) => {
                let up = low.round_whole(Rounding::Ceiling);
                if *is_in || up > *low {
                    up
                } else {
                    up.checked_add(&Ratio::ONE)?
                }
            }
        };
        match &self.high {
            Some((high, is_in)) if first > *high || (first == *high && !is_in) => None,
            _ => Some(first),
        }
    }

    /// What of the band lies outside another.
    fn without(&self, other: &Band) -> Vec<Band> {
        let mut left = Vec::new();
        if let Some((low, is_in)) = &other.low {
            let below = Band {
                low: None,
                high: Some((low.clone(), !is_in)),
            };
            left.push(self.meet(&below));
        }
        if let Some((high, is_in)) = &other.high {
            let above = Band {
                low: Some((high.clone(), !is_in)),
                high: None,
            };
            left.push(self.meet(&above));
        }
        left.retain(|band| band.value(false).is_some());
        left
    }

    fn meet(&self, other: &Band) -> Band {
        let tighter = |a: &End, b: &End, is_low: bool| match (a, b) {
            (None, end) | (end, None) => end.clone(),
            (Some((a, a_in)), Some((b, b_in))) => Some(match a.cmp(b) {
                std::cmp::Ordering::Equal => (a.clone(), *a_in && *b_in),
                order => {
                    if order.is_gt() == is_low {
                        (a.clone(), *a_in)
                    } else {
                        (b.clone(), *b_in)
                    }
                }
            }),
        };
        Band {
            low: tighter(&self.low, &other.low, true),
            high: tighter(&self.high, &other.high, false),
        }
    }
}

fn intersection(a: &[Band], b: &[Band]) -> Option<Vec<Band>> {
    let bands: Vec<Band> = a.iter().flat_map(|a| b.iter().map(|b| a.meet(b))).collect();
    let bands: Vec<Band> = bands.into_iter().filter(|band| band.value(false).is_some()).collect();
    (bands.len() <= MOST).then_some(bands)
}

fn read(program: &Program, condition: NodeId, depth: u8) -> Option<(NodeId, Vec<Band>)> {
    let depth = depth.checked_sub(1)?;
    match &program.nodes[condition].op {
        Op::Named { args, body, .. } if args.is_empty() => read(program, *body, depth),
        Op::Compare(cmp, a, b) => match (number(program, *a), number(program, *b)) {
            (None, Some(value)) => Some((*a, of_comparison(*cmp, value))),
            (Some(value), None) => Some((*b, of_comparison(cmp.mirrored(), value))),
            _ => None,
        },
        Op::All(list) => {
            let mut read = list.iter().map(|one| read(program, one.node, depth));
            let (of, mut bands) = read.next()??;
            for one in read {
                let (other, more) = one?;
                bands = (other == of).then(|| intersection(&bands, &more))??;
            }
            Some((of, bands))
        }
        Op::Any(list) => {
            let mut read = list.iter().map(|one| read(program, one.node, depth));
            let (of, mut bands) = read.next()??;
            for one in read {
                let (other, more) = one?;
                bands.extend(more);
                if other != of || bands.len() > MOST {
                    return None;
                }
            }
            Some((of, bands))
        }
        _ => None,
    }
}

fn of_comparison(cmp: Cmp, value: &Ratio) -> Vec<Band> {
    let end = |is_in| Some((value.clone(), is_in));
    let below = |is_in| Band {
        low: None,
        high: end(is_in),
    };
    let above = |is_in| Band {
        low: end(is_in),
        high: None,
    };
    match cmp {
        Cmp::Lt => vec![below(false)],
        Cmp::Le => vec![below(true)],
        Cmp::Gt => vec![above(false)],
        Cmp::Ge => vec![above(true)],
        Cmp::Eq => vec![Band {
            low: end(true),
            high: end(true),
        }],
        Cmp::Ne => vec![below(false), above(false)],
    }
}

/// Whether a comparison of two values of this order holds.
pub(super) fn holds(cmp: Cmp, order: std::cmp::Ordering) -> bool {
    match cmp {
        Cmp::Lt => order.is_lt(),
        Cmp::Le => order.is_le(),
        Cmp::Gt => order.is_gt(),
        Cmp::Ge => order.is_ge(),
        Cmp::Eq => order.is_eq(),
        Cmp::Ne => order.is_ne(),
    }
}

/// A number that the text itself writes.
pub(super) fn number(program: &Program, node: NodeId) -> Option<&Ratio> {
    match (&program.nodes[node].op, &program.nodes[node].ty) {
        (Op::Const(Scalar::Number(value)), Type::Number(_)) => Some(value),
        _ => None,
    }
}

fn is_whole(program: &Program, node: NodeId) -> bool {
    match &program.nodes[node].op {
        Op::Fact { fact, .. } | Op::FactAt { fact, .. } => program.schema.facts[*fact].ty == FactType::Count,
        Op::Aggregate { kind, .. } => matches!(kind, Aggregate::Count | Aggregate::CountDistinct),
        _ => false,
    }
}
