//! Expressions, by precedence climbing.

use super::{HEIGHT_LIMIT, Parser};
use crate::diagnostic::Code;
use crate::kind::SyntaxKind;
use crate::phrases::Phrase;
use crate::tree::Checkpoint;

/// How tightly operators bind, loosest first.
pub(super) mod power {
    pub(crate) const QUANTIFIER: u8 = 1;
    pub(crate) const OR: u8 = 2;
    pub(crate) const AND: u8 = 3;
    pub(crate) const NOT: u8 = 4;
    pub(crate) const COMPARISON: u8 = 5;
    pub(crate) const SUM: u8 = 6;
    pub(crate) const PRODUCT: u8 = 7;
    pub(crate) const OF: u8 = 8;
    pub(crate) const SIGN: u8 = 9;
    pub(crate) const POWER: u8 = 10;
}

const COMPARISONS: &[Phrase] = &[
    Phrase::In,
    Phrase::NotIn,
    Phrase::Within,
    Phrase::AtLeast,
    Phrase::AtMost,
];
const SPECIALS: &[Phrase] = &[
    Phrase::Today,
    Phrase::Year,
    Phrase::Month,
    Phrase::FiscalYear,
    Phrase::Applicant,
    Phrase::Parent,
    Phrase::Base,
    Phrase::Due,
];

impl Parser<'_, '_> {
    /// Any expression.
    pub(super) fn expr(&mut self) {
        self.expr_above(power::QUANTIFIER);
    }

    /// An expression without comparisons: what may stand before `at most`, `and`, a comma of a clause.
    pub(super) fn amount(&mut self) {
        self.expr_above(power::SUM);
    }

    /// An expression of operators that bind at least as tightly as `least`.
    pub(super) fn expr_above(&mut self, least: u8) {
        let outer = std::mem::replace(&mut self.tallest, 0);
        self.nested(|p| {
            let checkpoint = p.checkpoint();
            p.prefix();
            p.tallest = p.tallest.saturating_add(1);
            while p.infix(checkpoint, least) {
                p.tallest = p.tallest.saturating_add(1);
                if p.tallest > HEIGHT_LIMIT {
                    p.give_up();
                }
            }
        });
        self.tallest = self.tallest.max(outer);
    }

    /// A line break ends an expression, unless the next line begins with an operator that can begin nothing else.
    fn line_ends_here(&self) -> bool {
        use SyntaxKind::{CARET, EQ, GE, GT, LE, LT, NEQ, PLUS, SLASH, STAR};
        self.lines_count
            && self.starts_line(0)
            && !matches!(self.kind(), PLUS | STAR | SLASH | CARET | EQ | NEQ | LT | LE | GT | GE)
            && !self.at_any(&[Phrase::Or, Phrase::And, Phrase::ForEach, Phrase::ForAny])
    }

    fn infix(&mut self, left: Checkpoint, least: u8) -> bool {
        use SyntaxKind::{CARET, EQ, GE, GT, LE, LT, MINUS, NEQ, PLUS, SLASH, STAR};
        if self.line_ends_here() || self.at_label() && self.labels_follow {
            return false;
        }
        let operator = match self.kind() {
            PLUS | MINUS => power::SUM,
            STAR | SLASH => power::PRODUCT,
            CARET => power::POWER,
            EQ | NEQ | LT | LE | GT | GE => power::COMPARISON,
            SyntaxKind::WORD => match self.phrase() {
                Some(Phrase::Or) => power::OR,
                Some(Phrase::And) => power::AND,
                Some(Phrase::ForEach | Phrase::ForAny) => power::QUANTIFIER,
                Some(Phrase::Of | Phrase::Per | Phrase::PerFull) => power::OF,
                Some(phrase) if COMPARISONS.contains(&phrase) => power::COMPARISON,
                _ => return false,
            },
            _ => return false,
        };
        if operator < least {
            return false;
        }
        match self.phrase() {
            Some(Phrase::ForEach | Phrase::ForAny) => self.quantifier(left),
            Some(Phrase::Of) => self.wrap(left, SyntaxKind::PERCENT_OF, |p| {
                p.keyword();
                p.expr_above(power::SIGN);
            }),
            Some(Phrase::Per | Phrase::PerFull) => self.per_step(left),
            _ => self.binary(left, operator),
        }
        true
    }

