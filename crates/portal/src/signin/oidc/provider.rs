//! What the provider publishes about itself: addresses and keys.

use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant as Moment};

use openidconnect::core::{CoreClient, CoreProviderMetadata};
use openidconnect::url::Url;
use openidconnect::{EndpointMaybeSet, EndpointNotSet, EndpointSet, HttpRequest, HttpResponse};

use super::OidcError;
use super::settings::{Checked, Settings};
use crate::settings::SettingsError;

/// The provider answers within this time, or not at all.
const WAIT: Duration = Duration::from_secs(10);
/// Nothing that it says is longer.
const LONGEST: u64 = 1 << 20;
/// What it publishes is asked for again after this time: a key that it withdrew is not trusted for ever.
const OLDEST: Duration = Duration::from_secs(3600);

/// The portal as a client of the provider.
pub(super) type Client =
    CoreClient<EndpointSet, EndpointNotSet, EndpointNotSet, EndpointNotSet, EndpointMaybeSet, EndpointMaybeSet>;

/// A provider of identities. What it publishes is asked for when it is first needed, so that a portal starts without it.
#[derive(Debug)]
pub struct Provider {
    pub(super) settings: Checked,
    agent: ureq::Agent,
    published: Mutex<Option<(Moment, Arc<CoreProviderMetadata>)>>,
}

impl Provider {
    /// A provider as its settings describe it; `base` is where browsers find the portal, `folder` where the settings stand.
    ///
    /// # Errors
    /// [`SettingsError`].
    pub fn new(settings: &Settings, base: &Url, folder: &Path) -> Result<Self, SettingsError> {
        let agent = ureq::Agent::config_builder()
            .timeout_global(Some(WAIT))
            // An address that leads elsewhere could lead inside.
            .max_redirects(0)
            .max_redirects_will_error(false)
            .http_status_as_error(false)
            .build()
            .into();
        Ok(Self {
            settings: settings.check(base, folder)?,
            agent,
            published: Mutex::new(None),
        })
    }

    /// The provider's address, as it calls itself.
    pub fn issuer(&self) -> &str {
        self.settings.issuer.as_str()
    }

    /// The portal as a client of the provider; what the provider publishes is asked for where it is not known, or known too long, or where
    /// what is known does not do: `again`.
    pub(super) fn client(&self, again: bool) -> Result<Client, OidcError> {
        let metadata = self.published(again)?;
        let Checked {
            client,
            secret,
            redirect,
            ..
        } = self.settings.clone();
        Ok(CoreClient::from_provider_metadata((*metadata).clone(), client, Some(secret)).set_redirect_uri(redirect))
    }

    fn published(&self, again: bool) -> Result<Arc<CoreProviderMetadata>, OidcError> {
        let known = self.published.lock().unwrap_or_else(PoisonError::into_inner).clone();
        match known {
            Some((since, metadata)) if !again && since.elapsed() < OLDEST => Ok(metadata),
            _ => {
                let asked = CoreProviderMetadata::discover(&self.settings.issuer, &|request| self.call(request));
                let metadata = Arc::new(asked.map_err(|error| OidcError::Provider(told(&error)))?);
                let published = Some((Moment::now(), Arc::clone(&metadata)));
                *self.published.lock().unwrap_or_else(PoisonError::into_inner) = published;
                Ok(metadata)
            }
        }
    }

    /// Asks the provider for one thing.
    pub(super) fn call(&self, request: HttpRequest) -> Result<HttpResponse, ureq::Error> {
        let (parts, mut body) = self.agent.run(request)?.into_parts();
        let body = body.with_config().limit(LONGEST).read_to_vec()?;
        Ok(HttpResponse::from_parts(parts, body))
    }
}

/// An error with its reasons.
pub(super) fn told(error: &dyn std::error::Error) -> String {
    let reasons = std::iter::successors(Some(error), |error| error.source());
    reasons.map(ToString::to_string).collect::<Vec<_>>().join(": ")
}
