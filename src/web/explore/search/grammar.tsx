// How to ask: every form of the search grammar with an example that can be taken over by a click.
import { go, useLive } from '../../state/hooks.ts'
import { grammarFor, withExample } from './model.ts'

export function Grammar({ q, isOpen }: { q: string; isOpen: boolean }) {
  const newest = useLive((state) => state.sessions.rows.values().next().value)
  return (
    <details className="grammar" open={isOpen}>
      <summary>How to search</summary>
      <dl>
        {grammarFor(newest?.agent ?? null, newest?.model ?? null).map(([example, meaning]) => (
          <div key={example}>
            <dt>
              <button type="button" onClick={() => go({ view: 'explore', q: withExample(q, example) })}>
                <code>{example}</code>
              </button>
            </dt>
            <dd>{meaning}</dd>
          </div>
        ))}
      </dl>
    </details>
  )
}
