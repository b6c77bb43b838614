//! The stored state of the frame as text: `side=364 bottom-open=1`. Anything that cannot be parsed
//! is ignored.

use std::fmt;

/// The choices of the user. None stands for the default.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Kept {
    /// The width of the side dock, in pixels.
    pub side: Option<u16>,
    /// The height of the sheet, in pixels.
    pub sheet: Option<u16>,
    /// The height of the bottom dock, in pixels.
    pub bottom: Option<u16>,
    /// True if the side dock, or the sheet, is open.
    pub side_open: Option<bool>,
    /// True if the bottom dock is open.
    pub bottom_open: Option<bool>,
}

impl Kept {
    /// Parses the stored text.
    #[must_use]
    pub fn read(text: &str) -> Self {
        let said = |key: &str| {
            let value = text.split(' ').filter_map(|word| word.split_once('='));
            value.filter(|(k, _)| *k == key).find_map(|(_, v)| v.parse::<u16>().ok())
        };
        let open = |key| said(key).map(|v| v != 0);
        Self {
            side: said("side"),
            sheet: said("sheet"),
            bottom: said("bottom"),
            side_open: open("side-open"),
            bottom_open: open("bottom-open"),
        }
    }
}

impl fmt::Display for Kept {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let open = |open: Option<bool>| open.map(u16::from);
        let all = [
            ("side", self.side),
            ("sheet", self.sheet),
            ("bottom", self.bottom),
            ("side-open", open(self.side_open)),
            ("bottom-open", open(self.bottom_open)),
        ];
        for (key, value) in all {
            if let Some(value) = value {
                write!(f, "{key}={value} ")?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_is_read_again() {
        let kept = Kept { side: Some(400), bottom_open: Some(false), ..Kept::default() };
        assert_eq!(Kept::read(&kept.to_string()), kept);
        assert_eq!(Kept::read(&Kept::default().to_string()), Kept::default());
    }

    #[test]
    fn nonsense_is_nothing() {
        for text in ["", "{\"side\":1}", "side=-4 bottom=99999999", "=== side= ="] {
            assert_eq!(Kept::read(text), Kept::default(), "{text}");
        }
    }
}
