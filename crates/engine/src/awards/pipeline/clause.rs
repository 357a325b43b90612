//! A combination clause with its seats filled by the lines of a determination.

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::sync::Arc;

use meed_facts::record::AwardRecord;
use meed_rules::program::{CombineId, Cut, MeasureId};

use crate::awards::amount::{self, Amount};
use crate::awards::certainty::Certainty;
use crate::awards::claim::Claim;
use crate::awards::history::{History, Received};
use crate::awards::key::{Key, Pool, pools};

/// What a clause does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Form {
    /// Only the highest.
    HighestOf,
    /// One of the measures; `first` goes before the others where the clause says so.
    Exclusive {
        /// The measure that goes first.
        first: Option<MeasureId>,
    },
    /// The rung reached, less what the ladder paid.
    TopUp,
    /// Together at most a limit.
    AtMost(Cut),
    /// The text is silent.
    Unresolved,
}

/// A combination clause over the lines of one determination.
#[derive(Clone, Debug)]
pub struct Clause {
    /// Which; `None` for lines of one measure that is paid once for each key.
    pub id: Option<CombineId>,
    /// What it does.
    pub form: Form,
    /// Its members with the names under which history knows them, in the clause's order.
    pub members: Vec<(MeasureId, Arc<str>)>,
    /// The lines it is about.
    pub seats: Vec<Seat>,
    /// The year to which earlier awards must belong to count.
    pub year: Option<i16>,
    /// Whether somebody has still to judge which keys are the same.
    pub judged: bool,
    /// The member that the applicant chose.
    pub chosen: Option<MeasureId>,
}

/// A line's place in a clause.
#[derive(Clone, Debug)]
pub struct Seat {
    /// Position of the line.
    pub line: usize,
    /// Position of its measure among the members.
    pub rank: usize,
    /// What it has in common with others.
    pub key: Key,
    /// What a ceiling allows.
    pub limit: Limit,
}

/// What a ceiling allows the lines of one key.
#[derive(Clone, Debug, Default)]
pub struct Limit {
    /// How much; without limit where `None`.
    pub at_most: Option<Amount>,
    /// Whether it need not hold the line: it may be outside, or stand for lines with several keys.
    pub loose: bool,
    /// Other public money that counts towards it: what it was stated of (the same money is counted once), and how much.
    pub counting: Vec<(u64, Amount)>,
}

impl Clause {
    /// Those of its lines that take part, by what they may have in common.
    pub fn pools(&self, takes_part: impl Fn(&Seat) -> bool) -> Vec<Pool> {
        let seats = self.seats.iter().filter(|seat| takes_part(seat));
        pools(seats.map(|seat| (seat.line, &seat.key)), self.judged)
    }

    /// A line's seat.
    pub fn seat(&self, line: usize) -> Option<&Seat> {
        self.seats.iter().find(|seat| seat.line == line)
    }

    /// The place of a line among equals: the position of its measure in the clause, then its key, then its position.
    pub fn place<'a>(&self, claims: &'a [Claim], line: usize) -> (usize, Option<&'a Arc<str>>, usize) {
        let rank = self.seat(line).map_or(usize::MAX, |seat| seat.rank);
        (rank, claims.get(line).and_then(|claim| claim.key.as_ref()), line)
    }

    /// Which of two lines comes first among equals.
    pub fn order(&self, claims: &[Claim], a: usize, b: usize) -> Ordering {
        self.place(claims, a).cmp(&self.place(claims, b))
    }

    /// What members for which `counts` received before for the key of these lines.
    pub fn received(
        &self,
        claims: &[Claim],
        history: &History,
        class: &[usize],
        counts: impl Fn(MeasureId) -> bool,
    ) -> Received {
        history.received(self.year, |award| {
            let Some((measure, _)) = self.members.iter().find(|(_, name)| *name == award.measure) else {
                return Certainty::No;
            };
            if counts(*measure) {
                self.concerns(claims, award, *measure, class)
            } else {
                Certainty::No
            }
        })
    }

    /// Whether an earlier award of a measure was for the key of these lines.
    fn concerns(&self, claims: &[Claim], award: &AwardRecord, measure: MeasureId, class: &[usize]) -> Certainty {
        let Some(seat) = class.first().and_then(|line| self.seat(*line)) else {
            return Certainty::No;
        };
        let peers = self.seats.iter().filter_map(|seat| {
            let claim = claims.get(seat.line)?;
            Some((claim.measure == measure, claim.key.as_deref(), &seat.key))
        });
        let same = concerns(award.key.as_deref(), &seat.key, peers);
        if self.judged { same.or(Certainty::Maybe) } else { same }
    }
}

/// Whether an earlier award that states this key was for lines with `key`. Peers are the lines at hand: whether a line is one of the award's measure, its own key,
/// and the key that is asked about. An award of a line at hand has that line's key; else its key is read as the key itself, unless lines' keys are of another kind.
pub fn concerns<'a>(
    stated: Option<&str>,
    key: &Key,
    peers: impl Iterator<Item = (bool, Option<&'a str>, &'a Key)>,
) -> Certainty {
    let (key, stated) = match (key, stated) {
        (Key::Applicant, _) => return Certainty::Yes,
        (Key::Unknown, _) | (_, None) => return Certainty::Maybe,
        (Key::Known(key), Some(stated)) => (key, stated),
    };
    if &**key == stated {
        return Certainty::Yes;
    }
    let mut lines_bear_it = true;
    for (same_measure, own, peer) in peers {
        if same_measure && own == Some(stated) {
            return match peer {
                Key::Known(other) => Certainty::known(other == key),
                Key::Applicant | Key::Unknown => Certainty::Maybe,
            };
        }
        lines_bear_it &= match peer {
            Key::Known(peer) => own.is_none_or(|own| own == &**peer),
            Key::Applicant | Key::Unknown => false,
        };
    }
    if lines_bear_it { Certainty::No } else { Certainty::Maybe }
}

/// What limits of several lines come to.
#[derive(Clone, Copy, Debug)]
pub struct Common {
    /// How much they allow: any of their limits where they differ.
    pub allowed: Amount,
    /// The money that counts towards it, the same money once.
    pub counted: Amount,
}

impl Limit {
    /// What limits of several lines come to; `None` where none of them applies.
    pub fn common<'a>(limits: impl IntoIterator<Item = &'a Limit>) -> Option<Common> {
        let mut allowed: Option<Amount> = None;
        let mut counted: BTreeMap<u64, Amount> = BTreeMap::new();
        for limit in limits {
            if let Some(at_most) = limit.at_most {
                allowed = Some(allowed.map_or(at_most, |allowed| allowed.hull(at_most)));
            }
            counted.extend(limit.counting.iter().copied());
        }
        let counted = amount::sum(counted.into_values());
        allowed.map(|allowed| Common { allowed, counted })
    }
}

/// The line that bears an amount in place of another: its measure and key.
pub type Bearer = Option<(MeasureId, Option<Arc<str>>)>;
