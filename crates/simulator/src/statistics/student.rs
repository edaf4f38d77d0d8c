//! Quantiles of the normal distribution and of Student's t.
//!
//! Both are found from the tail by bisection: plain rather than fast, since intervals are made rarely. The normal tail
//! is `libm::erfc`. The t tail is an incomplete beta function (DLMF 8.17, Abramowitz and Stegun 26.7.1). For many
//! degrees of freedom, where that would lose digits, the t quantile is expanded around the normal one (Abramowitz and
//! Stegun 26.7.5).

use crate::special::{beta, falls_to};

/// From here on the expansion is used. The first term it leaves out is then below 1e-9 of the quantile even for
/// p = 1 − 1e-15, and below 1e-11 for p = 1 − 1e-5; the incomplete beta function is good to about 1e-12.
const MANY: u64 = 1_000;

/// The number that a standard normal variable does not exceed with probability `p`; `None` unless 0 < `p` < 1.
///
/// The error is about 1e-15 of the quantile, away from p = ½.
pub fn normal_quantile(p: f64) -> Option<f64> {
    by_symmetry(p, |tail| falls_to(|z| 0.5 * libm::erfc(z / std::f64::consts::SQRT_2), tail))
}

/// The number that a t variable with `freedom` degrees of freedom does not exceed with probability `p`; `None` unless
/// 0 < `p` < 1 and there is at least one degree of freedom.
///
/// The error is below 1e-9 of the quantile for `p` between 1e-15 and 1 − 1e-15, away from p = ½.
pub fn student_quantile(p: f64, freedom: u64) -> Option<f64> {
    if freedom == 0 {
        return None;
    }
    if freedom >= MANY {
        return normal_quantile(p).map(|z| expanded(z, freedom as f64));
    }
    by_symmetry(p, |tail| falls_to(|t| student_tail(t, freedom as f64), tail))
}

/// Both distributions are symmetric about 0: solves in the upper half, given the mass of the upper tail.
fn by_symmetry(p: f64, upper: impl Fn(f64) -> f64) -> Option<f64> {
    if p > 0.0 && p < 0.5 {
        Some(-upper(p))
    } else if (0.5..1.0).contains(&p) {
        Some(upper(1.0 - p))
    } else {
        None
    }
}

/// P(T > t) for t ≥ 0: half of I_x(ν/2, 1/2) at x = ν / (ν + t²).
fn student_tail(t: f64, freedom: f64) -> f64 {
    let square = t * t;
    if square == f64::INFINITY {
        return 0.0;
    }
    let sum = freedom + square;
    0.5 * beta(0.5 * freedom, 0.5, freedom / sum, square / sum)
}

