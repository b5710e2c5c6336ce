// The live state of the page and the only place it is set. Effects (socket, timers, frames, REST) come in as ports.
// Whatever arrives between two frames is taken in one go, so a busy stream costs one drawing per frame.
import type { StoryRecord } from '../../folds/record.ts'
import type { LiveItem, ServerMessage, TurnStory } from '../../wire/live.ts'
import type { RecordsAnswer, SessionsAnswer } from '../../wire/rest.ts'
import type { RecordsWish } from './api.ts'
import { type Link, type LinkCommand, type LinkInput, startLink, stepLink } from './link.ts'
import { noSessions, type Sessions, type Turns, withHeard, withPage, withTurns } from './sessions.ts'
import { emptyTail, recordsAfter, type Tail, withItems } from './tail.ts'
import {
  beforeFirst,
  type Lane,
  laneKey,
  type RecordWindow,
  windowOf,
  withLive,
  withNewer,
  withOlder,
} from './window.ts'

export interface Socket {
  send(text: string): void
  close(): void
}
export interface Ports {
  openSocket(on: { opened(): void; heard(text: string): void; closed(): void }): Socket
  loadSessions(before: string | null): Promise<SessionsAnswer>
  loadRecords(wish: RecordsWish): Promise<RecordsAnswer>
  // Runs later, once: in the next frame, or after some milliseconds. Returns how to take it back.
  inFrame(run: () => void): void
  after(ms: number, run: () => void): () => void
}

// A window that is being asked for, is there, or could not be had.
export type WindowState =
  | { readonly status: 'loading' }
  | { readonly status: 'failed'; readonly error: Error }
  | ReadyWindow
export interface ReadyWindow {
  readonly status: 'ready'
  readonly window: RecordWindow
  readonly busy: 'older' | 'newer' | null
  readonly error: Error | null
}

export interface LiveState {
  readonly link: Link
  readonly trouble: Error | null // why there is no snapshot
  readonly loaded: boolean // a snapshot has been there once
  readonly sessions: Sessions
  readonly windows: ReadonlyMap<string, WindowState>
  readonly turns: ReadonlyMap<string, Turns> // what the stream told of turns, by session
  readonly heard: readonly StoryRecord[] // the last of all sessions since the page was opened, oldest first
}

export const RECORDS_A_PAGE = 150
const WINDOWS_KEPT = 8
const GREETING_MS_MAX = 10_000
const PENDING_MAX = 4_000
const JOIN_TRIES = 5
const HEARD_KEPT = 200

