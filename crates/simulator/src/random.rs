//! Random numbers as a function of what they are for, so that two variants of a process meet the same customers.
//!
//! There is no generator that is drawn from in turn. Every draw has a key, made of the seed, the replication, the
//! ordinal of the case, the name of the step, the purpose, the visit and the attempt; the key is hashed, and the
//! hash is the first random number of a short [`Stream`]. A step added to the to-be variant, another order of
//! events or another number of threads therefore changes no other draw (common random numbers; Law, *Simulation
//! Modeling and Analysis*, 5th ed., §11.2).
//!
//! The hash is the output function of SplitMix64 (Steele, Lea, Flood, "Fast splittable pseudorandom number
//! generators", OOPSLA 2014, with the constants of Stafford's "Mix13"). Integers only: the same bits on every machine.
//!
//! ```
//! use grieta_simulator::random::{Purpose, Stream, case_key, draw_key, name_key, salt};
//!
//! let work = salt(name_key("contact-attempt"), Purpose::Duration); // once per step
//! let case = case_key(42, 0, 7); // once per case
//! let mut stream = Stream::new(draw_key(case, work, 1, 0)); // once per draw
//! assert_eq!(stream.unit_f64(), Stream::new(draw_key(case, work, 1, 0)).unit_f64());
//! ```

/// 2^64 divided by the golden ratio, made odd: the increment of SplitMix64.
const PHI: u64 = 0x9E37_79B9_7F4A_7C15;

