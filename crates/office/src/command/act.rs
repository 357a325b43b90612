//! Every act there is: one list, read by the command line, the API and the log.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::aftermath::{appeals, holds, recoveries, revisions};
use crate::awards::obligations;
use crate::payments::{accounts, batches, inbound, restore};
use crate::stop::Answer;
use crate::tx::Tx;
use crate::{awards, cases, ledger, matching, people, policies, publicity, register, reviews, rounds, years};

/// Declares the acts of a module: an enum whose variants and fields carry their help, read from JSON and from the command line.
#[macro_export]
macro_rules! acts {
    (
        $(#[$meta:meta])*
        pub enum $name:ident {
            $($(#[$act_meta:meta])* $act:ident { $($(#[$field_meta:meta])* $field:ident: $type:ty),* $(,)? }),+ $(,)?
        }
    ) => {
        $(#[$meta])*
        #[derive(Clone, Debug, serde::Serialize, serde::Deserialize, clap::Subcommand)]
        #[serde(rename_all = "snake_case", deny_unknown_fields)]
        pub enum $name {
            $($(#[$act_meta])* $act { $($(#[$field_meta])* #[arg(long)] $field: $type),* }),+
        }
    };
}

/// Declares [`Act`]: the acts of every module.
macro_rules! modules {
    ($($(#[$meta:meta])* $name:ident = $module:ident),+ $(,)?) => {
        /// What a command does.
        #[derive(Clone, Debug, Serialize, Deserialize, clap::Subcommand)]
        #[serde(rename_all = "snake_case")]
        pub enum Act {
            $($(#[$meta])* #[command(subcommand)] $name($module::Act)),+
        }

        $(impl From<$module::Act> for Act {
            fn from(act: $module::Act) -> Self {
                Act::$name(act)
            }
        })+

        impl Act {
            /// Does it.
            ///
            /// # Errors
            /// Denied or undecided where a guard says so; nothing has happened then.
            pub fn perform(&self, tx: &mut Tx<'_>) -> Answer<Value> {
                match self {
                    $(Act::$name(act) => act.perform(tx)),+
                }
            }
        }
    };
}

modules! {
    /// People, roles and interests
    People = people,
    /// Applicants and their facts
    Register = register,
    /// Versions of policies, from draft to publication
    Policy = policies,
    /// Cases: offers, applications, decisions
    Case = cases,
    /// Offers and notes that follow from what is known
    Matching = matching,
    /// Reviewers, drawn and blind
    Review = reviews,
    /// Rounds of applications that share a fund
    Round = rounds,
    /// Public lists and objections
    List = publicity,
    /// Budget lines, appropriations, authorisations
    Ledger = ledger,
    /// The turn of a budget year
    Year = years,
    /// Awards and their instalments
    Award = awards,
    /// What must be kept up for an award
    Obligation = obligations,
    /// What stands still
    Hold = holds,
    /// Money that is asked back
    Recovery = recoveries,
    /// Decisions that facts have overtaken
    Revision = revisions,
    /// What is said against decisions
    Appeal = appeals,
    /// Payees' accounts
    Account = accounts,
    /// Batches of payments, and money that came back
    Payment = batches,
    /// What the bank says, and differences
    Bank = inbound,
    /// After a restore from a backup
    Restore = restore,
}

impl Act {
    /// The act as JSON: `{"ledger": {"open": {…}}}`.
    pub fn to_json(&self) -> Value {
        // Strings, numbers, booleans and lists of them always have a JSON form.
        serde_json::to_value(self).unwrap_or_default()
    }

    /// Its name: `ledger.open`.
    pub fn kind(&self) -> String {
        let json = self.to_json();
        let first = |value: &Value| value.as_object().and_then(|object| object.keys().next().cloned());
        let outer = first(&json).unwrap_or_default();
        let inner = json.get(&outer).and_then(first).unwrap_or_default();
        format!("{outer}.{inner}")
    }
}
