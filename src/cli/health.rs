//! `rettbolig health`: asks the service next door whether it is ready. Needs no HTTP client in the image.

use std::error::Error;
use std::io::{Read as _, Write as _};
use std::net::{IpAddr, Ipv4Addr, SocketAddr, TcpStream};
use std::time::Duration;

use crate::config;

const PATIENCE: Duration = Duration::from_secs(3);

/// Succeeds when `/isready` answers 200.
pub(super) fn check() -> Result<(), Box<dyn Error>> {
    let listen = config::environment("RETTBOLIG_LISTEN").unwrap_or("127.0.0.1:8080".to_owned());
    let mut address: SocketAddr = listen.parse()?;
    if address.ip().is_unspecified() {
        address.set_ip(IpAddr::V4(Ipv4Addr::LOCALHOST));
    }
    let mut stream = TcpStream::connect_timeout(&address, PATIENCE)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.write_all(b"GET /isready HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")?;
    let mut status = [0; 12];
    stream.read_exact(&mut status)?;
    if &status == b"HTTP/1.1 200" {
        Ok(())
    } else {
        Err("not ready".into())
    }
}
