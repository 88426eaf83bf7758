//! Applications to try the page with. They are also the fixtures of the tests.

/// One application.
pub struct Sample {
    /// Name in the menu.
    pub title: &'static str,
    /// What there is to see.
    pub about: &'static str,
    /// Files: name and text.
    pub files: &'static [(&'static str, &'static str)],
}

/// A file of a sample: its name and its text.
macro_rules! file {
    ($sample:literal, $name:literal) => {
        ($name, include_str!(concat!("../../www/samples/", $sample, "/", $name)))
    };
}

/// In the order of the menu; the first one is shown at the start.
pub const SAMPLES: &[Sample] = &[
    Sample {
        title: "Bots",
        about: "A chat-bot platform; its design document says: no redundant indexes.",
        files: &[
            file!("bots", "schema.sql"),
            file!("bots", "queries.sql"),
            file!("bots", "plans.txt"),
            file!("bots", "plan.json"),
            file!("bots", "statistics.json"),
        ],
    },
    Sample {
        title: "Health",
        about: "A health assistant: newest first, covering and partial indexes, a leaderboard.",
        files: &[
            file!("health", "schema.sql"),
            file!("health", "queries.sql"),
            file!("health", "server.log"),
            file!("health", "plans.txt"),
            file!("health", "statistics.json"),
        ],
    },
    Sample {
        title: "Agents",
        about: "Agents and their workflows: sixteen indexes, several of them redundant.",
        files: &[
            file!("agents", "schema.sql"),
            file!("agents", "queries.sql"),
            file!("agents", "plans.txt"),
            file!("agents", "plan.json"),
            file!("agents", "statistics.json"),
        ],
    },
];
