//! A letter as PDF/A-2a and PDF/UA-1: archived as it is, and read aloud in its order by a screen reader.

use std::num::NonZeroU16;

use krilla::color::rgb;
use krilla::configure::{Accessibility, Archival, ConfigurationBuilder};
use krilla::destination::XyzDestination;
use krilla::geom::Point;
use krilla::metadata::{DateTime, Metadata};
use krilla::num::NormalizedF32;
use krilla::outline::{Outline, OutlineNode};
use krilla::page::PageSettings;
use krilla::paint::Fill;
use krilla::surface::Surface;
use krilla::tagging::{
    Artifact, ArtifactType, ContentTag, Identifier, ListNumbering, SpanTag, Tag, TagGroup, TagTree,
};
use krilla::{Document as Pdf, SerializeSettings};

use super::font::Face;
use super::layout::{self, BULLET_AT, Layout, PAGE, Piece, Role};
use super::model::{Document, Language};
use crate::problem::Problem;

const FOOTER_SIZE: f32 = 8.5;
const FOOTER_Y: f32 = 806.0;

/// The letter as a PDF. The same letter gives the same bytes.
pub(super) fn pdf(letter: &Document) -> Result<Vec<u8>, Problem> {
    let faces = Face::regular().zip(Face::bold());
    let (regular, bold) = faces.ok_or_else(|| Problem::internal("the typeface cannot be read"))?;
    let layout = layout::set(letter, &regular, &bold);
    let configuration = ConfigurationBuilder::new()
        .with_archival_validator(Archival::A2_A)
        .with_accessibility_validator(Accessibility::UA1)
        .finish()
        .map_err(|_| Problem::internal("PDF/A and PDF/UA do not go together"))?;
    let mut pdf = Pdf::new_with(SerializeSettings {
        configuration,
        ..SerializeSettings::default()
    });
    let setting = Setting {
        letter,
        layout: &layout,
        regular: &regular,
        bold: &bold,
    };
    let mut lines_of: Vec<Vec<Identifier>> = Vec::new();
    lines_of.resize_with(layout.pieces.len(), Vec::new);
    let mut bullets_of: Vec<Vec<Identifier>> = Vec::new();
    bullets_of.resize_with(layout.pieces.len(), Vec::new);
    for page in 0..layout.pages {
        let size = PageSettings::from_wh(PAGE.0, PAGE.1)
            .ok_or_else(|| Problem::internal("a page without a size"))?;
        let mut sheet = pdf.start_page_with(size);
        let mut surface = sheet.surface();
        surface.set_fill(Some(black()));
        let places = lines_of.iter_mut().zip(&mut bullets_of);
        for (piece, (lines, bullets)) in layout.pieces.iter().zip(places) {
            setting.draw(&mut surface, piece, page, lines, bullets);
        }
        setting.foot(&mut surface, page);
        surface.finish();
        sheet.finish();
    }
    pdf.set_tag_tree(tree(letter, &layout, lines_of, bullets_of));
    pdf.set_outline(outline(&layout));
    pdf.set_metadata(
        Metadata::new()
            .title(letter.title.clone())
            .authors(vec![letter.sender.clone()])
            .language(letter.language.tag().to_owned())
            .creation_date(date_of(letter)),
    );
    pdf.finish()
        .map_err(|error| Problem::internal(format!("a letter cannot be set: {error:?}")))
}

/// When the letter was written, in UTC.
fn date_of(letter: &Document) -> DateTime {
    let at = jiff::tz::TimeZone::UTC.to_datetime(letter.written_at.timestamp());
    let part = |number: i8| u8::try_from(number).unwrap_or_default();
    DateTime::new(u16::try_from(at.year()).unwrap_or_default())
        .month(part(at.month()))
        .day(part(at.day()))
        .hour(part(at.hour()))
        .minute(part(at.minute()))
        .second(part(at.second()))
        .utc_offset_hour(0)
        .utc_offset_minute(0)
}

fn black() -> Fill {
    Fill {
        paint: rgb::Color::new(0, 0, 0).into(),
        opacity: NormalizedF32::ONE,
        rule: krilla::paint::FillRule::default(),
    }
}

struct Setting<'s> {
    letter: &'s Document,
    layout: &'s Layout,
    regular: &'s Face,
    bold: &'s Face,
}

impl Setting<'_> {
    /// Draws what of a piece stands on a page.
    fn draw(
        &self,
        surface: &mut Surface<'_>,
        piece: &Piece,
        page: usize,
        lines: &mut Vec<Identifier>,
        bullets: &mut Vec<Identifier>,
    ) {
        let face = if piece.is_bold {
            self.bold
        } else {
            self.regular
        };
        for (index, line) in piece.lines.iter().enumerate() {
            if line.page != page {
                continue;
            }
            if piece.role == Role::Item && index == 0 {
                let at = (BULLET_AT, line.y);
                bullets.push(tagged(surface, self.regular, at, "•", piece.size));
            }
            lines.push(tagged(
                surface,
                face,
                (line.x, line.y),
                &line.text,
                piece.size,
            ));
        }
    }

    /// The page's number, which nobody wants read aloud in the middle of a sentence.
    fn foot(&self, surface: &mut Surface<'_>, page: usize) {
        let of = match self.letter.language {
            Language::Bokmal | Language::Nynorsk => "av",
        };
        let text = format!("Side {} {of} {}", page + 1, self.layout.pages);
        let x = PAGE.0 - 68.0 - self.regular.width(&text) * FOOTER_SIZE;
        let number = Artifact::with_kind(ArtifactType::PageNumber);
        surface.start_tagged(ContentTag::Artifact(number));
        draw_text(surface, self.regular, (x, FOOTER_Y), &text, FOOTER_SIZE);
        surface.end_tagged();
    }
}

