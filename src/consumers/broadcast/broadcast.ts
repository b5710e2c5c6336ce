// Stop 6: everything on the stream becomes live messages for whoever is looking. When nobody is, only the place moves on.
import type { Delivered } from '../../bus/bus.ts'
import { parseEvent } from '../../event/event.ts'
import { recordOf } from '../../folds/record.ts'
import type { SessionRow } from '../../folds/session.ts'
import type { Turn } from '../../folds/turn/turn.ts'
import { type LiveItem, storyOf, summaryOf } from '../../wire/live.ts'
import type { Consumer } from '../consumer.ts'
import { derivedData } from '../derived.ts'

export interface BroadcastParts {
  readonly listening: () => boolean
  readonly publish: (batch: { readonly to: number; readonly items: readonly LiveItem[] }) => void
  readonly label: (agent: string) => string
}

export function broadcastConsumer({ listening, publish, label }: BroadcastParts): Consumer {
  return {
    name: 'broadcast',
    filter: '>',
    handle(messages) {
      publish({ to: messages.at(-1)!.seq, items: listening() ? liveItems(messages, label) : [] })
    },
  }
}

export function liveItems(messages: readonly Delivered[], label: (agent: string) => string): LiveItem[] {
  return messages.flatMap((message) => {
    const item = liveItem(message, label)
    return item === null ? [] : [item]
  })
}

// Of a replay: what broadcast set aside when it came is passed over.
export const readableItems = (messages: readonly Delivered[], label: (agent: string) => string): LiveItem[] =>
  messages.flatMap((message) => {
    try {
      return liveItem(message, label) ?? []
    } catch {
      return [] // its dead letter says why
    }
  })

function liveItem({ subject, seq, data }: Delivered, label: (agent: string) => string): LiveItem | null {
  switch (subject.slice(0, subject.indexOf('.'))) {
    case 'events': {
      const event = parseEvent(Buffer.from(data.buffer, data.byteOffset, data.length).toString())
      return { seq, kind: 'record', record: recordOf(event), project: event.project }
    }
    case 'sessions':
      return { seq, kind: 'session', session: summaryOf(derivedData(data) as SessionRow) }
    case 'patterns': {
      const turn = derivedData(data) as Turn
      return { seq, kind: 'turn', turn: storyOf(turn, label(turn.agent)) }
    }
    default:
      return null // a subject of a later version: not for this page
  }
}
