//! What a definition or a file says, as a short number: SHA-256 (FIPS 180-4).

use std::fmt;

use crate::definition::Definition;

/// The SHA-256 of some bytes; shown as 64 hexadecimal digits.
///
/// ```
/// use grieta_core::ContentHash;
///
/// let hash = ContentHash::of(b"abc");
/// assert!(hash.to_string().starts_with("ba7816bf8f01cfea"));
/// assert_eq!(hash.short(), "ba7816bf8f01");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ContentHash([u8; 32]);

impl ContentHash {
    /// The hash of these bytes.
    pub fn of(bytes: &[u8]) -> ContentHash {
        let mut state = START;
        let mut blocks = bytes.chunks_exact(64);
        blocks.by_ref().for_each(|block| compress(&mut state, block));
        // The rest, a single bit, zeros, and the length in bits: one block or two.
        let rest = blocks.remainder();
        let mut last = [0; 128];
        last[..rest.len()].copy_from_slice(rest);
        last[rest.len()] = 0x80;
        let end = if rest.len() < 56 { 64 } else { 128 };
        last[end - 8..end].copy_from_slice(&(bytes.len() as u64).wrapping_mul(8).to_be_bytes());
        last[..end].chunks_exact(64).for_each(|block| compress(&mut state, block));
        let mut hash = [0; 32];
        hash.chunks_exact_mut(4).zip(state).for_each(|(out, word)| out.copy_from_slice(&word.to_be_bytes()));
        ContentHash(hash)
    }

    /// The first twelve digits, for people.
    pub fn short(&self) -> String {
        self.to_string().chars().take(12).collect()
    }
}

impl fmt::Display for ContentHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl Definition {
    /// The hash of what it says, whatever its file looks like: of the text that [`Definition::to_yaml`] writes. Comments and
    /// layout do not count, nor what people say of the definition (`sign-off`, `notes`): who signs changes no meaning. Names,
    /// order and every other value do.
    pub fn content_hash(&self) -> ContentHash {
        if self.sign_off.is_none() && self.notes.is_empty() {
            return ContentHash::of(self.to_yaml().as_bytes());
        }
        let unsigned = Definition { sign_off: None, notes: Vec::new(), ..self.clone() };
        ContentHash::of(unsigned.to_yaml().as_bytes())
    }
}

/// The first 32 bits of the fractional parts of the square roots of the first eight primes.
const START: [u32; 8] =
    [0x6a09_e667, 0xbb67_ae85, 0x3c6e_f372, 0xa54f_f53a, 0x510e_527f, 0x9b05_688c, 0x1f83_d9ab, 0x5be0_cd19];

/// The same of the cube roots of the first 64 primes.
#[rustfmt::skip]
const ROUNDS: [u32; 64] = [
    0x428a_2f98, 0x7137_4491, 0xb5c0_fbcf, 0xe9b5_dba5, 0x3956_c25b, 0x59f1_11f1, 0x923f_82a4, 0xab1c_5ed5,
    0xd807_aa98, 0x1283_5b01, 0x2431_85be, 0x550c_7dc3, 0x72be_5d74, 0x80de_b1fe, 0x9bdc_06a7, 0xc19b_f174,
    0xe49b_69c1, 0xefbe_4786, 0x0fc1_9dc6, 0x240c_a1cc, 0x2de9_2c6f, 0x4a74_84aa, 0x5cb0_a9dc, 0x76f9_88da,
    0x983e_5152, 0xa831_c66d, 0xb003_27c8, 0xbf59_7fc7, 0xc6e0_0bf3, 0xd5a7_9147, 0x06ca_6351, 0x1429_2967,
    0x27b7_0a85, 0x2e1b_2138, 0x4d2c_6dfc, 0x5338_0d13, 0x650a_7354, 0x766a_0abb, 0x81c2_c92e, 0x9272_2c85,
    0xa2bf_e8a1, 0xa81a_664b, 0xc24b_8b70, 0xc76c_51a3, 0xd192_e819, 0xd699_0624, 0xf40e_3585, 0x106a_a070,
    0x19a4_c116, 0x1e37_6c08, 0x2748_774c, 0x34b0_bcb5, 0x391c_0cb3, 0x4ed8_aa4a, 0x5b9c_ca4f, 0x682e_6ff3,
    0x748f_82ee, 0x78a5_636f, 0x84c8_7814, 0x8cc7_0208, 0x90be_fffa, 0xa450_6ceb, 0xbef9_a3f7, 0xc671_78f2,
];

