//! A provider of identities on this machine, and a browser that goes there.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use meed_portal::signin::oidc::{Answer, Provider, Settings};
use serde_json::Value;

/// Where the portal would listen.
pub const BASE: &str = "http://127.0.0.1:1";

/// A provider that runs until this is dropped.
pub struct Running {
    program: Child,
    pub issuer: String,
    agent: ureq::Agent,
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.program.kill();
        let _ = self.program.wait();
    }
}

/// Starts a provider; `None` where its packages are not installed, unless `MEED_NODE=required`.
pub fn start() -> Option<Running> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/oidc");
    if !folder.join("node_modules").exists() {
        let required = std::env::var("MEED_NODE").is_ok_and(|value| value == "required");
        assert!(
            !required,
            "the provider is not installed: npm ci --prefix {}",
            folder.display()
        );
        eprintln!("the provider is not installed; sign-in there is not tested");
        return None;
    }
    let mut program = Command::new("node")
        .arg("provider.js")
        .arg(format!("{BASE}/sign-in/oidc/answer"))
        .current_dir(folder)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut issuer = String::new();
    BufReader::new(program.stdout.take().unwrap())
        .read_line(&mut issuer)
        .unwrap();
    let agent = ureq::Agent::config_builder()
        .max_redirects(0)
        .max_redirects_will_error(false)
        .http_status_as_error(false)
        .build();
    let issuer = issuer.trim().to_owned();
    assert!(issuer.starts_with("http://127.0.0.1:"), "{issuer}");
    let agent = agent.into();
    Some(Running { program, issuer, agent })
}

impl Running {
    /// The portal's side, which knows nothing of the provider yet.
    pub fn portal(&self) -> Provider {
        let folder = tempfile::tempdir().unwrap();
        let settings = self.settings(folder.path());
        Provider::new(&settings, &BASE.parse().unwrap(), folder.path()).unwrap()
    }

    /// How the portal is known to it, with the secret in a folder.
    pub fn settings(&self, folder: &Path) -> Settings {
        std::fs::write(folder.join("secret"), "a secret that only the tests know\n").unwrap();
        Settings {
            issuer: self.issuer.clone(),
            client: "meed".to_owned(),
            secret_file: Some("secret".into()),
            secret_env: None,
            second_factor: vec!["two-factors".to_owned()],
        }
    }

    /// Tells the provider what is to happen from now on.
    pub fn told(&self, what: &Value) {
        let sent = self.agent.post(format!("{}/told", self.issuer)).send(what.to_string());
        assert_eq!(sent.unwrap().status(), 200);
    }

    /// How often its keys were asked for.
    pub fn keys_asked(&self) -> i64 {
        let mut answer = self.agent.get(format!("{}/count", self.issuer)).call().unwrap();
        answer.body_mut().read_to_string().unwrap().parse().unwrap()
    }
}

/// A browser at the provider.
#[derive(Default)]
pub struct Browser {
    cookies: BTreeMap<String, String>,
}

impl Browser {
    /// Goes to an address and wherever it leads, until it leads back to the portal; with what it comes back.
    pub fn visit(&mut self, provider: &Running, address: &str) -> Answer {
        let mut address = address.to_owned();
        for _ in 0..10 {
            let cookies: Vec<String> = self
                .cookies
                .iter()
                .map(|(name, value)| format!("{name}={value}"))
                .collect();
            let request = provider.agent.get(&address).header("cookie", cookies.join("; "));
            let response = request.call().unwrap();
            for cookie in response.headers().get_all("set-cookie") {
                let pair = cookie.to_str().unwrap().split(';').next().unwrap();
                let (name, value) = pair.split_once('=').unwrap();
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
            let location = response
                .headers()
                .get("location")
                .map(|place| place.to_str().unwrap().to_owned());
            let Some(location) = location else {
                panic!("{address} leads nowhere: {}", response.status());
            };
            if let Some(query) = location.strip_prefix(BASE) {
                return answer(query);
            }
            address = match location.strip_prefix('/') {
                Some(path) => format!("{}/{path}", provider.issuer),
                None => location,
            };
        }
        panic!("it leads in circles");
    }
}

fn answer(address: &str) -> Answer {
    let address = openidconnect::url::Url::parse(&format!("{BASE}{address}")).unwrap();
    assert_eq!(address.path(), "/sign-in/oidc/answer");
    let mut said: BTreeMap<String, String> = address.query_pairs().into_owned().collect();
    Answer {
        state: said.remove("state"),
        code: said.remove("code"),
        iss: said.remove("iss"),
        error: said.remove("error"),
    }
}
