/**
 * One esbuild call, shared by the build and the test runner: TypeScript entry points in, a flat list of ES modules out (in memory).
 * Packages stay imports (piscina finds its own worker by path and breaks when bundled), except the few that are development
 * dependencies and therefore have to travel inside our files. `text:<path>` imports a file's content as a string, and `hillock` means
 * our own `index.ts`, so that scenarios are written exactly as a user would write them.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'esbuild';

const TRAVELS_INSIDE = ['valibot', 'uplot'];

/**
 * @param {{ root: string, entries: Record<string, string>, outdir: string, keepUnused?: boolean }} request
 *   entries: output name -> path of the source file; keepUnused: leave in what nothing calls
 * @returns {Promise<{ files: { path: string, text: string }[], inputs: string[] }>} inputs: paths of everything read, relative to root
 */
export async function bundle({ root, entries, outdir, keepUnused = false }) {
  const entryPoints = Object.fromEntries(Object.entries(entries).map(([name, source]) => [name, join(root, source)]));
  const result = await build({
    absWorkingDir: root,
    entryPoints,
    outdir,
    bundle: true,
    splitting: true,
    treeShaking: !keepUnused,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    sourcemap: true,
    legalComments: 'none',
    loader: { '.css': 'text' },
    plugins: [resolution(root)],
    metafile: true,
    write: false,
    logLevel: 'silent',
  });
  const names = new Set(Object.keys(entries).map((name) => `${name}.js`));
  for (const file of result.outputFiles) {
    if (file.path.endsWith('.js')) refuseUnknownNeighbours(file.text, names);
  }
  return { files: result.outputFiles, inputs: Object.keys(result.metafile.inputs).map((path) => path.replace(/^text:/, '')) };
}

function resolution(root) {
  const inside = new RegExp(`^(${TRAVELS_INSIDE.join('|')})(/|$)`);
  return {
    name: 'resolution',
    setup(context) {
      context.onResolve({ filter: /^text:/ }, async ({ path, resolveDir, importer }) => {
        const found = await context.resolve(path.slice('text:'.length), { resolveDir, importer, kind: 'import-statement' });
        return found.errors.length > 0 ? { errors: found.errors } : { path: found.path, namespace: 'text' };
      });
      context.onLoad({ filter: /./, namespace: 'text' }, async ({ path }) => ({ contents: await readFile(path, 'utf8'), loader: 'text' }));
      context.onResolve({ filter: /^hillock$/ }, () => ({ path: join(root, 'index.ts') }));
      context.onResolve({ filter: /^[^./]/ }, ({ path, kind }) =>
        kind === 'entry-point' || inside.test(path) ? undefined : { path, external: true },
      );
    },
  };
}

/** A worker that is started by its URL but has no row in the table would only be missed at run time; miss it now. */
function refuseUnknownNeighbours(text, names) {
  for (const [, neighbour] of text.matchAll(/new URL\(\s*["'`]\.\/([\w.-]+\.js)["'`]\s*,\s*import\.meta\.url\s*\)/g)) {
    if (!names.has(neighbour)) {
      throw new Error(`something starts "./${neighbour}" by its URL, but no entry point makes that file: add a row to scripts/entries.mjs`);
    }
  }
}

/** esbuild's own messages with their code frames, or the error's sentence. */
export async function describeBuildError(error) {
  if (!Array.isArray(error?.errors)) return error?.message ?? String(error);
  const { formatMessages } = await import('esbuild');
  return (await formatMessages(error.errors, { kind: 'error', color: false })).join('').trimEnd();
}
