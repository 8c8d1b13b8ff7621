//! Registers a module's tests with the test runner: once for each backend that they are about.

use std::future::Future;
use std::sync::Arc;

use libtest_mimic::Trial;

use super::workshop::Workshop;
use super::{Backend, Bench};

/// Lists a module's tests, each an `async fn(Bench)`, for a run on both backends. Stands at the module's foot.
macro_rules! cases {
    ($($test:ident),+ $(,)?) => {
        $crate::support::cases::on_backends!(CASES, $crate::support::Backend::ALL, $($test),+);
    };
}

/// Lists tests of what only `PostgreSQL` has, such as row-level security; otherwise like `cases!`.
macro_rules! postgres_only {
    ($($test:ident),+ $(,)?) => {
        $crate::support::cases::on_backends!(
            POSTGRES_ONLY, &[$crate::support::Backend::Postgres], $($test),+
        );
    };
}

/// Lists guards that need no database, each a `fn()`.
macro_rules! plain {
    ($($test:ident),+ $(,)?) => {
        pub(crate) const PLAIN: &[$crate::support::cases::Case] = &[$(
            $crate::support::cases::Case {
                module: module_path!(),
                name: stringify!($test),
                run: $crate::support::cases::Run::Plain($test),
            }
        ),+];
    };
}

macro_rules! on_backends {
    ($list:ident, $backends:expr, $($test:ident),+) => {
        pub(crate) const $list: &[$crate::support::cases::Case] = &[$(
            $crate::support::cases::Case {
                module: module_path!(),
                name: stringify!($test),
                run: $crate::support::cases::Run::On($backends, |bench| {
                    $crate::support::cases::drive($test(bench));
                }),
            }
        ),+];
    };
}

pub(crate) use {cases, on_backends, plain, postgres_only};

/// A test before it is known on which databases this run can try it.
pub(crate) struct Case {
    pub(crate) module: &'static str,
    pub(crate) name: &'static str,
    pub(crate) run: Run,
}

/// What a test needs.
pub(crate) enum Run {
    /// Nothing.
    Plain(fn()),
    /// A database of its own, on each of these backends in turn.
    On(&'static [Backend], fn(Bench)),
}

impl Case {
    /// What the test runner runs: `module::name`, or `module::name::backend` for each backend.
    pub(crate) fn trials(&self, workshop: &Arc<Workshop>) -> Vec<Trial> {
        let module = self
            .module
            .split_once("::")
            .map_or("", |(_crate, module)| module);
        let name = format!("{module}::{}", self.name);
        match self.run {
            Run::Plain(test) => vec![Trial::test(name, move || {
                test();
                Ok(())
            })],
            Run::On(backends, test) => backends
                .iter()
                .map(|&backend| on_backend(&name, backend, test, workshop))
                .collect(),
        }
    }
}

fn on_backend(name: &str, backend: Backend, test: fn(Bench), workshop: &Arc<Workshop>) -> Trial {
    let offered = workshop.offers(backend);
    let workshop = Arc::clone(workshop);
    Trial::test(format!("{name}::{}", backend.code()), move || {
        // The place outlives the test's runtime, so that no task still holds the database that is removed.
        let place = workshop.set_up(backend)?;
        test(place.bench());
        Ok(())
    })
    .with_ignored_flag(!offered)
}

/// Runs a test to its end on a runtime of its own.
pub(crate) fn drive(test: impl Future<Output = ()>) {
    actix_web::rt::System::new().block_on(test);
}
