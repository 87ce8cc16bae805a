/**
 * The built command line as a process. It is built into a folder of its own, inside the repository, where the packages are found, so that what is tested
 * is the source as it stands.
 */
import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { RunProgress } from '../../experiments/run-experiment.ts';

interface Bundler {
  bundle(request: { root: string; entries: Record<string, string>; outdir: string }): Promise<{ files: { path: string; text: string }[] }>;
}

/** How a process ended, and what it wrote. */
export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Built {
  /** The file to run with node. */
  readonly cli: string;
  readonly env: NodeJS.ProcessEnv;
  /** Runs to the end. */
  hillock(words: readonly string[], input?: string): Ended;
  /** Runs with progress on stderr, and sends a signal as soon as it is far enough. `after`: milliseconds from the signal to the end. */
  stopWhen(
    words: readonly string[],
    signal: NodeJS.Signals,
    isFarEnough: (progress: RunProgress) => boolean,
  ): Promise<Ended & { readonly after: number }>;
  remove(): void;
}

/** @param cwd where the processes run */
export async function buildCommandLine(cwd: string): Promise<Built> {
  const root = process.cwd();
  const folder = join(root, 'build', `cli-${process.pid}`);
  const cli = join(folder, 'cli.js');
  const scripts = (name: string): Promise<unknown> => import(pathToFileURL(resolve('scripts', name)).href);
  const { bundle } = (await scripts('bundle.mjs')) as Bundler;
  const { WORKERS } = (await scripts('entries.mjs')) as { WORKERS: Record<string, string> };
  const { files } = await bundle({ root, entries: { cli: 'cli/main.ts', ...WORKERS }, outdir: folder });
  mkdirSync(folder, { recursive: true });
  for (const { path, text } of files) writeFileSync(join(folder, basename(path)), text);
  const { NODE_V8_COVERAGE, FORCE_COLOR, ...env } = process.env;
  return {
    cli,
    env,
    hillock: (words, input = '') => {
      const { status, stdout, stderr } = spawnSync(process.execPath, [cli, ...words], { cwd, env, input, encoding: 'utf8' });
      return { code: status, stdout, stderr };
    },
    stopWhen: (words, signal, isFarEnough) => {
      const child = spawn(process.execPath, [cli, ...words, '--progress', 'ndjson'], { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
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
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
