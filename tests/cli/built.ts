/** The command line built into a folder of its own, to be run as a process: what is tested is the source as it stands. */
import type { ChildProcess } from 'node:child_process';
import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

interface Bundler {
  bundle(request: { root: string; entries: Record<string, string>; outdir: string }): Promise<{ files: { path: string; text: string }[] }>;
}

export interface BuiltCli {
  /** Path of the built file. */
  readonly cli: string;
  /** Builds it; to be called before the first test. */
  build(): Promise<void>;
  /** Runs it to its end. */
  run(words: readonly string[], input?: string): { code: number | null; stdout: string; stderr: string };
  /** Starts it; stdout and stderr are pipes. */
  start(words: readonly string[]): ChildProcess;
  remove(): void;
}

/** @param folder where the command line is run */
export function builtCli(folder: string): BuiltCli {
  const root = process.cwd();
  // inside the repository, where the packages are found
  const built = join(root, 'build', `cli-${process.pid}`);
  const cli = join(built, 'cli.js');
  return {
    cli,
    build: async () => {
      const scripts = (name: string): Promise<unknown> => import(pathToFileURL(resolve('scripts', name)).href);
      const { bundle } = (await scripts('bundle.mjs')) as Bundler;
      const { WORKERS } = (await scripts('entries.mjs')) as { WORKERS: Record<string, string> };
      const { files } = await bundle({ root, entries: { cli: 'cli/main.ts', ...WORKERS }, outdir: built });
      mkdirSync(built, { recursive: true });
      for (const { path, text } of files) writeFileSync(join(built, basename(path)), text);
    },
    run: (words, input = '') => {
      const { status, stdout, stderr } = spawnSync(process.execPath, [cli, ...words], {
        cwd: folder,
        env: environment(),
        input,
        encoding: 'utf8',
      });
      return { code: status, stdout, stderr };
    },
    start: (words) => spawn(process.execPath, [cli, ...words], { cwd: folder, env: environment(), stdio: ['ignore', 'pipe', 'pipe'] }),
    remove: () => rmSync(built, { recursive: true, force: true }),
  };
}

/** What the tests run in, without what steers them. */
export function environment(): NodeJS.ProcessEnv {
  const { NODE_V8_COVERAGE, FORCE_COLOR, ...rest } = process.env;
  return rest;
}
