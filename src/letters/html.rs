//! A letter as HTML: semantic, without scripts or anything from elsewhere, readable on any screen and by any reader.

use std::fmt::Write as _;

use super::model::{Block, Document};

const STYLE: &str = "body{font-family:'Noto Sans',sans-serif;line-height:1.5;max-width:42em;margin:2em auto;padding:0 1em;color:#000;background:#fff}\
    header p{margin:0}address{font-style:normal;margin:1.5em 0}h1{font-size:1.5em}h2{font-size:1.15em;margin-bottom:.3em}p{margin:.3em 0 .6em}";

/// The letter as a page of HTML.
#[must_use]
pub(super) fn html(letter: &Document) -> String {
    let mut page = String::new();
    let title = escaped(&letter.title);
    let language = letter.language.tag();
    // Writing to a string does not fail.
    let _ = write!(
        page,
        "<!DOCTYPE html>\n<html lang=\"{language}\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>{title}</title>\n\
         <style>{STYLE}</style>\n</head>\n<body>\n<header>\n<p><strong>{}</strong></p>\n<address>{}</address>\n<p>{}</p>\n</header>\n\
         <main>\n<h1>{title}</h1>\n",
        escaped(&letter.sender),
        joined(&letter.recipient),
        joined(&letter.particulars),
    );
    for section in &letter.sections {
        let _ = writeln!(page, "<section>\n<h2>{}</h2>", escaped(&section.heading));
        for block in &section.blocks {
            push_block(&mut page, block);
        }
        page.push_str("</section>\n");
    }
    page.push_str("</main>\n</body>\n</html>\n");
    page
}

fn push_block(page: &mut String, block: &Block) {
    match block {
        Block::Paragraph(text) => {
            let _ = writeln!(page, "<p>{}</p>", escaped(text));
        }
        Block::List(items) => {
            page.push_str("<ul>\n");
            for item in items {
                let _ = writeln!(page, "<li>{}</li>", escaped(item));
            }
            page.push_str("</ul>\n");
        }
    }
}

fn joined(lines: &[String]) -> String {
    let lines: Vec<String> = lines.iter().map(|line| escaped(line)).collect();
    lines.join("<br>")
}

/// What people wrote is text and never markup.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            other => out.push(other),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::super::model::{Language, Part, Section};
    use super::*;

    #[test]
    fn what_people_wrote_is_never_markup() {
        let letter = Document {
            language: Language::Nynorsk,
            written_at: crate::clock::Instant::from_micros(0),
            title: "Avslag".into(),
            sender: "Prøve kommune".into(),
            recipient: vec!["Ola <b>Prøve</b>".into(), "7500 Stjørdal".into()],
            particulars: vec!["Dato: 2. mars 2026".into()],
            sections: vec![Section {
                part: Part::Facts,
                heading: "Opplysningane".into(),
                blocks: vec![
                    Block::Paragraph("<script>alert(\"hei\")</script> & meir".into()),
                    Block::List(vec!["ein".into(), "to".into()]),
                ],
            }],
        };
        let page = html(&letter);
        assert!(page.contains("<html lang=\"nn\">"));
        assert!(page.contains("Ola &lt;b&gt;Prøve&lt;/b&gt;<br>7500 Stjørdal"));
        assert!(page.contains("&lt;script&gt;alert(&quot;hei&quot;)&lt;/script&gt; &amp; meir"));
        assert!(page.contains("<li>ein</li>\n<li>to</li>"));
        assert!(!page.contains("<script"));
    }
}
