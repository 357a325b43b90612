//! Random lines, clauses, histories and funds, and how much of them is known at a level.

use std::collections::BTreeMap;
use std::sync::Arc;

use meed_engine::awards::amount::Amount;
use meed_engine::awards::certainty::Certainty;
use meed_engine::awards::claim::Claim;
use meed_engine::awards::history::History;
use meed_engine::awards::key::Key;
use meed_engine::awards::pipeline::{Clause, Form, Limit, Occurrence, Pipeline, Seat};
use meed_facts::date::Date;
use meed_facts::money::{Currency, Money};
use meed_facts::record::{AwardRecord, AwardState, List};
use meed_rules::program::{CombineId, Cut, MeasureId};
use proptest::prelude::*;

pub const MEASURES: usize = 5;
const MOST_LINES: usize = 6;
/// The line for what an incomplete list of a measure does not name has this number and the measure's.
const REST: usize = 100;

/// From which level of not knowing on something is hidden: 0 never, 1 at the highest, 2 at both.
pub type Blur = u8;

/// How much is known: all at 0, least at 2.
pub type Level = u8;

#[derive(Clone, Debug)]
pub struct Line {
    pub measure: usize,
    pub amount: i128,
    pub eligible: bool,
    pub blur: Blur,
    pub widen: (i128, i128),
    /// From which level on the list that it is in does not name it.
    pub unlisted: Blur,
}

/// A line's place in a clause.
#[derive(Clone, Debug)]
pub struct Place {
    /// `None`: the key does not apply, so the line is not of the group.
    pub key: Option<u8>,
    pub key_blur: Blur,
    pub limit: Option<i128>,
    pub limit_blur: Blur,
    /// Which other public money counts for it.
    pub counting: Option<usize>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    Exclusive,
    Before,
    Highest,
    Ladder,
    InProportion,
    InOrder,
    Unsaid,
    Unresolved,
}

impl Kind {
    pub fn is_ceiling(self) -> bool {
        matches!(self, Self::InProportion | Self::InOrder | Self::Unsaid)
    }

    /// Where it stands unless an `after` says otherwise.
    fn stage(self) -> u8 {
        match self {
            Self::Exclusive | Self::Before => 0,
            Self::Highest => 1,
            Self::Ladder => 2,
            Self::InProportion | Self::InOrder | Self::Unsaid => 3,
            Self::Unresolved => 4,
        }
    }
}

#[derive(Clone, Debug)]
pub struct Combination {
    pub kind: Kind,
    pub members: Vec<usize>,
    pub places: Vec<Place>,
    pub by_key: bool,
    pub judged: bool,
    pub per_year: bool,
    pub chosen: Option<usize>,
    pub counted: Vec<(i128, Blur)>,
}

/// A measure that pays once.
#[derive(Clone, Debug)]
pub struct Once {
    pub measure: usize,
    pub counting: Vec<usize>,
    pub keys: Vec<(u8, Blur)>,
    pub per_value: bool,
}

#[derive(Clone, Debug)]
pub struct Earlier {
    pub measure: usize,
    pub key: u8,
    pub amount: i128,
    pub recovered: Option<i128>,
    pub year: i16,
    pub blur: Blur,
    pub hides: u8,
}

#[derive(Clone, Debug)]
pub struct World {
    pub lines: Vec<Line>,
    pub clauses: Vec<Combination>,
    pub once: Vec<Once>,
    pub history: Vec<Earlier>,
    pub history_blur: Blur,
    pub funded: Vec<usize>,
}

/// What is seen of a world.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seen {
    /// By line.
    pub amounts: BTreeMap<usize, Amount>,
    pub total: Amount,
    pub before_rationing: Amount,
    /// What the first two measures come to.
    pub part: Amount,
}

fn blur() -> impl Strategy<Value = Blur> {
    prop_oneof![4 => Just(0_u8), 1 => Just(1), 1 => Just(2)]
}

fn line() -> impl Strategy<Value = Line> {
    let unlisted = prop_oneof![9 => Just(0_u8), 1 => 1_u8..3];
    (
        0..MEASURES,
        1_i128..12,
        prop::bool::weighted(0.8),
        prop_oneof![2 => Just(0_u8), 1 => Just(1), 1 => Just(2)],
        (0_i128..6, 0_i128..6),
        unlisted,
    )
        .prop_map(|(measure, amount, eligible, blur, widen, unlisted)| Line {
            measure,
            amount,
            eligible,
            blur,
            widen,
            unlisted,
        })
}

