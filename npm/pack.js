#!/usr/bin/env node
// node npm/pack.js BINARIES OUT: packs a package for each folder of BINARIES (`linux-x64/fieldproof` …), and the one
// that picks between them, all of the version of the crate.
"use strict";

const { execFileSync } = require("node:child_process");
const fs = require("node:fs");
const path = require("node:path");

const [binaries, out] = process.argv.slice(2).map((folder) => path.resolve(folder));
if (!out) {
  console.error("usage: node npm/pack.js BINARIES OUT");
  process.exit(2);
}
const root = path.join(__dirname, "..");
const version = /^version = "(.+)"$/m.exec(fs.readFileSync(path.join(root, "Cargo.toml"), "utf8"))[1];
const chooser = JSON.parse(fs.readFileSync(path.join(__dirname, "fieldproof/package.json"), "utf8"));

function pack(name, manifest, fill) {
  const folder = path.join(out, name);
  fs.mkdirSync(folder, { recursive: true });
  fs.writeFileSync(path.join(folder, "package.json"), `${JSON.stringify(manifest, null, 2)}\n`);
  for (const licence of ["LICENSE-APACHE", "LICENSE-MIT"]) {
    fs.copyFileSync(path.join(root, licence), path.join(folder, licence));
  }
  fill(folder);
  execFileSync("npm", ["pack", "--silent", folder, "--pack-destination", out], { stdio: "inherit" });
}

for (const platform of fs.readdirSync(binaries).sort()) {
  const [operatingSystem, architecture] = platform.split("-");
  const file = operatingSystem === "win32" ? "fieldproof.exe" : "fieldproof";
  const manifest = {
    name: `@fieldproof/${platform}`,
    version,
    description: `The binary of fieldproof for ${platform}`,
    license: chooser.license,
    os: [operatingSystem],
    cpu: [architecture],
    files: [file],
  };
  pack(platform, manifest, (folder) => {
    fs.copyFileSync(path.join(binaries, platform, file), path.join(folder, file));
    fs.chmodSync(path.join(folder, file), 0o755);
  });
}

const optional = Object.keys(chooser.optionalDependencies).map((name) => [name, version]);
pack("fieldproof", { ...chooser, version, optionalDependencies: Object.fromEntries(optional) }, (folder) => {
  fs.cpSync(path.join(__dirname, "fieldproof/bin"), path.join(folder, "bin"), { recursive: true });
  fs.copyFileSync(path.join(root, "README.md"), path.join(folder, "README.md"));
});
