//! The hash of numbers in the maps of the proofreader: its keys are characters and no secret, and a hash that withstands
//! attacks would cost more than the rules themselves.

use std::{
    collections::HashMap,
    hash::{BuildHasherDefault, Hasher},
};

/// A map with numbers for keys.
pub(in crate::fix) type Map<K, V> = HashMap<K, V, BuildHasherDefault<Mixing>>;

/// Mixes what it is given into one number.
#[derive(Default)]
pub(in crate::fix) struct Mixing(u64);

impl Hasher for Mixing {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        bytes.iter().for_each(|b| self.0 = scatter(self.0 ^ u64::from(*b)));
    }

    fn write_u64(&mut self, key: u64) {
        self.0 = scatter(self.0 ^ key);
    }

    fn write_u128(&mut self, key: u128) {
        self.0 = fold(key);
    }
}

/// Spreads a wide number over all bits of a narrow one.
#[inline]
pub(in crate::fix) fn fold(key: u128) -> u64 {
    scatter(key as u64 ^ scatter((key >> 64) as u64 + 1))
}

/// Spreads a number over all bits.
#[inline]
pub(in crate::fix) fn scatter(n: u64) -> u64 {
    let wide = u128::from(n ^ 0x2545_F491_4F6C_DD1D) * 0x9E37_79B9_7F4A_7C15;
    (wide >> 64) as u64 ^ wide as u64
}
