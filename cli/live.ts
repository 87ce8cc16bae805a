/** `--live`: a page on 127.0.0.1 that shows what the runs of this process do, for as long as they last. */
import type { LiveDesk } from '../experiments/live/live-desk.ts';
import { createLiveDesk } from '../experiments/live/live-desk.ts';
import { startLiveServer } from '../report/live/live-server.ts';

export interface LiveView {
  readonly desk: LiveDesk;
  readonly url: string;
  /** @param end what the page says in the end */
  close(end: string): Promise<void>;
}

export async function openLiveView(title: string, port: number): Promise<LiveView> {
  const desk = createLiveDesk();
  const startedAt = performance.now();
  const server = await startLiveServer(
    {
      title,
      report: () => undefined,
      look: async () => ({ progress: desk.progress, elapsedSeconds: (performance.now() - startedAt) / 1000, runs: desk.look() }),
    },
    port,
  );
  return { desk, url: server.url, close: server.close };
}
