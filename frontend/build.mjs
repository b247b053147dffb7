/*
 * Bundle what the pages run of packages into src/pkgraph/web/static/built/: a file for each entry,
 * with the hash of its content in its name, the licences of all that is in them, and a manifest.
 * The hash of what they were built from is in the manifest, so that an old build is told from a
 * new one; pkgraph.web.assets and hatch_build.py read it.
 */

import { createHash } from "node:crypto";
import { mkdir, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const FOLDER = dirname(fileURLToPath(import.meta.url));
const OUT = join(FOLDER, "../src/pkgraph/web/static/built");
const LICENCE = /^(licen[cs]e|copying|notice)/i;

const byName = (one, other) => (one < other ? -1 : 1);

/** What is bundled for itself: the modules that stand in a folder of their own in src/. */
const entries = async () => {
  const inside = await readdir(join(FOLDER, "src"), { withFileTypes: true });
  return inside.filter((each) => each.isDirectory()).map((each) => each.name).sort(byName);
};

/** The hash of all that decides what is built; hatch_build.py reckons the same. */
const fingerprint = async () => {
  const inside = await readdir(join(FOLDER, "src"), { recursive: true, withFileTypes: true });
  const sources = inside
    .filter((each) => each.isFile())
    .map((each) => relative(FOLDER, join(each.parentPath ?? each.path, each.name)));
  const hash = createHash("sha256");
  for (const name of ["build.mjs", "package-lock.json", ...sources].sort(byName)) {
    hash.update(`${name.replaceAll("\\", "/")}\0`);
    hash.update(await readFile(join(FOLDER, name)));
  }
  return hash.digest("hex");
};

/** The text of the licences of the packages that *inputs*, the files of bundles, come from. */
const licences = async (inputs) => {
  const found = inputs.map((each) => /^node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(each)?.[1]);
  const names = [...new Set(found.filter(Boolean))].sort(byName);
  const parts = await Promise.all(names.map(async (name) => {
    const folder = join(FOLDER, "node_modules", name);
    const about = JSON.parse(await readFile(join(folder, "package.json"), "utf8"));
    const files = (await readdir(folder)).filter((each) => LICENCE.test(each)).sort(byName);
    if (!files.length) throw new Error(`${name} has no file with its licence`);
    const texts = await Promise.all(files.map((each) => readFile(join(folder, each), "utf8")));
    return `${name} ${about.version} (${about.license})\n\n${texts.join("\n").trim()}\n`;
  }));
  return parts.join(`\n${"-".repeat(80)}\n\n`);
};

const names = await entries();
const built = await build({
  absWorkingDir: FOLDER,
  entryPoints: Object.fromEntries(names.map((name) => [name, `src/${name}/index.js`])),
  entryNames: "[name]-[hash]",
  outdir: OUT,
  bundle: true,
  minify: true,
  format: "esm",
  target: "es2022",
  legalComments: "none", // the licences are in a file of their own
  metafile: true,
  write: false,
});
await rm(OUT, { recursive: true, force: true });
await mkdir(OUT, { recursive: true });
await Promise.all(built.outputFiles.map((each) => writeFile(each.path, each.contents)));
await writeFile(join(OUT, "licences.txt"), await licences(Object.keys(built.metafile.inputs)));
const files = Object.fromEntries(Object.entries(built.metafile.outputs).map(([path, output]) => [
  output.entryPoint.split("/")[1],
  relative(OUT, join(FOLDER, path)),
]));
await writeFile(
  join(OUT, "manifest.json"),
  `${JSON.stringify({ files, sources: await fingerprint() }, null, 2)}\n`,
);
