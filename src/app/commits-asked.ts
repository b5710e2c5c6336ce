// Commits for whoever asks over HTTP: of checkouts only that a session worked in, so that nobody looks into any other folder of this machine.
import { isAbsolute } from 'node:path'
import type { CommitsWish } from '../api/commits.ts'
import type { StoreReader } from '../stores/store.ts'
import type { CommitsAnswer } from '../wire/commits.ts'
import { repositoryOf } from './blame.ts'
import { namesOf, tellCommits } from './commits.ts'
import { ConfigError } from './errors.ts'

// A sentence instead: there is no such checkout or commit, or no session worked there.
export async function commitsAsked(
  reader: StoreReader,
  { repo, revs, limit }: CommitsWish,
): Promise<CommitsAnswer | string> {
  const top = isAbsolute(repo) ? await repositoryOf(repo) : null
  const names = top === null ? [] : await namesOf(reader, top)
  if (top === null || names.length === 0)
    return `no session worked in a git checkout at ${JSON.stringify(repo.slice(0, 200))}; /api/sessions tells where they worked`
  try {
    const told = await tellCommits({ reader }, top, revs, limit)
    return { repo: top, commits: told.map(({ answer }) => answer) }
  } catch (error) {
    if (error instanceof ConfigError) return error.message
    throw error
  }
}
