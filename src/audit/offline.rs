//! Checks what an auditor was given, without database and network.

use super::export_check::verify_export;
use super::finding::{Disclosures, Finding, Sound};
use super::proof::TreeHead;
use super::proof_file::{HEADER, ProofFile};
use super::trusted::Trusted;

/// Checks an export or a proof file with the trusted keys and, where there is one, a checkpoint that was kept from earlier.
pub fn verify_file(
    text: &str,
    trusted: &Trusted,
    kept: Option<&TreeHead>,
) -> Result<Sound, Finding> {
    if text.starts_with(HEADER) {
        verify_proof_file(text, trusted, kept)
    } else {
        verify_export(text, trusted, kept)
    }
}

/// A proof file as this service writes it carries its entry.
fn verify_proof_file(
    text: &str,
    trusted: &Trusted,
    kept: Option<&TreeHead>,
) -> Result<Sound, Finding> {
    let tampered =
        |index, fault: &dyn std::error::Error| Finding::tampered(index, fault.to_string());
    let file = ProofFile::parse(text).map_err(|fault| tampered(None, &fault))?;
    let checkpoint = file
        .verify(&file.extra, &trusted.log)
        .map_err(|fault| tampered(Some(file.index), &fault))?;
    let (_, witnessed_at) = trusted.open_note(&file.checkpoint)?;
    let head = *checkpoint.head();
    match kept {
        Some(kept) if kept.size != head.size => {
            let why = "the proof is of another checkpoint than the kept one";
            Err(Finding::incomplete(None, why))
        }
        Some(kept) if *kept != head => {
            let why = "the log signed two different heads of one size";
            Err(Finding::tampered(None, why))
        }
        _ => Ok(Sound {
            entries: 1,
            head,
            witnessed_at,
            disclosures: Disclosures::default(),
        }),
    }
}