export class LiveStore {
  #state: LiveState = {
    link: startLink().link,
    trouble: null,
    loaded: false,
    sessions: noSessions,
    windows: new Map(),
    turns: new Map(),
    heard: [],
  }
  // Null while there is no snapshot: pages of records cannot be joined to a stream that has not begun.
  #tail: Tail | null = null
  #whenJoined: (() => void)[] = []
  #socket: Socket | null = null
  #stopDeadline: () => void = () => {}
  #pending: { items: LiveItem[]; to: number } | null = null
  readonly #listeners = new Set<() => void>()
  readonly #asked = new Map<string, number>() // window → number of the question whose answer counts
  readonly #around = new Map<string, string | null>() // window → what it was opened around last
  #questions = 0
  readonly #ports: Ports

  constructor(ports: Ports) {
    this.#ports = ports
  }

  readonly state = (): LiveState => this.#state
  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  start(): void {
    for (const command of startLink().commands) this.#run(command)
  }

  // The machine is back on the network or in front of someone: do not wait any longer.
  wake(): void {
    this.#step({ what: 'due' })
  }

  async moreSessions(): Promise<void> {
    const { next } = this.#state.sessions
    if (next === null) return
    const page = await this.#ports.loadSessions(next)
    if (this.#state.sessions.next === next) this.#set({ sessions: withPage(this.#state.sessions, page, true) })
  }

  // Rows that another question brought; the list itself goes on where it was.
  keepSessions(page: SessionsAnswer): void {
    this.#set({ sessions: withPage(this.#state.sessions, page, false) })
  }

  // Makes sure the window is there, or on its way, and holds the event asked for or the end of the session.
  openWindow(lane: Lane, around: string | null): void {
    const key = laneKey(lane)
    const held = this.#ready(key)
    if (held && (around === null ? !held.window.more.after : held.window.ids.has(around))) {
      this.#setWindow(key, held)
      return
    }
    // On its way already: asked again, the first answer would be thrown away.
    if (this.#state.windows.get(key)?.status === 'loading' && this.#around.get(key) === around) return
    this.#around.set(key, around)
    const question = this.#ask(key)
    this.#setWindow(key, { status: 'loading' })
    const load = () =>
      this.#load(lane, around, () => this.#asked.get(key) === question).then(
        (window) =>
          this.#isStill(key, question) && this.#setWindow(key, { status: 'ready', window, busy: null, error: null }),
        (error: Error) => this.#isStill(key, question) && this.#setWindow(key, { status: 'failed', error }),
      )
    if (this.#tail === null) this.#whenJoined.push(load)
    else void load()
  }

  growWindow(lane: Lane, end: 'older' | 'newer'): void {
    const key = laneKey(lane)
    const held = this.#ready(key)
    if (!held || held.busy !== null || !held.window.more[end === 'older' ? 'before' : 'after']) return
    const question = this.#ask(key)
    this.#setWindow(key, { ...held, busy: end, error: null })
    const done = (change: (now: ReadyWindow) => ReadyWindow) => {
      const now = this.#ready(key)
      if (now && this.#isStill(key, question)) this.#setWindow(key, change(now))
    }
    this.#ports.loadRecords(pageWish(held.window, end)).then(
      (page) => done((now) => ({ ...now, window: this.#grown(now.window, end, page), busy: null })),
      (error: Error) => done((now) => ({ ...now, busy: null, error })),
    )
  }

  #set(change: Partial<LiveState>): void {
    this.#state = { ...this.#state, ...change }
    for (const listener of this.#listeners) listener()
  }
  #setWindow(key: string, window: WindowState): void {
    const windows = new Map(this.#state.windows)
    windows.delete(key) // to the end: the map's order is how long ago each was used
    windows.set(key, window)
    const [oldest] = windows.keys()
    if (windows.size > WINDOWS_KEPT && oldest !== undefined) windows.delete(oldest)
    this.#set({ windows })
  }
  #ready(key: string): ReadyWindow | null {
    const window = this.#state.windows.get(key)
    return window?.status === 'ready' ? window : null
  }
  #ask(key: string): number {
    this.#asked.set(key, ++this.#questions)
    return this.#questions
  }
  #isStill(key: string, question: number): boolean {
    return this.#asked.get(key) === question && this.#state.windows.has(key)
  }

  #step(input: LinkInput): void {
    const before = this.#state.link
    const { link, commands } = stepLink(before, input)
    // A new number alone changes nothing that is drawn.
    if (link.at === 'live' && before.at === 'live' && link.lag === before.lag) this.#state = { ...this.#state, link }
    else if (link !== before) this.#set({ link })
    for (const command of commands) this.#run(command)
  }

  #run(command: LinkCommand): void {
    if (command.do === 'load') this.#loadSnapshot()
    else if (command.do === 'open') this.#openSocket()
    else if (command.do === 'close') this.#closeSocket()
    else if (command.do === 'hello') this.#socket?.send(JSON.stringify({ type: 'hello', from: command.from }))
    else if (command.do === 'take') this.#take(command.items, command.to)
    else if (command.do === 'forget') this.#forget()
    else this.#ports.after(command.ms, () => this.#step({ what: 'due' }))
  }

  #loadSnapshot(): void {
    this.#ports.loadSessions(null).then(
      (page) => {
        this.#tail = emptyTail(page.seq)
        this.#set({ sessions: withPage(noSessions, page, true), trouble: null, loaded: true })
        this.#step({ what: 'snapshot', seq: page.seq })
        for (const load of this.#whenJoined.splice(0)) load()
      },
      (error: Error) => {
        this.#set({ trouble: error })
        this.#step({ what: 'snapshot_failed' })
      },
    )
  }

  #openSocket(): void {
    this.#closeSocket()
    const isMine = () => this.#socket === mine
    const mine: Socket = this.#ports.openSocket({
      opened: () => isMine() && this.#step({ what: 'opened' }),
      heard: (text) => {
        if (!isMine()) return
        this.#step({ what: 'message', message: JSON.parse(text) as ServerMessage })
        if (this.#state.link.at === 'live') this.#stopDeadline()
      },
      closed: () => isMine() && this.#step({ what: 'closed' }),
    })
    this.#socket = mine
    this.#stopDeadline = this.#ports.after(GREETING_MS_MAX, () => {
      if (isMine() && this.#state.link.at !== 'live') this.#step({ what: 'closed' })
    })
  }
  #closeSocket(): void {
    const old = this.#socket
    this.#socket = null
    this.#stopDeadline()
    old?.close()
  }

  // Items wait for the frame; too many of them do not.
  #take(items: readonly LiveItem[], to: number): void {
    if (this.#pending === null) {
      this.#pending = { items: [], to }
      this.#ports.inFrame(() => this.#flush())
    }
    for (const item of items) this.#pending.items.push(item)
    this.#pending.to = to
    if (this.#pending.items.length > PENDING_MAX) this.#flush()
  }

  #flush(): void {
    if (this.#pending === null || this.#tail === null) return
    const { items, to } = this.#pending
    this.#pending = null
    this.#tail = withItems(this.#tail, items, to)
    const records = items.flatMap((item) => (item.kind === 'record' ? [item.record] : []))
    this.#set({
      sessions: withHeard(this.#state.sessions, items),
      windows: records.length > 0 ? windowsAfter(this.#state.windows, records) : this.#state.windows,
      turns: turnsAfter(this.#state.turns, items),
      heard: records.length > 0 ? [...this.#state.heard, ...records].slice(-HEARD_KEPT) : this.#state.heard,
    })
  }

  // Who shows a window asks for it again when it is gone.
  #forget(): void {
    this.#pending = null
    this.#tail = null
    this.#asked.clear()
    this.#whenJoined = []
    this.#set({ windows: new Map(), turns: new Map() })
  }

  // The index may trail the stream a little: a page that does not reach the kept part of the stream is asked for again.
  async #load(lane: Lane, around: string | null, isWanted: () => boolean): Promise<RecordWindow> {
    const wish = { ...lane, limit: RECORDS_A_PAGE, ...(around !== null && { around }) }
    for (let attempt = 0; attempt < JOIN_TRIES && isWanted(); attempt++) {
      const page = await this.#ports.loadRecords(wish)
      const window = this.#joined(windowOf(lane, page), page.seq)
      if (window !== null) return window
      await new Promise<void>((resolve) => this.#ports.after(200 * 2 ** attempt, resolve))
    }
    throw new Error('The index is too far behind the live stream. Try again in a moment.')
  }

  // What was heard before the answer came belongs into the window too; null where the tail does not reach back to it.
  #joined(window: RecordWindow, seq: number): RecordWindow | null {
    this.#flush()
    if (window.more.after) return window
    const heard = this.#tail === null ? null : recordsAfter(this.#tail, seq)
    return heard === null ? null : withLive(window, heard)
  }

  #grown(window: RecordWindow, end: 'older' | 'newer', page: RecordsAnswer): RecordWindow {
    if (end === 'older') return withOlder(window, window.first === null ? beforeFirst(window, page) : page)
    const newer = withNewer(window, page)
    // Not joined: the window stays open at its end, and the next page asked for brings the rest.
    return this.#joined(newer, page.seq) ?? { ...newer, more: { ...newer.more, after: true } }
  }
}

