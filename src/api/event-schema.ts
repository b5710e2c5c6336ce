// An event as JSON Schema (2020-12): what stands in the log, what the API answers, what `export` prints. schemas/event.json is made of it.
// Closed on every level, so that nothing slips into events unseen; the lines at the end let the compiler say when the vocabulary
// (event/payload.ts) has a word that this page has not.
import Type, { type Static } from 'typebox'
import type { Origin } from '../event/event.ts'
import {
  type FileChange,
  type FileShown,
  type Payload,
  TOOL_KINDS,
  type ToolResult,
  type ToolUse,
  type Usage,
  type WordsAt,
} from '../event/payload.ts'
import { EVENT_KINDS, TYPE_PREFIX, typeOf } from '../event/types.ts'

const closed = { additionalProperties: false }
const text = Type.String()
const textOrNull = Type.Union([text, Type.Null()])
const someText = Type.String({ minLength: 1 })
const optionalText = Type.Optional(text)
const optionalTrue = Type.Optional(Type.Literal(true))
const count = Type.Integer({ minimum: 0 })
const optionalCount = Type.Optional(count)
const pointer = Type.String({ pattern: '^(/.*)?$', description: 'RFC 6901, into the raw line of this event' })
const sha256 = Type.String({ pattern: '^([0-9a-f]{64})?$' })
const eventId = Type.String({ pattern: '^[0-9a-f]{32}$' })

const WordsAtSchema = Type.Object({ at: pointer, chars: count, head: text }, closed)
const words = Type.Union([text, WordsAtSchema])

const ToolUseSchema = Type.Object(
  {
    name: text,
    kind: Type.Enum([...TOOL_KINDS]),
    call: textOrNull,
    input: Type.Union([Type.Object({ at: pointer }, closed), Type.Object({ value: Type.Unknown() }, closed)]),
    target: optionalText,
  },
  closed,
)

const FileChangeSchema = Type.Object(
  {
    path: text,
    change: Type.Enum(['created', 'modified', 'deleted', 'renamed']),
    added: optionalCount,
    removed: optionalCount,
    from: optionalText,
  },
  closed,
)

const FileShownSchema = Type.Object(
  {
    path: text,
    before: Type.Optional(pointer),
    after: Type.Optional(pointer),
    lines: Type.Optional(Type.Object({ at: pointer, from: count, total: optionalCount }, closed)),
    hunks: Type.Optional(pointer),
  },
  closed,
)

const ToolResultSchema = Type.Object(
  {
    call: textOrNull,
    failed: Type.Boolean(),
    exit: Type.Optional(Type.Integer()),
    refused: optionalTrue,
    feedback: Type.Optional(words),
    interrupted: optionalTrue,
    background: optionalTrue,
    agentId: optionalText,
    run: optionalText,
    files: Type.Optional(Type.Array(FileChangeSchema)),
    shows: Type.Optional(FileShownSchema),
  },
  closed,
)

const UsageSchema = Type.Object(
  {
    input: count,
    output: count,
    cacheRead: count,
    cacheWrite5m: count,
    cacheWrite1h: count,
    costUsd: Type.Optional(Type.String({ pattern: '^[0-9]+([.][0-9]+)?$' })),
    webSearches: optionalCount,
    partial: optionalTrue,
  },
  closed,
)

const PayloadSchema = Type.Object(
  {
    v: Type.Integer({ minimum: 1 }),
    text: Type.Optional(words),
    tool: Type.Optional(ToolUseSchema),
    result: Type.Optional(ToolResultSchema),
    usage: Type.Optional(UsageSchema),
    request: optionalText,
    account: optionalText,
    model: optionalText,
    stop: optionalText,
    nativeId: optionalText,
    nativeParent: optionalText,
    cwd: optionalText,
    branch: optionalText,
    version: optionalText,
    title: optionalText,
    injected: optionalText,
    command: Type.Optional(Type.Enum(['slash', 'shell'])),
    queued: optionalTrue,
    images: optionalCount,
    durationMs: Type.Optional(Type.Number({ minimum: 0 })),
    parentCall: optionalText,
    parentRun: optionalText,
    agentType: optionalText,
    parentSession: optionalText,
    copied: optionalTrue,
    form: Type.Optional(Type.Enum([1, 2])),
    hidden: optionalTrue,
    noticed: optionalText,
    url: optionalText,
    why: optionalText,
  },
  closed,
)

const OriginSchema = Type.Object(
  {
    file: someText,
    inode: Type.Integer(),
    offset: count,
    length: count,
    line: count,
    sha256,
    key: Type.Optional(Type.String({ description: 'of a record that is no line: what it is called in its file' })),
    found: Type.Optional(
      Type.Record(Type.String(), Type.Unknown(), {
        description: 'of a record whose meaning needs more than its text: what reading it found out',
      }),
    ),
  },
  closed,
)

const DataSchema = Type.Object(
  {
    rawin: Type.Optional({
      ...eventId,
      description: 'the event that carries the line, when this one is a further part of it',
    }),
    origin: OriginSchema,
    payload: PayloadSchema,
    raw: Type.Optional(Type.Unknown({ description: 'the line as it was written, verbatim' })),
    rawtext: Type.Optional(Type.String({ description: 'the line, where it is text and no JSON' })),
    raw64: Type.Optional(Type.String({ description: 'the line in base64, where its bytes are no UTF-8' })),
  },
  {
    ...closed,
    oneOf: ['raw', 'rawtext', 'raw64', 'rawin'].map((name) => ({ required: [name] })),
  },
)

const types = Type.Union([
  Type.Enum(EVENT_KINDS.map(typeOf)),
  Type.String({ pattern: `^${TYPE_PREFIX.replaceAll('.', '[.]')}other[.][a-z0-9._-]{1,80}$` }),
])

export const EventSchema = Type.Object(
  {
    specversion: Type.Literal('1.0'),
    id: eventId,
    source: Type.String({ pattern: '^openstory://' }),
    type: types,
    time: Type.Optional(
      Type.String({
        pattern: '^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}[.][0-9]{3}Z$',
        description: 'RFC 3339; not there where neither the line nor one before it says',
      }),
    ),
    subject: someText,
    datacontenttype: Type.Literal('application/json'),
    dataschema: someText,
    agent: Type.String({ pattern: '^[a-z0-9-]+$' }),
    session: someText,
    project: someText,
    host: text,
    user: text,
    agentid: Type.Optional(someText),
    sequence: Type.String({
      pattern: '^[0-9]{14,}[.][0-9]{3,}$',
      description: 'orders the events of one file as text',
    }),
    data: DataSchema,
  },
  {
    ...closed,
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    $id: 'urn:openstory:event:1',
    title: 'An OpenStory event: CloudEvents 1.0 in structured JSON',
  },
)

// All true, or the compiler stops here: the same keys on both sides, and values the vocabulary would take.
type Same<Word, Schema> = [keyof Word, Schema] extends [keyof Schema, Word]
  ? [keyof Schema] extends [keyof Word]
    ? true
    : false
  : false
type All<Agree extends readonly true[]> = Agree
export type VocabularyAgrees = All<
  [
    Same<Payload, Static<typeof PayloadSchema>>,
    Same<ToolUse, Static<typeof ToolUseSchema>>,
    Same<ToolResult, Static<typeof ToolResultSchema>>,
    Same<FileChange, Static<typeof FileChangeSchema>>,
    Same<FileShown, Static<typeof FileShownSchema>>,
    Same<Usage, Static<typeof UsageSchema>>,
    Same<WordsAt, Static<typeof WordsAtSchema>>,
    Same<Origin, Static<typeof OriginSchema>>,
  ]
>
