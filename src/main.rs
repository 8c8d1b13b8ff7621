//! The command line of rettbolig.

use std::process::ExitCode;

fn main() -> ExitCode {
    rettbolig::cli::run()
}
