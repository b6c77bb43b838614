//! The value of a setting of any kind, and the fields that hold one.

use super::SpanRange;
use crate::rng::{Latency, Ppm};
use crate::time::Span;
use std::fmt;

/// The value of a setting.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// A whole number.
    Count(u64),
    /// `on` or `off`.
    Switch(bool),
    /// A fraction.
    Fraction(Ppm),
    /// A length of time.
    Span(Span),
    /// A range of time.
    Range(SpanRange),
    /// A distribution of latencies.
    Latency(Latency),
    /// A period; None is `off`.
    Period(Option<Span>),
    /// One of a few words.
    Choice(&'static str),
}

/// The value as the language writes it.
impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Count(n) => n.fmt(f),
            Self::Switch(on) => f.write_str(if *on { "on" } else { "off" }),
            Self::Fraction(p) => p.fmt(f),
            Self::Span(s) => s.fmt(f),
            Self::Range(r) => r.fmt(f),
            Self::Latency(l) => l.fmt(f),
            Self::Period(Some(s)) => s.fmt(f),
            Self::Period(None) => f.write_str("off"),
            Self::Choice(word) => f.write_str(word),
        }
    }
}

/// A field of the settings from which a value is read and to which it is written.
pub(crate) trait Field {
    /// Its value; None where none was given and another setting decides.
    fn value(&self) -> Option<Value>;

    /// Stores a value.
    ///
    /// # Panics
    /// When the value is not of the field's kind: the table pairs them, and a test checks that.
    fn put(&mut self, value: &Value);
}

/// A field whose type determines the variant of [`Value`].
macro_rules! field {
    ($type:ty, $variant:ident) => {
        impl Field for $type {
            fn value(&self) -> Option<Value> {
                Some(Value::$variant(self.clone().into()))
            }

            fn put(&mut self, value: &Value) {
                let Value::$variant(value) = value else {
                    unreachable!("{value} for a {}", stringify!($variant))
                };
                *self = value.clone().try_into().expect("the table limits what is in range");
            }
        }
    };
}

field!(u16, Count);
field!(u32, Count);
field!(u64, Count);
field!(bool, Switch);
field!(Ppm, Fraction);
field!(Span, Span);
field!(SpanRange, Range);
field!(Latency, Latency);
field!(Option<Span>, Period);

impl Field for Option<Latency> {
    fn value(&self) -> Option<Value> {
        self.clone().map(Value::Latency)
    }

    fn put(&mut self, value: &Value) {
        let Value::Latency(latency) = value else { unreachable!("{value} for a latency") };
        *self = Some(latency.clone());
    }
}

/// An enumeration that the language writes as one of a few words.
macro_rules! choice {
    ($type:ident: $($variant:ident $word:literal),+) => {
        impl $type {
            /// Its words in the language.
            pub const WORDS: &'static [&'static str] = &[$($word),+];

            /// Its word in the language.
            #[must_use]
            pub const fn word(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }
        }

        impl $crate::settings::value::Field for $type {
            fn value(&self) -> Option<$crate::settings::Value> {
                Some($crate::settings::Value::Choice(self.word()))
            }

            fn put(&mut self, value: &$crate::settings::Value) {
                *self = match value {
                    $($crate::settings::Value::Choice($word) => Self::$variant,)+
                    other => unreachable!("{other} for a {}", stringify!($type)),
                };
            }
        }
    };
}

pub(crate) use choice;
