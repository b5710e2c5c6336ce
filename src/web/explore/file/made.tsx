// What one prompt made: its files as they were when it was done, subagents’ included, with its tokens and its cost.
import { useQuery } from '@tanstack/react-query'
import type { MadeFile, TurnFilesAnswer } from '../../../wire/files.ts'
import { askTurnFiles } from '../../state/api.ts'
import { hrefOf } from '../../state/route.ts'
import { Flat } from '../../ui/read-markdown.ts'
import { counted, fullTime } from '../../ui/words.ts'
import { madeOf, placeOf, spentOf } from './model.ts'
import { Answer, Change, Crumbs, FileName, Frame, LineCounts } from './parts.tsx'

const READ_SHOWN = 10

export function MadePage({ by }: { by: string }) {
  const asked = useQuery({
    queryKey: ['files of', by],
    queryFn: ({ signal }) => askTurnFiles(by, signal),
    staleTime: 5_000,
    retry: false,
  })
  return (
    <Frame label="Files of a prompt">
      <Answer what="the files of this prompt" asked={asked}>
        {asked.data && <Made answer={asked.data} />}
      </Answer>
    </Frame>
  )
}

function Made({ answer }: { answer: TurnFilesAnswer }) {
  const { prompt, session, turn, files, made } = answer
  const isAside = ({ aside }: MadeFile) => aside
  const changed = files.filter((file) => file.change !== 'read' && !isAside(file))
  const aside = files.filter((file) => file.change !== 'read' && isAside(file))
  const read = files.filter((file) => file.change === 'read')
  return (
    <>
      <header className="explore-head">
        <Crumbs />
        <h1>{prompt === null ? `It ${madeOf(made)}` : `One prompt ${madeOf(made)}`}</h1>
        {prompt !== null && prompt.text !== '' && (
          <p className="made-prompt">
            “<Flat text={prompt.text} />”
          </p>
        )}
        <ul className="file-facts" aria-label="What it took">
          {spentOf(answer).map((text) => (
            <li key={text}>{text}</li>
          ))}
          <li>
            <a href={hrefOf({ view: 'story', session, turn })}>Read the turn</a>
          </li>
          <li>
            <a href={hrefOf({ view: 'live', session, event: prompt?.event ?? null })} title={fullTime(answer.started)}>
              See it happen
            </a>
          </li>
        </ul>
      </header>
      <Rows files={changed} answer={answer} />
      {aside.length > 0 && (
        <>
          <h2 className="made-head">Beside the work: plans, memories, scratch files</h2>
          <Rows files={aside} answer={answer} />
        </>
      )}
      {read.length > 0 && (
        <details className="made-read" open={changed.length === 0 || read.length <= READ_SHOWN}>
          <summary className="made-head">{counted(read.length, 'file was', 'files were')} only read</summary>
          <Rows files={read} answer={answer} />
        </details>
      )}
      {files.length === 0 && <p className="none">No file was changed or read.</p>}
    </>
  )
}

function Rows({ files, answer }: { files: readonly MadeFile[]; answer: TurnFilesAnswer }) {
  if (files.length === 0) return null
  return (
    <ol className="file-rows">
      {files.map((file) => (
        <li key={file.path} className="file-row made" data-row tabIndex={-1}>
          <Change change={file.change} />
          <FileName path={file.path} />
          <LineCounts added={file.added} removed={file.removed} />
          <span className="number">
            {file.from !== null && <span title={file.from}>was {placeOf(file.from).name} · </span>}
            {file.agents.some((agent) => agent !== null) && 'by a subagent · '}
            <a
              href={hrefOf({
                view: 'live',
                session: answer.session,
                agent: file.agents.at(-1) ?? null,
                event: file.events.at(-1) ?? null,
              })}
              title="Open the last of them in Live"
            >
              {counted(file.events.length, 'call')}
              <span className="quietly"> on {placeOf(file.path).name}, the last in Live</span>
            </a>
          </span>
        </li>
      ))}
    </ol>
  )
}
