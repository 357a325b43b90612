//! Whether money moves: live, test or demonstration. A mode is part of every id, so no file and no answer of one mode can be
//! taken for another's.

use std::fmt;

use serde::{Deserialize, Serialize};

/// What a file is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    /// Money moves.
    Live,
    /// The bank's test environment.
    Test,
    /// The simulated bank.
    Demo,
}

impl Mode {
    /// All modes.
    pub const ALL: [Self; 3] = [Self::Live, Self::Test, Self::Demo];

    /// The letter that begins every id of this mode.
    pub fn letter(self) -> char {
        match self {
            Self::Live => 'L',
            Self::Test => 'T',
            Self::Demo => 'D',
        }
    }

    /// The mode that an id names by its beginning, `L-`, `T-` or `D-`.
    pub fn of(id: &str) -> Option<Self> {
        let mut letters = id.chars();
        let first = letters.next()?;
        (letters.next() == Some('-')).then_some(())?;
        Self::ALL.into_iter().find(|mode| mode.letter() == first)
    }

    /// Its name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Live => "live",
            Self::Test => "test",
            Self::Demo => "demo",
        }
    }

    /// Its name in Chinese.
    pub fn zh(self) -> &'static str {
        match self {
            Self::Live => "正式",
            Self::Test => "测试",
            Self::Demo => "演示",
        }
    }
}

impl fmt::Display for Mode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
