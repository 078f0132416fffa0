//! Reading a document into sections, files, and commands.

/// A document.
#[derive(Debug)]
pub(crate) struct Document {
    /// The text before the first heading, then each heading with what follows it up to the next one.
    pub(crate) sections: Vec<Section>,
}

/// A heading and what stands directly under it.
#[derive(Debug)]
pub(crate) struct Section {
    /// The heading with those above it.
    pub(crate) name: String,
    /// The section around this one.
    parent: Option<usize>,
    level: usize,
    blocks: Vec<Block>,
}

/// What a section consists of.
#[derive(Debug)]
pub(crate) enum Block {
    /// A file to write.
    File { path: String, text: String },
    /// A command to run.
    Run(Run),
}

/// A command with its expected output.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Run {
    /// The line of the command in the document, from 1.
    pub(crate) line: usize,
    /// The command without `$ `.
    pub(crate) command: String,
    /// The lines that it prints.
    pub(crate) expected: Vec<String>,
    /// The backticks around the block.
    pub(crate) fence: String,
}

impl Section {
    /// The commands of the section.
    pub(crate) fn runs(&self) -> impl Iterator<Item = &Run> {
        self.blocks.iter().filter_map(|block| match block {
            Block::Run(run) => Some(run),
            Block::File { .. } => None,
        })
    }

    fn files(&self) -> impl Iterator<Item = &Block> {
        self.blocks
            .iter()
            .filter(|block| matches!(block, Block::File { .. }))
    }
}

impl Document {
    /// Reads a document; the error is a line and what is wrong there.
    pub(crate) fn parse(text: &str) -> Result<Self, (usize, String)> {
        let mut sections = vec![Section {
            name: "(before the first heading)".to_owned(),
            parent: None,
            level: 0,
            blocks: Vec::new(),
        }];
        let mut lines = text.lines().zip(1..);
        while let Some((line, number)) = lines.next() {
            if let Some((level, title)) = heading(line) {
                let section = Section::new(&sections, level, title);
                sections.push(section);
            } else if let Some((fence, info)) = opening(line) {
                let mut body = Vec::new();
                loop {
                    match lines.next() {
                        Some((line, _)) if closes(line, fence) => break,
                        Some((line, _)) => body.push(line),
                        None => return Err((number, "this fence is not closed".to_owned())),
                    }
                }
                let blocks = blocks(fence, info, &body, number)?;
                sections.last_mut().unwrap().blocks.extend(blocks);
            }
        }
        Ok(Self { sections })
    }

    /// The blocks that make up a case: files of the sections around it, then its own blocks in order.
    pub(crate) fn blocks<'a>(&'a self, section: &'a Section) -> Vec<&'a Block> {
        let mut around = Vec::new();
        let mut parent = section.parent;
        while let Some(index) = parent {
            around.push(&self.sections[index]);
            parent = self.sections[index].parent;
        }
        let inherited = around.into_iter().rev().flat_map(Section::files);
        inherited.chain(&section.blocks).collect()
    }
}

impl Section {
    fn new(before: &[Self], level: usize, title: &str) -> Self {
        let parent = before.iter().rposition(|section| section.level < level);
        let name = match parent {
            Some(index) if index > 0 => format!("{} › {title}", before[index].name),
            _ => title.to_owned(),
        };
        Self {
            name,
            parent,
            level,
            blocks: Vec::new(),
        }
    }
}

fn heading(line: &str) -> Option<(usize, &str)> {
    let title = line.trim_start_matches('#');
    let level = line.len() - title.len();
    ((1..=6).contains(&level) && title.starts_with(' ')).then(|| (level, title.trim()))
}

/// The backticks and the info string of a line that opens a block. Only blocks at the margin count.
fn opening(line: &str) -> Option<(&str, &str)> {
    let info = line.trim_start_matches('`');
    let fence = &line[..line.len() - info.len()];
    (fence.len() >= 3 && !info.contains('`')).then(|| (fence, info.trim()))
}

