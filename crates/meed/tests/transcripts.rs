//! Transcripts of the command line: what a person types and sees, with exit codes, in English unless asked otherwise. `TRYCMD=overwrite` writes what is seen.

#[test]
fn people_see_what_the_transcripts_show() {
    trycmd::TestCases::new()
        .env("LC_ALL", "C")
        .case("tests/cmd/*.md")
        .case("tests/cmd/*.toml");
}
