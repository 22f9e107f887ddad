"""The store on a real PostgreSQL: its whole suite, the load of 50,000 users, its plans, and TLS."""

import sys

from peers.checks import equal, expect, run
from peers.postgres import Postgres
from peers.processes import ROOT, Child, clean_env

CARGO = ["cargo", "test", "--release", "--locked", "-p", "seseragi-guard", "--lib"]


def main(report) -> None:
    quick = "--quick" in sys.argv[1:]
    server = Postgres()
    with report.check("the suite of the store, each test in a database of its own") as figures:
        output = suite("store::", server, SESERAGI_TEST_POSTGRES=server.url())
        expect("not run: SESERAGI_TEST_POSTGRES does" not in output, "a test did not see the server")
        figures.append(counted(output))
        left = server.sql("SELECT count(*) FROM pg_database WHERE datname LIKE 't\\_%'")
        equal(left, "0", "databases left behind")
    with report.check("50,000 users: 167 rotations a second, p99 under 50 ms") as figures:
        figures.append(load(server, 5 if quick else 20))
    with report.check("every look-up uses an index") as figures:
        figures.append(f"{indexed(server)} look-ups")
    with report.check("TLS: the certificate and its name are verified"):
        authority = server.certificate()
        server.stop()
        server.settings["ssl"] = "on"
        server.start()
        url = server.url(query=f"sslmode=require&sslrootcert={authority}")
        output = suite("store::tests::server::the_certificate_is_verified", server, SESERAGI_TEST_POSTGRES_TLS=url)
        expect("not run" not in output, "the test did not see the server")
    server.stop()


def suite(which: str, server: Postgres, **env: str) -> str:
    """Runs tests of the store; what they printed."""
    child = Child([*CARGO, which, "--", "--show-output"], cwd=ROOT, env={**clean_env(), **env})
    code = child.exit_code(within=600)
    expect(server.password not in child.output, "the password was printed")
    equal(code, 0, f"exit code of the tests:\n{child.output[-3000:]}")
    return child.output


def counted(output: str) -> str:
    line = next(line for line in output.splitlines() if line.startswith("test result: ok"))
    passed = int(line.split(". ")[1].split()[0])
    expect(passed > 90, line)
    return f"{passed} tests"


def load(server: Postgres, seconds: int) -> str:
    server.sql("CREATE DATABASE load")
    env = {**clean_env(), "SESERAGI_TEST_POSTGRES": server.url("load")}
    command = ["cargo", "run", "--release", "--locked", "-q", "-p", "seseragi-guard", "--example", "refresh_load", "--", seconds]
    child = Child(command, cwd=ROOT, env=env)
    code = child.exit_code(within=600)
    equal(code, 0, f"exit code of the load:\n{child.output[-3000:]}")
    return child.output.splitlines()[-1]


LOOK_UPS = {
    "account": ["sub = ''", "login_key = ''"],
    "session": ["sid = ''", "sub = '' AND ended_at IS NULL", "cookie_sha256 = ''", "forget_at < 1"],
    "refresh_token": ["token_sha256 = ''", "forget_at < 1"],
    "authorization_code": ["code_sha256 = ''", "sub = '' AND used_at IS NULL", "forget_at < 1"],
    "api_key": ["id = ''"],
    "signing_key": ["kid = ''"],
    "attempt": ["name_sha256 = ''", "forget_at < 1"],
    "revocation": ["kind = '' AND issuer = '' AND name = ''", "written_at >= 1", "forget_at < 1"],
}


def indexed(server: Postgres) -> int:
    """The plans of all look-ups, where a whole table is read only if there is no other way."""
    plans = 0
    for table, conditions in LOOK_UPS.items():
        for condition in conditions:
            explain = f"EXPLAIN SELECT 1 FROM seseragi.{table} WHERE {condition}"
            plan = server.sql(f"SET enable_seqscan = off; {explain}", "load")
            expect("Index" in plan and "Seq Scan" not in plan, f"{explain}:\n{plan}")
            plans += 1
    return plans


if __name__ == "__main__":
    run(main, limit_s=900)
