/**
 * `node scripts/bench.mjs <workload> [options]`: builds the bench and the workers flat into `build/bench`, then runs `bench/main.ts`, which says
 * what there is when it is started without a workload.
 */
import { spawn } from 'node:child_process';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundle, describeBuildError } from './bundle.mjs';
import { MEASURED, WORKERS } from './entries.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const folder = join(root, 'build', 'bench');

try {
  const entries = { main: 'bench/main.ts', ...MEASURED, ...WORKERS };
  const { files } = await bundle({ root, entries, outdir: folder });
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  await Promise.all(files.map(({ path, text }) => writeFile(join(folder, basename(path)), text)));
  const child = spawn(process.execPath, ['--enable-source-maps', join(folder, 'main.js'), ...process.argv.slice(2)], {
    cwd: root,
    stdio: 'inherit',
  });
  child.on('exit', (code, signal) => {
    process.exitCode = code ?? (signal === null ? 1 : 130);
  });
} catch (error) {
  process.stderr.write(`the bench could not be built\n${await describeBuildError(error)}\n`);
  process.exitCode = 1;
}
