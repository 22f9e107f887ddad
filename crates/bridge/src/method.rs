//! Which method a path names, and which scope it needs. An unknown method is denied.

use seseragi_guard::Scope;

use crate::app::Exposure;
use crate::unary::Unary;

/// A method that we serve.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Method {
    Stream,
    Resume,
    Unary(Unary),
    /// `grpc.health.v1.Health`.
    Health,
    /// `grpc.reflection.v1.ServerReflection` and its older name.
    Reflection,
}

impl Method {
    /// The method of a path, `None` if there is no such method.
    pub(crate) fn of(path: &str) -> Option<Self> {
        Some(match path {
            "/infer.Infer/Stream" => Self::Stream,
            "/infer.Infer/Resume" => Self::Resume,
            "/infer.Infer/Cancel" => Self::Unary(Unary::Cancel),
            "/infer.Infer/GetStream" => Self::Unary(Unary::GetStream),
            "/infer.Infer/ListStreams" => Self::Unary(Unary::ListStreams),
            "/infer.Infer/ListModels" => Self::Unary(Unary::ListModels),
            _ if path.starts_with("/grpc.health.v1.Health/") => Self::Health,
            _ if path.starts_with("/grpc.reflection.v1.ServerReflection/") => Self::Reflection,
            _ if path.starts_with("/grpc.reflection.v1alpha.ServerReflection/") => Self::Reflection,
            _ => return None,
        })
    }

    /// The stable name used in logs and metrics.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Stream => "infer.Infer/Stream",
            Self::Resume => "infer.Infer/Resume",
            Self::Unary(Unary::Cancel) => "infer.Infer/Cancel",
            Self::Unary(Unary::GetStream) => "infer.Infer/GetStream",
            Self::Unary(Unary::ListStreams) => "infer.Infer/ListStreams",
            Self::Unary(Unary::ListModels) => "infer.Infer/ListModels",
            Self::Health => "grpc.health.v1.Health",
            Self::Reflection => "grpc.reflection.ServerReflection",
        }
    }

    /// The scope it needs; `None` for what anybody may call.
    pub(crate) const fn scope(self, exposure: Exposure) -> Option<Scope> {
        match self {
            Self::Health => None,
            Self::Reflection if matches!(exposure, Exposure::Loopback) => None,
            Self::Reflection => Some(Scope::ReflectionRead),
            _ => Some(Scope::InferRead),
        }
    }
}
