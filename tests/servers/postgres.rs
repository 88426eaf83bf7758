//! PostgreSQL, if it is installed.

use crate::cluster::{Cluster, find_bin};
use crate::{How, Server};

/// Starts a server.
pub fn start() -> Option<Box<dyn Server>> {
    Some(Box::new(crate::cluster::start(find_bin(None)?, &[]).unwrap()))
}

impl Server for Cluster {
    fn run(&self, database: &str, script: &str, how: How) -> Result<(), String> {
        let file = self.folder().join(format!("{database}.sql"));
        if how == How::FreshLenient {
            std::fs::write(&file, format!("CREATE DATABASE {database};")).unwrap();
            self.psql("postgres", &file, true)?;
        }
        std::fs::write(&file, script).unwrap();
        self.psql(database, &file, how == How::Strict).map(drop)
    }
}
