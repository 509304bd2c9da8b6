//! What of a record may leave the machine.

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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sources_lose_their_folders() {
        assert_eq!(source("/home/ana/news/a.jsonl#12"), "a.jsonl#12");
        assert_eq!(source(r"C:\Users\ana\a.txt"), "a.txt");
        assert_eq!(source("story-7"), "story-7");
        assert_eq!(source("https://sound.example/7?a=/b"), "https://sound.example/7?a=/b");
    }
}
