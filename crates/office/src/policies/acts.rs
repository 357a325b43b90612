//! What is done with versions of policies.

use meed_rules::{Package, check};
use serde_json::{Value, json};

use super::{Policy, keep};
use crate::acts;
use crate::input::{Json, PackageFiles};
use crate::machine::PolicyState;
use crate::people::{Role, act_as, must};
use crate::stop::{Answer, Stop};
use crate::store::Cell;
use crate::tx::Tx;

acts! {
    /// What is done with versions of policies.
    pub enum Act {
        /// Enters a version of a package as a draft
        Draft {
            /// The package: its folder, or its files
            files: PackageFiles,
        },
        /// Makes sure that the version checks without an error
        Check {
            /// The version
            policy: String,
        },
        /// Attaches the report of what it would cost
        Simulate {
            /// The version
            policy: String,
            /// The report of `meed simulate`: its manifest.json
            report: Json,
        },
        /// Reviews it, as another person than its drafter
        Review {
            /// The version
            policy: String,
        },
        /// Approves it, as another person than its drafter
        Approve {
            /// The version
            policy: String,
        },
        /// Publishes it: from today it decides, instead of the version before
        Publish {
            /// The version
            policy: String,
        },
        /// Ends it
        Repeal {
            /// The version
            policy: String,
        },
    }
}

impl Act {
    /// Does it.
    ///
    /// # Errors
    /// Denied where the person may not, or the version is not so far.
    pub fn perform(&self, tx: &mut Tx<'_>) -> Answer<Value> {
        match self {
            Act::Draft { files } => draft(tx, files),
            Act::Check { policy } => {
                must(tx, Role::Drafter, "")?;
                let mut policy: Policy = tx.get(policy)?;
                let today = tx.today;
                super::program(tx, &policy, today)?;
                tx.step(&mut policy, PolicyState::Checked)?;
                Ok(Value::Null)
            }
            Act::Simulate { policy, report } => {
                must(tx, Role::Drafter, "")?;
                let mut policy: Policy = tx.get(policy)?;
                let today = tx.today;
                let program = super::program(tx, &policy, today)?;
                super::report::check(&report.0, &program.package.digest)?;
                policy.simulation = Some(super::program::keep_json(tx, "simulation", &report.0)?);
                tx.step(&mut policy, PolicyState::Simulated)?;
                Ok(Value::Null)
            }
            Act::Review { policy } => signed(tx, policy, Role::Publisher, PolicyState::Reviewed),
            Act::Approve { policy } => signed(tx, policy, Role::Approver, PolicyState::Approved),
            Act::Publish { policy } => publish(tx, policy),
            Act::Repeal { policy } => {
                must(tx, Role::Publisher, "")?;
                let mut policy: Policy = tx.get(policy)?;
                tx.step(&mut policy, PolicyState::Repealed)?;
                tx.tell("policy_repealed", &policy.id, &Value::Null)?;
                Ok(Value::Null)
            }
        }
    }
}

fn draft(tx: &mut Tx<'_>, files: &PackageFiles) -> Answer<Value> {
    must(tx, Role::Drafter, "")?;
    let package = Package::from_files(files.0.clone()).map_err(|file| {
        Stop::denied(
            "no_manifest",
            format!("the package has no {file}"),
            format!("规则包缺少 {file}"),
        )
    })?;
    if let Err(found) = check(&package).sound() {
        let first = found.first().map_or_else(String::new, |one| one.message.en.clone());
        let (en, zh) = (
            format!("the package does not check: {first}"),
            format!("规则包未通过检查：{first}"),
        );
        return Err(Stop::denied("broken_package", en, zh));
    }
    let (name, version) = (package.manifest.name.to_string(), package.manifest.version.to_string());
    if tx.any::<Policy>("name = $1 AND version = $2", &[Cell::from(&name), Cell::from(&version)])? {
        let (en, zh) = (
            format!("{name} {version} is here already; give the new text a new version"),
            format!("{name} {version} 已存在，请使用新的版本号"),
        );
        return Err(Stop::denied("exists", en, zh));
    }
    // Texts and numbers have a JSON form.
    let files = keep(tx, "package", &meed_facts::json::canonical(&json!(files)))?;
    let id = tx.id("policy");
    let state = PolicyState::Draft;
    tx.insert(&Policy {
        id: id.clone(),
        name,
        version,
        files,
        simulation: None,
        published_on: None,
        state,
    })?;
    act_as(tx, &id, Role::Drafter, &[], None)?;
    Ok(json!({"policy": id}))
}

fn signed(tx: &mut Tx<'_>, id: &str, role: Role, to: PolicyState) -> Answer<Value> {
    must(tx, role, "")?;
    let mut policy: Policy = tx.get(id)?;
    act_as(tx, id, role, &[Role::Drafter], None)?;
    tx.step(&mut policy, to)?;
    Ok(Value::Null)
}

fn publish(tx: &mut Tx<'_>, id: &str) -> Answer<Value> {
    must(tx, Role::Publisher, "")?;
    let mut policy: Policy = tx.get(id)?;
    let before = tx.rows::<Policy>("name = $1 AND state = 'published'", &[Cell::from(&policy.name)])?;
    for mut older in before {
        tx.step(&mut older, PolicyState::Superseded)?;
    }
    policy.published_on = Some(tx.today);
    tx.step(&mut policy, PolicyState::Published)?;
    tx.tell(
        "policy_published",
        id,
        &json!({"name": policy.name, "version": policy.version}),
    )?;
    Ok(json!({"name": policy.name, "version": policy.version}))
}
