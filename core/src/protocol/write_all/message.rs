//! What the coordinating client and the replicas say to each other.

use crate::ids::OperationId;
use crate::protocol::Kind;
use crate::store::{Quoted, Version, Word};
use serde::Serialize;
use std::sync::Arc;

/// Between a coordinating client and the replicas.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub enum Message {
    /// Store this.
    Write {
        /// The operation that it is for.
        operation: OperationId,
        /// The key.
        key: Word,
        /// The new version of it.
        version: Arc<Version>,
    },
    /// It was taken note of, whether it won or not.
    WriteReply {
        /// The operation that it is for.
        operation: OperationId,
    },
    /// What do you hold?
    Read {
        /// The operation that it is for.
        operation: OperationId,
        /// The key.
        key: Word,
    },
    /// This.
    ReadReply {
        /// The operation that it is for.
        operation: OperationId,
        /// The version, if the replica has one.
        version: Option<Arc<Version>>,
    },
}

impl Message {
    /// Its kind.
    #[must_use]
    pub fn kind(&self) -> Kind {
        match self {
            Self::Write { .. } => Kind::Write,
            Self::WriteReply { .. } => Kind::WriteReply,
            Self::Read { .. } => Kind::Read,
            Self::ReadReply { .. } => Kind::ReadReply,
        }
    }

    /// The operation that it is for.
    #[must_use]
    pub fn operation(&self) -> OperationId {
        match self {
            Self::Write { operation, .. }
            | Self::WriteReply { operation }
            | Self::Read { operation, .. }
            | Self::ReadReply { operation, .. } => *operation,
        }
    }

    /// Its fields, for people.
    #[must_use]
    pub fn fields(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::Write { key, version, .. } => {
                let mut fields = vec![("key", Quoted(key).to_string())];
                fields.extend(of_version(version));
                fields
            }
            Self::Read { key, .. } => vec![("key", Quoted(key).to_string())],
            Self::ReadReply { version: Some(version), .. } => of_version(version).into(),
            Self::ReadReply { version: None, .. } => vec![("value", "no such key".into())],
            Self::WriteReply { .. } => vec![("status", "ok".into())],
        }
    }
}

fn of_version(version: &Version) -> [(&'static str, String); 2] {
    let deleted = || "deleted".to_owned();
    let value = version.value.as_ref().map_or_else(deleted, |v| Quoted(v).to_string());
    [("value", value), ("timestamp", version.stamp.time.to_string())]
}

impl crate::protocol::Payload for Message {
    fn kind(&self) -> Kind {
        self.kind()
    }

    fn load(&self) -> usize {
        1
    }

    fn fields(&self) -> Vec<(&'static str, String)> {
        self.fields()
    }
}
