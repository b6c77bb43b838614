//! A violation while it is news. It is then shown above the stage.

use quorumscope_core::ids::OperationId;
use quorumscope_core::time::{Span, Time};
use quorumscope_core::view::ClusterVerdict;
use quorumscope_core::why::Question;
use std::fmt;

/// The time for which it is news, in virtual time.
const NEWS: Span = Span::from_ms(2_000);

/// A violation that was just found.
#[derive(Clone, Debug, PartialEq)]
pub struct Wrong {
    /// The property.
    pub property: String,
    /// The operations or nodes at fault, in a sentence.
    pub text: String,
    /// A question about the operation at fault, if there is one.
    pub question: Option<Question>,
}

impl Wrong {
    /// The newest violation that is still news. Of violations that were found at the same time, the
    /// first one counts, which has the strongest property.
    #[must_use]
    pub fn of<'a>(violated: impl Iterator<Item = &'a ClusterVerdict>, now: Time) -> Option<Self> {
        let mut last: Option<(Time, &ClusterVerdict)> = None;
        for verdict in violated {
            let Some(at) = verdict.at.map(|ms| Time::from_us((ms * 1_000.0).round() as u64)) else {
                continue;
            };
            let is_news = at <= now && now.since(at) <= NEWS;
            if is_news && last.is_none_or(|(before, _)| at > before) {
                last = Some((at, verdict));
            }
        }
        let (_, verdict) = last?;
        let question = verdict.operations.last().map(|&id| Question::Operation(OperationId(id)));
        let (property, text) = (verdict.property.clone(), format!("{}.", verdict.text));
        Some(Self { property, text, question })
    }
}

impl fmt::Display for Wrong {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Violated: {}. {}", self.property, self.text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn violated(property: &str, at: f64) -> ClusterVerdict {
        ClusterVerdict {
            cluster: 0,
            property: property.into(),
            holds: Some(false),
            operations: vec![1, 3],
            text: "c1 read old".into(),
            at: Some(at),
            nodes: Vec::new(),
        }
    }

    fn told(at_ms: u64) -> Option<String> {
        let all = [("linearizable", 2_000.0), ("read your writes", 2_000.0), ("later", 3_000.0)];
        let all = all.map(|(property, at)| violated(property, at));
        Wrong::of(all.iter(), Time::from_ms(at_ms)).map(|wrong| wrong.property)
    }

    #[test]
    fn the_last_and_strongest_is_told_while_it_is_news() {
        assert_eq!(told(1_999), None);
        assert_eq!(told(2_000).as_deref(), Some("linearizable"));
        assert_eq!(told(3_500).as_deref(), Some("later"));
        assert_eq!(told(5_001), None);
    }

    #[test]
    fn it_asks_about_the_operation_that_came_last() {
        let verdict = violated("linearizable", 1.0);
        let wrong = Wrong::of(std::iter::once(&verdict), Time::from_ms(1)).expect("news");
        assert_eq!(wrong.question.expect("an operation").to_string(), "why op 3");
        assert_eq!(wrong.text, "c1 read old.");
    }
}
