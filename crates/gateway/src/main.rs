//! seseragi
fn main() {}
