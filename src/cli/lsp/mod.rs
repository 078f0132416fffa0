//! `fieldproof lsp`: findings, quick fixes, and what is known about a field, in an editor.
//!
//! Messages come in on a thread of their own. A change of a page is answered by reading that page alone; the whole site
//! is read when a file is opened or saved, and when nothing comes in for a moment.

mod answer;
mod position;
mod wire;
mod workspace;

use std::io::{BufReader, Write};
use std::path::PathBuf;
use std::sync::mpsc::{self, RecvTimeoutError};
use std::time::Duration;

use clap::Args;
use lsp_server::{ErrorCode, Message, Notification, Request, Response};
use lsp_types::{
    CodeActionKind, CodeActionOptions, CodeActionParams, DidChangeTextDocumentParams,
    DidCloseTextDocumentParams, DidOpenTextDocumentParams, DidSaveTextDocumentParams,
    DocumentSymbolParams, HoverParams, InitializeParams, PublishDiagnosticsParams,
    ServerCapabilities, TextDocumentIdentifier, TextDocumentSyncCapability, TextDocumentSyncKind,
    TextDocumentSyncOptions, Uri,
};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::{Exit, Failure, Streams};
use answer::Words;
use position::Encoding;
use wire::Incoming;
use workspace::{Place, Workspace};

/// Speak the language server protocol with an editor, on standard input and output
#[derive(Debug, Args)]
pub(crate) struct LspArgs {
    /// Accepted for editors that always pass it
    #[arg(long, hide = true)]
    stdio: bool,
}

/// Nothing came in for so long: time to look at the neighbours of a page.
const PAUSE: Duration = Duration::from_millis(400);

pub(crate) fn run(_: &LspArgs, streams: &mut Streams) -> Result<Exit, Failure> {
    let (sender, receiver) = mpsc::channel();
    std::thread::spawn(move || {
        let mut input = BufReader::new(std::io::stdin());
        while let Ok(Some(incoming)) = wire::read(&mut input) {
            if sender.send(incoming).is_err() {
                break;
            }
        }
    });
    let mut server = Server {
        out: &mut streams.out,
        encoding: Encoding::Utf16,
        state: State::Fresh,
        workspace: Workspace::default(),
    };
    loop {
        let incoming = if server.workspace.is_stale() {
            receiver.recv_timeout(PAUSE)
        } else {
            receiver.recv().map_err(RecvTimeoutError::from)
        };
        match incoming {
            Ok(Incoming::Malformed(problem)) => wire::refuse(&problem, &mut server.out)?,
            Ok(Incoming::Message(Message::Request(request))) => server.request(request)?,
            Ok(Incoming::Message(Message::Notification(notification))) => {
                if notification.method == "exit" {
                    break;
                }
                server.notification(notification)?;
            }
            Ok(Incoming::Message(Message::Response(_))) => {}
            Err(RecvTimeoutError::Timeout) => server.rest()?,
            Err(RecvTimeoutError::Disconnected) => break,
        }
    }
    // An editor that goes away without a word has crashed, or was killed.
    Ok(if server.state == State::ShutDown {
        Exit::Clean
    } else {
        Exit::Findings
    })
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Fresh,
    Ready,
    ShutDown,
}

struct Server<'o> {
    out: &'o mut dyn Write,
    encoding: Encoding,
    state: State,
    workspace: Workspace,
}

/// Why a request has no answer.
type Refusal = (ErrorCode, String);

