//! Load on the store: refresh tokens of 50,000 signed-in users are rotated at a fixed rate on Postgres.
//!
//! `SESERAGI_TEST_POSTGRES=postgres://… cargo run --release -p seseragi-guard --example refresh_load -- [SECONDS]`
//!
//! The load is open-loop: rotation n is due at n / rate, whether or not those before it are done, and its latency
//! counts from then. Rate: 50,000 users with tokens of 5 minutes. Exits with 1 if anything but a fresh successor comes
//! back, or if the 99th percentile is 50 ms or more. The rows stay: use a database for it alone.

use std::process::ExitCode;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use aws_lc_rs::digest::{SHA256, digest};
use seseragi_guard::{
    Binding, Digest, NewSession, NewUser, Rotated, Rotation, Scope, Session, Store, StoreError, Tier,
    UnixSeconds,
};

const USERS: usize = 50_000;
const TOKEN_LIFE_S: usize = 300;
const P99_MAX: Duration = Duration::from_millis(50);
/// Callers; each waits for its answer. The store has fewer connections, so that waiting for one counts, too.
const THREADS: usize = 32;
/// Has no divisor in common with [`USERS`]: every user comes once before any comes twice.
const STRIDE: usize = 7919;

fn main() -> ExitCode {
    let Ok(url) = std::env::var("SESERAGI_TEST_POSTGRES") else {
        eprintln!("SESERAGI_TEST_POSTGRES is not set: give it the URL of a database for this alone");
        return ExitCode::FAILURE;
    };
    let seconds = std::env::args().nth(1).map_or(Ok(20), |text| text.parse::<usize>());
    match seconds.map_err(|_| "usage: refresh_load [SECONDS]".to_owned()).and_then(|seconds| {
        prepare(&url).map_err(|error| error.to_string())?;
        let store = Store::open_postgres(&url, "load").map_err(|error| error.to_string())?;
        rotate(&store, seconds)
    }) {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            eprintln!("FAILED {why}");
            ExitCode::FAILURE
        }
    }
}

/// Users and their sign-ins, made by the same calls as any others, but not flushed to disk one by one.
fn prepare(url: &str) -> Result<(), StoreError> {
    let lazy =
        format!("{url}{}options=-csynchronous_commit%3Doff", if url.contains('?') { '&' } else { '?' });
    let store = Store::open_postgres(&lazy, "load")?;
    let (began, next, now) = (Instant::now(), AtomicUsize::new(0), UnixSeconds::now());
    std::thread::scope(|scope| {
        let workers: Vec<_> = (0..8)
            .map(|_| {
                scope.spawn(|| {
                    while let Some(index) = claim(&next, USERS) {
                        add(&store, index, now)?;
                    }
                    Ok::<(), StoreError>(())
                })
            })
            .collect();
        workers.into_iter().try_for_each(|worker| worker.join().expect("a worker does not panic"))
    })?;
    println!("prepared {USERS} users and sign-ins in {:.1} s", began.elapsed().as_secs_f64());
    Ok(())
}

fn add(store: &Store, index: usize, now: UnixSeconds) -> Result<(), StoreError> {
    let (sub, name) = (format!("user:{index}"), format!("user {index}"));
    let phc = "$argon2id$v=19$m=19456,t=2,p=1$c29tZSBzYWx0$c29tZSBoYXNoIG9mIDMyIGJ5dGVzIGluIGl0cyBiYXNlIDY0";
    let scopes = Scope::InferRead.into();
    let user = NewUser { sub: &sub, name: &name, login_key: &name, phc, tier: Tier::User, scopes };
    store.add_user(user, now)?;
    let session = Session {
        sid: format!("{index:026}"),
        sub,
        client_id: "console".to_owned(),
        scopes,
        tier: Tier::User,
        binding: Binding::None,
        created_at: now,
        last_used_at: now,
        idle_s: 7 * 86_400,
        expires_at: now.plus(30 * 86_400),
        ended_at: None,
        parent: None,
    };
    store.add_session(&NewSession {
        session,
        refresh: Some(token(index, 0)),
        cookie: Some(sha256(index, "cookie")),
    })
}

fn rotate(store: &Store, seconds: usize) -> Result<(), String> {
    let total = seconds * USERS / TOKEN_LIFE_S;
    let gap = Duration::from_secs(TOKEN_LIFE_S as u64) / USERS as u32;
    let (began, next) = (Instant::now(), AtomicUsize::new(0));
    let mut latencies: Vec<Duration> = std::thread::scope(|scope| {
        let workers: Vec<_> = (0..THREADS)
            .map(|_| {
                scope.spawn(|| {
                    let mut mine = Vec::new();
                    while let Some(index) = claim(&next, total) {
                        let due = began + gap * index as u32;
                        std::thread::sleep(due.saturating_duration_since(Instant::now()));
                        rotate_one(store, index)?;
                        mine.push(due.elapsed());
                    }
                    Ok(mine)
                })
            })
            .collect();
        let all = workers.into_iter().map(|worker| worker.join().expect("a worker does not panic"));
        all.collect::<Result<Vec<_>, String>>()
    })?
    .concat();
    report(&mut latencies, began.elapsed())
}

fn rotate_one(store: &Store, index: usize) -> Result<(), String> {
    let (user, generation) = (index * STRIDE % USERS, index / USERS);
    let rotation = Rotation {
        presented: token(user, generation),
        successor: token(user, generation + 1),
        client_id: Some("console"),
        jkt: None,
        grace_s: 10,
    };
    match store.rotate(&rotation, UnixSeconds::now()) {
        Ok(Rotated::Fresh(_)) => Ok(()),
        Ok(other) => Err(format!("rotation {index}: {other:?}")),
        Err(error) => Err(format!("rotation {index}: {error}")),
    }
}

fn report(latencies: &mut [Duration], took: Duration) -> Result<(), String> {
    latencies.sort_unstable();
    let at = |part: f64| latencies[((latencies.len() - 1) as f64 * part) as usize];
    let ms = |latency: Duration| format!("{:.1} ms", latency.as_secs_f64() * 1000.0);
    println!(
        "{} rotations, {:.1} a second, p50 {}, p95 {}, p99 {}, max {}",
        latencies.len(),
        latencies.len() as f64 / took.as_secs_f64(),
        ms(at(0.5)),
        ms(at(0.95)),
        ms(at(0.99)),
        ms(at(1.0)),
    );
    if at(0.99) < P99_MAX { Ok(()) } else { Err(format!("p99 is not under {}", ms(P99_MAX))) }
}

fn claim(next: &AtomicUsize, end: usize) -> Option<usize> {
    Some(next.fetch_add(1, Ordering::Relaxed)).filter(|index| *index < end)
}

fn token(user: usize, generation: usize) -> Digest {
    sha256(user, &format!("token {generation}"))
}

fn sha256(user: usize, what: &str) -> Digest {
    let text = format!("{what} of {user}");
    digest(&SHA256, text.as_bytes()).as_ref().try_into().expect("SHA-256 has 32 bytes")
}
