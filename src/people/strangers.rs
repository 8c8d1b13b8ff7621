//! What must hold for somebody who is not registered here yet.

use super::rules::{faults_of_birth, not_of_national_id, read_national_id};
use crate::clock::Day;
use crate::national_id::Acceptance;
use crate::problem::FieldFault;

/// What is wrong with the number and birth date of somebody who is not registered yet, at this place in a body.
#[must_use]
pub fn faults_of_stranger(
    at: &str,
    digits: &str,
    born_on: Day,
    acceptance: Acceptance,
    today: Day,
) -> Vec<FieldFault> {
    let mut faults = faults_of_birth(born_on, today);
    match read_national_id(digits, acceptance) {
        Err(fault) => faults.push(fault),
        Ok(id) if !id.is_of_birth(born_on.0) => faults.push(not_of_national_id()),
        Ok(_) => {}
    }
    for fault in &mut faults {
        fault.pointer.insert_str(0, at);
    }
    faults
}
