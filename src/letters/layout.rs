//! Sets a letter on pages: paragraphs are broken into lines where words end, and lines are placed one below the other.

use super::font::Face;
use super::model::{Block, Document};

/// A4, in points.
pub(super) const PAGE: (f32, f32) = (595.28, 841.89);
const LEFT: f32 = 68.0;
const RIGHT: f32 = 68.0;
const TOP: f32 = 62.0;
const BOTTOM: f32 = 70.0;
/// The least of a section that stays with its heading.
const TOGETHER: f32 = 60.0;

/// What a piece of text is to whoever hears it read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    /// The heading of the whole.
    Title,
    /// The heading of a part.
    Heading,
    /// A paragraph.
    Paragraph,
    /// An item of a list.
    Item,
}

/// A text that belongs together: its lines stand on one page or several.
pub(super) struct Piece {
    pub(super) role: Role,
    pub(super) is_bold: bool,
    pub(super) size: f32,
    pub(super) text: String,
    pub(super) lines: Vec<Line>,
}

/// A line of text at its place.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Line {
    pub(super) page: usize,
    pub(super) x: f32,
    /// The base line, from the top.
    pub(super) y: f32,
    pub(super) text: String,
}

/// Where the sign before an item stands.
pub(super) const BULLET_AT: f32 = LEFT + 4.0;
const ITEM_AT: f32 = LEFT + 18.0;

struct Style {
    role: Role,
    is_bold: bool,
    size: f32,
    leading: f32,
    before: f32,
    /// What must still fit on the page below the first line.
    keeps: f32,
}

const BODY: Style = Style {
    role: Role::Paragraph,
    is_bold: false,
    size: 10.5,
    leading: 15.0,
    before: 5.0,
    keeps: 0.0,
};
const CLOSE: Style = Style {
    before: 0.0,
    ..BODY
};
const SENDER: Style = Style {
    is_bold: true,
    size: 12.0,
    ..CLOSE
};
const TITLE: Style = Style {
    role: Role::Title,
    is_bold: true,
    size: 17.0,
    leading: 22.0,
    before: 26.0,
    keeps: TOGETHER,
};
const HEADING: Style = Style {
    role: Role::Heading,
    is_bold: true,
    size: 12.0,
    leading: 16.0,
    before: 13.0,
    keeps: TOGETHER,
};
const ITEM: Style = Style {
    role: Role::Item,
    before: 2.0,
    ..BODY
};

/// The letter on its pages.
pub(super) struct Layout {
    pub(super) pieces: Vec<Piece>,
    pub(super) pages: usize,
}

/// Sets a letter.
pub(super) fn set(letter: &Document, regular: &Face, bold: &Face) -> Layout {
    let mut setter = Setter {
        regular,
        bold,
        page: 0,
        y: TOP,
        pieces: Vec::new(),
    };
    setter.push(&SENDER, &letter.sender);
    setter.y += 16.0;
    for line in &letter.recipient {
        setter.push(&CLOSE, line);
    }
    setter.y += 16.0;
    for line in &letter.particulars {
        setter.push(&CLOSE, line);
    }
    setter.push(&TITLE, &letter.title);
    for section in &letter.sections {
        setter.push(&HEADING, &section.heading);
        for block in &section.blocks {
            match block {
                Block::Paragraph(text) => setter.push(&BODY, text),
                Block::List(items) => items.iter().for_each(|item| setter.push(&ITEM, item)),
            }
        }
    }
    Layout {
        pages: setter.page + 1,
        pieces: setter.pieces,
    }
}

struct Setter<'f> {
    regular: &'f Face,
    bold: &'f Face,
    page: usize,
    y: f32,
    pieces: Vec<Piece>,
}

impl Setter<'_> {
    fn push(&mut self, style: &Style, text: &str) {
        let face = if style.is_bold {
            self.bold
        } else {
            self.regular
        };
        let x = if style.role == Role::Item {
            ITEM_AT
        } else {
            LEFT
        };
        let width = PAGE.0 - x - RIGHT;
        if self.y > TOP {
            self.y += style.before;
        }
        if self.y + style.leading + style.keeps > PAGE.1 - BOTTOM {
            self.turn();
        }
        let mut lines = Vec::new();
        let broken = broken(text, width / style.size, |text| face.width(text));
        let mut here = lines_here(broken.len(), self.room(style.leading));
        for line in broken {
            if here == 0 {
                self.turn();
                here = self.room(style.leading).max(1);
            }
            here -= 1;
            self.y += style.leading;
            lines.push(Line {
                page: self.page,
                x,
                y: self.y,
                text: line,
            });
        }
        self.pieces.push(Piece {
            role: style.role,
            is_bold: style.is_bold,
            size: style.size,
            text: text.to_owned(),
            lines,
        });
    }

    /// How many lines fit below on this page.
    fn room(&self, leading: f32) -> usize {
        let mut lines = 0;
        let mut next = self.y + leading;
        while next <= PAGE.1 - BOTTOM {
            lines += 1;
            next += leading;
        }
        lines
    }

    fn turn(&mut self) {
        self.page += 1;
        self.y = TOP;
    }
}

