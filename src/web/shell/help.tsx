// Every key, on one sheet.
import { Sheet } from '../ui/bits.tsx'

type Keys = readonly (readonly [keys: readonly string[], meaning: string])[]

const isApple = typeof navigator !== 'undefined' && /mac|iphone|ipad/i.test(navigator.userAgent)
export const PALETTE_KEY = isApple ? '⌘K' : 'Ctrl K'

const SHEETS: readonly (readonly [string, Keys])[] = [
  [
    'Anywhere',
    [
      [[PALETTE_KEY], 'Go to a session or a view, or do something'],
      [['/'], 'Search every session'],
      [['J', 'K'], 'Next and previous session'],
      [['1', '2', '3'], 'Live, Story, Explore'],
      [['Esc'], 'Leave the box, close the sheet, let go of the record'],
      [['?'], 'This sheet'],
    ],
  ],
  [
    'In a story',
    [
      [['j', 'k'], 'Next and previous turn; inside an unfolded one, step by step'],
      [['Enter'], 'Unfold it, fold it'],
      [['[', ']'], 'Previous and next turn, past what is unfolded'],
      [['g', 'G'], 'To its beginning; to its end'],
      [['Esc'], 'Step out, from inside to the turn and then to the page'],
    ],
  ],
  [
    'In a replay',
    [
      [['Space'], 'Play, or pause'],
      [['←', '→'], 'Previous and next move'],
      [['⇧ ←', '⇧ →'], 'Previous and next turn'],
      [['-', '+'], 'Slower and faster'],
      [['Home', 'End'], 'To its beginning and its end'],
    ],
  ],
  [
    'In what was found',
    [
      [['j', 'k'], 'Next and previous result'],
      [['Enter'], 'Open it in its session'],
      [['Esc'], 'Back to the words'],
    ],
  ],
  [
    'In a session',
    [
      [['j', 'k'], 'Next and previous record'],
      [['Enter'], 'Unfold it, fold it'],
      [['[', ']'], 'Previous and next turn'],
      [['g', 'G'], 'To its beginning; to its end, and follow it'],
      [['f'], 'Follow it, or stop following'],
      [['p'], 'Pause: hold the page still, and count what waits'],
      [['y'], 'Copy the command that resumes it'],
    ],
  ],
]

export function Help({ onClose }: { onClose: () => void }) {
  return (
    <Sheet title="Keys" onClose={onClose}>
      {SHEETS.map(([name, keys]) => (
        <section key={name} className="keys">
          <h3>{name}</h3>
          <dl>
            {keys.map(([some, meaning]) => (
              <div key={meaning}>
                <dt>
                  {some.map((key) => (
                    <kbd key={key}>{key}</kbd>
                  ))}
                </dt>
                <dd>{meaning}</dd>
              </div>
            ))}
          </dl>
        </section>
      ))}
      <p className="aside">Keys rest while you type. Links open in a new tab with the middle button, as everywhere.</p>
    </Sheet>
  )
}
