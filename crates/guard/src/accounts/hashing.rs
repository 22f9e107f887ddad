//! Passwords to hashes (argon2id, RFC 9106) and back to yes or no, on few threads with bounded memory.
//!
//! Invariants: a check costs one hash whether there is a user or not, so that time tells nothing; and the memory of a hash is
//! one of few buffers that are used again. A fresh one for each hash would stay with the allocator, once for every thread that
//! ever hashed.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use argon2::{ARGON2ID_IDENT, Algorithm, Argon2, Block, Params, PasswordHash, Version};
use aws_lc_rs::constant_time::verify_slices_are_equal;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;

use super::room::{Place, Room};
use super::{AuthRefusal, HashingConfig};
use crate::random;

const MEMORY_KIB_MAX: u32 = 1024 * 1024;
const PASSES_MAX: u32 = 64;
const LANES_MAX: u32 = 16;
const SALT_BYTES: usize = 16;
/// The longest hash of a PHC string.
const HASH_BYTES_MAX: usize = 64;

/// Hashes and checks. Cheap to clone.
#[derive(Clone)]
pub(super) struct Hasher {
    /// Today's.
    params: Params,
    buffers: Arc<Buffers>,
    /// What a password is checked against where there is no user: of today's parameters, and nobody knows its password.
    nobody: Arc<str>,
    room: Room,
    computed: Arc<AtomicU64>,
}

impl Hasher {
    /// Numbers outside of their documented bounds are brought into them.
    pub(super) fn new(config: HashingConfig) -> Self {
        let params = params(config);
        let nobody = written(&params, &random::bytes::<SALT_BYTES>(), &random::bytes::<32>());
        Self {
            buffers: Arc::new(Buffers::new(params.block_count(), config.at_once)),
            params,
            nobody: nobody.into(),
            room: Room::new(config.at_once, config.waiting_max),
            computed: Arc::default(),
        }
    }

    /// A place among those who wait for a hash, at once or never.
    ///
    /// # Errors
    /// [`AuthRefusal::Busy`].
    pub(super) fn enter(&self) -> Result<Place, AuthRefusal> {
        self.room.enter()
    }

    /// Whether this is the password of this hash; never, if there is none.
    ///
    /// # Errors
    /// [`AuthRefusal::Busy`] without memory, [`AuthRefusal::Unavailable`] if the process is shutting down.
    pub(super) async fn check(
        &self,
        place: Place,
        password: String,
        phc: Option<String>,
    ) -> Result<bool, AuthRefusal> {
        let hasher = self.clone();
        place.run(move || hasher.check_now(password.as_bytes(), phc.as_deref())).await?
    }

    /// The hash of a new password, as a PHC string.
    ///
    /// # Errors
    /// As [`check`](Self::check).
    pub(super) async fn hash(&self, place: Place, password: String) -> Result<String, AuthRefusal> {
        let hasher = self.clone();
        place.run(move || hasher.hash_now(password.as_bytes())).await?
    }

    /// Whether a hash was made with smaller parameters than today's.
    pub(super) fn is_outdated(&self, phc: &str) -> bool {
        let today = &self.params;
        read(phc).is_none_or(|(_, params)| {
            params.m_cost() < today.m_cost()
                || params.t_cost() < today.t_cost()
                || params.p_cost() < today.p_cost()
        })
    }

    fn check_now(&self, password: &[u8], phc: Option<&str>) -> Result<bool, AuthRefusal> {
        let known = phc.and_then(read);
        let is_known = known.is_some();
        let Some((hash, params)) = known.or_else(|| read(&self.nobody)) else { return Ok(false) };
        let (Some(salt), Some(expected)) = (&hash.salt, &hash.hash) else { return Ok(false) };
        let version = hash.version.map_or(Ok(Version::default()), Version::try_from).map_err(refusal)?;
        let mut buffer = [0; HASH_BYTES_MAX];
        let computed = buffer.get_mut(..expected.len()).ok_or(AuthRefusal::Unavailable)?;
        self.compute(password, salt, params, version, computed)?;
        Ok(is_known && verify_slices_are_equal(computed, expected.as_bytes()).is_ok())
    }

    fn hash_now(&self, password: &[u8]) -> Result<String, AuthRefusal> {
        let (salt, mut hash) = (random::bytes::<SALT_BYTES>(), [0; 32]);
        self.compute(password, &salt, self.params.clone(), Version::V0x13, &mut hash)?;
        Ok(written(&self.params, &salt, &hash))
    }

