// A file: every turn that changed or read it, the latest first, each with its prompt, its cost, and the calls that did it; or its lines.
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query'
import type { FileAnswer, FileTurn } from '../../../wire/files.ts'
import { askFile } from '../../state/api.ts'
import { FILE_WHATS, type FileWhat, fileAt, filesMadeBy } from '../../state/files-route.ts'
import { go, useLabel, useNow } from '../../state/hooks.ts'
import { hrefOf } from '../../state/route.ts'
import { Flat } from '../../ui/read-markdown.ts'
import { clock, counted, elided, fullTime, when } from '../../ui/words.ts'
import { FileLines } from './lines.tsx'
import { moneyOf, placeOf, totalsOf } from './model.ts'
import { Answer, Change, Crumbs, FileName, Frame, LineCounts, MoreButton, placeText } from './parts.tsx'

const TURNS_A_PAGE = 50
const PATHS_SHOWN = 12

export function FilePage({ path, what }: { path: string; what: FileWhat }) {
  const which = what === 'lines' ? 'all' : what
  const pages = useInfiniteQuery({
    queryKey: ['file', path, which],
    queryFn: ({ pageParam, signal }) => askFile({ path, what: which, limit: TURNS_A_PAGE, offset: pageParam }, signal),
    initialPageParam: 0,
    getNextPageParam: (page) => page.next,
    placeholderData: keepPreviousData,
    staleTime: 5_000,
    retry: false,
  })
  const first = pages.data?.pages[0]
  const turns = pages.data?.pages.flatMap((page) => page.turns) ?? []
  const { name, folder } = placeOf(first?.paths.length === 1 ? first.paths[0]! : path)
  return (
    <Frame label={`The file ${name}`}>
      <header className="explore-head">
        <Crumbs />
        <h1>{name}</h1>
        {folder !== '' && <p className="file-folder">{folder}</p>}
        {first && first.paths.length > 0 && (
          <ul className="file-facts" aria-label="All in all">
            {totalsOf(first.totals).map((text) => (
              <li key={text}>{text}</li>
            ))}
            {first.totals.added + first.totals.removed > 0 && (
              <li>
                <LineCounts added={first.totals.added} removed={first.totals.removed} /> lines
              </li>
            )}
          </ul>
        )}
        <Whats path={path} what={what} />
      </header>
      <Answer what="this file" asked={pages}>
        {what === 'lines' && first && first.paths.length > 0 ? (
          <FileLines paths={first.paths} />
        ) : (
          <FileTurns path={path} which={which} pages={pages} first={first} turns={turns} />
        )}
      </Answer>
    </Frame>
  )
}

interface TurnsProps {
  readonly path: string
  readonly which: Exclude<FileWhat, 'lines'>
  readonly pages: Parameters<typeof MoreButton>[0]['pages']
  readonly first: FileAnswer | undefined
  readonly turns: readonly FileTurn[]
}
function FileTurns({ path, which, pages, first, turns }: TurnsProps) {
  return (
    <>
      {first && first.paths.length > 1 && <Namesakes paths={first.paths} />}
      {turns.length === 0 ? (
        <p className="none">{first?.paths.length === 0 ? nobody(path) : `No turn ${saidOf[which]} it.`}</p>
      ) : (
        <ol className="touches">
          {turns.map((turn) => (
            <TurnRow key={turn.turn} turn={turn} />
          ))}
        </ol>
      )}
      <MoreButton pages={pages} what="turns" />
    </>
  )
}

const WHAT_WORDS: Readonly<Record<FileWhat, string>> = {
  all: 'Changed or read',
  changed: 'Changed',
  read: 'Read',
  lines: 'Lines',
}
const saidOf: Readonly<Record<Exclude<FileWhat, 'lines'>, string>> = {
  all: 'touched',
  changed: 'changed',
  read: 'read',
}
const nobody = (path: string): string => `No agent touched ${placeText(path)}, as far as the record goes.`

