//! What is wrong with a file, where, why, and what to do: in English by `Display`, in Chinese by [`Violation::zh`].

use std::fmt;

use super::amount;
use super::mode::Mode;

/// Something a file or an order must not have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    place: Place,
    fault: Fault,
}

/// Where it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// The file as a whole.
    File,
    /// A line and, where known, a column, both from 1.
    Line(usize, Option<usize>),
    /// An element of XML: its path, and line and column of its beginning.
    Element(String, usize, usize),
    /// A part of an order that is being made.
    Part(&'static str),
    /// A part of the order with this position, from 1.
    Order(usize, &'static str),
}

/// What is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Fault {
    /// More bytes, elements, levels or orders than are read.
    TooMuch(Limit, usize),
    /// Bytes that are not UTF-8, or a declaration of another encoding.
    Encoding,
    /// Not well-formed XML or CSV.
    Malformed(String),
    /// A document type, an entity or a processing instruction: constructs that can make a parser read or build what is not in the file.
    Forbidden(&'static str),
    /// An unknown namespace or message.
    Namespace(String),
    /// An element, attribute or column that has no place here.
    Unknown(String),
    /// Something required is not there.
    Missing(String),
    /// More often than allowed.
    Repeated(String, usize),
    /// A known element at the wrong place in the sequence.
    OutOfOrder(String),
    /// More than one of several alternatives.
    Choice(String),
    /// A text that is too short or too long, in characters.
    Length {
        /// Fewest characters.
        least: usize,
        /// Most characters.
        most: usize,
        /// Characters found.
        found: usize,
    },
    /// Characters that no bank carries: controls, line ends, marks that turn the direction of writing, space at an end.
    Characters(String),
    /// A value that is not of the form wanted.
    Form {
        /// The value, shortened.
        value: String,
        /// What it should look like.
        wanted: &'static str,
    },
    /// A decimal with too many digits.
    Digits {
        /// The number.
        value: String,
        /// Most digits in all.
        total: usize,
        /// Most digits after the point.
        fraction: usize,
    },
    /// Nothing or less to pay.
    NotPositive,
    /// A currency other than the yuan.
    Currency(String),
    /// A statement or notice of an account in a currency other than the yuan.
    OtherAccount(String),
    /// A count that disagrees with what is there.
    Count {
        /// The count told.
        told: String,
        /// What is there.
        found: usize,
    },
    /// A sum that disagrees with what is there, in fen.
    Sum {
        /// The sum told.
        told: i64,
        /// What is there.
        found: i64,
    },
    /// Opening balance plus credits minus debits is not the closing balance; all in fen.
    Equation {
        /// The balance that the entries lead to.
        reached: i64,
        /// The closing balance told.
        closing: i64,
    },
    /// An id of another mode than the adapter's.
    OtherMode {
        /// The adapter's.
        ours: Mode,
        /// The file's.
        theirs: Mode,
    },
    /// One id twice.
    SameId(String),
}

/// A bound on what is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Limit {
    /// Bytes of a file.
    Bytes,
    /// Elements of a document.
    Elements,
    /// Elements inside each other.
    Depth,
    /// Orders of a file.
    Orders,
}

impl Fault {
    /// A value of the wrong form; long ones are cut, because a message is no place for a file.
    pub(super) fn form(value: &str, wanted: &'static str) -> Self {
        Self::Form {
            value: value.chars().take(60).collect(),
            wanted,
        }
    }

    /// It, at a place.
    pub(super) fn at(self, place: Place) -> Violation {
        Violation::new(place, self)
    }

    /// Reason and fix.
    fn en(&self) -> String {
        let yuan = amount::write;
        match self {
            Self::TooMuch(limit, most) => format!("more than {most} {}; split the file", limit.en()),
            Self::Encoding => "not UTF-8; save the file in UTF-8".to_owned(),
            Self::Malformed(detail) => format!("not well-formed: {detail}; ask for the file again"),
            Self::Forbidden(what) => {
                format!("{what} is refused because it can hide content; ask for a file without it")
            }
            Self::Namespace(name) => format!(
                "unknown message or namespace `{name}`; use pain.001.001.09, pain.002.001.10, camt.053.001.08 or camt.054.001.08"
            ),
            Self::Unknown(name) => format!("`{name}` has no place here; remove it or correct its name"),
            Self::Missing(name) => format!("`{name}` is missing; add it"),
            Self::Repeated(name, most) => format!("`{name}` is there more than {most} times; keep at most {most}"),
            Self::OutOfOrder(name) => {
                format!("`{name}` comes too late in its sequence; put it where the message's schema has it")
            }
            Self::Choice(name) => format!("`{name}` beside another alternative; keep one of them"),
            Self::Length { least, most, found } => {
                format!("{found} characters where {least} to {most} are allowed; write {least} to {most}")
            }
            Self::Characters(text) => {
                format!("{text:?} has controls, line ends or space at an end; write it as one plain line")
            }
            Self::Form { value, wanted } => format!("`{value}` is not {wanted}; write {wanted}"),
            Self::Digits { value, total, fraction } => format!(
                "`{value}` has more than {total} digits, or more than {fraction} after the point; give the exact amount in that form"
            ),
            Self::NotPositive => "an amount of nothing or less; leave out what is not to be paid".to_owned(),
            Self::Currency(code) => format!("currency `{code}`; only CNY is paid"),
            Self::OtherAccount(code) => {
                format!("the account is kept in `{code}`; import statements of the account in CNY, from which is paid")
            }
            Self::Count { told, found } => {
                format!("the count says {told} and there are {found}; ask for the whole file again")
            }
            Self::Sum { told, found } => format!(
                "the sum says {} and the parts make {}; ask for the whole file again",
                yuan(*told),
                yuan(*found)
            ),
            Self::Equation { reached, closing } => format!(
                "the entries lead to {} and the closing balance says {}; ask for the whole statement again",
                yuan(*reached),
                yuan(*closing)
            ),
            Self::OtherMode { ours, theirs } => {
                format!("this is of mode {theirs}, the adapter of mode {ours}; use the adapter of mode {theirs}")
            }
            Self::SameId(id) => format!("`{id}` is there twice; an instruction is sent once"),
        }
    }

