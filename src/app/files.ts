// What the command line asks about files: the questions of the API, with this machine's names for things.
import { resolve } from 'node:path'
import { fileHistory, filesOfTurn, listFiles } from '../insights/provenance/files.ts'
import { FILE_SORTS, type FileQuery, type FilesQuery } from '../stores/files.ts'
import type { FileAnswer, FilesAnswer, TurnFilesAnswer } from '../wire/files.ts'
import type { Asking } from './asking.ts'
import { ConfigError } from './errors.ts'
import { labelOf } from './machine.ts'

export { FILE_SORTS }

export function allFiles({ reader }: Asking, query: Omit<FilesQuery, 'sort'>, sort: string): Promise<FilesAnswer> {
  const known = FILE_SORTS.find((each) => each === sort)
  if (known === undefined) throw new ConfigError(`--sort is one of ${FILE_SORTS.join(', ')}, not ${sort}`)
  return listFiles(reader, { ...query, sort: known })
}

// A path as it is typed here; where nobody touched that one, every file whose path ends so.
export async function oneFile({ reader }: Asking, query: FileQuery): Promise<FileAnswer> {
  const here = await fileHistory(reader, { ...query, path: resolve(query.path) }, labelOf)
  return here.paths.length > 0 ? here : fileHistory(reader, query, labelOf)
}

// Null: there is no such prompt or turn.
export const filesOfPrompt = ({ reader }: Asking, id: string): Promise<TurnFilesAnswer | null> =>
  filesOfTurn(reader, id, labelOf)

export async function promptFiles(asking: Asking, id: string): Promise<TurnFilesAnswer> {
  const found = await filesOfPrompt(asking, id)
  if (found === null)
    throw new ConfigError(`there is no prompt or turn ${id}; openstory story ID --json lists a session’s`)
  return found
}
