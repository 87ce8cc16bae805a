/** Server-Sent Events as a test reads them: opened at once, gathered until the server ends the stream. */
import { get } from 'node:http';

export interface SentEvent {
  readonly event: string;
  // biome-ignore lint/suspicious/noExplicitAny: the shape is what the tests are about
  readonly data: any;
}

/** Resolves with all events when the stream has ended, or once `enough` says so. */
export function eventsFrom(url: string, enough: (events: readonly SentEvent[]) => boolean = () => false): Promise<SentEvent[]> {
  return new Promise((done, fail) => {
    const request = get(url, (response) => {
      const events: SentEvent[] = [];
      let unread = '';
      response.setEncoding('utf8').on('data', (piece: string) => {
        const blocks = (unread + piece).split('\n\n');
        unread = blocks.pop() ?? '';
        for (const block of blocks) {
          const [, event, data] = /^event: (\w+)\ndata: (.*)$/.exec(block) ?? [];
          if (event !== undefined) events.push({ event, data: JSON.parse(data) });
        }
        if (!enough(events)) return;
        done(events);
        request.destroy();
      });
      response.on('end', () => done(events));
    });
    request.on('error', fail);
  });
}
