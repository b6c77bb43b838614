//! Messages between the coordinating client and the replicas.

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
        /// The operation.
        operation: OperationId,
        /// The key.
        key: Word,
        /// Its new version.
        version: Arc<Version>,
    },
    /// The version was received, whether it won or not.
    WriteReply {
        /// The operation.
        operation: OperationId,
    },
    /// Send me your version.
    Read {
        /// The operation.
        operation: OperationId,
        /// The key.
        key: Word,
    },
    /// My version.
    ReadReply {
        /// The operation.
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

    /// The operation that it belongs to.
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
