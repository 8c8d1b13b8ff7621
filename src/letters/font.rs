//! The typeface of letters: Noto Sans in two weights (SIL Open Font License, `fonts/OFL.txt`), reduced to the Latin letters.

use krilla::text::{Font, GlyphId, KrillaGlyph};
use skrifa::instance::{LocationRef, Size};
use skrifa::{FontRef, MetadataProvider as _};

const REGULAR: &[u8] = include_bytes!("fonts/NotoSans-Regular.ttf");
const BOLD: &[u8] = include_bytes!("fonts/NotoSans-Bold.ttf");

/// One weight: how wide its letters are, and what the PDF embeds.
pub(super) struct Face {
    font: Font,
    measures: FontRef<'static>,
    units_per_em: f32,
}

impl Face {
    /// The regular weight.
    pub(super) fn regular() -> Option<Self> {
        Self::read(REGULAR)
    }

    /// The bold weight.
    pub(super) fn bold() -> Option<Self> {
        Self::read(BOLD)
    }

    fn read(bytes: &'static [u8]) -> Option<Self> {
        let measures = FontRef::new(bytes).ok()?;
        let font = Font::new(bytes.into(), 0)?;
        Some(Self {
            units_per_em: font.units_per_em(),
            font,
            measures,
        })
    }

    /// The font to be embedded.
    pub(super) fn font(&self) -> Font {
        self.font.clone()
    }

    /// The glyphs of a line, one a letter. What the typeface does not have is shown as the sign for that (U+FFFD), never left out.
    pub(super) fn glyphs(&self, line: &str) -> Vec<KrillaGlyph> {
        let (letters, measures) = (
            self.measures.charmap(),
            self.measures
                .glyph_metrics(Size::unscaled(), LocationRef::default()),
        );
        let unknown = letters.map('\u{fffd}').unwrap_or_default();
        line.char_indices()
            .map(|(at, letter)| {
                let glyph = letters.map(letter).unwrap_or(unknown);
                let advance = measures.advance_width(glyph).unwrap_or_default();
                KrillaGlyph::new(
                    GlyphId::new(glyph.to_u32()),
                    advance / self.units_per_em,
                    0.0,
                    0.0,
                    0.0,
                    at..at + letter.len_utf8(),
                    None,
                )
            })
            .collect()
    }

    /// How wide a text is, in parts of the size at which it is set.
    pub(super) fn width(&self, text: &str) -> f32 {
        self.glyphs(text).iter().map(|glyph| glyph.x_advance).sum()
    }
}
