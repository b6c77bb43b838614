//! Rules of the project that a reviewer would otherwise have to remember.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use quorumscope_core::script::link;
use quorumscope_core::session::Session;
use quorumscope_core::settings::Preset;
use quorumscope_tests::rooms;
use quorumscope_tests::site::workspace;

/// The most lines that a source file may have.
const MOST_LINES: usize = 800;

/// The largest share of doc lines that may begin with a relative clause without a subject, in per
/// cent.
const MOST_HEADLESS_PERCENT: usize = 2;

/// The files that belong to the project, as paths from its folder.
fn tracked() -> Vec<PathBuf> {
    let listed = Command::new("git")
        .args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"])
        .current_dir(workspace())
        .output()
        .expect("git lists the files of the project");
    assert!(listed.status.success(), "git cannot list the files of the project");
    let names = String::from_utf8(listed.stdout).expect("names of files are UTF-8");
    let files = names.split('\0').filter(|name| !name.is_empty()).map(PathBuf::from);
    files.filter(|file| workspace().join(file).is_file()).collect()
}

fn with_extension(extension: &str) -> impl Iterator<Item = PathBuf> {
    let wanted = Path::new(extension).as_os_str().to_owned();
    tracked().into_iter().filter(move |file| file.extension() == Some(&wanted))
}

fn read(file: &Path) -> String {
    let bytes = fs::read(workspace().join(file)).expect("a file that git lists can be read");
    String::from_utf8_lossy(&bytes).into_owned()
}

/// The rooms of `core/src`, from the ground up: the first column of the table in ARCHITECTURE.md.
fn rooms() -> Vec<String> {
    let map = read(Path::new("ARCHITECTURE.md"));
    let table = map.split("| room |").nth(1).expect("ARCHITECTURE.md has a table of the rooms");
    let rows = table.lines().skip(1).take_while(|line| line.starts_with('|'));
    let first_cells = rows.filter_map(|row| row.split('|').nth(1));
    let names = first_cells.flat_map(|cell| cell.split('`').skip(1).step_by(2));
    names.map(str::to_owned).collect()
}

/// The rooms of `web/src`, from the ground up: each uses only those before it.
const WEB: [&str; 51] = [
    "later",
    "dom",
    "memory",
    "clock",
    "arrival",
    "story",
    "icons",
    "look",
    "px",
    "choice",
    "still",
    "geometry",
    "glide",
    "keys",
    "divergence",
    "language",
    "known",
    "clerk",
    "judging",
    "scene",
    "player",
    "words",
    "stage",
    "transport",
    "kept",
    "lanes",
    "diagram",
    "export",
    "wrong",
    "asked",
    "compare",
    "focus",
    "field",
    "crash",
    "popover",
    "seldom",
    "share",
    "opening",
    "selected",
    "skip",
    "theme",
    "menu",
    "frame",
    "panels",
    "hunting",
    "model",
    "import",
    "header",
    "app",
    "api",
    "second",
];

/// The exceptions to that order: rooms that use one behind them. None may be added.
const KNOTS: [(&str, &str); 6] = [
    ("clerk", "lanes"),
    ("scene", "stage"),
    ("diagram", "export"),
    ("frame", "panels"),
    ("panels", "app"),
    ("import", "app"),
];

/// The room that a file of a crate belongs to, and its path in the crate; none for the crate's
/// root, nor for tests, which may use any room.
fn room_of<'a>(file: &'a Path, source: &str) -> Option<(String, &'a Path)> {
    let inside = file.strip_prefix(source).ok()?;
    if inside.iter().any(|part| part == "tests" || part == "tests.rs") {
        return None;
    }
    let first = inside.iter().next()?.to_str()?;
    let room = first.strip_suffix(".rs").unwrap_or(first);
    (room != "lib" && room != "main").then(|| (room.to_owned(), inside))
}

fn rooms_used(inside: &Path, file: &Path) -> BTreeSet<String> {
    rooms::used(inside, &read(file)).unwrap_or_else(|error| panic!("{error:#}"))
}

/// Uses that go against the order of the rooms.
fn against_the_order(source: &str, order: &[String]) -> BTreeSet<(String, String)> {
    let place = |room: &str| order.iter().position(|known| known == room);
    let mut wrong = BTreeSet::new();
    for file in with_extension("rs") {
        let Some((room, inside)) = room_of(&file, source) else { continue };
        let Some(own) = place(&room) else {
            panic!("{} is in no room of the table", file.display());
        };
        let used = rooms_used(inside, &file).into_iter();
        let below = used.filter(|used| place(used).is_some_and(|place| place > own));
        wrong.extend(below.map(|used| (room.clone(), used)));
    }
    wrong
}

