use std::task::{Context, Poll};

use candle_core::quantized::gguf_file::Value;

use super::super::engine::{End, Engine, Flow, Output, Request, Sampling, Settings, Spent, Turn};
use super::super::error::{GenerateError, LoadError};
use super::super::testing::Tiny;
use super::Source;

fn load(source: Source) -> Result<(), LoadError> {
    Engine::start(&Settings::new(source)).map(drop)
}

fn load_bytes(bytes: Vec<u8>) -> Result<(), LoadError> {
    load(Source::Static(Box::leak(bytes.into_boxed_slice())))
}

fn check(tiny: &Tiny, expected: &str) {
    let error = load(tiny.source()).unwrap_err().to_string();
    assert!(error.contains(expected), "{error}");
}

/// How a short answer of the model ends.
fn answer(engine: &Engine) -> End {
    struct Ends(std::sync::mpsc::Sender<End>);
    impl Output for Ends {
        fn push(&mut self, _: &str, _: u32) -> Flow {
            Flow::Continue
        }
        fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<()> {
            Poll::Ready(())
        }
        fn end(self: Box<Self>, end: End, _: Spent) {
            let _ = self.0.send(end);
        }
    }
    let (sender, ends) = std::sync::mpsc::channel();
    let turns = vec![Turn { role: "user".to_owned(), content: "hello".to_owned() }];
    let sampling = Sampling { temperature: 1.0, top_k: None, top_p: None, seed: 1 };
    let request = Request { turns, so_far: String::new(), max_tokens: Some(3), sampling, stop: Vec::new() };
    let _handle = engine.submit(request, Box::new(Ends(sender)));
    ends.recv().unwrap()
}

#[test]
fn every_family_loads() {
    for tiny in [Tiny::llama(), Tiny::qwen("qwen2"), Tiny::qwen("qwen3")] {
        load(tiny.source()).unwrap();
    }
}

#[test]
fn a_missing_file_is_named() {
    let error = load(Source::Path("/nowhere/model.gguf".into())).unwrap_err();
    assert!(error.to_string().contains("/nowhere/model.gguf"), "{error}");
}

#[test]
fn what_is_not_supported_is_named_with_what_is() {
    let text = |text: &str| Value::String(text.to_owned());
    check(
        &Tiny::llama().with("general.architecture", text("mamba")),
        "`mamba` is not supported (supported: llama, qwen2, qwen3)",
    );
    check(&Tiny::llama().with("tokenizer.ggml.model", text("llama")), "supported is `gpt2`");
    check(&Tiny::llama().with("tokenizer.ggml.pre", text("viking")), "supported are gpt-2");
    check(&Tiny::llama().with("llama.rope.scaling.type", text("yarn")), "rope scaling of type `yarn`");
    check(&Tiny::llama().with("tokenizer.chat_template", text("{% if %}")), "chat template");
}

#[test]
fn an_unknown_quantization_names_its_tensor() {
    let mut bytes = Tiny::llama().bytes();
    let name = b"blk.0.attn_q.weight";
    let at = bytes.windows(name.len()).position(|w| w == name).unwrap() + name.len() + 4 + 16;
    bytes[at..at + 4].copy_from_slice(&23_u32.to_le_bytes());
    let error = load_bytes(bytes).unwrap_err().to_string();
    assert!(error.contains("`blk.0.attn_q.weight` has the quantization IQ4_XS"), "{error}");
}

#[test]
fn missing_keys_are_named() {
    for key in ["general.architecture", "llama.block_count", "llama.context_length", "tokenizer.ggml.merges"]
    {
        check(&Tiny { without: vec![key], ..Tiny::llama() }, key);
    }
}

#[test]
fn senseless_numbers_are_refused() {
    for (key, value) in [
        ("llama.attention.head_count", 0),
        ("llama.attention.head_count_kv", 3),
        ("llama.attention.key_length", 0),
        ("llama.block_count", u32::MAX),
        ("llama.context_length", 0),
        ("llama.rope.dimension_count", 15),
        ("general.alignment", 0),
    ] {
        check(&Tiny::llama().with(key, Value::U32(value)), "damaged");
    }
    check(&Tiny::llama().with("llama.feed_forward_length", Value::U32(u32::MAX)), "has the shape");
}

#[test]
fn tensors_on_top_of_each_other_are_refused() {
    let mut bytes = Tiny::llama().bytes();
    let matrices = ["attn_q", "attn_k", "attn_v", "attn_output", "ffn_gate", "ffn_up", "ffn_down"];
    let all = (0..2).flat_map(|layer| matrices.map(|matrix| format!("blk.{layer}.{matrix}.weight")));
    for name in all.chain(["token_embd.weight".to_owned()]) {
        let after_name = bytes.windows(name.len()).position(|w| w == name.as_bytes()).unwrap() + name.len();
        let offset = after_name + 4 + 16 + 4;
        bytes[offset..offset + 8].fill(0);
    }
    // What is left holds the largest of them, and by far not all.
    bytes.truncate(bytes.len() - 50_000);
    let error = load_bytes(bytes).unwrap_err().to_string();
    assert!(error.contains("overlap"), "{error}");
}

#[test]
fn other_files_are_refused() {
    for (bytes, expected) in [
        (&b""[..], "truncated"),
        (b"GG", "truncated"),
        (b"PK\x03\x04 and so on", "not a GGUF file"),
        (b"GGUF\x09\0\0\0", "version 9"),
        (b"GGUF\x03\0\0\0\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\0\0\0\0\0\0\0\0", "damaged"),
    ] {
        let error = load_bytes(bytes.to_vec()).unwrap_err().to_string();
        assert!(error.contains(expected), "{error}");
    }
}

#[test]
fn a_file_cut_anywhere_is_an_error() {
    let bytes: &'static [u8] = Box::leak(Tiny::llama().bytes().into_boxed_slice());
    let head = (0..4_000.min(bytes.len())).step_by(7);
    for cut in head.chain((4_000..bytes.len() - 31).step_by(997)) {
        assert!(load(Source::Static(&bytes[..cut])).is_err(), "cut at {cut} of {}", bytes.len());
    }
}

#[test]
fn flipped_bytes_never_panic() {
    let good = Tiny::llama().bytes();
    let head = good.windows(17).position(|w| w == b"token_embd.weight").unwrap() + 2_000;
    let mut random = 1_u32;
    let mut next = |below: usize| {
        random = random.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (random >> 8) as usize % below
    };
    let mut bytes: Vec<u8> = Vec::new();
    for round in 0..600 {
        bytes.clone_from(&good);
        for _ in 0..=round % 4 {
            bytes[next(head)] = next(256) as u8;
        }
        let path = std::env::temp_dir().join(format!("seseragi-flipped-{}.gguf", std::process::id()));
        std::fs::write(&path, &bytes).unwrap();
        if let Ok(engine) = Engine::start(&Settings::new(Source::Path(path.clone()))) {
            assert!(!matches!(answer(&engine), End::Failed(GenerateError::Fault)), "round {round}");
        }
        std::fs::remove_file(path).unwrap();
    }
}
