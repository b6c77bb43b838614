//! Every lesson of the course passes the check, and the lessons that it names exist.

use quorumscope_core::lesson::{Lesson, check, parse};
use std::collections::BTreeSet;
use std::path::Path;

fn lessons() -> Vec<(String, Lesson)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../web/lessons");
    let files = std::fs::read_dir(folder).expect("there is a course").flatten();
    let texts = files.map(|file| {
        let name = file.file_name().to_string_lossy().into_owned();
        let text = std::fs::read_to_string(file.path()).expect("it can be read");
        let lesson = parse(&text).unwrap_or_else(|error| panic!("{name}: {error}"));
        (name, lesson)
    });
    texts.collect()
}

#[test]
fn every_lesson_passes_the_check() {
    for (name, lesson) in lessons() {
        for finding in check(&lesson) {
            assert!(finding.result.is_ok(), "{name}: {}", finding.result.unwrap_err());
        }
        assert_eq!(name, format!("{}.md", lesson.id));
        assert!(lesson.chapter.is_some() && lesson.minutes.is_some(), "{name}");
        assert!(lesson.steps.iter().any(|step| step.predict.is_some()), "{name}");
        assert!(lesson.steps.iter().any(|step| !step.goals.is_empty()), "{name}");
    }
}

#[test]
fn the_course_has_one_beginning_and_no_gaps() {
    let lessons = lessons();
    let ids: BTreeSet<&str> = lessons.iter().map(|(_, lesson)| lesson.id.as_str()).collect();
    for (name, lesson) in &lessons {
        assert!(lesson.after.iter().all(|id| ids.contains(id.as_str())), "{name}");
    }
    assert_eq!(lessons.iter().filter(|(_, lesson)| lesson.after.is_empty()).count(), 1);
}

#[test]
fn the_course_is_as_long_as_promised() {
    let lessons = lessons();
    let steps = || lessons.iter().flat_map(|(_, lesson)| &lesson.steps);
    assert!(lessons.len() >= 28);
    assert!(steps().map(|step| step.goals.len()).sum::<usize>() >= 66);
    assert!(steps().filter(|step| step.predict.is_some()).count() >= 28);
}
