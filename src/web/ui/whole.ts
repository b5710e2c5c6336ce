// The whole of a record that was cut for the list, from the event itself, fetched once. Its secrets stay masked until a person at this
// machine asks for them, record by record.
import { useQuery } from '@tanstack/react-query'
import { inputOf, parseEvent, textOf } from '../../event/event.ts'
import type { StoryRecord } from '../../folds/record.ts'
import { isMasked, maskedJson, maskSecrets } from '../../folds/secrets.ts'
import { askEventText } from '../state/api.ts'
import { useToggle } from './toggle.ts'

export function wholeRecord(record: StoryRecord, eventText: string, isBare = false): StoryRecord {
  const event = parseEvent(eventText)
  const text = isBare ? textOf(event) : maskSecrets(textOf(event))
  return {
    ...record,
    more: false,
    text: text === '' ? record.text : text,
    ...(record.tool && { tool: { ...record.tool, input: shown(inputOf(event), isBare) ?? record.tool.input } }),
  }
}

const shown = (input: unknown, isBare: boolean): unknown =>
  isBare || input === undefined ? input : JSON.parse(maskedJson(input))

// Most rows never ask: they share one question, and none of them is kept in a cache with a timer of its own.
const NOT_ASKED = ['event'] as const

export function useWhole(record: StoryRecord, isWanted: boolean) {
  const [isBare] = useBare(record)
  const isAsked = (isWanted && record.more) || isBare
  const { data, isFetching, error } = useQuery({
    queryKey: isAsked ? ['event', record.id] : NOT_ASKED,
    queryFn: ({ signal }) => askEventText(record.id, signal),
    enabled: isAsked,
    staleTime: Number.POSITIVE_INFINITY,
    select: (text: string) => wholeRecord(record, text, isBare),
  })
  return { whole: data ?? record, isFetching, error }
}

// Whether its secrets are shown.
export const useBare = (record: StoryRecord): readonly [boolean, () => void] => useToggle(`${record.id}:secrets`, false)

export const hasMasked = ({ text, tool }: StoryRecord): boolean =>
  isMasked(text) || (tool !== undefined && isMasked(JSON.stringify(tool.input)))
