//! Serves the built page.

use std::net::Ipv4Addr;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Result, ensure};
use axum::http::{HeaderValue, header};
use axum::response::Response;
use axum::{Router, middleware};
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tower_http::services::ServeDir;

/// A server for `dist` at a free local port. It serves the page twice: at the root, and under
/// [`Site::SUB_PATH`].
#[derive(Debug)]
pub struct Site {
    port: u16,
    server: JoinHandle<()>,
    _packed: Option<TempDir>,
}

impl Site {
    /// A path at which a host with other pages could put this one.
    pub const SUB_PATH: &str = "some/course/week-3";

    /// Starts to serve what `cargo xtask dist` has built.
    ///
    /// # Errors
    /// If nothing has been built, or no port is free.
    pub async fn start() -> Result<Self> {
        Self::serve(dist(), None, None).await
    }

    /// The same from a server that compresses the files, as `gzip -9` does.
    ///
    /// # Errors
    /// If nothing has been built, no port is free, or there is no `gzip`.
    pub async fn start_packed() -> Result<Self> {
        let packed = TempDir::with_prefix("quorumscope-packed-")?;
        let copied =
            Command::new("cp").arg("-r").arg(dist().join(".")).arg(packed.path()).status()?;
        let made =
            Command::new("gzip").args(["-9", "-n", "-k", "-r"]).arg(packed.path()).status()?;
        ensure!(copied.success() && made.success(), "dist could not be packed");
        Self::serve(packed.path().to_owned(), Some(packed), None).await
    }

    /// The same with a Content-Security-Policy for every file.
    ///
    /// # Errors
    /// If nothing has been built, or no port is free.
    pub async fn start_with_policy(policy: &'static str) -> Result<Self> {
        Self::serve(dist(), None, Some(policy)).await
    }

    async fn serve(
        dist: PathBuf,
        packed: Option<TempDir>,
        policy: Option<&'static str>,
    ) -> Result<Self> {
        ensure!(
            dist.join("index.html").is_file(),
            "there is no page to test: run `cargo xtask dist` first"
        );
        let below = format!("/{}", Self::SUB_PATH);
        let routes = Router::new()
            .nest_service(&below, ServeDir::new(&dist).precompressed_gzip())
            .fallback_service(ServeDir::new(&dist).precompressed_gzip())
            .layer(middleware::map_response(move |mut response: Response| async move {
                if let Some(policy) = policy {
                    let policy = HeaderValue::from_static(policy);
                    response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, policy);
                }
                response
            }));
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

    /// The address of the same page under [`Site::SUB_PATH`].
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
