//! The names that other parts of a file refer to, and values that are such names.

use serde_json::json;

use super::geography_id::GeographyId;
use super::region_id::RegionId;
use super::text::document::Node;
use super::text::kind::{ValueKind, any_text, special, text, texts};
use super::text::suggest::{listed, unknown};

/// The names that other parts of a file refer to.
#[derive(Clone, Debug, Default)]
pub(super) struct Names {
    /// Regions in file order; two, or a problem has been reported.
    pub(super) regions: Vec<String>,
    /// Geographies in file order.
    pub(super) geographies: Vec<String>,
    /// Designs in file order.
    pub(super) designs: Vec<String>,
}

impl Names {
    /// Returns the region called `name`.
    fn region(&self, name: &str) -> Result<RegionId, String> {
        match self.regions.iter().take(2).position(|known| known == name) {
            Some(at) => Ok(RegionId::BOTH[at]),
            None => Err(unknown("region", name, &self.regions)),
        }
    }

    /// Reads both regions in an order.
    pub(super) fn order(&self, node: &Node) -> Result<[RegionId; 2], String> {
        let ids = texts(node)?.iter().map(|name| self.region(name)).collect::<Result<Vec<_>, _>>()?;
        match ids[..] {
            [first, second] if first != second => Ok([first, second]),
            _ => Err(format!("must name both regions once: {}", listed(&self.regions))),
        }
    }

    /// The kind of a name of a region.
    pub(super) fn a_region(&self) -> impl ValueKind<Value = RegionId> {
        special("region", any_text, RegionId::First, |node| self.region(&text(node)?))
    }

    /// The kind of a list of both regions in an order.
    pub(super) fn both_regions(&self) -> impl ValueKind<Value = [RegionId; 2]> {
        let two = || json!({ "type": "array", "items": { "type": "string" }, "minItems": 2, "maxItems": 2 });
        special("both regions", two, RegionId::BOTH, |node| self.order(node))
    }

    /// The kind of a name of a geography.
    pub(super) fn a_geography(&self) -> impl ValueKind<Value = GeographyId> {
        special("geography", any_text, GeographyId::FIRST, |node| {
            let name = text(node)?;
            let at = self.geographies.iter().position(|known| *known == name);
            let at = at.ok_or_else(|| unknown("geography", &name, &self.geographies))?;
            GeographyId::try_from(at).map_err(|error| error.to_string())
        })
    }

    /// The kind of a name of a design.
    pub(super) fn a_design(&self) -> impl ValueKind<Value = String> {
        special("design", any_text, String::new(), |node| {
            let name = text(node)?;
            if self.designs.contains(&name) { Ok(name) } else { Err(unknown("design", &name, &self.designs)) }
        })
    }
}
