//! The body of an answer: bytes, or a file that is read while the client takes it, so that a large one is never in memory whole.

use std::fs::File;
use std::io::{self, Read as _, Seek as _, SeekFrom};
use std::sync::Arc;

use actix_web::body::{BoxBody, SizedStream};
use actix_web::web::{self, Bytes};
use futures_util::stream::try_unfold;

use crate::problem::Problem;

/// Bytes of a file that are in memory at once.
const CHUNK: usize = 64 * 1024;

/// What is sent.
#[derive(Debug, Clone)]
pub enum Content {
    /// All of it.
    Bytes(Vec<u8>),
    /// What stands in a file, which nobody else reads or writes any more.
    File(Arc<File>),
}

impl From<Vec<u8>> for Content {
    fn from(bytes: Vec<u8>) -> Self {
        Self::Bytes(bytes)
    }
}

impl From<File> for Content {
    fn from(file: File) -> Self {
        Self::File(Arc::new(file))
    }
}

impl Content {
    /// The text, where it is one that is kept under an idempotency key.
    pub(super) fn as_text(&self) -> Result<String, Problem> {
        let text = match self {
            Self::Bytes(bytes) => String::from_utf8(bytes.clone()).ok(),
            Self::File(_) => None,
        };
        text.ok_or_else(|| Problem::internal("an answer under a key is no text"))
    }

    /// The body as it goes out.
    pub(super) fn into_body(self) -> io::Result<BoxBody> {
        match self {
            Self::Bytes(bytes) => Ok(BoxBody::new(bytes)),
            Self::File(file) => streamed(file),
        }
    }
}

fn streamed(file: Arc<File>) -> io::Result<BoxBody> {
    let mut open = &*file;
    let bytes = open.seek(SeekFrom::End(0))?;
    open.seek(SeekFrom::Start(0))?;
    let chunks = try_unfold(file, |file| async move {
        let read = web::block(move || next_chunk(&file).map(|chunk| (chunk, file)));
        let (chunk, file) = read.await.map_err(io::Error::other)??;
        Ok::<_, io::Error>(Some((chunk, file)).filter(|(chunk, _)| !chunk.is_empty()))
    });
    Ok(BoxBody::new(SizedStream::new(bytes, Box::pin(chunks))))
}

fn next_chunk(mut file: &File) -> io::Result<Bytes> {
    let mut chunk = vec![0; CHUNK];
    let read = file.read(&mut chunk)?;
    chunk.truncate(read);
    Ok(chunk.into())
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use actix_web::body::to_bytes;

    use super::*;

    #[test]
    fn a_file_goes_out_whole_from_its_beginning_in_chunks() {
        let written: Vec<u8> = (0..CHUNK * 2 + 7).map(|at| at.to_le_bytes()[0]).collect();
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(&written).unwrap();
        let body = Content::from(file).into_body().unwrap();
        let sent = actix_web::rt::System::new().block_on(to_bytes(body));
        assert_eq!(sent.unwrap().to_vec(), written);
    }
}
