//! Names that packages give to what people write down elsewhere: for what somebody has a role, who pays, from which fund. What is
//! written beside them is never looked up again, so a slip would be a role for nothing, or a line from which nobody is paid.

use meed_facts::check::nearest;
use meed_facts::schema::Named;
use meed_rules::program::Program;

use super::{Policy, program};
use crate::machine::PolicyState;
use crate::stop::{Answer, Stop};
use crate::tx::Tx;

/// What a name can be the name of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sort {
    /// A measure, a title or a service.
    Entitlement,
    /// An agency, or who else pays by the settings.
    Agency,
    /// A fund.
    Fund,
}

impl Sort {
    fn words(self) -> &'static [(&'static str, &'static str)] {
        match self {
            Self::Entitlement => &[("measure", "措施"), ("title", "称号"), ("service", "服务")],
            Self::Agency => &[("agency", "机构")],
            Self::Fund => &[("fund", "基金")],
        }
    }

    fn names(self, program: &Program) -> Vec<&Named> {
        let schema = &program.schema;
        match self {
            Self::Entitlement => {
                let measures = program.measures.iter().map(|(_, one)| &one.named);
                let titles = schema.titles.iter().map(|(_, one)| &one.named);
                let services = program.services.iter().map(|one| &one.named);
                measures.chain(titles).chain(services).collect()
            }
            Self::Agency => schema.agencies.iter().map(|(_, one)| &one.named).collect(),
            Self::Fund => program.funds.iter().map(|one| &one.named).collect(),
        }
    }
}

/// That a name is one of these sorts in a package here: in what decides today, what decided before, or what is to decide and was
/// checked. Where there is no such package, there is nothing to hold it against.
///
/// # Errors
/// Denied for `code`, with the name that was probably meant. What was renamed goes by its new name.
pub(crate) fn must_be_known(tx: &mut Tx<'_>, name: &str, sorts: &[Sort], code: &'static str) -> Answer<()> {
    let config = &tx.setup.config;
    let settings = [&config.payer].into_iter().chain(&config.external);
    let mut known: Vec<String> = match sorts.contains(&Sort::Agency) {
        true => settings.cloned().collect(),
        false => Vec::new(),
    };
    if known.iter().any(|one| one == name) {
        return Ok(());
    }
    let mut renamed = None;
    let today = tx.today;
    let policies = tx.rows::<Policy>("state <> 'draft' ORDER BY state <> 'published', id DESC", &[])?;
    for policy in &policies {
        // A version that decides must check; of others, one that no longer does tells nothing.
        let program = match program(tx, policy, today) {
            Err(_) if policy.state != PolicyState::Published => continue,
            read => read?,
        };
        for named in sorts.iter().flat_map(|sort| sort.names(&program)) {
            if &*named.name == name {
                return Ok(());
            }
            if named.is_called(name) {
                renamed = Some(named.name.to_string());
            }
            known.push(named.name.to_string());
        }
    }
    if policies.is_empty() {
        return Ok(());
    }
    known.sort();
    let near = renamed.as_deref().or_else(|| nearest(name, &known));
    Err(unknown(name, sorts, near, code))
}

fn unknown(name: &str, sorts: &[Sort], near: Option<&str>, code: &'static str) -> Stop {
    let (of_en, of_zh): (Vec<&str>, Vec<&str>) = sorts.iter().flat_map(|sort| sort.words()).copied().unzip();
    let (en, zh) = match near {
        Some(near) => (format!("did you mean `{near}`?"), format!("是否指 `{near}`？")),
        None => (
            "write it as the package does, or take in the package first".to_owned(),
            "请按规则包中的名称填写，或先录入规则包".to_owned(),
        ),
    };
    Stop::denied(
        code,
        format!("no {} is called `{name}` in a package here; {en}", of_en.join(", ")),
        format!("本系统的规则包中没有名为 `{name}` 的{}；{zh}", of_zh.join("、")),
    )
}
