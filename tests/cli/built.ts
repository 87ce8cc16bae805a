/** The command line built into a folder of its own, to be run as a process: what is tested is the source as it stands. */
import type { ChildProcessByStdio } from 'node:child_process';
import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import type { Readable } from 'node:stream';
import { pathToFileURL } from 'node:url';
import type { RunProgress } from '../../experiments/run-board.ts';

interface Bundler {
  bundle(request: { root: string; entries: Record<string, string>; outdir: string }): Promise<{ files: { path: string; text: string }[] }>;
}

/** How a process ended, and what it wrote. */
export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface BuiltCli {
  /** Path of the built file. */
  readonly cli: string;
  /** Builds it; to be called before the first test. */
  build(): Promise<void>;
  /** Runs it to its end. */
  run(words: readonly string[], input?: string): Ended;
  /** Starts it; stdout and stderr are pipes. */
  start(words: readonly string[]): ChildProcessByStdio<null, Readable, Readable>;
  /** Runs it with progress on stderr, and sends a signal as soon as it is far enough. `after`: milliseconds from the signal to the end. */
  stopWhen(
    words: readonly string[],
    signal: NodeJS.Signals,
    isFarEnough: (progress: RunProgress) => boolean,
  ): Promise<Ended & { readonly after: number }>;
  remove(): void;
}

/** @param folder where the command line is run */
export function builtCli(folder: string): BuiltCli {
  const root = process.cwd();
  // inside the repository, where the packages are found
  const built = join(root, 'build', `cli-${process.pid}`);
  const cli = join(built, 'cli.js');
  const start = (words: readonly string[]): ChildProcessByStdio<null, Readable, Readable> =>
    spawn(process.execPath, [cli, ...words], { cwd: folder, env: environment(), stdio: ['ignore', 'pipe', 'pipe'] });
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
    start,
    stopWhen: (words, signal, isFarEnough) => {
      const child = start([...words, '--progress', 'ndjson']);
      let [stdout, stderr, sentAt] = ['', '', 0];
      child.stdout.setEncoding('utf8').on('data', (piece: string) => {
        stdout += piece;
      });
      child.stderr.setEncoding('utf8').on('data', (piece: string) => {
        stderr += piece;
        const latest = stderr.split('\n').findLast((line) => line.startsWith('{') && line.endsWith('}'));
        if (sentAt > 0 || latest === undefined || !isFarEnough(JSON.parse(latest))) return;
        sentAt = performance.now();
        child.kill(signal);
      });
      return new Promise((done) => {
        child.on('close', (code) => done({ code, stdout, stderr, after: performance.now() - sentAt }));
      });
    },
    remove: () => rmSync(built, { recursive: true, force: true }),
  };
}

/** What the tests run in, without what steers them. */
export function environment(): NodeJS.ProcessEnv {
  const { NODE_V8_COVERAGE, FORCE_COLOR, ...rest } = process.env;
  return rest;
}
