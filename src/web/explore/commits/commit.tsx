// One commit: how much of it agents wrote and how sure that is, the prompts behind it, its files, and what lowers the confidence.
import { useQuery } from '@tanstack/react-query'
import type { CommitAnswer, CommitFile } from '../../../wire/commits.ts'
import { askCommit } from '../../state/api.ts'
import { fileAt } from '../../state/files-route.ts'
import { useLive, useNow } from '../../state/hooks.ts'
import { hrefOf } from '../../state/route.ts'
import { counted, dollars, fullTime, modelName, when } from '../../ui/words.ts'
import { Frame } from '../file/parts.tsx'
import { moneyOf, shaOf, sharePhrase, sureWords } from './model.ts'
import { Asked, Crumbs, PromptLink, ShareBar } from './parts.tsx'

export function CommitPage({ repo, commit }: { repo: string; commit: string }) {
  const asked = useQuery({
    queryKey: ['commit', repo, commit],
    queryFn: ({ signal }) => askCommit(repo, commit, signal),
    staleTime: 30_000,
    retry: false,
  })
  return (
    <Frame label="A commit">
      <header className="explore-head">
        <Crumbs repo={repo} />
        <h1>{asked.data?.subject || `Commit ${shaOf(commit)}`}</h1>
        {asked.data && <Facts commit={asked.data} />}
      </header>
      <Asked what="this commit" repo={repo} asked={asked}>
        {asked.data && <Inside repo={repo} commit={asked.data} />}
      </Asked>
    </Frame>
  )
}

function Facts({ commit }: { commit: CommitAnswer }) {
  const labels = useLive((state) => state.sessions.labels)
  const money = moneyOf(commit)
  const [maker] = commit.made_by
  return (
    <>
      <ul className="file-facts" aria-label="Facts">
        <li>
          <code title={commit.commit}>{shaOf(commit.commit)}</code>
        </li>
        <li>
          {commit.author}, {fullTime(commit.committed)}
        </li>
        {money !== null && (
          <li title="Each prompt as a whole, whatever else it did">
            {money} for all that its {counted(commit.prompts.length, 'prompt')} did
          </li>
        )}
        {commit.models.map(({ agent, model, lines }) => (
          <li key={`${agent} ${model}`}>
            {counted(lines, 'line')} by {labels[agent] ?? agent}
            {model !== null && `, ${modelName(model)}`}
          </li>
        ))}
        {maker !== undefined && (
          <li>
            <a href={hrefOf({ view: 'story', session: maker.session, turn: maker.turn, event: maker.event })}>
              {maker.rewritten ? 'Rewritten since an agent made it' : 'Made by an agent'}
            </a>
          </li>
        )}
      </ul>
      <div className="commit-share">
        <ShareBar lines={commit.lines} />
        <p>
          <b>{capital(sharePhrase(commit.lines))}</b>
          {commit.lines.agent > 0 && <span> {sureWords(commit.lines).join(' · ')}</span>}
        </p>
      </div>
    </>
  )
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1)

function Inside({ repo, commit }: { repo: string; commit: CommitAnswer }) {
  const nowMs = useNow()
  const { prompts, files, notes } = commit
  return (
    <>
      {prompts.length > 0 && (
        <>
          <h2 className="made-head">The turns in it</h2>
          <ol className="commit-prompts">
            {prompts.map((prompt) => (
              <li key={prompt.turn} className="commit" data-row tabIndex={-1}>
                <div className="commit-margin">
                  <time dateTime={prompt.started ?? undefined} title={fullTime(prompt.started)}>
                    {when(prompt.started, nowMs)}
                  </time>
                </div>
                <div className="commit-body">
                  <PromptLink prompt={prompt} />
                  <p className="commit-facts">
                    <span>{counted(prompt.lines, 'line')}</span>
                    <span>{dollars(prompt)}</span>
                  </p>
                </div>
              </li>
            ))}
          </ol>
        </>
      )}
      {files.length > 0 && (
        <>
          <h2 className="made-head">{counted(files.length, 'file')}</h2>
          <ul className="commit-files">
            {files.map((file) => (
              <File key={file.path} file={file} repo={repo} />
            ))}
          </ul>
        </>
      )}
      {notes.length > 0 && (
        <details className="commit-notes">
          <summary className="made-head">
            {counted(notes.length, 'thing lowers', 'things lower')} the confidence
          </summary>
          <ul>
            {notes.map((note) => (
              <li key={note}>{note}</li>
            ))}
          </ul>
        </details>
      )}
    </>
  )
}

function File({ file, repo }: { file: CommitFile; repo: string }) {
  return (
    <li className="commit-file" data-row tabIndex={-1}>
      <a
        href={hrefOf({ view: 'explore', files: fileAt(`${repo}/${file.path}`) })}
        title={file.from === null ? 'Its history' : `was ${file.from}`}
        data-opens
      >
        {file.path}
      </a>
      <span className="number">
        {file.skipped !== null
          ? file.skipped
          : file.added === 0
            ? 'no line added'
            : file.agent === 0
              ? `0 of ${file.added}`
              : `${file.agent} of ${file.added}`}
      </span>
      <ShareBar lines={file} />
    </li>
  )
}