fn place(limit: i128) -> impl Strategy<Value = Place> {
    (
        prop::option::weighted(0.95, 0_u8..3),
        blur(),
        prop::option::weighted(0.95, prop_oneof![9 => Just(limit), 1 => Just(limit + 2)]),
        blur(),
        prop::option::weighted(0.2, 0_usize..2),
    )
        .prop_map(|(key, key_blur, limit, limit_blur, counting)| Place {
            key,
            key_blur,
            limit,
            limit_blur,
            counting,
        })
}

fn combination() -> impl Strategy<Value = Combination> {
    use Kind::{Before, Exclusive, Highest, InOrder, InProportion, Ladder, Unresolved, Unsaid};
    let kinds = vec![
        Exclusive,
        Before,
        Highest,
        Ladder,
        InProportion,
        InOrder,
        Unsaid,
        Unresolved,
    ];
    (
        prop::sample::select(kinds),
        prop::sample::subsequence((0..MEASURES).collect::<Vec<_>>(), 1..=MEASURES).prop_shuffle(),
        (1_i128..25).prop_flat_map(|limit| prop::collection::vec(place(limit), MOST_LINES)),
        any::<bool>(),
        prop::bool::weighted(0.1),
        any::<bool>(),
        prop::option::weighted(0.2, 0..MEASURES),
        prop::collection::vec((0_i128..6, blur()), 2),
    )
        .prop_map(
            |(kind, members, places, by_key, judged, per_year, chosen, counted)| Combination {
                kind,
                members,
                places,
                by_key,
                judged: judged && by_key,
                per_year,
                chosen,
                counted,
            },
        )
}

fn once() -> impl Strategy<Value = Once> {
    (
        0..MEASURES,
        prop::sample::subsequence((0..MEASURES).collect::<Vec<_>>(), 0..3),
        prop::collection::vec((0_u8..3, blur()), MOST_LINES),
        any::<bool>(),
    )
        .prop_map(|(measure, counting, keys, per_value)| Once {
            measure,
            counting,
            keys,
            per_value,
        })
}

fn earlier() -> impl Strategy<Value = Earlier> {
    (
        0..MEASURES,
        0_u8..6,
        0_i128..8,
        prop::option::weighted(0.2, 0_i128..8),
        2022_i16..2024,
        0_u8..4,
        0_u8..4,
    )
        .prop_map(|(measure, key, amount, recovered, year, blur, hides)| Earlier {
            measure,
            key,
            amount,
            recovered,
            year,
            blur,
            hides,
        })
}

pub fn world() -> impl Strategy<Value = World> {
    (
        prop::collection::vec(line(), 1..=MOST_LINES),
        prop::collection::vec(combination(), 0..5),
        prop::bool::weighted(0.2),
        prop::collection::vec(once(), 0..2),
        prop::collection::vec(earlier(), 0..3),
        0_u8..4,
        prop_oneof![
            3 => Just(Vec::new()),
            1 => prop::sample::subsequence((0..MEASURES).collect::<Vec<_>>(), 1..3),
        ],
    )
        .prop_map(|(lines, mut clauses, after, mut once, history, history_blur, funded)| {
            once.dedup_by_key(|once| once.measure);
            // Every order is one that `after` may give.
            if !after {
                clauses.sort_by_key(|clause| clause.kind.stage());
            }
            World {
                lines,
                clauses,
                once,
                history,
                history_blur,
                funded,
            }
        })
}

pub fn measure(index: usize, rename: &[u32]) -> MeasureId {
    MeasureId::from_raw(la_arena::RawIdx::from_u32(rename[index]))
}

fn name(index: usize) -> Arc<str> {
    format!("m{index}").into()
}

fn hidden(blur: Blur, level: Level) -> bool {
    level > 0 && blur >= 1 && (level == 2 || blur >= 2)
}

fn own_key(line: usize) -> Arc<str> {
    format!("line{line}").into()
}

/// The key that an earlier award states: of a group, or of a line.
fn stated_key(key: u8) -> Arc<str> {
    match key {
        0..3 => format!("k{key}").into(),
        _ => own_key(usize::from(key) - 3),
    }
}

impl Combination {
    fn limit(&self, place: &Place, level: Level) -> Limit {
        let at_most = match (hidden(place.limit_blur, level), place.limit) {
            (true, None) => Some(Amount::UNKNOWN),
            (true, Some(limit)) => Some(Amount::between(limit - 1, Some(limit + 3))),
            (false, limit) => limit.map(Amount::exact),
        };
        let counted = |money: usize| {
            let (amount, blur) = self.counted[money];
            let known = if hidden(blur, level) {
                Amount::between(0, Some(amount + 2))
            } else {
                Amount::exact(amount)
            };
            (money as u64, known)
        };
        Limit {
            at_most,
            counting: place.counting.map(counted).into_iter().collect(),
            loose: place.limit.is_none(),
        }
    }
}

