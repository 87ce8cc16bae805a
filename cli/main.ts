/**
 * Where the command line meets the process: arguments, streams, signals and the exit code. Only the result goes to stdout. The first
 * interrupt lets the verb keep what is finished and say how to go on; a second one ends the process at once.
 */
import process from 'node:process';
import pc from 'picocolors';
import { EXIT } from '../core/errors.ts';
import type { Terminal } from './answer.ts';
import { runCommandLine } from './command-line.ts';

const interrupt = new AbortController();
const terminal: Terminal = {
  write: (text) => void process.stderr.write(text),
  isInteractive: process.stderr.isTTY === true && process.env.TERM !== 'dumb',
  columns: process.stderr.columns ?? 80,
  colour: process.stdout.isTTY === true && pc.isColorSupported,
  readStandardInput,
  signal: interrupt.signal,
};

async function readStandardInput(): Promise<string> {
  const pieces: Buffer[] = [];
  for await (const piece of process.stdin) pieces.push(piece as Buffer);
  return Buffer.concat(pieces).toString('utf8');
}

process.on('SIGINT', () => {
  if (interrupt.signal.aborted) process.exit(EXIT.interrupted);
  interrupt.abort();
});
// `hillock … | head` closes the pipe early; that is no error.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    process.exit(process.exitCode ?? EXIT.ok);
  });
}

const { stdout, stderr, exitCode } = await runCommandLine(process.argv.slice(2), terminal);
process.exitCode = exitCode;
process.stderr.write(stderr);
process.stdout.write(stdout);
