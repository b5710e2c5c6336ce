// What is found on this machine and in the data folder, what is off, and the remedy. Looks, never mends.
import { accessSync, constants, existsSync, readFileSync, statfsSync, statSync } from 'node:fs'
import type { HealthAnswer } from '../wire/rest.ts'
import { askServer } from './ask-server.ts'
import { openAsking } from './asking.ts'
import type { Config } from './config.ts'
import { findAgents } from './init.ts'
import { layoutOf, pageDir } from './layout.ts'
import { readRunning } from './pipeline.ts'

export interface Finding {
  readonly is: 'ok' | 'note' | 'off'
  readonly about: string
  readonly says: string
  readonly remedy: string | null
}

const FREE_BYTES_MIN = 1e9
const WATCHES_MIN = 65_536

export async function diagnose(config: Config): Promise<Finding[]> {
  const layout = layoutOf(config.dataDir)
  return [
    {
      is: 'ok',
      about: 'runtime',
      says: `Node ${process.versions.node}, SQLite ${process.versions.sqlite ?? 'built in'}`,
      remedy: null,
    },
    ...agentFindings(),
    ...folderFindings(config.dataDir),
    ...watchLimit(),
    existsSync(pageDir()) ? fine('page', 'built') : off('page', 'is not built', 'run: npm run build'),
    ...(await serverFindings(config)),
    ...(existsSync(layout.store)
      ? await storeFindings(config)
      : [note('store', 'there is none yet', 'run: openstory, or openstory import')]),
  ]
}

const fine = (about: string, says: string): Finding => ({ is: 'ok', about, says, remedy: null })
const note = (about: string, says: string, remedy: string | null = null): Finding => ({
  is: 'note',
  about,
  says,
  remedy,
})
const off = (about: string, says: string, remedy: string): Finding => ({ is: 'off', about, says, remedy })

function agentFindings(): Finding[] {
  return findAgents().map(({ label, path, files, why }) => {
    if (why !== null) return off(label, `${path} cannot be read (${why})`, 'give this user read permission')
    return files === null
      ? note(label, `${path} is not here; it is watched for`)
      : fine(label, `${files} transcripts in ${path}`)
  })
}

function folderFindings(dataDir: string): Finding[] {
  if (!existsSync(dataDir)) return [note('data folder', `${dataDir} will be made at the first start`)]
  const findings: Finding[] = []
  try {
    accessSync(dataDir, constants.R_OK | constants.W_OK)
    findings.push(fine('data folder', dataDir))
  } catch {
    return [
      off(
        'data folder',
        `${dataDir} cannot be written by this user`,
        'mend its owner and mode, or choose another with --data-dir',
      ),
    ]
  }
  if (process.platform !== 'win32' && (statSync(dataDir).mode & 0o077) !== 0)
    findings.push(off('data folder', 'other users may look into it', `run: chmod 700 ${dataDir}`))
  const { bavail, bsize } = statfsSync(dataDir)
  if (bavail * bsize < FREE_BYTES_MIN)
    findings.push(
      off(
        'disk',
        `${Math.round((bavail * bsize) / 1e6)} MB are free`,
        'make room; nothing is lost meanwhile, it waits',
      ),
    )
  return findings
}

function watchLimit(): Finding[] {
  if (process.platform !== 'linux') return []
  const max = Number(readFileSync('/proc/sys/fs/inotify/max_user_watches', 'utf8'))
  if (max >= WATCHES_MIN) return [fine('inotify', `${max} watches`)]
  return [note('inotify', `only ${max} watches`, 'with many folders: sysctl fs.inotify.max_user_watches=524288')]
}

async function serverFindings(config: Config): Promise<Finding[]> {
  const who = readRunning(layoutOf(config.dataDir))
  const health = await askServer<HealthAnswer>(config.dataDir, '/api/health')
  if (health === null)
    return [
      note(
        'server',
        who === null ? 'none runs on this data folder' : `process ${who.pid} uses this data folder and serves no page`,
      ),
    ]
  return [
    fine('server', `${who?.url ?? ''}, up ${health.uptimeS} s`),
    ...health.layers.map(
      (layer): Finding =>
        layer.ok ? fine(layer.name, layer.says) : off(layer.name, layer.says, 'it tries again by itself'),
    ),
  ]
}

async function storeFindings({ dataDir }: Config): Promise<Finding[]> {
  const asking = openAsking(dataDir)
  try {
    const facts = await asking.reader.facts()
    const findings = [
      fine(
        'record',
        `${facts.events} events of ${facts.sessions} sessions, log ${Math.round(facts.logBytes / 1e6)} MB, store ${Math.round(facts.storeBytes / 1e6)} MB`,
      ),
    ]
    if (facts.damaged > 0)
      findings.push(note('damaged lines', `${facts.damaged}, kept as they are`, 'see: openstory search type:damaged'))
    if (facts.otherKinds > 0)
      findings.push(
        note('unknown kinds', `${facts.otherKinds} events, kept as other.*`, 'see: openstory search type:other'),
      )
    return findings
  } finally {
    asking.close()
  }
}
