//! The one table of keywords: every phrase of the grammar, every built-in function and every built-in type, in English and in Chinese.
//!
//! Each spelling belongs to exactly one phrase, so rules can be turned from one language into the other and back. A phrase says
//! nothing about its role: `in` before a set and `in` before a number of instalments are the same word.

use std::borrow::Cow;
use std::sync::OnceLock;

use rustc_hash::FxHashMap;
use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfc_quick};

/// The language of a document's keywords.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Language {
    /// English, the default.
    #[default]
    English,
    /// Chinese: `rules: zh`.
    Chinese,
}

macro_rules! phrases {
    ($($name:ident $en:literal $zh:literal)*) => {
        /// A keyword phrase, whatever the language it is written in.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Phrase { $(#[doc = concat!("`", $en, "`, in Chinese `", $zh, "`.")] $name,)* }

        /// Every phrase with its English and its Chinese spelling. Words of a phrase are separated by one space.
        pub const PHRASES: &[(Phrase, &str, &str)] = &[$((Phrase::$name, $en, $zh),)*];

        impl Phrase {
            /// How it is written.
            #[must_use]
            pub const fn spelling(self, language: Language) -> &'static str {
                match (self, language) {
                    $((Phrase::$name, Language::English) => $en, (Phrase::$name, Language::Chinese) => $zh,)*
                }
            }
        }
    };
}

