//! Pictures that are drawn again only when what they are drawn from is another.
//!
//! One component stands for all of them, so that each costs a function in the binary and not a
//! component.

use std::any::Any;
use std::rc::Rc;
use yew::prelude::*;

/// Values that a picture is drawn from.
pub trait Drawn: PartialEq + 'static {
    /// Draws them.
    fn draw(&self) -> Html;
}

/// The same, with its type forgotten.
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

/// Some values and how they are drawn.
#[derive(Clone)]
pub struct Picture(Rc<dyn Anything>);

impl PartialEq for Picture {
    fn eq(&self, other: &Self) -> bool {
        self.0.is_same(other.0.as_any())
    }
}

/// A picture.
#[derive(PartialEq, Properties)]
pub struct StillProps {
    picture: Picture,
}

/// Shows a picture.
#[component]
pub fn Still(props: &StillProps) -> Html {
    props.picture.0.draw()
}

/// Shows what these values draw.
pub fn still(drawn: impl Drawn) -> Html {
    html! { <Still picture={Picture(Rc::new(drawn))} /> }
}

/// The same, one of a list.
pub fn keyed(key: impl Into<yew::virtual_dom::Key>, drawn: impl Drawn) -> Html {
    html! { <Still key={key.into()} picture={Picture(Rc::new(drawn))} /> }
}
