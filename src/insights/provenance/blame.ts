// Which call, of which prompt, made each line of a file: the sessions that touched it are replayed and laid over its text.
import { type Event, parseEvent } from '../../event/event.ts'
import { blameText, type Confidence, linesOfText } from '../../folds/provenance/blame.ts'
import { textOfLines } from '../../folds/provenance/content.ts'
import type { Call, Step } from '../../folds/provenance/doing.ts'
import { nameOf } from '../../folds/provenance/path.ts'
import { type FileState, Replay } from '../../folds/provenance/replay.ts'
import { inOrder, stepsOf } from '../../folds/provenance/steps.ts'
import type { StoreReader } from '../../stores/store.ts'
import type { BlameAnswer, BlameLine } from '../../wire/blame.ts'
import { type Asker, askers } from './asker.ts'
import { isSameFile, type Place } from './place.ts'

// How sessions are found that changed or read a file of this name, wherever it stands.
export interface SessionFinder {
  sessionsTouching(name: string): Promise<readonly { readonly session: string }[]>
}

export type BlameReader = Pick<StoreReader, 'session' | 'turns' | 'sentences' | 'work'> & Partial<SessionFinder>

export interface BlameQuestion extends Place {
  readonly text: string | null // the file as it is, or as a revision has it; null: as the record says it was last
  readonly source: BlameAnswer['source']
  readonly until?: string // RFC 3339: as it was then; nothing that was done later counts
}

const SESSIONS_MAX = 200
const NAMES_MAX = 20 // under which the file stood before

// Null: no session is known that touched the file, and there is no text.
export async function blameFile(reader: BlameReader, question: BlameQuestion): Promise<BlameAnswer | null> {
  const { path } = question
  const names = [...new Set([path, ...(question.aliases ?? [])].map(nameOf))].filter((name) => name !== '')
  if (names.length === 0) return null // a root is no file
  const { steps, folders } = await stepsOn(reader, names)
  const replay = new Replay()
  const isLater = ({ call: { time } }: Step) => question.until !== undefined && time !== null && time >= question.until
  for (const step of steps) if (!isLater(step)) replay.apply(step)
  const named = [path, ...(question.aliases ?? [])].flatMap((name) => replay.files.get(name) ?? [])
  const own = named.find(({ steps }) => steps > 0) ?? named[0]
  const others = [...replay.files.values()].filter(
    (file) => file !== own && [...folders.values()].some((cwd) => isSameFile(question, file.path, cwd)),
  )
  const known = own ?? (question.text === null ? onlyOne(others) : undefined)
  const text = question.text ?? (known === undefined ? null : lastText(known))
  if (text === null) return null
  const lines = laidOver(
    text,
    known,
    others.filter((file) => file !== known && file.steps > 0),
  )
  const asker = askers(reader)
  const told: BlameLine[] = []
  for (const [i, line] of lines.entries()) told.push(toldLine(i + 1, line, line.by && (await asker(line.by))))
  return {
    path: known?.path ?? path,
    source: question.source,
    sessions: [...new Set(lines.flatMap(({ by }) => (by === null ? [] : [by.session])))],
    lines: told,
    notes: notesOn(question, known, told),
  }
}

type Folders = ReadonlyMap<string, string> // where each session worked

// All that is known to have happened to files of these names, in the order of time, under the names it had before as well.
export async function stepsOn(
  reader: BlameReader,
  first: readonly string[],
): Promise<{ steps: readonly Step[]; folders: Folders }> {
  const names = [...first]
  const folders = new Map<string, string>()
  for (let asked = 0; ; ) {
    const sessions = new Set<string>()
    for (const name of names) for (const session of await sessionsNaming(reader, name)) sessions.add(session)
    const events: Event[] = []
    for (const session of [...sessions].slice(0, SESSIONS_MAX)) {
      const cwd = (await reader.session(session))?.cwd
      if (cwd) folders.set(session, cwd)
      for (const text of await reader.work(session, names)) events.push(parseEvent(text))
    }
    const steps = stepsOf(inOrder(events), folders)
    asked = names.length
    for (const { doing } of steps) {
      if ((doing.is !== 'move' && doing.is !== 'copy') || !names.includes(nameOf(doing.to))) continue
      if (!names.includes(nameOf(doing.from)) && names.length < NAMES_MAX) names.push(nameOf(doing.from))
    }
    if (names.length === asked) return { steps, folders }
  }
}

const PAGE = 500

async function sessionsNaming(reader: BlameReader, name: string): Promise<readonly string[]> {
  if (reader.sessionsTouching !== undefined) return (await reader.sessionsTouching(name)).map(({ session }) => session)
  const sessions = new Set<string>()
  for (let before: string | null = null; ; ) {
    const page = await reader.sentences({ file: name, limit: PAGE, ...(before !== null && { before }) })
    for (const { session } of page.turns) sessions.add(session)
    before = page.next
    if (before === null) return [...sessions]
  }
}

const onlyOne = (files: readonly FileState[]): FileState | undefined => (files.length === 1 ? files[0] : undefined)

// The last content that is known as a whole.
function lastText({ content, versions }: FileState): string | null {
  const lines = content.lines ?? versions.at(-1)
  return lines === undefined ? null : textOfLines(lines)
}

interface Laid {
  readonly text: string
  readonly by: Call | null
  readonly confidence: Confidence
  readonly elsewhere: string | null
}

// What another place of the same file says counts only where the file's own history says nothing, and never for certain.
function laidOver(text: string, own: FileState | undefined, others: readonly FileState[]): Laid[] {
  const lines: Laid[] =
    own === undefined
      ? linesOfText(text).map((line) => ({ text: line, by: null, confidence: 'unknown', elsewhere: null }))
      : blameText(own, text).map((line) => ({ ...line, elsewhere: null }))
  for (const other of others) {
    if (lines.every(({ by }) => by !== null)) break
    for (const [i, { text: line, by }] of blameText(other, text).entries())
      if (by !== null && lines[i]!.by === null)
        lines[i] = { text: line, by, confidence: 'inferred', elsewhere: other.path }
  }
  return lines
}

const toldLine = (line: number, { text, by, confidence, elsewhere }: Laid, asker: Asker | null): BlameLine => ({
  line,
  text,
  turn: asker?.turn ?? null,
  session: by?.session ?? null,
  prompt: asker?.prompt ?? null,
  agent: by?.agent ?? null,
  model: by?.model ?? null,
  time: by?.time ?? null,
  confidence,
  event: by?.event ?? null,
  prompt_event: asker?.promptEvent ?? null,
  agent_id: by?.agentId ?? null,
  elsewhere,
})

export const ELSEWHERE = 'some lines were written in another place of the same file'

function notesOn(question: BlameQuestion, known: FileState | undefined, lines: readonly BlameLine[]): string[] {
  const notes: string[] = []
  if (question.text === null && known?.gone) notes.push('the record says that it was removed or moved away')
  if (known !== undefined && known.path !== question.path) notes.push(`the record has it as ${known.path}`)
  const places = new Set(lines.flatMap(({ elsewhere }) => (elsewhere === null ? [] : [elsewhere])))
  if (places.size > 0) notes.push(`${ELSEWHERE}: ${[...places].join(', ')}`)
  if (known?.touched) notes.push('something changed it, or may have, without a record since it was last seen')
  return notes
}
