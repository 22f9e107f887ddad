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

#[cfg(test)]
mod tests {
    use super::*;

    const PATHS: [(&str, Option<Scope>); 10] = [
        ("/infer.Infer/Stream", Some(Scope::InferRead)),
        ("/infer.Infer/Resume", Some(Scope::InferRead)),
        ("/infer.Infer/Cancel", Some(Scope::InferRead)),
        ("/infer.Infer/GetStream", Some(Scope::InferRead)),
        ("/infer.Infer/ListStreams", Some(Scope::InferRead)),
        ("/infer.Infer/ListModels", Some(Scope::InferRead)),
        ("/grpc.reflection.v1.ServerReflection/ServerReflectionInfo", Some(Scope::ReflectionRead)),
        ("/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo", Some(Scope::ReflectionRead)),
        ("/grpc.health.v1.Health/Check", None),
        ("/grpc.health.v1.Health/Watch", None),
    ];

    #[test]
    fn each_method_needs_its_scope_where_others_can_reach_it() {
        for (path, scope) in PATHS {
            let method = Method::of(path).unwrap_or_else(|| panic!("{path}"));
            assert_eq!(method.scope(Exposure::Network), scope, "{path}");
        }
        let reflection = Method::of(PATHS[6].0).expect("it is served");
        assert_eq!(reflection.scope(Exposure::Loopback), None);
    }

    #[test]
    fn what_is_not_served_is_no_method() {
        for path in [
            "/infer.Infer/stream",
            "/infer.Infer/Stream/",
            "//infer.Infer/Stream",
            "/infer.Infer/Delete",
            "/infer.Infer",
            "/",
            "",
        ] {
            assert_eq!(Method::of(path), None, "{path}");
        }
    }
}
