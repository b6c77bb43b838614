//! Latencies of messages: distributions, drawn with integers alone.
//!
//! Exponential and Pareto draws need a logarithm; floating-point ones differ between targets, so
//! both are done here in 32.32 fixed point.

use super::{Ppm, Rng};
use crate::time::Span;
use serde::Serialize;
use std::fmt;
use std::sync::Arc;

/// The shortest latency: no message arrives at the moment of its sending.
const SHORTEST: Span = Span::from_us(1);
/// The longest latency: heavy tails are cut here.
const LONGEST: Span = Span::from_ms(3_600_000);

/// A distribution of latencies: a mixture of shapes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Latency(Arc<[Component]>);

/// One part of a mixture.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Component {
    /// Probability of this part.
    pub weight: Ppm,
    /// A fixed time added to every draw: the part of the latency that every message has.
    pub offset: Span,
    /// The distribution that is drawn when this part is chosen.
    pub shape: Shape,
}

impl Component {
    /// A part without an offset.
    #[must_use]
    pub const fn new(weight: Ppm, shape: Shape) -> Self {
        Self { weight, offset: Span::ZERO, shape }
    }

    fn draw(self, rng: &mut Rng) -> Span {
        self.offset + self.shape.draw(rng).min(LONGEST)
    }
}

/// The shape of one distribution.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Shape {
    /// Always the same.
    Constant(Span),
    /// Each microsecond of the range equally likely, both ends included.
    Uniform(Span, Span),
    /// Exponential with that mean.
    Exp(Span),
    /// Pareto with that scale (the least value) and shape (in millionths).
    Pareto(Span, u32),
}

impl Latency {
    /// A single shape.
    #[must_use]
    pub fn of(shape: Shape) -> Self {
        Self(Arc::new([Component::new(Ppm::ALWAYS, shape)]))
    }

    /// A mixture; None when it has no part or the weights do not sum to one.
    #[must_use]
    pub fn mixture(parts: &[Component]) -> Option<Self> {
        let total: u64 = parts.iter().map(|c| u64::from(c.weight.0)).sum();
        (total == u64::from(Ppm::ALWAYS.0)).then(|| Self(parts.into()))
    }

    /// The parts of the mixture, in the order written.
    #[must_use]
    pub fn parts(&self) -> &[Component] {
        &self.0
    }

    /// Draws one latency, at least a microsecond and at most an hour.
    pub fn draw(&self, rng: &mut Rng) -> Span {
        let part = if let [only] = &*self.0 { *only } else { self.pick(rng) };
        part.draw(rng).clamp(SHORTEST, LONGEST)
    }

    fn pick(&self, rng: &mut Rng) -> Component {
        let mut left = rng.below(Ppm::ALWAYS.0);
        for part in &*self.0 {
            if left < part.weight.0 {
                return *part;
            }
            left -= part.weight.0;
        }
        unreachable!("weights sum to one")
    }
}

impl Shape {
    fn draw(self, rng: &mut Rng) -> Span {
        match self {
            Self::Constant(span) => span,
            Self::Uniform(low, high) => Span::from_us(rng.between(low.as_us(), high.as_us())),
            Self::Exp(mean) => {
                // -ln u * mean, with ln u = log2 u * ln 2.
                let bits = negative_log2(rng);
                Span::from_us(fixed_mul(mean.as_us(), fixed_mul(bits, LN_2)))
            }
            Self::Pareto(least, alpha) => {
                // least * u^(-1/alpha) = least * 2^(-log2 u / alpha).
                let exponent =
                    u128::from(negative_log2(rng)) * 1_000_000 / u128::from(alpha.max(1));
                Span::from_us(fixed_mul(least.as_us(), exp2(exponent)))
            }
        }
    }
}

/// ln 2 in 32.32 fixed point.
const LN_2: u64 = 2_977_044_472;
const ONE: u64 = 1 << 32;

/// `a * b` where `b` is 32.32 fixed point, saturating.
fn fixed_mul(a: u64, b: u64) -> u64 {
    u64::try_from((u128::from(a) * u128::from(b)) >> 32).unwrap_or(u64::MAX)
}

/// `-log2 u` in 32.32 fixed point for a `u` drawn from (0, 1].
fn negative_log2(rng: &mut Rng) -> u64 {
    let u = u64::from(rng.bits()) + 1; // 1 ..= 2^32, over 2^32
    (32 << 32) - log2(u)
}

