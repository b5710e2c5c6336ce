// A line becomes the messages of the bus: the source says what it means, the event's text is built around the line's own bytes.
import { hash } from 'node:crypto'
import type { Message } from '../bus/bus.ts'
import { type Draft, encodeEvent, type Origin, type Raw, Slab, sourceAttribute } from '../event/event.ts'
import { eventId, sequenceOf } from '../event/ids.ts'
import { PAYLOAD_VERSION } from '../event/payload.ts'
import { subjectOf } from '../event/subject.ts'
import { isOther, typeOf } from '../event/types.ts'
import { type FileFacts, type FileMemory, type LineMeaning, type LineSource, sessionId } from '../sources/source.ts'
import { type FoundLine, isBlankByte } from './lines.ts'

export interface Place {
  readonly host: string
  readonly user: string
}

// What is asked of a source once a line, or a record of any other kind, is there.
export type Translator = Pick<LineSource, 'agent' | 'translate'>

export interface LineMessages {
  readonly messages: readonly Message[]
  readonly lane: Lane
  readonly memory: FileMemory
  readonly sha256: string
  readonly unknown: number // events passed through as other.*
}

// Whose line it was: kept with the file's place, so that what happens to the file itself can be told.
export type Lane = Pick<LineMeaning, 'session' | 'project' | 'agentId' | 'time'>
const laneOf = ({ session, project, agentId, time }: LineMeaning): Lane => ({ session, project, agentId, time })

const KEY_CHARS_MAX = 200 // some records are called by all they say

const own = new Slab()
const sha256Hex = (text: string): string => hash('sha256', text, 'hex')

export function messagesOf(
  line: FoundLine,
  lineNumber: number,
  source: Translator,
  file: FileFacts & { inode: number },
  memory: FileMemory,
  place: Place,
  slab = own,
): LineMessages {
  const meaning = source.translate(line, file, memory)
  const sha256 = hash('sha256', line.bytes, 'hex')
  const session = sessionId(source.agent, meaning.session)
  const { agentId, nativeId } = meaning
  const known = meaning.identity ?? line.identity
  const content = known === undefined ? withoutBlanks(line, sha256) : { sha256: sha256Hex(known) }
  const identity = { session, agentId, nativeId, offset: line.offset, ...content }
  const idTime = meaning.idTime ?? meaning.time
  const carrier = eventId(sha256Hex, identity, idTime, 0)
  const origin: Origin = {
    file: `${file.root}/${file.path}`,
    inode: file.inode,
    offset: line.offset,
    length: line.bytes.length,
    line: lineNumber,
    sha256,
    ...(line.key !== undefined && line.key.length <= KEY_CHARS_MAX && { key: line.key }),
  }
  const subject = subjectOf({ project: meaning.project, session, agentId: meaning.agentId })
  const messages = meaning.parts.map((part, i): Message => {
    const id = i === 0 ? carrier : eventId(sha256Hex, identity, idTime, i)
    const draft: Draft = {
      id,
      source: sourceAttribute(place.host, source.agent),
      type: typeOf(part.kind),
      time: meaning.time,
      agent: source.agent,
      session,
      project: meaning.project,
      host: place.host,
      user: place.user,
      agentId: meaning.agentId,
      sequence: sequenceOf(line.offset, i),
      origin: i === 0 && line.found !== undefined ? { ...origin, found: line.found } : origin,
      payload: part.payload,
      raw: i === 0 ? rawOf(line) : { as: 'in', id: carrier },
    }
    return { subject, id, data: encodeEvent(draft, slab) }
  })
  return {
    messages,
    lane: laneOf(meaning),
    memory: meaning.memory,
    sha256,
    unknown: meaning.parts.reduce((n, part) => n + (isOther(part.kind) ? 1 : 0), 0),
  }
}

// Blanks around a line are kept but are no part of what it is: an object that was read before its line end stood there, or that is
// glued to another, has the same id with them and without.
function withoutBlanks({ bytes, offset }: FoundLine, sha256: string): { offset: number; sha256: string } {
  let start = 0
  let end = bytes.length
  while (isBlankByte(bytes[start])) start++
  while (isBlankByte(bytes[end - 1])) end--
  if (end - start === bytes.length) return { offset, sha256 }
  return { offset: offset + start, sha256: hash('sha256', bytes.subarray(start, end), 'hex') }
}

function rawOf(line: FoundLine): Raw {
  if (!line.utf8) return { as: 'base64', base64: Buffer.from(line.bytes).toString('base64') }
  return line.value === undefined ? { as: 'text', text: line.text } : { as: 'json', bytes: line.bytes }
}

// Custody: a watched file shrank or was replaced by other content. What was read of it before stays.
export function replacedMessage(
  source: Translator,
  file: FileFacts & { inode: number },
  lane: Lane,
  was: { offset: number; line: number; sha256: string },
  why: string,
  place: Place,
): Message {
  const session = sessionId(source.agent, lane.session)
  const identity = {
    session,
    agentId: lane.agentId,
    nativeId: `replaced:${file.path}:${was.offset}`,
    offset: 0,
    sha256: was.sha256,
  }
  const id = eventId(sha256Hex, identity, lane.time, 0)
  const data = encodeEvent({
    id,
    source: sourceAttribute(place.host, source.agent),
    type: typeOf('system.file_replaced'),
    time: lane.time,
    agent: source.agent,
    session,
    project: lane.project,
    host: place.host,
    user: place.user,
    agentId: lane.agentId,
    sequence: sequenceOf(was.offset, 0),
    origin: {
      file: `${file.root}/${file.path}`,
      inode: file.inode,
      offset: was.offset,
      length: 0,
      line: was.line,
      sha256: was.sha256,
    },
    payload: { v: PAYLOAD_VERSION, why },
    raw: { as: 'text', text: '' },
  })
  return { subject: subjectOf({ project: lane.project, session, agentId: lane.agentId }), id, data }
}