    fn binary(&mut self, left: Checkpoint, operator: u8) {
        self.wrap(left, SyntaxKind::BINARY, |p| {
            let is_membership = p.at_any(&[Phrase::In, Phrase::NotIn]);
            if p.at(SyntaxKind::WORD) {
                p.keyword();
            } else {
                p.bump();
            }
            if is_membership {
                p.members();
            } else if operator == power::POWER {
                p.expr_above(power::SIGN);
            } else {
                p.expr_above(operator.saturating_add(1));
            }
            if operator == power::COMPARISON {
                p.refuse_chain();
            }
        });
    }

    fn refuse_chain(&mut self) {
        use SyntaxKind::{EQ, GE, GT, LE, LT, NEQ};
        if matches!(self.kind(), EQ | NEQ | LT | LE | GT | GE) && !self.line_ends_here() {
            self.report(
                Code::ChainedComparison,
                "one comparison; join two with `and`",
                "单个比较；多个比较请用“且”连接",
            );
        }
    }

    fn quantifier(&mut self, left: Checkpoint) {
        self.wrap(left, SyntaxKind::QUANTIFIED, |p| {
            p.keyword();
            p.variable_in_source();
        });
    }

    /// `var in source where filter`
    fn variable_in_source(&mut self) {
        self.name();
        self.expect_phrase(Phrase::In);
        self.source();
        if self.eat_phrase(Phrase::Where) {
            self.expr_above(power::OR);
        }
    }

    fn source(&mut self) {
        self.node(SyntaxKind::SOURCE, |p| {
            if p.at_phrase(Phrase::Last) && p.nth(1) == SyntaxKind::NUMBER_TOKEN {
                p.keyword();
                p.number();
                p.unit();
                if p.eat_phrase(Phrase::To) {
                    p.amount();
                }
                if p.eat_phrase(Phrase::Since) {
                    p.amount();
                }
            } else {
                p.expr_above(power::SIGN);
                if p.eat_phrase(Phrase::By) {
                    p.name_ref();
                }
            }
        });
    }

    fn per_step(&mut self, left: Checkpoint) {
        self.wrap(left, SyntaxKind::PER_STEP, |p| {
            p.keyword();
            p.expr_above(power::SIGN);
            if p.expect_phrase(Phrase::Of) {
                p.expr_above(power::SIGN);
            }
        });
    }

    /// What stands right of `in`: a set, a band, or an expression.
    pub(super) fn members(&mut self) {
        if self.at(SyntaxKind::L_BRACE) {
            self.set();
        } else {
            self.band();
        }
    }

    fn at_range(&self) -> bool {
        use SyntaxKind::{RANGE_OP, RANGE_OPEN_BOTH, RANGE_OPEN_HIGH, RANGE_OPEN_LOW};
        matches!(
            self.kind(),
            RANGE_OP | RANGE_OPEN_BOTH | RANGE_OPEN_HIGH | RANGE_OPEN_LOW
        )
    }

    /// A band `low .. high`, or an expression alone.
    pub(super) fn band(&mut self) {
        let checkpoint = self.checkpoint();
        if !self.at_range() {
            self.amount();
        }
        if self.at_range() {
            self.wrap(checkpoint, SyntaxKind::RANGE, |p| {
                p.bump();
                if p.begins_operand() {
                    p.amount();
                }
            });
        }
    }

    /// Whether an operand can begin here, on the same line.
    fn begins_operand(&self) -> bool {
        use SyntaxKind::{DATE_TOKEN, L_PAREN, MINUS, NUMBER_TOKEN, TEXT_TOKEN, WORD, YEAR_MONTH_TOKEN};
        match self.kind() {
            NUMBER_TOKEN | DATE_TOKEN | YEAR_MONTH_TOKEN | TEXT_TOKEN | L_PAREN | MINUS => !self.starts_line(0),
            WORD => {
                !self.starts_line(0)
                    && self.phrase().is_none_or(|phrase| SPECIALS.contains(&phrase))
                    && !self.at_label()
            }
            _ => false,
        }
    }

    fn set(&mut self) {
        self.node(SyntaxKind::SET_EXPR, |p| {
            p.bracketed(SyntaxKind::R_BRACE, |p| p.amount());
        });
    }

    /// An opening bracket, parts separated by commas, and the closing bracket; line breaks mean nothing inside.
    pub(super) fn bracketed(&mut self, close: SyntaxKind, mut part: impl FnMut(&mut Self)) {
        let lines_count = std::mem::replace(&mut self.lines_count, false);
        let labels_follow = std::mem::replace(&mut self.labels_follow, false);
        self.bump();
        while !self.at(close) && !self.at_end() {
            part(self);
            if !self.eat(SyntaxKind::COMMA) {
                break;
            }
        }
        self.lines_count = lines_count;
        self.labels_follow = labels_follow;
        self.expect(close);
    }

