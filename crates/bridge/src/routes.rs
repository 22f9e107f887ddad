//! [`Routes`]: which runtime serves which model.

use std::sync::Arc;

use seseragi_flow::{Code, Problem, Runtime};

/// One model that clients may name.
#[derive(Clone)]
pub struct Route {
    /// The public name of the model.
    pub model: Arc<str>,
    /// The name of the model at its runtime.
    pub upstream_model: Arc<str>,
    /// One line for people.
    pub description: String,
    /// What runs it.
    pub runtime: Arc<dyn Runtime>,
}

/// All routes, in the order of the configuration.
#[derive(Clone)]
pub struct Routes {
    routes: Vec<Route>,
    default: Arc<str>,
}

impl Routes {
    /// The routes, and the name of the one that serves requests that name no model.
    #[must_use]
    pub fn new(routes: Vec<Route>, default: Arc<str>) -> Self {
        Self { routes, default }
    }

    /// The route of a model; an empty name asks for the default.
    ///
    /// # Errors
    /// `NotFound`, listing what there is.
    pub fn find(&self, model: &str) -> Result<&Route, Problem> {
        let wanted = if model.is_empty() { &*self.default } else { model };
        self.routes.iter().find(|route| *route.model == *wanted).ok_or_else(|| {
            let names: Vec<&str> = self.routes.iter().map(|route| &*route.model).collect();
            let message = format!("there is no model of this name; there is: {}", names.join(", "));
            Problem::caller(Code::NotFound, "model_unknown", message)
        })
    }

    /// All routes.
    pub fn iter(&self) -> impl Iterator<Item = &Route> {
        self.routes.iter()
    }
}
