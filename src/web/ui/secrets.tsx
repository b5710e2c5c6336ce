// Under a row in which secrets are masked: the way to see them, at this machine alone. Elsewhere the server would not tell them.
import type { StoryRecord } from '../../folds/record.ts'
import { useIsHere } from '../state/hooks.ts'
import { hasMasked, useBare } from './whole.ts'

// Draws its row anew: whoever shows the record looks there whether it is bare.
export function useSecrets(record: StoryRecord, result: StoryRecord | null) {
  const isHere = useIsHere()
  const call = useBare(record)
  const answer = useBare(result ?? record)
  const all = [hasMasked(record) ? call : null, result !== null && hasMasked(result) ? answer : null]
  const masked = all.filter((one) => one !== null)
  const isBare = masked.some(([is]) => is)
  const flip = () => {
    for (const [is, flipOne] of masked) if (is === isBare) flipOne()
  }
  return { isOffered: isHere && masked.length > 0, isBare, flip }
}

export function Secrets({ isBare, flip }: { isBare: boolean; flip: () => void }) {
  return (
    <p className="secrets aside">
      {isBare ? 'Secrets are shown. ' : 'Secrets are masked here. '}
      <button type="button" className="bare" aria-pressed={isBare} onClick={flip}>
        {isBare ? 'Mask them' : 'Show them'}
      </button>
    </p>
  )
}
