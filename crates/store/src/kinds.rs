//! Types for columns that have only a few possible values.

use std::fmt;

use onrecord_text::answers::{Corrected, CorrectedEvent, DecidedField, DecisionKind};
use onrecord_text::{
    Act, BlockKind, EntityKind, EventStatus, EventType, NoticeKind, Side, SpeakerKind, StatementKind, Status,
};
use rusqlite::types::{FromSql, FromSqlError, FromSqlResult, Null, ToSql, ToSqlOutput, ValueRef};

/// A type with only a few values, each of which has a name in the store.
pub(crate) trait Named: Copy + 'static {
    fn all() -> &'static [Self];
    fn name(self) -> &'static str;

    fn of(name: &str) -> Option<Self> {
        Self::all().iter().copied().find(|value| value.name() == name)
    }
}

/// Returns what an entity is when it speaks. A place that speaks, such as a country, is its government.
pub(crate) fn as_speaker(entity: EntityKind) -> SpeakerKind {
    match entity {
        EntityKind::Person => SpeakerKind::Person,
        EntityKind::Organization | EntityKind::Place => SpeakerKind::Organization,
    }
}

macro_rules! kinds {
    ($($(#[$about:meta])* $name:ident { $($(#[$of:meta])* $variant:ident = $text:literal,)* })*) => {$(
        $(#[$about])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum $name { $($(#[$of])* $variant,)* }

        impl $name {
            /// Returns the name used in the store, on screen and in JSON.
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
    /// How an entity may be linked to a statement.
    Link {
        /// It made the statement.
        Speaker = "speaker",
        /// It is whom the statement was addressed to.
        Addressee = "addressee",
        /// It is the medium of the statement.
        Medium = "medium",
        /// It is the occasion of the statement.
        Occasion = "occasion",
        /// It is named in the content.
        About = "about",
    }

    /// What a person decided about a statement or report as a whole.
    Ruling {
        /// It is right.
        Accepted = "accepted",
        /// It is wrong.
        Rejected = "rejected",
    }

    /// The part that somebody has in an event.
    Part {
        /// They act.
        Actor = "actor",
        /// It is done to them.
        Recipient = "recipient",
    }
}

/// Reads a value of such a type from a row. Any other name is an error in the row.
fn named<T: Named>(value: ValueRef<'_>) -> FromSqlResult<T> {
    let name = value.as_str()?;
    T::of(name).ok_or_else(|| FromSqlError::Other(format!("“{name}” is not a value of this column").into()))
}

/// A kind from onrecord's shared vocabulary, as rows have it.
pub(crate) struct Sql<T>(pub(crate) T);

/// A column that is empty in stores of earlier schemas.
pub(crate) struct Given<T>(pub(crate) Option<T>);

impl<T: Named> FromSql for Given<T> {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        if value.as_str()?.is_empty() { Ok(Self(None)) } else { named(value).map(|value| Self(Some(value))) }
    }
}

impl<T: Named> FromSql for Sql<T> {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        named(value).map(Sql)
    }
}

impl<T: Named> FromSql for Sql<Option<T>> {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        if value == ValueRef::Null { Ok(Self(None)) } else { named(value).map(|value| Self(Some(value))) }
    }
}

impl<T: Named> ToSql for Sql<Option<T>> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(self.0.map_or(ToSqlOutput::from(Null), |value| value.name().into()))
    }
}

impl<T: Named> ToSql for Sql<T> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(self.0.name().into())
    }
}

macro_rules! shared {
    ($($name:ident),*) => {$(
        impl Named for $name {
            fn all() -> &'static [Self] {
                &Self::ALL
            }

            fn name(self) -> &'static str {
                self.name()
            }
        }
    )*};
}

shared!(
    StatementKind,
    SpeakerKind,
    EntityKind,
    Act,
    Status,
    BlockKind,
    NoticeKind,
    EventType,
    EventStatus,
    Side,
    DecisionKind,
    DecidedField,
    Corrected,
    CorrectedEvent
);
