//! Writing from a session or a turn into an agent version does not compile, nor from one session into another.

#[test]
fn writing_upwards_does_not_compile() {
    let cases = trybuild::TestCases::new();
    cases.compile_fail("tests/upward/*.rs");
}
