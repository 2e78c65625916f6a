//! Names that a file chooses, and which of them are allowed everywhere that they are shown.

use super::printable::{is_unprintable, quotation};

/// Longest name, in characters.
const LONGEST: usize = 64;
/// Characters that a spreadsheet takes for the beginning of a formula, at full width too.
const FORMULAS: [char; 8] = ['=', '+', '-', '@', '\u{ff1d}', '\u{ff0b}', '\u{ff0d}', '\u{ff20}'];
/// Characters that a file's name cannot have on Windows, beside those that no name may have.
const NOT_ON_WINDOWS: [char; 6] = ['<', '>', '"', '|', '?', '*'];
/// Names that Windows keeps for devices, whatever follows a dot; the last four with a digit behind.
const DEVICES: [&str; 6] = ["aux", "con", "nul", "prn", "com", "lpt"];

/// Checks a name that the file chooses: it is shown in tables and charts, stands in cells of CSV files, and is typed after an
/// option.
pub(in crate::scenario) fn check_name(name: &str) -> Result<(), String> {
    let allowed = "a name is 1 to 64 printable characters, without /, \\ or :, and does not begin with a dot or a space, nor, as \
                   formulas do, with =, +, - or @";
    // A program whose columns are set apart by semicolons looks behind each of them.
    let is_formula = name.split(';').any(|part| part.trim_start().starts_with(FORMULAS));
    let fault = if name.trim().is_empty() {
        "is empty"
    } else if name.chars().count() > LONGEST {
        "is too long"
    } else if name.chars().any(is_unprintable) {
        "has characters that cannot be printed"
    } else if name.contains(['/', '\\', ':']) {
        "has a path separator"
    } else if name.starts_with(['.', ' ']) || name.ends_with(' ') {
        "begins or ends badly"
    } else if is_formula {
        "is a formula to a spreadsheet"
    } else if name.contains("##[") {
        "is a command to a CI system"
    } else {
        return Ok(());
    };
    Err(format!("the name {} {fault}; {allowed}", quotation(name)))
}

/// Checks the name of a scenario, which its folder of results is called by: it must be one on Windows, too.
pub(in crate::scenario) fn check_file_name(name: &str) -> Result<(), String> {
    check_name(name)?;
    let stem = name.split('.').next().unwrap_or(name).trim_end().to_lowercase();
    let is_device = DEVICES.iter().enumerate().any(|(place, device)| match stem.strip_prefix(device) {
        Some("") => place < 4,
        Some(rest) => place >= 4 && rest.chars().count() == 1 && rest.chars().all(|c| "0123456789¹²³".contains(c)),
        None => false,
    });
    let fault = if name.contains(NOT_ON_WINDOWS) {
        "has one of <, >, \", |, ? and *"
    } else if name.ends_with('.') {
        "ends with a dot"
    } else if is_device {
        "is a device"
    } else {
        return Ok(());
    };
    Err(format!("the name {} {fault}; a scenario is called by what may name a file on Windows, too", quotation(name)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_and_commands_are_no_names() {
        for formula in ["=1+1", "+1", "-x", "@a", "\u{ff1d}1", "a;=1", "a; @b"] {
            assert!(check_name(formula).unwrap_err().contains("is a formula"), "{formula}");
        }
        assert!(check_name("a##[error]").unwrap_err().contains("a command"));
        for good in ["active-active", "1+1=2", "a; touch pwned; #", "<b>", "con", "a*b?", "ops@night", "東京"] {
            assert_eq!(check_name(good), Ok(()), "{good}");
        }
    }

    #[test]
    fn a_scenario_is_called_by_what_may_name_a_file_on_windows() {
        for bad in ["a*b?<>|", "con", "CON", "con.toml", "nul .x", "COM1", "lpt9.x", "x.", "a\"b", "com²"] {
            assert!(check_file_name(bad).unwrap_err().contains("on Windows, too"), "{bad}");
        }
        for good in ["console", "com", "com10", "lpt", "x.y", "article", "Größe 1"] {
            assert_eq!(check_file_name(good), Ok(()), "{good}");
        }
    }
}