function windowsAfter(windows: ReadonlyMap<string, WindowState>, records: readonly StoryRecord[]) {
  const next = new Map<string, WindowState>()
  for (const [key, held] of windows) {
    const window = held.status === 'ready' ? withLive(held.window, records) : null
    next.set(key, held.status === 'ready' && window !== null && window !== held.window ? { ...held, window } : held)
  }
  return next
}

function pageWish(window: RecordWindow, end: 'older' | 'newer'): RecordsWish {
  const lane = { session: window.session, agent: window.agent, limit: RECORDS_A_PAGE }
  if (end === 'newer') return window.last === null ? lane : { ...lane, after: window.last }
  const [first] = window.records
  if (window.first !== null) return { ...lane, before: window.first }
  return first === undefined ? lane : { ...lane, around: first.id, limit: RECORDS_A_PAGE * 2 }
}

function turnsAfter(turns: ReadonlyMap<string, Turns>, items: readonly LiveItem[]): ReadonlyMap<string, Turns> {
  const told = items.filter((item) => item.kind === 'turn').map((item) => item.turn)
  if (told.length === 0) return turns
  const next = new Map(turns)
  const bySession = Map.groupBy(told, (turn: TurnStory) => turn.session)
  for (const [session, some] of bySession) next.set(session, withTurns(next.get(session) ?? new Map(), some))
  return next
}
