//! Proofs cannot be made by hand.

#[test]
fn nothing_but_the_gate_clears_and_nothing_but_a_sealer_seals() {
    trybuild::TestCases::new().compile_fail("tests/proofs/*.rs");
}
