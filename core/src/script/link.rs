//! A run as the fragment of a link, and back.
//!
//! `v2+cluster+raft;@1.2s+crash+n1`: the language's version and the script, with `+` for a space,
//! `;` for a new line, and percent-encoding for characters that a URL cannot carry. A longer one is
//! `z2.` and base64url of the script, deflated (RFC 1951). Both are always read, and so are those
//! of earlier versions, whose runs may play differently now: [`Opened::notice`] explains this.

use super::{ScriptError, parse, print};
use crate::run::{LANGUAGE_VERSION, MAX_SCRIPT_BYTES, Run};
use data_encoding::BASE64URL_NOPAD;
use miniz_oxide::deflate::compress_to_vec;
use miniz_oxide::inflate::{TINFLStatus, decompress_to_vec_with_limit};
use std::fmt;

/// Longer fragments are deflated.
const MAX_PLAIN_CHARS: usize = 1_500;
/// The highest compression: links are made rarely.
const LEVEL: u8 = 10;

/// The reason why a link does not play.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LinkError {
    /// The fragment is empty.
    Empty,
    /// A later version of the language made it.
    Version(u32),
    /// The link has another format, or a part is missing or changed: a sentence with the reason.
    Damaged(&'static str),
    /// Its content is not a script.
    Script(ScriptError),
}

impl fmt::Display for LinkError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => write!(f, "the link carries no run: nothing stands behind its #"),
            Self::Version(version) => write!(
                f,
                "the link does not play: it was made by version {version} of the language, \
                 and this is version {LANGUAGE_VERSION}"
            ),
            Self::Damaged(how) => write!(f, "the link is damaged: {how}"),
            Self::Script(error) => write!(f, "the link is damaged: {error}"),
        }
    }
}

impl std::error::Error for LinkError {}

/// The run of a link, and a notice for people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Opened {
    /// The run.
    pub run: Run,
    /// One sentence where an earlier version of the language made the link.
    pub notice: Option<&'static str>,
}

/// The notice of a link that an earlier version made.
const EARLIER: &str =
    "This link was made by an earlier version of Quorumscope: the run may play differently now.";

/// The fragment of a link to this run, without the `#`.
#[must_use]
pub fn encode(run: &Run) -> String {
    let script = print(run);
    let plain = format!("v{LANGUAGE_VERSION}+{}", escaped(script.trim_end()));
    if plain.len() <= MAX_PLAIN_CHARS {
        return plain;
    }
    let deflated = compress_to_vec(script.as_bytes(), LEVEL);
    format!("z{LANGUAGE_VERSION}.{}", BASE64URL_NOPAD.encode(&deflated))
}

/// Reads the run of a link, from a whole address or from its fragment.
///
/// # Errors
/// One sentence with the reason why it does not play.
pub fn decode(link: &str) -> Result<Opened, LinkError> {
    let fragment = match link.split_once('#') {
        Some((_, fragment)) => fragment.trim(),
        None if versioned(link.trim()).is_none() && link.contains("://") => "",
        None => link.trim(),
    };
    if fragment.is_empty() {
        return Err(LinkError::Empty);
    }
    let (version, script) = match versioned(fragment) {
        Some((_, version, _)) if version > LANGUAGE_VERSION => {
            return Err(LinkError::Version(version));
        }
        Some((form, version @ 1.., rest)) => {
            (version, if form == 'v' { unescaped(rest)? } else { inflated(rest)? })
        }
        _ => return Err(LinkError::Damaged("it does not begin with v2+ or z2.")),
    };
    let run = parse(&script).map_err(LinkError::Script)?;
    Ok(Opened { run, notice: (version < LANGUAGE_VERSION).then_some(EARLIER) })
}

