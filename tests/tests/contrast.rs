//! Computes the contrast of the page's colours from its tokens. `web/style/contrast.txt` lists
//! which colour is read on which.

use std::collections::BTreeMap;

use anyhow::{Context, Result, ensure};

const TOKENS: &str = include_str!("../../web/style/tokens.css");
const PAIRS: &str = include_str!("../../web/style/contrast.txt");

/// Red, green and blue, from 0 to 255.
type Colour = [f64; 3];

/// The tokens that are colours, in the light and in the dark theme.
fn tokens() -> Result<BTreeMap<&'static str, [Colour; 2]>> {
    let mut tokens = BTreeMap::new();
    for line in TOKENS.lines() {
        let Some((name, value)) = line.trim().strip_prefix("--").and_then(|l| l.split_once(": "))
        else {
            continue;
        };
        let Some(both) = value.strip_prefix("light-dark(") else { continue };
        let both = both.trim_end_matches(");").split_once(", ");
        let (day, night) = both.with_context(|| format!("{name} has two colours"))?;
        tokens.insert(name, [colour(day)?, colour(night)?]);
    }
    Ok(tokens)
}

fn colour(text: &str) -> Result<Colour> {
    let digits = text.strip_prefix('#').filter(|d| d.len() == 6);
    let digits = digits.with_context(|| format!("{text} is not of six digits"))?;
    let part = |i: usize| u8::from_str_radix(&digits[i..i + 2], 16).map(f64::from);
    Ok([part(0)?, part(2)?, part(4)?])
}

/// A token, or a part of one over another: `bad@15%raised`.
fn named(tokens: &BTreeMap<&str, [Colour; 2]>, name: &str, theme: usize) -> Result<Colour> {
    let token = |name: &str| {
        let found = tokens.get(name).map(|both| both[theme]);
        found.with_context(|| format!("there is no token {name}"))
    };
    let Some((over, rest)) = name.split_once('@') else { return token(name) };
    let (percent, under) = rest.split_once('%').context("a part is a percentage")?;
    let (part, over, under) = (percent.parse::<f64>()? / 100.0, token(over)?, token(under)?);
    Ok([0, 1, 2].map(|i| over[i] * part + under[i] * (1.0 - part)))
}

/// The relative luminance (WCAG 2.2).
fn luminance(colour: Colour) -> f64 {
    let linear = colour.map(|part| {
        let part = part / 255.0;
        if part <= 0.04045 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
    });
    0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
}

/// The contrast ratio (WCAG 2.2), from 1 to 21.
fn contrast(a: Colour, b: Colour) -> f64 {
    let (a, b) = (luminance(a), luminance(b));
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

#[test]
fn black_on_white_is_twenty_one() -> Result<()> {
    assert!((contrast(colour("#000000")?, colour("#ffffff")?) - 21.0).abs() < 1e-9);
    // The lightest grey that is known to be sufficient on white.
    assert!((contrast(colour("#767676")?, colour("#ffffff")?) - 4.54).abs() < 0.01);
    Ok(())
}

#[test]
fn every_colour_is_read_on_what_it_stands_on() -> Result<()> {
    let tokens = tokens()?;
    let mut weak = Vec::new();
    let mut checked = Vec::new();
    for line in PAIRS.lines().filter(|line| !line.starts_with('#')) {
        let mut words = line.split_whitespace();
        let least: f64 = words.next().context("a line begins with the least contrast")?.parse()?;
        let front = words.next().context("a line names what is read")?;
        checked.push(front);
        for ground in words {
            for (theme, name) in ["by day", "by night"].into_iter().enumerate() {
                let found = contrast(named(&tokens, front, theme)?, named(&tokens, ground, theme)?);
                if found < least {
                    weak.push(format!("{front} on {ground} {name}: {found:.2}, not {least}"));
                }
            }
        }
    }
    ensure!(weak.is_empty(), "too weak:\n{}", weak.join("\n"));
    // Every new colour must be checked too. The only colours that nobody reads are backgrounds and
    // those that carry no meaning.
    let grounds = ["raised", "sunk", "line", "bad-soft", "wire"];
    for name in tokens.keys().filter(|name| !grounds.contains(name)) {
        ensure!(checked.contains(name), "nothing says what --{name} is read on");
    }
    Ok(())
}
