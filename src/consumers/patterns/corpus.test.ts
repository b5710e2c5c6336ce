// Real transcripts: every prompt of a person is in exactly one turn, and every turn is told in one sentence that can be read.
import assert from 'node:assert/strict'
import { before, describe, test } from 'node:test'
import { type Event, parseEvent } from '../../event/event.ts'
import { SENTENCE_MAX } from '../../folds/sentence/fit.ts'
import { tell } from '../../folds/sentence/sentence.ts'
import { turnsOf } from '../../folds/turn/lanes.ts'
import { MAX, type Turn } from '../../folds/turn/turn.ts'
import { SOURCES } from '../../sources/sources.ts'
import { corpusHome, noCorpus as skip } from '../../testing/corpus.ts'
import { Den } from '../../testing/watching.ts'

const LABELS = new Map(SOURCES.map(({ agent, label }) => [agent, label]))

interface Told {
  readonly session: string
  readonly label: string
  readonly events: readonly Event[]
  readonly turns: readonly Turn[]
}

describe('real turns', () => {
  const told: Told[] = []
  before(async () => {
    if (skip) return
    const home = corpusHome()
    const den = new Den()
    const events = new Map<string, Event>()
    den.hooks.publish = (messages) => {
      for (const { id, data } of messages) if (!events.has(id)) events.set(id, parseEvent(Buffer.from(data).toString()))
    }
    den.watch({ sources: SOURCES, machine: home.machine, extraRoots: {}, onlyExtra: false })
    await den.caughtUp()
    await den.stop()
    await den.remove()
    home.remove()
    for (const [session, own] of Map.groupBy(events.values(), (event) => event.session))
      told.push({ session, label: LABELS.get(own[0]!.agent)!, events: own, turns: turnsOf(own) })
  })

  test('there are turns of every agent, whatever its sessions are kept in', { skip }, () => {
    const agents = new Set(told.filter(({ turns }) => turns.length > 0).map(({ events }) => events[0]!.agent))
    assert.deepEqual([...agents].sort(), [...LABELS.keys()].filter((agent) => agent !== 'example').sort())
  })

  test('every prompt of a person is in exactly one turn', { skip }, () => {
    let prompts = 0
    for (const { session, events, turns } of told) {
      for (const { id, kind, payload, origin } of events) {
        if (kind !== 'message.user.prompt' || payload.copied || payload.hidden) continue
        prompts++
        const begun = turns.filter(({ prompt }) => prompt?.event === id)
        const queued = turns.filter((turn) => turn.queued.some(({ event }) => event === id))
        const isBeyond = payload.queued && turns.some((turn) => turn.queued.length === MAX.queued)
        assert.ok(begun.length + queued.length === 1 || isBeyond, `${session}: ${origin.file}:${origin.line}`)
      }
      assert.equal(new Set(turns.map(({ id }) => id)).size, turns.length, session)
    }
    assert.ok(prompts > 200, `${prompts} prompts`)
  })

  test('every turn is told in a sentence of a readable length, without the inside of a program', { skip }, () => {
    for (const { session, label, turns } of told)
      for (const turn of turns) {
        const { text, clauses } = tell(turn, label)
        const bare = text.replace(/"[^"]*"|`[^`]*`/g, '')
        assert.ok(text.length <= SENTENCE_MAX, `${session}: ${text.length} ${text}`)
        assert.doesNotMatch(
          bare,
          /\b(?:operations|undefined|null|NaN|mcp__)\b|[{}<>]|\b1 \w+s\b/,
          `${session}: ${text}`,
        )
        assert.ok(clauses.every((clause) => clause.events.every((id) => /^[0-9a-f]{32}$/.test(id))))
      }
  })
})
