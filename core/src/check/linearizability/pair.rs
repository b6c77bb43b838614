//! The two operations that suffice to explain a violation, where there are two.

use super::Violation;
use crate::check::order::Writes;
use crate::check::stale;
use crate::history::History;

/// A sentence about the two, or about one whose answer was never written; `None` where more than
/// two are needed for the contradiction.
pub fn describe(history: &History, violation: &Violation) -> Option<String> {
    let writes = Writes::new(history);
    let operations = &violation.operations;
    if let [only] = operations[..]
        && let Some(value) = stale::observed(history.operation(only))
    {
        let op = history.operation(only);
        let answered = op.answered()?;
        if writes.sources(&op.key, value.map(|v| &**v), answered.event).is_none() {
            let nobody =
                value.map_or("though nobody had deleted it", |_| "which nobody had written");
            return Some(format!("{}, {nobody} by then", stale::claim(history, op)));
        }
    }
    // The culprit first: its answer came last.
    let others = operations.iter().rev().filter(|&&id| id != violation.culprit);
    let mut all = [violation.culprit].into_iter().chain(others.copied());
    all.find_map(|id| Some(stale::among(history, &writes, id, operations)?.text))
}