#[test]
fn a_room_uses_only_rooms_above_it() {
    let rooms = rooms();
    assert!(rooms.len() > 10, "only {rooms:?} are in the table");
    let wrong = against_the_order("core/src", &rooms);
    assert!(wrong.is_empty(), "each of these uses one that is below it: {wrong:?}");
}

#[test]
fn rooms_of_the_page_use_only_those_before_them() {
    let wrong = against_the_order("web/src", &WEB.map(str::to_owned));
    let known: BTreeSet<(String, String)> =
        KNOTS.iter().map(|(room, used)| ((*room).to_owned(), (*used).to_owned())).collect();
    assert_eq!(wrong, known, "left: uses of a room that comes later; right: those that are known");
}

/// The judge of Raft's safety reads the visible state of servers; the others know only the answers
/// to clients.
#[test]
fn judges_of_histories_know_no_protocol() {
    let mut judges = 0;
    for file in with_extension("rs") {
        let Some((room, inside)) = room_of(&file, "core/src") else { continue };
        if room == "check" && !inside.starts_with("check/raft_safety") {
            judges += 1;
            assert!(!rooms_used(inside, &file).contains("protocol"), "{}", file.display());
        }
    }
    assert!(judges > 3, "only {judges} files of judges");
}

/// Only where the program is cut in two: what is loaded later is entered as a foreign function.
#[test]
fn unsafe_code_is_allowed_in_one_module() {
    let allows = concat!("allow(", "unsafe_code");
    let all: Vec<_> = with_extension("rs").filter(|file| read(file).contains(allows)).collect();
    assert_eq!(all, [PathBuf::from("web/src/second.rs")]);
}

#[test]
fn no_source_file_is_too_long() {
    for file in with_extension("rs") {
        let lines = read(&file).lines().count();
        assert!(lines <= MOST_LINES, "{} has {lines} lines: is it one idea?", file.display());
    }
}

/// The text of a line of a doc comment; None for other lines, and for an empty one.
fn doc_text(line: &str) -> Option<&str> {
    let line = line.trim_start();
    let text = line.strip_prefix("///").or_else(|| line.strip_prefix("//!"))?.trim();
    (!text.is_empty()).then_some(text)
}

/// Doc comments put the subject first: "The fate of a message" says more than "What becomes of it".
#[test]
fn doc_lines_begin_with_their_subject() {
    let (mut all, mut headless) = (0, Vec::new());
    for file in with_extension("rs") {
        for (place, line) in read(&file).lines().enumerate() {
            let Some(text) = doc_text(line) else { continue };
            all += 1;
            let first = text.split(|c: char| !c.is_alphabetic()).next().unwrap_or_default();
            if ["What", "Who", "Whose"].contains(&first) {
                headless.push(format!("{}:{}: {text}", file.display(), place + 1));
            }
        }
    }
    assert!(all > 5_000, "only {all} doc lines");
    let lines = headless.join("\n");
    let is_rare = headless.len() * 100 < all * MOST_HEADLESS_PERCENT;
    assert!(is_rare, "{} of {all} doc lines begin without a subject:\n{lines}", headless.len());
}

/// The appearance of things is defined in one place: `web/src/look`.
#[test]
fn one_room_says_what_things_look_like() {
    let words = ["is_answer()", ".family()", "\"fault\"", "\"at-fault\"", "\"answered\"", "\"t0\""];
    for file in with_extension("rs") {
        let Ok(inside) = file.strip_prefix("web/src") else { continue };
        if inside.starts_with("look") {
            continue;
        }
        let code = rooms::code(&read(&file)).unwrap_or_else(|e| panic!("{}: {e}", file.display()));
        for word in words {
            assert!(!code.contains(word), "{} says {word}: ask crate::look", file.display());
        }
    }
}

