// A session as one document, rewritten whole: its facts are one record, each message another. A message's record is the text that a
// session of today has as a line, so that a session carried on as lines is known again.
import { parseJson, whyNotJson } from '../../base/nesting.ts'
import type { FileFacts, FileMemory, LineMeaning, RecordIn } from '../source.ts'
import { isJson, nonEmpty } from '../values.ts'
import { translate } from './translate.ts'

const utf8 = new TextEncoder()

export function* recordsIn(bytes: Uint8Array): Iterable<RecordIn> {
  const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes)
  const value = parseJson(text)
  if (!isJson(value)) {
    const damage = value === undefined ? whyNotJson(text) : 'not a JSON object'
    return yield { key: 'session', at: 0, text, value: undefined, bytes, damage }
  }
  const { messages, ...facts } = value
  const isList = Array.isArray(messages)
  yield recordOf('session', 0, isList ? facts : value)
  const times = new Map<string, number>()
  for (const [i, message] of (isList ? messages : []).entries()) {
    const id = (isJson(message) ? nonEmpty(message.id) : undefined) ?? `message ${i}`
    const before = times.get(id) ?? 0
    times.set(id, before + 1)
    yield recordOf(before === 0 ? id : `${id} (${before + 1})`, i + 1, message)
  }
}

function recordOf(key: string, at: number, value: unknown): RecordIn {
  const text = JSON.stringify(value)
  return { key, at, text, value, bytes: utf8.encode(text), damage: isJson(value) ? null : 'not a JSON object' }
}

// Memory is carried from reading to reading: a message that grew says what was added.
export const translateRecord = (record: RecordIn, file: FileFacts, memory: FileMemory): LineMeaning =>
  translate(record, file, memory)
