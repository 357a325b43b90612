//! An office that is filled by commands, each of which must be taken.

use meed_office::command::{Act, Command, Outcome};
use meed_office::input::{Json, PackageFiles};
use meed_office::office::Office;
use meed_office::people::{Act as People, Role};
use meed_office::policies::Act as Policy;
use meed_office::register::Act as Register;
use serde_json::{Value, json};

/// Gives commands to an office.
pub struct Giver<'a>(pub &'a Office);

impl Giver<'_> {
    /// Gives a command that must be taken, and returns what it made.
    #[track_caller]
    pub fn ok(&self, person: &str, act: impl Into<Act>) -> Value {
        let act = act.into();
        let (id, kind) = (meed_office::log::salt().unwrap(), act.kind());
        match self.0.submit(Command::new(id, person, act)).unwrap() {
            Outcome::Accepted { result, .. } => result,
            other => panic!("{person} {kind}: {other:?}"),
        }
    }

    /// [`Giver::ok`], and an id that it made.
    #[track_caller]
    pub fn made(&self, person: &str, act: impl Into<Act>, name: &str) -> String {
        self.ok(person, act)[name].as_str().unwrap().to_owned()
    }

    /// Enters somebody, with a role where one is said.
    pub fn join(&self, id: &str, name: &str, role: Option<Role>, scope: Option<&str>) {
        let enter = People::Enter {
            id: id.to_owned(),
            name: name.to_owned(),
            bureau: "市工信局".to_owned(),
        };
        self.ok("administrator", enter);
        if let Some(role) = role {
            self.assign(id, role, scope);
        }
    }

    /// Gives somebody a role.
    pub fn assign(&self, person: &str, role: Role, scope: Option<&str>) {
        let assign = People::Assign {
            person: person.to_owned(),
            role,
            scope: scope.map(str::to_owned),
            until: None,
        };
        self.ok("administrator", assign);
    }

    /// One person a role, named by it.
    pub fn people(&self) {
        self.join("administrator", "administrator", None, None);
        let all = Role::ALL.into_iter();
        for role in all.filter(|role| !matches!(role, Role::Administrator | Role::Agent)) {
            self.join(role.name(), role.name(), Some(role), None);
        }
    }

    /// Takes a package from its draft to its publication.
    pub fn publish(&self, files: PackageFiles) -> String {
        let scenario = json!({"package": {"digest": files.digest()}, "cost": {"least": "500000.00"}});
        let report = Json(json!({"scenarios": [scenario], "facts": {"rows": "1", "digest": "sha256:rows"}}));
        let id = self.made("drafter", Policy::Draft { files }, "policy");
        let policy = || id.clone();
        self.ok("drafter", Policy::Check { policy: policy() });
        let simulated = Policy::Simulate {
            policy: policy(),
            report,
        };
        self.ok("drafter", simulated);
        self.ok("publisher", Policy::Review { policy: policy() });
        self.ok("approver", Policy::Approve { policy: policy() });
        self.ok("publisher", Policy::Publish { policy: policy() });
        id
    }

    /// Enters an applicant's facts, and returns the applicant.
    pub fn import(&self, name: &str, facts: Value) -> String {
        let import = Register::Import {
            facts: Json::try_from(facts).unwrap(),
            name: Some(name.to_owned()),
            source: "市场监管".to_owned(),
            evidence: None,
            valid_from: None,
        };
        self.made("registrar", import, "subject")
    }
}
