// Files as they were after each step, each line with the call that made it. Pure but for the map it keeps.
// What was recorded of a file is held against what was worked out: the record wins, and each such check is told to whoever listens.
import {
  agrees,
  agreesInPart,
  appended,
  type Content,
  doubted,
  edited,
  type Line,
  NOTHING_KNOWN,
  patched,
  recordedAs,
  seen,
  seenInPart,
  textOfLines,
  written,
} from './content.ts'
import type { Call, Doing, Step } from './doing.ts'
import { type Cell, withCell } from './notebook.ts'
import type { Hunk } from './patch.ts'
import { isUnder, nameOf } from './path.ts'

export interface FileState {
  readonly path: string
  readonly content: Content<Call>
  readonly gone: boolean
  readonly steps: number // that changed it
  readonly last: Call | null // that changed it
  readonly sinceSeen: number // steps that changed it since its content was recorded
  readonly touched: boolean // something may have changed it since then
  readonly versions: readonly (readonly Line<Call>[])[] // what it was after each step, as far as known
}

const VERSIONS_MAX = 200

export interface Check {
  readonly path: string
  readonly what: 'before' | 'whole' | 'part' | 'places'
  readonly hit: boolean
  readonly edits: number // steps that were replayed since the content was last recorded
  readonly touched: boolean
  readonly call: Call // whose result has the record
  readonly since: Call | null // that changed the file last
  readonly expected: string
  readonly replayed: string
}

export class Replay {
  readonly files = new Map<string, FileState>()
  readonly #onCheck: (check: Check) => void

  constructor(onCheck: (check: Check) => void = () => {}) {
    this.#onCheck = onCheck
  }

  apply({ call, doing, unsure }: Step): void {
    switch (doing.is) {
      case 'write':
      case 'append':
      case 'edit':
      case 'patch':
      case 'cell':
        return this.#change(doing.path, doing, call, unsure)
      case 'remove':
        return this.#remove(doing.path, call, unsure)
      case 'move':
      case 'copy':
        return unsure ? this.#touch([doing.from, doing.to]) : this.#move(doing, call)
      case 'touch':
        return this.#touch(this.#meant(doing))
      case 'show':
        return this.#show(doing, call)
      case 'glimpse':
        return this.#glimpse(doing, call)
      case 'places':
        return this.#places(doing.path, doing.hunks, call)
    }
  }

