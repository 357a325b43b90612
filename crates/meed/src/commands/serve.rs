//! `meed serve`: the web of an office, for people and for programs.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use meed_facts::label::Lang;
use meed_office::file::OfficeFile;
use meed_office::office::Office;
use meed_office::setup::Mode;
use meed_office::time::{Clock, Instant};
use meed_portal::app::{Portal, log, serve, tick};
use meed_portal::guard::limits::Limits;
use meed_portal::settings::{Gate, Settings};
use meed_portal::sheets::Press;
use meed_portal::signin::seal::Key;
use meed_syntax::diagnostic::Message;

use super::demo;
use super::portal::key_file;
use crate::answer::{Answer, Result, Unusable};

/// How many applicants without titles a demonstration has.
const OTHERS: usize = 200;

/// Serves an office's web: pages for everybody, and an interface for programs
#[derive(Debug, clap::Args)]
pub struct Args {
    /// A demonstration with synthetic applicants in a temporary folder, for this machine alone
    #[arg(long)]
    demo: bool,
    /// The file that describes the office
    #[arg(long, value_name = "FILE", default_value = "office.toml", conflicts_with = "demo")]
    office: PathBuf,
    /// The file with the key that seals second factors; `portal.key` beside the office's file
    #[arg(long, value_name = "FILE", conflicts_with = "demo")]
    key: Option<PathBuf>,
    /// Another database than the file names: `sqlite:PATH` or `postgres://…`
    #[arg(long, value_name = "URL")]
    database: Option<String>,
    /// The address and port
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:8080")]
    listen: SocketAddr,
    /// The file that says where browsers find the portal, and who tells it who people are
    #[arg(long, value_name = "FILE", conflicts_with = "demo")]
    portal: Option<PathBuf>,
    /// The package of a demonstration, with its `population.toml`
    #[arg(long, value_name = "FOLDER", default_value = "policies/harbin", requires = "demo")]
    package: PathBuf,
    /// Every how many minutes what days alone bring is moved on, in the name of who is `machine`; 0 for never
    #[arg(long, value_name = "MINUTES", default_value_t = 10, conflicts_with = "demo")]
    timers: u64,
    /// The folder with the fonts in which PDF files are set
    #[cfg(feature = "pdf")]
    #[arg(long, value_name = "FOLDER", env = "MEED_FONTS", default_value = meed_press::fonts::USUAL)]
    fonts: PathBuf,
}

impl Args {
    pub fn run(self, lang: Lang) -> Result {
        if self.demo && !self.listen.ip().is_loopback() {
            let why = Message::new(
                "a demonstration has people who sign in without a password, so it listens to this machine alone; use 127.0.0.1",
                "演示人员无需密码即可登录，因此只能监听本机地址；请使用 127.0.0.1",
            );
            return Err(Unusable::at(Path::new(&self.listen.to_string()), &why));
        }
        log(if self.demo { "warn" } else { "info" });
        // Lives until the process ends.
        let folder = tempfile::tempdir().map_err(|error| Unusable::system(Path::new("tmp"), &error))?;
        let office = if self.demo {
            eprintln!(
                "{}",
                Message::new("making a demonstration…", "正在生成演示数据……").text(lang)
            );
            demo::make(
                &folder.path().join("demo"),
                &self.package,
                OTHERS,
                self.database.as_deref(),
            )?
            .office
        } else {
            self.open(lang)?
        };
        let failed = |error: &dyn std::fmt::Display| Unusable::said(&self.office, &error.to_string());
        let mut gate = self.gate()?;
        gate.key = Key::read(&key_file(self.key.as_deref(), &self.office)).map_err(|error| failed(&error))?;
        let portal = Portal::printing(office, gate, self.press()).map_err(|error| failed(&error))?;
        let runtime = tokio::runtime::Runtime::new().map_err(|error| failed(&error))?;
        // In a demonstration no day ever passes.
        if self.timers > 0 && !portal.is_demo() {
            let every = Duration::from_secs(self.timers.saturating_mul(60));
            runtime.spawn(tick(Arc::clone(&portal), every));
        }
        let ready = |at: SocketAddr| eprintln!("http://{at}/");
        runtime
            .block_on(serve(portal, self.listen, ready))
            .map_err(|error| failed(&error))?;
        Ok(Answer::fine(String::new()))
    }

    #[cfg(feature = "pdf")]
    #[expect(clippy::unnecessary_wraps, reason = "without the feature there is none")]
    fn press(&self) -> Option<Arc<dyn Press>> {
        let press = meed_press::Typst::new(&self.fonts);
        press.look();
        Some(Arc::new(press))
    }

    #[cfg(not(feature = "pdf"))]
    #[expect(clippy::unused_self, reason = "with the feature it knows where the fonts are")]
    fn press(&self) -> Option<Arc<dyn Press>> {
        None
    }

    fn gate(&self) -> Result<Gate> {
        if self.demo {
            let limits = Limits::unreached();
            return Ok(Gate {
                limits,
                ..Gate::default()
            });
        }
        let Some(file) = &self.portal else {
            return Ok(Gate::default());
        };
        let folder = file.parent().unwrap_or(Path::new(""));
        let gate = Settings::read(file).and_then(|settings| settings.gate(folder));
        gate.map_err(|error| Unusable::said(file, &error))
    }

    fn open(&self, lang: Lang) -> Result<Office> {
        let failed = |error: &dyn std::fmt::Display| Unusable::said(&self.office, &error.to_string());
        let described = OfficeFile::read(&self.office).map_err(|error| Unusable::office(&self.office, &error))?;
        let address = self.database.clone().unwrap_or_else(|| described.address(&self.office));
        // A demonstration stands at its day, whenever it is looked at.
        let clock = match described.settings.mode {
            Mode::Demo => Clock::at(Instant::start_of(demo::today()?).plus_hours(9)),
            Mode::Live | Mode::Test => Clock::System,
        };
        let setup = described
            .setup(&self.office, clock)
            .map_err(|error| Unusable::office(&self.office, &error))?;
        let live = setup.config.mode == Mode::Live;
        let office = Office::open(&address, setup).map_err(|error| failed(&error))?;
        if live {
            super::office::must_be_enough(&office, lang)?;
        }
        Ok(office)
    }
}
