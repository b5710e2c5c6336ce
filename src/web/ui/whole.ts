// The whole of a record that was cut for the list, from the event itself, fetched once.
import { useQuery } from '@tanstack/react-query'
import { inputOf, parseEvent, textOf } from '../../event/event.ts'
import type { StoryRecord } from '../../folds/record.ts'
import { askEventText } from '../state/api.ts'

export function wholeRecord(record: StoryRecord, eventText: string): StoryRecord {
  const event = parseEvent(eventText)
  const text = textOf(event)
  return {
    ...record,
    more: false,
    text: text === '' ? record.text : text,
    ...(record.tool && { tool: { ...record.tool, input: inputOf(event) ?? record.tool.input } }),
  }
}

export function useWhole(record: StoryRecord, isWanted: boolean) {
  const { data, isFetching, error } = useQuery({
    queryKey: ['event', record.id],
    queryFn: ({ signal }) => askEventText(record.id, signal),
    enabled: isWanted && record.more,
    staleTime: Number.POSITIVE_INFINITY,
    select: (text: string) => wholeRecord(record, text),
  })
  return { whole: data ?? record, isFetching, error }
}
