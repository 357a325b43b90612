//! How a PostgreSQL is reached: on this machine plainly, elsewhere by TLS alone.

use std::net::IpAddr;

use postgres::config::{Host, SslMode};
use postgres::{Client, Config, NoTls};
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;
use rustls::{ClientConfig, RootCertStore};
use tokio_postgres_rustls::MakeRustlsConnect;

use super::StoreError;
use super::connection::{WAIT, of_postgres};

/// The parameter of an address that names the file of the authorities whose certificates are believed, as libpq calls it.
const ROOTS: &str = "sslrootcert=";

/// Opens a connection. Where the address has no `sslmode`, a server on another machine must prove who it is: its certificate is that of its
/// name, from an authority in the file that `sslrootcert` names, or else one that this machine believes.
pub(super) fn open(address: &str) -> Result<Client, StoreError> {
    let (address, roots) = without_roots(address);
    let mut config: Config = address.parse().map_err(of_postgres)?;
    if config.get_connect_timeout().is_none() {
        config.connect_timeout(WAIT);
    }
    if config.get_ssl_mode() == SslMode::Prefer {
        let here = roots.is_none() && config.get_hosts().iter().all(is_here);
        config.ssl_mode(if here { SslMode::Disable } else { SslMode::Require });
    }
    let mut client = match config.get_ssl_mode() {
        SslMode::Disable => config.connect(NoTls).map_err(of_postgres)?,
        _ => config.connect(tls(roots.as_deref())?).map_err(of_postgres)?,
    };
    let wait = WAIT.as_millis();
    let settings = format!("SET lock_timeout = {wait}; SET synchronous_commit = on; SET client_min_messages = warning");
    client.batch_execute(&settings).map_err(of_postgres)?;
    Ok(client)
}

/// An address as the library reads it, and the file of authorities that it names.
fn without_roots(address: &str) -> (String, Option<String>) {
    let Some((place, parameters)) = address.split_once('?') else {
        return (address.to_owned(), None);
    };
    let is_roots = |one: &&str| one.starts_with(ROOTS);
    let roots = parameters.split('&').find(is_roots);
    let roots = roots.and_then(|one| one.strip_prefix(ROOTS)).map(str::to_owned);
    let others: Vec<&str> = parameters.split('&').filter(|one| !is_roots(one)).collect();
    (format!("{place}?{}", others.join("&")), roots)
}

fn is_here(host: &Host) -> bool {
    match host {
        Host::Unix(_) => true,
        Host::Tcp(name) => name == "localhost" || name.parse::<IpAddr>().is_ok_and(|address| address.is_loopback()),
    }
}

fn tls(roots: Option<&str>) -> Result<MakeRustlsConnect, StoreError> {
    let mut known = RootCertStore::empty();
    let unusable = |file: &str, reason: String| StoreError::Failed(format!("{file}: {reason}"));
    if let Some(file) = roots {
        let certificates =
            CertificateDer::pem_file_iter(file).map_err(|error| unusable(file, format!("no certificates: {error}")))?;
        for certificate in certificates {
            let certificate = certificate.map_err(|error| unusable(file, error.to_string()))?;
            known
                .add(certificate)
                .map_err(|error| unusable(file, error.to_string()))?;
        }
    } else {
        known.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    }
    if known.is_empty() {
        let reason =
            "no authority is known that could vouch for the database; name a file of certificates by sslrootcert=FILE";
        return Err(StoreError::Failed(reason.to_owned()));
    }
    let config = ClientConfig::builder_with_provider(rustls::crypto::ring::default_provider().into())
        .with_safe_default_protocol_versions()
        .map_err(|error| StoreError::Failed(error.to_string()))?
        .with_root_certificates(known)
        .with_no_client_auth();
    Ok(MakeRustlsConnect::new(config))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_of_authorities_is_taken_out_of_an_address() {
        assert_eq!(
            without_roots("postgres://meed@db/office?sslrootcert=/etc/meed/ca.pem&sslmode=require"),
            (
                "postgres://meed@db/office?sslmode=require".to_owned(),
                Some("/etc/meed/ca.pem".to_owned())
            )
        );
        assert_eq!(
            without_roots("postgres://meed@db/office"),
            ("postgres://meed@db/office".to_owned(), None)
        );
    }

    #[test]
    fn a_server_elsewhere_whose_authority_cannot_be_read_is_not_asked() {
        let told = open("postgres://meed@192.0.2.1/office?sslrootcert=/nowhere.pem")
            .map(drop)
            .unwrap_err();
        assert!(told.to_string().contains("/nowhere.pem: no certificates"), "{told}");
    }
}
