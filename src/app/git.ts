// Git, asked and never told: no shell, no hook, no program of the repository's choosing, and nothing is written, not even its index.
import { type ChildProcessWithoutNullStreams, execFile, spawn } from 'node:child_process'
import { promisify } from 'node:util'
import { addedLines, type ChangedFile, changedFiles } from '../folds/provenance/added.ts'
import type { GitCommit } from '../insights/provenance/commit.ts'
import { ConfigError } from './errors.ts'

const run = promisify(execFile)
const OUTPUT_BYTES_MAX = 256 * 1024 * 1024
const BLOB_BYTES_MAX = 8 * 1024 * 1024

const ENV = {
  GIT_OPTIONAL_LOCKS: '0',
  GIT_NO_REPLACE_OBJECTS: '1',
  GIT_TERMINAL_PROMPT: '0',
  GIT_NO_LAZY_FETCH: '1',
  LC_ALL: 'C',
}
const environment = () => ({ ...process.env, ...ENV })

export async function git(top: string, args: readonly string[]): Promise<string> {
  const { stdout } = await run('git', ['-C', top, ...args], { maxBuffer: OUTPUT_BYTES_MAX, env: environment() })
  return stdout
}

// `limit` null: the one commit that is meant; else a range (a..b) or all that led to a commit, the newest first and at most so many.
// Throws ConfigError with the sentence to show.
export async function commitsAt(top: string, revs: string, limit: number | null, offset = 0): Promise<GitCommit[]> {
  const refused = () => new ConfigError(`there is no commit ${revs} in ${top}; see: git log --oneline`)
  if (revs.startsWith('-')) throw refused() // an option, no revision
  try {
    const shas = (
      await git(top, ['rev-list', `--max-count=${limit ?? 1}`, `--skip=${offset}`, '--end-of-options', revs, '--'])
    )
      .split('\n')
      .filter(Boolean)
    return await factsOf(top, shas)
  } catch (error) {
    throw Object.assign(refused(), { cause: error })
  }
}

const FORMAT = '%H%x1f%P%x1f%an%x1f%aI%x1f%cI%x1f%s'

export async function factsOf(top: string, shas: readonly string[]): Promise<GitCommit[]> {
  if (shas.length === 0) return []
  const text = await git(top, [
    'log',
    '--no-walk=unsorted',
    '-z',
    '--no-show-signature',
    '--encoding=UTF-8',
    `--format=${FORMAT}`,
    ...shas,
    '--',
  ])
  return text.split('\0').flatMap((line) => {
    const [sha, parents = '', author = '', authored = '', committed = '', subject = ''] = line.split('\x1f')
    if (!sha) return []
    const utc = (time: string) => new Date(time).toISOString().replace('.000Z', 'Z')
    return [
      {
        sha,
        parents: parents.split(' ').filter(Boolean),
        author,
        authored: utc(authored),
        committed: utc(committed),
        subject,
      },
    ]
  })
}

// Each commit of any branch or of what was checked out lately, newest first: sha and subject.
export async function everyCommit(top: string, limit: number): Promise<{ sha: string; subject: string }[]> {
  const text = await git(top, [
    'log',
    '--all',
    '-z',
    `--max-count=${limit}`,
    '--no-show-signature',
    '--format=%H%x1f%s',
  ])
  return text.split('\0').flatMap((line) => {
    const [sha, subject = ''] = line.split('\x1f')
    return sha ? [{ sha, subject }] : []
  })
}

export interface AddedIn extends ChangedFile {
  readonly added: readonly number[]
  readonly content: string | null // null: binary, or too large
  readonly skipped: string | null
}

// The files of a commit, with the lines it added. Copies are files of their own; renamed ones keep their lines.
export async function filesAdded(top: string, sha: string): Promise<AddedIn[]> {
  const tree = ['diff-tree', '-r', '-M', '--root', '--no-commit-id', '--no-ext-diff', '--no-textconv', '--no-color']
  const raw = await git(top, [...tree, '-c', '--raw', '-z', '--full-index', '--no-abbrev', sha, '--'])
  const files = changedFiles(raw)
  if (files.length === 0) return []
  const added = addedLines(await git(top, [...tree, '--cc', '-p', '-U0', '--full-index', sha, '--']))
  const wanted = new Set(files.filter(({ key }) => (added.get(key)?.length ?? 0) > 0).map(({ blob }) => blob))
  const blobs = await blobTexts(top, [...wanted])
  return files.map((file) => {
    const lines = added.get(file.key) ?? []
    const blob = blobs.get(file.blob)
    return { ...file, added: lines, content: blob?.text ?? null, skipped: blob?.skipped ?? null }
  })
}

interface Blob {
  readonly text: string | null
  readonly skipped: string | null
}

async function blobTexts(top: string, ids: readonly string[]): Promise<ReadonlyMap<string, Blob>> {
  const sizes = await inBatch(top, '--batch-check', ids)
  const blobs = new Map<string, Blob>()
  const small: string[] = []
  for (const line of sizes.toString('utf8').split('\n')) {
    const [id = '', type, size] = line.split(' ')
    if (type !== 'blob') continue
    if (Number(size) <= BLOB_BYTES_MAX) small.push(id)
    else blobs.set(id, { text: null, skipped: `larger than ${BLOB_BYTES_MAX / 1024 / 1024} MB` })
  }
  const all = await inBatch(top, '--batch', small)
  for (let at = 0; at < all.length; ) {
    const end = all.indexOf(10, at)
    if (end < 0) break
    const [id = '', type, size = '0'] = all.toString('utf8', at, end).split(' ')
    at = end + 1
    if (type !== 'blob') continue
    const bytes = all.subarray(at, at + Number(size))
    at += Number(size) + 1
    blobs.set(
      id,
      bytes.includes(0) ? { text: null, skipped: 'binary' } : { text: bytes.toString('utf8'), skipped: null },
    )
  }
  return blobs
}

function inBatch(top: string, how: '--batch' | '--batch-check', ids: readonly string[]): Promise<Buffer> {
  if (ids.length === 0) return Promise.resolve(Buffer.alloc(0))
  return new Promise((resolve, reject) => {
    const child: ChildProcessWithoutNullStreams = spawn('git', ['-C', top, 'cat-file', how], { env: environment() })
    const out: Buffer[] = []
    let said = ''
    child.stdout.on('data', (bytes: Buffer) => out.push(bytes))
    child.stderr.on('data', (bytes: Buffer) => {
      said += String(bytes)
    })
    child.once('error', reject)
    child.stdin.once('error', reject)
    child.once('close', (code) =>
      code === 0
        ? resolve(Buffer.concat(out))
        : reject(new Error(`git cat-file in ${top} ended with ${code}: ${said.trim()}`)),
    )
    child.stdin.end(ids.map((id) => `${id}\n`).join(''))
  })
}