    fn prefix(&mut self) {
        if self.at(SyntaxKind::MINUS) {
            self.node(SyntaxKind::UNARY, |p| {
                p.bump();
                p.expr_above(power::SIGN);
            });
        } else if self.at_phrase(Phrase::Not) {
            self.node(SyntaxKind::UNARY, |p| {
                p.keyword();
                p.expr_above(power::NOT);
            });
        } else {
            let checkpoint = self.checkpoint();
            self.primary();
            self.postfix(checkpoint);
        }
    }

    fn postfix(&mut self, left: Checkpoint) {
        loop {
            let continues = !(self.lines_count && self.starts_line(0));
            if self.at(SyntaxKind::DOT) && continues {
                self.wrap(left, SyntaxKind::ACCESS, |p| {
                    p.bump();
                    p.any_member();
                });
            } else if self.at(SyntaxKind::L_PAREN) && continues {
                self.wrap(left, SyntaxKind::CALL, |p| {
                    p.bracketed(SyntaxKind::R_PAREN, Parser::argument)
                });
            } else {
                return;
            }
            self.tallest = self.tallest.saturating_add(1);
            if self.tallest > HEIGHT_LIMIT {
                self.give_up();
            }
        }
    }

    /// After a dot every word is a name.
    fn any_member(&mut self) {
        if self.at(SyntaxKind::WORD) {
            self.node(SyntaxKind::NAME_REF, Self::bump);
        } else {
            self.expected("the name of a fact", "事实名称");
        }
    }

    fn argument(&mut self) {
        self.node(SyntaxKind::ARG, |p| {
            if p.at_label() {
                p.label();
                p.bump();
            }
            if p.eat_phrase(Phrase::AtLeast) {
                p.name_ref();
            } else {
                p.expr();
                if p.eat_phrase(Phrase::To) {
                    p.amount();
                }
            }
        });
    }

    fn primary(&mut self) {
        use SyntaxKind::{DATE_TOKEN, L_BRACE, L_PAREN, NUMBER_TOKEN, TEXT_TOKEN, WORD, YEAR_MONTH_TOKEN};
        match self.kind() {
            NUMBER_TOKEN | DATE_TOKEN | YEAR_MONTH_TOKEN | TEXT_TOKEN => self.literal(),
            L_PAREN => self.parenthesis(),
            L_BRACE => self.set(),
            WORD => self.word_primary(),
            _ => self.missing_expression(),
        }
    }

    fn missing_expression(&mut self) {
        self.report(Code::MissingExpression, "an expression", "表达式");
    }

    fn parenthesis(&mut self) {
        self.node(SyntaxKind::PAREN, |p| {
            let lines_count = std::mem::replace(&mut p.lines_count, false);
            let labels_follow = std::mem::replace(&mut p.labels_follow, false);
            p.bump();
            p.expr();
            p.lines_count = lines_count;
            p.labels_follow = labels_follow;
            p.expect(SyntaxKind::R_PAREN);
        });
    }

    pub(super) fn literal(&mut self) {
        self.node(SyntaxKind::LITERAL, |p| match p.kind() {
            SyntaxKind::NUMBER_TOKEN => {
                p.number();
                p.unit();
            }
            SyntaxKind::DATE_TOKEN => {
                p.date();
            }
            SyntaxKind::YEAR_MONTH_TOKEN => p.node(SyntaxKind::YEAR_MONTH, Self::bump),
            _ => {
                p.text();
            }
        });
    }

