//! The commands.

mod ask;
mod check;
mod confirm;
mod decide;
mod demo;
mod eval;
mod fmt;
mod office;
mod population;
mod portal;
mod run;
mod schema;
mod serve;
mod show;
mod simulate;
mod test;

use std::path::PathBuf;

use clap::Subcommand;
use meed_facts::label::Lang;

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
    Run(run::Args),
    Simulate(simulate::Args),
    Demo(demo::Args),
    Serve(serve::Args),
    Portal(portal::Args),
    Office(office::Args),
    Evidence(office::EvidenceArgs),
    Verify(office::VerifyArgs),
    Replay(office::ReplayArgs),
}

impl Command {
    /// Does it.
    pub fn run(self, lang: Lang) -> Result {
        match self {
            Command::Check(args) => args.run(lang),
            Command::Fmt(args) => args.run(lang),
            Command::Confirm(args) => args.run(lang),
            Command::Test(args) => args.run(lang),
            Command::Eval(args) => args.run(),
            Command::Decide(args) => args.run(lang),
            Command::Ask(args) => args.run(lang),
            Command::Show(args) => args.run(lang),
            Command::Schema(args) => args.run(),
            Command::Population(args) => args.run(lang),
            Command::Run(args) => args.run(lang),
            Command::Simulate(args) => args.run(lang),
            Command::Demo(args) => args.run(lang),
            Command::Serve(args) => args.run(lang),
            Command::Portal(args) => args.run(lang),
            Command::Office(args) => args.run(lang),
            Command::Evidence(args) => args.run(lang),
            Command::Verify(args) => args.run(lang),
            Command::Replay(args) => args.run(lang),
        }
    }
}

/// The package that a command is about.
#[derive(Debug, clap::Args)]
struct PackagePath {
    /// The folder that holds `meed.toml`
    package: PathBuf,
}
