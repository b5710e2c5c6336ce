// What the fake agent writes: the lines of the example agent, or those of an agent that people use. A line is one record with an id.
import { header, turnRecords } from '../../src/testing/scenario.ts'

export interface Dialect {
  readonly agent: string
  readonly session: (n: number) => string // its native id
  readonly file: (session: string) => string // below the watched folder
  readonly head: (session: string) => readonly object[] // what a file begins with
  readonly turn: (
    session: string,
    n: number,
    words: string,
  ) => readonly { readonly id: string; readonly record: object }[]
  readonly idOf: (line: Readonly<Record<string, unknown>>) => string | null // what it calls the record; null for a head
}

const text = (value: unknown): string | null => (typeof value === 'string' ? value : null)

const invented: Dialect = {
  agent: 'example',
  session: (n) => `s${n}`,
  file: (session) => `${session}.jsonl`,
  head: (session) => [header(session, `/home/dev/${session}`)],
  turn: (session, n, words) =>
    turnRecords(n, words).map((record) => {
      const id = `${session}-${(record as { id: string }).id}`
      return { id, record: { ...record, id } }
    }),
  idOf: ({ id }) => text(id),
}

// Transcripts as `claude` has written them since version 1, one part a line.
const real: Dialect = {
  agent: 'claude-code',
  session: (n) => `0f0e0d0c-0b0a-4900-8807-${String(n).padStart(12, '0')}`,
  file: (session) => `-home-dev-bakery/${session}.jsonl`,
  head: () => [],
  turn(session, n, words) {
    const at = (second: number) => new Date(Date.UTC(2026, 2, 14, 9, n, second)).toISOString()
    const common = {
      sessionId: session,
      cwd: '/home/dev/bakery',
      version: '2.0.0',
      isSidechain: false,
    }
    const usage = { input_tokens: 10, output_tokens: 20, cache_read_input_tokens: 30, cache_creation_input_tokens: 0 }
    const says = (id: string, content: object, stop: string | null) => ({
      type: 'assistant',
      message: {
        id: `msg_${id}`,
        type: 'message',
        role: 'assistant',
        model: 'm1',
        content: [content],
        stop_reason: stop,
        usage,
      },
      requestId: `req_${id}`,
    })
    const call = `toolu_${session.slice(-4)}_${n}`
    const lines: readonly object[] = [
      { type: 'user', message: { role: 'user', content: words } },
      says(`${n}a`, { type: 'thinking', thinking: 'hm', signature: 'x' }, null),
      says(`${n}b`, { type: 'tool_use', id: call, name: 'Bash', input: { command: 'npm test' } }, 'tool_use'),
      {
        type: 'user',
        message: {
          role: 'user',
          content: [{ type: 'tool_result', tool_use_id: call, content: 'crust and crumb '.repeat(40) }],
        },
        toolUseResult: { stdout: 'crust', stderr: '', interrupted: false },
      },
      says(`${n}c`, { type: 'text', text: `The bread number ${n} is done.` }, 'end_turn'),
      { type: 'system', subtype: 'turn_duration', durationMs: 4_000 },
    ]
    return lines.map((line, i) => {
      const id = `${session}-${n}-${i + 1}`
      const parentUuid =
        i === 0 && n === 1 ? null : i === 0 ? `${session}-${n - 1}-${lines.length}` : `${session}-${n}-${i}`
      return { id, record: { parentUuid, ...common, ...line, uuid: id, timestamp: at(i + 1) } }
    })
  },
  idOf: ({ uuid }) => text(uuid),
}

export const DIALECTS = { example: invented, real } as const
