//! The figures of each cluster, for comparison.

use quorumscope_core::metrics::{self, ClientHealth, WINDOW};
use quorumscope_core::session::Session;
use quorumscope_core::time::Span;
use quorumscope_core::world::World;

/// The figures of one cluster.
#[derive(Clone, Debug, PartialEq)]
pub struct Column {
    /// The title of the cluster.
    pub title: String,
    /// The recent experience of its clients.
    pub clients: ClientHealth,
    /// The time for which the longest waiting operation has been open.
    pub waiting: Option<Span>,
}

/// The figures of all clusters at the playhead.
#[must_use]
pub fn columns(session: &Session) -> Vec<Column> {
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
