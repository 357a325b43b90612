//! Strict JSON text to a tree with places.
//!
//! `jsonc-parser` keeps the place of every value and every number's text, but it accepts raw line ends in strings and
//! Unicode spaces between tokens; `serde_json` first refuses whatever RFC 8259 does not allow, and tells where.

use jsonc_parser::ast::Value;
use jsonc_parser::{CollectOptions, ParseOptions, parse_to_ast};
use serde::de::IgnoredAny;

use super::FactError;

/// Bytes that a file of facts may have: one applicant with some ten thousand children.
pub(super) const LIMIT_BYTES: usize = 16 << 20;

/// How deep objects and arrays may lie in each other: children of children of children and a range need twelve.
const LIMIT_DEPTH: usize = 64;

/// A place in the text, in bytes from its start.
pub(super) type Offset = usize;

pub(super) fn parse(text: &str) -> Result<Value<'_>, FactError> {
    if text.len() > LIMIT_BYTES {
        return Err(whole(
            format!("the file has more than {LIMIT_BYTES} bytes"),
            "give one applicant a file",
        ));
    }
    if let Err(error) = serde_json::from_str::<IgnoredAny>(text) {
        let full = error.to_string();
        let message = full.split(" at line ").next().unwrap_or(&full).to_owned();
        let help = help_for(text, &message);
        return Err(FactError {
            line: error.line(),
            column: error.column().max(1),
            path: String::new(),
            message,
            help,
        });
    }
    if let Some(offset) = too_deep(text) {
        let (line, column) = Places::new(text).find(offset);
        let message = format!("objects and arrays lie more than {LIMIT_DEPTH} deep in each other");
        return Err(FactError {
            line,
            column,
            path: String::new(),
            message,
            help: String::new(),
        });
    }
    let strict = ParseOptions {
        allow_comments: false,
        allow_loose_object_property_names: false,
        allow_trailing_commas: false,
        allow_missing_commas: false,
        allow_single_quoted_strings: false,
        allow_hexadecimal_numbers: false,
        allow_unary_plus_numbers: false,
        allow_bare_decimal_point_numbers: false,
        allow_non_finite_numbers: false,
        allow_extended_string_escapes: false,
    };
    match parse_to_ast(text, &CollectOptions::default(), &strict) {
        Ok(tree) => tree.value.ok_or_else(|| whole("the file is empty".to_owned(), "")),
        Err(error) => {
            let (line, column) = Places::new(text).find(error.range().start);
            let message = error.kind().to_string();
            Err(FactError {
                line,
                column,
                path: String::new(),
                message,
                help: String::new(),
            })
        }
    }
}

fn whole(message: String, help: &str) -> FactError {
    FactError {
        line: 1,
        column: 1,
        path: String::new(),
        message,
        help: help.to_owned(),
    }
}

fn help_for(text: &str, message: &str) -> String {
    let help = if text.starts_with('\u{feff}') {
        "save the file as UTF-8 without a byte order mark"
    } else if message.contains("trailing comma") {
        "remove the comma before the closing bracket"
    } else if message.contains("key must be a string") {
        "write names in double quotes"
    } else if message.contains("EOF") {
        "a closing bracket or quote is missing"
    } else if message.contains("control character") {
        "write a line end inside a text as \\n"
    } else {
        "the file must be JSON (RFC 8259): double quotes, no comments"
    };
    help.to_owned()
}

// The text is valid JSON by now, so quotes and brackets match.
fn too_deep(text: &str) -> Option<Offset> {
    let mut depth = 0_usize;
    let mut in_string = false;
    let mut escaped = false;
    for (offset, byte) in text.bytes().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = in_string,
            b'"' => in_string = !in_string,
            b'{' | b'[' if !in_string => {
                depth = depth.saturating_add(1);
                if depth > LIMIT_DEPTH {
                    return Some(offset);
                }
            }
            b'}' | b']' if !in_string => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    None
}

/// Finds lines and columns of places asked for in ascending order, in one walk over the text.
pub(super) struct Places<'a> {
    rest: &'a str,
    passed: Offset,
    line: usize,
    column: usize,
}

impl<'a> Places<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self {
            rest: text,
            passed: 0,
            line: 1,
            column: 1,
        }
    }

    /// Line and column (in characters), from 1.
    pub(super) fn find(&mut self, offset: Offset) -> (usize, usize) {
        let step = offset.saturating_sub(self.passed);
        let Some((before, after)) = self.rest.split_at_checked(step) else {
            return (self.line, self.column);
        };
        for character in before.chars() {
            if character == '\n' {
                self.line = self.line.saturating_add(1);
                self.column = 1;
            } else {
                self.column = self.column.saturating_add(1);
            }
        }
        self.passed = offset.max(self.passed);
        self.rest = after;
        (self.line, self.column)
    }
}
