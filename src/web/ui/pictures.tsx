// Where a transcript holds pictures: a place for each, filled only when it is asked for, from the event itself.
import { useQuery } from '@tanstack/react-query'
import { parseEvent } from '../../event/event.ts'
import type { StoryRecord } from '../../folds/record.ts'
import { askEventText } from '../state/api.ts'
import { imagesIn } from './images.ts'
import { useToggle } from './toggle.ts'
import { counted } from './words.ts'

export function Pictures({ record, count }: { record: StoryRecord; count: number }) {
  const [isShown, flip] = useToggle(`${record.id}:pictures`, false)
  const { data, isFetching, error } = useQuery({
    queryKey: ['pictures', record.id],
    queryFn: ({ signal }) => picturesOf(record.id, signal),
    enabled: isShown,
    staleTime: Number.POSITIVE_INFINITY,
  })
  return (
    <div className="pictures">
      <button type="button" className="plain" onClick={flip} aria-expanded={isShown}>
        {counted(count, 'image')} <span className="aside">{isShown ? 'hide' : 'show'}</span>
      </button>
      {isFetching && <p className="aside">Loading …</p>}
      {error && <p className="aside bad">{error.message}</p>}
      {isShown && data?.length === 0 && (
        <p className="aside">The transcript only says where it was; nothing is fetched from there.</p>
      )}
      {isShown &&
        data?.map((url, i) => <img key={url.slice(-64)} src={url} alt={`Number ${i + 1} in the transcript`} />)}
    </div>
  )
}

// Of a line that makes several events the first has the raw line; the others say which that is.
async function picturesOf(id: string, signal: AbortSignal): Promise<readonly string[]> {
  const event = parseEvent(await askEventText(id, signal))
  if (event.raw !== undefined || event.rawIn === null) return imagesIn(event.raw)
  return imagesIn(parseEvent(await askEventText(event.rawIn, signal)).raw)
}
