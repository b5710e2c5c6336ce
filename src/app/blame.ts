// A file as it is, or as a revision of its repository has it, and whose its lines are. Nothing is written and no shell is started.
import { execFile } from 'node:child_process'
import { readFile, realpath } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { reasonOf } from '../base/log.ts'
import { fullPath } from '../folds/provenance/path.ts'
import { type BlameReader, blameFile } from '../insights/provenance/blame.ts'
import type { BlameAnswer } from '../wire/blame.ts'
import { ConfigError } from './errors.ts'

const run = promisify(execFile)
const BLOB_BYTES_MAX = 64 * 1024 * 1024

export interface Wanted {
  readonly path: string // as typed
  readonly cwd: string
  readonly rev: string | undefined
}

// Throws ConfigError with the sentence to show: no such revision, a folder, a file nobody knows.
export async function blame(reader: BlameReader, { path: typed, cwd, rev }: Wanted): Promise<BlameAnswer> {
  const named = resolve(cwd, typed)
  const path = await realPlace(named)
  const top = await repositoryOf(dirname(path))
  if (rev !== undefined && top === null)
    throw new ConfigError(`${typed} is in no git checkout, so it has no revision ${rev}; leave --rev away`)
  const text = rev === undefined ? await fileText(path, typed) : await blobText(top!, path, rev)
  const source = rev !== undefined ? 'revision' : text !== null ? 'file' : 'replay'
  const answer = await blameFile(reader, {
    path: fullPath(null, path),
    aliases: [fullPath(null, named)],
    root: fullPath(null, top ?? cwd),
    text,
    source,
  })
  if (answer === null)
    throw new ConfigError(
      `${typed} is not there, and no session is known that showed all of it; see: openstory search "file:${basename(typed)}"`,
    )
  if (text !== null) return answer
  const missing = `${typed} is not there; these are its lines as the record says they were last`
  return { ...answer, notes: [missing, ...answer.notes] }
}

// Transcripts say where a file really is, not by which link it was reached. What is gone has a folder that is there, or none.
export async function realPlace(path: string): Promise<string> {
  for (let there = path; ; there = dirname(there)) {
    try {
      return join(await realpath(there), path.slice(there.length))
    } catch (error) {
      if (!isMissing(error) || there === dirname(there)) return path
    }
  }
}

const isMissing = (error: unknown): boolean =>
  ['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')

// Null: it is not there.
async function fileText(path: string, typed: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    if (isMissing(error)) return null
    if ((error as NodeJS.ErrnoException).code === 'EISDIR')
      throw new ConfigError(`${typed} is a folder; name a file in it`)
    throw new ConfigError(`${typed} cannot be read: ${reasonOf(error)}`)
  }
}

// Null: in no checkout, or there is no git.
export async function repositoryOf(folder: string): Promise<string | null> {
  try {
    const { stdout } = await run('git', ['-C', folder, 'rev-parse', '--show-toplevel'])
    return await realPlace(stdout.replace(/\n$/, ''))
  } catch {
    return null // git says why on its own; without a checkout a file is blamed all the same
  }
}

async function blobText(top: string, path: string, rev: string): Promise<string> {
  const inside = path.slice(top.length + 1).replaceAll('\\', '/')
  const refused = () => new ConfigError(`there is no ${inside} in ${rev}; see: git log --oneline -- ${inside}`)
  if (rev.startsWith('-')) throw refused() // an option, not a revision
  try {
    const { stdout } = await run('git', ['-C', top, 'show', '--no-textconv', `${rev}:${inside}`], {
      maxBuffer: BLOB_BYTES_MAX,
    })
    return stdout
  } catch (error) {
    throw Object.assign(refused(), { cause: error })
  }
}
