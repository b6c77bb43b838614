//! All texts in a part of the World, found by serialising it: every protocol's data pass through
//! here, so no judge needs to know the protocol.

use crate::world::Reader;
use serde::ser::{self, Serialize};
use std::collections::BTreeSet;
use std::fmt;

/// The texts found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Strings(BTreeSet<Box<str>>);

impl Reader for Strings {
    /// Adds every text in a part.
    fn read<T: Serialize + ?Sized>(&mut self, part: &T) {
        // Only a type that refuses to be serialised fails, and state never does.
        let done = part.serialize(&mut *self);
        debug_assert!(done.is_ok(), "state can always be serialised");
    }
}

impl Strings {
    /// Whether exactly that text is there.
    pub fn has(&self, text: &str) -> bool {
        self.0.contains(text)
    }

    /// Whether that text is there, or a part of another.
    pub fn has_part(&self, part: &str) -> bool {
        self.has(part) || self.0.iter().any(|text| text.contains(part))
    }
}

/// A value that refused to be serialised.
#[derive(Debug)]
pub struct Refused;

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("refused to be serialised")
    }
}

impl std::error::Error for Refused {}

impl ser::Error for Refused {
    fn custom<T: fmt::Display>(_: T) -> Self {
        Self
    }
}

type Done = Result<(), Refused>;

/// Parts without text are ignored.
macro_rules! ignored {
    ($($method:ident: $of:ty),*) => {
        $(fn $method(self, _: $of) -> Done { Ok(()) })*
    };
}

impl ser::Serializer for &mut Strings {
    type Ok = ();
    type Error = Refused;
    type SerializeSeq = Self;
    type SerializeTuple = Self;
    type SerializeTupleStruct = Self;
    type SerializeTupleVariant = Self;
    type SerializeMap = Self;
    type SerializeStruct = Self;
    type SerializeStructVariant = Self;

    ignored!(
        serialize_bool: bool, serialize_i8: i8, serialize_i16: i16, serialize_i32: i32,
        serialize_i64: i64, serialize_u8: u8, serialize_u16: u16, serialize_u32: u32,
        serialize_u64: u64, serialize_f32: f32, serialize_f64: f64, serialize_char: char,
        serialize_bytes: &[u8], serialize_unit_struct: &'static str
    );

    fn serialize_i128(self, _: i128) -> Done {
        Ok(())
    }

    fn serialize_u128(self, _: u128) -> Done {
        Ok(())
    }

    fn serialize_str(self, text: &str) -> Done {
        if !self.0.contains(text) {
            self.0.insert(text.into());
        }
        Ok(())
    }

    fn serialize_none(self) -> Done {
        Ok(())
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Done {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Done {
        Ok(())
    }

    fn serialize_unit_variant(self, _: &'static str, _: u32, _: &'static str) -> Done {
        Ok(())
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(self, _: &'static str, value: &T) -> Done {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        value: &T,
    ) -> Done {
        value.serialize(self)
    }

    fn serialize_seq(self, _: Option<usize>) -> Result<Self, Refused> {
        Ok(self)
    }

    fn serialize_tuple(self, _: usize) -> Result<Self, Refused> {
        Ok(self)
    }

    fn serialize_tuple_struct(self, _: &'static str, _: usize) -> Result<Self, Refused> {
        Ok(self)
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Self, Refused> {
        Ok(self)
    }

    fn serialize_map(self, _: Option<usize>) -> Result<Self, Refused> {
        Ok(self)
    }

    fn serialize_struct(self, _: &'static str, _: usize) -> Result<Self, Refused> {
        Ok(self)
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Self, Refused> {
        Ok(self)
    }

    fn is_human_readable(&self) -> bool {
        false
    }
}

/// A compound is its parts.
macro_rules! parts {
    ($($compound:ident $method:ident),*) => {
        $(impl ser::$compound for &mut Strings {
            type Ok = ();
            type Error = Refused;

            fn $method<T: Serialize + ?Sized>(&mut self, part: &T) -> Done {
                part.serialize(&mut **self)
            }

            fn end(self) -> Done {
                Ok(())
            }
        })*
    };
}

parts!(
    SerializeSeq serialize_element,
    SerializeTuple serialize_element,
    SerializeTupleStruct serialize_field,
    SerializeTupleVariant serialize_field
);

impl ser::SerializeMap for &mut Strings {
    type Ok = ();
    type Error = Refused;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Done {
        key.serialize(&mut **self)
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Done {
        value.serialize(&mut **self)
    }

    fn end(self) -> Done {
        Ok(())
    }
}

/// A named field is its value.
macro_rules! fields {
    ($($compound:ident),*) => {
        $(impl ser::$compound for &mut Strings {
            type Ok = ();
            type Error = Refused;

            fn serialize_field<T: Serialize + ?Sized>(
                &mut self,
                _: &'static str,
                value: &T,
            ) -> Done {
                value.serialize(&mut **self)
            }

            fn end(self) -> Done {
                Ok(())
            }
        })*
    };
}

fields!(SerializeStruct, SerializeStructVariant);

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(serde::Serialize)]
    enum Kind {
        Plain,
        One(String),
        Two(u8, &'static str),
        Named { text: Option<String> },
    }

    #[test]
    fn texts_are_found_however_deep() {
        let mut found = Strings::default();
        let map = std::collections::BTreeMap::from([("key", vec![(1, "in a tuple")])]);
        found.read(&(map, [Kind::Plain, Kind::One("new type".into()), Kind::Two(1, "tuple")]));
        found.read(&Kind::Named { text: Some("named".into()) });
        for text in ["key", "in a tuple", "new type", "tuple", "named"] {
            assert!(found.has(text), "{text}");
        }
        assert!(found.has_part("am") && !found.has("am") && !found.has_part("Plain"));
    }
}
