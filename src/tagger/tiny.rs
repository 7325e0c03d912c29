//! A model of one layer with random weights, written and read as a real one: for tests.

use std::collections::HashMap;

use candle_core::{Device, Tensor, safetensors};

use crate::tagger::Files;

const TOKENS: [&str; 10] = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "上", "合", "组", "织", "职", "a"];
const WIDTH: usize = 8;

/// A model of one layer with random weights that always fits the character `likes` best.
pub(crate) fn tiny(likes: &str) -> Files {
    let config = serde_json::json!({
        "vocab_size": TOKENS.len(), "hidden_size": WIDTH, "num_hidden_layers": 1, "num_attention_heads": 2,
        "intermediate_size": 16, "hidden_act": "gelu", "hidden_dropout_prob": 0.1,
        "max_position_embeddings": 16, "type_vocab_size": 2, "initializer_range": 0.02,
        "layer_norm_eps": 1e-12, "pad_token_id": 0, "model_type": "bert",
    });
    let mut state = 1_u32;
    let mut tensor = |shape: &[usize]| {
        let values: Vec<f32> = (0..shape.iter().product::<usize>())
            .map(|_| {
                state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                (state >> 8) as f32 / (1 << 24) as f32 - 0.5
            })
            .collect();
        Tensor::from_vec(values, shape, &Device::Cpu).expect("a tensor")
    };
    let mut tensors = HashMap::new();
    let n = TOKENS.len();
    for (name, shape) in [
        ("bert.embeddings.word_embeddings.weight", vec![n, WIDTH]),
        ("bert.embeddings.position_embeddings.weight", vec![16, WIDTH]),
        ("bert.embeddings.token_type_embeddings.weight", vec![2, WIDTH]),
    ] {
        tensors.insert(name.to_owned(), tensor(&shape));
    }
    let layer = "bert.encoder.layer.0";
    for (name, into, out) in [
        (format!("{layer}.attention.self.query"), WIDTH, WIDTH),
        (format!("{layer}.attention.self.key"), WIDTH, WIDTH),
        (format!("{layer}.attention.self.value"), WIDTH, WIDTH),
        (format!("{layer}.attention.output.dense"), WIDTH, WIDTH),
        (format!("{layer}.intermediate.dense"), WIDTH, 16),
        (format!("{layer}.output.dense"), 16, WIDTH),
        ("cls.predictions.transform.dense".to_owned(), WIDTH, WIDTH),
    ] {
        tensors.insert(format!("{name}.weight"), tensor(&[out, into]));
        tensors.insert(format!("{name}.bias"), tensor(&[out]));
    }
    for name in [
        "bert.embeddings.LayerNorm".to_owned(),
        format!("{layer}.attention.output.LayerNorm"),
        format!("{layer}.output.LayerNorm"),
        "cls.predictions.transform.LayerNorm".to_owned(),
    ] {
        // The names of old checkpoints.
        tensors.insert(format!("{name}.gamma"), tensor(&[WIDTH]));
        tensors.insert(format!("{name}.beta"), tensor(&[WIDTH]));
    }
    let bias: Vec<f32> = TOKENS.iter().map(|t| if *t == likes { 20.0 } else { 0.0 }).collect();
    let bias = Tensor::from_vec(bias, n, &Device::Cpu).expect("a tensor");
    tensors.insert("cls.predictions.bias".to_owned(), bias);
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("model.safetensors");
    safetensors::save(&tensors, &path).expect("saved");
    let weights = std::fs::read(path).expect("just written");
    Files { config: config.to_string().into_bytes(), vocabulary: TOKENS.join("\n"), weights }
}