    fn compute(
        &self,
        password: &[u8],
        salt: &[u8],
        params: Params,
        version: Version,
        out: &mut [u8],
    ) -> Result<(), AuthRefusal> {
        self.computed.fetch_add(1, Ordering::Relaxed);
        let mut blocks = self.buffers.take(params.block_count()).ok_or(AuthRefusal::Busy)?;
        let argon2 = Argon2::new(Algorithm::Argon2id, version, params);
        let done = argon2.hash_password_into_with_memory(password, salt, out, &mut blocks[..]);
        self.buffers.put_back(blocks);
        done.map_err(refusal)
    }

    /// How many hashes were computed.
    #[cfg(test)]
    pub(super) fn computed(&self) -> u64 {
        self.computed.load(Ordering::Relaxed)
    }

    #[cfg(test)]
    pub(super) fn free(&self) -> (usize, usize) {
        self.room.free()
    }
}

/// Memory for hashes, used again. As many as hash at once, because the [`Room`] lets no more in.
struct Buffers {
    blocks: usize,
    most: usize,
    free: Mutex<Vec<Vec<Block>>>,
}

impl Buffers {
    /// None yet: they are made when they are needed.
    fn new(blocks: usize, at_once: usize) -> Self {
        Self { blocks, most: at_once.max(1), free: Mutex::default() }
    }

    /// At least so many blocks; `None` without memory.
    fn take(&self, blocks: usize) -> Option<Vec<Block>> {
        let kept = || self.free.lock().unwrap_or_else(PoisonError::into_inner).pop();
        // A hash of an earlier, more expensive configuration has memory of its own.
        if blocks <= self.blocks
            && let Some(buffer) = kept()
        {
            return Some(buffer);
        }
        let (mut fresh, length) = (Vec::new(), blocks.max(self.blocks));
        fresh.try_reserve_exact(length).ok()?;
        fresh.resize(length, Block::default());
        Some(fresh)
    }

    fn put_back(&self, buffer: Vec<Block>) {
        let mut free = self.free.lock().unwrap_or_else(PoisonError::into_inner);
        if buffer.len() == self.blocks && free.len() < self.most {
            free.push(buffer);
        }
    }
}

/// A hash as a PHC string.
fn written(params: &Params, salt: &[u8], hash: &[u8]) -> String {
    let settings = format!("m={},t={},p={}", params.m_cost(), params.t_cost(), params.p_cost());
    let (salt, hash) = (STANDARD_NO_PAD.encode(salt), STANDARD_NO_PAD.encode(hash));
    format!("$argon2id$v=19${settings}${salt}${hash}")
}

fn params(config: HashingConfig) -> Params {
    let lanes = config.lanes.clamp(1, LANES_MAX);
    let memory = config.memory_kib.clamp(8 * lanes, MEMORY_KIB_MAX);
    Params::new(memory, config.passes.clamp(1, PASSES_MAX), lanes, None).expect("within argon2's bounds")
}

/// A hash of ours and its parameters; `None` if it is of another kind, or costs more than any of ours may.
fn read(phc: &str) -> Option<(PasswordHash, Params)> {
    let hash = PasswordHash::new(phc).ok()?;
    let params = Params::try_from(&hash).ok()?;
    let fits =
        params.m_cost() <= MEMORY_KIB_MAX && params.t_cost() <= PASSES_MAX && params.p_cost() <= LANES_MAX;
    (hash.algorithm == ARGON2ID_IDENT && hash.salt.is_some() && hash.hash.is_some() && fits)
        .then_some((hash, params))
}

