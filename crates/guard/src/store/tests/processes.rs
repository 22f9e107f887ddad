//! What only real processes show: this test program runs itself again, and sometimes kills it.

use std::collections::HashMap;
use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Child, ChildStdout, Command, Stdio};

use super::bed::open_at;
use super::rotation::{tokens, unused};
use super::*;

on_each_engine!(two_processes_with_one_token_get_one_child, a_killed_process_leaves_whole_transactions);

const ROLE: &str = "SESERAGI_TEST_CHILD";
const PLACE: &str = "SESERAGI_TEST_CHILD_PLACE";

/// What the other process does; alone it is no test.
#[test]
#[ignore = "a part of other tests, which run it"]
fn child() {
    let Ok(role) = std::env::var(ROLE) else { return };
    let store = open_at(&std::env::var(PLACE).unwrap());
    match &*role {
        "rotate" => rotate_all(&store),
        "write" => write_on(&store),
        _ => panic!("{role}"),
    }
}

/// The same test program, as a process of its own.
struct Other {
    child: Child,
    output: std::io::Lines<BufReader<ChildStdout>>,
}

impl Other {
    fn start(role: &str, bed: &Bed) -> Self {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "store::tests::processes::child", "--ignored", "--nocapture"])
            .env(ROLE, role)
            .env(PLACE, bed.place())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let output = BufReader::new(child.stdout.take().unwrap()).lines();
        Self { child, output }
    }

    /// The rest of the next line that starts with `start`.
    fn next(&mut self, start: &str) -> Option<String> {
        self.output.find_map(|line| line.unwrap().strip_prefix(start).map(str::to_owned))
    }
}

impl Drop for Other {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

const TOKENS: usize = 40;

/// Presents each token from two threads, as soon as it is told to.
fn rotate_all(store: &Store) {
    println!("\nready");
    std::io::stdin().read_line(&mut String::new()).unwrap();
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                for index in 0..TOKENS {
                    let found =
                        format!("{:?}", store.rotate(&rotation(&format!("r-s{index}")), NOW).unwrap());
                    println!("got {index} {}", found.split('(').next().unwrap());
                }
            });
        }
    });
    println!("done");
}

fn two_processes_with_one_token_get_one_child(bed: &Bed) {
    let store = bed.open();
    (0..TOKENS).for_each(|index| add_session(&store, &session_of("guest:1", &format!("s{index}"))));
    let mut others = [Other::start("rotate", bed), Other::start("rotate", bed)];
    others.iter_mut().for_each(|other| assert!(other.next("ready").is_some()));
    others.iter_mut().for_each(|other| other.child.stdin.take().unwrap().write_all(b"go\n").unwrap());
    let mut seen: HashMap<String, Vec<String>> = HashMap::new();
    let mut winners = [0, 0];
    for (other, won) in others.iter_mut().zip(&mut winners) {
        for _ in 0..2 * TOKENS {
            let line = other.next("got ").expect("an answer for each");
            let (token, outcome) = line.split_once(' ').unwrap();
            *won += usize::from(outcome == "Fresh");
            seen.entry(token.to_owned()).or_default().push(outcome.to_owned());
        }
        assert!(other.next("done").is_some());
    }
    println!("first of two processes, by token: {winners:?}");
    assert_eq!(seen.len(), TOKENS);
    for (token, mut outcomes) in seen {
        outcomes.sort();
        assert_eq!(outcomes, ["Fresh", "Grace", "Grace", "Grace"], "token {token}");
        let sid = format!("s{token}");
        assert_eq!((tokens(&store, &sid), unused(&store, &sid)), (2, 1));
    }
}

/// Writes for ever, and says what is written once it is.
fn write_on(store: &Store) {
    for round in 0.. {
        let sid = format!("{}-{round}", std::process::id());
        add_session(store, &session_of("guest:1", &sid));
        println!("\nadded {sid}");
        store.rotate(&rotation(&format!("r-{sid}")), NOW).unwrap();
        println!("\nrotated {sid}");
        if round % 2 == 0 {
            store.end_session(&sid, NOW).unwrap();
            println!("\nended {sid}");
        }
    }
}

fn a_killed_process_leaves_whole_transactions(bed: &Bed) {
    drop(bed.open());
    let (mut added, mut rotated, mut ended) = (Vec::new(), Vec::new(), Vec::new());
    for round in 0..5 {
        let mut other = Other::start("write", bed);
        // Killed at another point each time, in the middle of whatever comes next.
        for _ in 0..7 + round {
            added.extend(other.next("added "));
            rotated.extend(other.next("rotated "));
        }
        other.child.kill().unwrap();
        while let Some(Ok(line)) = other.output.next() {
            rotated.extend(line.strip_prefix("rotated ").map(str::to_owned));
            ended.extend(line.strip_prefix("ended ").map(str::to_owned));
        }
        other.child.wait().unwrap();
        // Opening checks every page of a file.
        let store = bed.open();
        let kept = store.engine.alone(|tx| {
            let rows = tx.rows("SELECT sid FROM session", engine::params![])?;
            rows.into_iter().map(|mut row| row.text()).collect::<Result<Vec<_>, _>>()
        });
        for sid in kept.unwrap() {
            assert_eq!(unused(&store, &sid), 1, "a session and its tokens are one whole");
        }
        added.iter().for_each(|sid| assert!(store.session(sid).unwrap().is_some(), "{sid} was acknowledged"));
        rotated.iter().for_each(|sid| assert_eq!(tokens(&store, sid), 2, "{sid} was acknowledged"));
        let revoked = all_revocations(&store, NOW);
        ended.iter().for_each(|sid| assert!(revoked.contains(&session_revoked(sid, NOW)), "{sid}"));
    }
    assert!(added.len() >= 45, "{}", added.len());
}
