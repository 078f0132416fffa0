//! `fieldproof lsp` and a client that speaks as editors do, over standard input and output.

use std::fmt::Write as _;
use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use serde_json::{Value, json};

/// A server, its folder, and what it said meanwhile.
struct Client {
    folder: tempfile::TempDir,
    server: Child,
    input: Option<ChildStdin>,
    output: BufReader<ChildStdout>,
    next: i64,
    published: Vec<Value>,
}

impl Client {
    fn start(files: &[(&str, &str)]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        for (name, text) in files {
            let path = folder.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        let mut server = Command::new(env!("CARGO_BIN_EXE_fieldproof"))
            .args(["lsp", "--stdio"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::inherit())
            .spawn()
            .unwrap();
        Self {
            input: server.stdin.take(),
            output: BufReader::new(server.stdout.take().unwrap()),
            folder,
            server,
            next: 0,
            published: Vec::new(),
        }
    }

    fn ready(files: &[(&str, &str)]) -> Self {
        let mut client = Self::start(files);
        client.request("initialize", &json!({"capabilities": {}}));
        client.notify("initialized", &json!({}));
        client
    }

    /// The greeting of an editor that has opened the folder.
    fn greet(&mut self, name: &str, capabilities: &Value) -> Value {
        let folder = self.uri("");
        let params = json!({
            "processId": std::process::id(),
            "clientInfo": {"name": name, "version": "1.0"},
            "locale": "en",
            "rootPath": self.path(""),
            "rootUri": folder,
            "workspaceFolders": [{"uri": folder, "name": "docs"}],
            "capabilities": capabilities,
            "initializationOptions": null,
            "trace": "off",
            "workDoneToken": "1",
        });
        let greeting = self.request("initialize", &params);
        self.notify("initialized", &json!({}));
        greeting
    }

    fn path(&self, name: &str) -> PathBuf {
        fs::canonicalize(self.folder.path()).unwrap().join(name)
    }

    fn uri(&self, name: &str) -> String {
        format!("file://{}", self.path(name).display())
    }

    fn raw(&mut self, bytes: &[u8]) {
        let input = self.input.as_mut().unwrap();
        input.write_all(bytes).unwrap();
        input.flush().unwrap();
    }

    fn send(&mut self, message: &Value) {
        let body = message.to_string();
        self.raw(format!("Content-Length: {}\r\n\r\n{body}", body.len()).as_bytes());
    }

    fn receive(&mut self) -> Value {
        let mut length = 0;
        loop {
            let mut line = String::new();
            assert!(
                self.output.read_line(&mut line).unwrap() > 0,
                "the server is gone"
            );
            match line.trim().split_once(": ") {
                Some(("Content-Length", value)) => length = value.parse().unwrap(),
                _ if line.trim().is_empty() => break,
                _ => {}
            }
        }
        let mut body = vec![0; length];
        self.output.read_exact(&mut body).unwrap();
        serde_json::from_slice(&body).unwrap()
    }

    fn notify(&mut self, method: &str, params: &Value) {
        self.send(&json!({"jsonrpc": "2.0", "method": method, "params": params}));
    }

    /// The whole answer to a request; what is published before it is kept.
    fn request(&mut self, method: &str, params: &Value) -> Value {
        self.next += 1;
        let id = self.next;
        self.send(&json!({"jsonrpc": "2.0", "id": id, "method": method, "params": params}));
        loop {
            let message = self.receive();
            if message["id"] == id {
                return message;
            }
            self.published.push(message);
        }
    }

    fn open(&mut self, name: &str) {
        let text = fs::read_to_string(self.path(name)).unwrap();
        let document =
            json!({"uri": self.uri(name), "languageId": "mdx", "version": 1, "text": text});
        self.notify("textDocument/didOpen", &json!({"textDocument": document}));
    }

    fn change(&mut self, name: &str, text: &str) {
        let document = json!({"uri": self.uri(name), "version": 2});
        let changes = json!([{"text": text}]);
        self.notify(
            "textDocument/didChange",
            &json!({"textDocument": document, "contentChanges": changes}),
        );
    }

    /// The messages of the findings that were published last for a file; asks something first, so that all is there.
    fn findings(&mut self, name: &str) -> Vec<String> {
        self.symbols(name);
        let uri = self.uri(name);
        let mut published = self.published.iter().rev();
        let last = published.find(|it| it["params"]["uri"] == uri.as_str());
        let found = last.map_or(&Value::Null, |it| &it["params"]["diagnostics"]);
        let message = |it: &Value| it["message"].as_str().unwrap().to_owned();
        found
            .as_array()
            .map_or_else(Vec::new, |it| it.iter().map(message).collect())
    }

    fn symbols(&mut self, name: &str) -> Value {
        let document = json!({"textDocument": {"uri": self.uri(name)}});
        self.request("textDocument/documentSymbol", &document)["result"].take()
    }

    fn hover(&mut self, name: &str, line: u32, character: u32) -> String {
        let params = json!({
            "textDocument": {"uri": self.uri(name)},
            "position": {"line": line, "character": character},
        });
        let answer = self.request("textDocument/hover", &params);
        answer["result"]["contents"]["value"]
            .as_str()
            .unwrap_or_default()
            .to_owned()
    }

    fn end(mut self) -> Option<i32> {
        self.request("shutdown", &Value::Null);
        self.notify("exit", &Value::Null);
        self.input = None;
        self.server.wait().unwrap().code()
    }
}

impl Drop for Client {
    fn drop(&mut self) {
        self.input = None;
        let _ = self.server.wait();
    }
}

const PAGE: &str = "---
title: Get a book
api: GET https://api.example.com/books/{id}
---

<ParamField path=\"id\" type=\"string\" required>The id.</ParamField>

<ResponseField name=\"author\" type=\"object\" required>
  <ResponseField name=\"born\" type=\"integer\" required>The year.</ResponseField>
</ResponseField>

<ResponseExample>
```json
{\"author\": {\"born\": \"😀 1828\",}}
```
</ResponseExample>
";

#[test]
fn findings_follow_the_text_that_is_typed() {
    let mut client = Client::ready(&[("docs.json", "{}"), ("a.mdx", PAGE)]);
    client.open("a.mdx");
    let found = client.findings("a.mdx");
    assert_eq!(found.len(), 2, "{found:?}");
    client.change("a.mdx", &PAGE.replace("\"😀 1828\",", "1828"));
    assert_eq!(client.findings("a.mdx"), [""; 0]);
    client.change("a.mdx", &PAGE.replace("integer", "string"));
    let found = client.findings("a.mdx");
    assert!(
        matches!(found.as_slice(), [one] if one.contains("trailing comma")),
        "{found:?}"
    );
    assert_eq!(client.end(), Some(0));
}

#[test]
fn columns_are_in_the_units_that_were_agreed_on() {
    for (offered, name, column) in [
        (json!(["utf-16"]), "utf-16", 29),
        (json!(["utf-32", "utf-8"]), "utf-8", 31),
        (Value::Null, "utf-16", 29),
    ] {
        let mut client = Client::start(&[("a.mdx", PAGE)]);
        let general = json!({"capabilities": {"general": {"positionEncodings": offered}}});
        let answer = client.request("initialize", &general);
        assert_eq!(answer["result"]["capabilities"]["positionEncoding"], name);
        client.open("a.mdx");
        client.findings("a.mdx");
        let comma = &client.published[0]["params"]["diagnostics"];
        let comma = comma
            .as_array()
            .unwrap()
            .iter()
            .find(|it| it["code"] == "invalid-example")
            .unwrap();
        assert_eq!(
            comma["range"]["start"],
            json!({"line": 13, "character": column})
        );
    }
}

#[test]
fn a_quick_fix_mends_the_finding_under_the_cursor() {
    let mut client = Client::ready(&[("a.mdx", PAGE)]);
    client.open("a.mdx");
    let uri = client.uri("a.mdx");
    let mut actions = |line: u32| {
        let position = json!({"line": line, "character": 30});
        let params = json!({
            "textDocument": {"uri": uri},
            "range": {"start": position, "end": position},
            "context": {"diagnostics": []},
        });
        client.request("textDocument/codeAction", &params)["result"].take()
    };
    let offered = actions(13);
    assert_eq!(offered[0]["title"], "mend the trailing comma");
    assert_eq!(offered[0]["kind"], "quickfix");
    assert_eq!(offered[0]["edit"]["changes"][&uri][0]["newText"], "");
    assert_eq!(actions(2), json!([]));
}

#[test]
fn hovering_tells_what_is_known_and_where_the_example_shows_it() {
    let mut client = Client::ready(&[("a.mdx", PAGE)]);
    client.open("a.mdx");
    let field = client.hover("a.mdx", 8, 25);
    assert!(field.starts_with("**`response.author.born`**"), "{field}");
    assert!(
        field.contains("`is required` (attribute, a.mdx:9)"),
        "{field}"
    );
    assert!(field.contains("1828"), "{field}");
    let parameter = client.hover("a.mdx", 5, 20);
    assert!(parameter.contains("request.path.id"), "{parameter}");
    let shown = client.hover("a.mdx", 13, 25);
    assert!(shown.contains("response.author"), "{shown}");
    assert_eq!(client.hover("a.mdx", 1, 3), "");
}

#[test]
fn symbols_are_the_fields_as_they_are_nested() {
    let mut client = Client::ready(&[("a.mdx", PAGE)]);
    client.open("a.mdx");
    let symbols = client.symbols("a.mdx");
    assert_eq!(symbols[0]["name"], "id");
    assert_eq!(symbols[1]["name"], "author");
    assert_eq!(symbols[1]["children"][0]["name"], "born");
    assert_eq!(symbols[1]["children"][0]["detail"], "integer");
}

#[test]
fn a_snippet_that_changes_changes_the_findings_of_its_page() {
    let page = PAGE
        .replace(
            "<ResponseField name=\"author\"",
            "import Id from \"/snippets/id.mdx\";\n\n<Id />\n\n<ResponseField name=\"author\"",
        )
        .replace("\"😀 1828\",}", "1828}, \"id\": 1");
    let field = |name: &str| format!("<ResponseField name=\"id\" type=\"{name}\" required />\n");
    let mut client = Client::ready(&[
        ("docs.json", "{}"),
        ("a.mdx", &page),
        ("snippets/id.mdx", &field("integer")),
    ]);
    client.open("a.mdx");
    assert_eq!(client.findings("a.mdx"), [""; 0]);
    client.open("snippets/id.mdx");
    fs::write(client.path("snippets/id.mdx"), field("string")).unwrap();
    client.change("snippets/id.mdx", &field("string"));
    let document = json!({"textDocument": {"uri": client.uri("snippets/id.mdx")}});
    client.notify("textDocument/didSave", &document);
    let found = client.findings("a.mdx");
    assert!(
        matches!(found.as_slice(), [one] if one.contains("`id` is documented as string")),
        "{found:?}"
    );
}

#[test]
fn the_text_on_disk_counts_again_when_a_file_is_closed() {
    let mut client = Client::ready(&[("a.mdx", PAGE)]);
    client.open("a.mdx");
    client.change("a.mdx", "# Nothing\n");
    assert_eq!(client.findings("a.mdx"), [""; 0]);
    let document = json!({"textDocument": {"uri": client.uri("a.mdx")}});
    client.notify("textDocument/didClose", &document);
    assert_eq!(client.findings("a.mdx").len(), 2);
}

#[test]
fn whatever_comes_in_the_server_goes_on() {
    let mut client = Client::ready(&[("a.mdx", PAGE)]);
    for bytes in [
        "Content-Length: 9\r\n\r\n{\"broken\":",
        "Content-Length: nine\r\n\r\n",
        "\r\n\r\n\r\n",
        "what is this\r\n\r\n",
        "Content-Length: 4\r\n\r\nnull",
        "Content-Length: 2\r\n\r\n\u{fffd}",
    ] {
        client.raw(bytes.as_bytes());
    }
    client.raw(b"Content-Length: 2\r\n\r\n\xff\xfe");
    for params in [
        json!(null),
        json!([]),
        json!({"textDocument": 1}),
        json!({"textDocument": {"uri": "untitled:x"}}),
    ] {
        for method in [
            "hover",
            "codeAction",
            "documentSymbol",
            "didOpen",
            "didChange",
            "didSave",
            "didClose",
        ] {
            let method = format!("textDocument/{method}");
            if method.contains("/did") {
                client.notify(&method, &params);
            } else {
                client.request(&method, &params);
            }
        }
    }
    assert_eq!(
        client.request("initialize", &json!({"capabilities": {}}))["error"]["code"],
        -32600
    );
    assert_eq!(
        client.request("textDocument/rename", &json!({}))["error"]["code"],
        -32601
    );
    assert_eq!(client.hover("missing.mdx", 1, 1), "");
    client.open("a.mdx");
    assert_eq!(client.hover("a.mdx", 9999, 9999), "");
    assert_eq!(client.findings("a.mdx").len(), 2);
    assert_eq!(client.end(), Some(0));
}

#[test]
fn nothing_is_answered_before_the_greeting_and_after_the_farewell() {
    let mut client = Client::start(&[]);
    assert_eq!(
        client.request("textDocument/hover", &json!({}))["error"]["code"],
        -32002
    );
    client.request("initialize", &json!({"capabilities": {}}));
    client.request("shutdown", &Value::Null);
    assert_eq!(
        client.request("textDocument/hover", &json!({}))["error"]["code"],
        -32600
    );
    client.notify("exit", &Value::Null);
    assert_eq!(client.server.wait().unwrap().code(), Some(0));
}

#[test]
fn an_editor_that_goes_away_ends_the_server() {
    let mut client = Client::ready(&[]);
    client.input = None;
    assert_eq!(client.server.wait().unwrap().code(), Some(1));
}

/// A page of that many lines at least, with fields and an example of them.
pub(crate) fn long_page(lines: usize) -> String {
    let mut fields = String::new();
    let mut members = Vec::new();
    for number in 0..lines / 4 {
        let _ = write!(
            fields,
            "<ResponseField name=\"member_{number}\" type=\"integer\" required>\n  The number {number}, one of many.\n</ResponseField>\n"
        );
        members.push(format!("  \"member_{number}\": {number}"));
    }
    format!(
        "---\napi: GET https://api.example.com/books\n---\n\n{fields}\n<ResponseExample>\n```json\n{{\n{}\n}}\n```\n</ResponseExample>\n",
        members.join(",\n")
    )
}

#[test]
fn a_long_page_is_followed_keystroke_by_keystroke() {
    let text = long_page(2000);
    assert!(text.lines().count() >= 2000);
    let mut client = Client::ready(&[("docs.json", "{}"), ("a.mdx", &text)]);
    client.open("a.mdx");
    let typed = text.replace("\"member_7\": 7,", "\"member_7\": \"7\",");
    for _ in 0..5 {
        client.change("a.mdx", &text);
        client.change("a.mdx", &typed);
    }
    assert_eq!(client.findings("a.mdx").len(), 1);
    let count = client.published.len();
    assert!(count >= 11, "{count} times published");
    assert!(Path::new(&client.path("a.mdx")).exists());
}

/// What VS Code sends before and beside the first file, in its order.
#[test]
fn an_editor_like_vs_code_gets_findings_fixes_and_an_outline() {
    let mut client = Client::start(&[("docs.json", "{}"), ("a.mdx", BROKEN)]);
    let capabilities = json!({
        "workspace": {
            "applyEdit": true,
            "workspaceEdit": {"documentChanges": true, "failureHandling": "textOnlyTransactional"},
            "configuration": true,
            "didChangeWatchedFiles": {"dynamicRegistration": true},
            "workspaceFolders": true,
        },
        "textDocument": {
            "publishDiagnostics": {"relatedInformation": true, "versionSupport": false, "tagSupport": {"valueSet": [1, 2]}},
            "synchronization": {"dynamicRegistration": true, "willSave": true, "willSaveWaitUntil": true, "didSave": true},
            "hover": {"contentFormat": ["markdown", "plaintext"]},
            "codeAction": {"codeActionLiteralSupport": {"codeActionKind": {"valueSet": ["", "quickfix"]}}, "isPreferredSupport": true},
            "documentSymbol": {"hierarchicalDocumentSymbolSupport": true},
        },
        "general": {"positionEncodings": ["utf-16"], "staleRequestSupport": {"cancel": true, "retryOnContentModified": []}},
        "notebookDocument": {"synchronization": {"dynamicRegistration": true}},
    });
    let greeting = client.greet("Visual Studio Code", &capabilities);
    assert_eq!(
        greeting["result"]["capabilities"]["positionEncoding"],
        "utf-16"
    );
    client.notify("workspace/didChangeConfiguration", &json!({"settings": {}}));
    client.notify("$/setTrace", &json!({"value": "off"}));
    client.open("a.mdx");
    assert_eq!(client.findings("a.mdx").len(), 1);
    let range = json!({"start": {"line": 0, "character": 0}, "end": {"line": 9, "character": 0}});
    let document = json!({"uri": client.uri("a.mdx")});
    let actions = client.request(
        "textDocument/codeAction",
        &json!({"textDocument": document, "range": range, "context": {"diagnostics": [], "only": ["quickfix"], "triggerKind": 1}}),
    );
    assert_eq!(actions["result"][0]["kind"], "quickfix");
    client.notify("$/cancelRequest", &json!({"id": 999}));
    client.notify("workspace/didChangeWatchedFiles", &json!({"changes": []}));
    client.notify("textDocument/didClose", &json!({"textDocument": document}));
    assert_eq!(
        client.request("shutdown", &Value::Null)["result"],
        Value::Null
    );
    client.notify("exit", &Value::Null);
    assert!(client.server.wait().unwrap().success());
}

/// What Neovim sends: positions in bytes, and the whole text with each change.
#[test]
fn an_editor_like_neovim_gets_findings_in_bytes() {
    let mut client = Client::start(&[("docs.json", "{}"), ("a.mdx", BROKEN)]);
    let capabilities = json!({
        "general": {"positionEncodings": ["utf-8", "utf-16", "utf-32"]},
        "textDocument": {
            "synchronization": {"dynamicRegistration": false, "willSave": true, "willSaveWaitUntil": true, "didSave": true},
            "publishDiagnostics": {"relatedInformation": true, "dataSupport": true, "tagSupport": {"valueSet": [1, 2]}},
            "diagnostic": {"dynamicRegistration": false},
        },
        "workspace": {"configuration": true, "didChangeWatchedFiles": {"dynamicRegistration": false}},
        "window": {"workDoneProgress": true, "showMessage": {"messageActionItem": {"additionalPropertiesSupport": true}}},
    });
    let greeting = client.greet("Neovim", &capabilities);
    assert_eq!(
        greeting["result"]["capabilities"]["positionEncoding"],
        "utf-8"
    );
    client.open("a.mdx");
    assert_eq!(client.findings("a.mdx").len(), 1);
    client.change("a.mdx", &BROKEN.replace("1,}", "1}"));
    assert!(client.findings("a.mdx").is_empty());
    client.notify(
        "textDocument/didSave",
        &json!({"textDocument": {"uri": client.uri("a.mdx")}}),
    );
    assert_eq!(
        client.request("shutdown", &Value::Null)["result"],
        Value::Null
    );
    client.notify("exit", &Value::Null);
    assert!(client.server.wait().unwrap().success());
}

const BROKEN: &str = "---\napi: GET https://api.example.com/books\n---\n\n<ResponseField name=\"id\" type=\"integer\" />\n\n<ResponseExample>\n```json\n{\"id\": 1,}\n```\n</ResponseExample>\n";
