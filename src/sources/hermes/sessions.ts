// What the database says of a session: whose work it is, where it belongs, and which sessions the conversation went through before it.
import { projectOfPath } from '../../event/subject.ts'
import type { Ask } from '../source.ts'
import { isJson, jsonIn } from '../values.ts'
import { type Lane, type Row, textIn } from './rows.ts'
import { parsed } from './tools.ts'

export interface SessionFacts {
  readonly id: string
  readonly row: Row | null // null: it is not in the table, or there is none
  readonly source: string | null
  readonly subagent: boolean
  readonly parent: string | null
  readonly lane: Lane // a subagent's work stands in the session that asked for it
  readonly lineage: readonly string[] // itself and those it continues
}

const UNKNOWN_PROJECT = 'unknown'
const DEPTH_MAX = 100

export class Sessions {
  readonly #ask: Ask
  readonly #known = new Map<string, SessionFacts>()

  constructor(ask: Ask) {
    this.#ask = ask
  }

  of(id: string): SessionFacts {
    return this.#find(id, 0)
  }

  #find(id: string, depth: number): SessionFacts {
    const known = this.#known.get(id)
    if (known !== undefined) return known
    const facts = this.#factsOf(id, depth)
    this.#known.set(id, facts)
    return facts
  }

  #factsOf(id: string, depth: number): SessionFacts {
    const row = this.#rowOf(id)
    const config = configOf(row)
    const source = row === null ? null : textIn(row, 'source')
    const delegated = textIn(config, '_delegate_from')
    const subagent = source === 'subagent' || delegated !== null
    const named = (row === null ? null : textIn(row, 'parent_session_id')) ?? delegated ?? continued(config)
    const parent = named === id || depth >= DEPTH_MAX ? null : named
    const above = parent === null ? null : this.#find(parent, depth + 1)
    const cwd = row === null ? null : textIn(row, 'cwd')
    const project = cwd !== null ? projectOfPath(cwd) : (above?.lane.project ?? UNKNOWN_PROJECT)
    const lane =
      subagent && above !== null
        ? { session: above.lane.session, project: above.lane.project, agentId: id }
        : { session: id, project, agentId: null }
    const lineage = subagent || above === null ? [id] : [id, ...above.lineage.filter((other) => other !== id)]
    return { id, row, source, subagent, parent, lane, lineage }
  }

  #rowOf(id: string): Row | null {
    if (!this.#ask.columns('sessions').has('id')) return null
    for (const row of this.#ask.rows('SELECT * FROM sessions WHERE id = ?', id)) return row
    return null
  }
}

function configOf(row: Row | null): Readonly<Record<string, unknown>> {
  const config = row?.model_config
  const value = typeof config === 'string' ? parsed(config) : config
  return isJson(value) ? value : jsonIn(undefined)
}

const continued = (config: Readonly<Record<string, unknown>>): string | null =>
  textIn(config, '_branched_from') ?? textIn(config, '_reset_from')