phrases! {
    // ---- items
    Entity "entity" "实体"
    FactsOf "facts of" "事实表"
    Enumeration "enumeration" "枚举"
    Agency "agency" "机构"
    Unit "unit" "计量单位"
    Title "title" "称号"
    Measure "measure" "措施"
    Service "service" "服务"
    Parameter "parameter" "参数"
    Define "define" "定义"
    Except "except" "例外"
    Exceptions "exceptions" "例外组"
    Presume "presume" "推定"
    Category "category" "类别"
    Combine "combine" "组合"
    Fund "fund" "资金"
    Table "table" "决策表"
    Score "score" "评分表"
    ScaleMarginal "scale marginal" "超额累进表"
    ScaleStepped "scale stepped" "全额累进表"
    Sheet "sheet" "评分单"
    Case "case" "案例"
    CasesOf "cases of" "案例表"
    Amend "amend" "修改"
    NoRule "no rule" "无规则"

    // ---- vocabulary
    Zh "zh" "中文"
    En "en" "英文"
    Key "key" "主键"
    Formerly "formerly" "曾用名"
    FromTable "from table" "见下表"
    FromFile "from file" "取自文件"
    Ordered "ordered" "有序"

    // ---- clauses of any rule
    Source "source" "来源"
    Official "official" "正式"
    Secondary "secondary" "转引"
    Draft "draft" "草案"
    Basis "basis" "依据"
    InForce "in force" "有效期"
    AnchoredAt "anchored at" "依时点"

    // ---- titles
    GrantedBy "granted by" "授予机关"
    Level "level" "级别"
    Levels "levels" "各级"
    Valid "valid" "有效"
    ReviewEvery "review every" "复核周期"
    Barred "barred" "禁入"
    After "after" "后于"
    Criteria "criteria" "认定标准"
    CriteriaForRenewal "criteria for renewal" "复审标准"
    CriteriaOf "criteria of" "标准同"
    AsIn "as in" "载于"

    // ---- measures
    For "for" "为"
    Per "per" "每"
    In "in" "在"
    When "when" "条件"
    While "while" "持续条件"
    JudgedBefore "judged on the year before" "按上年判定"
    Pay "pay" "支付"
    Assessed "assessed" "核定"
    UpTo "up to" "最多"
    By "by" "按"
    AtLeast "at least" "至少"
    AtMost "at most" "至多"
    Rounded "rounded" "取整"
    Down "down" "向下"
    Up "up" "向上"
    HalfUp "half up" "四舍五入"
    HalfDown "half down" "五舍六入"
    HalfEven "half even" "四舍六入五成双"
    Floor "floor" "下取整"
    Ceiling "ceiling" "上取整"
    To "to" "到"
    Once "once" "一次性"
    PerTitle "per title" "每称号"
    Counting "counting" "计入"
    Every "every" "每逢"
    HalfYear "half year" "半年"
    Quarter "quarter" "季度"
    From "from" "自"
    InAdvance "in advance" "期初"
    InArrears "in arrears" "期末"
    PaidInWindows "paid in windows" "支付时段"
    EqualInstalmentsEvery "equal instalments every" "次等额分期每"
    InInstalments "in instalments" "分期"
    On "on" "于"
    EndsOnFailure "ends on failure" "不符即止"
    EndsRunning "ends running awards" "终止在付"
    Applicant "applicant" "申请人"
    LedBy "led by" "牵头"
    With "with" "会同"
    Keep "keep" "保持"
    OtherwiseRecover "otherwise recover" "否则追回"
    InProportion "in proportion" "按比例"
    InFull "in full" "全额"
    Shared "shared" "分担"
    Together "together" "同步支付"
    Unique "unique" "唯一"
    Apply "apply" "申报期"
    PausedFrom "paused from" "暂停自"
    NoApplication "no application" "免申即享"
    Channel "channel" "渠道"

    // ---- definitions and exceptions
    Otherwise "otherwise" "否则"
    Over "over" "针对"
    Then "then" "则"
    Not "not" "非"
    UnlessStated "unless stated" "除非另有说明"

    // ---- combining and funds
    HighestOf "highest of" "最高"
    Exclusive "exclusive" "互斥"
    Before "before" "先于"
    TopUp "top up" "晋级补差"
    ByLevel "by level" "按级别"
    PerYear "per year" "每年"
    CutInProportion "cut in proportion" "按比例削减"
    Cut "cut" "削减"
    Unresolved "unresolved" "未定"
    PerSame "per same" "每同一"
    JudgedBy "judged by" "认定机关"
    Covers "covers" "涵盖"
    WhenShort "when short" "不足时"
    ProRata "pro rata" "按比例分配"
    ByPriority "by priority" "按优先"
    FirstCome "first come" "先到先得"
    Quota "quota" "名额"

    // ---- tables and sheets
    Gives "gives" "得出"
    OneRow "one row" "唯一行"
    RowsAgree "rows agree" "各行一致"
    FirstMatch "first match" "首个匹配"
    HighestMatch "highest match" "最高匹配"
    LowestMatch "lowest match" "最低匹配"
    SumOfMatches "sum of matches" "匹配求和"
    CountOfMatches "count of matches" "匹配计数"
    Group "group" "组"

    // ---- articles without a rule
    Principle "principle" "原则"
    TextMissing "text missing" "文本缺失"
    Organisational "organisational" "组织事项"
    Elsewhere "elsewhere" "另见他处"
    Superseded "superseded" "已被取代"

    // ---- cases
    Given "given" "给定"
    Expect "expect" "预期"
    Known "known" "已知"
    MoreThan "more than" "多于"
    LessThan "less than" "少于"
    Between "between" "介于"
    Missing "missing" "缺失"
    Refused "refused" "拒绝"
    Judgement "judgement" "待判断"
    SoFar "so far" "迄今"
    Until "until" "截至"
    Eligible "eligible" "符合"
    NotEligible "not eligible" "不符合"
    Undetermined "undetermined" "未决"
    NotInForce "not in force" "未生效"
    NotApplicable "not applicable" "不适用"
    Because "because" "因为"
    Due "due" "应付"
    Unknown "unknown" "未知"
    Undefined "undefined" "无定义"
    Total "total" "合计"

    // ---- expressions
    Or "or" "或"
    And "and" "且"
    NotIn "not in" "不在"
    Within "within" "位于"
    Of "of" "的"
    PerFull "per full" "每满"
    ForEach "for each" "对每个"
    ForAny "for any" "对任一"
    Where "where" "其中"
    SumOf "sum of" "总和"
    AverageOf "average of" "平均"
    LowestOf "lowest of" "最低"
    CountOf "count of" "计数"
    CountOfDistinct "count of distinct" "去重计数"
    Any "any" "存在"
    Last "last" "最近"
    Since "since" "起自"
    AllOf "all of" "全部满足"
    AnyOf "any of" "任一满足"
    NoneOf "none of" "均不满足"
    Cases "cases" "分情形"
    Unclear "unclear" "释义不明"
    Match "match" "配套"
    True "true" "是"
    False "false" "否"
    Today "today" "今天"
    Year "year" "年度"
    Month "month" "月度"
    FiscalYear "fiscal_year" "会计年度"
    Parent "parent" "上级"
    Base "base" "原值"

    // ---- units and types
    Years "years" "年"
    Months "months" "个月"
    Days "days" "天"
    Bool "bool" "是非"
    Count "count" "个数"
    Number "number" "数"
    Date "date" "日期"
    Text "text" "文本"
    OneOf "one of" "之一"
    Many "many" "多个"
    One "one" "一个"
    Yearly "yearly" "按年"
    Monthly "monthly" "按月"
    AppliesWhen "applies when" "适用条件"
    CreditCode "credit_code" "统一信用代码"
    CitizenId "citizen_id" "公民身份号码"
    Division "division" "行政区划"
    Industry "industry" "行业分类"

    // ---- columns and cells of tables
    Fact "fact" "事实"
    Type "type" "类型"
    Evidence "evidence" "证明材料"
    Value "value" "取值"
    Registry "registry" "登记"
    Declared "declared" "申报"

    // ---- built-in functions
    Holds "holds" "持有"
    Newly "newly" "首次取得"
    Meets "meets" "达标"
    Granted "granted" "授予日"
    Gets "gets" "获得"
    Received "received" "已获"
    Chosen "chosen" "选定"
    Applies "applies" "适用"
    MeanGrowth "mean_growth" "平均增长率"
    CompoundGrowth "compound_growth" "复合增长率"
    Previous "previous" "前一个"
    Age "age" "年龄"
    FullYearsBetween "full_years_between" "整年数"
    DaysIn "days_in" "天数"
    NextWorkingDay "next_working_day" "下一工作日"
    Whole "whole" "整数部分"
    YearOf "year_of" "所在年"
    MonthOf "month_of" "所在月"
}

