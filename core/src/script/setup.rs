//! `cluster PRESET [setting=value …]`, and pairs of a name and a value in all statements.

use super::error::Fault;
use super::lexis::{
    Input, Parsed, at_end, end, expect, found, keyword, next_statement, offset, peek_word, quoted,
    spaces, whole,
};
use super::value::{listed, value};
use crate::run::{MAX_CLUSTERS, Setup};
use crate::settings::{Preset, Setting, Settings, Value};
use std::sync::Arc;
use winnow::Parser;

/// Reads the cluster lines at the head of a script into the scope.
pub(super) fn clusters(input: &mut Input<'_>) -> Parsed<()> {
    let mut seed = None;
    while next_statement(input) && (input.state.setups.is_empty() || peek_word(input) == "cluster")
    {
        if input.state.setups.len() == MAX_CLUSTERS {
            return Err(found(
                input,
                &format!("a statement, since a run has at most {MAX_CLUSTERS} clusters"),
            ));
        }
        let setup = cluster(input, &mut seed)?;
        input.state.setups.push(setup);
    }
    if input.state.setups.is_empty() {
        return Err(found(input, A_CLUSTER));
    }
    // All clusters run on one seed, given on any line.
    if let Some(seed) = seed {
        for setup in &mut input.state.setups {
            Arc::make_mut(&mut setup.settings).seed = seed;
        }
    }
    Ok(())
}

const A_CLUSTER: &str = "a cluster line first, as in cluster raft";

fn cluster(input: &mut Input<'_>, seed: &mut Option<u64>) -> Parsed<Setup> {
    expect(A_CLUSTER, whole("cluster")).parse_next(input)?;
    spaces(input);
    let preset = preset(input)?;
    let given = given(input, preset)?;
    end(input)?;
    let settings = settle(preset, &given)?;
    for (setting, value, at) in &given {
        if let ("seed", Value::Count(value)) = (setting.name, value) {
            let first = *seed.get_or_insert(*value);
            if first != *value {
                let sentence = format!(
                    "found seed={value}, expected seed={first} as in the line before, since all clusters run on one seed"
                );
                return Err(Fault { at: *at, sentence });
            }
        }
    }
    Ok(Setup { preset, settings: Arc::new(settings) })
}

/// The name of a system.
fn preset(input: &mut Input<'_>) -> Parsed<Preset> {
    let names: Vec<_> = Preset::ALL.iter().map(|p| p.name()).collect();
    let wanted = format!("a preset: {}", listed(&names, "or"));
    expect(&wanted, whole(keyword.verify_map(Preset::named))).parse_next(input)
}

/// A setting, its value, and its place.
type Given = (&'static Setting, Value, usize);

fn given(input: &mut Input<'_>, preset: Preset) -> Parsed<Vec<Given>> {
    let settings: Vec<_> = Setting::of(preset).collect();
    let names: Vec<_> = settings.iter().map(|s| s.name).collect();
    let mut given = Vec::new();
    pairs(input, preset.name(), &names, |input, which, at| {
        given.push((settings[which], value(input, settings[which].kind)?, at));
        Ok(())
    })?;
    Ok(given)
}

/// The settings of a cluster, with the given values.
fn settle(preset: Preset, given: &[Given]) -> Parsed<Settings> {
    let nodes = given.iter().find_map(|(setting, value, _)| match (setting.name, value) {
        ("nodes", Value::Count(n)) => u16::try_from(*n).ok(),
        _ => None,
    });
    let mut settings = nodes.map_or_else(|| Settings::of(preset), |n| Settings::sized(preset, n));
    for (setting, value, _) in given {
        setting.write(&mut settings, value);
    }
    match settings.contradiction(preset) {
        None => Ok(settings),
        Some((name, sentence)) => {
            let place = given.iter().find(|(setting, ..)| setting.name == name).or(given.last());
            Err(Fault { at: place.map_or(0, |(_, _, at)| *at), sentence })
        }
    }
}

/// Reads `name=value …` up to the end of the statement, each name at most once. `each` reads the
/// value of the name at an index of `names`; its last argument is the place of the name. Returns
/// the number of pairs.
pub(super) fn pairs<'a>(
    input: &mut Input<'a>,
    owner: &str,
    names: &[&'static str],
    mut each: impl FnMut(&mut Input<'a>, usize, usize) -> Parsed<()>,
) -> Parsed<usize> {
    let mut seen = vec![false; names.len()];
    spaces(input);
    while !at_end(input) {
        let start = offset(input);
        let which = name(input, owner, names)?;
        if std::mem::replace(&mut seen[which], true) {
            let sentence = format!("found {} a second time, expected it once", names[which]);
            return Err(Fault { at: start, sentence });
        }
        each(input, which, start)?;
        spaces(input);
    }
    Ok(seen.iter().filter(|s| **s).count())
}

/// Reads one of these names and `=`; returns its index.
pub(super) fn name(input: &mut Input<'_>, owner: &str, names: &[&'static str]) -> Parsed<usize> {
    let start = offset(input);
    let word = peek_word(input);
    let name = word.split('=').next().unwrap_or(word);
    let Some(which) = names.iter().position(|n| *n == name) else {
        let has = listed(names, "and");
        let sentence = format!("{owner} has no setting {}, it has {has}", quoted(name));
        return Err(Fault { at: start, sentence });
    };
    let wanted = format!("{name}= and a value");
    expect(&wanted, (names[which], '=')).parse_next(input)?;
    Ok(which)
}
