//! Finds the target of a click or a key on the stage.

use quorumscope_core::ids::{ClientId, MessageId, NodeId};
use wasm_bindgen::JsCast;
use web_sys::{Element, Event};

/// Something on the stage that has a menu.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    /// A node.
    Node(NodeId),
    /// A link, lower id first.
    Link(NodeId, NodeId),
    /// A message in flight.
    Message(MessageId),
    /// A client.
    Client(ClientId),
    /// The balancer.
    Balancer,
}

impl Target {
    /// The target of an event, and its element.
    #[must_use]
    pub fn of(event: &Event) -> Option<(Self, Element)> {
        let inner: Element = event.target()?.dyn_into().ok()?;
        // Text beside a button belongs to it.
        let beside = inner.closest(".beside").ok().flatten();
        let button = beside.and_then(|beside| beside.previous_element_sibling());
        let inner = button.unwrap_or(inner);
        let any = "[data-node],[data-link],[data-message],[data-client],[data-balancer]";
        let element = inner.closest(any).ok()??;
        Some((Self::named_by(&element)?, element))
    }

    fn named_by(element: &Element) -> Option<Self> {
        let number = |name: &str| element.get_attribute(name)?.get(1..)?.parse::<u64>().ok();
        let small = |name: &str| u16::try_from(number(name)?).ok();
        if let Some(node) = small("data-node") {
            return Some(Self::Node(NodeId(node)));
        }
        if let Some(client) = small("data-client") {
            return Some(Self::Client(ClientId(client)));
        }
        if let Some(message) = number("data-message") {
            return Some(Self::Message(MessageId(message)));
        }
        if element.has_attribute("data-balancer") {
            return Some(Self::Balancer);
        }
        let link = element.get_attribute("data-link")?;
        let (a, b) = link.split_once('-')?;
        let node = |name: &str| name.get(1..)?.parse().ok().map(NodeId);
        Some(Self::Link(node(a)?, node(b)?))
    }

    /// The CSS selector of the target's element.
    #[must_use]
    pub fn selector(self, cluster: usize) -> String {
        let own = match self {
            Self::Node(n) => format!("[data-node=\"{n}\"]"),
            Self::Link(a, b) => format!("[data-link=\"{a}-{b}\"]"),
            Self::Message(m) => format!("[data-message=\"{m}\"]"),
            Self::Client(c) => format!("[data-client=\"{c}\"]"),
            Self::Balancer => "[data-balancer]".to_owned(),
        };
        format!("[data-cluster=\"{cluster}\"] {own}")
    }
}
