//! What comments say about the statement they stand at: `-- name: q01; calls: 40000`,
//! `-- calls=1000 mean_ms=3.1` behind it, sqlc's `-- name: GetUser :one`.

/// The facts of the comments around one statement.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Annotation {
    /// `name:`
    pub name: Option<String>,
    /// `calls:`
    pub calls: Option<f64>,
    /// `mean_ms:`
    pub mean_ms: Option<f64>,
    /// `total_ms:`
    pub total_ms: Option<f64>,
    /// `min_ms:`
    pub min_ms: Option<f64>,
    /// `max_ms:`
    pub max_ms: Option<f64>,
    /// `rows:`, per call
    pub rows: Option<f64>,
}

/// Reads comments, marks included. What is no annotation is prose and ignored.
pub fn read_annotation(comments: &str) -> Annotation {
    let mut annotation = Annotation::default();
    for (_, line) in crate::text::lines(comments) {
        let content = line.trim().trim_start_matches(['-', '#', '/', '*', ' ', '\t']);
        for part in content.trim_end_matches(['*', '/']).split(';') {
            annotation.read_part(part.trim());
        }
    }
    annotation
}

impl Annotation {
    /// `key: value`, or several `key=value` with spaces or commas between.
    fn read_part(&mut self, part: &str) {
        if let Some((key, value)) = part.split_once(':')
            && key.trim().eq_ignore_ascii_case("name")
        {
            self.name = statement_name(value);
            return;
        }
        let mut words = part.split([' ', '\t', ',', '=', ':']).filter(|word| !word.is_empty());
        while let Some(key) = words.next() {
            let Some(field) = self.field(key) else { return };
            match words.next().and_then(number) {
                Some(value) => *field = Some(value),
                None => return,
            }
        }
    }

    fn field(&mut self, key: &str) -> Option<&mut Option<f64>> {
        Some(match key.to_ascii_lowercase().as_str() {
            "calls" | "executions" => &mut self.calls,
            "mean_ms" | "avg_ms" => &mut self.mean_ms,
            "total_ms" => &mut self.total_ms,
            "min_ms" => &mut self.min_ms,
            "max_ms" => &mut self.max_ms,
            "rows" => &mut self.rows,
            _ => return None,
        })
    }
}

/// The name without what sqlc writes behind it: `:one`, `:many`, `:execrows`.
fn statement_name(value: &str) -> Option<String> {
    let name = value.trim();
    let name = match name.rsplit_once(':') {
        Some((lead, tag)) if lead.ends_with([' ', '\t']) && !tag.contains(' ') => lead.trim_end(),
        _ => name,
    };
    (!name.is_empty()).then(|| name.to_owned())
}

/// A count or a time: `40000`, `40_000`, `1e6`, `3.1ms`; never negative, never infinite.
fn number(word: &str) -> Option<f64> {
    let digits = word.trim_end_matches("ms").replace('_', "");
    digits.parse().ok().filter(|n: &f64| n.is_finite() && *n >= 0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings() {
        let named =
            |name: &str| Annotation { name: Some(name.to_owned()), ..Annotation::default() };
        let cases = [
            ("-- name: q01; calls: 40000", Annotation { calls: Some(40000.0), ..named("q01") }),
            ("-- name: GetUser :one", named("GetUser")),
            ("-- intro\n-- name: a b\n", named("a b")),
            (
                "-- calls=1_000 mean_ms=3.1ms",
                Annotation { calls: Some(1000.0), mean_ms: Some(3.1), ..Annotation::default() },
            ),
            (
                "/* calls: 5, rows = 2 */",
                Annotation { calls: Some(5.0), rows: Some(2.0), ..Annotation::default() },
            ),
            ("-- it calls the police", Annotation::default()),
            ("-- calls: many", Annotation::default()),
            ("-- calls: -1", Annotation::default()),
        ];
        for (comment, want) in cases {
            assert_eq!(read_annotation(comment), want, "{comment}");
        }
    }
}
