// A session's lines for a download: events as they stand in the log, or what its agent wrote; read while others are served.
import { openEventLog } from '../stores/log/log.ts'
import type { layoutOf } from './layout.ts'
import { nativeLines } from './native.ts'

export async function* exportedLines(
  layout: Pick<ReturnType<typeof layoutOf>, 'log'>,
  session: string,
  as: 'cloudevents' | 'native',
): AsyncIterable<Uint8Array> {
  const log = openEventLog(layout.log)
  try {
    if (as === 'native') yield* nativeLines(log, session, rest)
    else {
      let n = 0
      for (const { bytes } of log.lines(log.fileOf(session), 0)) {
        yield bytes
        if (++n % 64 === 0) await rest()
      }
    }
  } finally {
    log.close()
  }
}

const rest = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))
