//! The wires, each with the HTTP version it is spoken over.

use std::time::Duration;

use http::Version;

/// A wire over one version of HTTP.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialect {
    /// gRPC.
    Grpc,
    /// gRPC-Web, binary, over HTTP/1.1.
    GrpcWebH1,
    /// gRPC-Web, binary, over HTTP/2.
    GrpcWebH2,
    /// Connect over HTTP/1.1.
    ConnectH1,
    /// Connect over HTTP/2.
    ConnectH2,
}

impl Dialect {
    /// Every wire there is.
    pub const ALL: [Self; 5] =
        [Self::Grpc, Self::GrpcWebH1, Self::GrpcWebH2, Self::ConnectH1, Self::ConnectH2];

    /// The version of HTTP.
    #[must_use]
    pub const fn version(self) -> Version {
        match self {
            Self::GrpcWebH1 | Self::ConnectH1 => Version::HTTP_11,
            Self::Grpc | Self::GrpcWebH2 | Self::ConnectH2 => Version::HTTP_2,
        }
    }

    /// The media type of streams.
    #[must_use]
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Grpc => "application/grpc",
            Self::GrpcWebH1 | Self::GrpcWebH2 => "application/grpc-web+proto",
            Self::ConnectH1 | Self::ConnectH2 => "application/connect+proto",
        }
    }

    /// Whether it is Connect.
    #[must_use]
    pub const fn is_connect(self) -> bool {
        matches!(self, Self::ConnectH1 | Self::ConnectH2)
    }

    /// The header that tells how long the client waits.
    #[must_use]
    pub fn timeout(self, timeout: Duration) -> (&'static str, String) {
        if self.is_connect() {
            ("connect-timeout-ms", timeout.as_millis().to_string())
        } else {
            ("grpc-timeout", format!("{}m", timeout.as_millis()))
        }
    }

    /// What its clients send besides.
    pub(super) const fn headers(self) -> &'static [(&'static str, &'static str)] {
        match self {
            Self::Grpc => &[("te", "trailers")],
            Self::GrpcWebH1 | Self::GrpcWebH2 => &[("x-grpc-web", "1")],
            Self::ConnectH1 | Self::ConnectH2 => &[("connect-protocol-version", "1")],
        }
    }
}
