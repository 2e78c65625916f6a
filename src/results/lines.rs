//! JSON of which the outer levels are indented and the inner ones stand on one line each: to be read, compared line by line, and short.

use std::io::{self, Write};

use serde::Serialize;
use serde_json::ser::{CompactFormatter, Formatter, PrettyFormatter, Serializer};

/// Writes `value` with the arrays and objects of the first `levels` levels indented, ending with a line break.
pub(super) fn to_json(value: &impl Serialize, levels: usize) -> String {
    let mut text = Vec::new();
    let lines = Lines { levels, level: 0, outer: PrettyFormatter::new(), inner: CompactFormatter };
    value.serialize(&mut Serializer::with_formatter(&mut text, lines)).expect("plain data is JSON");
    text.push(b'\n');
    String::from_utf8(text).expect("JSON is UTF-8")
}

struct Lines {
    levels: usize,
    /// Arrays and objects that are open.
    level: usize,
    outer: PrettyFormatter<'static>,
    inner: CompactFormatter,
}

/// Leaves a step to the formatter of the level.
macro_rules! by_level {
    ($self:ident.$step:ident($($argument:expr),*)) => {
        if $self.level <= $self.levels { $self.outer.$step($($argument),*) } else { $self.inner.$step($($argument),*) }
    };
}

impl Formatter for Lines {
    fn begin_array<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.level += 1;
        by_level!(self.begin_array(writer))
    }

    fn end_array<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        let ended = by_level!(self.end_array(writer));
        self.level -= 1;
        ended
    }

    fn begin_array_value<W: ?Sized + Write>(&mut self, writer: &mut W, first: bool) -> io::Result<()> {
        by_level!(self.begin_array_value(writer, first))
    }

    fn end_array_value<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        by_level!(self.end_array_value(writer))
    }

    fn begin_object<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.level += 1;
        by_level!(self.begin_object(writer))
    }

    fn end_object<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        let ended = by_level!(self.end_object(writer));
        self.level -= 1;
        ended
    }

    fn begin_object_key<W: ?Sized + Write>(&mut self, writer: &mut W, first: bool) -> io::Result<()> {
        by_level!(self.begin_object_key(writer, first))
    }

    fn begin_object_value<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        by_level!(self.begin_object_value(writer))
    }

    fn end_object_value<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        by_level!(self.end_object_value(writer))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::to_json;

    #[test]
    fn inner_levels_stand_on_a_line_and_nothing_is_lost() {
        let value = json!({ "a": [1, { "b": [], "c": { "d": null } }], "e": {}, "f": "g\n" });
        let text = to_json(&value, 2);
        let expected =
            "{\n  \"a\": [\n    1,\n    {\"b\":[],\"c\":{\"d\":null}}\n  ],\n  \"e\": {},\n  \"f\": \"g\\n\"\n}\n";
        assert_eq!(text, expected);
        assert_eq!(serde_json::from_str::<Value>(&text).unwrap(), value);
        assert_eq!(to_json(&value, 9), serde_json::to_string_pretty(&value).unwrap() + "\n");
    }
}