/// A built-in function.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[expect(
    missing_docs,
    reason = "named like the function; docs/language.md says what each means"
)]
pub enum Builtin {
    Holds,
    Newly,
    Meets,
    Granted,
    Gets,
    Received,
    Chosen,
    Applies,
    MeanGrowth,
    CompoundGrowth,
    Previous,
    Age,
    FullYearsBetween,
    DaysIn,
    NextWorkingDay,
    Whole,
    YearOf,
    MonthOf,
}

impl Phrase {
    /// The phrase with this spelling in either language: words separated by single spaces.
    #[must_use]
    pub fn from_spelling(spelling: &str) -> Option<Phrase> {
        index().either.get(spelling).copied()
    }

    /// The phrase with this spelling in one language.
    #[must_use]
    pub fn from_spelling_in(spelling: &str, language: Language) -> Option<Phrase> {
        Self::from_spelling(spelling).filter(|phrase| phrase.spelling(language) == spelling)
    }

    /// Whether its (single) word begins or continues an expression, so that it cannot be a name.
    #[must_use]
    pub const fn is_reserved(self) -> bool {
        use Phrase::{
            And, Any, Applicant, Base, Cases, False, FiscalYear, In, Match, Month, Not, NotIn, Of, Or, Otherwise,
            Parent, Per, Then, Today, True, Unclear, When, Within, Year,
        };
        matches!(
            self,
            And | Any
                | Applicant
                | Base
                | Cases
                | False
                | FiscalYear
                | In
                | Match
                | Month
                | Not
                | NotIn
                | Of
                | Or
                | Otherwise
                | Parent
                | Per
                | Then
                | Today
                | True
                | Unclear
                | When
                | Within
                | Year
        )
    }

