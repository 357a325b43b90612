//! The jurisdiction's working days: a data file that the manifest names.

use std::collections::BTreeMap;
use std::sync::Arc;

use meed_facts::calendar::Calendar;
use meed_syntax::diagnostic::{Code, Diagnostic, FileId, Message, Sources, Span};

/// Reads the calendar; what is wrong goes to `findings`, and no year is then known.
pub(super) fn read(
    named: Option<&(Arc<str>, Span)>,
    data: &BTreeMap<String, FileId>,
    sources: &Sources,
    findings: &mut Vec<Diagnostic>,
) -> Calendar {
    let Some((path, span)) = named else {
        return Calendar::default();
    };
    let help = Message::new(
        "a CSV file inside the package with the columns `date` and `kind` (`off`, or `work` on a weekend)",
        "规则包内的 CSV 文件，含 `date`、`kind` 两列（`off` 为放假，`work` 为周末上班）",
    );
    let found = data
        .get(&**path)
        .and_then(|file| Some((*file, sources.get(*file)?.text())));
    let Some((file, text)) = found else {
        let en = format!("there is no file `{path}` of working days in the package");
        let zh = format!("规则包中没有工作日文件“{path}”");
        findings.push(Diagnostic::new(Code::TableFile, *span, Message::new(en, zh)).help(help));
        return Calendar::default();
    };
    Calendar::parse(text).unwrap_or_else(|error| {
        let en = format!("the working days cannot be read: {}", error.reason);
        let zh = format!("工作日文件无法读取：{}", error.reason);
        let place = line(file, text, error.line);
        findings.push(Diagnostic::new(Code::TableFile, place, Message::new(en, zh)).help(help));
        Calendar::default()
    })
}

/// The place of a line, from 1.
fn line(file: FileId, text: &str, number: u64) -> Span {
    let before = usize::try_from(number.saturating_sub(1)).unwrap_or(usize::MAX);
    let lines = || text.split_inclusive('\n');
    let start: usize = lines().take(before).map(str::len).sum();
    let length = lines().nth(before).map_or(0, |line| line.trim_end().len());
    let offset = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
    Span::new(file, offset(start), offset(start.saturating_add(length)))
}
