//! Strict JSON text to a tree with places.
//!
//! `jsonc-parser` keeps the place of every value and every number's text, but it accepts raw line ends in strings and
//! Unicode spaces between tokens; `serde_json` first refuses whatever RFC 8259 does not allow, and tells where.

use jsonc_parser::ast::Value;
use jsonc_parser::{CollectOptions, ParseOptions, parse_to_ast};
use serde::de::IgnoredAny;

use super::{FactError, grammar};
use crate::check::Complaint;

/// Bytes that a file of facts may have: one applicant with some ten thousand children.
pub(super) const LIMIT_BYTES: usize = 16 << 20;

/// How deep objects and arrays may lie in each other: children of children of children and a range need twelve.
const LIMIT_DEPTH: usize = 64;

/// A place in the text, in bytes from its start.
pub(super) type Offset = usize;

pub(super) fn parse(text: &str) -> Result<Value<'_>, Box<FactError>> {
    if text.len() > LIMIT_BYTES {
        let message = (
            format!("the file has more than {LIMIT_BYTES} bytes"),
            format!("文件超过 {LIMIT_BYTES} 字节"),
        );
        let help = ("give one applicant a file", "请每个申请人用一个文件");
        return Err(at((1, 1), Complaint::new(message, help)));
    }
    if let Err(error) = serde_json::from_str::<IgnoredAny>(text) {
        let full = error.to_string();
        let said = full.split(" at line ").next().unwrap_or(&full);
        let place = (error.line(), error.column().max(1));
        return Err(at(place, grammar::complaint(text, said)));
    }
    if let Some(offset) = too_deep(text) {
        let message = (
            format!("objects and arrays lie more than {LIMIT_DEPTH} deep in each other"),
            format!("对象和数组嵌套超过 {LIMIT_DEPTH} 层"),
        );
        return Err(at(Places::new(text).find(offset), Complaint::alone(message)));
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
        Ok(tree) => tree.value.ok_or_else(|| {
            let message = ("the file is empty", "文件为空");
            at((1, 1), Complaint::alone(message))
        }),
        Err(error) => {
            let place = Places::new(text).find(error.range().start);
            Err(at(place, grammar::complaint(text, &error.kind().to_string())))
        }
    }
}

fn at((line, column): (usize, usize), complaint: Complaint) -> Box<FactError> {
    Box::new(FactError {
        line,
        column,
        path: String::new(),
        complaint,
    })
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