    fn zh(&self) -> String {
        let yuan = amount::write;
        match self {
            Self::TooMuch(limit, most) => format!("超过 {most} {}；请拆分文件", limit.zh()),
            Self::Encoding => "不是 UTF-8 编码；请以 UTF-8 保存".to_owned(),
            Self::Malformed(detail) => format!("格式不完整（{detail}）；请重新索取文件"),
            Self::Forbidden(what) => format!("不接受 {what}，因为它可能隐藏内容；请索取不含它的文件"),
            Self::Namespace(name) => {
                format!(
                    "未知的报文或命名空间“{name}”；请使用 pain.001.001.09、pain.002.001.10、camt.053.001.08 或 camt.054.001.08"
                )
            }
            Self::Unknown(name) => format!("此处不应有“{name}”；请删除或更正名称"),
            Self::Missing(name) => format!("缺少“{name}”；请补上"),
            Self::Repeated(name, most) => format!("“{name}”超过 {most} 次；最多保留 {most} 次"),
            Self::OutOfOrder(name) => format!("“{name}”在序列中位置太靠后；请按报文格式排列"),
            Self::Choice(name) => format!("“{name}”与另一选项并存；请只保留一个"),
            Self::Length { least, most, found } => {
                format!("有 {found} 个字符，允许 {least} 至 {most} 个；请改为 {least} 至 {most} 个")
            }
            Self::Characters(text) => format!("{text:?} 含控制符、换行或首尾空格；请写成普通的一行"),
            Self::Form { value, wanted } => format!("“{value}”格式不对；应为 {wanted}"),
            Self::Digits { value, total, fraction } => {
                format!("“{value}”超过 {total} 位，或小数超过 {fraction} 位；请按此写出准确金额")
            }
            Self::NotPositive => "金额不大于零；不需支付的请勿列入".to_owned(),
            Self::Currency(code) => format!("币种“{code}”；只支付人民币（CNY）"),
            Self::OtherAccount(code) => {
                format!("该账户的币种为“{code}”；请导入据以支付的人民币（CNY）账户的对账单")
            }
            Self::Count { told, found } => format!("笔数写 {told}，实为 {found}；请重新索取完整文件"),
            Self::Sum { told, found } => format!(
                "合计写 {}，各笔相加为 {}；请重新索取完整文件",
                yuan(*told),
                yuan(*found)
            ),
            Self::Equation { reached, closing } => format!(
                "按明细余额应为 {}，期末余额写 {}；请重新索取完整对账单",
                yuan(*reached),
                yuan(*closing)
            ),
            Self::OtherMode { ours, theirs } => format!(
                "这是{}环境的文件，本接口属于{}环境；请使用{}环境的接口",
                theirs.zh(),
                ours.zh(),
                theirs.zh()
            ),
            Self::SameId(id) => format!("“{id}”出现两次；一条指令只发送一次"),
        }
    }
}

impl Limit {
    fn en(self) -> &'static str {
        match self {
            Self::Bytes => "bytes",
            Self::Elements => "elements",
            Self::Depth => "levels of elements",
            Self::Orders => "orders",
        }
    }

    fn zh(self) -> &'static str {
        match self {
            Self::Bytes => "字节",
            Self::Elements => "个元素",
            Self::Depth => "层元素",
            Self::Orders => "笔指令",
        }
    }
}

impl Violation {
    /// A fault at a place.
    pub fn new(place: Place, fault: Fault) -> Self {
        Self { place, fault }
    }

    /// Where it is.
    pub fn place(&self) -> &Place {
        &self.place
    }

    /// What is wrong.
    pub fn fault(&self) -> &Fault {
        &self.fault
    }

    /// Place, reason and fix in Chinese.
    pub fn zh(&self) -> String {
        let fault = self.fault.zh();
        match &self.place {
            Place::File => format!("文件：{fault}"),
            Place::Line(line, None) => format!("第 {line} 行：{fault}"),
            Place::Line(line, Some(column)) => format!("第 {line} 行第 {column} 列：{fault}"),
            Place::Element(path, line, column) => format!("第 {line} 行第 {column} 列 {path}：{fault}"),
            Place::Part(part) => format!("{part}：{fault}"),
            Place::Order(position, part) => format!("第 {position} 笔 {part}：{fault}"),
        }
    }
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.place {
            Place::File => f.write_str("file: "),
            Place::Line(line, None) => write!(f, "line {line}: "),
            Place::Line(line, Some(column)) => write!(f, "line {line}, column {column}: "),
            Place::Element(path, line, column) => write!(f, "line {line}, column {column}, {path}: "),
            Place::Part(part) => write!(f, "{part}: "),
            Place::Order(position, part) => write!(f, "order {position}, {part}: "),
        }?;
        f.write_str(&self.fault.en())
    }
}

impl std::error::Error for Violation {}
