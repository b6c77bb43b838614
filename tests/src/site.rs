//! The built page on a server of its own.

use std::net::Ipv4Addr;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Result, ensure};
use axum::Router;
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tower_http::services::ServeDir;

/// Serves `dist` at a free port of this machine, twice: at the root, and under [`Site::SUB_PATH`].
#[derive(Debug)]
pub struct Site {
    port: u16,
    server: JoinHandle<()>,
    _packed: Option<TempDir>,
}

impl Site {
    /// Where a host could put the page that has other pages too.
    pub const SUB_PATH: &str = "some/course/week-3";

    /// Starts to serve what `cargo xtask dist` has made.
    ///
    /// # Errors
    /// If nothing has been made, or no port is free.
    pub async fn start() -> Result<Self> {
        Self::serve(dist(), None).await
    }

    /// The same from a server that packs what it sends, as `gzip -9` does.
    ///
    /// # Errors
    /// If nothing has been made, no port is free, or there is no `gzip`.
    pub async fn start_packed() -> Result<Self> {
        let packed = TempDir::with_prefix("quorumscope-packed-")?;
        let copied =
            Command::new("cp").arg("-r").arg(dist().join(".")).arg(packed.path()).status()?;
        let made =
            Command::new("gzip").args(["-9", "-n", "-k", "-r"]).arg(packed.path()).status()?;
        ensure!(copied.success() && made.success(), "dist could not be packed");
        Self::serve(packed.path().to_owned(), Some(packed)).await
    }

    async fn serve(dist: PathBuf, packed: Option<TempDir>) -> Result<Self> {
        ensure!(
            dist.join("index.html").is_file(),
            "there is no page to test: run `cargo xtask dist` first"
        );
        let below = format!("/{}", Self::SUB_PATH);
        let routes = Router::new()
            .nest_service(&below, ServeDir::new(&dist).precompressed_gzip())
            .fallback_service(ServeDir::new(&dist).precompressed_gzip());
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let port = listener.local_addr()?.port();
        let server = tokio::spawn(async move {
            axum::serve(listener, routes).await.expect("the listener outlives the test");
        });
        Ok(Self { port, server, _packed: packed })
    }

    /// The address of the page.
    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}/", self.port)
    }

    /// The address of the same page under a path of its own.
    pub fn url_below(&self) -> String {
        format!("http://127.0.0.1:{}/{}/", self.port, Self::SUB_PATH)
    }
}

impl Drop for Site {
    fn drop(&mut self) {
        self.server.abort();
    }
}

/// The folder that `cargo xtask dist` makes.
pub fn dist() -> PathBuf {
    workspace().join("dist")
}

/// The folder of the workspace.
pub fn workspace() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .expect("this package is a folder of the workspace")
}
