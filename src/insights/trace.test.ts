// The seven stops of one event, as they are told for one that came live, one from history, and one while nobody serves.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { EventTrace } from '../stores/store.ts'
import { made, timeAt } from '../testing/made-events.ts'
import { type StreamPlace, sevenStops } from './trace.ts'

const { event, text } = made(3)
const LIVE: EventTrace = {
  text,
  place: { file: 'invented/s1.jsonl', offset: 120, length: 900 },
  seq: 42,
  publishedMs: Date.parse(timeAt(4_000)),
  indexedMs: Date.parse(timeAt(5_000)),
  searchable: true,
}
const SERVED: StreamPlace = { broadcastSeq: 42, clients: 2, page: 'http://127.0.0.1:3002' }
const says = (trace: Partial<EventTrace> = {}, stream: Partial<StreamPlace> = {}, of = event) =>
  sevenStops(of, { ...LIVE, ...trace }, { ...SERVED, ...stream }).map((stop) => stop.says)

test('a live event is told from the line it was to the page that shows it, with the time of each stop', () => {
  const { origin } = event
  assert.deepEqual(
    sevenStops(event, LIVE, SERVED).map(({ stop, where, time, says }) => [stop, where, time, says]),
    [
      [
        1,
        'watcher',
        event.time,
        `line 3 of ${origin.file}, byte 3000, ${origin.length} bytes, sha-256 ${origin.sha256}`,
      ],
      [2, 'source', event.time, 'became live.openstory.message.user.prompt (it carries the line)'],
      [3, 'bus', timeAt(4_000), 'sequence 42'],
      [4, 'log', timeAt(5_000), 'invented/s1.jsonl, byte 120, 900 bytes'],
      [5, 'store', timeAt(5_000), 'a row, and its words in full text'],
      [6, 'broadcast', null, 'passed on to whoever was looking (2 now)'],
      [7, 'page', null, `http://127.0.0.1:3002/live/invented%3As1?event=${event.id}`],
    ],
  )
})

test('an event that was indexed from the log has no place on the stream, and no times it did not have', () => {
  const stops = sevenStops(event, { ...LIVE, seq: 0, publishedMs: 0 }, SERVED)
  assert.deepEqual([stops[2]?.time, stops[2]?.says], [null, 'indexed from the log, not from the stream'])
  assert.equal(stops[5]?.says, 'history, not live')
})

test('what was not reached yet is not said to be', () => {
  assert.equal(says({ searchable: false })[4], 'a row; its words are next in line for full text')
  assert.equal(says({}, { broadcastSeq: 41 })[5], 'not passed on by a server that runs now')
  assert.equal(says({}, { broadcastSeq: null })[5], 'not passed on by a server that runs now')
  assert.equal(says({}, { page: null })[6], 'shown by: openstory serve')
})

test('a further part of a line names the event that carries it', () => {
  assert.match(says({}, {}, { ...event, rawIn: 'f'.repeat(32) })[1]!, /\(the line is carried by f{32}\)/)
})
