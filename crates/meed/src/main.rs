//! The command line of Meed.
//!
//! | module | idea |
//! |---|---|
//! | [`commands`] | one file a command: its arguments and what it does |
//! | `answer` | what a command answers: text for standard output, and an exit code |
//! | `input` | packages, facts and names as people type them |

mod answer;
mod commands;
mod input;

use std::process::ExitCode;

use clap::Parser;

use input::Lang;

/// A city's incentive policies: check a package of rules, and determine who gets what, why, and under which clause.
#[derive(Debug, Parser)]
#[command(
    version,
    after_help = "Exit codes: 0 fine, 1 findings or failing cases, 2 unusable input.\nA `-` in place of a file reads standard input."
)]
struct Cli {
    /// The language of sentences; without it that of the environment (`LC_ALL`, `LC_MESSAGES`, `LANG`)
    #[arg(long, global = true, value_enum, default_value_t = Lang::of_environment(), hide_default_value = true)]
    lang: Lang,
    #[command(subcommand)]
    command: commands::Command,
}

fn main() -> ExitCode {
    let cli = Cli::parse();
    let lang = cli.lang.into();
    answer::finish(cli.command.run(lang), lang)
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    #[test]
    fn no_two_arguments_of_a_command_have_one_name() {
        super::Cli::command().debug_assert();
    }
}
