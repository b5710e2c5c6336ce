// Every key, on one sheet.
import { Sheet } from '../ui/bits.tsx'

const KEYS: readonly (readonly [readonly string[], string])[] = [
  [['/'], 'Search every session'],
  [['j', 'k'], 'Next and previous session'],
  [['1', '2', '3'], 'Live, Story, Explore'],
  [['G', 'End'], 'To the end of the session, and follow it'],
  [['↓', '↑'], 'Through search results'],
  [['Esc'], 'Leave the box, close the sheet'],
  [['?'], 'This sheet'],
]

export function Help({ onClose }: { onClose: () => void }) {
  return (
    <Sheet title="Keys" onClose={onClose}>
      <dl className="keys">
        {KEYS.map(([keys, meaning]) => (
          <div key={meaning}>
            <dt>
              {keys.map((key) => (
                <kbd key={key}>{key}</kbd>
              ))}
            </dt>
            <dd>{meaning}</dd>
          </div>
        ))}
      </dl>
      <p className="aside">Keys rest while you type. Links open in a new tab with the middle button, as everywhere.</p>
    </Sheet>
  )
}
