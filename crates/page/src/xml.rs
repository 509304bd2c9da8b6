//! Reads XML without ever failing: the tags and texts of feeds and news items, as far as they can be read.
//!
//! Feeds are written by hand and cut off by networks; an ampersand that is not a reference, or a missing end tag, must
//! not cost the items before it. So they are read with the tokenizer of the HTML standard, which recovers from every
//! error. For the same reason names are in lower case.

use std::cell::RefCell;

use html5ever::TokenizerResult;
use html5ever::buffer_queue::BufferQueue;
use html5ever::tendril::StrTendril;
use html5ever::tokenizer::{Tag, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts};

use crate::dom;

/// A start tag.
#[derive(Clone, Debug)]
pub(crate) struct Start {
    /// Its name with its prefix, in lower case.
    pub(crate) name: String,
    pub(crate) attributes: Vec<(String, String)>,
    /// Whether it is also an end tag.
    pub(crate) empty: bool,
}

impl Start {
    /// The value of the attribute with this name, whatever its prefix.
    pub(crate) fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(n, _)| local(n) == name).map(|(_, value)| value.as_str())
    }
}

/// A tag or a text of a document.
#[derive(Clone, Debug)]
pub(crate) enum Event {
    Start(Start),
    /// The name with its prefix.
    End(String),
    /// Text with its character references decoded.
    Text(StrTendril),
}

/// A name without its prefix.
pub(crate) fn local(name: &str) -> &str {
    name.rsplit(':').next().unwrap_or(name)
}

/// Passes the events of a document to `take`. A self-closing tag yields only a start.
pub(crate) fn read(document: &str, take: impl FnMut(Event)) {
    let tokenizer = Tokenizer::new(Sink(RefCell::new(take)), TokenizerOpts::default());
    let input = BufferQueue::default();
    input.push_back(StrTendril::from(&*dom::few_attributes(document, false)));
    while !matches!(tokenizer.feed(&input), TokenizerResult::Done) {}
    tokenizer.end();
}

struct Sink<F>(RefCell<F>);

impl<F: FnMut(Event)> TokenSink for Sink<F> {
    type Handle = ();

    fn process_token(&self, token: Token, _: u64) -> TokenSinkResult<()> {
        let event = match token {
            Token::TagToken(Tag { kind: TagKind::EndTag, name, .. }) => Event::End(name.to_string()),
            Token::TagToken(Tag { name, attrs, self_closing, .. }) => Event::Start(Start {
                name: name.to_string(),
                attributes: attrs
                    .into_iter()
                    .map(|a| (a.name.local.to_string(), a.value.to_string()))
                    .collect(),
                empty: self_closing,
            }),
            Token::CharacterTokens(text) => Event::Text(text),
            _ => return TokenSinkResult::Continue,
        };
        (self.0.borrow_mut())(event);
        TokenSinkResult::Continue
    }

    /// Makes the tokenizer treat CDATA sections as text, as in XML.
    fn adjusted_current_node_present_but_not_in_html_namespace(&self) -> bool {
        true
    }
}

/// The content of an element, recorded both as a page's markup and as text.
#[derive(Clone, Debug, Default)]
pub(crate) struct Content {
    markup: String,
    text: String,
    /// Whether it contains elements.
    pub(crate) has_elements: bool,
    is_plain: bool,
    /// The element being skipped, because a page's parser would take its content for text.
    skipped: Option<String>,
}

impl Content {
    /// Empty content. If it is plain, text that looks like escaped markup is kept as text.
    pub(crate) fn new(is_plain: bool) -> Self {
        Self { is_plain, ..Self::default() }
    }

    /// Records a tag or a text. `rename` maps elements to the names that pages use, with attributes.
    pub(crate) fn push(&mut self, event: &Event, rename: impl Fn(&str) -> Option<&'static str>) {
        if let Some(skipped) = &self.skipped {
            if matches!(event, Event::End(name) if local(name) == skipped) {
                self.skipped = None;
            }
            return;
        }
        match event {
            Event::Text(text) => {
                self.text.push_str(text);
                escape(text, &mut self.markup);
            }
            Event::Start(start) => {
                let name = local(&start.name);
                self.has_elements = true;
                if matches!(
                    name,
                    "script" | "style" | "iframe" | "textarea" | "xmp" | "noembed" | "noframes" | "plaintext"
                ) {
                    self.skipped = (!start.empty).then(|| name.to_owned());
                    return;
                }
                let known = rename(name);
                self.markup.push('<');
                self.markup.push_str(known.unwrap_or(name));
                if known.is_none() {
                    for (name, value) in
                        start.attributes.iter().filter(|(name, _)| !name.starts_with("xmlns"))
                    {
                        self.markup.push(' ');
                        self.markup.push_str(local(name));
                        self.markup.push_str("=\"");
                        escape(value, &mut self.markup);
                        self.markup.push('"');
                    }
                }
                self.markup.push('>');
                if start.empty && !dom::is_void(name) {
                    self.end(known.unwrap_or(name));
                }
            }
            Event::End(name) => {
                let name = local(name);
                self.end(rename(name).unwrap_or(name));
            }
        }
    }

    fn end(&mut self, name: &str) {
        self.markup.push_str("</");
        self.markup.push_str(name.split(' ').next().unwrap_or(name));
        self.markup.push('>');
    }

    /// The content as a page's markup; if it is escaped markup, that markup.
    pub(crate) fn into_markup(self) -> String {
        let escaped = !self.is_plain && !self.has_elements && looks_like_markup(&self.text);
        if escaped { self.text } else { self.markup }
    }

    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// The content as text.
    pub(crate) fn into_text(self) -> String {
        self.text
    }

    /// The content as one line of text.
    pub(crate) fn into_line(self) -> String {
        dom::line(&self.text)
    }

    /// Whether it is text that is the source of a page's markup.
    pub(crate) fn is_escaped(&self) -> bool {
        looks_like_markup(&self.text)
    }

    pub(crate) fn is_blank(&self) -> bool {
        self.text.trim().is_empty()
    }
}

/// Whether a text is the source of a page's markup: it contains a tag or a character reference.
pub(crate) fn looks_like_markup(text: &str) -> bool {
    let tag = |(at, _)| {
        let rest = &text[at + 1..];
        let name = rest.strip_prefix('/').unwrap_or(rest);
        name.starts_with(|c: char| c.is_ascii_alphabetic()) && rest.contains('>')
    };
    text.match_indices('<').take(100).any(tag) || dom::has_reference(text)
}

/// Writes text as markup.
pub(crate) fn escape(text: &str, out: &mut String) {
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            c => out.push(c),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn content(document: &str) -> Content {
        let mut content = Content::default();
        read(document, |event| content.push(&event, |_| None));
        content
    }

    #[test]
    fn elements_closed_in_themselves_are_empty() {
        let markup =
            content("<x:p a='1&quot;'/><br/><title/><script src='a'/>A &lt; B<iframe>no</iframe>!").markup;
        assert_eq!(markup, "<p a=\"1&quot;\"></p><br><title></title>A &lt; B!");
    }

    #[test]
    fn what_is_not_well_formed_is_read_on() {
        assert_eq!(content("<a>B & C <![CDATA[D & <i>]]> &eacute; </b> E").text, "B & C D & <i> é  E");
    }

    #[test]
    fn escaped_markup_is_markup() {
        assert_eq!(content("&lt;p>a&lt;/p>").into_markup(), "<p>a</p>");
        assert_eq!(content("1 &lt; 2").into_markup(), "1 &lt; 2");
    }
}
