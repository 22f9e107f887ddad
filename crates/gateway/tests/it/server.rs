//! Commands beside a running gateway: through its socket, immediate, and closed to everybody else.

use std::fs;
use std::io::{Read as _, Write as _};
use std::os::unix::net::{UnixListener, UnixStream};
use std::time::{Duration, Instant};

use crate::support::{Home, PASSWORD};

#[test]
fn orders_are_carried_out_by_the_gateway_that_runs() {
    let home = Home::new("");
    let mut gateway = home.serve();
    assert_eq!(home.mode("data/admin.sock"), 0o600);
    home.add_user("tomoko");
    let token = home.ok(&["token", "issue", "--sub", "ann"]);
    home.ok_with(&["token", "revoke", "--file", "-"], &token);
    assert!(home.fails(&["user", "add", "tomoko", "--password-file", "-"], PASSWORD, 1).contains("already"));
    // The gateway itself did it: its log has the lines of the audit log.
    let log = gateway.kill();
    assert!(log.contains("user") && log.contains("created") && log.contains("revoked"), "{log}");
    assert!(
        !log.contains(PASSWORD) && !log.contains(token.rsplit('.').next().unwrap()),
        "a secret is in its log"
    );
}

#[test]
fn a_second_gateway_on_the_same_folder_says_so() {
    let home = Home::new("");
    let gateway = home.serve();
    let said = home.fails(&["serve"], "", 1);
    assert!(said.contains(&format!("another gateway (process {})", gateway.id())), "{said}");
    home.add_user("the-first-still-works");
}

#[test]
fn what_a_killed_gateway_left_is_no_obstacle() {
    let home = Home::new("");
    home.serve().kill();
    assert!(home.path("data/admin.sock").exists(), "a killed one cannot clean up");
    home.add_user("without-a-gateway");
    let _gateway = home.serve();
    home.add_user("with-a-gateway");
    assert_eq!(home.ok(&["user", "list"]).lines().count(), 2);
}

#[test]
fn something_else_in_the_place_of_the_socket_is_left_alone() {
    let home = Home::new("");
    home.add_user("before");
    fs::write(home.path("data/admin.sock"), "mine").unwrap();
    let mut gateway = home.serve();
    assert_eq!(fs::read_to_string(home.path("data/admin.sock")).unwrap(), "mine");
    assert!(gateway.kill().contains("no admin socket"));
}

#[test]
fn what_is_no_order_costs_its_sender_the_connection() {
    let home = Home::new("");
    let _gateway = home.serve();
    let socket = home.path("data/admin.sock");
    let mut lines: Vec<Vec<u8>> = vec![
        b"\n".to_vec(),
        b"{}\n".to_vec(),
        b"null\n".to_vec(),
        b"\xff\xfe\x00\n".to_vec(),
        b"{\"v\":1,\"order\":{\"user_disable\":{}}}\n".to_vec(),
        b"{\"v\":1,\"order\":{\"shutdown\":{}}}\n".to_vec(),
        b"{\"v\":99,\"order\":{}}\n".to_vec(),
        b"GET / HTTP/1.1\r\nhost: x\r\n\r\n".to_vec(),
        [vec![b'['; 60_000], b"\n".to_vec()].concat(),
        vec![b'x'; 65_536],
    ];
    // Every byte of a good order, turned over.
    let good = br#"{"v":1,"order":{"user_disable":{"name":"nobody"}}}"#;
    lines.extend((0..good.len()).map(|place| {
        let mut bad = good.to_vec();
        bad[place] ^= 0x80;
        bad.push(b'\n');
        bad
    }));
    for line in lines {
        let mut stream = UnixStream::connect(&socket).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
        stream.write_all(&line).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        let shown = String::from_utf8_lossy(&line[..line.len().min(60)]).into_owned();
        assert!(answer.starts_with(r#"{"v":1,"error":"#), "{shown:?} got {answer:?}");
        assert_eq!(answer.lines().count(), 1);
    }
    home.add_user("still-served");
}

#[test]
fn slow_and_silent_clients_keep_nobody_out() {
    let home = Home::new("");
    let _gateway = home.serve();
    let socket = home.path("data/admin.sock");
    let mut dawdlers: Vec<UnixStream> = (0..8).map(|_| UnixStream::connect(&socket).unwrap()).collect();
    dawdlers.iter_mut().take(4).for_each(|stream| stream.write_all(b"{\"v\":1,").unwrap());
    let began = Instant::now();
    home.add_user("served-once-they-are-sent-away");
    assert!(began.elapsed() < Duration::from_secs(15), "{:?}", began.elapsed());
}

#[test]
fn a_socket_that_never_answers_ends_in_a_sentence() {
    let home = Home::new("");
    home.add_user("ann");
    let listener = UnixListener::bind(home.path("data/admin.sock")).unwrap();
    let closing = std::thread::spawn(move || drop(listener.accept()));
    let said = home.fails(&["user", "disable", "ann"], "", 1);
    closing.join().unwrap();
    assert!(said.contains("running gateway"), "{said}");
}

#[test]
fn many_orders_at_once_are_all_carried_out() {
    let home = Home::new("");
    let _gateway = home.serve();
    std::thread::scope(|scope| {
        for number in 0..20 {
            let home = &home;
            scope.spawn(move || home.ok(&["apikey", "create", "--name", &format!("key-{number}")]));
        }
    });
    assert_eq!(home.ok(&["apikey", "list"]).lines().count(), 20);
}

#[test]
fn commands_alone_and_two_processes_on_one_store_do_not_lose_anything() {
    let home = Home::new("");
    std::thread::scope(|scope| {
        for number in 0..8 {
            let home = &home;
            scope.spawn(move || home.ok(&["apikey", "create", "--name", &format!("key-{number}")]));
        }
    });
    assert_eq!(home.ok(&["apikey", "list"]).lines().count(), 8);
    assert_eq!(home.ok(&["keys", "list"]).lines().count(), 1, "of all that started at once one made the key");
}

#[test]
fn sign_ins_are_listed_and_ended() {
    let home = Home::new("");
    let gateway = home.serve();
    home.add_user("ann");
    let body = format!(r#"{{"username":"ann","password":"{PASSWORD}","mode":"token"}}"#);
    let head = "host: localhost\r\nconnection: close\r\ncontent-type: application/json";
    let request =
        format!("POST /auth/login HTTP/1.1\r\n{head}\r\ncontent-length: {}\r\n\r\n{body}", body.len());
    let mut stream = std::net::TcpStream::connect(&gateway.address).unwrap();
    stream.write_all(request.as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    let listed = home.ok(&["user", "sessions", "ann"]);
    assert!(listed.contains("  password  since 2"), "{listed}");
    assert!(home.ok(&["user", "sign-out", "ann"]).contains("1 sign-ins ended"));
    assert_eq!(home.ok(&["user", "sessions", "ann"]), "");
}

#[test]
fn the_gateway_says_where_it_listens_and_publishes_its_keys() {
    let home = Home::new("");
    let gateway = home.serve();
    let mut stream = std::net::TcpStream::connect(&gateway.address).unwrap();
    stream.write_all(b"GET /.well-known/jwks.json HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n").unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    let kid = home.ok(&["keys", "list"]).split(' ').next().unwrap().to_owned();
    assert!(answer.contains(&kid), "{answer}");
}