  #state(path: string): FileState {
    return this.files.get(path) ?? newState(path)
  }

  #change(path: string, doing: Doing, call: Call, unsure: boolean): void {
    const state = this.#state(path)
    const before = state.gone ? { lines: [], pieces: [] } : state.content
    const { content, known } = changed(before, doing, call)
    const after = unsure || !known ? doubted(content) : content
    this.files.set(path, {
      ...state,
      content: after,
      gone: false,
      steps: state.steps + 1,
      sinceSeen: state.sinceSeen + 1,
      last: call,
      touched: state.touched || unsure || !known,
      versions: withVersion(state.versions, after),
    })
  }

  #remove(path: string, call: Call, unsure: boolean): void {
    const paths = this.#under(path)
    if (unsure) return this.#touch(paths)
    for (const each of paths) {
      const state = this.#state(each)
      this.files.set(each, { ...state, gone: true, steps: state.steps + 1, last: call })
    }
    if (paths.length === 0) this.files.set(path, { ...newState(path), gone: true, steps: 1, last: call })
  }

  // Of a folder, all that is known in it.
  #move({ is, from, to }: Extract<Doing, { is: 'move' | 'copy' }>, call: Call): void {
    const paths = this.#under(from)
    const isFolder = this.#under(to).some((path) => path !== to) && !this.files.has(to)
    const target = isFolder ? `${to}/${nameOf(from)}` : to
    for (const path of paths) {
      const state = this.#state(path)
      if (state.gone) continue
      const place = target + path.slice(from.length)
      this.files.set(place, { ...state, path: place, steps: state.steps + 1, last: call })
      if (is === 'move') this.files.set(path, { ...state, gone: true, steps: state.steps + 1, last: call })
    }
  }

  #touch(paths: readonly string[]): void {
    for (const path of paths) {
      const state = this.files.get(path)
      if (state !== undefined && !state.gone)
        this.files.set(path, { ...state, touched: true, content: doubted(state.content) })
    }
  }

  #meant({ paths, under, named }: Extract<Doing, { is: 'touch' }>): string[] {
    if (paths.length > 0) return paths.flatMap((path) => this.#under(path))
    return [...this.files.keys()].filter(
      (path) => (under !== null && isUnder(path, under)) || named?.includes(nameOf(path)),
    )
  }

  #under = (folder: string): string[] => [...this.files.keys()].filter((path) => isUnder(path, folder))

  #show({ path, when, text }: Extract<Doing, { is: 'show' }>, call: Call): void {
    const state = this.#state(path)
    const hit = state.gone ? text === '' : agrees(state.content, text)
    this.#tell(state, when === 'before' ? 'before' : 'whole', hit, call, text)
    const content = seen(state.gone ? NOTHING_KNOWN : state.content, text)
    this.#saw(state, content)
  }

  #glimpse({ path, from, texts }: Extract<Doing, { is: 'glimpse' }>, call: Call): void {
    const state = this.#state(path)
    if (state.gone) return
    const hit = agreesInPart(state.content, from, texts)
    this.#tell(state, 'part', hit, call, texts.join('\n'), from)
    const content = seenInPart(state.content, from, texts)
    const touched = state.touched || hit === false
    this.files.set(path, { ...state, content, touched, versions: withVersion(state.versions, content) })
  }

  // The places that a call changed, as they are behind it.
  #places(path: string, hunks: readonly Hunk[], call: Call): void {
    if (this.#state(path).content.lines === null) return
    for (const hunk of hunks) {
      const { now } = hunk
      if (now.every((text) => text.trim() === '')) continue
      const state = this.#state(path)
      const done = recordedAs(state.content, hunk)
      this.#tell(state, 'places', done?.ok ?? false, call, now.join('\n'))
      if (done === null) this.#touch([path])
      else
        this.files.set(path, {
          ...state,
          content: done.content,
          versions: [...state.versions.slice(0, -1), done.content.lines!],
        })
    }
  }

  #saw(state: FileState, content: Content<Call>): void {
    const versions = withVersion(state.versions, content)
    this.files.set(state.path, { ...state, content, gone: false, sinceSeen: 0, touched: false, versions })
  }

  #tell(state: FileState, what: Check['what'], hit: boolean | null, call: Call, expected: string, from = 0): void {
    if (hit === null) return
    const { path, sinceSeen, touched, content, last } = state
    const all = content.lines === null ? '' : textOfLines(content.lines)
    const part = () =>
      all
        .split('\n')
        .slice(from - 1, from - 1 + expected.split('\n').length)
        .join('\n')
    const replayed = hit ? expected : from > 0 ? part() : all
    this.#onCheck({ path, what, hit, edits: sinceSeen, touched, call, since: last, expected, replayed })
  }
}

const newState = (path: string): FileState => ({
  path,
  content: NOTHING_KNOWN,
  gone: false,
  steps: 0,
  last: null,
  sinceSeen: 0,
  touched: false,
  versions: [],
})

const withVersion = (versions: FileState['versions'], { lines }: Content<Call>): FileState['versions'] =>
  lines === null || versions.at(-1) === lines ? versions : [...versions.slice(-VERSIONS_MAX + 1), lines]

// `known`: what the call did is known to the letter.
function changed(before: Content<Call>, doing: Doing, call: Call): { content: Content<Call>; known: boolean } {
  switch (doing.is) {
    case 'write':
      if (doing.text === null) return { content: NOTHING_KNOWN, known: true }
      return { content: written(before, doing.text, call), known: true }
    case 'append':
      if (doing.text === null) return { content: before, known: false }
      return { content: appended(before, doing.text, call), known: true }
    case 'edit': {
      const { content, ok } = edited(before, doing.edits, call)
      return { content, known: ok }
    }
    case 'patch': {
      const { content, ok } = patched(before, doing.hunks, call)
      return { content, known: ok }
    }
    case 'cell':
      return notebook(before, doing.cell, call)
    default:
      return { content: before, known: true }
  }
}

function notebook(before: Content<Call>, cell: Cell, call: Call): { content: Content<Call>; known: boolean } {
  const text = before.lines === null ? null : withCell(textOfLines(before.lines), cell)
  return text === null
    ? { content: before, known: before.lines === null }
    : { content: written(before, text, call), known: true }
}