function Whats({ path, what }: { path: string; what: FileWhat }) {
  return (
    <fieldset className="filters" aria-label="Which turns, or its lines">
      {FILE_WHATS.map((each) => (
        <button
          key={each}
          type="button"
          className="chip"
          aria-pressed={what === each}
          onClick={() => go({ view: 'explore', files: fileAt(path, each) }, 'replace')}
        >
          {WHAT_WORDS[each]}
        </button>
      ))}
    </fieldset>
  )
}

// The end of a path may be that of several files.
function Namesakes({ paths }: { paths: readonly string[] }) {
  return (
    <details className="namesakes" open={paths.length <= 3}>
      <summary>{counted(paths.length, 'file ends', 'files end')} so</summary>
      <ul>
        {paths.slice(0, PATHS_SHOWN).map((path) => (
          <li key={path}>
            <FileName path={path} />
          </li>
        ))}
        {paths.length > PATHS_SHOWN && <li className="aside">and {paths.length - PATHS_SHOWN} more</li>}
      </ul>
    </details>
  )
}

const PROMPT_CUT = 160

function TurnRow({ turn }: { turn: FileTurn }) {
  const nowMs = useNow()
  const label = useLabel(turn.agent)
  const last = turn.touches.at(-1)
  const changes = turn.touches.filter(({ change }) => change !== 'read')
  const money = moneyOf(turn)
  const time = last?.time ?? turn.started
  return (
    <li className="touch" data-row tabIndex={-1}>
      <div className="touch-margin">
        <time dateTime={time ?? undefined} title={fullTime(time)}>
          {when(time, nowMs)}
        </time>
        <span>{clock(time)}</span>
      </div>
      <div className="touch-body">
        <h2>
          <a href={hrefOf({ view: 'story', session: turn.session, turn: turn.turn })} data-opens>
            {turn.sentence}
          </a>
        </h2>
        {turn.prompt && turn.prompt.text !== '' && (
          <p className="touch-prompt">
            {turn.agent_id !== null && <span className="aside">asked of the main agent: </span>}“
            <Flat text={elided(turn.prompt.text.slice(0, PROMPT_CUT), PROMPT_CUT)} />”
          </p>
        )}
        <ul className="touch-facts" aria-label="What it did to the file">
          {turn.change !== 'read' && (
            <li>
              <CallLink turn={turn} event={changes[0]?.event ?? null}>
                <Change change={turn.change} /> <LineCounts added={turn.added} removed={turn.removed} />
                {changes.length > 1 && <span>{counted(changes.length, 'call')}</span>}
              </CallLink>
            </li>
          )}
          {turn.reads > 0 && (
            <li>
              <CallLink turn={turn} event={turn.touches.find(({ change }) => change === 'read')?.event ?? null}>
                <Change change="read" /> {turn.reads > 1 && <span>{turn.reads} times</span>}
              </CallLink>
            </li>
          )}
          {turn.prompt && (
            <li>
              <a
                className="touch-fact"
                href={hrefOf({ view: 'explore', files: filesMadeBy(turn.prompt.turn) })}
                title="All files of this prompt, with what it cost"
              >
                files of this prompt{money !== null && <span> · {money}</span>}
              </a>
            </li>
          )}
        </ul>
        <p className="aside">
          {turn.agent_id !== null && <span>{turn.agent_type ?? 'a subagent'} of </span>}
          {label} · <a href={hrefOf({ view: 'live', session: turn.session })}>{turn.title ?? 'Untitled session'}</a>
        </p>
      </div>
    </li>
  )
}

// To the call itself, in Live.
function CallLink({ turn, event, children }: { turn: FileTurn; event: string | null; children: React.ReactNode }) {
  return (
    <a
      className="touch-fact"
      href={hrefOf({ view: 'live', session: turn.session, agent: turn.agent_id, event })}
      title="Open the call in Live"
    >
      {children}
    </a>
  )
}
