//! Numbers in JSON: one that lies beyond the horizon is infinite in memory and the string `"censored"` in the file.

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A number as it is written.
#[derive(Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(untagged)]
pub(super) enum Written {
    Value(f64),
    Beyond(Censored),
}

/// The word for a number beyond the horizon.
#[derive(Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub(super) enum Censored {
    Censored,
}

impl From<f64> for Written {
    fn from(number: f64) -> Self {
        if number.is_finite() { Written::Value(number) } else { Written::Beyond(Censored::Censored) }
    }
}

impl From<Written> for f64 {
    fn from(written: Written) -> Self {
        match written {
            Written::Value(value) => value,
            Written::Beyond(Censored::Censored) => f64::INFINITY,
        }
    }
}

/// Writes a number.
pub(super) fn serialize<S: Serializer>(number: &f64, serializer: S) -> Result<S::Ok, S::Error> {
    Written::from(*number).serialize(serializer)
}

/// Reads a number.
pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<f64, D::Error> {
    Written::deserialize(deserializer).map(f64::from)
}

/// The same for a number that may be absent, which is null.
pub(super) mod maybe {
    use super::{Deserialize, Deserializer, Serialize, Serializer, Written};

    pub(in super::super) fn serialize<S: Serializer>(number: &Option<f64>, serializer: S) -> Result<S::Ok, S::Error> {
        number.map(Written::from).serialize(serializer)
    }

    pub(in super::super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<f64>, D::Error> {
        Ok(Option::<Written>::deserialize(deserializer)?.map(f64::from))
    }
}
