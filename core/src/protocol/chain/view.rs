//! The visible state of a node of a chain.

use super::super::{LogCell, NodeView, Role, Sign, Term};
use super::{Config, Server};

impl Server {
    /// The chain as it knows it; at the configurator, as decided.
    #[must_use]
    pub fn config(&self) -> Option<&Config> {
        let decided = self.configurator.as_ref().and_then(|c| c.config());
        decided.or(self.link.config()).map(|config| &**config)
    }

    /// Its place in the chain, with the version that it knows as its term.
    #[must_use]
    pub fn sign(&self) -> Sign {
        let place = self.link.role().filter(|_| self.link.is_complete());
        let role = match place {
            Some(role) => role,
            None if self.configurator.is_some() => Role::Configurator,
            None => Role::Joining,
        };
        Sign { role, term: self.link.config().map(|c| Term(c.version)), leader: None }
    }

    /// A view of it for people, with the last `most` writes.
    #[must_use]
    pub fn view(&self, most: usize) -> NodeView {
        let committed = self.link.log_marks().committed;
        let cell = |e: &std::sync::Arc<super::Entry>| LogCell {
            index: e.index,
            term: Term(e.version),
            op: e.request.to_string(),
            committed: e.index <= committed,
        };
        let is_link = self.link.is_member() || self.configurator.is_none();
        NodeView {
            sign: self.sign(),
            data: self
                .link
                .database()
                .store()
                .iter()
                .map(|(k, v)| (k.clone(), v.clone()))
                .collect(),
            log: is_link.then(|| self.link.entries(most).map(cell).collect()),
        }
    }

    /// Further details, names and values in display order.
    #[must_use]
    pub fn detail(&self) -> Vec<(&'static str, String)> {
        let mut detail = Vec::new();
        if let Some(config) = self.link.config() {
            let names: Vec<String> = config.chain.iter().map(|m| m.node.to_string()).collect();
            detail.push(("chain", names.join(" → ")));
            detail.push(("version", config.version.to_string()));
        }
        if let Some(lease) = self.link.lease() {
            detail.push(("lease until, by its clock", lease.said()));
        }
        let complete = if self.link.is_complete() { "yes" } else { "no" };
        detail.push(("has every committed write", complete.into()));
        detail
    }
}
