/** A Redis server of the test's own: on a free port, in a temporary folder, without persistence, so that a restart empties it. */
import type { ChildProcess } from 'node:child_process';
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

export interface RedisServer {
  readonly url: string;
  /** Kills the server, waits, and starts an empty one on the same port. */
  restart(pause: number): Promise<void>;
  stop(): void;
}

export const hasRedis = (): boolean => spawnSync('redis-server', ['--version']).status === 0;

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((ready) => server.once('listening', ready));
  const { port } = server.address() as { port: number };
  await new Promise((closed) => server.close(closed));
  return port;
}

export async function startRedis(): Promise<RedisServer> {
  const folder = mkdtempSync(join(tmpdir(), 'hillock-redis-'));
  const port = await freePort();
  const words = ['--port', String(port), '--bind', '127.0.0.1', '--dir', folder, '--save', '', '--appendonly', 'no'];
  const start = async (): Promise<ChildProcess> => {
    const child = spawn('redis-server', words, { stdio: 'ignore' });
    while (!(await answers(port))) await sleep(20);
    return child;
  };
  const kill = async (child: ChildProcess): Promise<void> => {
    const closed = new Promise((done) => child.once('close', done));
    child.kill('SIGKILL');
    await closed;
  };
  let server = await start();
  return {
    url: `redis://127.0.0.1:${port}`,
    restart: async (pause) => {
      await kill(server);
      await sleep(pause);
      server = await start();
    },
    stop: () => {
      server.kill('SIGKILL');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => socket.write('PING\r\n'));
    socket.once('data', (reply) => {
      resolve(reply.toString().startsWith('+PONG'));
      socket.destroy();
    });
    socket.once('error', () => resolve(false));
  });
}
