//! The front matter.
#![no_main]

mod kept;

libfuzzer_sys::fuzz_target!(|text: &str| {
    kept::kept(&format!("---\n{text}"));
    let parsed = meed_syntax::parse(&format!("---\n{text}\n---\n"));
    if let Some(head) = parsed.document().front_matter() {
        let _ = (head.title(), head.replaces(), head.repeals(), head.rules());
        let _ = (head.issued().and_then(|day| day.date()), head.in_force().and_then(|span| span.span()));
    }
});
