//! From the configuration to runtimes: one arm per kind of runtime.

use std::sync::Arc;

use seseragi_bridge::Route;
use seseragi_flow::Runtime;
use seseragi_net::{Upstream, UpstreamOptions};
use seseragi_runtimes::echo::{Echo, EchoOptions};
use seseragi_runtimes::infer::{Infer, InferOptions};

use crate::commands::Failure;
use crate::config::{ModelConfig, RuntimeConfig};
use crate::telemetry::{ModelStats, ReadStats};

/// The questions that the shipped model knows, for the console.
const QUESTIONS: &str = include_str!("../../../models/questions.json");

/// A model that is ready to be routed to.
pub struct Model {
    /// How clients reach it.
    pub route: Route,
    /// How its counts are read.
    pub stats: ReadStats,
}

/// Makes all runtimes. Model files are loaded here, so that a bad one stops the start.
///
/// # Errors
/// One sentence naming the model and what is wrong.
pub fn build(configs: &[ModelConfig]) -> Result<Vec<Model>, Failure> {
    configs.iter().map(build_one).collect()
}

fn build_one(config: &ModelConfig) -> Result<Model, Failure> {
    let name: Arc<str> = config.name.as_str().into();
    let (runtime, stats, upstream_model): (Arc<dyn Runtime>, ReadStats, Arc<str>) = match &config.runtime {
        RuntimeConfig::Echo { chunk_chars, delay } => {
            let echo = Echo::new(EchoOptions { chunk_chars: *chunk_chars, delay: *delay, repeat: 1 });
            (Arc::new(echo.clone()), Box::new(move || echo_stats(&echo)), Arc::clone(&name))
        }
        RuntimeConfig::Embedded { .. } => embedded(config)?,
        RuntimeConfig::Infer { address, model, first_delta, between_deltas } => {
            let options = InferOptions {
                send_model: !model.is_empty(),
                first_delta: *first_delta,
                between_deltas: *between_deltas,
            };
            let upstream = Upstream::new(address, UpstreamOptions::default());
            let infer = Infer::new(upstream.map_err(|error| wrong(config, &error))?, options);
            (Arc::new(infer), Box::new(ModelStats::default), model.as_str().into())
        }
    };
    let description = config.description.clone();
    Ok(Model { route: Route { model: name, upstream_model, description, runtime }, stats })
}

fn echo_stats(echo: &Echo) -> ModelStats {
    let stats = echo.stats();
    ModelStats { tokens: stats.deltas, active: stats.active as u64, queued: 0 }
}

fn wrong(config: &ModelConfig, error: &dyn std::fmt::Display) -> Failure {
    Failure::start(format!("model {:?}: {error}", config.name))
}

#[cfg(feature = "embedded")]
type Built = (Arc<dyn Runtime>, ReadStats, Arc<str>);

#[cfg(feature = "embedded")]
fn embedded(config: &ModelConfig) -> Result<Built, Failure> {
    use seseragi_runtimes::embedded::{Embedded, Settings, Source};

    /// The model that comes with the program.
    const SHIPPED: &[u8] = include_bytes!("../../../models/seseragi-mini.gguf");

    let RuntimeConfig::Embedded { file, tokens_per_second, threads, max_concurrent, queue } = &config.runtime
    else {
        return Err(wrong(config, &"is no embedded model"));
    };
    let source = file.as_ref().map_or(Source::Static(SHIPPED), |path| Source::Path(path.clone()));
    let mut settings = Settings::new(source);
    settings.threads = *threads;
    settings.max_concurrent = *max_concurrent;
    settings.queue = *queue;
    settings.tokens_per_second = (*tokens_per_second > 0).then_some(*tokens_per_second as f32);
    let model = Arc::new(Embedded::start(&settings).map_err(|error| wrong(config, &error))?);
    let counted = Arc::clone(&model);
    let stats = move || {
        let stats = counted.stats();
        let (active, queued) = (stats.active as u64, stats.queued as u64);
        ModelStats { tokens: stats.tokens_generated_total, active, queued }
    };
    Ok((model, Box::new(stats), config.name.as_str().into()))
}

#[cfg(not(feature = "embedded"))]
fn embedded(config: &ModelConfig) -> Result<(Arc<dyn Runtime>, ReadStats, Arc<str>), Failure> {
    Err(wrong(config, &"this program was built without the feature \"embedded\""))
}

/// What the console is told before anybody has signed in.
pub fn console_info(default_model: &str, models: &[ModelConfig]) -> serde_json::Value {
    let shipped = models.iter().any(|m| is_shipped(&m.runtime));
    let questions = serde_json::from_str(QUESTIONS).unwrap_or(serde_json::Value::Array(Vec::new()));
    serde_json::json!({
        "version": env!("CARGO_PKG_VERSION"),
        "default_model": default_model,
        "model_note": if !shipped { serde_json::json!({}) } else { serde_json::json!({
            "en": "seseragi-mini is a tiny model that has learnt answers to some questions about streaming and \
                   Seseragi by heart. It runs inside this program. It often says so when it does not know, and it may be wrong.",
            "ja": "seseragi-mini は、ストリーミングと Seseragi についてのいくつかの質問の答えを覚えただけの、とても小さな\
                   モデルです。このプログラムの中で動き、知らないことは知らないと答えるようにしていますが、間違えることもあります。",
        }) },
        "questions": if shipped { questions } else { serde_json::Value::Array(Vec::new()) },
    })
}

fn is_shipped(runtime: &RuntimeConfig) -> bool {
    matches!(runtime, RuntimeConfig::Embedded { file: None, .. })
}