impl Server<'_> {
    fn request(&mut self, request: Request) -> std::io::Result<()> {
        let answer = match (self.state, request.method.as_str()) {
            (State::Fresh, "initialize") => self.initialize(request.params),
            (State::Fresh, _) => Err((
                ErrorCode::ServerNotInitialized,
                "`initialize` comes first".to_owned(),
            )),
            (State::ShutDown, _) | (State::Ready, "initialize") => Err((
                ErrorCode::InvalidRequest,
                "this is not the time for it".to_owned(),
            )),
            (State::Ready, "shutdown") => {
                self.state = State::ShutDown;
                Ok(Value::Null)
            }
            (State::Ready, "textDocument/codeAction") => self.actions(request.params),
            (State::Ready, "textDocument/hover") => self.hover(request.params),
            (State::Ready, "textDocument/documentSymbol") => self.symbols(request.params),
            (State::Ready, method) => Err((
                ErrorCode::MethodNotFound,
                format!("`{method}` is not known"),
            )),
        };
        let response = match answer {
            Ok(value) => Response::new_ok(request.id, value),
            Err((code, message)) => Response::new_err(request.id, code as i32, message),
        };
        wire::write(&response.into(), &mut self.out)
    }

    fn initialize(&mut self, params: Value) -> Result<Value, Refusal> {
        let params: InitializeParams = parsed(params)?;
        let general = params.capabilities.general.as_ref();
        self.encoding = Encoding::of(general.and_then(|it| it.position_encodings.as_ref()));
        self.state = State::Ready;
        let actions = CodeActionOptions {
            code_action_kinds: Some(vec![CodeActionKind::QUICKFIX]),
            ..CodeActionOptions::default()
        };
        let sync = TextDocumentSyncOptions {
            open_close: Some(true),
            change: Some(TextDocumentSyncKind::FULL),
            save: Some(true.into()),
            ..TextDocumentSyncOptions::default()
        };
        let capabilities = ServerCapabilities {
            position_encoding: Some(self.encoding.kind()),
            text_document_sync: Some(TextDocumentSyncCapability::Options(sync)),
            hover_provider: Some(true.into()),
            document_symbol_provider: Some(lsp_types::OneOf::Left(true)),
            code_action_provider: Some(actions.into()),
            ..ServerCapabilities::default()
        };
        Ok(json!({
            "capabilities": capabilities,
            "serverInfo": {"name": "fieldproof", "version": env!("CARGO_PKG_VERSION")},
        }))
    }

    fn actions(&mut self, params: Value) -> Result<Value, Refusal> {
        let params: CodeActionParams = parsed(params)?;
        let Some(place) = self.place(&params.text_document) else {
            return Ok(Value::Null);
        };
        let Some(known) = self.workspace.known(&place) else {
            return Ok(Value::Null);
        };
        let words = Words {
            site: &known.site,
            encoding: self.encoding,
        };
        let text = known.site.sources.file(place.file).text();
        let start = self.encoding.offset(text, params.range.start) as u32;
        let end = self.encoding.offset(text, params.range.end) as u32;
        let found = known.found.get(&place.file).into_iter().flatten();
        let actions: Vec<_> = found
            .filter(|it| it.span.start <= end && start <= it.span.end)
            .filter_map(|it| words.action(it))
            .collect();
        value(&actions)
    }

    fn hover(&mut self, params: Value) -> Result<Value, Refusal> {
        let params: HoverParams = parsed(params)?;
        let asked = params.text_document_position_params;
        let encoding = self.encoding;
        let Some(place) = self.place(&asked.text_document) else {
            return Ok(Value::Null);
        };
        let Some((site, documentation)) = self.workspace.page(&place) else {
            return Ok(Value::Null);
        };
        let offset = encoding.offset(site.sources.file(place.file).text(), asked.position);
        value(&Words { site, encoding }.hover(documentation, place.file, offset))
    }

    fn symbols(&mut self, params: Value) -> Result<Value, Refusal> {
        let params: DocumentSymbolParams = parsed(params)?;
        let encoding = self.encoding;
        let Some(place) = self.place(&params.text_document) else {
            return Ok(Value::Null);
        };
        let Some((site, documentation)) = self.workspace.page(&place) else {
            return Ok(Value::Null);
        };
        value(&Words { site, encoding }.symbols(documentation, place.file))
    }

    fn notification(&mut self, notification: Notification) -> std::io::Result<()> {
        if self.state != State::Ready {
            return Ok(());
        }
        let params = notification.params;
        match notification.method.as_str() {
            "textDocument/didOpen" => {
                if let Some((path, params)) = parsed_of(params, |it: &DidOpenTextDocumentParams| {
                    &it.text_document.uri
                }) {
                    let places = self.workspace.open(&path, Some(params.text_document.text));
                    return self.publish(&places);
                }
            }
            "textDocument/didChange" => {
                if let Some((path, params)) =
                    parsed_of(params, |it: &DidChangeTextDocumentParams| {
                        &it.text_document.uri
                    })
                    && let Some(change) = params.content_changes.into_iter().next_back()
                {
                    let place = self.workspace.change(&path, change.text);
                    return self.publish(place.as_slice());
                }
            }
            "textDocument/didSave" => {
                if let Some((path, _)) = parsed_of(params, |it: &DidSaveTextDocumentParams| {
                    &it.text_document.uri
                }) {
                    let places = self.workspace.open(&path, None);
                    return self.publish(&places);
                }
            }
            "textDocument/didClose" => {
                if let Some((path, _)) = parsed_of(params, |it: &DidCloseTextDocumentParams| {
                    &it.text_document.uri
                }) {
                    let places = self.workspace.close(&path);
                    return self.publish(&places);
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn rest(&mut self) -> std::io::Result<()> {
        let places = self.workspace.rest();
        self.publish(&places)
    }

    fn publish(&mut self, places: &[Place]) -> std::io::Result<()> {
        for place in places {
            let Some(known) = self.workspace.known(place) else {
                continue;
            };
            let words = Words {
                site: &known.site,
                encoding: self.encoding,
            };
            let Some(uri) = words.uri(place.file) else {
                continue;
            };
            let found = known.found.get(&place.file).into_iter().flatten();
            let diagnostics = found.map(|it| words.diagnostic(it)).collect();
            let params = PublishDiagnosticsParams::new(uri, diagnostics, None);
            let method = "textDocument/publishDiagnostics".to_owned();
            wire::write(&Notification::new(method, params).into(), &mut self.out)?;
        }
        Ok(())
    }

    fn place(&self, document: &TextDocumentIdentifier) -> Option<Place> {
        self.workspace.place(&position::path(&document.uri)?)
    }
}

fn parsed<T: DeserializeOwned>(params: Value) -> Result<T, Refusal> {
    serde_json::from_value(params).map_err(|error| (ErrorCode::InvalidParams, error.to_string()))
}

/// The parameters of a notification, and the file that it is about; a notification that makes no sense has no answer.
fn parsed_of<T: DeserializeOwned>(params: Value, uri: impl Fn(&T) -> &Uri) -> Option<(PathBuf, T)> {
    let params: T = serde_json::from_value(params).ok()?;
    Some((position::path(uri(&params))?, params))
}

fn value(answer: &impl Serialize) -> Result<Value, Refusal> {
    serde_json::to_value(answer).map_err(|error| (ErrorCode::InternalError, error.to_string()))
}