fn refusal(error: argon2::Error) -> AuthRefusal {
    match error {
        argon2::Error::OutOfMemory => AuthRefusal::Busy,
        _ => AuthRefusal::Unavailable,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SMALL: HashingConfig =
        HashingConfig { memory_kib: 64, passes: 1, lanes: 1, at_once: 2, waiting_max: 0 };

    #[tokio::test]
    async fn a_password_fits_its_own_hash_only() {
        let hasher = Hasher::new(SMALL);
        let hash = |password: &str| hasher.hash(hasher.enter().unwrap(), password.to_owned());
        let phc = hash("correct horse").await.unwrap();
        assert!(phc.starts_with("$argon2id$v=19$m=64,t=1,p=1$"), "{phc}");
        assert_ne!(phc, hash("correct horse").await.unwrap(), "each has its own salt");
        for (password, good) in [("correct horse", true), ("correct Horse", false), ("", false)] {
            let checked = hasher.check(hasher.enter().unwrap(), password.to_owned(), Some(phc.clone())).await;
            assert_eq!(checked, Ok(good));
        }
    }

    #[test]
    fn a_known_answer_of_the_reference_implementation() {
        // From the test file of the reference implementation: password "password", salt "somesalt", 2 passes, 64 MiB.
        let phc = "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc";
        let hasher = Hasher::new(SMALL);
        assert_eq!(hasher.check_now(b"password", Some(phc)), Ok(true));
        assert_eq!(hasher.check_now(b"passwore", Some(phc)), Ok(false));
    }

    #[test]
    fn nobody_costs_as_much_as_somebody_and_never_fits() {
        let hasher = Hasher::new(HashingConfig::default());
        let (_, params) = read(&hasher.nobody).unwrap();
        assert_eq!((params.m_cost(), params.t_cost(), params.p_cost()), (19_456, 2, 1));
        let before = hasher.computed();
        let broken = [
            "",
            "x",
            "$argon2i$v=19$m=64,t=1,p=1$c29tc2FsdA$CTFhFdXPJO1aFaMaO6Mm5Q",
            "$argon2id$v=19$m=2000000,t=1,p=1$c29tc2FsdA$CTFhFdXPJO1aFaMaO6Mm5Q",
        ];
        for phc in [None].into_iter().chain(broken.map(Some)) {
            assert_eq!(hasher.check_now(b"password", phc), Ok(false));
        }
        assert_eq!(hasher.computed() - before, 5);
    }

    /// The most memory that this process ever had, in MB.
    #[cfg(target_os = "linux")]
    fn peak_mb() -> u64 {
        let status = std::fs::read_to_string("/proc/self/status").unwrap();
        let line = status.lines().find(|line| line.starts_with("VmHWM:")).unwrap();
        line.split_whitespace().nth(1).unwrap().parse::<u64>().unwrap() / 1000
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn hashes_on_many_threads_share_the_memory_of_a_few() {
        use std::sync::mpsc::channel;
        let hasher = Hasher::new(HashingConfig { at_once: 2, ..HashingConfig::default() });
        let before = peak_mb();
        let threads: Vec<_> = (0..60)
            .map(|_| {
                // Each thread stays until all have hashed, as those of a runtime do.
                let (hasher, (end, until), (done, wait)) = (hasher.clone(), channel::<()>(), channel());
                let thread = std::thread::spawn(move || {
                    done.send(hasher.check_now(b"password", None)).unwrap();
                    let _ = until.recv();
                });
                assert_eq!(wait.recv().unwrap(), Ok(false));
                (thread, end)
            })
            .collect();
        let grown = peak_mb() - before;
        assert!(grown < 200, "{grown} MB");
        for (thread, end) in threads {
            drop(end);
            thread.join().unwrap();
        }
    }

    #[test]
    fn buffers_are_used_again_whatever_was_in_them() {
        let hasher = Hasher::new(SMALL);
        let phc = hasher.hash_now(b"password").unwrap();
        for _ in 0..3 {
            assert_eq!(hasher.check_now(b"passwore", Some(&phc)), Ok(false));
            assert_eq!(hasher.check_now(b"password", Some(&phc)), Ok(true));
        }
        let kept = || hasher.buffers.free.lock().unwrap().len();
        assert_eq!(kept(), 1);
        // More expensive than today: not kept.
        let large = Hasher::new(HashingConfig { memory_kib: 128, ..SMALL }).hash_now(b"password").unwrap();
        assert_eq!((hasher.check_now(b"password", Some(&large)), kept()), (Ok(true), 1));
        // Cheaper than today: in a part of what is kept.
        let least = Hasher::new(HashingConfig { memory_kib: 8, ..SMALL }).hash_now(b"password").unwrap();
        assert_eq!((hasher.check_now(b"password", Some(&least)), kept()), (Ok(true), 1));
    }

    #[test]
    fn smaller_parameters_are_outdated() {
        let small = Hasher::new(SMALL);
        let phc = small.hash_now(b"p").unwrap();
        assert!(!small.is_outdated(&phc));
        assert!(Hasher::new(HashingConfig { memory_kib: 65, ..SMALL }).is_outdated(&phc));
        assert!(Hasher::new(HashingConfig { passes: 2, ..SMALL }).is_outdated(&phc));
        assert!(!Hasher::new(HashingConfig { memory_kib: 32, ..SMALL }).is_outdated(&phc));
    }

    #[test]
    fn impossible_numbers_are_brought_into_bounds() {
        for number in [0, u32::MAX] {
            let params = params(HashingConfig { memory_kib: number, passes: number, lanes: number, ..SMALL });
            assert!(params.m_cost() <= MEMORY_KIB_MAX && params.p_cost() <= LANES_MAX);
        }
    }
}
