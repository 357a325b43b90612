//! Typed views of the tree: one struct for each production of `docs/language.md`, one accessor for each of its named parts.
//!
//! A part is absent where the document has an error, so every accessor of one part is an `Option`; a tree without errors has all
//! parts that the grammar does not mark `?`.

mod cases;
mod combining;
mod document;
mod expressions;
mod front_matter;
mod measures;
mod parts;
mod rules;
mod tables;
mod titles;
mod vocabulary;
mod words;

pub use cases::*;
pub use combining::*;
pub use document::*;
pub use expressions::*;
pub use front_matter::*;
pub use measures::*;
pub use rules::*;
pub use tables::*;
pub use titles::*;
pub use vocabulary::*;
pub use words::*;

use text_size::TextRange;

use crate::kind::SyntaxKind;
use crate::tree::SyntaxNode;

/// A typed view of a node.
pub trait AstNode: Sized {
    /// Whether a node of this kind can be seen as this type.
    fn can_cast(kind: SyntaxKind) -> bool;
    /// The view, if the node is of the right kind.
    fn cast(node: SyntaxNode) -> Option<Self>;
    /// The node.
    fn syntax(&self) -> &SyntaxNode;
    /// Its bytes in the document.
    fn range(&self) -> TextRange {
        self.syntax().text_range()
    }
}

/// Structs over one kind, with accessors: `part: how(phrase) Type`.
macro_rules! nodes {
    ($($(#[$doc:meta])* $name:ident = $kind:ident { $($part:ident : $how:ident $(($($phrase:ident),*))? $($ty:ident)?;)* })*) => {$(
        $(#[$doc])*
        #[doc = concat!("The production `", stringify!($name), "`.")]
        #[derive(Clone, Debug, PartialEq, Eq, Hash)]
        pub struct $name($crate::tree::SyntaxNode);

        impl $crate::ast::AstNode for $name {
            fn can_cast(kind: $crate::kind::SyntaxKind) -> bool {
                kind == $crate::kind::SyntaxKind::$kind
            }
            fn cast(node: $crate::tree::SyntaxNode) -> Option<Self> {
                (node.kind() == $crate::kind::SyntaxKind::$kind).then_some($name(node))
            }
            fn syntax(&self) -> &$crate::tree::SyntaxNode {
                &self.0
            }
        }

        impl $name {
            $($crate::ast::part!($part $how ($($($phrase),*)?) $($ty)?);)*
        }
    )*};
}

macro_rules! part {
    ($part:ident child () $ty:ident) => {
        #[doc = concat!("The part `", stringify!($part), "`.")]
        #[must_use]
        pub fn $part(&self) -> Option<$ty> {
            $crate::ast::parts::child(&self.0, 0)
        }
    };
    ($part:ident second () $ty:ident) => {
        #[doc = concat!("The part `", stringify!($part), "`.")]
        #[must_use]
        pub fn $part(&self) -> Option<$ty> {
            $crate::ast::parts::child(&self.0, 1)
        }
    };
    ($part:ident first ($($phrase:ident),*) $ty:ident) => {
        #[doc = concat!("The part `", stringify!($part), "`: what stands before the first keyword.")]
        #[must_use]
        pub fn $part(&self) -> Option<$ty> {
            $crate::ast::parts::before_keyword(&self.0)
        }
    };
    ($part:ident after ($($phrase:ident),*) $ty:ident) => {
        #[doc = concat!("The part `", stringify!($part), "`.")]
        #[must_use]
        pub fn $part(&self) -> Option<$ty> {
            $crate::ast::parts::after(&self.0, &[$($crate::phrases::Phrase::$phrase),*]).next()
        }
    };
    ($part:ident each () $ty:ident) => {
        #[doc = concat!("The parts `", stringify!($part), "`, in the order of the document.")]
        pub fn $part(&self) -> impl Iterator<Item = $ty> + use<> {
            $crate::ast::parts::children(&self.0)
        }
    };
    ($part:ident each_after ($($phrase:ident),*) $ty:ident) => {
        #[doc = concat!("The parts `", stringify!($part), "`, in the order of the document.")]
        pub fn $part(&self) -> impl Iterator<Item = $ty> + use<> {
            $crate::ast::parts::after(&self.0, &[$($crate::phrases::Phrase::$phrase),*])
        }
    };
    ($part:ident has ($($phrase:ident),*)) => {
        #[doc = concat!("Whether the grammar's flag of `", stringify!($part), "` is written.")]
        #[must_use]
        pub fn $part(&self) -> bool {
            $crate::ast::parts::keyword_among(&self.0, &[$($crate::phrases::Phrase::$phrase),*]).is_some()
        }
    };
    ($part:ident keyword ($($phrase:ident),*)) => {
        #[doc = concat!("Which keyword is written as `", stringify!($part), "`.")]
        #[must_use]
        pub fn $part(&self) -> Option<$crate::phrases::Phrase> {
            $crate::ast::parts::keyword_among(&self.0, &[$($crate::phrases::Phrase::$phrase),*])
        }
    };
}

/// Enums over several kinds.
macro_rules! alternatives {
    ($($(#[$doc:meta])* $name:ident { $($variant:ident),* $(,)? })*) => {$(
        $(#[$doc])*
        #[doc = concat!("The alternatives of `", stringify!($name), "`.")]
        #[derive(Clone, Debug, PartialEq, Eq, Hash)]
        #[expect(missing_docs, reason = "each variant is named like its production")]
        pub enum $name { $($variant($variant),)* }

        impl $crate::ast::AstNode for $name {
            fn can_cast(kind: $crate::kind::SyntaxKind) -> bool {
                $(<$variant as $crate::ast::AstNode>::can_cast(kind))||*
            }
            fn cast(node: $crate::tree::SyntaxNode) -> Option<Self> {
                $(if <$variant as $crate::ast::AstNode>::can_cast(node.kind()) {
                    return <$variant as $crate::ast::AstNode>::cast(node).map($name::$variant);
                })*
                None
            }
            fn syntax(&self) -> &$crate::tree::SyntaxNode {
                match self { $($name::$variant(inner) => $crate::ast::AstNode::syntax(inner),)* }
            }
        }
    )*};
}

pub(crate) use {alternatives, nodes, part};