    fn word_primary(&mut self) {
        let Some(phrase) = self.phrase() else {
            return self.name_expr();
        };
        match phrase {
            Phrase::True | Phrase::False => self.node(SyntaxKind::LITERAL, Self::keyword),
            phrase if SPECIALS.contains(&phrase) => self.node(SyntaxKind::SPECIAL, Self::keyword),
            Phrase::AllOf => self.conditions_of(SyntaxKind::ALL_OF),
            Phrase::AnyOf => self.conditions_of(SyntaxKind::ANY_OF),
            Phrase::NoneOf => self.conditions_of(SyntaxKind::NONE_OF),
            Phrase::AtLeast => self.node(SyntaxKind::AT_LEAST_OF, |p| {
                p.keyword();
                p.number();
                p.expect_phrase(Phrase::Of);
                p.conditions();
            }),
            Phrase::Cases => self.cases_expr(),
            Phrase::Unclear => self.node(SyntaxKind::UNCLEAR, |p| {
                p.keyword();
                p.braces(&[], Parser::labelled_condition);
            }),
            Phrase::TextMissing => self.hole(),
            Phrase::HighestOf | Phrase::LowestOf if self.is_extreme() => self.node(SyntaxKind::EXTREME, |p| {
                p.keyword();
                p.bracketed(SyntaxKind::R_PAREN, |p| p.expr());
            }),
            Phrase::HighestOf | Phrase::LowestOf | Phrase::SumOf | Phrase::AverageOf | Phrase::CountOfDistinct => {
                self.aggregate();
            }
            Phrase::CountOf => self.node(SyntaxKind::AGGREGATE, |p| {
                p.keyword();
                p.variable_in_source();
            }),
            Phrase::Any => self.node(SyntaxKind::ANY, |p| {
                p.keyword();
                p.variable_in_source();
            }),
            Phrase::Match => self.node(SyntaxKind::MATCH, |p| {
                p.keyword();
                p.expr_above(power::OF);
                p.number();
                p.expect(SyntaxKind::COLON);
                p.number();
            }),
            phrase if phrase.is_reserved() || self.begins_clause() => self.missing_expression(),
            _ => self.name_expr(),
        }
    }

    /// A keyword that begins a line and takes something that cannot follow a name: the expression before it is missing.
    fn begins_clause(&self) -> bool {
        use SyntaxKind::{L_BRACE, NUMBER_TOKEN, TEXT_TOKEN, WORD};
        let length = self.phrase_length();
        let takes = match self.nth(length) {
            L_BRACE | NUMBER_TOKEN | TEXT_TOKEN => true,
            WORD => self.phrase_at(length).is_none_or(|phrase| SPECIALS.contains(&phrase)),
            _ => false,
        };
        self.starts_line(0) && (length > 1 || (takes && !self.starts_line(length)))
    }

    fn name_expr(&mut self) {
        self.node(SyntaxKind::NAME_EXPR, |p| {
            p.name_ref();
        });
    }

    pub(super) fn hole(&mut self) {
        self.node(SyntaxKind::HOLE, |p| {
            p.keyword();
            if p.eat_phrase(Phrase::Between) {
                p.amount();
                p.expect_phrase(Phrase::And);
                p.amount();
            }
        });
    }

    /// `highest of (a, b)` compares expressions; `highest of (a + b) for …` runs over children.
    fn is_extreme(&self) -> bool {
        let length = self.phrase_length();
        if self.nth(length) != SyntaxKind::L_PAREN {
            return false;
        }
        let mut open: u32 = 0;
        let mut ahead = length;
        loop {
            match self.nth(ahead) {
                SyntaxKind::L_PAREN => open = open.saturating_add(1),
                SyntaxKind::R_PAREN => open = open.saturating_sub(1),
                SyntaxKind::END => return true,
                _ => {}
            }
            ahead = ahead.saturating_add(1);
            if open == 0 {
                return self.phrase_at(ahead) != Some(Phrase::For);
            }
        }
    }

    fn aggregate(&mut self) {
        self.node(SyntaxKind::AGGREGATE, |p| {
            p.keyword();
            p.expr_above(power::OR);
            p.expect_phrase(Phrase::For);
            p.variable_in_source();
        });
    }

    fn conditions_of(&mut self, kind: SyntaxKind) {
        self.node(kind, |p| {
            p.keyword();
            p.conditions();
        });
    }

    /// `{ label: condition … }`
    pub(super) fn conditions(&mut self) {
        self.node(SyntaxKind::CONDITIONS, |p| {
            p.braces(&[], |p| {
                p.condition();
                true
            });
        });
    }

    pub(super) fn condition(&mut self) {
        self.node(SyntaxKind::CONDITION, |p| {
            if p.at_label() {
                p.label();
                p.bump();
            }
            p.expr();
        });
    }

    pub(super) fn labelled_condition(&mut self) -> bool {
        if !self.at_label() {
            self.expected("a label and a colon", "标签和冒号");
        }
        self.condition();
        true
    }

    fn cases_expr(&mut self) {
        self.node(SyntaxKind::CASES_EXPR, |p| {
            p.keyword();
            p.braces(&[Phrase::Otherwise], |p| {
                p.case_row();
                true
            });
        });
    }

    fn case_row(&mut self) {
        self.node(SyntaxKind::CASE_ROW, |p| {
            if !p.eat_phrase(Phrase::Otherwise) {
                let labels_follow = std::mem::replace(&mut p.labels_follow, false);
                p.expr();
                p.labels_follow = labels_follow;
            }
            if p.expect(SyntaxKind::COLON) {
                p.expr();
            }
        });
    }
}