fn tagged(
    surface: &mut Surface<'_>,
    face: &Face,
    at: (f32, f32),
    text: &str,
    size: f32,
) -> Identifier {
    let place = surface.start_tagged(ContentTag::Span(SpanTag::empty()));
    draw_text(surface, face, at, text, size);
    surface.end_tagged();
    place
}

fn draw_text(surface: &mut Surface<'_>, face: &Face, at: (f32, f32), text: &str, size: f32) {
    let glyphs = face.glyphs(text);
    let start = Point::from_xy(at.0, at.1);
    surface.draw_glyphs(start, &glyphs, face.font(), text, size, false);
}

/// The order in which the letter is read, and what each piece of it is.
fn tree(
    letter: &Document,
    layout: &Layout,
    lines_of: Vec<Vec<Identifier>>,
    bullets_of: Vec<Vec<Identifier>>,
) -> TagTree {
    let mut tree = TagTree::new().with_lang(Some(letter.language.tag().to_owned()));
    let mut list: Option<TagGroup> = None;
    for ((piece, lines), bullets) in layout.pieces.iter().zip(lines_of).zip(bullets_of) {
        let group = |tag: TagGroup| {
            lines.into_iter().fold(tag, |mut tag, line| {
                tag.push(line);
                tag
            })
        };
        if piece.role == Role::Item {
            let mut label = TagGroup::new(Tag::Lbl);
            for bullet in bullets {
                label.push(bullet);
            }
            let mut item = TagGroup::new(Tag::LI);
            item.push(label);
            item.push(group(TagGroup::new(Tag::LBody)));
            list.get_or_insert_with(|| TagGroup::new(Tag::L(ListNumbering::Disc)))
                .push(item);
            continue;
        }
        if let Some(list) = list.take() {
            tree.push(list);
        }
        tree.push(group(match piece.role {
            Role::Title => heading(NonZeroU16::MIN, &piece.text),
            Role::Heading => heading(NonZeroU16::MIN.saturating_add(1), &piece.text),
            Role::Paragraph | Role::Item => TagGroup::new(Tag::P),
        }));
    }
    if let Some(list) = list {
        tree.push(list);
    }
    tree
}

fn heading(level: NonZeroU16, text: &str) -> TagGroup {
    TagGroup::new(Tag::Hn(level, Some(text.to_owned())))
}

/// The parts of the letter, to go to.
fn outline(layout: &Layout) -> Outline {
    let mut outline = Outline::new();
    for piece in &layout.pieces {
        if let (Role::Title | Role::Heading, Some(line)) = (piece.role, piece.lines.first()) {
            let place = Point::from_xy(line.x, line.y - piece.size);
            let there = XyzDestination::new(line.page, place);
            outline.push_child(OutlineNode::new(piece.text.clone(), there));
        }
    }
    outline
}

#[cfg(test)]
mod tests {
    use super::super::model::{Field, LetterKind, Values};
    use super::super::template::newest;
    use super::*;
    use crate::clock::Instant;

    /// A letter with a text in every field.
    fn letter(kind: LetterKind, language: Language) -> Document {
        let long = "Čáhppes Ørjan Ødegård-Łukasiewicz bor i «Prøvegata» – og det er langt igjen til neste linje. ";
        let values = Field::ALL.iter().fold(Values::default(), |values, field| {
            values.with(*field, format!("{field}: {}", long.repeat(3)))
        });
        let filled = newest(kind, language).and_then(|it| it.fill(&values).ok());
        let recipient = ["Kari Prøve", "Prøvegata 1", "7500 Stjørdal"].map(str::to_owned);
        filled.unwrap().addressed(
            language,
            Instant::from_micros(1_772_449_200_000_000),
            "Stjørdal kommune".into(),
            recipient.into(),
            vec!["Dato: 2. mars 2026".into()],
        )
    }

    #[test]
    fn every_letter_is_set_as_pdf_a_and_pdf_ua_the_same_each_time() {
        for kind in LetterKind::ALL {
            for language in Language::ALL {
                let letter = letter(*kind, *language);
                // What either standard forbids, the library refuses to write.
                let first = pdf(&letter).unwrap();
                assert_eq!(first, pdf(&letter).unwrap(), "{kind} {language}");
                assert!(first.starts_with(b"%PDF-1.7"));
                assert!(first.len() < 120_000, "{kind} {language}: {}", first.len());
            }
        }
    }
}
