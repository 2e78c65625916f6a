//! Incidents of every kind.

use super::world::seconds;
use super::{DOWN_S, Dice, HORIZON_S};

pub(super) fn incident(dice: &mut Dice<'_>, place: u64) -> String {
    let kind = dice.one_of(&[
        "region-outage",
        "region-isolation",
        "app-outage",
        "database-outage",
        "database-outage",
        "region-outage",
        "link-partition",
        "dns-outage",
        "link-slow",
        "replication-stall",
        "path-outage",
        "checker-outage",
        "gray",
        "control-plane-outage",
        "traffic-surge",
    ]);
    let schedule = if dice.from(0, 2) == 0 {
        format!("every = {}\nlasts = {}\n", seconds(dice, 90), seconds(dice, 20))
    } else {
        let lasts = match dice.from(0, 2) {
            0 => HORIZON_S,
            _ => dice.from(1, 200),
        };
        format!("at = \"{}s\"\nlasts = \"{lasts}s\"\n", dice.from(60, 400))
    };
    format!("[[incidents]]\nname = \"number {place}\"\nkind = \"{kind}\"\n{}{schedule}", what(dice, kind))
}

/// Writes the keys of an incident of that kind.
fn what(dice: &mut Dice<'_>, kind: &str) -> String {
    let region = dice.one_of(&["x", "y"]);
    let geography = dice.one_of(&["east", "west"]);
    let ends = dice.one_of(&["", "target = [\"x\", \"y\"]\n"]);
    let in_flight = dice.one_of(&["", "in_flight = \"lost\"\n", "in_flight = \"delivered\"\n"]);
    match kind {
        "replication-stall" => ends.to_owned(),
        "link-partition" => format!("{ends}{in_flight}"),
        "link-slow" => format!("{ends}delay = \"300ms\"\n"),
        "control-plane-outage" => dice.one_of(&["", "target = \"x\"\n", "fails = 0.5\n"]).to_owned(),
        "region-isolation" => format!("target = \"{region}\"\n{in_flight}"),
        "dns-outage" => dice
            .one_of(&[
                "target = \"gtm\"\n",
                "target = \"zone\"\n",
                "target = \"east\"\n",
                "target = \"gtm\"\nmode = \"empty\"\n",
                "target = \"zone\"\nmode = \"silent\"\n",
            ])
            .to_owned(),
        "path-outage" => format!("target = \"{geography}\"\nregion = \"{region}\"\n{in_flight}"),
        "checker-outage" => {
            let which = dice.one_of(&["", "region = \"x\"\n"]);
            format!("target = \"{geography}\"\n{which}")
        }
        "gray" => format!(
            "target = \"{region}\"\nfactor = {}\nerrors = {}\n",
            dice.one_of(&["3.0", "100.0"]),
            dice.one_of(&["0.0", "0.5"])
        ),
        "traffic-surge" => {
            format!("target = \"{geography}\"\nfactor = {}\n", dice.one_of(&["0.0", "0.5", "4.0"]))
        }
        _ => {
            let share = if kind == "app-outage" { dice.one_of(&["", "share = 0.4\n", "share = 0.7\n"]) } else { "" };
            let storage = ["", "storage = \"destroyed\"\n", "storage = \"survives\"\n"];
            let storage = if kind == "database-outage" { dice.one_of(&storage) } else { "" };
            format!("target = \"{region}\"\nmode = \"{}\"\n{share}{storage}", dice.one_of(&["blackhole", "refuse"]))
        }
    }
}

/// Incidents that leave neither region able to answer.
pub(super) fn both_regions_down(dice: &mut Dice<'_>) -> String {
    let mut text = String::new();
    for region in ["x", "y"] {
        let kind = dice.one_of(&[
            "kind = \"region-outage\"",
            "kind = \"region-outage\"\nmode = \"refuse\"",
            "kind = \"region-isolation\"",
            "kind = \"app-outage\"",
            "kind = \"app-outage\"\nmode = \"blackhole\"",
        ]);
        text += &format!(
            "[[incidents]]\nname = \"{region} is gone\"\n{kind}\ntarget = \"{region}\"\nat = \"{}s\"\nlasts = \"{}s\"\n",
            DOWN_S[0],
            DOWN_S[1] - DOWN_S[0]
        );
    }
    text
}
