//! When something that failed is tried again.

use jiff::SignedDuration;

/// Seconds to wait after the first, second, … attempt in vain: the schedule that Standard Webhooks recommends.
const DELAYS_SECONDS: [i64; 9] = [5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400];
/// Attempts before a message is given up.
pub const ATTEMPTS_MAX: i32 = 10;
/// Delays differ by up to a fifth from the schedule, so that those who failed together do not come back together.
const JITTER_PERCENT: i64 = 20;

/// How long to wait after this many attempts in vain; none when it is time to give up. `random` is any number.
#[must_use]
pub fn delay_after(attempts: i32, random: u32) -> Option<SignedDuration> {
    let place = usize::try_from(attempts.max(1) - 1).ok()?;
    let seconds = *DELAYS_SECONDS.get(place)?;
    let swing = seconds * 1_000 * JITTER_PERCENT / 100;
    let shift = i64::from(random) % (2 * swing + 1) - swing;
    Some(SignedDuration::from_millis(seconds * 1_000 + shift))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ten_attempts_are_made_within_about_three_days() {
        let delays: Vec<_> = (1..).map_while(|it| delay_after(it, 0)).collect();
        assert_eq!(i32::try_from(delays.len()).unwrap() + 1, ATTEMPTS_MAX);
        let total: SignedDuration = delays.into_iter().sum();
        assert!((48..96).contains(&total.as_hours()), "{total}");
    }

    #[test]
    fn jitter_stays_within_a_fifth() {
        for attempts in 1..ATTEMPTS_MAX {
            let middle = DELAYS_SECONDS[usize::try_from(attempts - 1).unwrap()] * 1_000;
            for random in [0, 1, 7_777, u32::MAX / 2, u32::MAX] {
                let millis = delay_after(attempts, random).unwrap().as_millis();
                assert!((millis - i128::from(middle)).abs() * 5 <= i128::from(middle));
            }
        }
    }
}
