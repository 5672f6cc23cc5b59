//! Skipping and reordering phases do not compile.

#[test]
fn skipping_or_reordering_does_not_compile() {
    let cases = trybuild::TestCases::new();
    cases.compile_fail("tests/order/*.rs");
}
