/**
 * A page in headless Chromium, driven over the debugging pipe (Chrome DevTools Protocol, messages that end with a zero byte), so that no package is
 * needed. Where there is no Chromium, tests that need one are skipped by name, visibly.
 */
import type { ChildProcess } from 'node:child_process';
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome'];
const FLAGS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-dev-shm-usage',
  '--remote-debugging-pipe',
];

/** Undefined where none is installed. */
export const chromium: string | undefined = NAMES.find((name) => spawnSync(name, ['--version']).status === 0);

interface Reply {
  readonly id?: number;
  readonly result?: Record<string, unknown>;
  readonly error?: { readonly message: string };
}

export interface Page {
  /** The value of an expression on the page. */
  evaluate(expression: string): Promise<unknown>;
  /** Waits until an expression is true; fails with what `otherwise` evaluates to. */
  until(expression: string, otherwise?: string): Promise<void>;
  /** PNG of the page at a width. */
  screenshot(width: number, height: number): Promise<Buffer>;
  close(): Promise<void>;
}

export async function openPage(url: string): Promise<Page> {
  const profile = mkdtempSync(join(tmpdir(), 'hillock-chromium-'));
  const child = spawn(chromium ?? 'chromium', [...FLAGS, `--user-data-dir=${profile}`], {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'],
    detached: true,
  });
  const send = createCalls(child);
  const { targetId } = await send('Target.createTarget', { url });
  const { sessionId } = await send('Target.attachToTarget', { targetId, flatten: true });
  const onPage = (method: string, parameters: object = {}): Promise<Record<string, unknown>> => send(method, parameters, String(sessionId));
  const evaluate = async (expression: string): Promise<unknown> => {
    const { result } = (await onPage('Runtime.evaluate', { expression, returnByValue: true })) as { result: { value?: unknown } };
    return result.value;
  };
  return {
    evaluate,
    until: async (expression, otherwise = 'document.body.innerText') => {
      for (let looks = 0; looks < 400; looks++) {
        if ((await evaluate(expression)) === true) return;
        await new Promise((done) => setTimeout(done, 50));
      }
      throw new Error(`never true: ${expression}\n${await evaluate(otherwise)}`);
    },
    screenshot: async (width, height) => {
      await onPage('Emulation.setDeviceMetricsOverride', { width, height, deviceScaleFactor: 1, mobile: false });
      const { data } = await onPage('Page.captureScreenshot', { format: 'png' });
      return Buffer.from(String(data), 'base64');
    },
    close: async () => {
      const gone = new Promise((done) => child.on('close', done));
      const patience = setTimeout(() => killGroup(child), 5000);
      send('Browser.close', {}).catch(() => {});
      await gone;
      clearTimeout(patience);
      killGroup(child);
      await removePatiently(profile);
    },
  };
}

/** The browser and every process it started: they outlive it by a moment otherwise. */
function killGroup({ pid }: ChildProcess): void {
  try {
    if (pid !== undefined) process.kill(-pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

/** A process that is being stopped may still write into its folder; `maxRetries` of `rmSync` does not look for new files between its tries. */
async function removePatiently(folder: string): Promise<void> {
  for (let tries = 0; existsSync(folder); tries++) {
    try {
      rmSync(folder, { recursive: true, force: true });
    } catch (error) {
      if (tries === 100) throw error;
      await new Promise((done) => setTimeout(done, 50));
    }
  }
}

/** Calls over the pipe, matched with their replies by number. */
function createCalls(child: ChildProcess) {
  const [, , , commands, replies] = child.stdio as unknown as [null, null, null, Writable, Readable];
  const waiting = new Map<number, { done: (result: Record<string, unknown>) => void; fail: (error: Error) => void }>();
  let unread = '';
  let count = 0;
  replies.setEncoding('utf8').on('data', (piece: string) => {
    const messages = (unread + piece).split('\0');
    unread = messages.pop() ?? '';
    for (const message of messages) {
      const { id = -1, result, error } = JSON.parse(message) as Reply;
      const call = waiting.get(id);
      waiting.delete(id);
      if (error !== undefined) call?.fail(new Error(error.message));
      else call?.done(result ?? {});
    }
  });
  return (method: string, params: object, sessionId?: string): Promise<Record<string, unknown>> =>
    new Promise((done, fail) => {
      const id = ++count;
      waiting.set(id, { done, fail });
      commands.write(`${JSON.stringify({ id, method, params, ...(sessionId && { sessionId }) })}\0`);
    });
}
