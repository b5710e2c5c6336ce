// The head of an event, read by the layout of its text (event.ts): what is the same as in the event before is taken from there, and what
// nobody asks for is not parsed. A text that is laid out otherwise is parsed as any JSON.
import { DATA_START, type Event, type EventKey, type Lane, type Origin, parseEvent, parseKey } from './event.ts'
import type { Payload } from './payload.ts'
import { kindOf } from './types.ts'

// What is the same for every line of a file, as it is read.
type SharedLane = Lane & Pick<Event, 'subject'>

const ID = '{"specversion":"1.0","id":"'
const SOURCE = '","source":"'
const TYPE = '","type":"'
const TIME = ',"time":"'
const SUBJECT = ',"subject":'
const SEQUENCE = ',"sequence":"'
const RAW_IN = '"rawin":"'
const ORIGIN = '"origin":{'
const PAYLOAD = '},"payload":'

let lane: SharedLane | null = null
let laneText = '' // of that lane, up to its sequence
let source = ''
let sourceText = ''
const kinds = new Map<string, string>() // of types as they stand in a text: few, and closed but for what agents call their own
const KINDS_MAX = 1_000

interface Attributes {
  readonly id: string
  readonly type: string
  readonly time: string | null
  readonly lane: SharedLane
  readonly source: string
  readonly end: number // behind `"sequence":"`
}

// Quotes inside a JSON string are escaped, so a mark that holds one can only be the layout's own. Null where the layout is another.
function attributesOf(text: string): Attributes | null {
  const idEnd = text.indexOf('"', ID.length)
  if (!text.startsWith(ID) || !text.startsWith(SOURCE, idEnd)) return null
  const sourceAt = idEnd + SOURCE.length
  const typeMark = text.indexOf(TYPE, sourceAt - 1)
  const typeAt = typeMark + TYPE.length
  const typeEnd = text.indexOf('"', typeAt)
  const type = text.slice(typeAt, typeEnd)
  if (typeMark < 0 || type.includes('\\')) return null
  let at = typeEnd + 1
  let time: string | null = null
  if (text.startsWith(TIME, at)) {
    const timeEnd = text.indexOf('"', at + TIME.length)
    time = text.slice(at + TIME.length, timeEnd)
    at = timeEnd + 1
  }
  const here = laneAt(text, at)
  if (here === null) return null
  return {
    id: text.slice(ID.length, idEnd),
    type,
    time,
    lane: here,
    source: sourceAs(text.slice(sourceAt, typeMark)),
    end: at + laneText.length,
  }
}

function laneAt(text: string, at: number): SharedLane | null {
  if (lane !== null && text.startsWith(laneText, at)) return lane
  const end = text.indexOf(SEQUENCE, at)
  if (!text.startsWith(SUBJECT, at) || end < 0) return null
  const value = objectOf(`{${text.slice(at + 1, end)}}`) as Record<string, string> | null
  if (value === null || Object.values(value).some((each) => typeof each !== 'string')) return null
  const { subject, agent, session, project, host = '', user = '', agentid = null } = value
  if (subject === undefined || agent === undefined || session === undefined || project === undefined) return null
  lane = { subject, agent, session, project, host, user, agentId: agentid }
  laneText = text.slice(at, end + SEQUENCE.length)
  return lane
}

function sourceAs(text: string): string {
  if (text !== sourceText) {
    source = JSON.parse(`"${text}"`) as string
    sourceText = text
  }
  return source
}

function kindAs(type: string): string {
  const known = kinds.get(type)
  if (known !== undefined) return known
  if (kinds.size >= KINDS_MAX) kinds.clear()
  const kind = kindOf(type)
  kinds.set(type, kind)
  return kind
}

// As parseKey: `text` is an event's text up to attributesEnd, without the `}` that would close it.
export function readKey(text: string): EventKey {
  const found = attributesOf(text)
  if (found === null) return parseKey(`${text}}`)
  const { id, type, time, lane } = found
  const { agent, session, project, agentId } = lane
  return { id, kind: kindAs(type), time, agent, session, project, agentId }
}

// The line behind a head, read when somebody asks for it.
export interface LineBehind {
  read(): unknown
}
const NO_LINE: LineBehind = { read: () => undefined }

// As parseHead: `text` is an event's text up to headEnd, without the `}}` that would close it. Throws EventError as parseEvent does.
export function readHead(text: string, line: LineBehind = NO_LINE): Event {
  const found = attributesOf(text)
  const data = found === null ? null : dataOf(text, found.end)
  if (found !== null && data !== null) return new Head(found, data, line)
  const event = parseEvent(`${text}}}`)
  return {
    ...event,
    get raw() {
      return line.read()
    },
  }
}

interface Data {
  readonly sequence: string
  readonly rawIn: string | null
  readonly originText: string
  readonly payload: Payload
}

function dataOf(text: string, from: number): Data | null {
  const sequenceEnd = text.indexOf('"', from)
  if (!text.startsWith(DATA_START, sequenceEnd + 1)) return null
  let at = sequenceEnd + 1 + DATA_START.length
  let rawIn: string | null = null
  if (text.startsWith(RAW_IN, at)) {
    const end = text.indexOf('"', at + RAW_IN.length)
    rawIn = text.slice(at + RAW_IN.length, end)
    at = end + 2
  }
  const payloadAt = text.indexOf(PAYLOAD, at)
  if (!text.startsWith(ORIGIN, at) || payloadAt < 0) return null
  const payload = objectOf(text.slice(payloadAt + PAYLOAD.length)) as Payload | null
  if (payload === null) return null
  const originText = text.slice(at + ORIGIN.length - 1, payloadAt + 1)
  return { sequence: text.slice(from, sequenceEnd), rawIn, originText, payload }
}

function objectOf(text: string): object | null {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? value : null
  } catch {
    return null // laid out otherwise, or no JSON at all: parseEvent says which
  }
}

class Head implements Event {
  readonly id: string
  readonly type: string
  readonly kind: string
  readonly time: string | null
  readonly source: string
  readonly sequence: string
  readonly payload: Payload
  readonly rawIn: string | null
  readonly #lane: SharedLane
  readonly #originText: string
  readonly #line: LineBehind
  #origin: Origin | null = null

  constructor({ id, type, time, source, lane }: Attributes, data: Data, line: LineBehind) {
    this.id = id
    this.type = type
    this.kind = kindAs(type)
    this.time = time
    this.source = source
    this.sequence = data.sequence
    this.payload = data.payload
    this.rawIn = data.rawIn
    this.#lane = lane
    this.#originText = data.originText
    this.#line = line
  }

  get subject(): string {
    return this.#lane.subject
  }
  get agent(): string {
    return this.#lane.agent
  }
  get session(): string {
    return this.#lane.session
  }
  get project(): string {
    return this.#lane.project
  }
  get host(): string {
    return this.#lane.host
  }
  get user(): string {
    return this.#lane.user
  }
  get agentId(): string | null {
    return this.#lane.agentId
  }
  get origin(): Origin {
    this.#origin ??= JSON.parse(this.#originText) as Origin
    return this.#origin
  }
  get raw(): unknown {
    return this.#line.read()
  }
}
