//! A house without fonts says what it lacks, and prints as soon as it has them.

use std::sync::Arc;

use meed_press::Typst;
use meed_press::fonts::USUAL;

use crate::support::Town;

#[test]
fn without_fonts_it_is_said_what_to_install() {
    let folder = tempfile::tempdir().unwrap();
    let lacking = Arc::new(Typst::new(folder.path()));
    lacking.look();
    let town = Town::printing(Some(lacking));
    let path = format!("/notices/{}/pdf", town.ids["list"]);
    let told = town.get(None, &format!("{path}?lang=zh"));
    assert_eq!(told.status.as_u16(), 503);
    assert!(
        told.body.contains("fonts-noto-cjk") && told.body.contains("本机未安装"),
        "{}",
        told.body
    );
    assert_eq!(town.get(None, "/notices/list-none/pdf").status.as_u16(), 404);
    let below = folder.path().join("below");
    std::fs::create_dir(&below).unwrap();
    std::fs::write(below.join("broken.ttf"), "no font").unwrap();
    for file in std::fs::read_dir(USUAL).unwrap() {
        let file = file.unwrap();
        std::fs::hard_link(file.path(), below.join(file.file_name()))
            .or_else(|_| std::fs::copy(file.path(), below.join(file.file_name())).map(drop))
            .unwrap();
    }
    assert_eq!(
        town.get(None, &path).status.as_u16(),
        200,
        "fonts that came later are found"
    );
}
