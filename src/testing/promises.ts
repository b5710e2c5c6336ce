// What every source promises of what it makes of a line or a record, whatever the line holds.
import assert from 'node:assert/strict'
import { resolvePointer } from '../event/event.ts'
import { type Payload, TOOL_KINDS } from '../event/payload.ts'
import { EVENT_KINDS } from '../event/types.ts'
import type { FileFacts, FileMemory, LineIn, LineMeaning, LineSource, RecordIn } from '../sources/source.ts'
import { payloadComplaints } from './event-schema.ts'

const KNOWN: ReadonlySet<string> = new Set(EVENT_KINDS)

// A new key of Payload must be named here: nothing slips into events unseen.
const PAYLOAD_KEYS: ReadonlySet<string> = new Set(
  [
    'v text tool result usage request account model stop nativeId nativeParent cwd branch version title injected command queued images',
    'durationMs parentCall parentRun agentType parentSession copied form hidden url why noticed',
  ]
    .join(' ')
    .split(' '),
)

const MEMORY_CHARS_MAX = 300_000

export const lineOf = (text: string): RecordIn => {
  try {
    return { key: 's/1', at: 1, text, value: JSON.parse(text), bytes: new TextEncoder().encode(text), damage: null }
  } catch {
    return { key: 's/1', at: 1, text, value: undefined, bytes: new TextEncoder().encode(text), damage: 'not JSON' }
  }
}

export function keepsPromises(
  source: Pick<LineSource, 'translate'>,
  line: LineIn,
  file: FileFacts,
  before: FileMemory,
): LineMeaning {
  const meaning = source.translate(line, file, Object.freeze({ ...before }))
  assert.ok(meaning.parts.length >= 1, 'no line is dropped')
  assert.ok(meaning.session !== '' && meaning.project !== '', 'every line has a session and a project')
  for (const [i, part] of meaning.parts.entries()) {
    assert.ok(KNOWN.has(part.kind) || /^other\.[a-z0-9._-]+$/.test(part.kind), `kind ${part.kind}`)
    for (const key of Object.keys(part.payload)) assert.ok(PAYLOAD_KEYS.has(key), `foreign key ${key}`)
    for (const [key, value] of Object.entries(part.payload)) assert.notEqual(value, undefined, `${key} is undefined`)
    checkPointers(part.payload, line.value === undefined ? line.text : line.value, i === 0)
    assert.deepEqual(payloadComplaints(part.payload), [], JSON.stringify(part))
    if (part.payload.tool) assert.ok(TOOL_KINDS.includes(part.payload.tool.kind))
    const { partial, ...counts } = part.payload.usage ?? {}
    assert.ok(partial === undefined || partial === true)
    for (const count of Object.values(counts))
      assert.match(String(count), /^\d+(\.\d+)?$/, 'tokens and money are plain numbers')
  }
  checkTime(meaning.time, line.text, before)
  for (const value of Object.values(meaning.memory))
    assert.ok(value === null || typeof value !== 'object', 'flat memory')
  const kept = JSON.stringify(meaning.memory)
  const plain = Object.entries(meaning.memory).map(([name, value]) => [name, value === 0 ? 0 : value]) // JSON has one nothing
  assert.deepEqual(JSON.parse(kept), Object.fromEntries(plain), 'memory is plain JSON')
  assert.ok(kept.length < MEMORY_CHARS_MAX, 'memory has a limit')
  return meaning
}

function checkPointers(payload: Payload, value: unknown, carries: boolean): void {
  const { text, tool } = payload
  if (typeof text === 'object') {
    assert.ok(carries, 'only the part that carries the line points into it')
    const found = resolvePointer(value, text.at)
    assert.ok(typeof found === 'string' && found.length === text.chars, `text pointer ${text.at}`)
    assert.ok(found.startsWith(text.head))
  }
  if (tool && 'at' in tool.input) {
    assert.ok(carries, 'only the part that carries the line points into it')
    assert.notEqual(resolvePointer(value, tool.input.at), undefined, `input pointer ${tool.input.at}`)
  }
  const { before, after, lines, hunks } = payload.result?.shows ?? {}
  for (const at of [before, after, lines?.at, hunks]) {
    if (at === undefined) continue
    assert.ok(carries, 'only the part that carries the line points into it')
    const found = resolvePointer(value, at)
    assert.ok(typeof found === 'string' || (at === hunks && Array.isArray(found)), `pointer to what is shown ${at}`)
  }
}

function checkTime(time: string | null, text: string, before: FileMemory): void {
  if (time === null || time === before.time) return
  assert.equal(new Date(time).toISOString(), time)
  const named = [...text.matchAll(/\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:\d\d)/g)].map(([moment]) => Date.parse(moment))
  // Written by the clock of the machine, without saying which.
  const local = [...text.matchAll(/\d{4}-\d\d-\d\dT[\d:]+(?:\.\d{1,3})?/g)].map(([moment]) => Date.parse(moment))
  const counted = [...text.matchAll(/\d+(?:\.\d+)?(?:e\+?\d+)?/gi)].map(([number]) => Number(number))
  const seconds = counted.map((number) => number * 1_000)
  const at = Date.parse(time)
  assert.ok(
    [...named, ...local, ...counted, ...seconds].some((ms) => ms >= at && ms < at + 1),
    `${time} is not in the line, nor remembered`,
  )
}
