//! Writes an export and hands it to the browser in pieces. The text of a long trace is larger than
//! the memory of the program.

use super::request::Copy;
use crate::language;
use js_sys::{Array, Uint8Array};
use quorumscope_core::export::{Copyist, Place};
use quorumscope_core::time::Time;
use web_sys::{Blob, BlobPropertyBag};

/// An export in progress: its writer, and the pieces so far.
pub struct Copying {
    copyist: Copyist,
    pieces: Array,
    /// The progress that was last reported, in percent.
    percent: u8,
}

impl Copying {
    /// Starts an export. None if the script cannot be parsed.
    pub fn new(copy: &Copy) -> Option<Self> {
        let Copy { script, steps, now_us, document } = copy;
        let run = language::run(script).ok()?;
        let place = Place { steps: steps.clone(), now: Time::from_us(*now_us) };
        let copyist = Copyist::new(run, place, *document);
        Some(Self { copyist, pieces: Array::new(), percent: 0 })
    }

    /// Does a portion of the work. True when all is done.
    pub fn work(&mut self) -> bool {
        let mut text = String::new();
        let more = self.copyist.write(&mut text);
        if !text.is_empty() {
            let bytes = Array::of1(&Uint8Array::from(text.as_bytes()));
            // Without memory for a piece there is none for the whole file.
            let piece = Blob::new_with_u8_array_sequence(&bytes).ok();
            self.pieces.push(&piece.into());
        }
        !more
    }

    /// Progress of the export, in percent (0 to 100), if it has changed.
    pub fn percent(&mut self) -> Option<u8> {
        let percent = (self.copyist.progress() * 100.0) as u8;
        (std::mem::replace(&mut self.percent, percent) != percent).then_some(percent)
    }

    /// The file, if there was memory for it.
    pub fn file(&self) -> Option<Blob> {
        let properties = BlobPropertyBag::new();
        properties.set_type("text/plain;charset=utf-8");
        let is_whole = self.pieces.iter().all(|piece| !piece.is_undefined());
        let file = Blob::new_with_blob_sequence_and_options(&self.pieces, &properties);
        file.ok().filter(|_| is_whole)
    }
}
