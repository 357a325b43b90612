//! Arguments given by a name that the call does not have, which would otherwise be lost in silence.

use meed_syntax::SyntaxKind;
use meed_syntax::ast::{AstNode, Call};
use meed_syntax::diagnostic::{Code, Diagnostic, Message, Span};
use meed_syntax::phrases::Builtin;

use super::Checked;

/// Finds such arguments.
pub(super) fn check(checked: &Checked<'_>, findings: &mut Vec<Diagnostic>) {
    for document in &checked.package.documents {
        let calls = document
            .document()
            .syntax()
            .descendants()
            .filter(|node| node.kind() == SyntaxKind::CALL)
            .filter_map(Call::cast);
        for call in calls {
            let Some(builtin) = call.name().and_then(|name| name.builtin()) else {
                continue;
            };
            let known = known(builtin);
            for name in call.arg().filter_map(|arg| arg.name()) {
                let text = name.text();
                if known.iter().any(|(en, zh)| *en == text || *zh == text) {
                    continue;
                }
                let range = name.syntax().text_range();
                let span = Span::new(document.file, range.start().into(), range.end().into());
                let message = Message::new(
                    format!("this call has no argument `{text}`"),
                    format!("该调用没有参数“{text}”"),
                );
                findings.push(
                    Diagnostic::new(Code::UnknownArgument, span, message).help(if known.is_empty() {
                        Message::new("write the value without a name", "请直接写值，不写参数名")
                    } else {
                        let list = |of: fn(&(&'static str, &'static str)) -> &'static str| {
                            known.iter().map(of).collect::<Vec<_>>().join(", ")
                        };
                        let (en, zh) = (list(|(en, _)| en), list(|(_, zh)| zh));
                        Message::new(format!("it has: {en}"), format!("可用的有：{zh}"))
                    }),
                );
            }
        }
    }
}

/// What a built-in call may be given by name, in both languages.
fn known(builtin: Builtin) -> &'static [(&'static str, &'static str)] {
    match builtin {
        Builtin::Holds => &[("level", "级别"), ("on", "于")],
        Builtin::Newly => &[("level", "级别"), ("in", "在")],
        Builtin::Granted => &[("level", "级别")],
        Builtin::Received => &[("in", "在")],
        _ => &[],
    }
}
