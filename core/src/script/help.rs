//! The console's answers to `help`.

use super::statement::FORMS;
use super::value::listed;

/// The help in one sentence: on all statements, or on the one that begins with that word.
#[must_use]
pub fn help(topic: &str) -> String {
    match FORMS.iter().find(|form| form.word == topic) {
        Some(form) => format!("{}: {}.", form.usage, form.doc),
        None => {
            let words: Vec<&str> = FORMS.iter().map(|form| form.word).collect();
            format!(
                "Type a statement, such as crash n1 or c1 set x 1; others begin with {}. \
                 help cut says more of one of them, and Tab completes.",
                listed(&words, "or")
            )
        }
    }
}

#[cfg(test)]
mod tests {
    use super::help;

    #[test]
    fn a_statement_is_explained_and_so_is_everything() {
        assert_eq!(help("corrupt"), "corrupt n1: the last record of its log is torn.");
        for unknown in ["", "me"] {
            let all = help(unknown);
            assert!(
                all.starts_with("Type a statement, such as crash n1") && all.contains("disk"),
                "{all}"
            );
        }
    }
}