/// `v2+…` or `z2.…`: the form, the version, and the rest.
fn versioned(fragment: &str) -> Option<(char, u32, &str)> {
    let form = fragment.chars().next()?;
    let mark = match form {
        'v' => '+',
        'z' => '.',
        _ => return None,
    };
    let (version, rest) = fragment[1..].split_once(mark)?;
    let is_number = version.bytes().all(|b| b.is_ascii_digit());
    Some((form, version.parse().ok().filter(|_| is_number)?, rest))
}

/// Whether a byte needs no percent-encoding in a fragment (RFC 3986, section 3.5), and has no other
/// meaning.
fn is_plain(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-._~!$&'()*,=:@/?".contains(&byte)
}

fn escaped(script: &str) -> String {
    let mut out = String::with_capacity(script.len() + script.len() / 4);
    for byte in script.bytes() {
        match byte {
            b' ' => out.push('+'),
            b'\n' => out.push(';'),
            _ if is_plain(byte) => out.push(char::from(byte)),
            _ => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}

fn unescaped(fragment: &str) -> Result<String, LinkError> {
    let mut out = Vec::with_capacity(fragment.len());
    let mut bytes = fragment.bytes();
    while let Some(byte) = bytes.next() {
        out.push(match byte {
            b'+' => b' ',
            b';' => b'\n',
            b'%' => {
                let pair = [bytes.next(), bytes.next()].map(|b| b.and_then(hex));
                let [Some(high), Some(low)] = pair else {
                    return Err(LinkError::Damaged("a % has no two hex digits behind it"));
                };
                high << 4 | low
            }
            other => other,
        });
    }
    String::from_utf8(out).map_err(|_| LinkError::Damaged("what it carries is not UTF-8 text"))
}

fn hex(byte: u8) -> Option<u8> {
    char::from(byte).to_digit(16).map(|digit| digit as u8)
}

fn inflated(packed: &str) -> Result<String, LinkError> {
    let deflated = BASE64URL_NOPAD
        .decode(packed.trim_end_matches('=').as_bytes())
        .map_err(|_| LinkError::Damaged("what stands behind z2. is not base64url"))?;
    let script = decompress_to_vec_with_limit(&deflated, MAX_SCRIPT_BYTES).map_err(|error| {
        LinkError::Damaged(match error.status {
            TINFLStatus::HasMoreOutput => "it carries more than a script of 1 MiB",
            _ => "what it carries cannot be inflated",
        })
    })?;
    String::from_utf8(script).map_err(|_| LinkError::Damaged("what it carries is not UTF-8 text"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::script::arbitrary;
    use proptest::prelude::*;

    fn script(text: &str) -> Run {
        parse(text).unwrap()
    }

    fn opened(run: Run) -> Result<Opened, LinkError> {
        Ok(Opened { run, notice: None })
    }

    #[test]
    fn a_link_of_an_earlier_version_opens_with_a_notice() {
        let run = script("cluster raft\n@1s crash n1");
        let deflated = BASE64URL_NOPAD.encode(&compress_to_vec(print(&run).as_bytes(), LEVEL));
        for link in ["#v1+cluster+raft;@1s+crash+n1".to_owned(), format!("#z1.{deflated}")] {
            let opened = decode(&link).unwrap();
            assert_eq!(opened.run, run);
            assert_eq!(opened.notice, Some(EARLIER));
            assert_eq!(
                decode(&encode(&opened.run)).unwrap().notice,
                None,
                "it is ours from here on"
            );
        }
    }

    #[test]
    fn a_short_run_can_be_read_in_its_link() {
        let run = script("cluster raft nodes=5 seed=42\n@1.2s crash n1\n@5s show");
        assert_eq!(encode(&run), "v2+cluster+raft+seed=42;@1.2s+crash+n1;@5s+show");
        let run = script("cluster raft\n@0s c1 set x \"a;b+c #%\"\n@1s clock n1 +50ms");
        let link = encode(&run);
        assert_eq!(
            link,
            "v2+cluster+raft;@0s+c1+set+x+%22a%3Bb%2Bc+%23%25%22;@1s+clock+n1+%2B50ms"
        );
        assert_eq!(decode(&link), opened(run));
    }

    #[test]
    fn whole_addresses_and_bare_fragments_are_read() {
        let run = opened(script("cluster raft\n@1s crash n1"));
        for link in [
            "v2+cluster+raft;@1s+crash+n1",
            "#v2+cluster+raft;@1s+crash+n1",
            " https://host.example/path/?embed#v2+cluster+raft;@1s+crash+n1\n",
            "v2+cluster+raft+nodes=5;;@1000ms+crash%20n1;",
        ] {
            assert_eq!(decode(link), run, "{link}");
        }
    }

    #[test]
    fn a_link_that_does_not_play_says_why() {
        let said = |link| decode(link).unwrap_err().to_string();
        let sentences = [
            "https://host.example/",
            "#",
            "v3+cluster+raft",
            "z7.AAAA",
            "v0+cluster+raft",
            "hello",
            "v2",
            "v2+cluster+raft;@1s+crash+n9",
            "v2+cluster+raft;@1s+c1+set+x+%2",
            "v2+%ff",
            "z2.!",
            "z2.AAAA",
        ]
        .map(said);
        expect_test::expect![[r##"
            the link carries no run: nothing stands behind its #
            the link carries no run: nothing stands behind its #
            the link does not play: it was made by version 3 of the language, and this is version 2
            the link does not play: it was made by version 7 of the language, and this is version 2
            the link is damaged: it does not begin with v2+ or z2.
            the link is damaged: it does not begin with v2+ or z2.
            the link is damaged: it does not begin with v2+ or z2.
            the link is damaged: line 2, column 11: there is no node n9 in a cluster of 5
            the link is damaged: a % has no two hex digits behind it
            the link is damaged: what it carries is not UTF-8 text
            the link is damaged: what stands behind z2. is not base64url
            the link is damaged: what it carries cannot be inflated"##]]
        .assert_eq(&sentences.join("\n"));
    }

    #[test]
    fn a_small_link_cannot_blow_up() {
        let bomb = compress_to_vec(&vec![b' '; 64 << 20], LEVEL);
        assert!(bomb.len() < 100_000);
        let link = format!("z2.{}", BASE64URL_NOPAD.encode(&bomb));
        let too_much = LinkError::Damaged("it carries more than a script of 1 MiB");
        assert_eq!(decode(&link), Err(too_much));
    }

    #[test]
    fn long_runs_are_deflated() {
        let lines = (0..200).map(|i| format!("@{i}ms c1 set x {i}\n")).collect::<String>();
        let run = script(&format!("cluster raft\n{lines}"));
        let link = encode(&run);
        assert!(link.starts_with("z2."), "{link}");
        assert!(link.len() < lines.len() / 3, "{}", link.len());
        assert_eq!(decode(&link), opened(run));
    }

    proptest! {
        #[test]
        fn decoding_undoes_encoding(run in arbitrary::run()) {
            let link = encode(&run);
            prop_assert!(link.bytes().all(|b| is_plain(b) || b"+;%".contains(&b)), "{}", link);
            prop_assert_eq!(decode(&link), opened(run));
        }

        #[test]
        fn whatever_is_behind_the_mark_is_no_panic(
            link in any::<String>(),
            bytes in proptest::collection::vec(any::<u8>(), 0..200),
        ) {
            let packed = BASE64URL_NOPAD.encode(&bytes);
            for link in [link.clone(), format!("v2+{link}"), format!("z2.{link}"), format!("z2.{packed}")] {
                let _ = decode(&link);
            }
        }

        #[test]
        fn a_damaged_link_is_no_panic(run in arbitrary::run(), at in any::<proptest::sample::Index>(), byte in 32u8..127) {
            let mut link = encode(&run).into_bytes();
            let at = at.index(link.len());
            link[at] = byte;
            let _ = decode(&String::from_utf8(link).unwrap());
        }
    }
}