impl World {
    /// Every line in its order, the rests of incomplete lists last.
    pub fn order(&self) -> Vec<usize> {
        (0..self.lines.len())
            .chain((0..MEASURES).map(|measure| REST + measure))
            .collect()
    }

    fn is_listed(&self, line: usize, level: Level) -> bool {
        match self.lines.get(line) {
            Some(known) => !hidden(known.unlisted, level),
            None => self
                .lines
                .iter()
                .any(|unlisted| unlisted.measure == line - REST && hidden(unlisted.unlisted, level)),
        }
    }

    fn measure_of(&self, line: usize) -> usize {
        self.lines.get(line).map_or_else(|| line - REST, |line| line.measure)
    }

    fn claim(&self, index: usize, level: Level, rename: &[u32]) -> Claim {
        let id = measure(self.measure_of(index), rename);
        let Some(line) = self.lines.get(index) else {
            return Claim::new(id, None, Amount::UNKNOWN, Certainty::Maybe);
        };
        let (amount, verdict) = match (hidden(line.blur, level), level, line.eligible) {
            (false, _, true) => (Amount::exact(line.amount), Certainty::Yes),
            (false, _, false) => (Amount::ZERO, Certainty::No),
            (true, 1, true) => {
                let least = line.amount - line.widen.0.min(line.amount);
                (Amount::between(least, Some(line.amount + line.widen.1)), Certainty::Yes)
            }
            _ => (Amount::between(0, Some(line.amount + line.widen.1)), Certainty::Maybe),
        };
        let positive = match (amount.is_zero(), amount.low() > 0) {
            (true, _) => Certainty::No,
            (_, true) => Certainty::Yes,
            _ => Certainty::Maybe,
        };
        Claim::new(id, Some(own_key(index)), amount, verdict.and(positive))
    }

    fn seat(&self, clause: &Combination, (line, index): (usize, usize), level: Level) -> Option<Seat> {
        let own = self.measure_of(index);
        let rank = clause.members.iter().position(|member| *member == own)?;
        let place = clause.places.get(index);
        let key = match (clause.by_key, place) {
            (false, _) => Key::Applicant,
            (true, Some(place)) if !hidden(place.key_blur, level) => Key::Known(format!("k{}", place.key?).into()),
            (true, _) => Key::Unknown,
        };
        let mut limit = Limit::default();
        if clause.kind.is_ceiling() {
            limit = match place {
                Some(place) => clause.limit(place, level),
                None => self.limit_of_rest(clause, own, level),
            };
            // A key that may not apply leaves open whether the line is under the ceiling, and unlisted lines may have several keys.
            limit.loose |= clause.by_key && place.is_none_or(|place| place.key.is_none());
        }
        Some(Seat { line, rank, key, limit })
    }

    /// What is known of the limits of lines that are not listed: any of theirs.
    fn limit_of_rest(&self, clause: &Combination, own: usize, level: Level) -> Limit {
        let unlisted = self.lines.iter().zip(&clause.places);
        let unlisted = unlisted.filter(|(line, _)| line.measure == own && hidden(line.unlisted, level));
        let limits = unlisted.map(|(_, place)| clause.limit(place, level).at_most.unwrap_or(Amount::UNKNOWN));
        Limit {
            at_most: limits.reduce(Amount::hull),
            counting: vec![(u64::MAX, Amount::UNKNOWN)],
            loose: true,
        }
    }

    fn clause(&self, at: usize, level: Level, order: &[usize], rename: &[u32]) -> Clause {
        let group = &self.clauses[at];
        let members: Vec<(MeasureId, Arc<str>)> = group
            .members
            .iter()
            .map(|index| (measure(*index, rename), name(*index)))
            .collect();
        let first = members.first().map(|(id, _)| *id);
        let ids = || members.iter().map(|(id, _)| *id);
        let form = match group.kind {
            Kind::Highest => Form::HighestOf,
            Kind::Exclusive => Form::Exclusive { first: None },
            Kind::Before => Form::Exclusive { first },
            Kind::Ladder => Form::TopUp,
            Kind::InProportion => Form::AtMost(Cut::InProportion),
            Kind::InOrder => Form::AtMost(Cut::Order(ids().take(2).collect())),
            Kind::Unsaid => Form::AtMost(Cut::Unsaid),
            Kind::Unresolved => Form::Unresolved,
        };
        let chosen = group.chosen.filter(|chosen| group.members.contains(chosen));
        Clause {
            id: Some(CombineId::from_raw(la_arena::RawIdx::from_u32(at as u32))),
            form,
            seats: order
                .iter()
                .copied()
                .enumerate()
                .filter_map(|place| self.seat(group, place, level))
                .collect(),
            year: group.per_year.then_some(2023),
            judged: group.judged,
            chosen: chosen.map(|chosen| measure(chosen, rename)),
            members,
        }
    }

