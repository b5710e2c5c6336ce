// The turns of both, those that were asked for alike in one row.
import type { Pair } from '../../../folds/compare/align.ts'
import type { SessionSummary, TurnStory } from '../../../wire/live.ts'
import { hrefOf } from '../../state/route.ts'
import { Flat } from '../../ui/read-markdown.ts'
import { costOf, counted, duration, elided } from '../../ui/words.ts'

const PROMPT_MAX = 400

interface Props {
  readonly pairs: readonly Pair<TurnStory>[]
  readonly more: number
  readonly a: SessionSummary
  readonly b: SessionSummary
}
export function AlignedTurns({ pairs, more, a, b }: Props) {
  const alike = pairs.filter((pair) => pair.a && pair.b).length
  return (
    <section className="compare-part">
      <h2>Turns</h2>
      <p className="aside compare-note">
        {pairs.length === 0
          ? 'Neither was asked for anything yet.'
          : alike === 0
            ? 'No prompt of one is like a prompt of the other.'
            : `${counted(alike, 'prompt is', 'prompts are')} alike and ${alike === 1 ? 'stands' : 'stand'} beside each other.`}
      </p>
      <ol className="compare-turns">
        {pairs.map((pair) => (
          <li key={`${pair.a?.id ?? ''}|${pair.b?.id ?? ''}`} className="compare-row">
            <span className="compare-like">{pair.likeness > 0 && likeWords(pair.likeness)}</span>
            <Turn turn={pair.a} side="A" session={a} />
            <Turn turn={pair.b} side="B" session={b} />
          </li>
        ))}
      </ol>
      {more > 0 && (
        <p className="aside compare-note">
          {counted(more, 'turn is', 'turns are')} not laid side by side; the stories have them.
        </p>
      )}
    </section>
  )
}

const likeWords = (likeness: number): string => (likeness > 0.99 ? 'the same' : likeness > 0.6 ? 'alike' : 'much alike')

function Turn({ turn, side, session }: { turn: TurnStory | null; side: string; session: SessionSummary }) {
  if (turn === null) return <div className="compare-none" data-side={side} aria-hidden="true" />
  const cost = costOf(turn)
  const ms = turn.durationMs ?? (turn.started && turn.ended ? Date.parse(turn.ended) - Date.parse(turn.started) : 0)
  const files = turn.files.filter((file) => !file.aside).length
  return (
    <article className="compare-turn" data-side={side}>
      <a href={hrefOf({ view: 'story', session: session.id, turn: turn.id })}>
        <p className="compare-prompt">
          {turn.prompt ? (
            <Flat text={elided(turn.prompt.text.slice(0, PROMPT_MAX), PROMPT_MAX)} />
          ) : (
            'Work before any prompt'
          )}
        </p>
        <p className="compare-sentence">{turn.sentence}</p>
      </a>
      <p className="aside">
        {ms > 0 && duration(ms)}
        {cost !== null && ` · ${cost}`}
        {files > 0 && ` · ${counted(files, 'file')}`}
        {turn.tests !== 'none' && ` · tests ${turn.tests}`}
        {turn.outcome !== 'answered' && ` · ${turn.outcome}`}
      </p>
    </article>
  )
}
