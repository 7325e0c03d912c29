//! The network behind a tagger: characters to token ids, through the layers, to probabilities.
//!
//! With the model of its tests the one module that names candle.

use std::collections::HashMap;

use candle_core::{DType, Device, Tensor, safetensors};
use candle_nn::{VarBuilder, ops::softmax_last_dim};
use candle_transformers::models::bert::{BertForMaskedLM, Config};

use crate::tagger::{Files, Fit, TaggerError};

/// Characters that are read at once; a model may allow fewer.
const WINDOW: usize = 126;

/// A loaded network with its vocabulary.
pub(super) struct Bert {
    network: BertForMaskedLM,
    /// Ids of the tokens that are one character.
    ids: HashMap<char, u32>,
    /// The characters of the ids; `None` for longer tokens.
    characters: Vec<Option<char>>,
    unknown: u32,
    first: u32,
    last: u32,
    window: usize,
}

fn fault(file: &'static str, reason: impl ToString) -> TaggerError {
    TaggerError::Model { file, reason: reason.to_string() }
}

impl Bert {
    pub(super) fn new(files: &Files) -> Result<Self, TaggerError> {
        let config: Config = serde_json::from_slice(&files.config).map_err(|e| fault("config.json", e))?;
        let (width, heads) = (config.hidden_size, config.num_attention_heads);
        if width == 0 || heads == 0 || width % heads != 0 || config.max_position_embeddings < 3 {
            return Err(fault("config.json", "its sizes do not fit together"));
        }
        let tokens: Vec<&str> = files.vocabulary.lines().collect();
        if tokens.len() != config.vocab_size {
            let reason = format!("it has {} tokens where the model has {}", tokens.len(), config.vocab_size);
            return Err(fault("vocab.txt", reason));
        }
        let id = |token: &str| {
            let at = tokens.iter().position(|t| *t == token);
            at.map(|at| at as u32).ok_or_else(|| fault("vocab.txt", format!("it lacks `{token}`")))
        };
        let single = |token: &&str| {
            let mut chars = token.chars();
            chars.next().filter(|_| chars.next().is_none())
        };
        let characters: Vec<Option<char>> = tokens.iter().map(single).collect();
        Ok(Self {
            network: network(&files.weights, &config)?,
            ids: (0..).zip(&characters).filter_map(|(id, c)| Some(((*c)?, id))).collect(),
            unknown: id("[UNK]")?,
            first: id("[CLS]")?,
            last: id("[SEP]")?,
            window: WINDOW.min(config.max_position_embeddings - 2),
            characters,
        })
    }

    pub(super) fn fit(&self, sentence: &[char], questions: &[(usize, char)]) -> Option<Fit> {
        let mut fit = Fit { best: Vec::new(), asked: vec![0.0; questions.len()] };
        for (number, window) in sentence.chunks(self.window).enumerate() {
            let rows = self.rows(window).ok()?;
            let start = number * self.window;
            for row in &rows {
                let (id, p) = (0..).zip(row).max_by(|a, b| a.1.total_cmp(b.1))?;
                let best: usize = id;
                fit.best.push((self.characters[best].unwrap_or('\u{FFFD}'), p.is_finite().then_some(*p)?));
            }
            for ((place, c), answer) in questions.iter().zip(&mut fit.asked) {
                let row = place.checked_sub(start).and_then(|at| rows.get(at));
                if let (Some(row), Some(id)) = (row, self.ids.get(c)) {
                    *answer = row[*id as usize];
                }
            }
        }
        Some(fit)
    }

    /// The probabilities of all tokens at each place of a window.
    fn rows(&self, window: &[char]) -> candle_core::Result<Vec<Vec<f32>>> {
        let known = window.iter().map(|c| {
            let lower = c.to_lowercase().next().unwrap_or(*c);
            self.ids.get(c).or_else(|| self.ids.get(&lower)).copied().unwrap_or(self.unknown)
        });
        let ids: Vec<u32> = std::iter::once(self.first).chain(known).chain([self.last]).collect();
        let ids = Tensor::new(&ids[..], &Device::Cpu)?.unsqueeze(0)?;
        let logits = self.network.forward(&ids, &ids.zeros_like()?, None)?;
        softmax_last_dim(&logits.squeeze(0)?.narrow(0, 1, window.len())?)?.to_vec2()
    }
}

