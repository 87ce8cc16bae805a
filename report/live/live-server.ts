/**
 * The live page over HTTP: the page itself, what changes as Server-Sent Events (WHATWG HTML, section 9.2), and the report once it is there. It listens on
 * 127.0.0.1 alone, answers only requests that were meant for this address (another site's page that resolves its name to it is refused), and looks at its
 * source only while somebody is connected.
 *
 *   event state   how far everything is: done, total, runs, throughput, seconds left
 *   event run     one run that has changed: curve, weights, spikes
 *   event end     nothing more will come
 */
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { UserError } from '../../core/errors.ts';
import type { LiveSight, LiveSource } from './live-source.ts';
import { createPace } from './pace.ts';
import { livePage } from './page.ts';

export const ADDRESS = '127.0.0.1';
/** Milliseconds between two looks. */
const PERIOD = 250;

export interface LiveServer {
  readonly url: string;
  /** Says what there is to say for the last time, and ends all connections. */
  close(end?: string): Promise<void>;
}

interface Client {
  readonly response: ServerResponse;
  /** Stamps of the runs as they were sent. */
  readonly sent: Map<number, string>;
}

/** @param port 0 for any that is free */
export async function startLiveServer(source: LiveSource, port: number): Promise<LiveServer> {
  const { createServer } = await import('node:http');
  const clients = new Set<Client>();
  const pace = createPace();
  let timer: NodeJS.Timeout | undefined;

  async function tell(end?: string): Promise<void> {
    const sight = await source.look();
    const ending = end ?? sight.end;
    const state = stateOf(sight, pace);
    for (const client of clients) send(client, sight, state, ending, source.report() !== undefined);
    if (ending !== undefined) await Promise.all(Array.from(clients, ({ response }) => new Promise<void>((done) => response.end(done))));
  }

  function welcome(request: IncomingMessage, response: ServerResponse): void {
    response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
    // a lost connection is tried again after a second
    response.write('retry: 1000\n\n');
    const client = { response, sent: new Map<number, string>() };
    clients.add(client);
    request.on('close', () => {
      clients.delete(client);
      if (clients.size > 0) return;
      clearInterval(timer);
      timer = undefined;
    });
    timer ??= setInterval(() => void tell().catch(() => {}), PERIOD);
    void tell().catch(() => {});
  }

  const server = createServer((request, response) => {
    const own = (server.address() as AddressInfo).port;
    if (![`${ADDRESS}:${own}`, `localhost:${own}`].includes(request.headers.host ?? '')) return refuse(response, 403, 'not for this host');
    if (request.method !== 'GET') return refuse(response, 405, 'only GET');
    switch (request.url) {
      case '/':
        return answer(response, livePage(source.title));
      case '/events':
        return welcome(request, response);
      case '/report': {
        const report = source.report();
        return report === undefined ? refuse(response, 404, 'there is no report yet') : answer(response, report);
      }
      default:
        return refuse(response, 404, 'there is nothing here');
    }
  });
  await listen(server, port);
  return {
    url: `http://${ADDRESS}:${(server.address() as AddressInfo).port}/`,
    close: async (end) => {
      clearInterval(timer);
      if (clients.size > 0) await tell(end ?? 'closed');
      const closed = new Promise<void>((done) => server.close(() => done()));
      server.closeAllConnections();
      await closed;
    },
  };
}

function stateOf({ progress, elapsedSeconds, runs }: LiveSight, pace: ReturnType<typeof createPace>) {
  const { done = 0, total = 0, runsDone = 0, runs: all = runs.length, chip = '', seed = 0 } = progress ?? {};
  return { done, total, runsDone, runs: all, chip, seed, elapsedSeconds, ...pace(elapsedSeconds, done, total) };
}

function send({ response, sent }: Client, { runs }: LiveSight, state: object, end: string | undefined, hasReport: boolean): void {
  for (const { stamp, ...run } of runs) {
    if (sent.get(run.id) === stamp) continue;
    sent.set(run.id, stamp);
    write(response, 'run', run);
  }
  write(response, 'state', state);
  if (end !== undefined) write(response, 'end', { message: end, report: hasReport });
}

const write = (response: ServerResponse, event: string, data: object): void =>
  void response.write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);

function answer(response: ServerResponse, html: string): void {
  response.writeHead(200, { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' });
  response.end(html);
}

function refuse(response: ServerResponse, status: number, why: string): void {
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8' });
  response.end(`${why}\n`);
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((done, fail) => {
    server.once('error', (error: NodeJS.ErrnoException) => fail(cannotListen(port, error)));
    server.listen(port, ADDRESS, done);
  });
}

const REASONS: Readonly<Record<string, string>> = { EADDRINUSE: 'another program has it', EACCES: 'no permission' };

function cannotListen(port: number, { code = '' }: NodeJS.ErrnoException): UserError {
  return new UserError({
    code: 'E-PORT',
    message: `cannot listen on port ${port} of ${ADDRESS}: ${REASONS[code] ?? code}`,
    hint: 'choose another with --port, or leave it out for any that is free',
    got: String(port),
  });
}
