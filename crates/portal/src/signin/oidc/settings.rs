//! Which provider of identities, and as whom the portal is known there.

use std::path::{Path, PathBuf};

use openidconnect::{ClientId, ClientSecret, IssuerUrl, RedirectUrl, url::Url};
use serde::Deserialize;

/// What stands in the portal's file about a provider.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// The provider's address, exactly as it calls itself.
    pub issuer: String,
    /// Under which name the portal is registered there.
    pub client: String,
    /// The file with the secret that belongs to the name
    pub secret_file: Option<PathBuf>,
    /// or the environment's variable that holds it.
    pub secret_env: Option<String>,
    /// Where browsers find the portal: `https://portal.example.gov.cn`.
    pub base: String,
}

/// Why a provider's settings cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SettingsError {
    /// An address is none, or is not secret on its way.
    #[error("oidc.{name} = \"{address}\": an https address is needed, or http on this machine alone; {reason}")]
    Address {
        /// Which.
        name: &'static str,
        /// What stands there.
        address: String,
        /// What is wrong with it.
        reason: String,
    },
    /// The portal's name at the provider is empty.
    #[error("oidc.client is empty: the name under which the portal is registered at the provider")]
    Client,
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

/// Settings that can be used.
#[derive(Clone, Debug)]
pub(super) struct Checked {
    pub issuer: IssuerUrl,
    pub client: ClientId,
    pub secret: ClientSecret,
    pub redirect: RedirectUrl,
}

impl Settings {
    /// # Errors
    /// [`SettingsError`].
    pub(super) fn check(&self, folder: &Path) -> Result<Checked, SettingsError> {
        address("issuer", &self.issuer)?;
        let base = address("base", &self.base)?;
        if self.client.trim().is_empty() {
            return Err(SettingsError::Client);
        }
        let unusable = |name, address: &str, reason: String| SettingsError::Address {
            name,
            address: address.to_owned(),
            reason,
        };
        let redirect = base
            .join("/sign-in/oidc/answer")
            .map_err(|error| unusable("base", &self.base, error.to_string()))?;
        Ok(Checked {
            // As the provider writes it: a slash more at its end is another name.
            issuer: IssuerUrl::new(self.issuer.clone())
                .map_err(|error| unusable("issuer", &self.issuer, error.to_string()))?,
            client: ClientId::new(self.client.clone()),
            secret: ClientSecret::new(self.secret(folder)?),
            redirect: RedirectUrl::from_url(redirect),
        })
    }

    fn secret(&self, folder: &Path) -> Result<String, SettingsError> {
        let wrong = |name, reason: String| SettingsError::Secret { name, reason };
        let (name, secret) = match (&self.secret_file, &self.secret_env) {
            (Some(file), None) => {
                let path = folder.join(file);
                let read = std::fs::read_to_string(&path);
                let told = |error| wrong("secret_file", format!("{}: {error}", path.display()));
                ("secret_file", read.map_err(told)?)
            }
            (None, Some(variable)) => {
                let told = |error| wrong("secret_env", format!("{variable}: {error}"));
                ("secret_env", std::env::var(variable).map_err(told)?)
            }
            _ => return Err(SettingsError::NoSecret),
        };
        let secret = secret.trim().to_owned();
        if secret.is_empty() {
            return Err(wrong(name, "it is empty".to_owned()));
        }
        Ok(secret)
    }
}

fn address(name: &'static str, address: &str) -> Result<Url, SettingsError> {
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

    fn settings() -> Settings {
        Settings {
            issuer: "https://id.example.gov.cn".to_owned(),
            client: "meed".to_owned(),
            secret_file: Some("secret".into()),
            secret_env: None,
            base: "https://portal.example.gov.cn".to_owned(),
        }
    }

    #[test]
    fn settings_that_cannot_be_used_say_which_and_why() {
        let folder = tempfile::tempdir().unwrap();
        let told = |settings: Settings| settings.check(folder.path()).unwrap_err().to_string();
        assert!(told(settings()).starts_with("oidc.secret_file: "));
        std::fs::write(folder.path().join("secret"), " \n").unwrap();
        assert_eq!(told(settings()), "oidc.secret_file: it is empty");
        std::fs::write(folder.path().join("secret"), "s3cret\n").unwrap();
        let checked = settings().check(folder.path()).unwrap();
        assert_eq!(checked.secret.secret(), "s3cret");
        assert_eq!(
            checked.redirect.as_str(),
            "https://portal.example.gov.cn/sign-in/oidc/answer"
        );
        let change = |change: fn(&mut Settings)| {
            let mut changed = settings();
            change(&mut changed);
            told(changed)
        };
        assert!(change(|it| it.issuer = "http://id.example.gov.cn".to_owned()).starts_with("oidc.issuer = "));
        assert!(change(|it| it.base = "portal".to_owned()).starts_with("oidc.base = "));
        assert_eq!(change(|it| it.client.clear()), SettingsError::Client.to_string());
        assert_eq!(change(|it| it.secret_file = None), SettingsError::NoSecret.to_string());
        assert_eq!(
            change(|it| it.secret_env = Some("A".to_owned())),
            SettingsError::NoSecret.to_string()
        );
    }
}
