// The databases that were made after Hermes' own schemas, kept beside the checkout where they are: each row comes back as it is, and means
// what the list beside them says.
import assert from 'node:assert/strict'
import { cpSync, existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { type TestContext, test } from 'node:test'
import { type Event, parseEvent } from '../../event/event.ts'
import { lookOf } from '../../testing/database.ts'
import { Den } from '../../testing/watching.ts'
import { hermes } from './source.ts'

const MADE = join(process.env.OPENSTORY_SHARED ?? '../shared', 'corpus/hermes/_derived')
const skip = existsSync(MADE) ? false : `no databases at ${MADE}; OPENSTORY_SHARED says where they are`

interface Expected {
  readonly id: number
  readonly session: string
  readonly kind: string
  readonly state: 'ok' | 'duplicate' | 'rewound'
}

const KIND_OF: Readonly<Record<string, RegExp>> = {
  prompt: /^message\.user\.prompt$/,
  assistant: /^message\.assistant\./,
  tool_result: /^message\.user\.tool_result$/,
  compaction: /^system\.compact$/,
  injected: /^message\.user\.injected$/,
  async_delegation_complete: /^message\.user\.injected$/,
}

async function read(t: TestContext, version: string): Promise<{ home: Den; events: readonly Event[] }> {
  const home = new Den()
  t.after(() => home.remove())
  cpSync(join(MADE, version), home.root, { recursive: true })
  await new Promise((resolve) => setTimeout(resolve, 40))
  const before = lookOf(home.root)
  await home.lookOnceAndCatchUp({ sources: [hermes], extraRoots: { hermes: [home.root] } })
  assert.deepEqual(lookOf(home.root), before, 'no trace')
  return { home, events: home.bus.stream.map(({ data }) => parseEvent(Buffer.from(data).toString())) }
}

for (const version of ['v6', 'v30', 'v30_wal'])
  test(`${version}: every row comes back as it stands in the database`, { skip }, async (t) => {
    const { home, events } = await read(t, version)
    const raws = events.filter(({ rawIn }) => rawIn === null).map(({ raw }) => raw as Record<string, unknown>)
    const copy = new DatabaseSync(home.path('state.db')) // ours to open: it is the test's own
    for (const table of ['messages', 'sessions'])
      for (const row of copy.prepare(`SELECT * FROM ${table}`).all())
        assert.ok(
          raws.some((raw) => JSON.stringify(raw) === JSON.stringify(row)),
          `${table} ${row.id}`,
        )
    copy.close()
  })

for (const version of ['v30', 'v30_wal'])
  test(`${version}: each row means what was expected, copies and what was taken back included`, { skip }, async (t) => {
    const expected: readonly Expected[] = JSON.parse(readFileSync(join(MADE, 'EXPECTED.json'), 'utf8'))
    const { events } = await read(t, version)
    for (const { id, kind, state } of expected) {
      const [first] = events.filter(({ rawIn, raw }) => rawIn === null && (raw as { id?: unknown }).id === id)
      assert.ok(first !== undefined, `row ${id}`)
      // What a parent agent asked its subagent is no prompt of a person.
      const wanted = first.payload.injected === 'delegated' ? KIND_OF.injected! : KIND_OF[kind]!
      assert.match(first.kind, wanted, `row ${id}`)
      assert.equal(first.payload.copied === true, state === 'duplicate', `row ${id}`)
    }
    const branches = events.filter(({ kind }) => kind === 'system.branch')
    const rewound = expected.filter(({ state }) => state === 'rewound')
    assert.deepEqual(
      branches.map(({ payload }) => [payload.nativeId, payload.text]),
      [[String(rewound[0]!.id), `${rewound.length} messages were taken back`]],
    )
  })