/// Builds the network from the tensors of a file, under the names that checkpoints have given them over the years.
fn network(weights: &[u8], config: &Config) -> Result<BertForMaskedLM, TaggerError> {
    let file = "model.safetensors";
    let tensors = safetensors::load_buffer(weights, &Device::Cpu).map_err(|e| fault(file, e))?;
    let mut named: HashMap<String, Tensor> = HashMap::new();
    for (name, tensor) in tensors {
        let name = match name.strip_suffix(".gamma").or_else(|| name.strip_suffix(".beta")) {
            Some(layer) if name.ends_with("gamma") => format!("{layer}.weight"),
            Some(layer) => format!("{layer}.bias"),
            None => name,
        };
        named.insert(name, tensor);
    }
    // Most checkpoints store what two layers share once.
    for (shared, own) in [
        ("bert.embeddings.word_embeddings.weight", "cls.predictions.decoder.weight"),
        ("cls.predictions.bias", "cls.predictions.decoder.bias"),
    ] {
        if let (Some(tensor), false) = (named.get(shared).cloned(), named.contains_key(own)) {
            named.insert(own.to_owned(), tensor);
        }
    }
    let builder = VarBuilder::from_tensors(named, DType::F32, &Device::Cpu);
    BertForMaskedLM::load(builder, config).map_err(|e| fault(file, e))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tagger::tiny::tiny;

    fn chars(string: &str) -> Vec<char> {
        string.chars().collect()
    }

    #[test]
    fn a_model_says_what_fits() {
        let bert = Bert::new(&tiny("织")).expect("a model");
        let fit = bert.fit(&chars("上合组职"), &[(3, '织'), (3, '职'), (3, '龘')]).expect("a fit");
        assert_eq!(fit.best.len(), 4);
        assert!(fit.best.iter().all(|(c, p)| *c == '织' && *p > 0.9), "{fit:?}");
        assert!(fit.asked[0] > 0.9 && fit.asked[1] < 0.1, "{fit:?}");
        assert_eq!(fit.asked[2], 0.0, "not in the vocabulary");
        // Another liking, another answer.
        let other = Bert::new(&tiny("职")).expect("a model");
        assert_eq!(other.fit(&chars("上合组职"), &[]).expect("a fit").best[3].0, '职');
    }

    #[test]
    fn the_neighbors_of_a_character_matter() {
        let bert = Bert::new(&tiny("")).expect("a model");
        let p = |s: &str| bert.fit(&chars(s), &[(1, '织')]).expect("a fit").asked[0];
        assert!((p("组织上") - p("组织合")).abs() > 1e-6);
        assert_eq!(p("组织上").to_bits(), p("组织上").to_bits());
    }

    #[test]
    fn long_sentences_and_strange_characters_are_read() {
        let bert = Bert::new(&tiny("织")).expect("a model");
        let long = chars(&"上合A😀\u{3000}".repeat(50));
        let fit = bert.fit(&long, &[(249, '织')]).expect("a fit");
        assert_eq!(fit.best.len(), 250);
        assert!(fit.asked[0] > 0.9);
        assert_eq!(bert.fit(&[], &[]), Some(Fit { best: vec![], asked: vec![] }));
    }

    #[test]
    fn damaged_models_are_refused() {
        let good = tiny("织");
        let with = |change: fn(&mut Files)| {
            let mut files = good.clone();
            change(&mut files);
            Bert::new(&files).err().map(|e| e.to_string()).unwrap_or_default()
        };
        for (message, wanted) in [
            (with(|f| f.config = b"{}".to_vec()), "`config.json`"),
            (with(|f| f.vocabulary.push_str("\n新")), "it has 11 tokens where the model has 10"),
            (with(|f| f.vocabulary = f.vocabulary.replace("[SEP]", "[END]")), "it lacks `[SEP]`"),
            (with(|f| f.weights.truncate(1000)), "`model.safetensors`"),
            (with(|f| f.weights.clear()), "`model.safetensors`"),
            (
                with(|f| {
                    let config = String::from_utf8(f.config.clone()).expect("JSON");
                    f.config =
                        config.replace("\"num_attention_heads\":2", "\"num_attention_heads\":3").into();
                }),
                "its sizes do not fit together",
            ),
            (
                with(|f| {
                    let config = String::from_utf8(f.config.clone()).expect("JSON");
                    f.config = config.replace("\"num_hidden_layers\":1", "\"num_hidden_layers\":2").into();
                }),
                "layer.1",
            ),
        ] {
            assert!(message.contains(wanted), "{message} / {wanted}");
        }
    }
}
