//! Sets what came in on pages, so that the archive can keep it as it keeps letters.

use super::model::{Block, Document, Language, Part, Section};
use super::pdf::pdf;
use crate::clock::Instant;
use crate::db::Tx;
use crate::municipality;
use crate::problem::Problem;

/// What came in, to be set on pages. Personal data.
#[expect(missing_debug_implementations, reason = "nobody prints what came in")]
pub struct Sheet {
    /// What it is.
    pub title: String,
    /// From whom it is.
    pub sender: String,
    /// When it was written down here.
    pub written_at: Instant,
    /// Days and references, line by line.
    pub particulars: Vec<String>,
    /// What it says: a heading, and under it a list.
    pub sections: Vec<(String, Vec<String>)>,
}

/// The sheet as PDF, like a letter's.
pub fn sheet(tx: &mut Tx<'_>, of: Sheet) -> Result<Vec<u8>, Problem> {
    let (_, name) = municipality::load(tx)?;
    let section = |(heading, items): (String, Vec<String>)| Section {
        part: Part::Facts,
        heading,
        blocks: vec![Block::List(items)],
    };
    pdf(&Document {
        language: Language::Bokmal,
        written_at: of.written_at,
        title: of.title,
        sender: of.sender,
        recipient: vec![format!("{name} kommune")],
        particulars: of.particulars,
        sections: of.sections.into_iter().map(section).collect(),
    })
}
