//! Hashes of whole runs: when one changes, existing links play differently.

mod scripts;

use quorumscope_core::run::{LANGUAGE_VERSION, Run};
use quorumscope_core::script::{self, link};
use quorumscope_core::session::Session;
use quorumscope_core::settings::Preset;
use quorumscope_core::time::Time;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Number of random scripts per preset.
const RANDOM: u64 = 20;
/// Number of moments at which the state of a run is hashed, evenly spaced; the last is its end.
const MOMENTS: u64 = 8;

/// The file of hashes: the version of the language, then one run per line.
fn golden() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/hashes.txt")
}

/// The steps of a run, and its states at the moments, folded into one number (FNV-1a).
fn fingerprint(run: Run) -> String {
    let end = run.show.expect("it says with show where it ends").at.as_us();
    let mut session = Session::new(Run { show: None, ..run });
    let mut all: u64 = 0xcbf2_9ce4_8422_2325;
    for moment in 1..=MOMENTS {
        session.seek(Time::ZERO + quorumscope_core::time::Span::from_us(end * moment / MOMENTS));
        for byte in session.hash().to_le_bytes() {
            all = (all ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }
    let steps: u64 = session.worlds().map(quorumscope_core::world::World::steps).sum();
    format!("{steps} steps {all:016x}")
}

/// Every script of the collection, every link of the README, and random scripts of every preset.
fn runs() -> BTreeMap<String, Run> {
    let mut runs = BTreeMap::new();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/scripts");
    for entry in std::fs::read_dir(folder).expect("the collection is there") {
        let path = entry.expect("it can be read").path();
        let text = std::fs::read_to_string(&path).expect("it can be read");
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        runs.insert(name, parsed(&text));
    }
    let readme = include_str!("../../../README.md");
    for fragment in readme.split('`').filter(|span| span.starts_with("#v")) {
        let opened = link::decode(fragment).expect("it is a link");
        runs.insert(fragment.to_owned(), opened.run);
    }
    for preset in Preset::ALL {
        for number in 1..=RANDOM {
            runs.insert(format!("{preset} {number:02}"), parsed(&scripts::script(preset, number)));
        }
    }
    runs
}

fn parsed(text: &str) -> Run {
    script::parse(text).unwrap_or_else(|e| panic!("{e}\n{text}"))
}

#[test]
fn runs_play_as_they_did_while_the_version_stays() {
    let found = runs().into_iter().map(|(name, run)| format!("{name} | {}\n", fingerprint(run)));
    let found = format!("language {LANGUAGE_VERSION}\n{}", found.collect::<String>());
    if std::env::var_os("UPDATE_EXPECT").is_some() {
        std::fs::write(golden(), found).expect("the file of hashes can be written");
        return;
    }
    let kept = std::fs::read_to_string(golden()).unwrap_or_default();
    let differing: Vec<&str> =
        found.lines().filter(|line| !kept.lines().any(|k| k == *line)).collect();
    let gone = kept.lines().count() > found.lines().count();
    assert!(
        differing.is_empty() && !gone,
        "{} lines of {} are not as they were, such as\n    {}\n\
         A change made runs play differently, or a script came, changed or went. If no run should have \
         changed, find the cause. If they should, raise LANGUAGE_VERSION in core/src/run.rs, unless it \
         has been raised since the last release, so that older links say that they may play \
         differently; then write the hashes anew with\n    \
         UPDATE_EXPECT=1 cargo test -p quorumscope-core --test golden",
        differing.len(),
        golden().display(),
        differing.first().unwrap_or(&"(a line is gone)"),
    );
}
