// The rows of a cut: what each is called, its share of the whole, and the way into what it is made of.
import type { ReactNode } from 'react'
import type { CostRow } from '../../../folds/cost.ts'
import type { CostAnswer } from '../../../wire/rest.ts'
import type { CostPlace } from '../../state/cost-route.ts'
import { useLive, useNow } from '../../state/hooks.ts'
import { hrefOf } from '../../state/route.ts'
import { Flat } from '../../ui/read-markdown.ts'
import { compact, counted, dollars, projectName, when } from '../../ui/words.ts'
import { SpentColumns } from './columns.tsx'
import { addedUp, CUT_WORDS, isOwnLine, lineName, longDay, opened, tokensOut } from './model.ts'

interface Props {
  readonly place: CostPlace
  readonly rows: readonly CostRow[]
  readonly count: number
  readonly total: CostAnswer['total']
  readonly isOld: boolean
}
export function CostTable({ place, rows, count, total, isOld }: Props) {
  const { rows: shown, rest, isWhole } = addedUp(rows, count, total)
  const words = CUT_WORDS[place.cut]
  return (
    <>
      <table className={isOld ? 'cost-table is-old' : 'cost-table'}>
        <caption className="quietly">
          What was spent, by {words.one}: {counted(count, words.one, words.many)}
        </caption>
        <thead>
          <tr>
            <th scope="col">{words.name}</th>
            <th scope="col">Requests</th>
            <SpentColumns />
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <Row key={row.key} row={row} place={place} total={total} />
          ))}
        </tbody>
        <tfoot>
          {rest !== null && (
            <>
              <Sum name={`These ${rows.length}`} usd={dollars(shown)} />
              <Sum
                name={`The other ${count - rows.length}`}
                usd={dollars({ usd: rest, lower_bound: total.lower_bound })}
              />
            </>
          )}
          <Sum name="All of it" usd={dollars(total)} isWhole />
        </tfoot>
      </table>
      <p className={isWhole ? 'aside cost-check' : 'aside cost-check bad'}>
        {rest !== null
          ? 'The rest is what the whole has beyond these rows.'
          : isWhole
            ? `The ${counted(rows.length, 'row')} add up to the whole, to the last billionth of a dollar.`
            : 'These rows do not add up to the whole: please report it, with what openstory doctor says.'}
        {place.cut === 'tool' && ' A request that called several tools is shared among them in equal parts.'}
        {place.cut === 'prompt' && ' What subagents did is part of the prompt that set it off.'}
      </p>
    </>
  )
}

function Row({ row, place, total }: { row: CostRow; place: CostPlace; total: CostRow }) {
  const share =
    total.usd === null || row.usd === null || Number(total.usd) === 0 ? 0 : Number(row.usd) / Number(total.usd)
  const { name, about } = useNamed(row, place)
  return (
    <tr data-row tabIndex={-1} className={isOwnLine(row) ? 'own-line' : undefined}>
      <th scope="row">
        <a href={hrefOf({ view: 'explore', cost: opened(place, row.key) })} data-opens>
          {name}
        </a>
        {about !== '' && <small>{about}</small>}
        <span className="cost-share" style={{ width: `${share * 100}%` }} aria-hidden="true" />
      </th>
      <td>{row.requests.toLocaleString('en-US')}</td>
      <td className="wide">{compact(row.input)}</td>
      <td className="wide">{compact(row.cache_read + row.cache_write_5m + row.cache_write_1h)}</td>
      <td className="wide">{tokensOut(row.output, row.partial > 0)}</td>
      <td>
        <b>{dollars(row)}</b>
        {Number(row.subagent_usd) > 0 && place.cut !== 'subagent' && (
          <small title="What subagents did is in the sum">
            {dollars({ usd: row.subagent_usd, lower_bound: row.lower_bound })} subagents
          </small>
        )}
      </td>
    </tr>
  )
}

function Sum({ name, usd, isWhole = false }: { name: string; usd: string; isWhole?: boolean }) {
  return (
    <tr className={isWhole ? 'whole-sum' : undefined}>
      <th scope="row">{name}</th>
      <td />
      <td className="wide" />
      <td className="wide" />
      <td className="wide" />
      <td>{isWhole ? <b>{usd}</b> : usd}</td>
    </tr>
  )
}

const WORDS_SHOWN = 160

function useNamed(row: CostRow, { cut, session }: CostPlace): { readonly name: ReactNode; readonly about: string } {
  const nowMs = useNow()
  const rows = useLive((state) => state.sessions.rows)
  const labels = useLive((state) => state.sessions.labels)
  if (isOwnLine(row)) return { name: lineName(row.key), about: '' }
  const of = (id: string | undefined) => (id === undefined ? undefined : rows.get(id))
  const titleOf = (id: string | undefined) => of(id)?.title ?? ''
  switch (cut) {
    case 'day':
      return { name: longDay(row.key), about: '' }
    case 'agent':
      return { name: labels[row.key] ?? row.key, about: '' }
    case 'project': {
      const known = [...rows.values()].find(({ project }) => project === row.key)
      return known === undefined
        ? { name: row.key, about: '' }
        : { name: projectName(known), about: known.cwd ?? row.key }
    }
    case 'session': {
      const known = of(row.key)
      const about =
        known === undefined
          ? ''
          : [labels[known.agent] ?? known.agent, projectName(known), when(known.ended, nowMs)].join(' · ')
      return { name: (row.text ?? titleOf(row.key)) || row.key, about }
    }
    case 'prompt':
    case 'turn': {
      const text = (row.text ?? '').slice(0, WORDS_SHOWN).trim()
      const about = [when(row.time ?? null, nowMs), session === null ? titleOf(row.session) : '']
        .filter(Boolean)
        .join(' · ')
      return {
        name: text === '' ? 'A prompt without words' : <Flat text={text} />,
        about: row.asked_by === 'program' ? `${about} · asked by a program` : about,
      }
    }
    default:
      return { name: row.key, about: '' }
  }
}
