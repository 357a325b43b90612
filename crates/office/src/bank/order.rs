//! One instruction to pay, and the parties of it.

use super::amount::LARGEST;
use super::id::InstructionId;
use super::violation::{Fault, Place, Violation};

/// Most characters of a name or of a remittance text (Max140Text).
pub const LONGEST_TEXT: usize = 140;

/// Most characters of an account number (Max34Text).
pub const LONGEST_ACCOUNT: usize = 34;

/// A bank: its number in the payment system of China, or its BIC.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum BankCode {
    /// Twelve digits of CNAPS, the China National Advanced Payment System (联行号).
    Cnaps(String),
    /// A Business Identifier Code of ISO 9362, of 8 or 11 characters.
    Bic(String),
}

impl BankCode {
    /// Reads either.
    pub fn parse(text: &str) -> Result<Self, Fault> {
        if text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit()) {
            return Ok(Self::Cnaps(text.to_owned()));
        }
        if is_bic(text) {
            return Ok(Self::Bic(text.to_owned()));
        }
        Err(Fault::form(text, "a CNAPS number of 12 digits or a BIC"))
    }

    /// Its text.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Cnaps(code) | Self::Bic(code) => code,
        }
    }
}

/// `[A-Z0-9]{4}[A-Z]{2}[A-Z0-9]{2}([A-Z0-9]{3})?`, BICFIDec2014Identifier of ISO 20022.
pub(super) fn is_bic(text: &str) -> bool {
    let country = text.bytes().skip(4).take(2);
    matches!(text.len(), 8 | 11)
        && text
            .bytes()
            .all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit())
        && country.into_iter().all(|byte| byte.is_ascii_uppercase())
}

/// Who pays or is paid: a name with an account at a bank.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Party {
    name: String,
    account: String,
    bank: BankCode,
}

impl Party {
    /// A party; the name is one plain line of at most 140 characters, the account at most 34 letters and digits.
    pub fn new(name: &str, account: &str, bank: &str) -> Result<Self, Violation> {
        plain(name, 1).map_err(|fault| fault.at(Place::Part("name")))?;
        number(account).map_err(|fault| fault.at(Place::Part("account")))?;
        let bank = BankCode::parse(bank).map_err(|fault| fault.at(Place::Part("bank")))?;
        Ok(Self {
            name: name.to_owned(),
            account: account.to_owned(),
            bank,
        })
    }

    /// The holder's name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The account's number.
    pub fn account(&self) -> &str {
        &self.account
    }

    /// The bank that keeps the account.
    pub fn bank(&self) -> &BankCode {
        &self.bank
    }
}

/// An instruction to pay yuan once.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Order {
    id: InstructionId,
    amount: i64,
    creditor: Party,
    remittance: String,
}

impl Order {
    /// An instruction over `amount` fen, more than nothing. `remittance` is for the payee and may be empty.
    pub fn new(id: InstructionId, amount: i64, creditor: Party, remittance: &str) -> Result<Self, Violation> {
        if amount <= 0 {
            return Err(Fault::NotPositive.at(Place::Part("amount")));
        }
        if amount > LARGEST {
            let fault = Fault::Digits {
                value: amount.to_string(),
                total: 18,
                fraction: 2,
            };
            return Err(fault.at(Place::Part("amount")));
        }
        plain(remittance, 0).map_err(|fault| fault.at(Place::Part("remittance")))?;
        Ok(Self {
            id,
            amount,
            creditor,
            remittance: remittance.to_owned(),
        })
    }

    /// Its id.
    pub fn id(&self) -> &InstructionId {
        &self.id
    }

    /// What to pay, in fen.
    pub fn amount(&self) -> i64 {
        self.amount
    }

    /// Who is paid.
    pub fn creditor(&self) -> &Party {
        &self.creditor
    }

    /// What the payee reads.
    pub fn remittance(&self) -> &str {
        &self.remittance
    }
}

/// Whether a text is one plain line.
pub(super) fn plain(text: &str, least: usize) -> Result<(), Fault> {
    let found = text.chars().count();
    if found < least || found > LONGEST_TEXT {
        return Err(Fault::Length {
            least,
            most: LONGEST_TEXT,
            found,
        });
    }
    if text.trim() != text || text.chars().any(hidden) {
        return Err(Fault::Characters(text.to_owned()));
    }
    Ok(())
}

/// Whether a reader would not see the character, or see others in another order.
pub(super) fn hidden(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{2028}' | '\u{2029}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}')
        || matches!(c, '\u{feff}' | '\u{fffe}' | '\u{ffff}')
}

/// Whether a text is an account's number.
pub(super) fn number(text: &str) -> Result<(), Fault> {
    let sound =
        !text.is_empty() && text.len() <= LONGEST_ACCOUNT && text.bytes().all(|byte| byte.is_ascii_alphanumeric());
    sound
        .then_some(())
        .ok_or_else(|| Fault::form(text, "an account number of at most 34 letters and digits"))
}

#[cfg(test)]
mod tests {
    use super::super::mode::Mode;
    use super::*;

    fn payee() -> Party {
        Party::new("哈尔滨某某公司", "6222021234567890123", "102261000018").unwrap()
    }

    fn id() -> InstructionId {
        InstructionId::new(Mode::Demo, "o", "i", 1)
    }

    #[test]
    fn banks_are_told_by_cnaps_or_bic() {
        assert!(matches!(BankCode::parse("102261000018"), Ok(BankCode::Cnaps(_))));
        assert!(matches!(BankCode::parse("ICBKCNBJHLJ"), Ok(BankCode::Bic(_))));
        for wrong in [
            "",
            "10226100001",
            "ICBKCNB",
            "icbkcnbj",
            "ICBK1NBJ",
            "ICBKCNBJHL",
            "１02261000018",
        ] {
            assert!(BankCode::parse(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn what_cannot_be_seen_is_in_no_name() {
        for name in ["", " a", "a\n", "a\tb", "a\u{202e}b", "a\u{200b}b", &"公".repeat(141)] {
            assert!(Party::new(name, "1", "102261000018").is_err(), "{name:?}");
        }
        assert!(Party::new(&"公".repeat(140), "1", "102261000018").is_ok());
        for account in ["", "1 2", "1-2", &"1".repeat(35)] {
            assert!(Party::new("a", account, "102261000018").is_err(), "{account}");
        }
    }

    #[test]
    fn amounts_are_above_nothing_and_have_18_digits() {
        for amount in [0, -1, LARGEST + 1, i64::MIN] {
            assert!(Order::new(id(), amount, payee(), "").is_err(), "{amount}");
        }
        assert!(Order::new(id(), LARGEST, payee(), "").is_ok());
    }
}
