//! Writing.

use serde::ser::{
    Serialize, SerializeMap, SerializeSeq, SerializeStruct, SerializeStructVariant, SerializeTuple,
    SerializeTupleStruct, SerializeTupleVariant, Serializer,
};
use serde_json::Value;

use super::Unreadable;

/// Writes a value to the end of `out`.
pub struct Writer<'a> {
    /// What was written.
    pub out: &'a mut Vec<u8>,
}

type Written = Result<(), Unreadable>;

impl Writer<'_> {
    /// Seven bits in each byte, the lowest first.
    fn number(&mut self, mut number: u64) -> Written {
        while number > 127 {
            self.out.push(number as u8 | 128);
            number >>= 7;
        }
        self.out.push(number as u8);
        Ok(())
    }

    fn bytes(&mut self, bytes: &[u8]) -> Written {
        self.number(bytes.len() as u64)?;
        self.out.extend_from_slice(bytes);
        Ok(())
    }

    fn part<T: Serialize + ?Sized>(&mut self, part: &T) -> Written {
        part.serialize(Writer { out: self.out })
    }
}

impl<'a> Serializer for Writer<'a> {
    type Ok = ();
    type Error = Unreadable;
    type SerializeSeq = Self;
    type SerializeTuple = Self;
    type SerializeTupleStruct = Self;
    type SerializeTupleVariant = Self;
    type SerializeMap = Json<'a>;
    type SerializeStruct = Self;
    type SerializeStructVariant = Self;

    fn serialize_bool(mut self, value: bool) -> Written {
        self.number(value.into())
    }

    fn serialize_i8(self, value: i8) -> Written {
        self.serialize_i64(value.into())
    }

    fn serialize_i16(self, value: i16) -> Written {
        self.serialize_i64(value.into())
    }

    fn serialize_i32(self, value: i32) -> Written {
        self.serialize_i64(value.into())
    }

    fn serialize_i64(mut self, value: i64) -> Written {
        self.number(value as u64)
    }

    fn serialize_u8(mut self, value: u8) -> Written {
        self.number(value.into())
    }

    fn serialize_u16(mut self, value: u16) -> Written {
        self.number(value.into())
    }

    fn serialize_u32(mut self, value: u32) -> Written {
        self.number(value.into())
    }

    fn serialize_u64(mut self, value: u64) -> Written {
        self.number(value)
    }

    fn serialize_f32(self, value: f32) -> Written {
        self.serialize_f64(value.into())
    }

    fn serialize_f64(self, value: f64) -> Written {
        self.out.extend_from_slice(&value.to_le_bytes());
        Ok(())
    }

    fn serialize_char(mut self, value: char) -> Written {
        self.number(u32::from(value).into())
    }

    fn serialize_str(mut self, value: &str) -> Written {
        self.bytes(value.as_bytes())
    }

    fn serialize_bytes(mut self, value: &[u8]) -> Written {
        self.bytes(value)
    }

    fn serialize_none(mut self) -> Written {
        self.number(0)
    }

    fn serialize_some<T: Serialize + ?Sized>(mut self, value: &T) -> Written {
        self.number(1)?;
        value.serialize(self)
    }

    fn serialize_unit(self) -> Written {
        Ok(())
    }

    fn serialize_unit_struct(self, _: &'static str) -> Written {
        Ok(())
    }

    fn serialize_unit_variant(mut self, _: &'static str, at: u32, _: &'static str) -> Written {
        self.number(at.into())
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        value: &T,
    ) -> Written {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        mut self,
        _: &'static str,
        at: u32,
        _: &'static str,
        value: &T,
    ) -> Written {
        self.number(at.into())?;
        value.serialize(self)
    }

    fn serialize_seq(mut self, length: Option<usize>) -> Result<Self, Unreadable> {
        self.number(length.ok_or(Unreadable)? as u64)?;
        Ok(self)
    }

    fn serialize_tuple(self, _: usize) -> Result<Self, Unreadable> {
        Ok(self)
    }

    fn serialize_tuple_struct(self, _: &'static str, _: usize) -> Result<Self, Unreadable> {
        Ok(self)
    }

    fn serialize_tuple_variant(
        mut self,
        _: &'static str,
        at: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Self, Unreadable> {
        self.number(at.into())?;
        Ok(self)
    }

    fn serialize_map(self, length: Option<usize>) -> Result<Json<'a>, Unreadable> {
        let map = serde_json::value::Serializer.serialize_map(length).map_err(|_| Unreadable)?;
        Ok(Json { to: self, map })
    }

    fn serialize_struct(self, _: &'static str, _: usize) -> Result<Self, Unreadable> {
        Ok(self)
    }

    fn serialize_struct_variant(
        mut self,
        _: &'static str,
        at: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Self, Unreadable> {
        self.number(at.into())?;
        Ok(self)
    }

    fn is_human_readable(&self) -> bool {
        false
    }
}

impl SerializeSeq for Writer<'_> {
    type Ok = ();
    type Error = Unreadable;

    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Written {
        self.part(value)
    }

    fn end(self) -> Written {
        Ok(())
    }
}

impl SerializeTuple for Writer<'_> {
    type Ok = ();
    type Error = Unreadable;

    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Written {
        self.part(value)
    }

    fn end(self) -> Written {
        Ok(())
    }
}

impl SerializeTupleStruct for Writer<'_> {
    type Ok = ();
    type Error = Unreadable;

    fn serialize_field<T: Serialize + ?Sized>(&mut self, value: &T) -> Written {
        self.part(value)
    }

    fn end(self) -> Written {
        Ok(())
    }
}

impl SerializeTupleVariant for Writer<'_> {
    type Ok = ();
    type Error = Unreadable;

    fn serialize_field<T: Serialize + ?Sized>(&mut self, value: &T) -> Written {
        self.part(value)
    }

    fn end(self) -> Written {
        Ok(())
    }
}

impl SerializeStruct for Writer<'_> {
    type Ok = ();
    type Error = Unreadable;

    fn serialize_field<T: Serialize + ?Sized>(&mut self, _: &'static str, value: &T) -> Written {
        self.part(value)
    }

    /// A field that is sometimes left out could not be told from the next one.
    fn skip_field(&mut self, _: &'static str) -> Written {
        Err(Unreadable)
    }

    fn end(self) -> Written {
        Ok(())
    }
}

impl SerializeStructVariant for Writer<'_> {
    type Ok = ();
    type Error = Unreadable;

    fn serialize_field<T: Serialize + ?Sized>(&mut self, _: &'static str, value: &T) -> Written {
        self.part(value)
    }

    fn end(self) -> Written {
        Ok(())
    }
}

/// What has names of its own, as JSON.
pub struct Json<'a> {
    to: Writer<'a>,
    map: <serde_json::value::Serializer as Serializer>::SerializeMap,
}

impl SerializeMap for Json<'_> {
    type Ok = ();
    type Error = Unreadable;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Written {
        self.map.serialize_key(key).map_err(|_| Unreadable)
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Written {
        self.map.serialize_value(value).map_err(|_| Unreadable)
    }

    fn end(mut self) -> Written {
        let value: Value = SerializeMap::end(self.map).map_err(|_| Unreadable)?;
        self.to.bytes(value.to_string().as_bytes())
    }
}
