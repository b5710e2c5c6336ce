// What each part of the machine thinks is true, one click away; its colour is in the corner without one.
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { type Colour, judgePage } from '../../wire/health.ts'
import type { HealthAnswer } from '../../wire/rest.ts'
import { askHealth } from '../state/api.ts'
import { useLive } from '../state/hooks.ts'
import { duration } from '../ui/words.ts'

const MB = 1_000_000
const REFRESH_MS = 3_000
const CORNER_MS = 15_000
const WORDS: Readonly<Record<Colour, string>> = { green: 'Healthy', yellow: 'Worth a look', red: 'Trouble' }
const SAID: Readonly<Record<Colour, string>> = { green: 'well', yellow: 'worth a look', red: 'in trouble' }

export function Health() {
  const [isOpen, setOpen] = useState(false)
  const { data, error, refetch } = useQuery({
    queryKey: ['health'],
    queryFn: ({ signal }) => askHealth(signal),
    refetchInterval: isOpen ? REFRESH_MS : CORNER_MS,
  })
  const isAway = useLive((state) => state.link.at === 'waiting')
  const answers = !error && !isAway
  const verdict = judgePage(data ?? { colour: 'green', sentences: [] }, { answers, isNewest: isNewest(data) })
  const word = !answers ? 'No answer' : data === undefined ? 'Health' : WORDS[verdict.colour]
  return (
    <>
      <button
        type="button"
        className="bare health-button"
        popoverTarget="health"
        aria-haspopup="dialog"
        title={verdict.sentences[0]}
      >
        <Dot colour={verdict.colour} />
        {word}
      </button>
      <div
        id="health"
        className="health scroller"
        popover="auto"
        role="dialog"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
        tabIndex={0}
        aria-label="Health"
        onToggle={(event) => {
          setOpen(event.newState === 'open')
          if (event.newState === 'open') void refetch()
        }}
      >
        <h2>{data ? `OpenStory ${data.version}` : 'OpenStory'}</h2>
        {data && (
          <p className="aside">
            up {duration(data.uptimeS * 1_000)} · keeps everything in <code>{data.dataDir}</code>
          </p>
        )}
        {verdict.sentences.length > 0 && (
          <ul className={`verdict ${verdict.colour}`}>
            {verdict.sentences.map((sentence) => (
              <li key={sentence}>{sentence}.</li>
            ))}
          </ul>
        )}
        {data && <Layers layers={data.layers} />}
      </div>
    </>
  )
}

function Layers({ layers }: Pick<HealthAnswer, 'layers'>) {
  return (
    <dl>
      {layers.map(({ name, colour, says, facts }) => (
        <div key={name}>
          <dt>
            <Dot colour={colour} label={SAID[colour]} />
            {name}
          </dt>
          <dd>
            {says}
            <small>{factsOf(facts)}</small>
          </dd>
        </div>
      ))}
    </dl>
  )
}

function Dot({ colour, label }: { colour: Colour; label?: string }) {
  if (label === undefined) return <span className={`dot ${colour}`} aria-hidden="true" />
  return <span className={`dot ${colour}`} role="img" aria-label={label} />
}

// The script this page began with, and the one that the server would send now.
function isNewest(data: HealthAnswer | undefined): boolean {
  const build = data?.layers.find(({ name }) => name === 'page')?.facts.build
  const own = document.querySelector<HTMLScriptElement>('script[type="module"][src]')?.src
  return typeof build !== 'string' || own === undefined || own.endsWith(`/${build}`)
}

// What is a number or a word, and not nothing.
const factsOf = (facts: Readonly<Record<string, unknown>>): string =>
  Object.entries(facts)
    .filter(([, value]) => (typeof value === 'number' && value !== 0) || typeof value === 'string' || value === true)
    .filter(([name]) => name !== 'name' && name !== 'kind' && name !== 'trouble')
    .map(([name, value]) => (value === true ? wordsOf(name) : `${wordsOf(name)} ${factOf(name, value)}`))
    .join(' · ')

function factOf(name: string, value: unknown): string {
  if (typeof value !== 'number') return String(value)
  if (/(Indexed|Change)Ms$/.test(name)) return new Date(value).toLocaleTimeString('en-GB')
  if (name.endsWith('Ms')) return duration(value)
  if (/bytes$/i.test(name) && value >= MB) return `${Math.round(value / MB).toLocaleString('en-US')} MB`
  return value.toLocaleString('en-US')
}

const wordsOf = (name: string): string =>
  name
    .replace(/Ms$/, '')
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .toLowerCase()
