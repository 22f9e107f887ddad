//! The models of the configuration: `[[models]]`, or the shipped one and echo without it.

use std::path::PathBuf;
use std::time::Duration;

use super::source::Section;

const SHIPPED_MODEL: &str = "seseragi-mini";

/// One model.
#[derive(Debug)]
pub struct ModelConfig {
    /// Its public name.
    pub name: String,
    /// One line for people.
    pub description: String,
    /// What runs it.
    pub runtime: RuntimeConfig,
}

/// What runs a model.
#[derive(Clone, Debug)]
pub enum RuntimeConfig {
    /// The prompt, piece by piece.
    Echo {
        /// Characters of one piece.
        chunk_chars: usize,
        /// Time between two pieces.
        delay: Duration,
    },
    /// A model in this process.
    Embedded {
        /// The GGUF file; `None`: the model that comes with the program.
        file: Option<PathBuf>,
        /// Pace of one generation; 0: as fast as it goes.
        tokens_per_second: u32,
        /// Threads of the engine.
        threads: usize,
        /// Generations that are stepped at once.
        max_concurrent: usize,
        /// Generations that wait for their turn.
        queue: usize,
    },
    /// A server of `infer.Infer/Stream`.
    Infer {
        /// Where it listens: `host:port`.
        address: String,
        /// The model's name there; empty: none is sent.
        model: String,
        /// The longest wait for the first delta.
        first_delta: Duration,
        /// The longest wait between two deltas.
        between_deltas: Duration,
    },
}

/// Reads all models.
pub(super) fn models(root: &Section<'_>) -> Vec<ModelConfig> {
    let file = Some(root.text("model_file", "")).filter(|f| !f.is_empty()).map(PathBuf::from);
    let pace =
        root.number("model_tokens_per_second", if file.is_some() { 0 } else { 40 }, 0..=100_000) as u32;
    let sections = root.sections("models");
    if sections.is_empty() {
        return shipped_models(file, pace);
    }
    if file.is_some() {
        root.fault(
            "model_file",
            "works only without [[models]]; name the file in a model of runtime \"embedded\"",
        );
    }
    let models: Vec<ModelConfig> = sections.iter().map(model).collect();
    for (i, model) in models.iter().enumerate() {
        if models[..i].iter().any(|other| other.name == model.name) {
            root.fault(&format!("models[{i}].name"), format!("{:?} is there twice", model.name));
        }
    }
    models
}

/// Without `[[models]]`: the model that comes with the program, or the file in its place, and echo.
fn shipped_models(file: Option<PathBuf>, tokens_per_second: u32) -> Vec<ModelConfig> {
    let named = file.as_ref().and_then(|f| f.file_stem()).map(|stem| stem.to_string_lossy().into_owned());
    let embedded = ModelConfig {
        name: named.unwrap_or_else(|| SHIPPED_MODEL.to_owned()),
        description: match &file {
            Some(_) => "A model file on this machine".to_owned(),
            None => "A tiny model that knows some questions about streaming and Seseragi".to_owned(),
        },
        runtime: RuntimeConfig::Embedded {
            file,
            tokens_per_second,
            threads: 1,
            max_concurrent: 32,
            queue: 64,
        },
    };
    let echo = ModelConfig {
        name: "echo".to_owned(),
        description: "Sends the prompt back, character by character".to_owned(),
        runtime: RuntimeConfig::Echo { chunk_chars: 1, delay: Duration::from_millis(20) },
    };
    if cfg!(feature = "embedded") { vec![embedded, echo] } else { vec![echo] }
}

fn model(section: &Section<'_>) -> ModelConfig {
    #[derive(Clone, Copy)]
    enum Kind {
        Embedded,
        Echo,
        Infer,
    }
    let name = section.text("name", "");
    if name.is_empty() || name.len() > 128 || name.chars().any(char::is_control) {
        section.fault("name", "give the model a name of 1 to 128 bytes");
    }
    let description = section.text("description", "");
    let kinds = [("embedded", Kind::Embedded), ("echo", Kind::Echo), ("infer", Kind::Infer)];
    let runtime = match section.choice("runtime", &kinds) {
        Kind::Embedded => embedded(section),
        Kind::Echo => RuntimeConfig::Echo {
            chunk_chars: section.number("chunk_chars", 1, 1..=4096) as usize,
            delay: Duration::from_millis(section.number("delay_ms", 20, 0..=60_000)),
        },
        Kind::Infer => infer(section),
    };
    section.done();
    ModelConfig { name, description, runtime }
}

fn embedded(section: &Section<'_>) -> RuntimeConfig {
    if !cfg!(feature = "embedded") {
        section.fault("runtime", "this program was built without the feature \"embedded\"");
    }
    let file = Some(section.text("file", "")).filter(|f| !f.is_empty()).map(PathBuf::from);
    let pace = if file.is_some() { 0 } else { 40 };
    RuntimeConfig::Embedded {
        file,
        tokens_per_second: section.number("tokens_per_second", pace, 0..=100_000) as u32,
        threads: section.number("threads", 1, 1..=512) as usize,
        max_concurrent: section.number("max_concurrent", 32, 1..=4096) as usize,
        queue: section.number("queue", 64, 0..=100_000) as usize,
    }
}

fn infer(section: &Section<'_>) -> RuntimeConfig {
    let address = section.text("address", "");
    let port = address
        .rsplit_once(':')
        .and_then(|(host, port)| port.parse::<u16>().ok().filter(|_| !host.is_empty()));
    if port.is_none() {
        section.fault("address", "write where the server listens: HOST:PORT, such as 127.0.0.1:50051");
    }
    let seconds = |key| Duration::from_secs(section.number(key, 60, 1..=3600));
    RuntimeConfig::Infer {
        address,
        model: section.text("model", ""),
        first_delta: seconds("first_delta_s"),
        between_deltas: seconds("between_deltas_s"),
    }
}
