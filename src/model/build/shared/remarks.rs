//! Sentences of pages without an endpoint, with the titles that they stand below.

use crate::mdx::markdown::Inline;
use crate::model::build::headers::sentences;
use crate::model::build::remarks;
use crate::model::evidence::Fact;
use crate::model::shared::Remark;

use super::Reader;

impl Reader<'_> {
    /// Keeps the sentences of a paragraph.
    pub(super) fn remark(&mut self, inline: &Inline) {
        let texts = sentences(inline);
        self.add_remarks(texts.iter().filter_map(|it| remarks::marked(it)));
    }

    /// Keeps sentences below the titles above.
    pub(super) fn add_remarks(&mut self, texts: impl IntoIterator<Item = Fact<String>>) {
        let titles = self.headings.iter().map(|(_, title)| title.as_str());
        let titles: Vec<_> = std::iter::once(self.title.as_str()).chain(titles).collect();
        let about = titles.join(" / ");
        self.remarks.extend(texts.into_iter().map(|text| Remark {
            about: about.clone(),
            text,
        }));
    }
}
