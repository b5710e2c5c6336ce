// `openstory retry`: events that were set aside go to their consumer again, at once where OpenStory runs, else at its next start.
import { deadLetterNames, openDeadLetters } from '../stores/log/dead-letters.ts'
import { type Config, ConfigError } from './config.ts'
import { layoutOf } from './layout.ts'
import { isHeld } from './pipeline.ts'

export interface Retried {
  readonly consumers: readonly { readonly consumer: string; readonly events: number }[]
  readonly runs: boolean // OpenStory is there and tries them now
}

// Null: those of every consumer.
export function retry(config: Config, wanted: string | null): Retried {
  const layout = layoutOf(config.dataDir)
  const names = deadLetterNames(layout.deadLetters)
  if (wanted !== null && !names.includes(wanted)) {
    const which = names.length === 0 ? 'nothing is set aside' : `events are set aside by ${names.join(', ')}`
    throw new ConfigError(`${wanted} has set no event aside; ${which}`)
  }
  const consumers = (wanted === null ? names : [wanted]).map((consumer) => ({
    consumer,
    events: openDeadLetters(layout.deadLetters, consumer).ask(),
  }))
  return { consumers, runs: isHeld(layout) }
}
