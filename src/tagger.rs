//! A character tagger of the user's: sentences in, how well each character fits its place out.
//!
//! The tagger is a BERT-class masked language model that was trained to mend spelling, in a folder with `config.json`,
//! `vocab.txt` and `model.safetensors`. It is run with the feature `neural`; without it there is no tagger at all.

#[cfg(feature = "neural")]
mod bert;
#[cfg(all(test, feature = "neural"))]
pub(crate) mod tiny;

use std::path::Path;

/// The files of a model, as they are found in its folder.
#[derive(Clone, Debug, Default)]
pub struct Files {
    /// `config.json`: sizes of the layers.
    pub config: Vec<u8>,
    /// `vocab.txt`: one token a line; the number of the line, from 0, is its id.
    pub vocabulary: String,
    /// `model.safetensors`: the weights, of any float type.
    pub weights: Vec<u8>,
}

/// Why a model cannot be used.
#[derive(Clone, Debug, thiserror::Error, PartialEq, Eq)]
pub enum TaggerError {
    /// A file is missing or cannot be read.
    #[error("cannot read `{file}` of the model: {reason}")]
    File {
        /// Its name in the folder.
        file: &'static str,
        /// What the system says.
        reason: String,
    },
    /// A file is damaged, or is not of the kind of model that is wanted.
    #[error("`{file}` is not of a character tagger: {reason}")]
    Model {
        /// Its name in the folder.
        file: &'static str,
        /// What is wrong.
        reason: String,
    },
    /// This program was built without the feature `neural`.
    #[error("this program was built without the feature `neural` and cannot run a model")]
    Unsupported,
}

impl Files {
    /// Reads the files of a folder.
    ///
    /// # Errors
    /// When one is not there or cannot be read.
    pub fn open(folder: &Path) -> Result<Self, TaggerError> {
        let read = |file: &'static str| {
            std::fs::read(folder.join(file)).map_err(|e| TaggerError::File { file, reason: e.to_string() })
        };
        let vocabulary = String::from_utf8(read("vocab.txt")?)
            .map_err(|e| TaggerError::File { file: "vocab.txt", reason: e.to_string() })?;
        Ok(Self { config: read("config.json")?, vocabulary, weights: read("model.safetensors")? })
    }
}

/// How well characters fit the places of a sentence.
#[derive(Clone, Debug, PartialEq)]
pub struct Fit {
    /// The character that fits best at each place, with its probability, 0 to 1.
    pub best: Vec<(char, f32)>,
    /// The probability of each character that was asked for, in the order of the questions.
    pub asked: Vec<f32>,
}

/// A model that is ready to be asked.
#[cfg(feature = "neural")]
pub struct Tagger(bert::Bert);

/// A model that is ready to be asked: without the feature `neural` there is none.
#[cfg(not(feature = "neural"))]
pub enum Tagger {}

impl std::fmt::Debug for Tagger {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Tagger")
    }
}

#[cfg(feature = "neural")]
impl Tagger {
    /// Builds the model.
    ///
    /// # Errors
    /// When a file is damaged, lacks something, or belongs to another kind of model.
    pub fn new(files: &Files) -> Result<Self, TaggerError> {
        bert::Bert::new(files).map(Self)
    }

    /// What the model thinks of a sentence in Simplified characters; `questions` are places (counted in characters)
    /// and characters. A sentence that the model cannot take, because a sum of it is no number, has no fit.
    pub fn fit(&self, sentence: &[char], questions: &[(usize, char)]) -> Option<Fit> {
        self.0.fit(sentence, questions)
    }
}

#[cfg(not(feature = "neural"))]
impl Tagger {
    /// Never builds one.
    ///
    /// # Errors
    /// Always [`TaggerError::Unsupported`].
    pub fn new(_: &Files) -> Result<Self, TaggerError> {
        Err(TaggerError::Unsupported)
    }

    /// There is nothing to ask.
    pub fn fit(&self, _: &[char], _: &[(usize, char)]) -> Option<Fit> {
        match *self {}
    }
}
