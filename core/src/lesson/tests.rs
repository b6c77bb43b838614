use super::*;
use crate::run::Command;
use crate::time::Time;
use crate::timeline::Budget;
use expect_test::expect;
use proptest::prelude::*;

const MINORITY: &str = include_str!("minority.md");

fn minority() -> Lesson {
    parse(MINORITY).unwrap_or_else(|error| panic!("{error}"))
}

fn unlimited() -> Budget {
    Budget::UNLIMITED
}

#[test]
fn the_lesson_of_the_contract_is_right() {
    let found: Vec<String> = check(&minority())
        .into_iter()
        .map(|f| format!("{}: {}", f.step, f.result.unwrap_or_else(|e| panic!("{e}"))))
        .collect();
    expect![[r#"
        0: the answer is: only after the cut heals
        1: 3 goals at 3121.833ms with 2 statements"#]]
    .assert_eq(&found.join("\n"));
}

/// The error of a text.
fn error(text: &str) -> String {
    match parse(text) {
        Err(error) => error.to_string(),
        Ok(lesson) => {
            let wrong = check(&lesson).into_iter().find_map(|f| f.result.err());
            wrong.map_or_else(|| "right".into(), |e| e.to_string())
        }
    }
}

/// The error of the minority's lesson with a change.
fn changed(from: &str, to: &str) -> String {
    assert!(MINORITY.contains(from), "{from}");
    error(&MINORITY.replace(from, to))
}

#[test]
fn each_error_says_where_and_what() {
    let says: Vec<String> = [
        ("---\nid", "id"),
        ("id: raft-minority", "id: Raft"),
        ("minutes: 8", "minutes: many"),
        ("minutes: 8", "length: 8"),
        ("title: A minority loses nothing\n", ""),
        ("n5 leads.", "n5 <b>leads</b>."),
        ("n5 leads.", "[n5](javascript:alert(1)) leads."),
        ("```goal", "```gaol"),
        ("```goal", "```program"),
        ("nodes=5 seed=42", "nodes=5 seed=many"),
        ("@500ms c1 set x 1 via n5", "@500ms c1 set x 1 via n9"),
        ("@2.1s c1 set x 2 via n5", "@2.1s c1 sit x 2 via n5"),
        ("@2.1s c1 set x 2 via n5", "@1s c1 set x 2 via n5"),
        ("@5s show\n", ""),
        ("c1 waiting < 50ms", "c1 wating < 50ms"),
        ("leaders > 1: two", "leaders > 1 and x at n9 = 1: two"),
        (": the minority has not", ""),
        ("- only after the cut heals: c1 waiting > 1s\n", ""),
        ("failed(c1) > 0", "leaders > 1"),
        ("x at n2 = 3:", "x at n2 = 4:"),
        ("violation: a client", "leaders > 1 for 100ms: a client"),
        ("at most 4 statements", "at most 1 statement"),
        ("at most 4 statements", "at most four statements"),
        ("within 10s", "within 2.5s"),
        ("partition cut heal c1 c2", "partition cut heal c1"),
        ("partition cut heal c1 c2", "partition cut heel c1"),
        ("leaders > 1: two", "leaders > 0: two"),
        ("```solution\n", "```\n"),
        ("## Predict\n", ""),
    ]
    .into_iter()
    .map(|(from, to)| changed(from, to))
    .collect();
    expect![[r#"
        line 1, column 1: expected --- and the header, as in id: my-lesson
        line 2, column 5: found "Raft", expected an id: at most 60 lower-case letters, digits and -
        line 5, column 10: found "many", expected a number of minutes from 1 to 240
        line 5, column 1: found "length", expected id, title, chapter, minutes or after
        line 6, column 1: the header ends here, expected an id and a title before
        line 18, column 1: found raw HTML, expected paragraphs, emphasis, lists, quotations, code and links
        line 18, column 1: found a link that is not of the web, expected paragraphs, emphasis, lists, quotations, code and links
        line 33, column 4: found the block "gaol", expected run, predict, goal, never, allow, hint, solution, rules, notes or remember
        line 33, column 4: found a program: programs are not supported yet
        line 13, column 27: found "many", expected a whole number from 0 to 18446744073709551615
        line 15, column 23: there is no node n9 in a cluster of 5
        line 27, column 10: found "sit", expected what the client asks: get, set, upd, del, cas or append
        line 26, column 1: found a statement before 2s, where this step starts
        line 50, column 1: found a solution without show, expected the moment to play to
        line 22, column 15: found "wating", expected waiting or read
        line 34, column 22: there is no node n9 in a cluster of 5
        line 36, column 12: found no sentence, expected a colon and a sentence behind the condition
        line 21, column 1: no option holds at the show of the reveal, expected one
        line 24, column 1: this option and "only after the cut heals" both hold at the show of the reveal, expected one
        line 35, column 1: the solution does not reach the goal x at n2 = 4
        line 39, column 1: with the solution leaders > 1 for 100ms holds at 2304.538ms
        line 50, column 1: the solution is not allowed: These are 2 statements; this step allows 1.
        line 43, column 9: found "four", expected a number
        line 50, column 1: the solution is not allowed: The goals must be reached by 2.5s of virtual time.
        line 50, column 1: the solution is not allowed: c2 set x 3 via n2 does not count here; allowed: partition, cut, heal, c1.
        line 42, column 15: found "heel", expected words of statements, clients, at most 4 statements, or within 10s
        right
        line 34, column 1: found a goal without a solution, expected statements that reach it
        right"#]].assert_eq(&says.join("\n"));
}

#[test]
fn goals_that_hold_or_come_to_hold_by_themselves_are_refused() {
    let easy = |goal: &str| {
        error(&format!(
            "---\nid: a\ntitle: A\n---\n## Step\n```run\ncluster raft nodes=3 seed=1\n```\n\
             ```goal\n{goal}: it is so\n```\n```solution\n@3s crash n1\n@4s show\n```\n"
        ))
    };
    expect!["line 10, column 1: the goals hold before the learner does anything"]
        .assert_eq(&easy("up = 3"));
    expect![
        "line 10, column 1: the goals are reached at 209.403ms though the learner does nothing"
    ]
    .assert_eq(&easy("leader != none"));
    expect!["right"].assert_eq(&easy("did(crash)"));
}

/// The attempt of a learner who solves the minority's lesson as its author does.
fn solved(lesson: &Lesson) -> Attempt {
    let step = &lesson.steps[1];
    let mut attempt = Attempt::new(step, &step.start);
    attempt.follow(&step.solution.as_ref().expect("it has one").run).expect("it goes on");
    assert!(attempt.go_to(Time::from_ms(5_000), &mut unlimited()));
    attempt
}

#[test]
fn ticks_stay_while_playing_and_go_with_what_is_undone() {
    let lesson = minority();
    let mut attempt = solved(&lesson);
    assert!(attempt.is_solved() && attempt.broken().is_none());
    let reached = attempt.reached().expect("it is reached");
    assert_eq!(reached.statements, 2);
    let since = attempt.since().to_vec();
    assert_eq!(since[2], Some(Time::from_ms(2_000)), "it held from the start");
    assert!(attempt.go_to(Time::from_ms(2_500), &mut unlimited()));
    assert_eq!((attempt.since()[1], attempt.is_solved()), (None, false));
    while !attempt.go_to(Time::from_ms(5_000), &mut Budget::steps(3)) {}
    assert_eq!(attempt.since(), since);
    // The write is undone.
    let mut run = lesson.steps[1].solution.as_ref().expect("it has one").run.clone();
    run.commands.pop();
    attempt.follow(&run).expect("it goes on");
    assert!(attempt.go_to(Time::from_ms(5_000), &mut unlimited()));
    assert_eq!((attempt.since()[1], attempt.statements()), (None, 1));
    assert!(attempt.since()[0].is_some());
    // Another run is refused, and changes nothing.
    run.commands.remove(0);
    assert!(attempt.follow(&run).is_err());
    assert_eq!(attempt.statements(), 1);
}

#[test]
fn a_never_is_told_with_the_moment_before_it() {
    let text = MINORITY.replace("violation: a client", "leaders > 1 for 100ms: a client");
    let lesson = parse(&text).expect("it is right");
    let attempt = solved(&lesson);
    let broken = attempt.broken().expect("it is broken");
    assert!(!attempt.is_solved() && broken.before < broken.at, "{broken:?}");
    assert!(broken.at > Time::from_ms(2_000) && broken.at < attempt.reached().expect("it is").at);
}

#[test]
fn what_is_not_allowed_does_not_count() {
    let objection = |from: &str, to: &str| {
        let lesson = parse(&MINORITY.replace(from, to)).expect("it is right");
        let attempt = solved(&lesson);
        assert!(!attempt.is_solved());
        attempt.objection().unwrap_or_default()
    };
    let all = [
        objection("partition cut heal c1 c2", "cut heal c1 c2"),
        objection("at most 4 statements", "at most 1 statements"),
        objection("within 10s", "within 2.5s"),
    ];
    expect![[r#"
        partition n1 n5 c1 | n2 n3 n4 c2 does not count here; allowed: cut, heal, c1, c2.
        These are 2 statements; this step allows 1.
        The goals must be reached by 2.5s of virtual time."#]]
    .assert_eq(&all.join("\n"));
}

/// A proof of the minority's lesson.
fn proof(lesson: &Lesson, name: &str, carries: bool) -> Proof {
    let run = solved(lesson).run().expect("it is solved");
    let given = lesson.steps[1].start.run.commands.len();
    let steps = vec![Done::new(Some(1), None, 0), Done::new(None, Some(&run), given)];
    Proof::new(lesson, carries, name, steps)
}

fn judged(proof: &Proof) -> Result<Judgement, String> {
    let known = minority();
    verify(proof, |id| (id == known.id).then_some(&known))
}

#[test]
fn a_proof_is_judged_by_replaying_it() {
    let lesson = minority();
    let link = proof(&lesson, "Ada Lovelace", false).encode();
    assert!(link.len() < 300, "{} characters", link.len());
    let read = Proof::decode(&format!("https://host.example/#{link}")).expect("it is whole");
    let judged = judged(&read).expect("it can be judged");
    assert!(judged.holds() && judged.is_known);
    assert_eq!(
        (judged.goals(), judged.predictions(), judged.statements()),
        ((3, 3), (1, 1), (2, 2))
    );
    expect!["The proof holds: 3 of 3 goals are reached."].assert_eq(&judged.sentence());
    assert_eq!(judged.steps[1].reached, solved(&lesson).reached());
}

#[test]
fn a_proof_of_a_lesson_of_ones_own_carries_its_text() {
    let own = parse(&MINORITY.replace("id: raft-minority", "id: my-own")).expect("it is right");
    let own = proof(&own, "", true);
    let read = Proof::decode(&own.encode()).expect("it is whole");
    let judged = judged(&read).expect("it can be judged");
    assert!(judged.holds() && !judged.is_known);
    // The text of a built-in lesson, changed, is not the built-in lesson.
    let text = MINORITY.replace("x at n2 = 3:", "x at n2 != 9:");
    let easier = proof(&parse(&text).expect("it is right"), "", true);
    let judged = self::judged(&easier).expect("it can be judged");
    assert!(judged.holds() && !judged.is_known);
}

#[test]
fn forged_proofs_are_refused_with_a_sentence() {
    let whole = proof(&minority(), "Eve", false);
    let forged = |change: &dyn Fn(&mut Proof)| {
        let mut proof = whole.clone();
        change(&mut proof);
        let read = Proof::decode(&proof.encode()).expect("it is whole");
        match judged(&read) {
            Ok(judged) if judged.holds() => "it holds".to_owned(),
            Ok(judged) => judged.sentence(),
            Err(sentence) => sentence,
        }
    };
    let statements = |text: &'static str| {
        move |proof: &mut Proof| proof.steps[1].statements = Some(text.to_owned())
    };
    let all = [
        forged(&|proof| proof.hash += 1),
        forged(&|proof| proof.lesson = "other".into()),
        forged(&|proof| proof.text = Some(MINORITY.replace("x at n2 = 3", "x at n2 != 3"))),
        forged(&|proof| proof.text = Some("nothing".into())),
        forged(&|proof| drop(proof.steps.pop())),
        forged(&|proof| proof.steps[0].answer = None),
        forged(&|proof| proof.steps[0].answer = Some(9)),
        forged(&|proof| proof.steps[1].statements = None),
        forged(&statements("@2s show")),
        forged(&statements("@2s partition n1 n5 c1 | n2 n3 n4 c2\n@5s show")),
        forged(&statements("@2s partition n1 n5 c1 | n2 n3 n4 c2")),
        forged(&statements(
            "@1s partition n1 n5 c1 | n2 n3 n4 c2\n@3s c2 set x 3 via n2\n@5s show",
        )),
        forged(&statements("@2s crash n1\n@5s show")),
        forged(&statements("@2s partition n1 n5 c1 | n2 n3 n4 c2\n@11s c2 set x 3\n@20s show")),
        forged(&statements("@2s set reads=local\n@2s rule vote-once off\n@5s show")),
        forged(&statements("@2s fly n1\n@5s show")),
        forged(&statements("@1200s show")),
        forged(&statements("cluster raft\n@5s show")),
    ];
    expect![[r#"
        The proof was made with another text of the lesson raft-minority, so it cannot be judged.
        The proof is of a lesson that is not known here: other.
        The proof names another lesson than the one that it carries.
        The lesson in the proof has an error: line 1, column 1: expected --- and the header, as in id: my-lesson.
        The proof has 1 steps, but the lesson has 2.
        Step 1: the question is not answered.
        Step 1: the answer is none of the options.
        Step 2: there is no run that reaches its goals.
        Step 2: its run does not reach the goal leaders > 1.
        Step 2: its run does not reach the goal x at n2 = 3.
        Step 2: its run does not say where it ends.
        Step 2: This run does not go on from where the step starts, at 2s.
        Step 2: its run does not reach the goal leaders > 1.
        Step 2: The goals must be reached by 10s of virtual time.
        Step 2: its run does not reach the goal leaders > 1.
        Step 2: its statements cannot be read: found "fly", expected a statement: a client such as c1, crash, restart, pause, resume, wipe, corrupt, disk, timeout, isolate, cut, heal, partition, link, network, drop, duplicate, deliver, delay, clock, ping, transfer, add, remove, workload, rule, set, note, chapter, speed or show.
        Step 2: its run is too long to be judged.
        Step 2: its statements cannot be read: found "cluster", expected a statement; cluster lines stand before all statements."#]].assert_eq(&all.join("\n"));
}

/// 10,000 links, each with up to three changes.
#[test]
fn damaged_and_mutated_proofs_are_refused_with_a_sentence() {
    let lesson = minority();
    let whole = proof(&lesson, "Ada", false);
    let link = whole.encode();
    let mut rng = crate::rng::Rng::new(13, crate::rng::Concern::Workload);
    let alphabet: Vec<char> = "abcxyzABCXYZ0189-_".chars().collect();
    let mut refused = 0;
    for _ in 0..10_000 {
        let mut chars: Vec<char> = link.chars().collect();
        for _ in 0..=rng.below(3) {
            let place = 3 + rng.below(chars.len() as u32 - 3) as usize;
            match rng.below(3) {
                0 => drop(chars.remove(place)),
                1 => chars.insert(place, alphabet[rng.below(alphabet.len() as u32) as usize]),
                _ => chars[place] = alphabet[rng.below(alphabet.len() as u32) as usize],
            }
        }
        let text: String = chars.into_iter().collect();
        match Proof::decode(&text) {
            Ok(proof) => assert_eq!(proof, whole, "what is read is what was written"),
            Err(sentence) => {
                assert!(sentence.ends_with('.'), "{sentence}");
                refused += 1;
            }
        }
    }
    assert!(refused > 9_900, "{refused}");
}

/// Whoever knows the form of a proof can write any statements: what they do decides.
#[test]
fn mutated_statements_count_for_what_they_do() {
    let lesson = minority();
    let whole = proof(&lesson, "Ada", false);
    let start = lesson.start(1, None).expect("there is one");
    let statements = whole.steps[1].statements.clone().expect("there are some");
    let mut rng = crate::rng::Rng::new(14, crate::rng::Concern::Workload);
    let alphabet = b"0123456789ncsx |.";
    let (mut held, mut refused) = (0, 0);
    for _ in 0..400 {
        let mut bytes = statements.clone().into_bytes();
        let place = rng.below(bytes.len() as u32) as usize;
        bytes[place] = alphabet[rng.below(alphabet.len() as u32) as usize];
        let text = String::from_utf8(bytes).expect("it is ASCII");
        let mut proof = whole.clone();
        proof.steps[1].statements = Some(text.clone());
        let read = Proof::decode(&proof.encode()).expect("it is whole");
        match judged(&read) {
            Ok(judged) if judged.holds() => {
                let run = proof::run_of(&start, &text).expect("it was read");
                let world = crate::world::play(&run, run.show.expect("it shows").at);
                let node = world.node(crate::ids::NodeId(2)).and_then(|n| n.machine());
                let data = node.expect("it runs").view(0).data;
                assert!(data.iter().any(|(k, v)| &**k == "x" && &**v == "3"), "{text}");
                held += 1;
            }
            Ok(judged) => {
                assert!(judged.sentence().ends_with('.'), "{}", judged.sentence());
                refused += 1;
            }
            Err(sentence) => panic!("{sentence}"),
        }
    }
    assert!(held > 20 && refused > 100, "{held} hold, {refused} are refused");
}

#[test]
fn a_lesson_travels_in_a_link() {
    let link = link::encode(MINORITY);
    assert!(link::is_lesson(&link) && !Proof::is_proof(&link));
    assert_eq!(link::decode(&format!("#{link}")), Ok(minority()));
    assert!(link::decode(&link[..link.len() - 2]).is_err());
    assert!(link::decode("#v2+cluster+raft").is_err());
}

#[test]
fn a_step_goes_on_from_what_the_learner_did() {
    let text = format!(
        "{MINORITY}\n## Heal\n```goal\nx at n5 = 3: the minority catches up\n```\n\
         ```solution\n@5s heal\n@7s show\n```\n"
    );
    let lesson = parse(&text).expect("it is right");
    assert!(check(&lesson).iter().all(|f| f.result.is_ok()), "{:?}", check(&lesson));
    let reached = solved(&lesson).run().expect("it is solved");
    let start = lesson.start(2, Some(&reached)).expect("there is one");
    assert_eq!(start.run.commands.len(), 4);
    assert_eq!(Some(start.at), reached.show.map(|show| show.at));
    assert!(start.at < lesson.steps[2].start.at, "the learner was faster than the author");
    let given = lesson.steps[1].start.run.commands.len();
    let mut run = start.run.clone();
    let heal = Command {
        at: Time::from_ms(5_000),
        statement: crate::run::Statement::Heal(crate::run::Heal::Everything),
    };
    run.insert(heal);
    let mut attempt = Attempt::new(&lesson.steps[2], &start);
    attempt.follow(&run).expect("it goes on");
    assert!(attempt.go_to(Time::from_ms(7_000), &mut unlimited()) && attempt.is_solved());
    let steps = vec![
        Done::new(Some(1), None, 0),
        Done::new(None, Some(&reached), given),
        Done::new(None, attempt.run().as_ref(), start.run.commands.len()),
    ];
    let proof = Proof::new(&lesson, true, "", steps);
    let judged = verify(&Proof::decode(&proof.encode()).expect("it is whole"), |_| None);
    let judged = judged.expect("it can be judged");
    assert!(judged.holds(), "{}", judged.sentence());
    assert!(proof.encode().len() < 2_000);
}

proptest! {
    #[test]
    fn whatever_is_typed_is_read_or_refused(text in ".{0,200}") {
        let _ = parse(&text);
        let _ = parse(&format!("---\nid: a\ntitle: b\n---\n{text}"));
        let _ = Proof::decode(&text);
        let _ = link::decode(&text);
    }

    #[test]
    fn a_mutated_lesson_is_read_or_refused(
        place in 0usize..1_600, cut in 0usize..40, put in "[-`:#*\\[\\](){}<>\" \n0-9a-z]{0,12}"
    ) {
        let from = MINORITY.floor_char_boundary(place.min(MINORITY.len()));
        let to = MINORITY.floor_char_boundary((from + cut).min(MINORITY.len()));
        let text = format!("{}{put}{}", &MINORITY[..from], &MINORITY[to..]);
        if let Err(error) = parse(&text) {
            prop_assert!(error.line <= text.lines().count() + 1, "{}", error);
            prop_assert!(!error.sentence.is_empty());
        }
    }
}
