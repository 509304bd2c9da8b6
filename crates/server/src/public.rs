//! Which parts of a record may leave the machine.

use onrecord_text::{answers, wire};

/// Returns the name of an article's source without the folders it came from.
///
/// The caller's name for an article is often a path, and paths reveal something about the machine and its users. A web
/// address is kept as it is.
pub(crate) fn source(id: &str) -> &str {
    let is_address = id.contains("://") && !id.starts_with("file:");
    if is_address || id.starts_with("urn:") || id.starts_with("tag:") {
        return id;
    }
    id.rsplit(['/', '\\']).next().unwrap_or(id)
}

/// An answer from which everything about the machine can be removed.
pub(crate) trait Public: Sized {
    /// Removes what must not leave the machine.
    fn hide(&mut self);

    /// Returns the answer without what must not leave the machine.
    fn public(mut self) -> Self {
        self.hide();
        self
    }
}

fn hide_source(id: &mut String) {
    *id = source(id).to_owned();
}

impl<T: Public> Public for Vec<T> {
    fn hide(&mut self) {
        self.iter_mut().for_each(Public::hide);
    }
}

impl<T: Public> Public for Option<T> {
    fn hide(&mut self) {
        self.iter_mut().for_each(Public::hide);
    }
}

impl Public for answers::Hit {
    fn hide(&mut self) {
        hide_source(&mut self.source_id);
    }
}

impl Public for answers::Hits {
    fn hide(&mut self) {
        self.hits.hide();
    }
}

impl Public for answers::Report {
    fn hide(&mut self) {
        hide_source(&mut self.source_id);
        self.claim.hide();
    }
}

impl Public for answers::Reports {
    fn hide(&mut self) {
        self.reports.hide();
    }
}

impl Public for answers::Accounts {
    fn hide(&mut self) {
        self.reports.hide();
    }
}

impl Public for answers::Lineage {
    fn hide(&mut self) {
        self.versions.iter_mut().for_each(|version| version.hit.hide());
    }
}

impl Public for answers::Step {
    fn hide(&mut self) {
        for change in &mut self.changes {
            change.was.hide();
            change.is.hide();
        }
    }
}

impl Public for answers::ArticleRef {
    fn hide(&mut self) {
        hide_source(&mut self.key);
        hide_source(&mut self.source_id);
    }
}

impl Public for answers::Decision {
    fn hide(&mut self) {
        self.article.iter_mut().for_each(hide_source);
    }
}

impl Public for answers::StoredStatement {
    fn hide(&mut self) {
        self.hit.hide();
        self.parent.hide();
        self.children.hide();
        self.article.hide();
        self.decisions.hide();
    }
}

impl Public for wire::Record {
    fn hide(&mut self) {
        hide_source(&mut self.article.source_id);
    }
}

impl Public for answers::StoredArticle {
    fn hide(&mut self) {
        self.article.hide();
        self.record.hide();
        self.versions.hide();
    }
}

#[cfg(test)]
mod tests {
    use onrecord_text::{EventStatus, EventType};

    use super::*;

    #[test]
    fn answers_lose_the_folders_of_sources() {
        let mut stored = answers::StoredStatement::default();
        let names = [&mut stored.hit.source_id, &mut stored.article.key, &mut stored.article.source_id];
        names.into_iter().for_each(|name| *name = "/home/ana/b.txt".to_owned());
        stored.parent = Some(stored.hit.clone());
        stored.children = vec![stored.hit.clone()];
        let article = Some("/home/ana/b.txt".to_owned());
        stored.decisions = vec![answers::Decision { article, ..Default::default() }];
        stored.article.title = Some("/home/ana".to_owned());
        let report = answers::Report {
            source_id: "/home/ana/b.txt".to_owned(),
            claim: Some(stored.hit.clone()),
            ..answers::Report::new(EventType::Agree, EventStatus::Happened)
        };
        let report = serde_json::to_string(&vec![report].public()).unwrap();
        assert!(report.contains("b.txt") && !report.contains("/home/ana"), "{report}");
        let public = stored.public();
        let folders = serde_json::to_string(&public).unwrap().matches("/home/ana").count();
        assert_eq!(folders, 1, "a title is the article's own text");
    }

    #[test]
    fn sources_lose_their_folders() {
        assert_eq!(source("/home/ana/news/a.jsonl#12"), "a.jsonl#12");
        assert_eq!(source(r"C:\Users\ana\a.txt"), "a.txt");
        assert_eq!(source("file:///home/ana/a.html"), "a.html");
        assert_eq!(source("story-7"), "story-7");
        assert_eq!(source("https://sound.example/7?a=/b"), "https://sound.example/7?a=/b");
    }
}
