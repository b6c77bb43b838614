//! Messages in flight.

use crate::ids::{Addr, EventId, MessageId};
use crate::order;
use crate::protocol::Message;
use crate::time::Time;
use crate::trace::{Loss, Passage};
use serde::Serialize;

/// A message on its way.
#[derive(Clone, Debug, Serialize)]
pub struct Flight {
    /// Its id.
    pub id: MessageId,
    /// The sender.
    pub from: Addr,
    /// The receiver.
    pub to: Addr,
    /// Its content.
    pub message: Message,
    /// Its size in bytes.
    pub bytes: u32,
    /// The time of its sending.
    pub sent: Time,
    /// The time of its arrival, unless a statement or a crash intervenes.
    pub arrives: Time,
    /// Time and reason of its loss on the way, if it will be lost.
    pub doomed: Option<(Time, Loss)>,
    /// The event of its sending.
    pub cause: EventId,
}

impl Flight {
    /// The time of its arrival or loss.
    #[must_use]
    pub fn due(&self) -> Time {
        self.doomed.map_or(self.arrives, |(at, _)| at)
    }

    /// Its transit, for the trace.
    #[must_use]
    pub fn passage(&self) -> Passage {
        Passage {
            message: self.id,
            bytes: self.bytes,
            kind: self.message.kind(),
            empty: self.message.load() == 0,
            from: self.from,
            to: self.to,
        }
    }
}

/// Flights by place. Free places are reused.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Flights {
    places: Vec<Option<Flight>>,
    free: Vec<u32>,
}

impl Flights {
    /// Number of flights.
    #[must_use]
    pub fn len(&self) -> usize {
        self.places.len() - self.free.len()
    }

    /// Adds a flight; returns its place.
    pub fn insert(&mut self, flight: Flight) -> usize {
        if let Some(place) = self.free.pop() {
            self.places[place as usize] = Some(flight);
            place as usize
        } else {
            self.places.push(Some(flight));
            self.places.len() - 1
        }
    }

    /// The flight at a place, if it is still that message.
    #[must_use]
    pub fn at(&self, place: usize, id: MessageId) -> Option<&Flight> {
        self.places[place].as_ref().filter(|f| f.id == id)
    }

    /// The mutable flight at a place.
    pub fn at_mut(&mut self, place: usize) -> Option<&mut Flight> {
        self.places[place].as_mut()
    }

    /// Takes the flight at a place.
    pub fn remove(&mut self, place: usize) -> Option<Flight> {
        let flight = self.places[place].take()?;
        self.free.push(place as u32);
        Some(flight)
    }

    /// The place of a message.
    #[must_use]
    pub fn find(&self, id: MessageId) -> Option<usize> {
        self.places.iter().position(|p| p.as_ref().is_some_and(|f| f.id == id))
    }

    /// The places of the flights that match, ordered by message id.
    pub fn places_where(&self, matches: impl Fn(&Flight) -> bool) -> Vec<usize> {
        let mut found: Vec<_> = self
            .places
            .iter()
            .enumerate()
            .filter_map(|(i, p)| p.as_ref().filter(|f| matches(f)).map(|f| (f.id, i)))
            .collect();
        order::sort(&mut found);
        found.into_iter().map(|(_, i)| i).collect()
    }

    /// All flights, in arbitrary order.
    pub fn iter(&self) -> impl Iterator<Item = &Flight> {
        self.places.iter().flatten()
    }
}
