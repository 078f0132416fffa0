#!/usr/bin/env node
// Starts the binary of this platform, which an optional dependency brings.
"use strict";

const { spawn } = require("node:child_process");
const os = require("node:os");

const platform = `${process.platform}-${process.arch}`;
const name = process.platform === "win32" ? "fieldproof.exe" : "fieldproof";

function binary() {
  try {
    return require.resolve(`@fieldproof/${platform}/${name}`);
  } catch {
    console.error(
      `fieldproof: there is no binary for ${platform} here; install with optional dependencies, ` +
        "or build it with `cargo install --locked fieldproof`",
    );
    process.exit(2);
  }
}

const path = binary();
const child = spawn(path, process.argv.slice(2), { stdio: "inherit" });
// Ctrl-C reaches the binary from the terminal; other signals reach only this process.
process.on("SIGINT", () => {});
for (const signal of ["SIGTERM", "SIGHUP"]) {
  process.on(signal, () => child.kill(signal));
}
child.on("error", (error) => {
  console.error(`fieldproof: ${path} cannot be started: ${error.message}`);
  process.exit(3);
});
child.on("exit", (status, signal) => {
  process.exit(status ?? 128 + (os.constants.signals[signal] ?? 0));
});
