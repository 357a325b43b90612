//! A package that is as small as one can be.

/// Its manifest.
pub const MANIFEST: &str = r#"
name = "tiny"
version = "1"
title = { zh = "小例", en = "Tiny" }
jurisdiction = "CN-230100"
currency = "CNY"
languages = ["zh", "en"]
"#;
