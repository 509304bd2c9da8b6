//! Shows what browsers show of shadow roots that a page declares: the root's content in place of the element's own,
//! which appears only where the root has a slot for it.

use dom_query::{Document, NodeId, NodeRef};
use rustc_hash::{FxHashMap, FxHashSet};

use crate::{dom, missed};

/// The elements that may have a shadow root, besides custom elements.
const HOSTS: [&str; 18] = [
    "article",
    "aside",
    "blockquote",
    "body",
    "div",
    "footer",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "header",
    "main",
    "nav",
    "p",
    "section",
    "span",
];

/// Puts the content of every declared shadow root into the element that it belongs to. Returns the number of words of
/// running text that this leaves out, because browsers show nothing of an element that its shadow root has no slot for.
pub(crate) fn compose(document: &Document) -> usize {
    let mut unslotted = 0;
    // An element has one shadow root, the first that it declares.
    let mut hosts: FxHashSet<NodeId> = FxHashSet::default();
    let mut roots = |nodes: &[NodeRef]| -> Vec<(NodeId, NodeId)> {
        let declared = nodes.iter().filter(|node| declares_root(node));
        let hosted = declared.filter_map(|node| Some((node.id, node.parent().filter(may_host)?.id)));
        hosted.filter(|(_, host)| hosts.insert(*host)).collect()
    };
    let mut waiting = roots(document.select("template[shadowrootmode]").nodes());
    while let Some((template, host)) = waiting.pop() {
        let [template, host] = [template, host].map(|id| NodeRef::new(id, &document.tree));
        let Some(root) = content(&template) else { continue };
        // Shadow roots may be inside others.
        let inside: Vec<NodeRef> = root.descendants_it().collect();
        waiting.extend(roots(&inside));
        unslotted += show(&host, &template, &root, &inside);
    }
    unslotted
}

fn declares_root(node: &NodeRef) -> bool {
    let mode = attribute(node, "shadowrootmode").to_ascii_lowercase();
    dom::name(node).as_ref() == "template" && (mode == "open" || mode == "closed")
}

/// Whether an element may have a shadow root, by the HTML standard.
fn may_host(node: &NodeRef) -> bool {
    let name = dom::name(node);
    HOSTS.contains(&name.as_ref()) || name.contains('-')
}

/// The root of a template's content, which is not a part of the page's tree.
fn content<'a>(template: &NodeRef<'a>) -> Option<NodeRef<'a>> {
    let id = template.element_ref()?.template_contents?;
    Some(NodeRef::new(id, template.tree))
}

/// Shows the content of a shadow root in place of its host's own. Returns the number of words of running text that have
/// no slot.
fn show(host: &NodeRef, template: &NodeRef, root: &NodeRef, inside: &[NodeRef]) -> usize {
    // Of several slots with one name, the first gets everything.
    let mut slots: FxHashMap<String, NodeRef> = FxHashMap::default();
    for slot in inside.iter().filter(|node| dom::name(node).as_ref() == "slot") {
        slots.entry(attribute(slot, "name")).or_insert(*slot);
    }
    let mut filled: FxHashMap<String, Vec<NodeRef>> = FxHashMap::default();
    for child in host.children_it(false).filter(|child| child.id != template.id) {
        let slot = attribute(&child, "slot");
        // White space between elements does not replace the fallback content of a slot.
        let blank = child.is_text() && child.text().trim().is_empty();
        if child.is_element() || child.is_text() && !blank {
            filled.entry(slot).or_default().push(child);
        } else if let Some(others) = filled.get_mut(&slot) {
            others.push(child);
        }
    }
    for child in host.children() {
        if child.id != template.id {
            child.remove_from_parent();
        }
    }
    for slot in inside.iter().filter(|node| dom::name(node).as_ref() == "slot") {
        let name = attribute(slot, "name");
        let own = slots.get(&name).is_some_and(|first| first.id == slot.id);
        if let Some(assigned) = filled.remove(&name).filter(|_| own) {
            slot.children().iter().for_each(NodeRef::remove_from_parent);
            assigned.iter().for_each(|node| slot.append_child(node));
        }
        let inline = |node: NodeRef| !node.is_element() || dom::is_inline(&dom::name(&node));
        slot.rename(if slot.children_it(false).all(inline) { "span" } else { "div" });
    }
    for node in root.children() {
        template.insert_before(&node);
    }
    template.remove_from_parent();
    filled.values().map(|nodes| missed::running_words(nodes)).sum()
}

fn attribute(node: &NodeRef, name: &str) -> String {
    node.attr(name).map(|value| value.to_string()).unwrap_or_default()
}

