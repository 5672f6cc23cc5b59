//! Lists of categories, all written alike.

/// A closed list that knows no more than its names; they are written in snake case.
macro_rules! bounded {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
        #[serde(rename_all = "snake_case")]
        #[non_exhaustive]
        pub enum $name { $($(#[$vdoc])* $variant),+ }

        impl $name {
            /// The names in order.
            #[allow(dead_code, reason = "not every list is asked for its names")]
            pub(crate) const NAMES: &'static [&'static str] = &[$(stringify!($variant)),+];
        }
    };
}

/// A list within the crate that knows the names of what is in it.
macro_rules! named {
    ($(#[$meta:meta])* $name:ident { $($(#[$vmeta:meta])* $variant:ident),+ $(,)? }) => {
        $(#[$meta])*
        pub(crate) enum $name { $($(#[$vmeta])* $variant),+ }

        impl $name {
            /// The names in order.
            pub(crate) const NAMES: &'static [&'static str] = &[$(stringify!($variant)),+];
        }
    };
}

/// A list within the crate with a name of its own for each of what is in it.
macro_rules! spelled {
    ($(#[$meta:meta])* $name:ident { $($variant:ident = $text:literal),+ $(,)? }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub(crate) enum $name { $($variant),+ }

        impl $name {
            /// The names in order.
            pub(crate) const NAMES: &'static [&'static str] = &[$($text),+];
        }
    };
}
