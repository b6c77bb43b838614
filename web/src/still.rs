//! Memoized drawings: they are drawn again only if their input changed.
//!
//! One component serves all of them, so that each adds a function to the binary and not a
//! component.

use std::any::Any;
use std::rc::Rc;
use yew::prelude::*;

/// The input of a drawing.
pub trait Drawn: PartialEq + 'static {
    /// Draws it.
    fn draw(&self) -> Html;
}

/// A drawing whose type is erased.
trait Anything {
    fn as_any(&self) -> &dyn Any;
    fn is_same(&self, other: &dyn Any) -> bool;
    fn draw(&self) -> Html;
}

impl<T: Drawn> Anything for T {
    fn as_any(&self) -> &dyn Any {
        self
    }

    fn is_same(&self, other: &dyn Any) -> bool {
        other.downcast_ref::<T>().is_some_and(|other| self == other)
    }

    fn draw(&self) -> Html {
        Drawn::draw(self)
    }
}

/// The input of a drawing, whose type is erased.
#[derive(Clone)]
pub struct Picture(Rc<dyn Anything>);

impl PartialEq for Picture {
    fn eq(&self, other: &Self) -> bool {
        self.0.is_same(other.0.as_any())
    }
}

/// The properties of a memoized drawing.
#[derive(PartialEq, Properties)]
pub struct StillProps {
    picture: Picture,
}

/// The component of a memoized drawing.
#[component]
pub fn Still(props: &StillProps) -> Html {
    props.picture.0.draw()
}

/// A memoized drawing.
pub fn still(drawn: impl Drawn) -> Html {
    html! { <Still picture={Picture(Rc::new(drawn))} /> }
}

/// A memoized drawing in a list.
pub fn keyed(key: impl Into<yew::virtual_dom::Key>, drawn: impl Drawn) -> Html {
    html! { <Still key={key.into()} picture={Picture(Rc::new(drawn))} /> }
}
