/**
 * One compiled test file in one child process: runs it, stops it with everything it started at its time limit, and reads uvu's closing
 * summary. The child leads a process group of its own so that what it leaves behind can be stopped with it.
 */
import { spawn } from 'node:child_process';
import { performance } from 'node:perf_hooks';

const SUMMARY = /^ {2}Total: +(\d+)\n {2}Passed: +(\d+)\n {2}Skipped: +(\d+)\n {2}Duration: /gm;

/** Process ids of the groups that run now. */
const running = new Set();

/** Stops every test file that is still running; for when the runner itself is interrupted. */
export function stopAll() {
  for (const pid of running) stopGroup(pid);
}

/**
 * @param {{ file: string, cwd: string, env: NodeJS.ProcessEnv, seconds: number }} request seconds: the time limit
 * @returns {Promise<{ passed: number, failed: number, skipped: number, skips: string[], seconds: number, complaint?: string, output: string }>}
 */
export function runTestFile({ file, cwd, env, seconds }) {
  const startedAt = performance.now();
  const child = spawn(process.execPath, ['--enable-source-maps', file], { cwd, env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  const pieces = [];
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8');
    stream.on('data', (piece) => pieces.push(piece));
  }
  let late = false;
  return new Promise((resolve) => {
    const settle = (ending) => {
      clearTimeout(alarm);
      running.delete(child.pid);
      const verdict = judge(pieces.join(''), ending);
      resolve({ ...verdict, seconds: (performance.now() - startedAt) / 1000 });
    };
    const alarm = setTimeout(() => {
      late = true;
      stopGroup(child.pid);
    }, seconds * 1000);
    if (child.pid !== undefined) running.add(child.pid);
    child.on('error', (error) => settle({ trouble: `could not be started: ${error.message}` }));
    // What the file started and left behind would hold the pipes open.
    child.on('exit', () => stopGroup(child.pid));
    child.on('close', (code, signal) => settle({ code, signal, limit: late ? seconds : undefined }));
  });
}

function judge(output, { code, signal, limit, trouble }) {
  const summary = [...output.matchAll(SUMMARY)].at(-1);
  const [total, passed, skipped] = (summary ?? [0, 0, 0, 0]).slice(1).map(Number);
  const skips = output.split('\n').filter((line) => line.startsWith('skipped: '));
  let complaint = trouble;
  if (complaint !== undefined) {
    // It never ran.
  } else if (limit !== undefined) {
    complaint = `still running after ${limit} s${summary === undefined ? '' : ', although its tests had ended: something keeps it alive'}; stopped`;
  } else if (summary === undefined) {
    complaint = `ended without a summary (${ending(code, signal)}): an import threw, a promise never settles, or test.run() is missing`;
  } else if (total === 0 && skipped === 0) {
    complaint = 'contains no test';
  } else if (passed < total && code === 0) {
    // uvu returns from a `finally`, which swallows what a `before` hook throws and leaves the exit code 0.
    complaint = `${total - passed} of ${total} tests did not run: a before hook threw`;
  } else if (passed === total && code !== 0) {
    complaint = `its tests passed, but it ended with ${ending(code, signal)}`;
  }
  const failed = Math.max(total - passed, complaint === undefined ? 0 : 1);
  return { passed, failed, skipped, skips, complaint, output };
}

function ending(code, signal) {
  return signal === null ? `exit ${code}` : signal;
}

function stopGroup(pid) {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch (error) {
    if (error.code !== 'ESRCH') throw error;
  }
}
