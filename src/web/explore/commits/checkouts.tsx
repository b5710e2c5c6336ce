// The git checkouts of this machine that agents worked in, to choose from.
import { useQuery } from '@tanstack/react-query'
import type { CheckoutsAnswer } from '../../../wire/commits.ts'
import { askCheckouts } from '../../state/api.ts'
import { commitsOf } from '../../state/commits-route.ts'
import { useNow } from '../../state/hooks.ts'
import { hrefOf } from '../../state/route.ts'
import { ago, baseName, counted } from '../../ui/words.ts'
import { Answer, Frame } from '../file/parts.tsx'

export function Checkouts() {
  const asked = useQuery({
    queryKey: ['checkouts'],
    queryFn: ({ signal }) => askCheckouts(signal),
    staleTime: 30_000,
    retry: false,
  })
  return (
    <Frame label="Commits">
      <header className="explore-head">
        <h1>Commits</h1>
        <p className="aside">What of each commit agents wrote, by its content, with the prompts behind it.</p>
      </header>
      <Answer what="the checkouts" asked={asked}>
        {asked.data && <List answer={asked.data} />}
      </Answer>
    </Frame>
  )
}

function List({ answer: { checkouts, folders, more } }: { answer: CheckoutsAnswer }) {
  const nowMs = useNow()
  if (checkouts.length === 0)
    return (
      <p className="none">
        {folders === 0
          ? 'No session has said yet in which folder it works.'
          : `There is no git checkout on this machine in any of the ${counted(folders, 'folder')} that agents worked in.`}
      </p>
    )
  return (
    <>
      <ol className="checkouts">
        {checkouts.map(({ repo, sessions, ended }) => (
          <li key={repo} data-row tabIndex={-1}>
            <a href={hrefOf({ view: 'explore', commits: commitsOf(repo) })} data-opens>
              <b>{baseName(repo)}</b> <span className="file-folder">{repo}</span>
            </a>
            <span className="number">
              {counted(sessions, 'session')}
              {ended !== null && ` · ${ago(ended, nowMs)}`}
            </span>
          </li>
        ))}
      </ol>
      {more > 0 && (
        <p className="aside">Looked for in the latest {counted(folders, 'folder')} that agents worked in.</p>
      )}
    </>
  )
}