    fn occurrence(&self, once: &Once, level: Level, order: &[usize]) -> Occurrence {
        let own = |index: usize| self.measure_of(index) == once.measure;
        let seats = order
            .iter()
            .enumerate()
            .filter(|(_, index)| own(**index))
            .map(|(line, index)| {
                let key = match once.keys.get(*index) {
                    None => Key::Unknown,
                    Some(_) if !once.per_value => Key::Known(own_key(*index)),
                    Some((_, blur)) if hidden(*blur, level) => Key::Unknown,
                    Some((key, _)) => Key::Known(format!("k{key}").into()),
                };
                Seat {
                    line,
                    rank: 0,
                    key,
                    limit: Limit::default(),
                }
            });
        Occurrence {
            lines: Clause {
                id: None,
                form: Form::HighestOf,
                members: Vec::new(),
                seats: seats.collect(),
                year: None,
                judged: false,
                chosen: None,
            },
            once: true,
            per_value: once.per_value,
            counting: Vec::new(),
            running: BTreeMap::new(),
            names: once
                .counting
                .iter()
                .chain([&once.measure])
                .map(|index| name(*index))
                .collect(),
        }
    }

    fn history(&self, level: Level) -> History {
        if hidden(self.history_blur, level) && level == 2 {
            return History::of(None);
        }
        let items = self
            .history
            .iter()
            .filter(|award| !(hidden(self.history_blur, level) && award.blur > 0))
            .map(|award| {
                let hide = hidden(award.blur, level);
                let money = |minor| Money::from_minor(minor, Currency::CNY);
                AwardRecord {
                    measure: name(award.measure),
                    key: (!(hide && award.hides == 1)).then(|| stated_key(award.key)),
                    on: if hide && award.hides == 2 {
                        None
                    } else {
                        Date::new(award.year, 6, 1)
                    },
                    amount: (!(hide && award.hides == 3)).then(|| money(award.amount)),
                    recovered: award.recovered.map(money),
                    state: AwardState::Paid,
                }
            })
            .collect();
        History::of(Some(&List {
            items,
            complete: !hidden(self.history_blur, level),
        }))
    }

    /// What the pipeline makes of what is known at a level, with lines in an order and measures under other ids.
    pub fn seen(&self, level: Level, order: &[usize], rename: &[u32]) -> Seen {
        let order: Vec<usize> = order
            .iter()
            .copied()
            .filter(|line| self.is_listed(*line, level))
            .collect();
        let history = self.history(level);
        let claims = || order.iter().map(|line| self.claim(*line, level, rename)).collect();
        let once: Vec<Occurrence> = self
            .once
            .iter()
            .map(|once| self.occurrence(once, level, &order))
            .collect();
        let clauses: Vec<Clause> = (0..self.clauses.len())
            .map(|at| self.clause(at, level, &order, rename))
            .collect();
        let mut pipeline = Pipeline::run(claims, &history, &once, &clauses);
        let before_rationing = pipeline.total();
        let positions = |wanted: &dyn Fn(usize) -> bool| -> Vec<usize> {
            let own = order.iter().map(|line| self.measure_of(*line)).enumerate();
            own.filter(|(_, measure)| wanted(*measure)).map(|(at, _)| at).collect()
        };
        pipeline.rationed(0, &positions(&|measure| self.funded.contains(&measure)));
        Seen {
            amounts: order
                .iter()
                .enumerate()
                .map(|(at, line)| (*line, pipeline.due(at)))
                .collect(),
            total: pipeline.total(),
            before_rationing,
            part: pipeline.total_of(&positions(&|measure| measure < 2)),
        }
    }

    /// The same in the order of lines and with plain ids.
    pub fn plain(&self, level: Level) -> Seen {
        self.seen(level, &self.order(), &[0, 1, 2, 3, 4])
    }
}
