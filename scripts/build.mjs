/**
 * Builds `dist/`: the entry points of `entries.mjs`, flat, with source maps; `--types` adds the declarations (only packing needs them, and
 * they take seconds). The folder is made beside the old one and takes its place when complete, so a failed build leaves the old one.
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { bundle, describeBuildError } from './bundle.mjs';
import { DOORS, WORKERS } from './entries.mjs';
import { stampOf } from './freshness.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const dist = join(root, 'dist');

export async function buildDist({ types = false } = {}) {
  const startedAt = Date.now();
  const entries = { ...DOORS, ...WORKERS };
  for (const [name, source] of Object.entries(entries)) {
    if (!existsSync(join(root, source))) {
      throw new Error(`the entry point "${name}" should be ${source}, which does not exist: add the file or correct scripts/entries.mjs`);
    }
  }
  const { files, inputs } = await bundle({ root, entries, outdir: dist }).catch(async (error) => {
    throw new Error(`the build failed\n${await describeBuildError(error)}`);
  });
  const fresh = join(root, 'build', `dist-${process.pid}`);
  await rm(fresh, { recursive: true, force: true });
  await mkdir(fresh, { recursive: true });
  try {
    for (const { path, text } of files.map(executable)) await writeFile(join(fresh, basename(path)), text);
    await chmod(join(fresh, 'cli.js'), 0o755);
    if (types) declarations(join(fresh, 'types'));
    await writeFile(join(fresh, '.stamp'), stampOf(root, inputs, startedAt));
    await replaceDist(fresh);
  } finally {
    await rm(fresh, { recursive: true, force: true });
  }
}

/** Gives the command line its first line; its source map moves down by that one line (one `;` in the mappings). */
function executable({ path, text }) {
  if (basename(path) === 'cli.js' && !text.startsWith('#!')) return { path, text: `#!/usr/bin/env node\n${text}` };
  if (basename(path) !== 'cli.js.map') return { path, text };
  const map = JSON.parse(text);
  return { path, text: JSON.stringify({ ...map, mappings: `;${map.mappings}` }) };
}

function declarations(outDir) {
  const compiler = createRequire(import.meta.url).resolve('typescript/bin/tsc');
  const args = [compiler, '--project', join(root, 'tsconfig.build.json'), '--outDir', outDir];
  const { status } = spawnSync(process.execPath, args, { cwd: root, stdio: ['ignore', 2, 2] });
  if (status !== 0) throw new Error('the declarations could not be written; the type errors are above');
}

/** Two renames; another build may get in between, then the later one wins. */
async function replaceDist(fresh) {
  const old = join(root, 'build', `dist-old-${process.pid}`);
  for (let attempt = 0; ; attempt++) {
    await rename(dist, old).catch(ignore('ENOENT'));
    try {
      await rename(fresh, dist);
      break;
    } catch (error) {
      if (attempt === 5 || !['ENOTEMPTY', 'EEXIST'].includes(error.code)) throw error;
    } finally {
      await rm(old, { recursive: true, force: true });
    }
  }
}

function ignore(code) {
  return (error) => {
    if (error.code !== code) throw error;
  };
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  try {
    await buildDist({ types: process.argv.includes('--types') });
  } catch (error) {
    process.stderr.write(`build: ${error.message}\n`);
    process.exitCode = 1;
  }
}
