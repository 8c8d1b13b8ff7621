//! Keeps from asking a register that is down, so that nobody waits for it again and again.

use std::time::{Duration, Instant};

/// Faults in a row after which a register counts as down.
const FAULTS_MAX: u32 = 5;
/// How long it is left alone then; afterwards one question tries for all.
const REST: Duration = Duration::from_secs(30);

/// What is known of a register's health.
#[derive(Debug, Clone, Default)]
pub struct Breaker {
    faults: u32,
    down_until: Option<Instant>,
}

impl Breaker {
    /// Whether the register may be asked at this moment. Of many who ask while it is down, the first after the rest is let through.
    pub fn lets_through(&mut self, now: Instant) -> bool {
        match self.down_until {
            Some(until) if now < until => false,
            Some(_) => {
                // Whoever comes next waits for what becomes of this one.
                self.down_until = Some(now + REST);
                true
            }
            None => true,
        }
    }

    /// The register answered.
    pub fn succeeded(&mut self) {
        *self = Self::default();
    }

    /// The register did not answer as it should.
    pub fn failed(&mut self, now: Instant) {
        self.faults += 1;
        if self.faults >= FAULTS_MAX {
            self.down_until = Some(now + REST);
        }
    }

    /// Whether it counts as down.
    #[must_use]
    pub const fn is_down(&self) -> bool {
        self.down_until.is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn after_five_faults_it_rests_and_then_one_tries() {
        let (mut breaker, begin) = (Breaker::default(), Instant::now());
        for _ in 0..FAULTS_MAX {
            assert!(breaker.lets_through(begin));
            breaker.failed(begin);
        }
        assert!(breaker.is_down() && !breaker.lets_through(begin + REST / 2));
        assert!(breaker.lets_through(begin + REST));
        assert!(!breaker.lets_through(begin + REST), "one tries for all");
        breaker.failed(begin + REST);
        assert!(!breaker.lets_through(begin + REST + REST / 2));
        assert!(breaker.lets_through(begin + 3 * REST));
        breaker.succeeded();
        assert!(!breaker.is_down() && breaker.lets_through(begin));
    }

    #[test]
    fn a_success_between_faults_forgets_them() {
        let (mut breaker, now) = (Breaker::default(), Instant::now());
        for _ in 0..3 * FAULTS_MAX {
            breaker.failed(now);
            breaker.succeeded();
        }
        assert!(!breaker.is_down());
    }
}
