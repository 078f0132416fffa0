//! Pages made to be slow or deep, shared with `benches/read.rs`.

/// Makes a page of about a number of bytes.
pub(crate) type Make = fn(usize) -> String;

/// Names of inputs, and how to make them.
pub(crate) const INPUTS: &[(&str, Make)] = &[
    ("tags opened on lines", |n| repeat("<A>\n", n)),
    ("tags opened in a line", |n| repeat("<A>", n)),
    ("tags opened and closed", |n| {
        repeat("<A>\n\n", n / 2) + &repeat("</A>\n\n", n / 2)
    }),
    ("tags closed by others", |n| {
        repeat("<A>\n", n / 2) + &repeat("</B>\n", n / 2)
    }),
    ("pairs that do not match", |n| repeat("<A></B>\n\n", n)),
    ("crossed pairs", |n| repeat("<A><B></A></B>\n\n", n)),
    ("fields never closed", |n| {
        repeat("<ParamField body=\"a\">\n\ntext\n\n", n)
    }),
    ("closing tags", |n| repeat("</A>", n)),
    ("tags of many names", |n| numbered(n, "<A", ">\n\n</B>\n")),
    ("less-than signs", |n| repeat("<", n)),
    ("less-than signs on lines", |n| repeat("<\n", n)),
    ("open comments", |n| repeat("<!-- ", n)),
    ("backticks", |n| repeat("`", n)),
    ("backticks apart", |n| repeat("` ", n)),
    ("runs of backticks", |n| {
        let longest = n.isqrt();
        (1..longest)
            .map(|length| "`".repeat(length) + " ")
            .collect()
    }),
    ("braces", |n| repeat("{", n)),
    ("braces on lines", |n| repeat("{\n", n)),
    ("braces in a list", |n| repeat("- {\n", n)),
    ("braces in a quote", |n| repeat("> {\n", n)),
    ("closing braces", |n| repeat("}", n)),
    ("templates", |n| repeat("{`${", n)),
    ("templates in an attribute", |n| {
        format!("<A b={{{}", repeat("`${", n))
    }),
    ("brackets in braces", |n| {
        format!("{{{}{}}}", repeat("[", n / 2), repeat("]", n / 2))
    }),
    ("comments in braces", |n| repeat("{/*", n)),
    ("attributes never closed", |n| repeat("<A b=\"\n", n)),
    ("attributes never closed, one quote", |n| {
        repeat("<A b='\n", 8) + &repeat("<A b=c\n", n)
    }),
    ("attributes never closed in a quote", |n| {
        repeat("> <A b={\n", n)
    }),
    ("expressions that end in a fault", |n| {
        repeat("<A b={\n", n * 7 / 8) + &repeat("}", n / 8) + "!"
    }),
    ("attributes", |n| format!("<A {}/>", repeat("b=\"c\" ", n))),
    ("entities", |n| {
        format!("<A b=\"{}\"/>", repeat("&amp;&", n))
    }),
    ("quotes", |n| repeat("> ", n)),
    ("quotes on lines", |n| repeat("> > > > a\n", n)),
    ("list items in a line", |n| repeat("- ", n)),
    ("deep list, then blank lines", |n| {
        repeat("- ", n / 2) + &repeat("\n", n / 2)
    }),
    ("lists ever deeper", |n| {
        let deepest = n.isqrt();
        (0..deepest)
            .map(|depth| " ".repeat(depth * 2) + "- a\n")
            .collect()
    }),
    ("lazy lines", |n| repeat("> a\nb\n", n)),
    ("fences", |n| repeat("```\n\n````\n\n", n)),
    ("fences in lists", |n| repeat("- ```\n", n)),
    ("a fence that is not closed", |n| {
        "<ResponseExample>\n```json\n".to_owned() + &repeat("</ResponseExample>\n", n)
    }),
    ("tables", |n| repeat("| a | {\n|---|---|\n", n)),
    ("cells", |n| {
        format!("{}\n{}\n", repeat("|a", n / 2), repeat("|-", n / 2))
    }),
    ("rows", |n| {
        format!("|a|\n|-|\n{}", repeat("| <b>x</b> |\n", n))
    }),
    ("definitions", |n| repeat("[a]: <b\n", n)),
    ("footnotes", |n| repeat("[^a]: ", n)),
    ("brackets", |n| repeat("[", n) + "<"),
    ("links", |n| repeat("](<", n)),
    ("resources", |n| repeat("[](", n) + "<"),
    ("resources with titles", |n| repeat("[](a \"", n) + "<"),
    ("definitions with titles", |n| repeat("[a]: b '\n", n) + "<"),
    ("addresses", |n| repeat("_www._", n) + "<"),
    ("punctuation behind an address", |n| {
        format!("www.a/{}b<", repeat("_", n))
    }),
    ("references behind an address", |n| {
        format!("www.a/{}b<", repeat("&amp;", n))
    }),
    ("backslashes", |n| repeat("\\", n)),
    ("line feeds", |n| repeat("\n", n)),
    ("carriage returns", |n| repeat("\r", n)),
    ("spaces", |n| repeat(" ", n)),
    ("tabs", |n| repeat("\t", n)),
    ("text in one line", |n| repeat("word ", n)),
    ("imports", |n| repeat("import {\n\n", n)),
    ("imports in one block", |n| {
        repeat("import A from \"a\"\n", n)
    }),
    ("exports", |n| repeat("export const a = (\n\n", n)),
    ("exports in one block", |n| {
        repeat("export const a = 1\n", n)
    }),
    ("exports of templates", |n| {
        repeat("export const a = `\n\n", n)
    }),
    ("a component with much JSX", |n| {
        format!("export const A = () => {}\n", repeat("<B><C/></B>", n))
    }),
    ("frontmatter never closed", |n| {
        repeat("---\na: b\n", 1) + &repeat("c: d\n", n)
    }),
    ("frontmatter keys", |n| {
        let keys = numbered(n, "key", ": x\n");
        format!("---\n{keys}---\n")
    }),
    ("deep frontmatter", |n| {
        format!("---\na: {}\n---\n", repeat("[", n))
    }),
    ("deep frontmatter lists", |n| {
        format!("---\n{}\n---\n", repeat("- ", n))
    }),
    ("frontmatter quotes", |n| {
        format!("---\na: \"{}\n---\n", repeat("b\n", n))
    }),
    ("variables", |n| repeat("{{", n)),
    ("characters of three bytes", |n| repeat("<…{…`…", n)),
];

fn repeat(text: &str, bytes: usize) -> String {
    text.repeat(bytes / text.len())
}

fn numbered(bytes: usize, before: &str, behind: &str) -> String {
    let count = bytes / 12;
    let parts: Vec<_> = (0..count)
        .map(|number| format!("{before}{number}{behind}"))
        .collect();
    parts.concat()
}
