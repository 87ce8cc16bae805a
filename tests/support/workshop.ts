/**
 * A small checkout in a temporary folder: our scripts, a table of entry points of its own, and the files a test asks for. Lets the scripts
 * be tested on projects that fail in known ways.
 */
import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';

export interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** Last line of stdout. */
  readonly lastLine: string;
}

export interface Workshop {
  readonly folder: string;
  write(path: string, text: string): void;
  exists(path: string): boolean;
  /** Runs Node in the folder; nothing of the surrounding test run is passed on. */
  node(args: readonly string[], env?: Record<string, string>): Outcome;
  remove(): void;
}

const NO_WORKERS = `export const DOORS = { index: 'index.ts', cli: 'cli/main.ts' };\nexport const WORKERS = {};\nexport const MEASURED = {};\n`;

export function openWorkshop(files: Record<string, string> = {}, { packages = true } = {}): Workshop {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'hillock-')));
  const repository = process.cwd();
  const write = (path: string, text: string): void => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  };
  write('package.json', '{ "name": "workshop", "type": "module" }');
  for (const name of readdirSync(join(repository, 'scripts'))) {
    if (name.endsWith('.mjs')) {
      mkdirSync(join(folder, 'scripts'), { recursive: true });
      copyFileSync(join(repository, 'scripts', name), join(folder, 'scripts', name));
    }
  }
  write('scripts/entries.mjs', NO_WORKERS);
  if (packages) symlinkSync(resolve(repository, 'node_modules'), join(folder, 'node_modules'), 'junction');
  for (const [path, text] of Object.entries(files)) write(path, text);

  return {
    folder,
    write,
    exists: (path) => existsSync(join(folder, path)),
    node: (args, env = {}) => {
      const { NODE_V8_COVERAGE, HILLOCK_TEST_TIMEOUT, HILLOCK_SHARED, npm_execpath, ...inherited } = process.env;
      const { status, stdout, stderr } = spawnSync(process.execPath, args, {
        cwd: folder,
        env: { ...inherited, ...env },
        encoding: 'utf8',
      });
      return { code: status, stdout, stderr, lastLine: stdout.trimEnd().split('\n').at(-1) ?? '' };
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