/// The number of words of running text that a page keeps in templates. Browsers show nothing of them
/// until a script does.
pub(crate) fn unread(document: &Document) -> usize {
    let mut words = 0;
    let mut waiting: Vec<NodeId> = document.select("template").nodes().iter().map(|node| node.id).collect();
    while let Some(template) = waiting.pop() {
        let Some(root) = content(&NodeRef::new(template, &document.tree)) else { continue };
        let templates = root.descendants_it().filter(|node| dom::name(node).as_ref() == "template");
        waiting.extend(templates.map(|node| node.id));
        words += missed::running_words(&root.children());
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(body: &str) -> String {
        let document = dom::page(&format!("<body>{body}</body>")).document;
        document.body().unwrap().inner_html().to_string()
    }

    #[test]
    fn a_shadow_root_is_shown_in_place_of_its_host() {
        for (body, expected) in [
            ("<x-a><template shadowrootmode=open><p>a</p></template></x-a>", "<x-a><p>a</p></x-a>"),
            // The content of the element appears in the slot, and only there.
            (
                "<x-a> <b>b</b><template shadowrootmode=closed><p>a<slot>none</slot>c</p></template> d</x-a>",
                "<x-a><p>a<span><b>b</b> d</span>c</p></x-a>",
            ),
            ("<x-a><template shadowrootmode=open>a</template>b</x-a>", "<x-a>a</x-a>"),
            (
                "<x-a> <template shadowrootmode=open><slot>none</slot></template> </x-a>",
                "<x-a><span>none</span></x-a>",
            ),
            (
                "<x-a><template shadowrootmode=open><slot name=t></slot>: <slot></slot><slot></slot></template>\
                 <p>text</p><h1 slot=t>title</h1><i slot=u>lost</i></x-a>",
                "<x-a><div name=\"t\"><h1 slot=\"t\">title</h1></div>: <div><p>text</p></div><span></span></x-a>",
            ),
            // Roots may be inside roots, and pass on what they get.
            (
                "<x-a><template shadowrootmode=open><x-b><template shadowrootmode=open>1<slot></slot>2</template>\
                 <slot></slot></x-b></template>a</x-a>",
                "<x-a><x-b>1<span><span>a</span></span>2</x-b></x-a>",
            ),
            // The first of two is shown, and an element that may have none keeps its content.
            (
                "<div><template shadowrootmode=open>a<slot></slot></template>\
                 <template shadowrootmode=open>b</template>c</div>",
                "<div>a<div><template shadowrootmode=\"open\">b</template>c</div></div>",
            ),
            (
                "<div><template shadowrootmode=none>a</template>b</div>",
                "<div><template shadowrootmode=\"none\">a</template>b</div>",
            ),
            (
                "<ul><li><template shadowrootmode=open>a</template>b</li></ul>",
                "<ul><li><template shadowrootmode=\"open\">a</template>b</li></ul>",
            ),
            ("<x-a><template><p>a</p></template></x-a>", "<x-a><template><p>a</p></template></x-a>"),
        ] {
            assert_eq!(shown(body), expected);
        }
    }

    #[test]
    fn shadow_roots_that_together_are_too_deep_are_not_shown() {
        // Each root is 30 elements deep, and what is around it adds to its depth.
        let root = format!("<template shadowrootmode=open>{}<slot></slot></template>", "<i>".repeat(30));
        let body = format!("<x-a>{root}").repeat(100) + "end";
        let document = dom::page(&body).document;
        let deepest = document.root().descendants_it().map(|n| n.ancestors_it(None).count()).max();
        assert!(deepest.unwrap() <= dom::DEEPEST);
    }

    const SENTENCE: &str = "It rained all day in Tallberg, and nobody came to the ferry landing.";
    /// The number of its words.
    const WORDS: usize = 13;

    #[test]
    fn running_text_in_templates_is_counted() {
        let of = |inside: &str| unread(&dom::page(&format!("<template>{inside}</template>")).document);
        for (inside, sentences) in [
            (format!("<p>{SENTENCE}</p><p>Home</p><b>It rained.</b>"), 1),
            (format!("<div><div>{SENTENCE}</div><div><span>{SENTENCE}</span></div></div>"), 2),
            (format!("<div>{SENTENCE}<br><br>It <i>rained</i>. {SENTENCE}<p>{SENTENCE}</p></div>"), 3),
            (format!("{SENTENCE}<ul><li><p>{SENTENCE}</p></li><li><a href=x>{SENTENCE}</a></li></ul>"), 2),
            (format!("<template><div>{SENTENCE}</div></template>"), 1),
            (format!("<div><p>{}</p></div><p><a href=x>{SENTENCE}</a></p>", "Menu ".repeat(20)), 0),
        ] {
            // The third has two short words beside a sentence.
            let more = if sentences == 3 { 2 } else { 0 };
            assert_eq!(of(&inside), sentences * WORDS + more, "{inside}");
        }
        let declared = format!("<x-a><template shadowrootmode=open><p>{SENTENCE}</p></template></x-a>");
        assert_eq!(unread(&dom::page(&declared).document), 0);
    }

    #[test]
    fn running_text_without_a_slot_is_counted() {
        let of = |root: &str, inside: &str| {
            let host = format!("<x-a><template shadowrootmode=open>{root}</template>{inside}</x-a>");
            dom::page(&host).unslotted
        };
        let paragraph = format!("<p>{SENTENCE}</p>");
        for (root, inside, sentences) in [
            ("<b>Wait</b>", paragraph.clone(), 1),
            ("<b>Wait</b>", SENTENCE.to_owned(), 1),
            ("<b>Wait</b>", format!("{SENTENCE}<div>{paragraph}{paragraph}</div>"), 3),
            (
                "<slot name=a></slot>",
                format!("<p slot=a>{SENTENCE}</p><p slot=b>{SENTENCE}</p>{paragraph}"),
                2,
            ),
            ("<slot></slot>", format!("{paragraph}<p slot=b>{SENTENCE}</p>{SENTENCE}"), 1),
            // What is passed on to a root without a slot is shown nowhere.
            ("<x-b><template shadowrootmode=open>Wait</template><slot></slot></x-b>", paragraph.clone(), 1),
            ("<slot></slot>", format!("{paragraph}{SENTENCE}"), 0),
            ("<b>Wait</b>", "<p>Home</p>".to_owned(), 0),
        ] {
            assert_eq!(of(root, &inside), sentences * WORDS, "{root} {inside}");
        }
        assert_eq!(dom::page(&format!("<x-a>{paragraph}</x-a>")).unslotted, 0);
    }
}
