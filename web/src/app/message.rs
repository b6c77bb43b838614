//! What comes to the page: everything that people do to it, and that something changed.

use crate::compare;
use crate::export::Export;
use crate::frame;
use crate::geometry::Anchor;
use crate::keys::Key;
use crate::panels::Tab;
use crate::stage::Target;
use crate::stage::menu::Action;
use quorumscope_core::explain::Entry;
use quorumscope_core::ids::{EventId, MessageId, NodeId};
use quorumscope_core::settings::Preset;
use quorumscope_core::time::Time;
use quorumscope_core::why::Question;
use web_sys::Blob;

/// What comes to the page.
pub enum Msg {
    /// Something changed.
    Changed,
    /// The second module is there.
    Arrived,
    /// Something on a stage was picked, there on the page.
    Pick(usize, Target, Anchor),
    /// An entry of the menu was chosen.
    Do(Action),
    /// The menu is to be closed.
    CloseMenu,
    /// Statements of one gesture.
    Say(Vec<String>),
    /// Something went wrong; None: all is well.
    Problem(Option<String>),
    /// Where two branches first differ.
    Part(usize, usize),
    /// What was said of two branches is read.
    ClosePart,
    /// A message is looked at, or none.
    SelectMessage(Option<(usize, MessageId)>),
    /// More messages are to be listed.
    MoreMessages,
    /// Something is to be saved as a file.
    Export(Export),
    /// So much of a hundred of it is written.
    Written(Export, u8),
    /// It is written, if it could be.
    Exported(Export, Option<Blob>),
    /// It is not wanted any more.
    GiveUp(Export),
    /// The playhead is to stay where it has got to.
    StopHere,
    /// Another preset.
    Choose(Preset),
    /// Another cluster beside the others, or one less.
    Compare(compare::Change),
    /// The sentences and panels are to be about another cluster.
    Attend(usize),
    /// Another panel.
    Show(Tab),
    /// A dock is shown, hidden or resized.
    Dock(frame::Dock, frame::Change),
    /// The window has another size.
    Resized,
    /// Another node in the panel.
    Inspect(NodeId),
    /// Why? Of that cluster, or of the one that the panels are about.
    Ask(Option<usize>, Question),
    /// What was typed cannot be, and why.
    Refuse(String),
    /// To a time.
    Seek(Time),
    /// To an event of a cluster, which panels and diagram show from now on.
    Select(usize, EventId),
    /// Share was pressed, or what came of copying.
    Share,
    /// The link was copied, or not.
    Copied(bool),
    /// The box with the link is to be closed.
    CloseShare,
    /// The error is read.
    Dismiss,
    /// Undo.
    Undo,
    /// Redo.
    Redo,
    /// The other theme.
    Theme,
    /// The run is to be played from its beginning.
    FromTheStart,
    /// What people left here on an earlier visit is to be opened, or forgotten.
    Last(bool),
    /// The address changed.
    Address,
    /// A word is to be explained, or no more.
    Define(Option<&'static Entry>),
    /// A key that works everywhere.
    Key(Key),
}