/// Colours are tokens, and the token of each class is set once.
#[test]
fn colours_stand_with_the_tokens() {
    let is_colour = |value: &str| {
        let digits = |rest: &str| rest.chars().take_while(char::is_ascii_hexdigit).count();
        let hash = value.split('#').skip(1).any(|rest| matches!(digits(rest), 3 | 4 | 6 | 8));
        hash || ["rgb(", "rgba(", "hsl(", "oklch("].iter().any(|call| value.contains(call))
    };
    let mut looked_at = 0;
    for file in with_extension("css").filter(|file| !file.ends_with("tokens.css")) {
        looked_at += 1;
        for line in read(&file).lines() {
            let values = line.split(['{', ';']).filter_map(|rule| rule.split_once(':'));
            for (name, value) in values {
                let place = format!("{}: {name}:{value}", file.display());
                assert!(!is_colour(value), "{place}: a colour is a token");
                let is_class = name.trim() == "--c" && !file.ends_with("look.css");
                assert!(!is_class, "{place}: look.css says which class has which colour");
            }
        }
    }
    assert!(looked_at > 5, "only {looked_at} style sheets");
}

/// The targets of the links of a Markdown text that are files.
fn linked_files(text: &str) -> Vec<String> {
    let targets = text.split("](").skip(1).filter_map(|rest| rest.split(')').next());
    targets
        .filter(|target| !target.contains("://") && !target.starts_with(['#', '<']))
        .filter_map(|target| target.split(['#', ' ']).next())
        .filter(|target| !target.is_empty())
        .map(str::to_owned)
        .collect()
}

#[test]
fn links_in_documents_lead_to_files() {
    for file in with_extension("md") {
        for target in linked_files(&read(&file)) {
            let folder = workspace().join(&file);
            let there = folder.parent().is_some_and(|folder| folder.join(&target).exists());
            assert!(there, "{} links to {target}, which is not there", file.display());
        }
    }
}

/// Every run that README.md links to plays, up to its `show`.
#[test]
fn links_to_runs_in_the_readme_play() {
    let readme = read(Path::new("README.md"));
    let links: Vec<&str> = readme.split('`').filter(|span| span.starts_with("#v2+")).collect();
    assert!(links.len() > 2 * Preset::ALL.len(), "each preset has two, and there is a comparison");
    for fragment in links {
        let run = link::decode(fragment).unwrap_or_else(|e| panic!("{fragment}: {e}")).run;
        let show = run.show.unwrap_or_else(|| panic!("{fragment} shows nothing"));
        let session = Session::new(run);
        assert_eq!(session.now(), show.at, "{fragment}");
        let asked = session.world(0).operations().len();
        let asks = !fragment.contains("cluster+election");
        assert_eq!(asked > 0, asks, "{fragment}: clients show what becomes of the data");
    }
}

#[test]
fn no_file_names_a_path_of_one_machine() {
    // Joined here, so that this file does not name them either.
    let homes = [["/ro", "ot/"], ["/ho", "me/"], ["/Us", "ers/"], ["/wo", "rk/"]]
        .map(|parts| parts.concat());
    for file in tracked() {
        let text = read(&file);
        for home in &homes {
            assert!(!text.contains(home.as_str()), "{} speaks of {home}", file.display());
        }
    }
}

#[test]
fn the_library_and_the_tool_that_binds_it_have_one_version() {
    let manifest = read(Path::new("Cargo.toml"));
    let pinned =
        manifest.split("wasm-bindgen = \"=").nth(1).and_then(|rest| rest.split('"').next());
    let version = pinned.expect("Cargo.toml pins wasm-bindgen");
    let tools = read(Path::new("xtask/src/tools.rs"));
    assert!(
        tools.contains(&format!("\"{version}\"")),
        "xtask/src/tools.rs does not install {version}"
    );
}

/// A tag can be moved to other code; a commit cannot.
#[test]
fn actions_are_pinned_by_commit() {
    let mut pinned = 0;
    for file in with_extension("yml").filter(|file| file.starts_with(".github/workflows")) {
        for line in read(&file).lines().filter_map(|line| line.split("uses: ").nth(1)) {
            let commit = line.split(['@', ' ']).nth(1).unwrap_or_default();
            let is_commit = commit.len() == 40 && commit.bytes().all(|b| b.is_ascii_hexdigit());
            assert!(is_commit && line.contains(" # v"), "{}: {line}", file.display());
            pinned += 1;
        }
    }
    assert!(pinned > 4, "only {pinned} actions");
}

/// The changelog has a part for the version of the packages.
#[test]
fn the_changelog_knows_the_version() {
    let version = env!("CARGO_PKG_VERSION");
    let changelog = read(Path::new("CHANGELOG.md"));
    assert!(changelog.contains(&format!("\n## {version}")), "CHANGELOG.md lacks {version}");
}