fn closes(line: &str, fence: &str) -> bool {
    let line = line.trim_end();
    line.len() >= fence.len() && line.bytes().all(|byte| byte == b'`')
}

fn blocks(
    fence: &str,
    info: &str,
    body: &[&str],
    number: usize,
) -> Result<Vec<Block>, (usize, String)> {
    if info.split_whitespace().next() == Some("console") {
        return runs(fence, body, number + 1);
    }
    let Some((_, rest)) = info.split_once("title=\"") else {
        return Ok(Vec::new());
    };
    let path = rest.split_once('"').map_or(rest, |(path, _)| path);
    if path.is_empty() || path.starts_with('/') || path.split('/').any(|part| part == "..") {
        return Err((
            number,
            format!("`{path}` is not a path inside the section's directory"),
        ));
    }
    let text = body.iter().flat_map(|line| [*line, "\n"]).collect();
    Ok(vec![Block::File {
        path: path.to_owned(),
        text,
    }])
}

fn runs(fence: &str, body: &[&str], first: usize) -> Result<Vec<Block>, (usize, String)> {
    let mut runs: Vec<Run> = Vec::new();
    for (line, number) in body.iter().zip(first..) {
        match (line.strip_prefix("$ "), runs.last_mut()) {
            (Some(command), _) => runs.push(Run {
                line: number,
                command: command.to_owned(),
                expected: Vec::new(),
                fence: fence.to_owned(),
            }),
            (None, Some(run)) => run.expected.push((*line).to_owned()),
            (None, None) => {
                return Err((
                    number,
                    "a console block starts with a line `$ command`".to_owned(),
                ));
            }
        }
    }
    if runs.is_empty() {
        return Err((first, "this console block has no command".to_owned()));
    }
    Ok(runs.into_iter().map(Block::Run).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "\
# One

```mdx title=\"docs/a.mdx\"
a
```

## Inner

````mdx title=\"b.mdx\"
```json 200
{}
```
````

```console
$ fieldproof check
out
[exit 1]
$ fieldproof check -q
```

# Two

```sh
$ not run
```
";

    #[test]
    fn sections_inherit_the_files_of_those_around_them() {
        let document = Document::parse(TEXT).unwrap();
        let inner = &document.sections[2];
        assert_eq!(inner.name, "One › Inner");
        let files = document
            .blocks(inner)
            .into_iter()
            .filter_map(|block| match block {
                Block::File { path, text } => Some((path.as_str(), text.as_str())),
                Block::Run(_) => None,
            });
        let expected = [("docs/a.mdx", "a\n"), ("b.mdx", "```json 200\n{}\n```\n")];
        assert_eq!(files.collect::<Vec<_>>(), expected);
        assert!(document.blocks(&document.sections[3]).is_empty());
    }

    #[test]
    fn commands_have_their_line_and_their_output() {
        let document = Document::parse(TEXT).unwrap();
        let runs: Vec<_> = document.sections.iter().flat_map(Section::runs).collect();
        assert_eq!(runs.len(), 2);
        assert_eq!(
            (runs[0].line, runs[0].command.as_str()),
            (16, "fieldproof check")
        );
        assert_eq!(runs[0].expected, ["out", "[exit 1]"]);
        assert!(runs[1].expected.is_empty());
    }

    #[test]
    fn mistakes_are_errors_with_their_line() {
        let line = |text: &str| Document::parse(text).unwrap_err().0;
        assert_eq!(line("\n```mdx\nopen\n"), 2);
        assert_eq!(line("```console\noutput\n```\n"), 2);
        assert_eq!(line("```console\n```\n"), 2);
        assert_eq!(line("```mdx title=\"../a.mdx\"\n```\n"), 1);
        assert_eq!(line("```mdx title=\"/a.mdx\"\n```\n"), 1);
    }
}
