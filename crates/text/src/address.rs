/// Returns whether a web address can identify an article: it must name a site and something on that site.
///
/// Some pages give the front page as their address, or a path without a site. Neither says which article the page is.
///
/// ```
/// use onrecord_text::names_an_article;
///
/// assert!(names_an_article("https://sound.example/?id=7"));
/// assert!(!names_an_article("https://sound.example/#top"));
/// ```
#[must_use]
pub fn names_an_article(url: &str) -> bool {
    let Some((_, rest)) = url.split_once("://") else { return false };
    let path = rest.split_once(['/', '?']).map_or("", |(_, path)| path);
    let path = path.split('#').next().unwrap_or_default().trim_matches('/');
    !path.is_empty() && !matches!(path, "index.html" | "index.htm" | "index.php")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_that_name_an_article() {
        for url in ["http://sound.example/7", "https://sound.example/?id=7", "https://sound.example?id=7"] {
            assert!(names_an_article(url), "{url}");
        }
        for url in [
            "/7",
            "7",
            "http://sound.example",
            "http://sound.example/",
            "https://sound.example/#top",
            "https://sound.example/index.html",
        ] {
            assert!(!names_an_article(url), "{url}");
        }
    }
}
