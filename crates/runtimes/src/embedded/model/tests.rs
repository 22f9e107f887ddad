use candle_core::quantized::GgmlDType;
use candle_core::quantized::gguf_file::Value;

use super::super::testing::Tiny;
use super::*;

const TOKENS: [u32; 12] = [3, 50, 7, 7, 101, 200, 9, 33, 60, 61, 62, 258];

fn load(tiny: &Tiny) -> Model {
    Model::load(&mut tiny.gguf()).unwrap()
}

fn logits(model: &Model, cache: &mut Cache, tokens: &[u32]) -> Vec<f32> {
    let mut all = model.step(&mut [Work { cache, tokens, wants_logits: true }]).unwrap();
    all.pop().unwrap()
}

fn families() -> Vec<Tiny> {
    let mut all = vec![Tiny::llama(), Tiny::qwen("qwen2"), Tiny::qwen("qwen3")];
    for dtype in [GgmlDType::F32, GgmlDType::F16, GgmlDType::Q4_0, GgmlDType::Q4_1, GgmlDType::Q5_0] {
        all.push(Tiny { dtype, ..Tiny::llama() });
    }
    all
}

#[test]
fn pieces_of_any_size_give_the_same_logits() {
    for tiny in families() {
        let model = load(&tiny);
        let whole = logits(&model, &mut Cache::new(&model.hyper), &TOKENS);
        assert!(whole.iter().all(|x| x.is_finite()));
        for piece in [1, 5, 11] {
            let mut cache = Cache::new(&model.hyper);
            let pieces = TOKENS.chunks(piece).map(|tokens| logits(&model, &mut cache, tokens));
            assert_eq!(pieces.last().unwrap(), whole, "{} {:?} in pieces of {piece}", tiny.arch, tiny.dtype);
            assert_eq!(cache.positions(), TOKENS.len());
        }
    }
}

#[test]
fn company_changes_nothing() {
    let model = load(&Tiny::qwen("qwen3"));
    let alone = [&TOKENS[..], &TOKENS[3..5]].map(|t| logits(&model, &mut Cache::new(&model.hyper), t));
    let (mut a, mut b, mut c) =
        (Cache::new(&model.hyper), Cache::new(&model.hyper), Cache::new(&model.hyper));
    let works = &mut [
        Work { cache: &mut a, tokens: &TOKENS, wants_logits: true },
        Work { cache: &mut b, tokens: &TOKENS[1..4], wants_logits: false },
        Work { cache: &mut c, tokens: &TOKENS[3..5], wants_logits: true },
    ];
    assert_eq!(model.step(works).unwrap(), alone);
}

#[test]
fn the_number_of_threads_changes_nothing() {
    let model = load(&Tiny::llama());
    let on = |threads| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| logits(&model, &mut Cache::new(&model.hyper), &TOKENS))
    };
    assert_eq!(on(1), on(3));
}

#[test]
fn rope_scaling_and_base_are_read() {
    let of = |tiny: Tiny| {
        let model = load(&tiny);
        logits(&model, &mut Cache::new(&model.hyper), &TOKENS)
    };
    let plain = of(Tiny::llama());
    assert_eq!(plain, of(Tiny::llama().with("llama.rope.freq_base", Value::F32(10_000.0))));
    assert_ne!(plain, of(Tiny::llama().with("llama.rope.freq_base", Value::F32(500.0))));
    let linear = |factor| {
        Tiny::llama()
            .with("llama.rope.scaling.type", Value::String("linear".to_owned()))
            .with("llama.rope.scaling.factor", Value::F32(factor))
    };
    assert_eq!(plain, of(linear(1.0)));
    assert_ne!(plain, of(linear(4.0)));
}