/// log2 of an integer in 32.32 fixed point, bit by bit: squaring doubles the logarithm.
fn log2(x: u64) -> u64 {
    debug_assert!(x > 0);
    let whole = 63 - u64::from(x.leading_zeros());
    let mut y = u128::from(x) << 62 >> whole; // 1.62 fixed point, in [1, 2)
    let mut result = whole << 32;
    for bit in (0..32).rev() {
        y = (y * y) >> 62;
        if y >= 2 << 62 {
            y >>= 1;
            result |= 1 << bit;
        }
    }
    result
}

/// 2 to the power of a 32.32 fixed-point number, as one, saturating.
fn exp2(x: u128) -> u64 {
    let whole = x >> 32;
    if whole >= 31 {
        return u64::MAX;
    }
    // The product of 2^(2^-k) over the set bits of the fraction; roots by Newton would cost more
    // than this short series: 2^f = sum (f ln 2)^n / n!.
    let f = fixed_mul((x & u128::from(u32::MAX)) as u64, LN_2);
    let (mut term, mut sum) = (ONE, ONE);
    for n in 1..14 {
        term = fixed_mul(term, f) / n;
        sum += term;
    }
    sum << whole
}

impl fmt::Display for Latency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, part) in self.0.iter().enumerate() {
            if i > 0 {
                write!(f, "+")?;
            }
            if part.weight != Ppm::ALWAYS {
                write!(f, "{}*", Decimal(part.weight.0))?;
            }
            if part.offset != Span::ZERO {
                write!(f, "{}+", part.offset)?;
            }
            write!(f, "{}", part.shape)?;
        }
        Ok(())
    }
}

impl fmt::Display for Shape {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Constant(span) => span.fmt(f),
            Self::Uniform(low, high) => write!(f, "{low}..{high}"),
            Self::Exp(mean) => write!(f, "exp({mean})"),
            Self::Pareto(least, alpha) => write!(f, "pareto({least},{})", Decimal(*alpha)),
        }
    }
}

/// Millionths as people write them: `0.9`, `1.5`, `10`.
struct Decimal(u32);

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (whole, rest) = (self.0 / 1_000_000, self.0 % 1_000_000);
        if rest == 0 {
            return write!(f, "{whole}");
        }
        write!(f, "{whole}.{}", format!("{rest:06}").trim_end_matches('0'))
    }
}

/// A fraction, as SCRIPT writes it: `0.05`.
impl fmt::Display for Ppm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Decimal(self.0).fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::Concern;

    fn median_us(latency: &Latency) -> u64 {
        let mut rng = Rng::new(3, Concern::Script);
        let mut drawn: Vec<_> = (0..20_001).map(|_| latency.draw(&mut rng).as_us()).collect();
        drawn.sort_unstable();
        drawn[10_000]
    }

    #[test]
    fn medians_are_those_of_the_distributions() {
        let ms = Span::from_ms;
        // exp: mean ln 2; pareto: least 2^(1/alpha).
        let exp = median_us(&Latency::of(Shape::Exp(ms(5))));
        assert!((3_350..3_580).contains(&exp), "{exp}");
        let pareto = median_us(&Latency::of(Shape::Pareto(ms(1), 1_500_000)));
        assert!((1_560..1_615).contains(&pareto), "{pareto}");
        let uniform = median_us(&Latency::of(Shape::Uniform(ms(10), ms(20))));
        assert!((14_900..15_100).contains(&uniform), "{uniform}");
    }

    #[test]
    fn an_offset_is_added_to_every_draw() {
        let ms = Span::from_ms;
        let exp = Shape::Exp(ms(5));
        let part = Component { offset: ms(75), ..Component::new(Ppm::ALWAYS, exp) };
        let far = Latency::mixture(&[part]).unwrap();
        assert_eq!(far.to_string(), "75ms+exp(5ms)");
        assert_eq!(median_us(&far), 75_000 + median_us(&Latency::of(exp)));
        let mut rng = Rng::new(3, Concern::Script);
        assert!((0..1_000).all(|_| far.draw(&mut rng) >= ms(75)));
    }

    #[test]
    fn fixed_point_agrees_with_floats() {
        for x in [1u64, 2, 3, 10, 1000, 1 << 31, (1 << 32) - 1] {
            let got = log2(x) as f64 / ONE as f64;
            assert!((got - (x as f64).log2()).abs() < 1e-8, "{x}: {got}");
        }
        for x in [0.0, 0.25, 0.5, 0.999, 3.7, 20.3] {
            let got = exp2((x * ONE as f64) as u128) as f64 / ONE as f64;
            assert!((got / f64::exp2(x) - 1.0).abs() < 1e-6, "{x}: {got}");
        }
    }

    #[test]
    fn a_message_never_arrives_at_once() {
        let mut rng = Rng::new(3, Concern::Script);
        assert_eq!(Latency::of(Shape::Constant(Span::ZERO)).draw(&mut rng), SHORTEST);
    }
}
