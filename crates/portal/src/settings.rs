//! What the portal is set up with: where browsers find it, what stands in front of it, who tells it who people are.

use std::path::Path;

use openidconnect::url::Url;
use serde::Deserialize;

use crate::guard::limits::Limits;
use crate::signin::oidc;
use crate::signin::seal::Key;

/// What stands in a `portal.toml`. Without one, the portal is for this machine alone and has local accounts.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Settings {
    /// Where browsers find the portal: `https://portal.example.gov.cn`.
    pub base: Option<String>,
    /// How many proxies of our own stand in front of it, whose `X-Forwarded-For` is believed.
    pub proxies: usize,
    /// The provider of identities.
    pub oidc: Option<oidc::Settings>,
}

/// Why settings cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SettingsError {
    /// A file cannot be read.
    #[error("{path}: {reason}")]
    File {
        /// Which.
        path: String,
        /// Why.
        reason: String,
    },
    /// An address is none, or is not secret on its way.
    #[error("{name} = \"{address}\": an https address is needed, or http on this machine alone; {reason}")]
    Address {
        /// Which.
        name: &'static str,
        /// What stands there.
        address: String,
        /// What is wrong with it.
        reason: String,
    },
    /// A provider sends browsers back to an address that is not said.
    #[error("base is missing: a provider of identities must know where browsers find the portal")]
    NoBase,
    /// The portal's name at the provider is empty.
    #[error("oidc.client is empty: the name under which the portal is registered at the provider")]
    Client,
    /// A step-up at a provider rests on what it calls one.
    #[error(
        "oidc.second_factor is missing: how the provider calls sign-ins with two factors (`acr`), such as [\"urn:example:two-factors\"]"
    )]
    NoSecondFactor,
    /// There is no secret, or two.
    #[error("one of oidc.secret_file and oidc.secret_env is needed, and not both")]
    NoSecret,
    /// The secret cannot be had.
    #[error("oidc.{name}: {reason}")]
    Secret {
        /// From where.
        name: &'static str,
        /// Why not.
        reason: String,
    },
}

/// Settings in use.
#[derive(Debug, Default)]
pub struct Gate {
    /// Whether browsers come over https.
    pub secure: bool,
    /// Where browsers find the portal, without a slash at the end, where that is set.
    pub base: Option<String>,
    /// How many proxies are believed.
    pub proxies: usize,
    /// The provider of identities.
    pub provider: Option<oidc::Provider>,
    /// What seals the second factors of local accounts; none where there are no such accounts.
    pub key: Option<Key>,
    /// How many requests one client may send.
    pub limits: Limits,
}

impl Settings {
    /// Reads a `portal.toml`.
    ///
    /// # Errors
    /// Where it cannot be read, or says what nobody knows.
    pub fn read(path: &Path) -> Result<Self, SettingsError> {
        let wrong = |reason: String| SettingsError::File {
            path: path.display().to_string(),
            reason,
        };
        let text = std::fs::read_to_string(path).map_err(|error| wrong(error.to_string()))?;
        toml::from_str(&text).map_err(|error| wrong(error.to_string()))
    }

    /// Settings in use; `folder` is where they stand.
    ///
    /// # Errors
    /// [`SettingsError`].
    pub fn gate(&self, folder: &Path) -> Result<Gate, SettingsError> {
        let base = self.base.as_deref().map(|base| address("base", base)).transpose()?;
        let provider = match (&self.oidc, &base) {
            (None, _) => None,
            (Some(_), None) => return Err(SettingsError::NoBase),
            (Some(oidc), Some(base)) => Some(oidc::Provider::new(oidc, base, folder)?),
        };
        Ok(Gate {
            secure: base.as_ref().is_some_and(|base| base.scheme() == "https"),
            base: base.map(|base| base.as_str().trim_end_matches('/').to_owned()),
            proxies: self.proxies,
            provider,
            key: None,
            limits: Limits::default(),
        })
    }
}

/// An address that is secret on its way.
pub(crate) fn address(name: &'static str, address: &str) -> Result<Url, SettingsError> {
    let wrong = |reason: String| SettingsError::Address {
        name,
        address: address.to_owned(),
        reason,
    };
    let url = Url::parse(address).map_err(|error| wrong(error.to_string()))?;
    let here = matches!(url.host_str(), Some("127.0.0.1" | "localhost" | "[::1]"));
    match url.scheme() {
        "https" => Ok(url),
        "http" if here => Ok(url),
        scheme => Err(wrong(format!("it is {scheme}"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wrong(text: &str) -> String {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("empty"), " \n").unwrap();
        std::fs::write(folder.path().join("secret"), "s3cret\n").unwrap();
        let file = folder.path().join("portal.toml");
        std::fs::write(&file, text).unwrap();
        let gate = Settings::read(&file).and_then(|settings| settings.gate(folder.path()));
        gate.map_or_else(|error| error.to_string(), |gate| format!("secure: {}", gate.secure))
    }

    #[test]
    fn settings_that_cannot_be_used_say_which_and_why() {
        let base = "base = \"https://portal.example.gov.cn\"\n";
        let oidc = "[oidc]\nissuer = \"https://id.example.gov.cn\"\nclient = \"meed\"\nsecond_factor = [\"two\"]\n";
        let file = "secret_file = \"secret\"\n";
        assert_eq!(wrong(""), "secure: false");
        assert_eq!(wrong("base = \"http://127.0.0.1:8080\""), "secure: false");
        assert_eq!(wrong(&format!("{base}{oidc}{file}")), "secure: true");
        assert!(wrong("base = \"http://portal.example.gov.cn\"").starts_with("base = "));
        assert!(wrong("bas = \"\"").contains("unknown field"));
        assert_eq!(wrong(&format!("{oidc}{file}")), SettingsError::NoBase.to_string());
        assert_eq!(wrong(&format!("{base}{oidc}")), SettingsError::NoSecret.to_string());
        let both = format!("{base}{oidc}{file}secret_env = \"A\"\n");
        assert_eq!(wrong(&both), SettingsError::NoSecret.to_string());
        let with = |from: &str, to: &str| wrong(&format!("{base}{oidc}{file}").replace(from, to));
        assert_eq!(with("\"meed\"", "\" \""), SettingsError::Client.to_string());
        assert_eq!(with("[\"two\"]", "[]"), SettingsError::NoSecondFactor.to_string());
        assert_eq!(
            with("second_factor = [\"two\"]\n", ""),
            SettingsError::NoSecondFactor.to_string()
        );
        assert!(with("https://id", "http://id").starts_with("oidc.issuer = "));
        assert_eq!(with("\"secret\"", "\"empty\""), "oidc.secret_file: it is empty");
        assert!(with("\"secret\"", "\"none\"").starts_with("oidc.secret_file: "));
    }
}
