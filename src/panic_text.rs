//! The text of a panic, for the error that it becomes.

use std::any::Any;

/// Returns the message of a panic that was caught.
pub(crate) fn panic_text(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<String>().map(String::as_str);
    text.or_else(|| panic.downcast_ref().copied()).unwrap_or("a panic without a message").to_owned()
}

#[cfg(test)]
mod tests {
    use std::panic::catch_unwind;

    use super::*;

    #[test]
    fn a_panic_has_its_message_and_one_without_is_said_to_have_none() {
        let text = |panic: Box<dyn Any + Send>| panic_text(panic.as_ref());
        assert_eq!(text(catch_unwind(|| panic!("no {}", "way")).unwrap_err()), "no way");
        assert_eq!(text(catch_unwind(|| panic!("no")).unwrap_err()), "no");
        assert_eq!(text(Box::new(7)), "a panic without a message");
    }
}
