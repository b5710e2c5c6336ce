// What must be true of the events that any bytes become: nothing of the bytes is missing, each event is as described, and everybody who
// takes events takes these.
import assert from 'node:assert/strict'
import { CloudEvent } from 'cloudevents'
import { look } from '../../../src/app/formats.ts'
import type { Message } from '../../../src/bus/bus.ts'
import { eventOfBytes, keyOfBytes } from '../../../src/consumers/heads.ts'
import { type Event, parseEvent } from '../../../src/event/event.ts'
import { recordOf } from '../../../src/folds/record.ts'
import { searchableOf } from '../../../src/folds/searchable.ts'
import { maskedJson } from '../../../src/folds/secrets.ts'
import { tell } from '../../../src/folds/sentence/sentence.ts'
import { foldSession, type SessionRow } from '../../../src/folds/session.ts'
import { sessionStory } from '../../../src/folds/story/story.ts'
import { turnsOf } from '../../../src/folds/turn/lanes.ts'
import { indexText } from '../../../src/folds/words.ts'
import type { FileMemory, LineSource } from '../../../src/sources/source.ts'
import { schemaComplaints } from '../../../src/testing/event-schema.ts'
import { keepsPromises } from '../../../src/testing/promises.ts'
import { rawBytesIn } from '../../../src/testing/watching.ts'
import { type FoundLine, splitLines } from '../../../src/watcher/lines.ts'
import { messagesOf } from '../../../src/watcher/messages.ts'

const HERE = { host: 'here', user: 'dev' }
const SENTENCE_CHARS_MAX = 500

// A file read in pieces, each as a look reads it: what is behind the last whole line is read again with the next piece.
export function eventsOfFile(source: LineSource, path: string, bytes: Buffer, cuts: readonly number[]): Message[] {
  const file = { root: '/root', path, inode: 1 }
  let memory: FileMemory = source.owner(file)?.memory ?? {}
  const messages: Message[] = []
  const covered: { readonly from: number; readonly to: number }[] = []
  let lineNumber = 1
  const take = (line: FoundLine) => {
    keepsPromises(source, line, file, memory)
    const made = messagesOf(line, lineNumber + line.lineEnds, source, file, memory, HERE)
    assert.deepEqual(
      rawBytesIn(made.messages[0]!.data),
      Buffer.from(line.bytes),
      'the line stands in its event, byte for byte',
    )
    covered.push({ from: line.offset, to: line.offset + line.bytes.length })
    memory = JSON.parse(JSON.stringify(made.memory)) // as the journal keeps it
    messages.push(...made.messages)
  }
  let read = 0
  for (const to of [...[...cuts].sort((a, b) => a - b), bytes.length]) {
    const { used, lineEnds } = splitLines(bytes.subarray(read, to), read, true, take)
    read += used
    lineNumber += lineEnds
  }
  nothingBetween(bytes.subarray(0, read), covered)
  return messages
}

// Every byte is in some event's line, or a blank around one.
function nothingBetween(bytes: Buffer, covered: readonly { readonly from: number; readonly to: number }[]): void {
  let at = bytes.subarray(0, 3).equals(Buffer.from('\ufeff')) ? 3 : 0
  for (const { from, to } of [...covered, { from: bytes.length, to: bytes.length }]) {
    assert.ok(from >= at, `byte ${from} was read twice`)
    const blank = bytes.toString('latin1', at, from)
    assert.match(blank, /^[ \t\r\n]*$/, `bytes ${at} to ${from} are in no event`)
    at = to
  }
}

export function areEvents(messages: readonly Message[]): Event[] {
  const ids = new Set<string>()
  return messages.map(({ id, subject, data }) => {
    assert.ok(!Buffer.from(data).includes(10), 'one event is one line')
    const text = new TextDecoder('utf-8', { fatal: true }).decode(data)
    const value = JSON.parse(text) as Record<string, unknown>
    assert.deepEqual(schemaComplaints(value), [])
    const { data: _, ...attributes } = value
    new CloudEvent({ ...attributes, data: {} } as ConstructorParameters<typeof CloudEvent>[0], true)
    assert.match(subject, /^events\.[^.\s*>]+\.[^.\s*>]+\.(main|agent\.[^.\s*>]+)$/)
    const event = parseEvent(text)
    assert.equal(event.id, id)
    assert.equal(keyOfBytes(data).id, id)
    assert.deepEqual(eventOfBytes(data).payload, event.payload)
    if (event.rawIn !== null) assert.ok(ids.has(event.rawIn), 'the line is in an event before it')
    ids.add(id)
    return event
  })
}

// Folds, sentences, full text, the drift radar, what a page and a list show.
export function everybodyTakes(events: readonly Event[], label: string): void {
  const ids = new Set(events.map(({ id }) => id))
  const rows = new Map<string, SessionRow>()
  for (const event of events) {
    look(event)
    indexText(searchableOf(event), 200_000)
    JSON.parse(maskedJson(recordOf(event)))
    rows.set(event.session, foldSession(rows.get(event.session), event))
  }
  for (const row of rows.values())
    assert.ok(
      Object.values(row).every((value) => !Number.isNaN(value)),
      'no number is none',
    )
  const turns = turnsOf(events)
  for (const turn of turns) {
    const { text, clauses } = tell(turn, label)
    isSentence(text)
    for (const { events } of clauses)
      for (const id of events) assert.ok(ids.has(id), 'a clause stands on events that are there')
  }
  for (const [, own] of Map.groupBy(turns, ({ session }) => session)) sessionStory(own, label)
}

export function isSentence(text: string): void {
  assert.ok(text.length <= SENTENCE_CHARS_MAX, `${text.length} characters: ${text}`)
  assert.doesNotMatch(text, /[\r\n]/, 'one line')
  assert.doesNotMatch(text, /\bundefined\b(?!.*")|\[object |\bNaN\b(?!.*")/, 'no value of the program’s own')
  assert.ok(text.trim().length > 3, `a sentence: ${JSON.stringify(text)}`)
}
