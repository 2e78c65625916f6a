//! The setting that governs a cause of lost service.

use crate::results::waterfall::WaterfallStep;

/// Returns the setting and its value, as the file has it: `dns.answer_ttl = 60s`, and whether that is the default; `None` if no
/// setting governs the cause.
pub fn setting(step: &WaterfallStep) -> Option<String> {
    let (key, value) = (step.key.as_ref()?, step.value.as_ref()?);
    let default = if step.is_default { " (default)" } else { "" };
    Some(format!("{key} = {value}{default}"))
}
