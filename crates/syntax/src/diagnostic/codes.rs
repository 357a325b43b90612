//! The one table of findings: every code with its severity and its titles. `docs/diagnostics.md` is printed from it.
//!
//! To add a code, add a row to the block of its hundred. Numbers are never used twice, names may change.

use super::Severity;

macro_rules! codes {
    ($($name:ident = $number:literal $severity:ident $en:literal $zh:literal;)*) => {
        /// What kind of finding a diagnostic is. Shown as `M0101`.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[repr(u16)]
        pub enum Code {
            $(#[doc = $en] $name = $number,)*
        }

        impl Code {
            /// All codes, in the order of their numbers.
            pub const ALL: &[Code] = &[$(Code::$name,)*];

            /// How grave a finding of this code is.
            #[must_use]
            pub fn severity(self) -> Severity {
                match self { $(Code::$name => Severity::$severity,)* }
            }

            /// The English title: what the finding is called, whatever the names in it.
            #[must_use]
            pub fn title_en(self) -> &'static str {
                match self { $(Code::$name => $en,)* }
            }

            /// The Chinese title.
            #[must_use]
            pub fn title_zh(self) -> &'static str {
                match self { $(Code::$name => $zh,)* }
            }
        }
    };
}

codes! {
    // ---- M00xx: syntax
    UnexpectedToken = 1 Error "something else was expected here" "此处应为其他内容";
    UnknownKeyword = 2 Error "unknown keyword" "无此关键词";
    ReservedWord = 3 Error "a reserved word is used as a name" "保留字不能作名称";
    UnclosedFence = 4 Error "the fenced block is not closed" "规则块没有结束标记";
    UnclosedBracket = 5 Error "a bracket is not closed" "括号没有配对";
    UnclosedText = 6 Error "a text is not closed" "文本没有结束引号";
    BadNumber = 7 Error "this is not a number" "数字写法有误";
    BadCharacter = 8 Error "a character that means nothing here" "无法识别的字符";
    ChainedComparison = 9 Error "comparisons do not chain" "比较不能连写";
    TableMissing = 10 Error "no table follows `from table`" "“见下表”之后没有表格";
    ItemAfterTable = 11 Error "`from table` must end its block" "“见下表”应是规则块的最后一项";
    BadFrontMatter = 12 Error "the front matter cannot be read" "文件头无法读取";
    UnknownFrontMatterKey = 13 Error "unknown key in the front matter" "文件头中没有此项";
    DuplicateFrontMatterKey = 14 Error "a key of the front matter is given twice" "文件头中此项重复";
    BadFrontMatterValue = 15 Error "wrong value in the front matter" "文件头中此项的值有误";
    UnclosedFrontMatter = 16 Error "the front matter is not closed" "文件头没有结束";
    DepthLimit = 17 Error "nested too deeply" "嵌套过深";
    SizeLimit = 18 Error "too large" "超过大小上限";
    DuplicateClause = 19 Error "a clause is given twice" "同一子句出现两次";
    MissingClause = 20 Error "a necessary clause is missing" "缺少必要的子句";
    MissingExpression = 21 Error "an expression is missing" "缺少表达式";
    BadDate = 22 Error "this is not a date" "日期写法有误";
    WrongLanguage = 23 Error "a keyword of the other language" "关键词不属于本文件的语言";
    BadEscape = 24 Error "this cannot stand in a text" "文本中不能有此写法";
    BadManifest = 25 Error "meed.toml cannot be read" "meed.toml 无法读取";
    InvisibleCharacter = 26 Error "an invisible character that misleads the reader" "有误导作用的不可见字符";

    // ---- M01xx: names
    UnknownName = 101 Error "unknown name" "名称不存在";
    DuplicateName = 102 Error "a name is declared twice" "名称重复定义";
    UnknownAgency = 103 Error "unknown agency" "部门不存在";
    UnknownMeasure = 104 Error "unknown measure" "措施不存在";
    UnknownEntity = 105 Error "unknown entity" "主体不存在";
    UnknownTitle = 106 Error "unknown title" "称号不存在";
    UnknownDocument = 107 Error "unknown document" "文件不存在";
    UnknownUnit = 108 Error "unknown unit" "单位不存在";
    UnknownType = 109 Error "unknown type" "类型不存在";
    UnknownMember = 110 Error "unknown member" "没有此成员";
    Cycle = 111 Error "definitions depend on each other in a circle" "定义循环";
    Recursion = 112 Error "a definition uses itself" "定义引用自身";
    AmbiguousName = 113 Error "the name means several things" "名称有多种含义";
    UnknownException = 114 Error "unknown exception" "例外不存在";
    UnknownRule = 115 Error "unknown rule" "规则不存在";
    ShadowedName = 116 Error "the name hides another one" "名称遮盖了另一个名称";
    UnknownArgument = 117 Error "unknown argument" "没有此参数名";

    // ---- M02xx: types, units, periods
    WrongType = 201 Error "wrong type" "类型不符";
    UnitMismatch = 202 Error "the units do not fit" "单位不符";
    PeriodMisuse = 203 Error "a period where none belongs" "此处不应指定期间";
    MissingPeriod = 204 Error "a period is missing" "缺少期间";
    NotComparable = 205 Error "these cannot be compared" "两者不能比较";
    WrongArgumentCount = 206 Error "wrong number of arguments" "参数个数不符";
    NotCallable = 207 Error "this cannot be called" "不能这样调用";
    NotAList = 208 Error "this is not a list of children" "不是子记录列表";
    NotOrdered = 209 Error "the enumeration has no order" "枚举没有顺序";
    LiteralOutOfRange = 210 Error "the number is outside its range" "数值超出范围";
    EachOverEmptyList = 211 Warning "`for each` over a list that may be empty" "“每一”的列表可能为空";
    LevelMissing = 212 Error "the title has no such level" "称号没有此等级";
    NotConstant = 213 Error "a constant is needed here" "此处必须是常量";

    // ---- M03xx: dates and versions
    ImpossibleDate = 301 Error "there is no such date" "日期不存在";
    EmptySpan = 302 Error "the span ends before it begins" "期间的结束早于开始";
    ParameterHole = 303 Error "a dated parameter has a hole" "分段参数有空档";
    ParameterOverlap = 304 Error "values of a parameter overlap in time" "分段参数的期间重叠";
    NoValueInForce = 305 Error "no value is in force on the date" "当日没有有效的值";
    OverlappingDefinitions = 306 Error "two versions are in force at the same time" "两个版本同时有效";
    SecondarySource = 307 Warning "the text comes from a secondary source" "条文出自非官方来源";
    ReplacedUnknown = 308 Error "the replaced document is not in the package" "被替代的文件不在规则包中";

    // ---- M04xx: tables and what they cover
    TableGap = 401 Error "a table leaves a gap" "表格有未覆盖的情形";
    TableOverlap = 402 Error "rows of a table overlap" "表格的行有重叠";
    UnknownColumn = 403 Error "unknown column" "没有此列";
    MissingColumn = 404 Error "a column is missing" "缺少列";
    BadCell = 405 Error "the cell cannot be read" "单元格无法识别";
    UnreachableRow = 406 Warning "a row is never reached" "此行永远不会用到";
    DuplicateRow = 407 Error "a row is given twice" "行重复";
    RowLength = 408 Error "the row has the wrong number of cells" "此行单元格数不符";
    CasesGap = 409 Error "`cases` leaves a gap" "“分情况”有未覆盖的情形";
    EmptyTable = 410 Error "the table has no rows" "表格没有内容";
    TableFile = 411 Error "the table's file cannot be read" "表格文件无法读取";

    // ---- M05xx: measures and money
    MissingRounding = 501 Error "the amount may not be a whole number of the smallest unit" "金额可能不是最小货币单位的整数倍";
    CanExceedCap = 502 Error "the amount can exceed its cap" "金额可能超过上限";
    OverlappingGroups = 503 Error "two combinations share a measure without an order" "两个组合规则共用措施而未定先后";
    AmbiguousExceptions = 504 Error "two exceptions can apply at once" "两个例外可能同时适用";
    SharesNotWhole = 505 Error "the shares do not add up to 100%" "份额之和不是 100%";
    InstalmentsNotWhole = 506 Error "the instalments do not add up to 100%" "各期之和不是 100%";
    NegativeAmount = 507 Error "the amount can be negative" "金额可能为负";
    CombineMismatch = 508 Error "these measures cannot be combined this way" "这些措施不能这样组合";
    MissingPay = 509 Error "the measure pays nothing" "措施没有支付内容";
    FundWithoutMeasure = 510 Error "the fund covers no measure" "资金没有对应措施";
    Assessed = 511 Note "an officer sets the amount" "金额由经办机构核定";

    // ---- M06xx: text and rule
    TextChanged = 601 Error "the text changed, its rules are not confirmed" "条文已改，规则未确认";
    RulesChanged = 602 Error "the rules changed, their text did not" "规则已改，条文未变";
    ArticleWithoutRule = 603 Warning "an article has no rule and does not say why" "条款没有规则，也未说明原因";
    MissingCitation = 604 Error "a rule stands above the first heading" "规则之上没有标题，无法引用";
    TextMissing = 605 Note "the text at hand does not say" "现有条文未载明";
    NotConfirmed = 606 Error "the article is not in the lock file" "条款未在锁定文件中确认";
    StaleLock = 607 Warning "the lock file names an article that is gone" "锁定文件中的条款已不存在";
    BadLock = 608 Error "meed.lock cannot be read" "meed.lock 无法读取";

    // ---- M07xx: analysis
    UnreachableCondition = 701 Error "the condition can never hold" "条件永远不成立";
    UnusedFact = 702 Warning "a fact is used by no rule" "信息项未被任何规则使用";
    UnusedParameter = 703 Warning "a parameter is used by no rule" "参数未被任何规则使用";
    UnusedDefinition = 704 Warning "a definition is used by no rule" "定义未被任何规则使用";
    AlwaysTrue = 705 Warning "the condition always holds" "条件永远成立";
    RedundantCondition = 706 Warning "another condition already says so" "条件与其他条件重复";
    DivisionByZero = 707 Warning "the divisor may be zero" "除数可能为零";
    AnalysisLimit = 708 Note "too large to be proved either way" "规模过大，未能证明";

    // ---- M08xx: cases
    CaseFailed = 801 Error "the case does not come out as expected" "案例结果与预期不符";
    CaseUnknownField = 802 Error "the case states an unknown field" "案例中没有此项信息";
    CaseBadValue = 803 Error "the case states a value of the wrong type" "案例中的值类型不符";
    CaseDuplicate = 804 Error "two cases have the same title" "案例标题重复";
    CaseMissingCoverage = 805 Warning "no case makes the condition both true and false" "没有案例使该条件既成立又不成立";
}

impl std::fmt::Display for Code {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "M{:04}", *self as u16)
    }
}
