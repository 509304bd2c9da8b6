//! Shows what browsers show of shadow roots that a page declares: the root's content in place of the element's own, which
//! appears only where the root has a slot for it.

use dom_query::{Document, NodeId, NodeRef};
use rustc_hash::{FxHashMap, FxHashSet};

use crate::{dom, sentence};

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

/// Puts the content of every declared shadow root into the element that it belongs to.
pub(crate) fn compose(document: &Document) {
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
        show(&host, &template, &root, &inside);
    }
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

fn show(host: &NodeRef, template: &NodeRef, root: &NodeRef, inside: &[NodeRef]) {
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
}

fn attribute(node: &NodeRef, name: &str) -> String {
    node.attr(name).map(|value| value.to_string()).unwrap_or_default()
}

/// The number of words in paragraphs of running text that a page keeps in templates. Browsers show nothing of them
/// until a script does.
pub(crate) fn unread(document: &Document) -> usize {
    let mut words = 0;
    let mut waiting: Vec<NodeId> = document.select("template").nodes().iter().map(|node| node.id).collect();
    while let Some(template) = waiting.pop() {
        let Some(root) = content(&NodeRef::new(template, &document.tree)) else { continue };
        for node in root.descendants_it() {
            match dom::name(&node).as_ref() {
                "template" => waiting.push(node.id),
                "p" => {
                    let text = dom::flowing_text(&node);
                    words += if sentence::ends(&text) { text.split(' ').count() } else { 0 };
                }
                _ => {}
            }
        }
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

    #[test]
    fn running_text_in_templates_is_counted() {
        let of = |body: &str| unread(&dom::page(body).document);
        assert_eq!(of("<template><p>It rained all day.</p><p>Home</p><b>It rained.</b></template>"), 4);
        assert_eq!(of("<template><template><p>It rained all day.</p></template></template>"), 4);
        assert_eq!(of("<x-a><template shadowrootmode=open><p>It rained all day.</p></template></x-a>"), 0);
    }
}
