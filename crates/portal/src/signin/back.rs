//! Where somebody goes after signing in: where they came from, if that is a page here.

/// A page here, from what an address or a form said; the front page where it names no page here.
pub fn page(said: Option<&str>) -> String {
    said.filter(|said| is_page(said)).unwrap_or("/").to_owned()
}

/// `/a/b?c=d`, and nothing that a browser reads as another site's.
fn is_page(said: &str) -> bool {
    let mut bytes = said.bytes();
    bytes.next() == Some(b'/')
        && !matches!(bytes.next(), Some(b'/' | b'\\'))
        && said.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\')
        && said.len() <= 1000
}

#[cfg(test)]
mod tests {
    use super::page;

    #[test]
    fn only_pages_here_are_gone_back_to() {
        for here in ["/", "/cases/case-1-1?tab=money", "/a//b"] {
            assert_eq!(page(Some(here)), here);
        }
        for elsewhere in [
            "",
            "https://evil.example",
            "//evil.example",
            "/\\evil.example",
            "/\t/evil.example",
            "a",
            "/a\\b",
            "/a b",
        ] {
            assert_eq!(page(Some(elsewhere)), "/", "{elsewhere}");
        }
        assert_eq!(page(None), "/");
    }
}
