//! The commands.

mod ask;
mod check;
mod confirm;
mod decide;
mod eval;
mod fmt;
mod population;
mod schema;
mod show;
mod test;

use std::path::PathBuf;

use clap::Subcommand;

use crate::answer::Result;

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    Check(check::Args),
    Fmt(fmt::Args),
    Confirm(confirm::Args),
    Test(test::Args),
    Eval(eval::Args),
    Decide(decide::Args),
    Ask(ask::Args),
    Show(show::Args),
    Schema(schema::Args),
    Population(population::Args),
}

impl Command {
    /// Does it.
    pub fn run(self) -> Result {
        match self {
            Command::Check(args) => args.run(),
            Command::Fmt(args) => args.run(),
            Command::Confirm(args) => args.run(),
            Command::Test(args) => args.run(),
            Command::Eval(args) => args.run(),
            Command::Decide(args) => args.run(),
            Command::Ask(args) => args.run(),
            Command::Show(args) => args.run(),
            Command::Schema(args) => args.run(),
            Command::Population(args) => args.run(),
        }
    }
}

/// The package that a command is about.
#[derive(Debug, clap::Args)]
struct PackagePath {
    /// The folder that holds `meed.toml`
    package: PathBuf,
}
