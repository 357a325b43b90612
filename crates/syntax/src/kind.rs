//! The kinds of tokens and nodes of the tree. Tokens carry the document's bytes, nodes are the productions of `docs/language.md`.

macro_rules! kinds {
    ($($(#[$doc:meta])* $name:ident,)*) => {
        /// What a token or node is.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[expect(non_camel_case_types, reason = "kinds are written like the constants they are")]
        #[expect(missing_docs, reason = "a kind is named like its production in docs/language.md")]
        pub enum SyntaxKind { $($(#[$doc])* $name,)* }
    };
}

kinds! {
    // ---- tokens of the document
    /// Text outside the rules.
    PROSE,
    /// The `##` before a heading's text, or the line under it.
    HEADING_MARK,
    /// A heading's text.
    HEADING_TEXT,
    /// The opening or closing line of a block or of the front matter.
    FENCE,
    /// Indentation, quote marks and list marks inside a block.
    LINE_PREFIX,
    /// The bars, the delimiter row and the line ends of a table.
    TABLE_RULE,
    /// The words of a cell that holds no rule.
    CELL_TEXT,

    // ---- trivia
    WHITESPACE,
    COMMENT,

    // ---- tokens of the rules
    WORD,
    NUMBER_TOKEN,
    DATE_TOKEN,
    YEAR_MONTH_TOKEN,
    MONTH_DAY_TOKEN,
    TEXT_TOKEN,
    L_PAREN,
    R_PAREN,
    L_BRACE,
    R_BRACE,
    L_BRACKET,
    R_BRACKET,
    COMMA,
    COLON,
    DOT,
    RANGE_OP,
    RANGE_OPEN_HIGH,
    RANGE_OPEN_LOW,
    RANGE_OPEN_BOTH,
    PLUS,
    MINUS,
    STAR,
    SLASH,
    CARET,
    EQ,
    NEQ,
    LT,
    LE,
    GT,
    GE,
    /// A character that means nothing.
    STRAY,
    /// The end of what is parsed; never in a tree.
    END,

    // ---- nodes of the document
    DOCUMENT,
    FRONT_MATTER,
    FRONT_ENTRY,
    FRONT_KEY,
    FRONT_SCALAR,
    FRONT_MAP,
    FRONT_LIST,
    HEADING,
    BLOCK,
    TABLE,
    HEAD,
    ROW,
    CELL,
    /// What could not be understood.
    ERROR,

    // ---- words
    KEYWORD,
    NAME,
    NAME_REF,
    PATH,
    NUMBER,
    DATE,
    YEAR_MONTH,
    MONTH_DAY,
    TEXT,
    UNIT,

    // ---- vocabulary
    LABELS,
    SPAN,
    ENTITY,
    FACTS,
    ENUMERATION,
    MEMBER,
    AGENCY,
    UNIT_DECLARATION,
    FORMERLY,
    TYPE,

    // ---- clauses of any rule
    SOURCE_CLAUSE,
    BASIS_CLAUSE,
    IN_FORCE_CLAUSE,
    ANCHOR_CLAUSE,

    // ---- titles
    TITLE,
    GRANTED_BY,
    LEVEL,
    LEVELS,
    VALID,
    REVIEW,
    BARRED,
    CRITERIA,

    // ---- measures and services
    MEASURE,
    SERVICE,
    CHILD,
    WHEN,
    WHILE,
    JUDGED_BEFORE,
    PAY,
    ASSESSED,
    ROUNDING,
    ONCE,
    EVERY,
    EQUAL_INSTALMENTS,
    SHARE_INSTALMENTS,
    SHARE_PART,
    ENDS_ON_FAILURE,
    ENDS_RUNNING,
    TO,
    LED_BY,
    WITH,
    KEEP,
    SHARED,
    PAYER_PART,
    UNIQUE,
    WINDOW,
    PAUSED,
    NO_APPLICATION,
    CHANNEL,
    CONDITIONS,
    CONDITION,

    // ---- parameters, definitions, exceptions
    PARAMETER,
    PARAMETER_ENTRY,
    DEFINE,
    PARAMS,
    PARAM,
    INNER_EXCEPTION,
    EXCEPTION,
    EXCEPTION_GROUP,
    PRESUMPTION,
    CATEGORY,

    // ---- combining and funds
    COMBINE,
    HIGHEST_OF,
    EXCLUSIVE,
    TOP_UP,
    CEILING,
    UNRESOLVED,
    CUT,
    PER_SAME,
    KEY_PART,
    FUND,
    FUND_YEAR,
    COVERS,
    WHEN_SHORT,

    // ---- tables and sheets
    TABLE_ITEM,
    TABLE_RULE_CLAUSE,
    SHEET,
    SHEET_GROUP,
    KEY_CELL,
    COMPARISON,
    SOURCE_CELL,

    // ---- the rest of the items
    NO_RULE,
    AMEND,

    // ---- cases
    CASE,
    CASE_TABLE,
    OBJECT,
    FIELD,
    LIST_DATUM,
    RANGE_DATUM,
    MISSING_DATUM,
    SO_FAR_DATUM,
    TITLE_DATUM,
    EXPECTATIONS,
    EXPECTATION,
    EXPECT_TARGET,
    EXPECTED,
    EXPECTED_VALUE,
    EXPECTED_INSTALMENT,
    EXPECTED_PAYER,

    // ---- expressions
    LITERAL,
    SPECIAL,
    NAME_EXPR,
    PAREN,
    BINARY,
    UNARY,
    PERCENT_OF,
    PER_STEP,
    CALL,
    ARG,
    ACCESS,
    QUANTIFIED,
    AGGREGATE,
    ANY,
    SOURCE,
    EXTREME,
    ALL_OF,
    ANY_OF,
    NONE_OF,
    AT_LEAST_OF,
    CASES_EXPR,
    CASE_ROW,
    UNCLEAR,
    HOLE,
    SET_EXPR,
    RANGE,
    MATCH,
}

impl SyntaxKind {
    /// Whether it is a token that no rule sees.
    #[must_use]
    pub fn is_trivia(self) -> bool {
        use SyntaxKind::{COMMENT, FENCE, LINE_PREFIX, TABLE_RULE, WHITESPACE};
        matches!(self, WHITESPACE | COMMENT | LINE_PREFIX | FENCE | TABLE_RULE)
    }

    /// How a token of punctuation is written, whatever its width in the document.
    #[must_use]
    pub fn punctuation(self) -> Option<&'static str> {
        Some(match self {
            SyntaxKind::L_PAREN => "(",
            SyntaxKind::R_PAREN => ")",
            SyntaxKind::L_BRACE => "{",
            SyntaxKind::R_BRACE => "}",
            SyntaxKind::L_BRACKET => "[",
            SyntaxKind::R_BRACKET => "]",
            SyntaxKind::COMMA => ",",
            SyntaxKind::COLON => ":",
            SyntaxKind::DOT => ".",
            SyntaxKind::RANGE_OP => "..",
            SyntaxKind::RANGE_OPEN_HIGH => "..<",
            SyntaxKind::RANGE_OPEN_LOW => "<..",
            SyntaxKind::RANGE_OPEN_BOTH => "<..<",
            SyntaxKind::PLUS => "+",
            SyntaxKind::MINUS => "-",
            SyntaxKind::STAR => "*",
            SyntaxKind::SLASH => "/",
            SyntaxKind::CARET => "^",
            SyntaxKind::EQ => "=",
            SyntaxKind::NEQ => "!=",
            SyntaxKind::LT => "<",
            SyntaxKind::LE => "<=",
            SyntaxKind::GT => ">",
            SyntaxKind::GE => ">=",
            _ => return None,
        })
    }
}
