//! Compiles the two-field contract with protox, so that no protoc is needed.

fn main() -> Result<(), Box<dyn std::error::Error>> {
    println!("cargo:rerun-if-changed=proto");
    let classic = protox::compile(["classic.proto"], ["proto"])?;
    prost_build::Config::new().compile_fds(classic)?;
    Ok(())
}
