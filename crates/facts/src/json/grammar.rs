//! What is wrong with a text that is no JSON, in words.
//!
//! The libraries tell it in English and have no codes for it, so their sentences are the keys of a table.

use crate::check::Complaint;
use crate::message::Message;

const UNFINISHED: (&str, &str) = ("a closing bracket or quote is missing", "缺少右括号或右引号");
const FORM: (&str, &str) = (
    "the file must be JSON (RFC 8259): double quotes, no comments",
    "文件必须是 JSON（RFC 8259）：双引号，无注释",
);

/// How a sentence of a library begins, the same in Chinese, and the likely fix.
const SENTENCES: [(&str, &str, (&str, &str)); 16] = [
    ("EOF while parsing", "文件不完整", UNFINISHED),
    (
        "trailing comma",
        "多了一个逗号",
        ("remove the comma before the closing bracket", "请去掉右括号前的逗号"),
    ),
    (
        "key must be a string",
        "名称不是文本",
        ("write names in double quotes", "名称请用双引号"),
    ),
    (
        "control character",
        "文本中有控制字符",
        ("write a line end inside a text as \\n", "文本中的换行请写作 \\n"),
    ),
    ("expected `:`", "此处应为冒号", FORM),
    ("expected `,` or `]`", "此处应为逗号或右方括号", FORM),
    ("expected `,` or `}`", "此处应为逗号或右花括号", FORM),
    ("expected ident", "此处应为 true、false 或 null", FORM),
    ("expected value", "此处应为一个值", FORM),
    ("trailing characters", "结尾之后还有内容", FORM),
    ("invalid number", "数字写法有误", FORM),
    ("number out of range", "数字过大", FORM),
    ("invalid escape", "反斜杠之后的字符有误", FORM),
    ("invalid unicode code point", "字符编码有误", FORM),
    ("Invalid unicode escape", "字符编码不完整", FORM),
    ("unexpected end of hex escape", "字符编码不完整", FORM),
];

/// The complaint about a text of which a library said `said`.
pub(super) fn complaint(text: &str, said: &str) -> Complaint {
    let known = SENTENCES.iter().find(|(start, ..)| said.starts_with(start));
    let (zh, help) = known.map_or(("不是 JSON", FORM), |(_, zh, help)| (*zh, *help));
    let help = match text.starts_with('\u{feff}') {
        true => (
            "save the file as UTF-8 without a byte order mark",
            "请将文件存为不带字节顺序标记的 UTF-8",
        ),
        false => help,
    };
    Complaint::new(Message::new(said, zh), help)
}
