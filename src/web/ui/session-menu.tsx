// What can be done with a session wherever it is shown: compare it, and take it along as a file.
import type { SessionSummary } from '../../wire/live.ts'
import { go } from '../state/hooks.ts'
import { type ReplayPlace, replayOf } from '../state/replay-route.ts'
import { hrefOf } from '../state/route.ts'
import { useActions } from './actions.ts'
import { Icon } from './bits.tsx'
import { Menu } from './menu.tsx'
import { titleOf } from './words.ts'

const FORMATS = [
  ['markdown', 'Markdown', 'the story, to read and to paste'],
  ['html', 'One HTML file', 'the story, to open anywhere'],
  ['cloudevents', 'CloudEvents', 'every event, one a line'],
  ['native', 'As the agent wrote it', 'its own lines, byte for byte'],
] as const

const fileOf = (session: string, format: string): string =>
  `/api/sessions/${encodeURIComponent(session)}/export?format=${format}`

export function SessionMenu({ session }: { session: Pick<SessionSummary, 'id' | 'title' | 'native' | 'last'> }) {
  return (
    <Menu label={`More for ${titleOf(session)}`} mark={<Icon name="more" />}>
      <a role="menuitem" href={hrefOf({ view: 'explore', place: 'compare', a: session.id })}>
        Compare with …
      </a>
      <a role="menuitem" href={hrefOf({ view: 'explore', replay: replayOf(session.id) })}>
        Replay
      </a>
      <p role="presentation">Export</p>
      {FORMATS.map(([format, name, about]) => (
        <a key={format} role="menuitem" href={fileOf(session.id, format)} download>
          {name} <small>{about}</small>
        </a>
      ))}
    </Menu>
  )
}

// The same in the palette, where one session is open.
export function useSessionActions(session: Pick<SessionSummary, 'id'>, replay: ReplayPlace): void {
  useActions([
    { name: 'Replay this session', run: () => go({ view: 'explore', replay }) },
    {
      name: 'Compare this session with …',
      run: () => go({ view: 'explore', place: 'compare', a: session.id }),
    },
    ...FORMATS.map(([format, name]) => ({
      name: `Export this session: ${name}`,
      run: () => download(fileOf(session.id, format)),
    })),
  ])
}

function download(address: string): void {
  const link = document.createElement('a')
  link.href = address
  link.download = ''
  link.click()
}
