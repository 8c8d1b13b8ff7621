//! Templates: text files, one for each kind, language and version. A version that was used is never changed, only followed.
//!
//! The first line is the title. `[PART] Heading` begins a part, `[PART?]` one that is left out when what it tells does not exist.
//! A line is a paragraph; `- ` before it makes it an item for each text of its field, `? ` lets it be left out. `{FIELD}` is filled in.

use super::model::{Block, Document, Field, Language, LetterKind, Part, Section, Values};
use crate::clock::Instant;

/// A template as it ships.
#[derive(Debug, Clone, Copy)]
pub(super) struct Template {
    pub(super) kind: LetterKind,
    pub(super) language: Language,
    pub(super) version: i16,
    pub(super) text: &'static str,
}

macro_rules! templates {
    ($($kind:ident $version:literal $name:literal),+ $(,)?) => {
        /// Every version of every template.
        pub(super) const TEMPLATES: &[Template] = &[$(
            Template {
                kind: LetterKind::$kind,
                language: Language::Bokmal,
                version: $version,
                text: include_str!(concat!("templates/", $name, ".", $version, ".nb.txt")),
            },
            Template {
                kind: LetterKind::$kind,
                language: Language::Nynorsk,
                version: $version,
                text: include_str!(concat!("templates/", $name, ".", $version, ".nn.txt")),
            },
        )+];
    };
}

templates! {
    Decision 1 "decision",
    Refusal 1 "refusal",
    Lapse 1 "lapse",
    InterimReply 1 "interim_reply",
    DelayNotice 1 "delay_notice",
    ForwardingNotice 1 "forwarding_notice",
    DocumentsRequested 1 "documents_requested",
    WithdrawalConfirmed 1 "withdrawal_confirmed",
    Offer 1 "offer",
    OfferWithdrawn 1 "offer_withdrawn",
    AppealDismissed 1 "appeal_dismissed",
    AppealForwarded 1 "appeal_forwarded",
    AppealOutcome 1 "appeal_outcome",
    CorrectionMade 1 "correction_made",
    CorrectionRefused 1 "correction_refused",
}

/// The newest template of a kind in a language.
pub(super) fn newest(kind: LetterKind, language: Language) -> Option<&'static Template> {
    TEMPLATES
        .iter()
        .filter(|it| it.kind == kind && it.language == language)
        .max_by_key(|it| it.version)
}

/// One part of a template.
#[derive(Debug)]
pub(super) struct Chapter<'t> {
    pub(super) part: Part,
    pub(super) may_be_absent: bool,
    heading: &'t str,
    lines: Vec<Line<'t>>,
}

/// One line of a template.
#[derive(Debug)]
struct Line<'t> {
    is_item: bool,
    may_be_absent: bool,
    text: &'t str,
}

impl<'t> Line<'t> {
    fn read(line: &'t str) -> Self {
        let (is_item, rest) = match line.strip_prefix("- ") {
            Some(rest) => (true, rest),
            None => (false, line),
        };
        let (may_be_absent, text) = match rest.strip_prefix("? ") {
            Some(text) => (true, text),
            None => (false, rest),
        };
        Self {
            is_item,
            may_be_absent,
            text,
        }
    }
}

