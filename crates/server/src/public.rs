//! What of a record may leave the machine.

use serde_json::Value;

/// Returns the name of an article's source without the folders it came from.
///
/// The caller's name for an article is often a path, and paths tell about the machine and its users. A web address is
/// kept as it is.
pub(crate) fn source(id: &str) -> &str {
    if id.contains("://") || id.starts_with("urn:") || id.starts_with("tag:") {
        return id;
    }
    id.rsplit(['/', '\\']).next().unwrap_or(id)
}

/// Takes folders out of the names of sources everywhere in an answer.
pub(crate) fn answer(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            for (field, value) in fields {
                match value {
                    // An article's key is its web address or else the name of its source. So is the article of a decision.
                    Value::String(name) if matches!(field.as_str(), "source_id" | "key" | "article") => {
                        let public = source(name);
                        if public.len() < name.len() {
                            *name = public.to_owned();
                        }
                    }
                    value => answer(value),
                }
            }
        }
        Value::Array(values) => values.iter_mut().for_each(answer),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn answers_lose_the_folders_of_sources() {
        let mut value = json!({"hits": [{"source_id": "/a/b.txt", "title": "/a/b.txt"}], "article": {"key": "c/d"}, "decisions": [{"article": "/x/y"}]});
        answer(&mut value);
        assert_eq!(
            value,
            json!({"hits": [{"source_id": "b.txt", "title": "/a/b.txt"}], "article": {"key": "d"}, "decisions": [{"article": "y"}]})
        );
    }

    #[test]
    fn sources_lose_their_folders() {
        assert_eq!(source("/home/ana/news/a.jsonl#12"), "a.jsonl#12");
        assert_eq!(source(r"C:\Users\ana\a.txt"), "a.txt");
        assert_eq!(source("story-7"), "story-7");
        assert_eq!(source("https://sound.example/7?a=/b"), "https://sound.example/7?a=/b");
    }
}