/// z + g₁(z)/ν + g₂(z)/ν² + g₃(z)/ν³ + g₄(z)/ν⁴.
fn expanded(z: f64, freedom: f64) -> f64 {
    let s = z * z;
    let g1 = (s + 1.0) / 4.0;
    let g2 = ((5.0 * s + 16.0) * s + 3.0) / 96.0;
    let g3 = (((3.0 * s + 19.0) * s + 17.0) * s - 15.0) / 384.0;
    let g4 = ((((79.0 * s + 776.0) * s + 1_482.0) * s - 1_920.0) * s - 945.0) / 92_160.0;
    z * (1.0 + (g1 + (g2 + (g3 + g4 / freedom) / freedom) / freedom) / freedom)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near(found: Option<f64>, expected: f64, relative: f64) {
        let found = found.unwrap();
        assert!((found - expected).abs() <= relative * expected.abs(), "{found} for {expected}");
    }

    /// Computed with 40 digits by integrating the density; they begin with the digits of the usual printed tables.
    #[rustfmt::skip]
    const TABLE: &[(u64, [f64; 5])] = &[
        (1, [0.324_919_696_232_91, 12.706_204_736_175, 63.656_741_162_872, 636.619_248_768_79, 63_661.977_231_105]),
        (2, [0.288_675_134_594_81, 4.302_652_729_749_5, 9.924_843_200_918_3, 31.599_054_576_445, 316.225_394_302_62]),
        (3, [0.276_670_662_332_69, 3.182_446_305_283_7, 5.840_909_309_733_4, 12.923_978_636_688, 60.396_824_041_455]),
        (4, [0.270_722_294_707_6, 2.776_445_105_197_8, 4.604_094_871_35, 8.610_301_581_379_5, 27.771_647_659_321]),
        (5, [0.267_180_865_704_15, 2.570_581_835_636_3, 4.032_142_983_555_2, 6.868_826_625_881_3, 17.896_866_143_386]),
        (9, [0.260_955_336_473_91, 2.262_157_162_798_2, 3.249_835_541_592_1, 4.780_912_585_931_2, 8.827_483_616_816]),
        (10, [0.260_184_829_492_08, 2.228_138_851_986_3, 3.169_272_672_617, 4.586_893_858_702_7, 8.150_286_558_889_7]),
        (19, [0.256_922_819_796_15, 2.093_024_054_408_3, 2.860_934_606_465, 3.883_405_852_592_1, 5.949_353_352_849_5]),
        (29, [0.255_683_634_571_26, 2.045_229_642_132_7, 2.756_385_903_670_6, 3.659_405_019_466_4, 5.334_970_094_942_9]),
        (30, [0.255_605_364_951_91, 2.042_272_456_301_2, 2.749_995_653_567_2, 3.645_958_635_042_1, 5.299_451_342_151_5]),
        (99, [0.254_029_012_151_81, 1.984_216_951_586_4, 2.626_405_457_280_8, 3.391_528_833_363_7, 4.656_746_141_496_3]),
        (100, [0.254_022_182_458_23, 1.983_971_518_523_6, 2.625_890_521_438, 3.390_491_311_164_3, 4.654_240_062_775_7]),
        (120, [0.253_909_523_214_93, 1.979_930_405_082_4, 2.617_421_145_106_9, 3.373_453_768_562_5, 4.613_220_662_667_3]),
        (500, [0.253_481_949_851_67, 1.964_719_837_467_4, 2.585_697_835_141_9, 3.310_091_151_522_7, 4.462_885_766_228]),
        (999, [0.253_414_583_330_37, 1.962_341_461_133_4, 2.580_759_637_267_6, 3.300_292_440_398_8, 4.439_949_347_649_4]),
        (1_000, [0.253_414_515_839_5, 1.962_339_080_826_4, 2.580_754_698_066, 3.300_282_648_423_9, 4.439_926_468_837_5]),
        (10_000, [0.253_353_843_445_73, 1.960_201_239_890_6, 2.576_321_046_668_5, 3.291_499_965_941_6, 4.419_439_497_249_8]),
        (1_000_000, [0.253_347_170_537_84, 1.959_966_356_814_1, 2.575_834_220_105_3, 3.290_536_461_248_7, 4.417_196_064_195_5]),
        (1_000_000_000, [0.253_347_103_203_2, 1.959_963_986_912_3, 2.575_829_308_465_4, 3.290_526_741_221_7, 4.417_173_436_118_2]),
    ];

    const SHARES: [f64; 5] = [0.6, 0.975, 0.995, 0.9995, 0.999_995];

    #[test]
    fn quantiles_meet_the_tables() {
        let normal =
            [0.253_347_103_135_8, 1.959_963_984_540_1, 2.575_829_303_548_9, 3.290_526_731_491_9, 4.417_173_413_467_6];
        SHARES.iter().zip(normal).for_each(|(&p, expected)| near(normal_quantile(p), expected, 1e-12));
        for (freedom, row) in TABLE {
            SHARES.iter().zip(row).for_each(|(&p, &expected)| near(student_quantile(p, *freedom), expected, 2e-11));
        }
    }

    #[test]
    fn quantiles_bear_far_tails() {
        near(normal_quantile(1e-100), -21.273_453_560_965, 1e-12);
        near(student_quantile(1e-10, 4), -416.175_140_329_6, 1e-11);
        near(student_quantile(1.0 - 1e-15, 1_000), 8.070_385_815_901_5, 1e-9);
    }

    #[test]
    fn one_and_two_degrees_of_freedom_have_closed_forms() {
        for p in [0.51, 0.6, 0.75, 0.9, 0.975, 0.995, 0.9995, 0.999_995, 1.0 - 1e-12] {
            near(student_quantile(p, 1), 1.0 / libm::tan(std::f64::consts::PI * (1.0 - p)), 1e-11);
            near(student_quantile(p, 2), (2.0 * p - 1.0) / (2.0 * p * (1.0 - p)).sqrt(), 1e-11);
        }
    }

    #[test]
    fn the_two_methods_meet_where_one_takes_over() {
        for p in [0.6, 0.9, 0.975, 0.995, 0.9995, 0.999_995, 1.0 - 1e-10] {
            let beta = by_symmetry(p, |tail| falls_to(|t| student_tail(t, MANY as f64), tail));
            near(student_quantile(p, MANY), beta.unwrap(), 1e-10);
        }
    }

    #[test]
    fn every_term_of_the_expansion_counts() {
        // Far fewer degrees of freedom than it is used for, so that its last term stands out.
        near(normal_quantile(0.6).map(|z| expanded(z, 30.0)), TABLE[9].1[0], 5e-9);
        near(normal_quantile(0.995).map(|z| expanded(z, 100.0)), TABLE[11].1[2], 5e-9);
    }

    #[test]
    fn quantiles_are_symmetric() {
        for p in [0.001, 0.1, 0.25] {
            near(normal_quantile(p), -normal_quantile(1.0 - p).unwrap(), 1e-13);
            near(student_quantile(p, 7), -student_quantile(1.0 - p, 7).unwrap(), 1e-12);
        }
        assert_eq!(normal_quantile(0.5), Some(0.0));
        assert!(student_quantile(0.5, 3).unwrap().abs() < 1e-15);
    }

    #[test]
    fn what_has_no_quantile_gives_none() {
        for p in [0.0, 1.0, -0.1, 1.1, f64::NAN] {
            assert_eq!((normal_quantile(p), student_quantile(p, 5)), (None, None));
        }
        assert_eq!(student_quantile(0.9, 0), None);
        assert!(student_quantile(f64::MIN_POSITIVE, 1).unwrap().is_finite());
        assert!(student_quantile(0.999, u64::MAX).unwrap().is_finite());
    }
}
