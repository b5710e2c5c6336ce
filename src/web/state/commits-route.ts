// The place of commits in the address: which checkout, which commit of it. Pure; the address of everything else is in route.ts.

export interface CommitsPlace {
  readonly repo: string | null // null: the checkouts there are
  readonly commit: string | null // null: all of them
}

export const ALL_CHECKOUTS: CommitsPlace = { repo: null, commit: null }
export const commitsOf = (repo: string, commit: string | null = null): CommitsPlace => ({ repo, commit })

// `second`: what stands behind /explore/. A commit is one of a checkout.
export function commitsIn(second: string, query: URLSearchParams): CommitsPlace | null {
  if (second !== 'commits') return null
  const repo = query.get('repo') || null
  return { repo, commit: repo === null ? null : query.get('commit') || null }
}

// Writes the place into the query; returns the path.
export function putCommits({ repo, commit }: CommitsPlace, query: URLSearchParams): string {
  if (repo !== null) query.set('repo', repo)
  if (commit !== null) query.set('commit', commit)
  return '/explore/commits'
}
