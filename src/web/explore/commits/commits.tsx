// Commits: the checkouts that agents worked in, the commits of one, or one of them; which, says the address.
import { ALL_CHECKOUTS } from '../../state/commits-route.ts'
import { useRoute } from '../../state/hooks.ts'
import { useRowKeys } from '../file/keys.ts'
import { Checkouts } from './checkouts.tsx'
import { CommitPage } from './commit.tsx'
import { CommitLog } from './log.tsx'
import './commits.css'

export function Commits() {
  const { repo, commit } = useRoute().commits ?? ALL_CHECKOUTS
  useRowKeys()
  if (repo === null) return <Checkouts />
  return commit === null ? <CommitLog key={repo} repo={repo} /> : <CommitPage repo={repo} commit={commit} />
}
