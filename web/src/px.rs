//! Lengths as text, to a tenth of a pixel. They are formatted as integers: formatting floats would
//! add some fifteen kilobytes to the page.

use std::fmt;

/// A length in tenths of a pixel.
#[derive(Clone, Copy)]
pub struct Px(i64);

/// A length whose `Display` has a tenth of a pixel.
#[must_use]
pub fn px(length: f64) -> Px {
    Px((length * 10.0).round() as i64)
}

/// A length as the text of an attribute.
#[must_use]
pub fn text(length: f64) -> String {
    px(length).to_string()
}

/// Appends an integer. The standard library is too slow for thousands of them in a frame.
pub fn whole(text: &mut String, number: i32) {
    if number < 0 {
        text.push('-');
    }
    let number = number.unsigned_abs();
    let mut unit = 1;
    while number / unit >= 10 {
        unit *= 10;
    }
    while unit > 0 {
        text.push(char::from(b'0' + (number / unit % 10) as u8));
        unit /= 10;
    }
}

impl fmt::Display for Px {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (whole, tenth) = (self.0.abs() / 10, self.0.abs() % 10);
        let sign = if self.0 < 0 { "-" } else { "" };
        write!(f, "{sign}{whole}")?;
        if tenth > 0 {
            write!(f, ".{tenth}")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_numbers_are_written_as_the_standard_library_does() {
        for number in [0, 7, 10, 99, 100, 916, -1, -60, i32::MAX, i32::MIN] {
            let mut text = String::new();
            whole(&mut text, number);
            assert_eq!(text, number.to_string());
        }
    }

    #[test]
    fn rounds_to_the_tenth() {
        assert_eq!([0.0, 1.04, -0.06, 12.96, -3.5].map(text), ["0", "1", "-0.1", "13", "-3.5"]);
    }
}