impl Template {
    /// The title.
    pub(super) fn title(&self) -> &'static str {
        self.text.lines().next().unwrap_or_default()
    }

    /// Its parts in order; an error names the line that cannot be read.
    pub(super) fn chapters(&self) -> Result<Vec<Chapter<'static>>, String> {
        let mut chapters: Vec<Chapter<'static>> = Vec::new();
        for line in self.text.lines().skip(1).map(str::trim) {
            if line.is_empty() {
                continue;
            }
            if let Some((name, heading)) = line.strip_prefix('[').and_then(|it| it.split_once(']'))
            {
                let (name, may_be_absent) = match name.strip_suffix('?') {
                    Some(name) => (name, true),
                    None => (name, false),
                };
                chapters.push(Chapter {
                    part: name.parse().map_err(|_| format!("no part: {line}"))?,
                    may_be_absent,
                    heading: heading.trim(),
                    lines: Vec::new(),
                });
            } else {
                let chapter = chapters.last_mut().ok_or("a line before the first part")?;
                chapter.lines.push(Line::read(line));
            }
        }
        Ok(chapters)
    }

    /// The letter, filled in; an error names every part of which something is missing.
    pub(super) fn fill(&self, values: &Values) -> Result<Filled, Vec<Part>> {
        let chapters = self.chapters().map_err(|_| Part::ALL.to_vec())?;
        let mut sections = Vec::with_capacity(chapters.len());
        let mut missing = Vec::new();
        for chapter in chapters {
            match chapter.fill(values) {
                Some(blocks) if !blocks.is_empty() => sections.push(Section {
                    part: chapter.part,
                    heading: chapter.heading.to_owned(),
                    blocks,
                }),
                _ if chapter.may_be_absent => {}
                _ => missing.push(chapter.part),
            }
        }
        if missing.is_empty() {
            Ok(Filled {
                title: self.title().to_owned(),
                sections,
            })
        } else {
            Err(missing)
        }
    }
}

/// What a template gives.
pub(super) struct Filled {
    title: String,
    sections: Vec<Section>,
}

impl Filled {
    /// Which parts it has.
    pub(super) fn parts(&self) -> Vec<Part> {
        self.sections.iter().map(|section| section.part).collect()
    }

    /// As a letter to somebody.
    pub(super) fn addressed(
        self,
        language: Language,
        written_at: Instant,
        sender: String,
        recipient: Vec<String>,
        particulars: Vec<String>,
    ) -> Document {
        Document {
            language,
            written_at,
            title: self.title,
            sender,
            recipient,
            particulars,
            sections: self.sections,
        }
    }
}

impl Chapter<'_> {
    /// What it says; nothing when something of it is missing.
    fn fill(&self, values: &Values) -> Option<Vec<Block>> {
        let mut blocks: Vec<Block> = Vec::new();
        for line in &self.lines {
            let Some(texts) = filled(line.text, values) else {
                if line.may_be_absent {
                    continue;
                }
                return None;
            };
            match (line.is_item, blocks.last_mut()) {
                (true, Some(Block::List(items))) => items.extend(texts),
                (true, _) => blocks.push(Block::List(texts)),
                (false, _) => blocks.extend(texts.into_iter().map(Block::Paragraph)),
            }
        }
        Some(blocks)
    }

    /// The words of the template itself, as it stands.
    #[cfg(test)]
    pub(super) fn words(&self) -> impl Iterator<Item = &str> {
        std::iter::once(self.heading).chain(self.lines.iter().map(|line| line.text))
    }
}

/// A line with its fields filled in: once for each text of the field that has several. Nothing where a field has no text.
fn filled(line: &str, values: &Values) -> Option<Vec<String>> {
    let Some((before, rest)) = line.split_once('{') else {
        return Some(vec![line.to_owned()]);
    };
    let (name, after) = rest.split_once('}')?;
    let texts = values.find(name.parse::<Field>().ok()?)?;
    let tails = filled(after, values)?;
    let lines = texts
        .iter()
        // What somebody wrote in several paragraphs stays so.
        .flat_map(|text| text.split('\n'))
        .map(str::trim)
        .filter(|text| !text.is_empty())
        .flat_map(|text| {
            tails
                .iter()
                .map(move |tail| format!("{before}{text}{tail}"))
        });
    Some(lines.collect())
}

/// The fields that a line names; an error is a name that is none.
#[cfg(test)]
pub(super) fn fields(line: &str) -> Result<Vec<Field>, String> {
    let mut found = Vec::new();
    let mut rest = line;
    while let Some((_, after)) = rest.split_once('{') {
        let (name, after) = after.split_once('}').ok_or("a brace is not closed")?;
        found.push(name.parse().map_err(|_| format!("no field: {name}"))?);
        rest = after;
    }
    Ok(found)
}
