//! Generated messages of the wire contract. No logic lives here.
//!
//! `proto/infer.proto` at the root of the repository is the one source, for Rust and TypeScript alike.

/// Package `infer`: the contract between clients, gateway and model servers.
#[allow(missing_docs, unreachable_pub, clippy::all, clippy::use_self)]
pub mod infer {
    include!(concat!(env!("OUT_DIR"), "/infer.rs"));

    /// The encoded `FileDescriptorSet` of this package, for server reflection.
    pub const FILE_DESCRIPTOR_SET: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/infer_descriptor.bin"));
}

/// Package `google.rpc`: the form in which gRPC carries the details of an error.
#[allow(missing_docs, unreachable_pub, clippy::all, clippy::use_self)]
pub mod rpc {
    include!(concat!(env!("OUT_DIR"), "/google.rpc.rs"));
}
