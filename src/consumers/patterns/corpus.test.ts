// Real transcripts: every prompt of a person is in exactly one turn, and every turn is told in one sentence that can be read.
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { after, before, describe, test } from 'node:test'
import type { Event } from '../../event/event.ts'
import { SENTENCE_MAX } from '../../folds/sentence/fit.ts'
import { tell } from '../../folds/sentence/sentence.ts'
import { turnsOf } from '../../folds/turn/lanes.ts'
import { MAX, type Turn } from '../../folds/turn/turn.ts'
import type { LineSource } from '../../sources/source.ts'
import { SOURCES } from '../../sources/sources.ts'
import { eventsOfFile, filesUnder } from '../../testing/transcripts.ts'

const MAKE_HOME = join(resolve(process.env.OPENSTORY_SHARED ?? '../shared'), 'corpus/make-home.mjs')
const skip = existsSync(MAKE_HOME) ? false : `no real transcripts at ${MAKE_HOME}; OPENSTORY_SHARED says where they are`

interface Told {
  readonly file: string
  readonly label: string
  readonly events: readonly Event[]
  readonly turns: readonly Turn[]
}

describe('real turns', () => {
  const home = mkdtempSync(join(tmpdir(), 'openstory-turns-'))
  const told: Told[] = []
  before(() => {
    if (skip) return
    execFileSync(process.execPath, [MAKE_HOME, home])
    for (const source of SOURCES.filter((each): each is LineSource => each.reads === 'lines'))
      for (const { path: root } of source.roots({ home, env: {}, platform: process.platform }))
        for (const file of existsSync(root) ? filesUnder(root) : []) {
          const events = eventsOfFile(source, root, file)
          if (events) told.push({ file, label: source.label, events, turns: turnsOf(events) })
        }
  })
  after(() => rmSync(home, { recursive: true }))

  test('every prompt of a person is in exactly one turn', { skip }, () => {
    let prompts = 0
    for (const { file, events, turns } of told) {
      for (const { id, kind, payload, origin } of events) {
        if (kind !== 'message.user.prompt' || payload.copied || payload.hidden) continue
        prompts++
        const begun = turns.filter(({ prompt }) => prompt?.event === id)
        const queued = turns.filter((turn) => turn.queued.some(({ event }) => event === id))
        const isBeyond = payload.queued && turns.some((turn) => turn.queued.length === MAX.queued)
        assert.ok(begun.length + queued.length === 1 || isBeyond, `${file}:${origin.line}`)
      }
      assert.equal(new Set(turns.map(({ id }) => id)).size, turns.length, file)
    }
    assert.ok(prompts > 200, `${prompts} prompts`)
  })

  test('every turn is told in a sentence of a readable length, without the inside of a program', { skip }, () => {
    for (const { file, label, turns } of told)
      for (const turn of turns) {
        const { text, clauses } = tell(turn, label)
        const bare = text.replace(/"[^"]*"|`[^`]*`/g, '')
        assert.ok(text.length <= SENTENCE_MAX, `${file}: ${text.length} ${text}`)
        assert.doesNotMatch(bare, /\b(?:operations|undefined|null|NaN|mcp__)\b|[{}<>]|\b1 \w+s\b/, `${file}: ${text}`)
        assert.ok(clauses.every((clause) => clause.events.every((id) => /^[0-9a-f]{32}$/.test(id))))
      }
  })
})
