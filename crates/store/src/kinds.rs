//! The few values that a column has, as types.

use std::fmt;

use onrecord_text::{Act, EntityKind, SpeakerKind, StatementKind, Status};
use rusqlite::types::{FromSql, FromSqlError, FromSqlResult, ToSql, ToSqlOutput, ValueRef};

/// A value of few, with its name in the store.
pub(crate) trait Named: Copy + 'static {
    fn all() -> &'static [Self];
    fn name(self) -> &'static str;

    fn of(name: &str) -> Option<Self> {
        Self::all().iter().copied().find(|value| value.name() == name)
    }
}

macro_rules! kinds {
    ($($(#[$about:meta])* $name:ident { $($(#[$of:meta])* $variant:ident = $text:literal,)* })*) => {$(
        $(#[$about])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum $name { $($(#[$of])* $variant,)* }

        impl $name {
            /// The name in the store, on screen and in JSON.
            #[must_use]
            pub fn name(self) -> &'static str {
                match self { $(Self::$variant => $text,)* }
            }
        }

        impl Named for $name {
            fn all() -> &'static [Self] {
                &[$(Self::$variant,)*]
            }

            fn name(self) -> &'static str {
                self.name()
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(self.name())
            }
        }

        impl ToSql for $name {
            fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
                Ok(self.name().into())
            }
        }

        impl FromSql for $name {
            fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
                named(value)
            }
        }
    )*};
}

kinds! {
    /// What stands beside a statement and may be an entity.
    Link {
        /// Who said it.
        Speaker = "speaker",
        /// To whom.
        Addressee = "addressee",
        /// Through what.
        Medium = "medium",
        /// On which occasion.
        Occasion = "occasion",
        /// Who or what is named in it.
        About = "about",
    }

    /// What a person may have decided about a statement.
    Corrected {
        /// Whether it is right.
        Verdict = "verdict",
        /// Who said it.
        Speaker = "speaker",
        /// In which office.
        Role = "role",
        /// On which day, in EDTF.
        Said = "said",
    }

    /// What kind of decision it is.
    DecisionKind {
        /// The statement is right.
        Accept = "accept",
        /// The statement is wrong; search and exports leave it out.
        Reject = "reject",
        /// A field of the statement has another value.
        Set = "set",
        /// Two of the people are one.
        Merge = "merge",
        /// A speaker is not the one of that name in other articles.
        Split = "split",
    }

    /// The fields that can be set.
    Field {
        /// Who said it.
        Speaker = "speaker",
        /// In which office.
        Role = "role",
        /// On which day, in EDTF.
        Said = "said",
    }
}

/// A value of few out of a row; a name that is none of them is a fault of the row.
fn named<T: Named>(value: ValueRef<'_>) -> FromSqlResult<T> {
    let name = value.as_str()?;
    T::of(name).ok_or_else(|| FromSqlError::Other(format!("“{name}” is not a value of this column").into()))
}

/// A kind of the vocabulary that all of onrecord shares, out of a row.
pub(crate) struct Sql<T>(pub(crate) T);

impl<T: Named> FromSql for Sql<T> {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        named(value).map(Sql)
    }
}

macro_rules! shared {
    ($($name:ident: $($variant:ident)*;)*) => {$(
        impl Named for $name {
            fn all() -> &'static [Self] {
                &[$(Self::$variant),*]
            }

            fn name(self) -> &'static str {
                self.name()
            }
        }
    )*};
}

shared! {
    StatementKind: Direct Indirect Mixed;
    SpeakerKind: Person Organization Group Document Unnamed None;
    EntityKind: Person Organization Place;
    Act: Say Ask Demand Warn Threaten Promise Accuse Praise Deny Admit Agree Decline Believe Want Find;
    Status: Made NotMade Expected Possible Disputed;
}