    /// The built-in function of this name.
    #[must_use]
    pub const fn builtin(self) -> Option<Builtin> {
        Some(match self {
            Phrase::Holds => Builtin::Holds,
            Phrase::Newly => Builtin::Newly,
            Phrase::Meets => Builtin::Meets,
            Phrase::Granted => Builtin::Granted,
            Phrase::Gets => Builtin::Gets,
            Phrase::Received => Builtin::Received,
            Phrase::Chosen => Builtin::Chosen,
            Phrase::Applies => Builtin::Applies,
            Phrase::MeanGrowth => Builtin::MeanGrowth,
            Phrase::CompoundGrowth => Builtin::CompoundGrowth,
            Phrase::Previous => Builtin::Previous,
            Phrase::Age => Builtin::Age,
            Phrase::FullYearsBetween => Builtin::FullYearsBetween,
            Phrase::DaysIn => Builtin::DaysIn,
            Phrase::NextWorkingDay => Builtin::NextWorkingDay,
            Phrase::Whole => Builtin::Whole,
            Phrase::YearOf => Builtin::YearOf,
            Phrase::MonthOf => Builtin::MonthOf,
            _ => return None,
        })
    }
}

struct Index {
    either: FxHashMap<&'static str, Phrase>,
    /// By language and first word: the phrases that begin with it, the longest first.
    starting: [FxHashMap<&'static str, Vec<Phrase>>; 2],
}

fn index() -> &'static Index {
    static INDEX: OnceLock<Index> = OnceLock::new();
    INDEX.get_or_init(|| {
        let mut either = FxHashMap::default();
        let mut starting = [FxHashMap::<_, Vec<Phrase>>::default(), FxHashMap::default()];
        for &(phrase, en, zh) in PHRASES {
            either.insert(en, phrase);
            either.insert(zh, phrase);
            for (map, spelling) in starting.iter_mut().zip([en, zh]) {
                let first = spelling.split(' ').next().unwrap_or(spelling);
                map.entry(first).or_default().push(phrase);
            }
        }
        for (map, language) in starting.iter_mut().zip([Language::English, Language::Chinese]) {
            for phrases in map.values_mut() {
                phrases.sort_by_key(|phrase| std::cmp::Reverse(phrase.spelling(language).split(' ').count()));
            }
        }
        Index { either, starting }
    })
}

/// The phrases that begin with a word, the longest first.
pub(crate) fn starting_with(word: &str, language: Language) -> &'static [Phrase] {
    let [english, chinese] = &index().starting;
    let map = match language {
        Language::English => english,
        Language::Chinese => chinese,
    };
    map.get(word).map_or(&[], Vec::as_slice)
}

/// The text in the form in which names are compared: NFC.
#[must_use]
pub fn nfc(text: &str) -> Cow<'_, str> {
    if text.is_ascii() || is_nfc_quick(text.chars()) == IsNormalized::Yes {
        Cow::Borrowed(text)
    } else {
        Cow::Owned(text.nfc().collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn each_spelling_belongs_to_one_phrase() {
        let mut seen = HashSet::new();
        for &(phrase, en, zh) in PHRASES {
            assert!(seen.insert(en), "{en} twice");
            assert!(seen.insert(zh), "{zh} twice");
            assert_eq!(Phrase::from_spelling(en), Some(phrase));
            assert_eq!(Phrase::from_spelling(zh), Some(phrase));
        }
    }

    #[test]
    fn longer_phrases_are_tried_first() {
        let phrases = starting_with("not", Language::English);
        assert_eq!(phrases.first(), Some(&Phrase::NotInForce));
        assert_eq!(phrases.last(), Some(&Phrase::Not));
    }

    #[test]
    fn spellings_are_plain_words_in_nfc() {
        for &(_, en, zh) in PHRASES {
            for word in en.split(' ').chain(zh.split(' ')) {
                assert_eq!(nfc(word), word);
                assert!(word.chars().all(|c| c == '_' || c.is_alphabetic()), "{word}");
            }
        }
    }
}
