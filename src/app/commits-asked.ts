// Commits for whoever asks over HTTP: of checkouts only that a session worked in, so that nobody looks into any other folder of this machine.
import { isAbsolute } from 'node:path'
import type { CommitsWish, MadeByWish } from '../api/commits.ts'
import type { StoreReader } from '../stores/store.ts'
import type { CommitsAnswer, MadeCommitsAnswer } from '../wire/commits.ts'
import { repositoryOf } from './blame.ts'
import { commitsMadeBy, namesOf, tellCommits } from './commits.ts'
import { commitsHolding } from './commits-of-turn.ts'
import { ConfigError } from './errors.ts'

// A sentence instead: there is no such checkout or commit, or no session worked there.
export const commitsAsked = (
  reader: StoreReader,
  { repo, revs, limit, offset = 0 }: CommitsWish,
): Promise<CommitsAnswer | string> =>
  inCheckout(reader, repo, async (top) => {
    const told = await tellCommits({ reader }, top, revs, limit, offset)
    return { repo: top, commits: told.map(({ answer }) => answer) }
  })

// Or nobody of that id.
export const madeByAsked = (
  reader: StoreReader,
  { repo, id, limit }: MadeByWish,
): Promise<MadeCommitsAnswer | string> =>
  inCheckout(reader, repo, async (top, names) => {
    const sessionId = async (wanted: string) => {
      const [found, ...more] = await reader.resolveSession(wanted)
      if (found !== undefined && more.length === 0) return found
      throw new ConfigError(`there is no one turn, prompt or session ${JSON.stringify(wanted.slice(0, 100))}`)
    }
    const { count, made } = await commitsMadeBy({ reader, sessionId }, top, id, limit)
    const commits = made.map(({ told, ...each }) => ({ ...each, commit: told?.answer ?? null }))
    return { repo: top, count, commits, holding: await commitsHolding(reader, { top, names }, id) }
  })

async function inCheckout<T>(
  reader: StoreReader,
  repo: string,
  ask: (top: string, names: readonly string[]) => Promise<T>,
): Promise<T | string> {
  const top = isAbsolute(repo) ? await repositoryOf(repo) : null
  const names = top === null ? [] : await namesOf(reader, top)
  if (top === null || names.length === 0)
    return `no session worked in a git checkout at ${JSON.stringify(repo.slice(0, 200))}; /api/sessions tells where they worked`
  try {
    return await ask(top, names)
  } catch (error) {
    if (error instanceof ConfigError) return error.message
    throw error
  }
}
