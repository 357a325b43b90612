//! An address as a code for cameras (QR, ISO/IEC 18004).

use qrcode::{Color, QrCode};
use serde::Serialize;

use crate::fault::Fault;
use crate::words::Words;

/// The white around a code, in modules, as its standard asks for.
const QUIET: usize = 4;

/// An address as a code for cameras, with the address below for everybody else.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Code {
    /// The address.
    pub address: String,
    /// What the picture is, in words.
    pub said: String,
    /// How many modules it is wide and high, with the white around it.
    pub side: usize,
    /// Its dark modules, as a path of SVG in a square of that side.
    pub dark: String,
}

impl Code {
    /// The code of an address.
    ///
    /// # Errors
    /// Where the address is longer than a code can be.
    pub fn of(words: Words, address: &str) -> Result<Self, Fault> {
        let code = QrCode::new(address.as_bytes()).map_err(|error| Fault::Broken(error.to_string()))?;
        let width = code.width();
        let colors = code.to_colors();
        let dark = colors.iter().enumerate().filter(|(_, color)| **color == Color::Dark);
        let places = dark.filter_map(|(index, _)| Some((index.checked_rem(width)?, index.checked_div(width)?)));
        let path = places.map(|(x, y)| format!("M{} {}h1v1h-1z", x.saturating_add(QUIET), y.saturating_add(QUIET)));
        Ok(Self {
            address: address.to_owned(),
            said: words.with("certificate-code", &[("address", address.into())]),
            side: QUIET.saturating_mul(2).saturating_add(width),
            dark: path.collect(),
        })
    }
}