/// How many of a text's lines go on this page, where so many fit: no line of it stands alone at the foot of a page or at the head of
/// the next.
const fn lines_here(lines: usize, room: usize) -> usize {
    if lines <= room {
        return lines;
    }
    let here = if lines - room == 1 {
        room.saturating_sub(1)
    } else {
        room
    };
    if here < 2 { 0 } else { here }
}

/// A text in lines no wider than this. Every line but the last ends with the space at which it was broken, so that words stay
/// apart for whoever hears the letter or copies from it; a word wider than a line is cut.
pub(super) fn broken(text: &str, width: f32, measure: impl Fn(&str) -> f32) -> Vec<String> {
    let mut lines = vec![String::new()];
    let words = unbreakable(text).into_iter();
    for word in words.flat_map(|word| cut(&word, width, &measure)) {
        let Some(line) = lines.last_mut() else { break };
        if line.is_empty() {
            line.push_str(&word);
        } else if measure(line) + measure(" ") + measure(&word) <= width {
            line.push(' ');
            line.push_str(&word);
        } else {
            line.push(' ');
            lines.push(word);
        }
    }
    lines
}

/// What stays together on a line: a word, a number with its thousands, a section sign with its number.
fn unbreakable(text: &str) -> Vec<String> {
    const NO_BREAK: char = '\u{a0}';
    let is_gap = |it: char| it.is_whitespace() && it != NO_BREAK;
    let mut words: Vec<String> = Vec::new();
    for word in text.split(is_gap).filter(|word| !word.is_empty()) {
        let word = word.replace(NO_BREAK, " ");
        match words.last_mut() {
            Some(sign) if sign.ends_with('§') => {
                sign.push(' ');
                sign.push_str(&word);
            }
            _ => words.push(word),
        }
    }
    words
}

/// A word in pieces no wider than a line.
fn cut(word: &str, width: f32, measure: &impl Fn(&str) -> f32) -> Vec<String> {
    if measure(word) <= width {
        return vec![word.to_owned()];
    }
    let mut pieces = vec![String::new()];
    for letter in word.chars() {
        let Some(piece) = pieces.last_mut() else {
            break;
        };
        piece.push(letter);
        if measure(piece) > width && piece.chars().count() > 1 {
            piece.pop();
            pieces.push(letter.to_string());
        }
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    fn narrow(text: &str, width: f32) -> Vec<String> {
        broken(text, width, |text| text.chars().map(|_| 1.0).sum())
    }

    #[test]
    fn no_line_stands_alone_at_the_foot_or_the_head_of_a_page() {
        // All fit; a single line moves on; of two lines none is left behind; of four with room for three, two stay.
        assert_eq!(lines_here(3, 3), 3);
        assert_eq!(lines_here(1, 0), 0);
        assert_eq!(lines_here(2, 1), 0);
        assert_eq!(lines_here(3, 2), 0);
        assert_eq!(lines_here(4, 3), 2);
        assert_eq!(lines_here(9, 4), 4);
        assert_eq!(lines_here(9, 1), 0);
    }

    #[test]
    fn lines_end_where_words_end_and_words_stay_apart() {
        assert_eq!(narrow("en to tre fire", 6.0), ["en to ", "tre ", "fire"]);
        assert_eq!(narrow("  en   to ", 10.0), ["en to"]);
        assert_eq!(narrow("", 10.0), [""]);
    }

    #[test]
    fn a_section_stays_with_its_number_and_a_number_in_one_piece() {
        assert_eq!(narrow("se §§ 18 og 19", 7.0), ["se ", "§§ 18 ", "og 19"]);
        assert_eq!(narrow("er 11\u{a0}000 kr", 7.0), ["er ", "11 000 ", "kr"]);
    }

    #[test]
    fn a_word_wider_than_the_line_is_cut_and_nothing_of_it_lost() {
        let lines = narrow("a tilbakebetalingsplan b", 8.0);
        assert_eq!(lines.concat().replace(' ', ""), "atilbakebetalingsplanb");
        assert!(lines.iter().all(|line| line.trim_end().len() <= 8));
    }
}
