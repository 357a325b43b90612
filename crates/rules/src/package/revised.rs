//! A package as a reform would have it.

use super::Files;

/// Where a document stands that no file of the package has the number of.
const FOLDER: &str = "reform";

/// The files of a package with one more document. A document with the number of one that is there takes its place, as an edited copy; any other is added, as one that amends
/// or replaces others by its front matter. Which document that was, by its path.
pub fn revised(mut files: Files, name: &str, text: &str) -> (Files, String) {
    let number = number_of(text);
    let same = files.iter().filter(|(path, _)| path.ends_with(".md"));
    let same = same.filter(|(_, theirs)| number.is_some() && number_of(theirs) == number);
    let path = same.map(|(path, _)| path.clone()).next();
    let path = path.unwrap_or_else(|| format!("{FOLDER}/{name}"));
    files.insert(path.clone(), text.to_owned());
    (files, path)
}

fn number_of(text: &str) -> Option<String> {
    let document = meed_syntax::parse(text).document();
    Some(document.front_matter()?.number()?.text())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn document(number: &str, rest: &str) -> String {
        format!("---\ntitle: {{ zh: 文, en: Text }}\nnumber: {number}\n---\n\n{rest}\n")
    }

    #[test]
    fn an_edited_copy_takes_the_place_of_its_original_and_a_new_document_stands_beside() {
        let files = Files::from([("city/a.md".to_owned(), document("1", "old"))]);
        let (copy, path) = revised(files.clone(), "mine.md", &document("1", "new"));
        assert_eq!((copy.len(), path.as_str()), (1, "city/a.md"));
        assert!(copy["city/a.md"].contains("new"));
        let (more, path) = revised(files, "mine.md", &document("2", "new"));
        assert_eq!((more.len(), path.as_str()), (2, "reform/mine.md"));
    }
}
