//! A small web server for this machine alone: the files of a folder, and what a caller adds.

use std::io::{BufRead, BufReader, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;
use std::thread;

use anyhow::{Context, Result};

/// The longest body of a request that is read.
const LONGEST_BODY: usize = 4 << 20;

/// A request: its method, its path without what stands behind `?`, and its body.
#[derive(Debug)]
pub struct Request {
    /// `GET`, or another.
    pub method: String,
    /// Begins with `/`.
    pub path: String,
    /// Its body.
    pub body: Vec<u8>,
}

/// An answer to a request.
#[derive(Debug)]
pub struct Answer {
    /// Its type, as in the header `Content-Type`.
    pub kind: &'static str,
    /// Its content.
    pub body: Vec<u8>,
}

/// Answers the requests that the folder does not.
pub type Extra = dyn Fn(&Request) -> Option<Answer> + Send + Sync;

/// Serves a folder at a port of this machine (0: any that is free) until the program ends. Returns the
/// port.
pub fn serve(folder: &Path, port: u16, extra: Arc<Extra>) -> Result<u16> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port))
        .with_context(|| format!("port {port} of 127.0.0.1 is taken"))?;
    let port = listener.local_addr()?.port();
    let folder = folder.to_owned();
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let (folder, extra) = (folder.clone(), Arc::clone(&extra));
            // A browser that hangs up in the middle is no concern of the others.
            thread::spawn(move || _ = converse(stream, &folder, &*extra));
        }
    });
    Ok(port)
}

fn converse(mut stream: TcpStream, folder: &Path, extra: &Extra) -> Result<()> {
    let mut reader = BufReader::new(stream.try_clone()?);
    let request = read(&mut reader)?;
    let answer = extra(&request).or_else(|| file(folder, &request.path));
    let (status, answer) = match answer {
        Some(answer) => ("200 OK", answer),
        None => (
            "404 Not Found",
            Answer { kind: "text/plain", body: b"there is no such file".to_vec() },
        ),
    };
    let Answer { kind, body } = answer;
    let length = body.len();
    let head = format!(
        "HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {length}\r\n\
         Cache-Control: no-store\r\nConnection: close\r\n\r\n"
    );
    stream.write_all(head.as_bytes())?;
    stream.write_all(&body)?;
    Ok(())
}

fn read(reader: &mut impl BufRead) -> Result<Request> {
    let mut line = String::new();
    reader.read_line(&mut line)?;
    let mut words = line.split_whitespace();
    let method = words.next().context("a request has a method")?.to_owned();
    let target = words.next().context("a request has a path")?;
    let path = target.split(['?', '#']).next().unwrap_or_default().to_owned();
    let mut length = 0;
    loop {
        let mut header = String::new();
        if reader.read_line(&mut header)? == 0 || header.trim().is_empty() {
            break;
        }
        if let Some((name, value)) = header.split_once(':')
            && name.eq_ignore_ascii_case("content-length")
        {
            length = value.trim().parse::<usize>()?.min(LONGEST_BODY);
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body)?;
    Ok(Request { method, path, body })
}

fn file(folder: &Path, path: &str) -> Option<Answer> {
    let inside = Path::new(path.trim_start_matches('/'));
    // Nothing outside of the folder.
    if !inside.components().all(|part| matches!(part, Component::Normal(_))) {
        return None;
    }
    let mut file: PathBuf = folder.join(inside);
    if file.is_dir() {
        file.push("index.html");
    }
    let kind = kind(&file);
    std::fs::read(file).ok().map(|body| Answer { kind, body })
}

/// The type of a file, by the end of its name.
fn kind(file: &Path) -> &'static str {
    match file.extension().and_then(|extension| extension.to_str()) {
        Some("html") => "text/html; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("wasm") => "application/wasm",
        Some("svg") => "image/svg+xml",
        Some("webmanifest") => "application/manifest+json",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_is_read_with_its_body() {
        let sent = "POST /there?a=1 HTTP/1.1\r\nHost: here\r\ncontent-length: 3\r\n\r\nabcd";
        let request = read(&mut sent.as_bytes()).expect("a request");
        assert_eq!((request.method.as_str(), request.path.as_str()), ("POST", "/there"));
        assert_eq!(request.body, b"abc");
    }

    #[test]
    fn nothing_outside_of_the_folder_is_served() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
        assert!(file(&folder, "/main.rs").is_some());
        assert!(file(&folder, "/../Cargo.toml").is_none());
        assert!(file(&folder, "//etc/passwd").is_none());
    }
}
