//! What processes have used, from `/proc`.

use std::fs;

/// CPU time of all threads, in nanoseconds. From `schedstat`: `stat` counts in ticks of 10 ms, too coarse here.
pub(crate) fn cpu_ns(pids: &[u32]) -> u64 {
    let tasks = pids.iter().flat_map(|pid| fs::read_dir(format!("/proc/{pid}/task")).into_iter().flatten());
    let of_task = |path: std::path::PathBuf| -> Option<u64> {
        fs::read_to_string(path.join("schedstat")).ok()?.split(' ').next()?.parse().ok()
    };
    tasks.flatten().filter_map(|task| of_task(task.path())).sum()
}

/// Resident memory, in KiB.
pub(crate) fn rss_kib(pids: &[u32]) -> u64 {
    let of_process = |pid: &u32| -> Option<u64> {
        let status = fs::read_to_string(format!("/proc/{pid}/status")).ok()?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
        line.split_whitespace().next()?.parse().ok()
    };
    pids.iter().filter_map(of_process).sum()
}
