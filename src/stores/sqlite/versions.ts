// Which schema each file of the store is of, beside those that are known here.
import { schemaOf } from './database.ts'
import { EVENTS_SCHEMA } from './events.ts'
import { SESSIONS_SCHEMA, TURNS_SCHEMA } from './folds.ts'
import type { StorePaths } from './reader.ts'
import { SEARCH_SCHEMA } from './search.ts'

export const SCHEMA_VERSIONS = {
  events: EVENTS_SCHEMA.version,
  search: SEARCH_SCHEMA.version,
  sessions: SESSIONS_SCHEMA.version,
  turns: TURNS_SCHEMA.version,
} as const

export interface Foreign {
  readonly path: string
  readonly found: number
  readonly known: number
}

// The store files that are of another schema than ours. What is not there, or no database, is for whoever opens it.
export function foreignStores(paths: Omit<StorePaths, 'dir'>): Foreign[] {
  return Object.entries(SCHEMA_VERSIONS).flatMap(([name, known]) => {
    const path = paths[name as keyof typeof SCHEMA_VERSIONS]
    const found = schemaOf(path)
    return found === null || found === known ? [] : [{ path, found, known }]
  })
}

// Asked while its owner makes it anew, or from the command line before anybody did.
export const foreignSays = ({ path, found, known }: Foreign): string =>
  found > known
    ? `${path} was made by a newer OpenStory (schema ${found}, this one knows ${known}); update OpenStory, or run: openstory reindex`
    : `${path} is of an older OpenStory (schema ${found}, this one has ${known}); it is made anew from the log by: openstory, or openstory reindex`
