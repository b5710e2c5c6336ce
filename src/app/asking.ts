// The store asked from the command line, in this process: no server, no threads. Also what server and command line ask alike.
import { parseEvent } from '../event/event.ts'
import { type Spent, spentByTurn } from '../insights/cost/turns.ts'
import { type Document, documentOf } from '../insights/export/export.ts'
import { searchEvents } from '../insights/search/search.ts'
import { type Stop, type StreamPlace, sevenStops } from '../insights/trace.ts'
import { openEventLog } from '../stores/log/log.ts'
import { promised } from '../stores/sqlite/promised.ts'
import { SqliteReader, storePaths } from '../stores/sqlite/reader.ts'
import type { StoreReader } from '../stores/store.ts'
import type { SearchAnswer } from '../wire/rest.ts'
import { ConfigError } from './config.ts'
import { layoutOf } from './layout.ts'
import { labelOf } from './machine.ts'
import { type NativeFile, nativeFiles } from './native.ts'

export interface Asking {
  readonly reader: StoreReader
  // The full id of a session given by its id, its native id or a unique beginning of one. Throws ConfigError otherwise.
  sessionId(wanted: string): Promise<string>
  // The session's lines of the log, verbatim.
  logLines(session: string): Iterable<Uint8Array>
  // What the agent wrote of the session, file by file, verbatim.
  nativeFiles(session: string): readonly NativeFile[]
  // The session told as a document, piece by piece.
  document(session: string, as: Document): Promise<AsyncIterable<string>>
  search(query: string, page: { limit: number; offset: number; ranked: boolean }): Promise<SearchAnswer>
  spentByTurn(session: string): Promise<ReadonlyMap<string, Spent>>
  trace(id: string): Promise<{ event: string; stops: Stop[] } | null>
  close(): void
}

export function openAsking(dataDir: string): Asking {
  const layout = layoutOf(dataDir)
  const log = openEventLog(layout.log)
  const sync = new SqliteReader(storePaths(layout.store), log)
  const reader = promised(sync)
  return {
    reader,
    async sessionId(wanted) {
      const found = sync.resolveSession(wanted)
      if (found.length === 1) return found[0]!
      if (found.length === 0) throw new ConfigError(`there is no session ${wanted}; see: openstory sessions`)
      throw new ConfigError(`${wanted} could be ${found.slice(0, 5).join(' or ')}; give more of it`)
    },
    *logLines(session) {
      for (const { bytes } of log.lines(log.fileOf(session), 0)) yield bytes
    },
    nativeFiles: (session) => nativeFiles(log, session),
    async document(session, as) {
      const told = await documentOf(reader, session, as, labelOf)
      if (told === null) throw new ConfigError(`there is no session ${session}; see: openstory sessions`)
      return told
    },
    search: (query, page) => searchEvents(reader, query, page, Date.now()),
    spentByTurn: (session) => spentByTurn(reader, session),
    trace: (id) => traceOf(reader, id, { broadcastSeq: null, clients: 0, page: null }),
    close() {
      sync.close()
      log.close()
    },
  }
}

export async function traceOf(
  reader: StoreReader,
  id: string,
  stream: StreamPlace,
): Promise<{ event: string; stops: Stop[] } | null> {
  const trace = await reader.trace(id)
  return trace === null ? null : { event: id, stops: sevenStops(parseEvent(trace.text), trace, stream) }
}
