//! The messages of the page: all actions of users, and changes of the player.

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

/// A message of the page.
pub enum Msg {
    /// The player changed.
    Changed,
    /// The second module is there.
    Arrived,
    /// Something on a stage was picked, there on the page.
    Pick(usize, Target, Anchor),
    /// An entry of the menu was chosen.
    Do(Action),
    /// The menu was closed.
    CloseMenu,
    /// Run the statements of one gesture.
    Say(Vec<String>),
    /// There is a problem; None clears it.
    Problem(Option<String>),
    /// Show where two branches first differ.
    Part(usize, usize),
    /// The popover about two branches was closed.
    ClosePart,
    /// A message was selected, or none.
    SelectMessage(Option<(usize, MessageId)>),
    /// More messages are to be listed.
    MoreMessages,
    /// Save an export as a file.
    Export(Export),
    /// Progress of an export, in percent (0 to 100).
    Written(Export, u8),
    /// An export is ready. None if it could not be made.
    Exported(Export, Option<Blob>),
    /// An export was cancelled.
    GiveUp(Export),
    /// A long seek was cancelled. The playhead stays where it is.
    StopHere,
    /// Open a preset.
    Choose(Preset),
    /// Add a cluster to the comparison, or remove one.
    Compare(compare::Change),
    /// Make a cluster the subject of the headline and the panels.
    Attend(usize),
    /// Show a panel.
    Show(Tab),
    /// A dock was opened, closed or resized.
    Dock(frame::Dock, frame::Change),
    /// The window has a new size.
    Resized,
    /// Show a node in the panel.
    Inspect(NodeId),
    /// Ask a question of a cluster, or of the one that the panels show.
    Ask(Option<usize>, Question),
    /// The typed line is wrong, with the sentence why.
    Refuse(String),
    /// Seek to a time.
    Seek(Time),
    /// Select an event of a cluster, in all views.
    Select(usize, EventId),
    /// Share was pressed.
    Share,
    /// The link was copied (true), or could not be.
    Copied(bool),
    /// The popover with the link was closed.
    CloseShare,
    /// The alert was dismissed.
    Dismiss,
    /// Undo.
    Undo,
    /// Redo.
    Redo,
    /// Change the theme.
    Theme,
    /// Play the run from its beginning.
    FromTheStart,
    /// Open the run that an earlier visit left (true), or remove it.
    Last(bool),
    /// The address changed.
    Address,
    /// Open the glossary at a term, or close it.
    Define(Option<&'static Entry>),
    /// A keyboard shortcut was pressed.
    Key(Key),
}
