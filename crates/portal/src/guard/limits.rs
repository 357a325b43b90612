//! How many requests come from one client: many for reading, few where a password can be guessed or work is done for anybody.
//!
//! Each limit is a bucket that fills again at its own pace (GCRA). An office behind one address shares it, so the limits are wide; what
//! protects a single name is [`crate::signin::attempts`].

use std::fmt;
use std::net::IpAddr;
use std::num::NonZeroU32;
use std::sync::atomic::{AtomicU64, Ordering};

use axum::http::Method;
use governor::clock::Clock as _;
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};

/// After so many requests, clients that have been quiet are forgotten.
const TIDY: u64 = 4096;

/// The limits of a portal.
pub struct Limits {
    all: DefaultKeyedRateLimiter<IpAddr>,
    sign_in: DefaultKeyedRateLimiter<IpAddr>,
    reckoning: DefaultKeyedRateLimiter<IpAddr>,
    taken: AtomicU64,
}

impl fmt::Debug for Limits {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Limits").finish_non_exhaustive()
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self::of([(1800, 300), (20, 20), (120, 60)])
    }
}

impl Limits {
    /// Limits that nobody reaches: for a demonstration, which serves its own machine alone and is tested as fast as that is.
    pub fn unreached() -> Self {
        Self::of([(u32::MAX, u32::MAX); 3])
    }

    /// How many requests a minute, and how many at once: of all, of signing in, of reckoning.
    fn of([all, sign_in, reckoning]: [(u32, u32); 3]) -> Self {
        let limiter = |(per_minute, burst): (u32, u32)| {
            let count = |count: u32| NonZeroU32::new(count).unwrap_or(NonZeroU32::MIN);
            RateLimiter::keyed(Quota::per_minute(count(per_minute)).allow_burst(count(burst)))
        };
        Self {
            all: limiter(all),
            sign_in: limiter(sign_in),
            reckoning: limiter(reckoning),
            taken: AtomicU64::new(0),
        }
    }

    /// Lets a request in, or says after how many seconds it may come again.
    ///
    /// # Errors
    /// The seconds.
    pub fn take(&self, client: IpAddr, method: &Method, path: &str) -> Result<(), u64> {
        if self.taken.fetch_add(1, Ordering::Relaxed).is_multiple_of(TIDY) {
            for limiter in [&self.all, &self.sign_in, &self.reckoning] {
                limiter.retain_recent();
                limiter.shrink_to_fit();
            }
        }
        within(&self.all, client)?;
        if signs_in(method, path) {
            within(&self.sign_in, client)?;
        }
        if reckons(path) {
            within(&self.reckoning, client)?;
        }
        Ok(())
    }
}

/// Where a password or a code is tried, or a sign-in begins at a provider.
fn signs_in(method: &Method, path: &str) -> bool {
    let here = path.starts_with("/sign-in") || path.starts_with("/step-up");
    here && (method != Method::GET || path.starts_with("/sign-in/oidc"))
}

/// Where rules are run for anybody who sends facts.
fn reckons(path: &str) -> bool {
    path.starts_with("/check") || path.starts_with("/api/v1/determin")
}

fn within(limiter: &DefaultKeyedRateLimiter<IpAddr>, client: IpAddr) -> Result<(), u64> {
    limiter.check_key(&client).map_err(|until| {
        let wait = until.wait_time_from(limiter.clock().now());
        wait.as_secs().saturating_add(1)
    })
}

#[cfg(test)]
mod tests {
    use std::net::Ipv4Addr;

    use super::*;

    #[test]
    fn guessing_ends_before_reading_and_one_client_does_not_stop_another() {
        let limits = Limits::default();
        let [one, other] = [1, 2].map(|last| IpAddr::V4(Ipv4Addr::new(10, 0, 0, last)));
        let allowed = (0..100)
            .take_while(|_| limits.take(one, &Method::POST, "/sign-in").is_ok())
            .count();
        assert_eq!(allowed, 20);
        let wait = limits.take(one, &Method::POST, "/step-up").unwrap_err();
        assert!((1..=4).contains(&wait), "{wait}");
        assert!(limits.take(one, &Method::GET, "/sign-in/oidc").is_err());
        assert!(limits.take(one, &Method::GET, "/sign-in").is_ok());
        assert!(limits.take(other, &Method::POST, "/sign-in").is_ok());
        let read = (0..1000)
            .take_while(|_| limits.take(other, &Method::GET, "/").is_ok())
            .count();
        assert!((290..400).contains(&read), "{read}");
        let reckoned = |limits: &Limits| {
            (0..100)
                .take_while(|_| limits.take(one, &Method::POST, "/api/v1/determinations").is_ok())
                .count()
        };
        assert!((60..70).contains(&reckoned(&limits)));
    }
}
