/**
 * The way to a Redis or Valkey server, and the packages for it, which only those need who use a queue: they are loaded here and may be absent. The
 * first contact either succeeds within seconds or says why not; later the clients come back by themselves after an outage.
 */
import type { Redis } from 'ioredis';
import type { ExitCode } from '../../../core/errors.ts';
import { EXIT, UserError } from '../../../core/errors.ts';

export type Bullmq = typeof import('bullmq');

export interface QueueConnection {
  readonly bullmq: Bullmq;
  /** The address without its password, to be shown. */
  readonly where: string;
  /** A client of its own; it is closed with the connection. */
  client(): Redis;
  close(): void;
}

/** How long the first contact may take, and the longest pause between attempts to come back, in milliseconds. */
const PATIENCE = 5000;
const LONGEST_PAUSE = 1000;
/** How long the last words to a server may take, in milliseconds. */
export const FAREWELL = 2000;

export async function connectQueue(url: string): Promise<QueueConnection> {
  const where = addressOf(url);
  const { bullmq, Redis: Client } = await packages();
  await firstContact(new Client(url, { lazyConnect: true, retryStrategy: () => null, connectTimeout: PATIENCE }), where);
  const clients: Redis[] = [];
  return {
    bullmq,
    where,
    client: () => {
      const client = new Client(url, {
        // commands wait for the server to come back; whoever sends them watches the time
        maxRetriesPerRequest: null,
        retryStrategy: (attempt) => Math.min(50 * 2 ** attempt, LONGEST_PAUSE),
      });
      client.on('error', () => {});
      clients.push(client);
      return client;
    },
    close: () => {
      for (const client of clients) client.disconnect();
    },
  };
}

function addressOf(url: string): string {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (parsed === undefined || !['redis:', 'rediss:'].includes(parsed.protocol) || parsed.hostname === '') {
    throw queueError(
      `--queue is ${url === '' ? 'empty' : url}, but must be the address of a Redis or Valkey server`,
      'e.g. redis://127.0.0.1:6379',
    );
  }
  return `${parsed.protocol}//${parsed.host}${parsed.pathname}`;
}

async function packages(): Promise<{ bullmq: Bullmq; Redis: typeof Redis }> {
  try {
    const [bullmq, ioredis] = await Promise.all([import('bullmq'), import('ioredis')]);
    return { bullmq, Redis: ioredis.Redis };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_MODULE_NOT_FOUND') throw error;
    throw queueError('a queue needs the packages bullmq and ioredis, which are not installed', 'npm install bullmq@6 ioredis@6');
  }
}

async function firstContact(client: Redis, where: string): Promise<void> {
  // the reason comes as an event, and what is thrown only says that the connection is closed
  let reason: unknown;
  client.on('error', (error) => {
    reason = error;
  });
  let timer: NodeJS.Timeout | undefined;
  const tooLong = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${PATIENCE / 1000} s`)), PATIENCE);
  });
  try {
    await Promise.race([client.connect().then(() => client.ping()), tooLong]);
  } catch (error) {
    throw queueError(`cannot reach ${where}: ${reasonOf(reason ?? error)}`, 'start one with: redis-server; or name another with --queue');
  } finally {
    clearTimeout(timer);
    client.disconnect();
  }
}

const REASONS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens there',
  ENOTFOUND: 'there is no such host',
  EAI_AGAIN: 'the name of the host cannot be looked up',
  ETIMEDOUT: 'no answer',
  ECONNRESET: 'the connection is closed by the other side',
};

function reasonOf(error: unknown): string {
  const { code = '', message } = error as NodeJS.ErrnoException;
  return REASONS[code] ?? message;
}

export const queueError = (message: string, hint: string, exitCode: ExitCode = EXIT.badInput): UserError =>
  new UserError({ code: 'E-QUEUE', message, hint }, exitCode);
