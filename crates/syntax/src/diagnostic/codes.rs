//! The one table of findings: every code with its severity and its titles. `docs/diagnostics.md` is printed from it.
//!
//! To add a code, add a row to the block of its hundred. Numbers are never used twice, names may change.

use super::Severity;

macro_rules! codes {
    ($($name:ident = $number:literal $severity:ident $en:literal $zh:literal $why_en:literal $why_zh:literal;)*) => {
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

            /// What the rule behind the code is, and what to do, in English.
            #[must_use]
            pub fn explanation_en(self) -> &'static str {
                match self { $(Code::$name => $why_en,)* }
            }

            /// The same in Chinese.
            #[must_use]
            pub fn explanation_zh(self) -> &'static str {
                match self { $(Code::$name => $why_zh,)* }
            }
        }
    };
}

codes! {
    // ---- M00xx: syntax
    UnexpectedToken = 1 Error "something else was expected here" "此处应为其他内容"
        "The grammar of `docs/language.md` §3 does not allow this word or sign here; the message names what may stand in its place."
        "按 `docs/language.md` 第 3 节的语法，此处不能出现这个词或符号；提示中列出可以出现的内容。";
    UnknownKeyword = 2 Error "unknown keyword" "无此关键词"
        "An item or a clause begins with a word that begins none. The keywords are one table, in English and in Chinese; the nearest one is suggested."
        "条目或子句以未知的词开头。关键词出自同一张中英文对照表，提示中给出最接近的一个。";
    ReservedWord = 3 Error "a reserved word is used as a name" "保留字不能作名称"
        "Words that can begin or continue an expression, such as `and`, `year` or `today`, cannot be names. Choose another name."
        "可用于表达式的词（如“且”“年度”“今天”）不能作名称，请另取名称。";
    UnclosedFence = 4 Error "the fenced block is not closed" "规则块没有结束标记"
        "A block that begins with three backticks and `meed` ends with a line of three backticks; otherwise the rest of the document would be read as rules."
        "以三个反引号加 `meed` 开始的规则块须以单独一行三个反引号结束，否则后面的全文都会被当作规则。";
    UnclosedBracket = 5 Error "a bracket is not closed" "括号没有配对"
        "Every bracket has its partner in the same block."
        "每个括号都须在同一规则块内配对。";
    UnclosedText = 6 Error "a text is not closed" "文本没有结束引号"
        "A text ends with a quotation mark on the line on which it begins."
        "文本须在同一行内以引号结束。";
    BadNumber = 7 Error "this is not a number" "数字写法有误"
        "Numbers are written `1_000.5`, `50万`, `1.2亿` or `3%`; two magnitudes or two points do not make a number."
        "数字写作 `1_000.5`、`50万`、`1.2亿` 或 `3%`，不能有两个数量级或两个小数点。";
    BadCharacter = 8 Error "a character that means nothing here" "无法识别的字符"
        "The character is no part of a name, a number, a text or a sign of the language. Full-width digits and punctuation are read as their usual forms."
        "该字符不属于名称、数字、文本或语言符号。全角数字和标点按半角读取。";
    ChainedComparison = 9 Error "comparisons do not chain" "比较不能连写"
        "`a < b < c` has no meaning here. Write `a < b and b < c`, or `b in a <..< c`."
        "`a < b < c` 没有意义，请写作 `a < b 且 b < c`，或写成区间。";
    TableMissing = 10 Error "no table follows `from table`" "“见下表”之后没有表格"
        "An item that ends in `from table` takes the next Markdown table below its block, before any other block or heading."
        "以“见下表”结尾的条目使用规则块之后的第一个 Markdown 表格，其间不能有其他规则块或标题。";
    ItemAfterTable = 11 Error "`from table` must end its block" "“见下表”应是规则块的最后一项"
        "The table stands below the block, so the item that it belongs to is the last one. Move what follows into a block of its own."
        "表格在规则块之后，因此使用它的条目应是最后一项。请把其后的内容移入另一个规则块。";
    BadFrontMatter = 12 Error "the front matter cannot be read" "文件头无法读取"
        "Front matter is `key: value`, one a line, between two lines `---` at the head of the document."
        "文件头位于文件开头两行 `---` 之间，每行一项，写作 `项: 值`。";
    UnknownFrontMatterKey = 13 Error "unknown key in the front matter" "文件头中没有此项"
        "Only the keys of `docs/language.md` §1 exist. A key with a typing error would otherwise be lost in silence."
        "只有 `docs/language.md` 第 1 节所列各项有效；否则写错的项会被悄悄忽略。";
    DuplicateFrontMatterKey = 14 Error "a key of the front matter is given twice" "文件头中此项重复"
        "Each key has one value. Remove one of the two lines."
        "每项只能有一个值，请删去其中一行。";
    BadFrontMatterValue = 15 Error "wrong value in the front matter" "文件头中此项的值有误"
        "The value has not the form that its key needs, such as a date `2023-03-10` or a half-open span `2023-03-10..`."
        "该值的写法不符合此项的要求，例如日期 `2023-03-10` 或期间 `2023-03-10..`。";
    UnclosedFrontMatter = 16 Error "the front matter is not closed" "文件头没有结束"
        "Front matter that begins with `---` ends with a line `---`."
        "以 `---` 开始的文件头须以单独一行 `---` 结束。";
    DepthLimit = 17 Error "nested too deeply" "嵌套过深"
        "Nesting is limited, so that no document can exhaust a machine. Name a part with `define`."
        "嵌套层数有上限，以免文件耗尽机器资源。请用“定义”给其中一部分命名。";
    SizeLimit = 18 Error "too large" "超过大小上限"
        "Documents, tables and lists have limits that are the same on every machine. Split the document."
        "文件、表格和列表都有大小上限，在任何机器上都相同。请拆分文件。";
    DuplicateClause = 19 Error "a clause is given twice" "同一子句出现两次"
        "The clause may stand once in its item. Join the two or remove one."
        "该子句在同一条目中只能出现一次，请合并或删去其一。";
    MissingClause = 20 Error "a necessary clause is missing" "缺少必要的子句"
        "The item has no meaning without this clause."
        "没有该子句，此条目没有意义。";
    MissingExpression = 21 Error "an expression is missing" "缺少表达式"
        "A condition, an amount or an operand is expected here."
        "此处应有条件、金额或运算对象。";
    BadDate = 22 Error "this is not a date" "日期写法有误"
        "Dates are written `2022-09-01`, days of every year `04-25`."
        "日期写作 `2022-09-01`，每年的某日写作 `04-25`。";
    WrongLanguage = 23 Error "a keyword of the other language" "关键词不属于本文件的语言"
        "A document uses the keywords of one language, chosen by `rules: en` or `rules: zh` in its front matter. `meed fmt --to` rewrites them all."
        "一份文件只用一种语言的关键词，由文件头的 `rules: zh` 或 `rules: en` 决定。可用 `meed fmt --to` 整体转换。";
    BadEscape = 24 Error "this cannot stand in a text" "文本中不能有此写法"
        "In a text, a backslash stands only before a quotation mark or another backslash."
        "文本中的反斜杠只能用于引号或另一个反斜杠之前。";
    BadManifest = 25 Error "meed.toml cannot be read" "meed.toml 无法读取"
        "A package is a folder with a `meed.toml` that gives its name, version, title, jurisdiction, currency and languages."
        "规则包文件夹中须有 `meed.toml`，载明名称、版本、标题、管辖区、货币和语言。";
    InvisibleCharacter = 26 Error "an invisible character that misleads the reader" "有误导作用的不可见字符"
        "Characters that change the direction of writing or have no width make a rule read differently from what it does. Remove them."
        "改变书写方向或零宽度的字符会使规则看起来与实际不同，请删去。";

    // ---- M01xx: names
    UnknownName = 101 Error "unknown name" "名称不存在"
        "No fact, parameter, definition or other rule of the package has this name. An unknown name is never taken for a new input; the nearest known one is suggested."
        "规则包中没有叫此名称的信息项、参数、定义或规则。未知名称不会被当作新的输入，提示中给出最接近的已知名称。";
    DuplicateName = 102 Error "a name is declared twice" "名称重复定义"
        "A name means one thing in a package. Two versions of one rule have the same name only when their spans in force do not overlap."
        "一个名称在规则包中只有一个含义。同一规则的两个版本只有在有效期不重叠时才能同名。";
    UnknownAgency = 103 Error "unknown agency" "机构不存在"
        "Agencies are declared with `agency` in the vocabulary."
        "机构须在词汇表中用“机构”声明。";
    UnknownMeasure = 104 Error "unknown measure" "措施不存在"
        "No measure, service or category of the package has this name."
        "规则包中没有叫此名称的措施、服务或类别。";
    UnknownEntity = 105 Error "unknown entity" "实体不存在"
        "Entities are declared with `entity` in the vocabulary."
        "实体须在词汇表中用“实体”声明。";
    UnknownTitle = 106 Error "unknown title" "称号不存在"
        "Titles are declared with `title NAME of ENTITY`."
        "称号须先声明才能使用。";
    UnknownDocument = 107 Error "unknown document" "文件不存在"
        "Documents refer to each other by their `number`; no document of the package has this one."
        "文件之间以文号相互引用，规则包中没有此文号的文件。";
    UnknownUnit = 108 Error "unknown unit" "单位不存在"
        "A unit is a currency, `years`, `months`, `days`, or declared with `unit`."
        "单位须是货币、“年”“个月”“天”，或用“计量单位”声明。";
    UnknownType = 109 Error "unknown type" "类型不存在"
        "A type is one of `docs/language.md` §3 or an enumeration of the package."
        "类型须是 `docs/language.md` 第 3 节所列之一，或规则包中的枚举。";
    UnknownMember = 110 Error "unknown member" "没有此成员"
        "The enumeration has no such value, the entity no such fact, or the combination no such measure."
        "枚举中没有此值，实体没有此信息项，或组合中没有此措施。";
    Cycle = 111 Error "definitions depend on each other in a circle" "定义循环"
        "Evaluation always ends, so a definition cannot depend on itself through others. The path is shown; break it at one place."
        "计算必须能够结束，因此定义不能经由其他定义依赖自身。提示中列出循环路径，请在一处断开。";
    Recursion = 112 Error "a definition uses itself" "定义引用自身"
        "Evaluation always ends, so a definition cannot use itself. A value of an earlier period is read with its period."
        "计算必须能够结束，因此定义不能引用自身。以前期间的值应写明期间。";
    AmbiguousName = 113 Error "the name means several things" "名称有多种含义"
        "Several things with this name are visible here. Write whose it is, with a point."
        "此处可见多个同名事物，请用点号写明属于谁。";
    UnknownException = 114 Error "unknown exception" "例外不存在"
        "The rule has no exception or exception group with this name."
        "该规则没有叫此名称的例外或例外组。";
    UnknownRule = 115 Error "unknown rule" "规则不存在"
        "No rule of the package has this name."
        "规则包中没有叫此名称的规则。";
    ShadowedName = 116 Error "the name hides another one" "名称遮盖了另一个名称"
        "A variable or a parameter cannot have the name of something that is visible here; a reader could not tell the two apart."
        "变量或形参不能与此处可见的事物同名，否则读者无法区分。";
    UnknownArgument = 117 Error "unknown argument" "没有此参数名"
        "The call has no argument with this name."
        "该调用没有此名称的参数。";
    UnknownLabel = 118 Error "no condition has this label" "没有条件带此标签"
        "Cases name deciding conditions by their labels; the nearest known one is suggested."
        "案例以标签指称决定结果的条件，提示中给出最接近的已知标签。";

    // ---- M02xx: types, units, periods
    WrongType = 201 Error "wrong type" "类型不符"
        "The value is of another type than the place needs. Types are never converted silently."
        "值的类型与此处要求不符。类型不会自动转换。";
    UnitMismatch = 202 Error "the units do not fit" "单位不符"
        "Money is added to and compared with money of the same currency, and numbers with numbers of the same unit."
        "金额只能与同币种金额相加或比较，数只能与同单位的数相加或比较。";
    PeriodMisuse = 203 Error "a period where none belongs" "此处不应指定期间"
        "Only facts that are `yearly` or `monthly` are read with a period, and with one of their own kind."
        "只有“按年”或“按月”的信息项才能指定期间，且须是相应的期间。";
    MissingPeriod = 204 Error "a period is missing" "缺少期间"
        "A yearly fact has one value a year; say which, as in `revenue(fiscal_year)`."
        "每年的信息项每年一个值，须写明哪一年，例如 `revenue(会计年度)`。";
    NotComparable = 205 Error "these cannot be compared" "两者不能比较"
        "Only values of the same type and unit are compared, and only ordered ones with `<` and `>=`."
        "只有同类型、同单位的值才能比较，且只有有序的值才能比较大小。";
    WrongArgumentCount = 206 Error "wrong number of arguments" "参数个数不符"
        "The call gives more or fewer arguments than its declaration."
        "调用的参数个数与声明不符。";
    NotCallable = 207 Error "this cannot be called" "不能这样调用"
        "Only definitions with parameters, tables, periodic facts and built-in functions take arguments."
        "只有带形参的定义、表格、分期信息项和内置函数才能带参数。";
    NotAList = 208 Error "this is not a list of children" "不是子记录列表"
        "`for each`, `sum of` and the like go over a fact `many ENTITY` or over years."
        "“对每个”“总和”等只能用于“多个”某实体的信息项或若干年度。";
    NotOrdered = 209 Error "the enumeration has no order" "枚举没有顺序"
        "`at least` and `at most` need an enumeration that is declared `ordered`."
        "“至少”“至多”只能用于声明为“有序”的枚举。";
    LiteralOutOfRange = 210 Error "the number is outside its range" "数值超出范围"
        "The number is not one that the fact or the place admits."
        "该数值不在信息项或此处允许的范围内。";
    EachOverEmptyList = 211 Warning "`for each` over a list that may be empty" "“对每个”的列表可能为空"
        "A condition on each of no children is true. Where that is not meant, ask for the number of children too."
        "对空列表的“对每个”恒为真。如非本意，请同时要求子记录的数量。";
    LevelMissing = 212 Error "the title has no such level" "称号没有此等级"
        "A title's levels are declared in it; this one is not among them."
        "称号的等级在其声明中列明，其中没有此等级。";
    NotConstant = 213 Error "a constant is needed here" "此处必须是常量"
        "The place needs a value that is the same for every applicant."
        "此处的值必须对所有申请人相同。";
    UnknownClassification = 214 Error "there is no such division or industry" "没有此行政区划或行业"
        "Right of `within` stand codes of the classification of the left side: administrative divisions by GB/T 2260, industries by GB/T 4754."
        "“位于”右边须是左边分类的代码：行政区划按 GB/T 2260，行业按 GB/T 4754。";

    // ---- M03xx: dates and versions
    ImpossibleDate = 301 Error "there is no such date" "日期不存在"
        "The month has no such day, or the year no such month."
        "该月没有这一天，或没有这个月份。";
    EmptySpan = 302 Error "the span ends before it begins" "期间的结束早于开始"
        "Spans are half-open: the first day counts, the last does not. This one holds no day."
        "期间含首日、不含末日。此期间没有任何一天。";
    ParameterHole = 303 Error "a dated parameter has a hole" "分段参数有空档"
        "Between two spans of the parameter there are days without a value. Close the hole or say why there is none."
        "参数的两个期间之间有若干天没有值，请补齐。";
    ParameterOverlap = 304 Error "values of a parameter overlap in time" "分段参数的期间重叠"
        "On some days the parameter has two values."
        "参数在某些日期有两个值。";
    NoValueInForce = 305 Error "no value is in force on the date" "当日没有有效的值"
        "The rule is in force on a day on which something that it uses is not."
        "规则在某日有效，而其使用的内容在当日无效。";
    OverlappingDefinitions = 306 Error "two versions are in force at the same time" "两个版本同时有效"
        "Versions of a rule replace each other; their spans in force do not overlap."
        "同一规则的各版本前后替代，有效期不能重叠。";
    SecondarySource = 307 Warning "the text comes from a secondary source" "条文出自非官方来源"
        "The package is marked for publication, and this text has not been compared with the official one."
        "规则包标为对外发布，而此条文尚未与官方文本核对。";
    ReplacedUnknown = 308 Error "the replaced document is not in the package" "被替代的文件不在规则包中"
        "`replaces`, `amends` and `repeals` name documents of the package by number."
        "`replaces`、`amends`、`repeals` 须引用规则包中文件的文号。";
    NoTimeInForce = 309 Note "the document does not say since when it is in force" "文件没有写明自何日起施行"
        "Without `in_force` the text counts on every day. Where the day is known, write it; where only some days are certain, say so in the rules, as in `dated: today >= 2024-12-31 or text missing`."
        "没有 `in_force` 的文件对任何日期都视为有效。施行日期已知的，请写明；只有部分日期能确定的，请在规则中写明，如 `dated: today >= 2024-12-31 or text missing`。";
    NoSource = 310 Note "the document does not say how sure we are of its text" "文件没有写明条文的可靠程度"
        "Without `source` the text is taken for the official one, and results say so. Where it was compared with the official text, write `source: official`; otherwise `secondary` or `draft`."
        "没有 `source` 的文件视为正式文本，结果也如此标明。已与官方文本核对的，请写 `source: official`，否则写 `secondary` 或 `draft`。";

    // ---- M04xx: tables and what they cover
    TableGap = 401 Error "a table leaves a gap" "表格有未覆盖的情形"
        "Some values of the columns, taken together, meet no row; one is shown. Of texts and codes, only those that the table names are looked at. Add a row, or `otherwise`. A table that is cut into too many pieces to tell is not called whole."
        "各列的有些取值合起来不符合任何一行，提示中给出一例。文本和代码只看表中写出的。请增加一行或“否则”。划分过细而无法判断的表格不视为完整。";
    TableOverlap = 402 Error "rows of a table overlap" "表格的行有重叠"
        "Some values meet two rows with different outcomes; one is shown. Change the bands, or say which row counts (`first match`)."
        "有的取值符合结果不同的两行，提示中给出一例。请调整区间，或写明以哪一行为准。";
    UnknownColumn = 403 Error "unknown column" "没有此列"
        "The header names a column that this table cannot have."
        "表头中有此类表格不能有的列。";
    MissingColumn = 404 Error "a column is missing" "缺少列"
        "The table needs a column that its header does not name."
        "表头缺少此表格必需的列。";
    BadCell = 405 Error "the cell cannot be read" "单元格无法识别"
        "A cell holds a value, a list, a band (`1 ..< 5`), a comparison (`>= 5`), `-` or `otherwise`."
        "单元格可写值、列表、区间（`1 ..< 5`）、比较（`>= 5`）、`-` 或“否则”。";
    UnreachableRow = 406 Warning "a row is never reached" "此行永远不会用到"
        "Rows above take all that this row would."
        "此行的情形已全部由前面的行覆盖。";
    RowLength = 408 Error "the row has the wrong number of cells" "此行单元格数不符"
        "Each row has as many cells as the header. A vertical bar inside a cell is written `\\|`."
        "每行的单元格数须与表头相同。单元格内的竖线写作 `\\|`。";
    CasesGap = 409 Error "`cases` leaves a gap" "“分情形”有未覆盖的情形"
        "Some values meet no row; one is shown. Add a row, or `otherwise`."
        "各列的有些取值合起来不符合任何一行，提示中给出一例。文本和代码只看表中写出的。请增加一行或“否则”。";
    EmptyTable = 410 Error "the table has no rows" "表格没有内容"
        "A table without rows decides nothing."
        "没有内容的表格不能作出任何决定。";
    TableFile = 411 Error "the table's file cannot be read" "表格文件无法读取"
        "`from file` names a CSV file inside the package."
        "“取自文件”须引用规则包内的 CSV 文件。";
    DefinitionGap = 412 Error "a conditional definition leaves a gap" "有条件的定义有未覆盖的情形"
        "Where no rule of the definition applies, its value is undefined; one such applicant is shown. Add a rule, or `otherwise`."
        "没有任何规则适用时该值没有定义，提示中给出一例。请增加规则或“否则”。";

    // ---- M05xx: measures and money
    MissingRounding = 501 Error "the amount may not be a whole number of the smallest unit" "金额可能不是最小货币单位的整数倍"
        "A payment is a whole number of fen, and nobody may guess how it is rounded. Write `rounded down to 1 CNY`, or what the text says."
        "支付金额须为分的整数倍，取整方式不能猜测。请按条文写明，例如“取整 向下 到 1 元”。";
    CanExceedCap = 502 Error "the amount is above its cap" "金额高于其上限"
        "The amount is a constant above the constant cap that stands beside it, so the cap always cuts it and one of the two numbers is wrong."
        "金额为常量且高于其旁的常量上限，上限总会削减该金额，两个数中必有一个有误。";
    OverlappingGroups = 503 Error "two combinations share a measure without an order" "两个组合规则共用措施而未定先后"
        "The result depends on which of the two is applied first, and the text says nothing. Write `after`."
        "结果取决于先适用哪一个，须用“后于”写明。";
    AmbiguousExceptions = 504 Error "two exceptions can apply at once" "两个例外可能同时适用"
        "Two exceptions with different values can hold together, and neither is over the other. Write `over`."
        "两个取值不同的例外可能同时成立，且未定先后。请用“针对”写明。";
    SharesNotWhole = 505 Error "the shares do not add up to 100%" "份额之和不是 100%"
        "The payers' shares make the whole amount together."
        "各承担方的份额之和须为全部金额。";
    InstalmentsNotWhole = 506 Error "the instalments do not add up to 100%" "各期之和不是 100%"
        "The instalments make the whole amount together."
        "各期支付之和须为全部金额。";
    NegativeAmount = 507 Error "the amount is negative" "金额为负"
        "A measure never takes money. What is taken back is written with `otherwise recover`."
        "措施不会收取金额。追回金额请用“否则追回”写明。";
    MissingPay = 509 Error "the measure pays nothing" "措施没有支付内容"
        "A measure has a `pay` clause; what pays nothing is a `service`."
        "措施须有“支付”子句；不支付金额的应写作“服务”。";
    FundWithoutMeasure = 510 Error "the fund covers no measure" "资金没有对应措施"
        "A fund names the measures that it pays for with `covers`."
        "资金须用“涵盖”写明对应的措施。";
    MissingKey = 511 Error "a member of the combination has no key" "组合中的成员没有写明以何为准"
        "Where `per same` gives members keys of their own, each needs one: lines without would share theirs with nobody, and the rule would pass them by in silence."
        "“每同一”按成员分别写明时，每个成员都须写明；否则未写明的成员不会与任何一项合并，规则对其悄然失效。";
    ClausesDisagree = 512 Error "clauses that do not fit together" "子句互不相容"
        "Each of the clauses may stand alone; together they leave open what is paid, and one of them would be passed by in silence. The message says which one to change."
        "各子句单独成立，但放在一起无法判断如何支付，其中之一会被悄然忽略。提示中说明应改哪一个。";
    LoneMember = 513 Error "an exclusive group of one measure" "互斥组只有一项措施"
        "An award excludes others: a group of one measure excludes nothing, and the measure that was meant is missing."
        "互斥是指与其他措施互斥。只有一项措施的互斥组不起作用，很可能漏写了措施。";

    // ---- M06xx: text and rule
    TextChanged = 601 Error "the text changed, its rules are not confirmed" "条文已改，规则未确认"
        "The article's words moved since somebody last compared them with the rules. Read both, then run `meed confirm`."
        "自上次核对后条文有改动。请对照条文与规则，然后运行 `meed confirm`。";
    RulesChanged = 602 Error "the rules changed, their text did not" "规则已改，条文未变"
        "The article's rules moved since somebody last compared them with the words. Read both, then run `meed confirm`."
        "自上次核对后规则有改动而条文未变。请对照两者，然后运行 `meed confirm`。";
    ArticleWithoutRule = 603 Warning "an article has no rule and does not say why" "条款没有规则，也未说明原因"
        "Every article has rules or a line such as `no rule: principle`, so that the coverage of a document is a number."
        "每一条款须有规则，或写明“无规则：原则”等，以便统计覆盖率。";
    MissingCitation = 604 Error "a rule stands above the first heading" "规则之上没有标题，无法引用"
        "A rule is cited by the headings above it. Put it below the article that it comes from."
        "规则以其上方的标题为引用依据，请放到相应条款之下。";
    TextMissing = 605 Note "the text at hand does not say" "现有条文未载明"
        "The rule marks a hole of the text with `text missing`; whoever holds the full text can fill it."
        "规则用“文本缺失”标明条文的空缺，可由持有全文者补充。";
    NotConfirmed = 606 Error "the article is not in the lock file" "条款未在锁定文件中确认"
        "Nobody has compared the article's words with its rules yet. Read both, then run `meed confirm`."
        "该条款的条文与规则尚未核对。请对照两者，然后运行 `meed confirm`。";
    StaleLock = 607 Warning "the lock file names an article that is gone" "锁定文件中的条款已不存在"
        "The article was removed or renamed. `meed confirm` removes the entry."
        "该条款已删除或改名，运行 `meed confirm` 可清除。";
    BadLock = 608 Error "meed.lock cannot be read" "meed.lock 无法读取"
        "The lock file is written by `meed confirm` and not by hand."
        "锁定文件由 `meed confirm` 生成，不应手工编辑。";

    // ---- M07xx: analysis
    UnreachableCondition = 701 Error "the condition can never hold" "条件永远不成立"
        "The conditions contradict each other, so that nobody can ever meet the rule."
        "各条件相互矛盾，没有任何人能够符合。";
    UnusedFact = 702 Warning "a fact is used by no rule" "信息项未被任何规则使用"
        "Applicants would be asked for something that decides nothing."
        "申请人会被要求提供对结果没有作用的信息。";
    UnusedParameter = 703 Warning "a parameter is used by no rule" "参数未被任何规则使用"
        "The parameter decides nothing; perhaps a rule writes its number out instead."
        "该参数不起作用；也许某条规则直接写了数字。";
    UnusedDefinition = 704 Warning "a definition is used by no rule" "定义未被任何规则使用"
        "The definition decides nothing."
        "该定义不起作用。";
    AlwaysTrue = 705 Warning "the condition always holds" "条件永远成立"
        "The condition decides nothing; perhaps the comparison is the wrong way round."
        "该条件不起作用；也许比较方向写反了。";
    RedundantCondition = 706 Warning "another condition already says so" "条件与其他条件重复"
        "Whenever the other condition holds, this one does."
        "另一条件成立时此条件必然成立。";
    DivisionByZero = 707 Warning "the divisor is zero" "除数为零"
        "A division by zero is undefined, and so is every verdict that rests on it. Divide by another value."
        "除以零没有定义，依赖它的结论也没有定义。请除以其他数值。";
    UnusedTable = 708 Warning "a table is used by no rule" "表格未被任何规则使用"
        "The table decides nothing; perhaps a rule writes its numbers out instead."
        "该表格不起作用；也许某条规则直接写了其中的数。";

    // ---- M08xx: cases
    CaseFailed = 801 Error "the case does not come out as expected" "案例结果与预期不符"
        "A case is a promise about the rules. Either the rules are wrong, or the case is."
        "案例是对规则的承诺：要么规则有误，要么案例有误。";
    CaseUnknownField = 802 Error "the case states an unknown field" "案例中没有此项信息"
        "The entity has no such fact; the nearest known one is suggested."
        "实体没有此信息项，提示中给出最接近的一个。";
    CaseBadValue = 803 Error "the case states a value of the wrong type" "案例中的值类型不符"
        "The value is not one that the fact can have."
        "该值不是此信息项可以有的值。";
    CaseDuplicate = 804 Error "two cases have the same title" "案例标题重复"
        "A case is named by its title in the report."
        "报告以标题指称案例。";
    CaseMissingCoverage = 805 Warning "no case makes the condition both true and false" "没有案例使该条件既成立又不成立"
        "A condition that no case has made true and false could be wrong without anybody noticing."
        "没有案例检验过该条件的两种结果，出错也无人察觉。";
}

impl std::fmt::Display for Code {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "M{:04}", *self as u16)
    }
}
