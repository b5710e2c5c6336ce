// The seven stops of one event, told from what the store knows and where the stream is. Pure.
import type { Event } from '../event/event.ts'
import type { EventTrace } from '../stores/store.ts'

export interface Stop {
  readonly stop: number
  readonly where: string
  readonly time: string | null
  readonly says: string
}

export interface StreamPlace {
  readonly broadcastSeq: number | null // how far broadcast is; null when nobody serves
  readonly clients: number
  readonly page: string | null // address of the page, when it is served
}

export function sevenStops(event: Event, trace: EventTrace, stream: StreamPlace): Stop[] {
  const { origin } = event
  const at = (ms: number) => (ms > 0 ? new Date(ms).toISOString() : null)
  const live = trace.seq > 0
  const sent = stream.broadcastSeq !== null && live && stream.broadcastSeq >= trace.seq
  return [
    {
      stop: 1,
      where: 'watcher',
      time: event.time,
      says: `line ${origin.line} of ${origin.file}, byte ${origin.offset}, ${origin.length} bytes, sha-256 ${origin.sha256}`,
    },
    {
      stop: 2,
      where: 'source',
      time: event.time,
      says: `became ${event.type} (${event.rawIn === null ? 'it carries the line' : `the line is carried by ${event.rawIn}`})`,
    },
    {
      stop: 3,
      where: 'bus',
      time: at(trace.publishedMs),
      says: live ? `sequence ${trace.seq}` : 'indexed from the log, not from the stream',
    },
    {
      stop: 4,
      where: 'log',
      time: at(trace.indexedMs),
      says: `${trace.place.file}, byte ${trace.place.offset}, ${trace.place.length} bytes`,
    },
    {
      stop: 5,
      where: 'store',
      time: at(trace.indexedMs),
      says: trace.searchable ? 'a row, and its words in full text' : 'a row; its words are next in line for full text',
    },
    {
      stop: 6,
      where: 'broadcast',
      time: null,
      says: sent
        ? `passed on to whoever was looking (${stream.clients} now)`
        : live
          ? 'not passed on by a server that runs now'
          : 'history, not live',
    },
    {
      stop: 7,
      where: 'page',
      time: null,
      says:
        stream.page === null
          ? 'shown by: openstory serve'
          : `${stream.page}/live/${encodeURIComponent(event.session)}?event=${event.id}`,
    },
  ]
}
