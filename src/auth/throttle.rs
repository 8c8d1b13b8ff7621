//! Slows down whoever guesses passwords, without letting outsiders lock anybody out.
//!
//! Failures count per name, known or not, and per address. From the fifth the wait doubles, up to a quarter of an hour. Where somebody signed in
//! before, only failures from that same address count: so an employee at the office is not slowed down by somebody who guesses elsewhere.
//! Each instance counts for itself; what it counts is gone with it.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::audit::{Hash, sha256};
use crate::clock::Instant;
use crate::problem::{Problem, TOO_MANY_ATTEMPTS};

/// Failures before the wait begins.
const FREE: u32 = 5;
/// Failures of one address, over all names, before the wait begins: a whole town hall may share one.
const FREE_OF_ADDRESS: u32 = 50;
/// Failures in a row after which a stranger may try once a day (NIST SP 800-63B: no more than 100).
const STRANGER_MAX: u32 = 100;
const WAIT_SECONDS_MAX: i64 = 15 * 60;
const DAY_SECONDS: i64 = 24 * 60 * 60;
/// Addresses that are remembered for a name.
const FAMILIAR_MAX: usize = 8;
/// Names and addresses that are remembered at most; far more than guess in earnest while the address limits hold.
const REMEMBERED_MAX: usize = 50_000;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct Failures {
    count: u32,
    /// The last one.
    at: i64,
}

impl Failures {
    /// Seconds until another try is taken.
    fn wait(self, free: u32, now: i64) -> i64 {
        if self.count < free {
            return 0;
        }
        let wait = if self.count >= STRANGER_MAX.max(free * 2) {
            DAY_SECONDS
        } else {
            let doublings = (self.count - free).min(20);
            (1_i64 << doublings).min(WAIT_SECONDS_MAX)
        };
        (self.at + wait - now).max(0)
    }

    /// One more; a day without any makes up for all.
    fn add(&mut self, now: i64) {
        if now - self.at > DAY_SECONDS {
            self.count = 0;
        }
        (self.count, self.at) = (self.count.saturating_add(1), now);
    }
}

#[derive(Debug, Default)]
struct Name {
    /// Of tries from where nobody signed in by this name yet.
    strangers: Failures,
    /// Where somebody did, and the failures since.
    familiar: HashMap<IpAddr, Failures>,
}

#[derive(Debug, Default)]
struct Counted {
    names: HashMap<Hash, Name>,
    addresses: HashMap<IpAddr, Failures>,
}

/// What was tried lately.
#[derive(Debug, Default)]
pub(super) struct Throttle(Mutex<Counted>);

impl Throttle {
    /// Takes a try, which counts as failed until [`Self::succeeded`] says otherwise; so that many at once do not slip through.
    pub(super) fn begin(&self, name: &str, from: IpAddr, now: Instant) -> Result<(), Problem> {
        let (name, now) = (sha256(name.as_bytes()), now.timestamp().as_second());
        let mut counted = self.lock();
        counted.forget(now);
        let of_address = counted.addresses.entry(from).or_default();
        let mut wait = of_address.wait(FREE_OF_ADDRESS, now);
        let of_name = counted.names.entry(name).or_default();
        let of_name = match of_name.familiar.get_mut(&from) {
            Some(own) => own,
            None => &mut of_name.strangers,
        };
        wait = wait.max(of_name.wait(FREE, now));
        if wait > 0 {
            return Err(Problem {
                retry_after_seconds: u32::try_from(wait).ok(),
                ..Problem::new(&TOO_MANY_ATTEMPTS)
            });
        }
        of_name.add(now);
        counted.addresses.entry(from).or_default().add(now);
        Ok(())
    }

    /// Takes back what the try counted for, and remembers where it came from.
    pub(super) fn succeeded(&self, name: &str, from: IpAddr) {
        let mut counted = self.lock();
        if let Some(of_address) = counted.addresses.get_mut(&from) {
            of_address.count = of_address.count.saturating_sub(1);
        }
        let of_name = counted.names.entry(sha256(name.as_bytes())).or_default();
        if !of_name.familiar.contains_key(&from) {
            of_name.strangers = Failures::default();
            if of_name.familiar.len() >= FAMILIAR_MAX {
                of_name.familiar.clear();
            }
        }
        of_name.familiar.insert(from, Failures::default());
    }

    fn lock(&self) -> MutexGuard<'_, Counted> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Counted {
    /// Keeps memory bounded: what is a day old goes first, then all.
    fn forget(&mut self, now: i64) {
        if self.names.len() < REMEMBERED_MAX && self.addresses.len() < REMEMBERED_MAX {
            return;
        }
        let is_recent = |failures: &Failures| now - failures.at < DAY_SECONDS;
        self.names
            .retain(|_, name| is_recent(&name.strangers) && name.strangers.count > 1);
        self.addresses
            .retain(|_, failures| is_recent(failures) && failures.count > 1);
        if self.names.len() >= REMEMBERED_MAX || self.addresses.len() >= REMEMBERED_MAX {
            *self = Self::default();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> Instant {
        Instant::from_micros((1_000_000 + seconds) * 1_000_000)
    }

    fn address(last: u8) -> IpAddr {
        IpAddr::from([192, 0, 2, last])
    }

    #[test]
    fn from_the_fifth_failure_the_wait_doubles() {
        let throttle = Throttle::default();
        let (mut seconds, mut waits) = (0, Vec::new());
        for _ in 0..20 {
            if let Err(problem) = throttle.begin("kari", address(1), at(seconds)) {
                let wait = i64::from(problem.retry_after_seconds.unwrap());
                waits.push(wait);
                seconds += wait;
                throttle.begin("kari", address(1), at(seconds)).unwrap();
            }
        }
        assert_eq!(
            waits,
            [
                1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900, 900, 900, 900
            ]
        );
    }

    #[test]
    fn a_stranger_does_not_slow_down_whoever_signed_in_here_before() {
        let throttle = Throttle::default();
        throttle.begin("kari", address(1), at(0)).unwrap();
        throttle.succeeded("kari", address(1));
        for last in 2..=6 {
            throttle.begin("kari", address(last), at(0)).unwrap();
        }
        assert!(throttle.begin("kari", address(7), at(0)).is_err());
        throttle.begin("kari", address(1), at(0)).unwrap();
        // Nor does one name slow down another.
        throttle.begin("ola", address(7), at(0)).unwrap();
    }

    #[test]
    fn an_address_that_tries_many_names_is_slowed_down() {
        let throttle = Throttle::default();
        for number in 0..FREE_OF_ADDRESS {
            throttle
                .begin(&number.to_string(), address(1), at(0))
                .unwrap();
        }
        assert!(throttle.begin("another", address(1), at(0)).is_err());
        throttle.begin("another", address(2), at(0)).unwrap();
    }

    #[test]
    fn a_hundred_failures_leave_a_stranger_one_try_a_day() {
        let many = Failures {
            count: STRANGER_MAX,
            at: 0,
        };
        assert_eq!(many.wait(FREE, 10), DAY_SECONDS - 10);
        assert_eq!(many.wait(FREE, DAY_SECONDS), 0);
    }
}
