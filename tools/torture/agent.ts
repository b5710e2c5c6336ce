// The fake agent: writes sessions, tears lines, truncates and replaces its own files, and keeps a record of everything that stood in
// them long enough to be seen. What it destroys without waiting for that may or may not have been read, and is told apart.
import { appendFileSync, mkdirSync, renameSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Dialect } from './dialect.ts'
import type { Random } from './random.ts'

const SESSIONS_MAX = 10
const HASTY_SHARE = 0.2 // of all destructions do not wait until the file was read
const LARGE_SHARE = 0.03

export interface Session {
  readonly name: string
  readonly path: string
  lines: { readonly id: string; readonly text: string }[] // whole lines that stand in the file
  torn: { readonly id: string; readonly text: string; readonly written: number } | null
  turns: number
  destroyed: number
}

// Whether every program that watches has kept a record of a session.
export type Seen = (session: string, id: string) => boolean

export class Agent {
  readonly sessions: Session[] = []
  readonly required = new Map<string, Set<string>>() // session → ids of records that must be kept
  readonly optional = new Set<string>() // ids that were destroyed before anybody could be sure
  readonly did = { lines: 0, appends: 0, created: 0, torn: 0, truncated: 0, cut: 0, replaced: 0, hasty: 0 }
  readonly #dialect: Dialect
  readonly #dir: string
  readonly #random: Random
  readonly #seen: Seen

  constructor(dialect: Dialect, dir: string, random: Random, seen: Seen) {
    this.#dialect = dialect
    this.#dir = dir
    this.#random = random
    this.#seen = seen
    mkdirSync(dir, { recursive: true })
  }

  // One thing after the other. Waits (bounded by `patient`) only before it destroys.
  async act(patient: () => Promise<boolean>): Promise<void> {
    const random = this.#random
    if (this.sessions.length < 2 || (this.sessions.length < SESSIONS_MAX && random.chance(0.06))) return this.#create()
    const session = random.pick(this.sessions)
    if (session.torn !== null) return this.#mend(session)
    if (session.lines.length > 6 && random.chance(0.12)) return this.#destroy(session, patient)
    this.#append(session)
  }

  finish(): void {
    for (const session of this.sessions) if (session.torn !== null) this.#mend(session)
  }

  isSeen(session: Session): boolean {
    return session.lines.every(({ id }) => this.#seen(session.name, id))
  }

  #create(): void {
    const name = this.#dialect.session(this.sessions.length + 1)
    const session: Session = {
      name,
      path: join(this.#dir, this.#dialect.file(name)),
      lines: [],
      torn: null,
      turns: 0,
      destroyed: 0,
    }
    this.sessions.push(session)
    this.required.set(name, new Set())
    this.did.created++
    mkdirSync(dirname(session.path), { recursive: true })
    appendFileSync(session.path, this.#headed(session) + this.#taken(session, this.#turn(session)))
  }

  #append(session: Session): void {
    const turns = 1 + this.#random.below(3)
    const lines = Array.from({ length: turns }, () => this.#turn(session)).flat()
    this.did.appends++
    if (!this.#random.chance(0.2)) return appendFileSync(session.path, this.#taken(session, lines))
    const last = lines.pop()!
    const written = 1 + this.#random.below(last.text.length - 2)
    appendFileSync(session.path, this.#taken(session, lines) + last.text.slice(0, written))
    session.torn = { ...last, written }
    this.did.torn++
  }

  #mend(session: Session): void {
    const { id, text, written } = session.torn!
    session.torn = null
    this.#taken(session, [{ id, text }])
    appendFileSync(session.path, `${text.slice(written)}\n`)
  }

  async #destroy(session: Session, patient: () => Promise<boolean>): Promise<void> {
    const isHasty = this.#random.chance(HASTY_SHARE) || !(await this.#untilSeen(session, patient))
    if (isHasty) this.did.hasty++
    session.destroyed++
    const keep = this.#random.below(session.lines.length)
    const how = this.#random.pick(['truncated', 'cut', 'replaced'] as const)
    const lost = session.lines.splice(how === 'cut' ? keep : 0)
    for (const { id } of lost) if (!this.#seen(session.name, id)) this.#giveUp(session, id)
    this.did[how]++
    const next = this.#turn(session)
    if (how === 'cut') {
      writeFileSync(session.path, this.#headed(session) + session.lines.map(({ text }) => `${text}\n`).join(''))
      return appendFileSync(session.path, this.#taken(session, next))
    }
    if (how === 'truncated') {
      writeFileSync(session.path, '')
      return appendFileSync(session.path, this.#headed(session) + this.#taken(session, next))
    }
    const again = lost.filter(() => this.#random.chance(0.5)) // some of its lines come back
    const text = this.#headed(session) + this.#taken(session, [...again, ...next])
    writeFileSync(`${session.path}.new`, text)
    renameSync(`${session.path}.new`, session.path)
  }

  async #untilSeen(session: Session, patient: () => Promise<boolean>): Promise<boolean> {
    while (!this.isSeen(session)) if (!(await patient())) return false
    return true
  }

  #giveUp(session: Session, id: string): void {
    this.required.get(session.name)!.delete(id)
    this.optional.add(id)
  }

  #headed({ name }: Session): string {
    const head = this.#dialect.head(name)
    return head.map((record) => `${JSON.stringify(record)}\n`).join('')
  }

  #turn(session: Session): { id: string; text: string }[] {
    const n = ++session.turns
    const words = this.#random.chance(LARGE_SHARE) ? 'flour and water '.repeat(10_000) : `bake the bread number ${n}`
    return this.#dialect.turn(session.name, n, words).map(({ id, record }) => ({ id, text: JSON.stringify(record) }))
  }

  #taken(session: Session, lines: readonly { readonly id: string; readonly text: string }[]): string {
    session.lines.push(...lines)
    this.did.lines += lines.length
    for (const { id } of lines) if (!this.optional.has(id)) this.required.get(session.name)!.add(id)
    return lines.map(({ text }) => `${text}\n`).join('')
  }
}
