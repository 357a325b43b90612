//! Every act there is: one list, read by the command line, the API and the log.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::form::{FieldErrors, Fields, Form, no_act, snake};
use crate::aftermath::{appeals, holds, recoveries, revisions};
use crate::awards::obligations;
use crate::payments::{accounts, batches, inbound, restore};
use crate::stop::Answer;
use crate::tx::Tx;
use crate::{
    awards, cases, ledger, matching, people, policies, publicity, register, reviews, rounds, services, timers, titles,
    years,
};

/// Declares the acts of a module: an enum whose variants and fields carry their help, read from JSON, from the command line and from the
/// texts of a form.
#[macro_export]
macro_rules! acts {
    (
        $(#[$meta:meta])*
        pub enum $name:ident {
            $($(#[doc = $help:literal])+ $act:ident { $($(#[doc = $field_help:literal])+ $field:ident: $type:ty),* $(,)? }),+ $(,)?
        }
    ) => {
        $(#[$meta])*
        #[derive(Clone, Debug, serde::Serialize, serde::Deserialize, clap::Subcommand)]
        #[serde(rename_all = "snake_case", deny_unknown_fields)]
        pub enum $name {
            $($(#[doc = $help])+ $act { $($(#[doc = $field_help])+ #[arg(long, value_delimiter = $crate::command::delimiter::<$type>())] $field: $type),* }),+
        }

        impl $name {
            /// The acts' descriptions.
            pub(crate) fn forms() -> Vec<$crate::command::Form> {
                use $crate::command::{Form, FormField};
                vec![$(Form::new(
                    stringify!($act),
                    concat!($($help),+),
                    vec![$(FormField::new::<$type>(stringify!($field), concat!($($field_help),+))),*],
                )),+]
            }

            /// Reads an act from texts; `None` where a field is wrong, or where there is no such act.
            pub(crate) fn read(act: &str, fields: &mut $crate::command::Fields<'_>) -> Option<Self> {
                $(if act == $crate::command::snake(stringify!($act)) {
                    $(let $field = fields.read::<$type>(stringify!($field));)*
                    return Some(Self::$act { $($field: $field?),* });
                })+
                None
            }
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

        /// The description of every act.
        pub fn forms() -> &'static [Form] {
            static FORMS: LazyLock<Vec<Form>> = LazyLock::new(|| {
                let mut forms = Vec::new();
                $(forms.extend($module::Act::forms().into_iter().map(|form| form.of(stringify!($name))));)+
                forms
            });
            &FORMS
        }

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

            /// An act from the texts of a form or a query, by its name (`case.accept`). A text that is blank is none.
            ///
            /// # Errors
            /// What is wrong with each field, and the fix; a field that the act does not have is wrong too.
            pub fn from_fields(kind: &str, fields: &BTreeMap<String, Vec<String>>) -> Result<Self, FieldErrors> {
                let form = form(kind).ok_or_else(|| no_act(kind))?;
                let mut fields = Fields::new(form, fields);
                let mut read = None;
                $(if form.module == snake(stringify!($name)) {
                    read = $module::Act::read(&form.act, &mut fields).map(Act::$name);
                })+
                fields.finish(read)
            }
        }
    };
}

/// The description of an act, by its name: `case.accept`.
pub fn form(kind: &str) -> Option<&'static Form> {
    let (module, act) = kind.split_once('.')?;
    forms().iter().find(|form| form.module == module && form.act == act)
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
    /// Titles over their life: reviews, renewal, revocation
    Title = titles,
    /// What is given without money
    Service = services,
    /// What days alone bring
    Timer = timers,
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
