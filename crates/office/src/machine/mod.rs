//! The office's machines: for each an enum of its states and one table of its moves, written once.
//!
//! The code moves rows by these tables, the database refuses what is not in them, the documentation's diagrams are drawn from
//! them, and the tests walk them. See [`ALL`].

mod aftermath;
mod diagram;
mod files;
mod money;

pub use aftermath::{AccountState, AppealState, DifferenceState, ObligationState, RecoveryState};
pub use diagram::diagrams;
pub use files::{CaseState, ListState, ObjectionState, PolicyState, RequestState, ReviewState, RoundState, TitleState};
pub use money::{AwardState, BatchState, InstalmentState, InstructionState, LineState};

use crate::store::Record;

/// One machine.
#[derive(Debug)]
pub struct Machine {
    /// The table whose column `state` it rules.
    pub table: &'static str,
    /// What it is about, in one line.
    pub about: &'static str,
    /// Its states; those without a move out are final.
    pub states: &'static [&'static str],
    /// In which of them a row may begin.
    pub starts: &'static [&'static str],
    /// Its moves.
    pub moves: &'static [Move],
}

/// One move of a machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Move {
    /// From this state
    pub from: &'static str,
    /// by this event
    pub event: &'static str,
    /// to this one.
    pub to: &'static str,
}

impl Machine {
    /// The event that leads from one state to another.
    pub fn event(&self, from: &str, to: &str) -> Option<&'static str> {
        let found = self.moves.iter().find(|one| one.from == from && one.to == to);
        found.map(|one| one.event)
    }

    /// Whether nothing leads out of a state.
    pub fn is_final(&self, state: &str) -> bool {
        self.moves.iter().all(|one| one.from != state)
    }
}

/// A state of one machine.
pub trait State: Copy + Eq {
    /// The machine.
    const MACHINE: &'static Machine;
    /// The state's name, as it is stored and shown.
    fn name(self) -> &'static str;
}

/// A row that a machine rules.
pub trait Ruled: Record {
    /// Its states.
    type State: State;
    /// The state in which it is.
    fn state(&self) -> Self::State;
    /// Sets the state; whether the machine has that move is for the caller to ask.
    fn set_state(&mut self, state: Self::State);
}

/// Every machine.
pub static ALL: &[&Machine] = &[
    PolicyState::MACHINE,
    RoundState::MACHINE,
    CaseState::MACHINE,
    ReviewState::MACHINE,
    ListState::MACHINE,
    ObjectionState::MACHINE,
    TitleState::MACHINE,
    AwardState::MACHINE,
    InstalmentState::MACHINE,
    LineState::MACHINE,
    BatchState::MACHINE,
    InstructionState::MACHINE,
    AccountState::MACHINE,
    DifferenceState::MACHINE,
    ObligationState::MACHINE,
    RecoveryState::MACHINE,
    AppealState::MACHINE,
    RequestState::MACHINE,
];

/// Declares the states of a machine and its moves: `State = "name" { event => Next, … }`.
#[macro_export]
macro_rules! machine {
    (
        #[doc = $about:literal]
        pub $name:ident in $table:literal starts [$($start:ident),+] {
            $($state:ident = $text:literal { $($event:ident => $next:ident),* $(,)? })+
        }
    ) => {
        #[doc = $about]
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name {
            $(#[doc = concat!("`", $text, "`")] $state),+
        }

        impl $crate::machine::State for $name {
            const MACHINE: &'static $crate::machine::Machine = &$crate::machine::Machine {
                table: $table,
                about: $about,
                states: &[$($name::$state.text()),+],
                starts: &[$($name::$start.text()),+],
                moves: &[$($($crate::machine::Move {
                    from: $name::$state.text(),
                    event: stringify!($event),
                    to: $name::$next.text(),
                },)*)+],
            };

            fn name(self) -> &'static str {
                self.text()
            }
        }

        impl $name {
            const fn text(self) -> &'static str {
                match self {
                    $(Self::$state => $text),+
                }
            }
        }

        impl $crate::store::Field for $name {
            fn to_cell(&self) -> $crate::store::Cell {
                self.text().into()
            }

            fn from_cell(cell: &$crate::store::Cell) -> Result<Self, $crate::store::StoreError> {
                match <String as $crate::store::Field>::from_cell(cell)?.as_str() {
                    $($text => Ok(Self::$state),)+
                    other => Err($crate::store::StoreError::Unreadable(format!("`{other}` is no state of {}", $table))),
                }
            }
        }
    };
}

/// Says which states a record's field `state` has.
#[macro_export]
macro_rules! ruled {
    ($($record:ty: $state:ty),+ $(,)?) => {
        $(impl $crate::machine::Ruled for $record {
            type State = $state;

            fn state(&self) -> $state {
                self.state
            }

            fn set_state(&mut self, state: $state) {
                self.state = state;
            }
        })+
    };
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_state_is_reached_and_no_state_is_without_an_end() {
        for machine in ALL {
            let mut reached: BTreeSet<&str> = machine.starts.iter().copied().collect();
            let mut ending: BTreeSet<&str> = machine
                .states
                .iter()
                .copied()
                .filter(|one| machine.is_final(one))
                .collect();
            for _ in machine.states {
                reached.extend(
                    machine
                        .moves
                        .iter()
                        .filter(|one| reached.contains(one.from))
                        .map(|one| one.to)
                        .collect::<Vec<_>>(),
                );
                ending.extend(
                    machine
                        .moves
                        .iter()
                        .filter(|one| ending.contains(one.to))
                        .map(|one| one.from)
                        .collect::<Vec<_>>(),
                );
            }
            let all: BTreeSet<&str> = machine.states.iter().copied().collect();
            assert_eq!(reached, all, "{} has states that nothing reaches", machine.table);
            assert_eq!(ending, all, "{} has states from which no end is reached", machine.table);
        }
    }

    #[test]
    fn a_move_is_written_once() {
        for machine in ALL {
            let pairs: BTreeSet<_> = machine.moves.iter().map(|one| (one.from, one.to)).collect();
            assert_eq!(
                pairs.len(),
                machine.moves.len(),
                "{}: two events lead from one state to one other",
                machine.table
            );
        }
    }
}
