//! The systems that a cluster can run, from the rows of the registry.

use super::own::{self, Own};
use super::{Rule, Setting, Traits};
use crate::registry::protocols;
use serde::Serialize;
use std::fmt;

macro_rules! presets {
    ($($(#[$doc:meta])* $variant:ident { module: $module:ident, settings: $field:ident, $($rest:tt)* })*) => {
        /// A system that a cluster can run.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
        pub enum Preset {
            $($(#[$doc])* $variant,)*
        }

        impl Preset {
            /// Every preset, in the order of the list for people.
            pub const ALL: [Self; [$(stringify!($variant)),*].len()] = [$(Self::$variant),*];

            /// Its traits.
            #[must_use]
            pub const fn traits(self) -> &'static Traits {
                match self { $(Self::$variant => &<own::$module::Own as Own>::TRAITS,)* }
            }

            /// Rows for the settings that only it has.
            #[must_use]
            pub const fn own_settings(self) -> &'static [Setting] {
                match self { $(Self::$variant => <own::$module::Own as Own>::SETTINGS,)* }
            }

            /// The rules that can be broken.
            #[must_use]
            pub const fn rules(self) -> &'static [Rule] {
                match self { $(Self::$variant => <own::$module::Own as Own>::RULES,)* }
            }
        }
    };
}

protocols!(presets);

impl Preset {
    /// Its word in the language.
    #[must_use]
    pub const fn name(self) -> &'static str {
        self.traits().name
    }

    /// The preset of that name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|p| p.name() == name)
    }

    /// Whether its nodes write to their disks.
    #[must_use]
    pub const fn keeps_disk(self) -> bool {
        self.traits().keeps_disk
    }

    /// Whether nodes can join it and leave it while it runs.
    #[must_use]
    pub const fn has_membership(self) -> bool {
        self.traits().has_membership
    }
}

impl fmt::Display for Preset {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
