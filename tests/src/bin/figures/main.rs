//! Measures the built page. `cargo xtask bench` runs it and makes the table.
//!
//! Prints one line for each sample, `sample NAME VALUE`, and `missing NAME WHY` for figures that
//! could not be measured.

mod cost;
mod frames;
mod latency;
mod memory;
mod opening;
mod size;
mod tasks;

use std::env;

use anyhow::Result;
use quorumscope_tests::fixture::with_page;
use quorumscope_tests::page::Page;

/// The figures by name. They are measured in this order, each in a browser of its own.
const FIGURES: [&str; 20] = [
    "page-size",
    "first-picture",
    "paint-slow",
    "moves-slow",
    "paint-slower",
    "moves-slower",
    "playing",
    "playing-open",
    "paused",
    "pictures",
    "crowd",
    "hundred",
    "long-play",
    "wasm-bare",
    "seek-p95",
    "why",
    "crash-click",
    "import",
    "export",
    "longest-task",
];

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<()> {
    let wanted: Vec<String> = env::args().skip(1).collect();
    for name in FIGURES {
        if !wanted.is_empty() && !wanted.iter().any(|wanted| wanted == name) {
            continue;
        }
        println!("measuring {name}");
        let measured = match name {
            "pictures" => frames::pictures().await,
            "paint-slow" => opening::on_slow_network(opening::SLOW).await.map(|both| both.0),
            "moves-slow" => opening::on_slow_network(opening::SLOW).await.map(|both| both.1),
            "paint-slower" => opening::on_slow_network(opening::SLOWER).await.map(|both| both.0),
            "moves-slower" => opening::on_slow_network(opening::SLOWER).await.map(|both| both.1),
            _ => with_page("", async |page| measure(name, page).await).await,
        };
        match measured {
            Ok(samples) => samples.iter().for_each(|sample| println!("sample {name} {sample}")),
            Err(error) => println!("missing {name} {}", format!("{error:#}").replace('\n', " ")),
        }
    }
    Ok(())
}

async fn measure(name: &str, page: &Page) -> Result<Vec<f64>> {
    match name {
        "page-size" => size::before_first_picture(page).await,
        "first-picture" => opening::first_picture(page).await,
        "playing" => cost::playing(page).await,
        "playing-open" => cost::playing_open(page).await,
        "paused" => cost::paused(page).await,
        "crowd" => cost::crowd(page).await,
        "hundred" => frames::hundred(page).await,
        "long-play" => memory::long_play(page).await,
        "wasm-bare" => latency::kernel(page).await,
        "seek-p95" => latency::seek(page).await,
        "why" => latency::why(page).await,
        "crash-click" => latency::crash(page).await,
        "import" => latency::import(page).await,
        "export" => latency::export(page).await,
        "longest-task" => tasks::longest(page).await,
        _ => anyhow::bail!("nothing measures it"),
    }
}