/// A bijection of 64 bits in which every input bit changes every output bit with a chance near one half.
#[inline]
pub const fn mix(value: u64) -> u64 {
    let value = (value ^ (value >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let value = (value ^ (value >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    value ^ (value >> 31)
}

/// The key of a name: FNV-1a over its UTF-8 bytes (draft-eastlake-fnv), then [`mix`]. It never changes between releases.
pub const fn name_key(name: &str) -> u64 {
    let bytes = name.as_bytes();
    let mut hash: u64 = 0xCBF2_9CE4_8422_2325;
    let mut at = 0;
    while at < bytes.len() {
        hash = (hash ^ bytes[at] as u64).wrapping_mul(0x0000_0100_0000_01B3);
        at += 1;
    }
    mix(hash)
}

/// The key of the case that arrives as the `ordinal`-th of a replication. Within one replication no two cases share a key.
#[inline]
pub const fn case_key(seed: u64, replication: u64, ordinal: u64) -> u64 {
    CaseKeys::new(seed, replication).of(ordinal)
}

/// The keys of the cases of one replication.
#[derive(Debug, Clone, Copy)]
pub struct CaseKeys {
    root: u64,
}

impl CaseKeys {
    /// Those of that replication.
    #[inline]
    pub const fn new(seed: u64, replication: u64) -> CaseKeys {
        CaseKeys { root: mix(mix(seed).wrapping_add(PHI.wrapping_mul(replication.wrapping_add(1)))) }
    }

    /// The [`case_key`] of the `ordinal`-th case.
    #[inline]
    pub const fn of(self, ordinal: u64) -> u64 {
        mix(self.root.wrapping_add(PHI.wrapping_mul(ordinal.wrapping_add(1))))
    }
}

/// The key that stands for the case inside the `index`-th element of a for-each. Nested elements: apply it again.
#[inline]
pub const fn element_key(case_key: u64, index: u32) -> u64 {
    const ELEMENT: u64 = name_key("element");
    mix(case_key ^ mix(ELEMENT.wrapping_add(PHI.wrapping_mul(index as u64))))
}

/// What a draw decides. Draws for different purposes are independent even for the same step, visit and attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Purpose {
    /// How long the work takes.
    Duration,
    /// Which outcome the step has.
    Outcome,
    /// Whether, and when, the crack with this [`name_key`] opens.
    Crack(u64),
    /// The value of the field with this [`name_key`].
    Sample(u64),
    /// When the next case comes.
    Arrival,
    /// When a person is away, and how long.
    Absence,
    /// What a case is like that another one starts.
    Start,
    /// How long it takes to set up for the work.
    SetUp,
    /// How long it takes to take the case over.
    TakeOver,
}

impl Purpose {
    /// A number for the kind of purpose, and the key of the name it carries. Append only: results depend on it.
    const fn parts(self) -> (u64, u64) {
        match self {
            Purpose::Duration => (1, 0),
            Purpose::Outcome => (2, 0),
            Purpose::Crack(name) => (3, name),
            Purpose::Sample(field) => (4, field),
            Purpose::Arrival => (5, 0),
            Purpose::Absence => (6, 0),
            Purpose::Start => (7, 0),
            Purpose::SetUp => (8, 0),
            Purpose::TakeOver => (9, 0),
        }
    }
}

/// The part of a draw's key that is the same for all cases: computed once from the step's [`name_key`] and the purpose.
pub const fn salt(step: u64, purpose: Purpose) -> u64 {
    let (kind, name) = purpose.parts();
    mix(mix(step.wrapping_add(PHI.wrapping_mul(kind))).wrapping_add(name))
}

/// The key of one draw, and its first random number: a single [`mix`].
///
/// `visit` and `attempt` fill the two halves of one word, which is multiplied by an odd number; so for a given case
/// and salt no two pairs of visit and attempt share a key. Keys of different cases and salts coincide as seldom as
/// 64 random bits do.
#[inline]
pub const fn draw_key(case_key: u64, salt: u64, visit: u32, attempt: u32) -> u64 {
    let turn = visit as u64 | (attempt as u64) << 32;
    mix(case_key.wrapping_add(salt).wrapping_add(PHI.wrapping_mul(turn)))
}

/// The random numbers of one draw: the key itself, then each number hashed from the one before, `x ← mix(x + φ)`.
///
/// Most draws need one number, which has then cost nothing beyond the key. The map is a bijection, so numbers repeat
/// only when its cycle closes. In a random bijection one key in 2^24 lies on a cycle shorter than 2^40; a draw uses
/// a handful of numbers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stream(u64);

impl Stream {
    /// The numbers that belong to a key from [`draw_key`].
    #[inline]
    pub const fn new(draw_key: u64) -> Stream {
        Stream(draw_key)
    }

    /// The next 64 random bits.
    #[inline]
    pub const fn next_u64(&mut self) -> u64 {
        let bits = self.0;
        self.0 = mix(bits.wrapping_add(PHI));
        bits
    }

    /// A number strictly between 0 and 1: the midpoint of one of 2^52 equal parts, so its logarithm is finite.
    ///
    /// 53 bits would not do: the last midpoint, 1 − 2^−54, is no `f64` and rounds to 1.
    #[inline]
    pub const fn unit_f64(&mut self) -> f64 {
        // 1 + k/2^52 less the number next below 1, exactly. Not `k as f64`: on x86-64 that conversion waits for
        // whatever was last in its target register, which chains one draw to the last and tripled the time.
        one_to_two(self.next_u64()) - (1.0 - f64::EPSILON / 2.0)
    }

    /// A whole number below `n`, all exactly alike; 0 when `n` is 0.
    ///
    /// Multiplication with rejection of the few products that would make some results likelier (Lemire, "Fast random
    /// integer generation in an interval", ACM TOMACS 29, 2019).
    #[inline]
    pub const fn below(&mut self, n: u64) -> u64 {
        let mut product = self.next_u64() as u128 * n as u128;
        if (product as u64) < n {
            let surplus = n.wrapping_neg() % n;
            while (product as u64) < surplus {
                product = self.next_u64() as u128 * n as u128;
            }
        }
        (product >> 64) as u64
    }
}

/// 1 + k/2^52, where k are the upper 52 bits.
#[inline]
pub(crate) const fn one_to_two(bits: u64) -> f64 {
    f64::from_bits(1.0f64.to_bits() | bits >> 12)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn keys_never_change() {
        // The first is the published first output of SplitMix64 seeded with 0; the others are ours.
        assert_eq!(mix(PHI), 0xE220_A839_7B1D_CDAF);
        assert_eq!(name_key(""), 0xF52A_15E9_A9B5_E89B);
        assert_eq!(name_key("contact-attempt"), 0x1F96_5EBD_3FEF_C888);
        assert_eq!(name_key("künde"), 0xFD93_A01D_239D_86D6);
        assert_eq!(case_key(42, 0, 0), 0x5599_B3E0_6D07_3327);
        assert_eq!(case_key(42, 3, 1_000_000), 0x041D_101E_E5CA_975E);
        assert_eq!(element_key(case_key(42, 0, 0), 2), 0x7FE1_EA7F_02AD_2BFA);
        let step = name_key("contact-attempt");
        let salts = [
            Purpose::Duration,
            Purpose::Outcome,
            Purpose::Crack(name_key("voicemail-full")),
            Purpose::Sample(name_key("grade")),
            Purpose::Arrival,
            Purpose::Absence,
        ]
        .map(|purpose| salt(step, purpose));
        assert_eq!(
            salts,
            [
                0xF6C6_E07B_4EAC_44A7,
                0x8392_7111_2346_31A2,
                0x29F3_7159_A30B_20DB,
                0xCBF8_D7CF_416F_C975,
                0x0604_F0E4_91B4_6066,
                0x2E84_805A_1103_4375
            ]
        );
        assert_eq!(draw_key(case_key(42, 0, 7), salts[0], 1, 0), 0xE1A9_F192_A101_014C);
        assert_eq!(draw_key(case_key(42, 0, 7), salts[0], u32::MAX, 3), 0x0199_E524_C382_0004);
    }

    #[test]
    fn streams_never_change() {
        let mut stream = Stream::new(draw_key(case_key(42, 0, 7), salt(name_key("call"), Purpose::Outcome), 1, 0));
        let words = [0xE248_14BE_ED6F_EDEE, 0x1F57_0134_AD53_A9FF, 0xF912_4615_993F_24AD];
        assert_eq!([(); 3].map(|()| stream.next_u64()), words);
        let units = [0x3FDD_6407_7CD2_8C4E, 0x3FEA_7B9D_5D66_D335];
        assert_eq!([(); 2].map(|()| stream.unit_f64().to_bits()), units);
        assert_eq!([(); 4].map(|()| stream.below(10)), [8, 2, 5, 9]);
    }

    #[test]
    fn unit_numbers_stay_strictly_inside() {
        assert_eq!(Stream(0).unit_f64(), 1.0 / (1u64 << 53) as f64);
        assert!(Stream(u64::MAX).unit_f64() < 1.0);
        assert_eq!(Stream(u64::MAX).unit_f64(), 1.0 - 1.0 / (1u64 << 53) as f64);
    }

    #[test]
    fn below_is_even_and_total() {
        assert_eq!(Stream::new(1).below(0), 0);
        assert_eq!(Stream::new(1).below(1), 0);
        // ¾ of 2^64: each fourth word must be refused, or every third result would come twice as often as the others.
        let mut thirds = [0u64; 3];
        (0..60_000).for_each(|key| thirds[(Stream::new(mix(key)).below(3 << 62) % 3) as usize] += 1);
        assert!(chi_square(&thirds) < 18.421, "{thirds:?}"); // 2 degrees of freedom, p = 1e-4
        let mut counts = [0u64; 6];
        (0..60_000).for_each(|key| counts[Stream::new(mix(key)).below(6) as usize] += 1);
        assert!(chi_square(&counts) < 25.745, "{counts:?}"); // 5 degrees of freedom, p = 1e-4
    }

    /// Σ (found − expected)² / expected for cells that should all be alike.
    fn chi_square(counts: &[u64]) -> f64 {
        let expected = counts.iter().sum::<u64>() as f64 / counts.len() as f64;
        counts.iter().map(|&found| (found as f64 - expected).powi(2) / expected).sum()
    }

    /// Fails unless the leading and the trailing four bits of neighbouring draws fill 16 × 16 cells evenly.
    ///
    /// With 255 degrees of freedom χ² exceeds 346 with p = 1e-4 (Wilson and Hilferty); 2^16 pairs, 256 a cell.
    fn independent(what: &str, draw: impl Fn(u32) -> (u64, u64)) {
        for bits in [60, 0] {
            let mut cells = [0u64; 256];
            for index in 0..1 << 16 {
                let (one, other) = draw(index);
                cells[((one >> bits & 15) << 4 | (other >> bits & 15)) as usize] += 1;
            }
            let found = chi_square(&cells);
            assert!(found < 346.0, "{what}, bit {bits}: χ² = {found}");
        }
    }

    #[test]
    fn neighbours_are_independent() {
        let case = |index: u32| case_key(42, 0, u64::from(index));
        let work = salt(name_key("call"), Purpose::Duration);
        let outcome = salt(name_key("call"), Purpose::Outcome);
        let next = salt(name_key("cale"), Purpose::Duration);
        independent("cases", |i| (draw_key(case(i), work, 1, 0), draw_key(case(i + 1), work, 1, 0)));
        independent("purposes", |i| (draw_key(case(i), work, 1, 0), draw_key(case(i), outcome, 1, 0)));
        independent("steps", |i| (draw_key(case(i), work, 1, 0), draw_key(case(i), next, 1, 0)));
        independent("visits", |i| (draw_key(case(i), work, 1, 0), draw_key(case(i), work, 2, 0)));
        independent("visits of one case", |i| (draw_key(case(0), work, i, 0), draw_key(case(0), work, i + 1, 0)));
        independent("attempts", |i| (draw_key(case(i), work, 1, 0), draw_key(case(i), work, 1, 1)));
        independent("attempts of one case", |i| (draw_key(case(0), work, 1, i), draw_key(case(0), work, 1, i + 1)));
        independent("visit or attempt", |i| (draw_key(case(i), work, 2, 1), draw_key(case(i), work, 1, 2)));
        independent("replications", |i| (case(i), case_key(42, 1, u64::from(i))));
        independent("seeds", |i| (case(i), case_key(43, 0, u64::from(i))));
        independent("elements", |i| (element_key(case(i), 0), element_key(case(i), 1)));
        independent("within a stream", |i| {
            let mut stream = Stream::new(draw_key(case(i), work, 1, 0));
            (stream.next_u64(), stream.next_u64())
        });
    }

    #[test]
    fn each_bit_of_the_inputs_changes_half_of_the_output() {
        // Over 4,096 cases the mean of 64 · 4,096 coin tosses has a standard error of 0.0625 bits; 5 of them are 0.32.
        let work = salt(name_key("call"), Purpose::Duration);
        let check = |what: &str, flipped: &dyn Fn(u64) -> (u64, u64)| {
            let bits: u32 = (0..4096).map(flipped).map(|(a, b)| (a ^ b).count_ones()).sum();
            let mean = f64::from(bits) / 4096.0;
            assert!((mean - 32.0).abs() < 0.32, "{what}: {mean}");
        };
        for bit in 0..32 {
            let key = |case| case_key(7, 0, case);
            let base = |case| draw_key(key(case), work, 1, 0);
            check("visit", &|case| (base(case), draw_key(key(case), work, 1 ^ 1 << bit, 0)));
            check("attempt", &|case| (base(case), draw_key(key(case), work, 1, 1 << bit)));
            check("seed", &|case| (key(case), case_key(7 ^ 1 << bit, 0, case)));
            check("replication", &|case| (key(case), case_key(7, 1 << bit, case)));
            check("ordinal", &|case| (key(case), case_key(7, 0, case ^ 1 << bit)));
        }
    }

    proptest! {
        #[test]
        fn visits_and_attempts_never_collide(
            case: u64, salt: u64, visit: (u32, u32), attempt: (u32, u32),
        ) {
            let same = (visit.0, attempt.0) == (visit.1, attempt.1);
            prop_assert_eq!(draw_key(case, salt, visit.0, attempt.0) == draw_key(case, salt, visit.1, attempt.1), same);
        }
    }
}
