//! How each cluster does, as figures that compare.

use crate::dom;
use quorumscope_core::metrics::{self, ClientHealth, WINDOW};
use quorumscope_core::session::Session;
use quorumscope_core::time::{Span, Time};
use quorumscope_core::world::World;
use std::rc::Rc;

/// While time runs, figures are counted anew at most this often.
const EVERY_MS: f64 = 250.0;
/// Counting takes at most one part in this many of the time.
const SHARE: f64 = 8.0;

/// One cluster's figures.
#[derive(Clone, Debug, PartialEq)]
pub struct Column {
    /// What the cluster is called.
    pub title: String,
    /// What its clients saw lately.
    pub clients: ClientHealth,
    /// How long the operation that waits longest has been waiting.
    pub waiting: Option<Span>,
}

/// Counts, and does not count again before that is due.
#[derive(Default)]
pub struct Watch {
    columns: Rc<Vec<Column>>,
    counted: Option<(u64, Time)>,
    due_ms: f64,
}

impl Watch {
    /// The figures at the playhead, or shortly before it while time runs. None of a single cluster.
    pub fn columns(&mut self, session: &Session, playing: bool) -> Rc<Vec<Column>> {
        if session.run().clusters.len() < 2 {
            *self = Self::default();
            return Rc::clone(&self.columns);
        }
        let key = (session.revision(), session.now());
        let fresh = self.counted.is_some_and(|(revision, _)| revision == key.0);
        let began_ms = dom::now_ms();
        let wait = playing && fresh && began_ms < self.due_ms;
        if self.counted != Some(key) && !wait {
            self.counted = Some(key);
            self.columns = Rc::new(count(session));
            let took_ms = dom::now_ms() - began_ms;
            self.due_ms = began_ms + EVERY_MS.max(took_ms * SHARE);
        }
        Rc::clone(&self.columns)
    }
}

fn count(session: &Session) -> Vec<Column> {
    let column = |(cluster, title): (usize, String)| {
        let world = session.world(cluster);
        let clients = metrics::health(world, session.trace(cluster), WINDOW).clients;
        Column { title, clients, waiting: longest_wait(world) }
    };
    super::titles(session.run()).into_iter().enumerate().map(column).collect()
}

fn longest_wait(world: &World) -> Option<Span> {
    let open = world.clients().filter_map(|c| world.operation(c.open()?));
    open.map(|operation| world.now().since(operation.invoked)).max()
}
