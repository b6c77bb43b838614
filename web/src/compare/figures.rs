//! How each cluster does, as figures that compare.

use quorumscope_core::metrics::{self, ClientHealth, WINDOW};
use quorumscope_core::session::Session;
use quorumscope_core::time::Span;
use quorumscope_core::world::World;

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
