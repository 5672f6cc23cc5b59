//! Integration tests, one binary.

mod validator;
