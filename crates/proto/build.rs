//! Compiles the contract with protox, so that no protoc is needed.
use prost::Message;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let root = "../../proto";
    println!("cargo:rerun-if-changed={root}");
    let out = std::path::PathBuf::from(std::env::var("OUT_DIR")?);
    let infer = protox::compile(["infer.proto"], [root])?;
    std::fs::write(out.join("infer_descriptor.bin"), infer.encode_to_vec())?;
    let all = protox::compile(["infer.proto", "google/rpc/status.proto"], [root])?;
    prost_build::Config::new().compile_fds(all)?;
    Ok(())
}
