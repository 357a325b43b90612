//! Which provider of identities, and as whom the portal is known there.

use std::path::{Path, PathBuf};

use openidconnect::{AuthenticationContextClass, ClientId, ClientSecret, IssuerUrl, RedirectUrl, url::Url};
use serde::Deserialize;

use crate::settings::{SettingsError, address};

/// Where browsers come back to.
pub const ANSWER: &str = "/sign-in/oidc/answer";

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
    /// How the provider calls sign-ins with two factors (`acr`): nothing else is a step-up.
    #[serde(default)]
    pub second_factor: Vec<String>,
}

/// Settings that can be used.
#[derive(Clone, Debug)]
pub(super) struct Checked {
    pub issuer: IssuerUrl,
    pub client: ClientId,
    pub secret: ClientSecret,
    pub redirect: RedirectUrl,
    pub second_factor: Vec<AuthenticationContextClass>,
}

impl Settings {
    /// What browsers come back to stands under `base`.
    ///
    /// # Errors
    /// [`SettingsError`].
    pub(super) fn check(&self, base: &Url, folder: &Path) -> Result<Checked, SettingsError> {
        address("oidc.issuer", &self.issuer)?;
        if self.client.trim().is_empty() {
            return Err(SettingsError::Client);
        }
        if self.second_factor.is_empty() || self.second_factor.iter().any(|class| class.trim().is_empty()) {
            return Err(SettingsError::NoSecondFactor);
        }
        let unusable = |name, address: &str, reason: String| SettingsError::Address {
            name,
            address: address.to_owned(),
            reason,
        };
        let redirect = base
            .join(ANSWER)
            .map_err(|error| unusable("base", base.as_str(), error.to_string()))?;
        Ok(Checked {
            // As the provider writes it: a slash more at its end is another name.
            issuer: IssuerUrl::new(self.issuer.clone())
                .map_err(|error| unusable("oidc.issuer", &self.issuer, error.to_string()))?,
            client: ClientId::new(self.client.clone()),
            secret: ClientSecret::new(self.secret(folder)?),
            redirect: RedirectUrl::from_url(redirect),
            second_factor: (self.second_factor.iter().cloned())
                .map(AuthenticationContextClass::new)
                .collect(),
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