/// Takes in one block of 64 bytes (FIPS 180-4, §6.2.2).
fn compress(state: &mut [u32; 8], block: &[u8]) {
    let mut words = [0u32; 64];
    for (word, bytes) in words.iter_mut().zip(block.chunks_exact(4)) {
        *word = bytes.iter().fold(0, |word, byte| word << 8 | u32::from(*byte));
    }
    for at in 16..64 {
        let (early, late) = (words[at - 15], words[at - 2]);
        let early = early.rotate_right(7) ^ early.rotate_right(18) ^ early >> 3;
        let late = late.rotate_right(17) ^ late.rotate_right(19) ^ late >> 10;
        words[at] = words[at - 16].wrapping_add(early).wrapping_add(words[at - 7]).wrapping_add(late);
    }
    let [mut a, mut b, mut c, mut d, mut e, mut f, mut g, mut h] = *state;
    for (word, constant) in words.iter().zip(ROUNDS) {
        let sum = e.rotate_right(6) ^ e.rotate_right(11) ^ e.rotate_right(25);
        let chosen = e & f ^ !e & g;
        let first = h.wrapping_add(sum).wrapping_add(chosen).wrapping_add(constant).wrapping_add(*word);
        let sum = a.rotate_right(2) ^ a.rotate_right(13) ^ a.rotate_right(22);
        let second = sum.wrapping_add(a & b ^ a & c ^ b & c);
        (h, g, f, e) = (g, f, e, d.wrapping_add(first));
        (d, c, b, a) = (c, b, a, first.wrapping_add(second));
    }
    for (own, more) in state.iter_mut().zip([a, b, c, d, e, f, g, h]) {
        *own = own.wrapping_add(more);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Process;

    #[test]
    fn the_hash_is_that_of_the_standard() {
        // The examples of NIST, and the lengths at which the padding changes.
        let check = |bytes: &[u8], expected: &str| assert_eq!(ContentHash::of(bytes).to_string(), expected);
        check(b"", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
        check(b"abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
        let two_blocks = b"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq";
        check(two_blocks, "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
        check(&vec![b'a'; 1_000_000], "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
    }

    #[test]
    fn comments_and_layout_do_not_count_and_every_value_does() {
        let hash = |text: &str| Process::read("x.yaml", text.as_bytes()).unwrap().definition().content_hash();
        let plain = hash(
            "process: x\nversion: 1.0.0\nstart: rest\nsteps:\n  rest: { wait: 1 h, next: done }\n  done: { end: {} }\n",
        );
        let other = hash(
            "# why\nprocess: x\nversion: 1.0.0\nstart: rest\nsteps:\n  rest:\n    wait: 60 min # long\n    next: done\n  done: { end: {} }\n",
        );
        assert_eq!(plain, other);
        let later = hash(
            "process: x\nversion: 1.0.0\nstart: rest\nsteps:\n  rest: { wait: 2 h, next: done }\n  done: { end: {} }\n",
        );
        assert_ne!(plain, later);
    }

    #[test]
    fn what_people_say_of_a_definition_does_not_count() {
        let hash = |more: &str| {
            let text = "process: x\nversion: 1.0.0\nstart: ask\nroles: { desk: { people: 1 } }\nsteps:\n  ask: { human: desk, next: done }\n  done: { end: {} }\n";
            Process::read("x.yaml", format!("{text}{more}").as_bytes()).unwrap().definition().content_hash()
        };
        let plain = hash("");
        assert_eq!(plain, hash("sign-off: []\n"));
        assert_eq!(plain, hash("sign-off: [{ role: desk, person: ana, date: 2026-11-20, hash: 0123456789ab }]\n"));
        assert_eq!(plain, hash("notes: [{ step: ask, by: ana, date: 2026-11-20, says: never }]\n"));
        assert_ne!(plain, hash("owner: ana\n"));
    }
}
