// What is found on this machine and in the data folder, what is off, and the remedy. Looks, never mends.
import { accessSync, constants, existsSync, readdirSync, readFileSync, statfsSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { parseHead } from '../event/event.ts'
import { deadLetterNames, readLetters } from '../stores/log/dead-letters.ts'
import { ANY_EVENT } from '../stores/store.ts'
import type { AgentFormats, HealthAnswer } from '../wire/rest.ts'
import { askServer } from './ask-server.ts'
import { type Asking, openAsking } from './asking.ts'
import type { Config } from './config.ts'
import { formatsOf } from './formats.ts'
import { type FoundAgent, findAgents, foundSays } from './init.ts'
import { type Layout, layoutOf, pageDir } from './layout.ts'
import { machine } from './machine.ts'
import { readRunning } from './pipeline.ts'
import { type RetentionFacts, retentionFacts, retentionSays } from './retention.ts'
import { foreignIn } from './upgrade.ts'

export interface Finding {
  readonly is: 'ok' | 'note' | 'off'
  readonly about: string
  readonly says: string
  readonly remedy: string | null
  readonly retention?: RetentionFacts // its numbers, for scripts
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
    ...deadFindings(layout),
    ...(existsSync(layout.store)
      ? await storeFindings(config)
      : [
          note('store', 'there is none yet', 'run: openstory, or openstory import'),
          ...(await lossFindings(config, null)),
        ]),
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
  const [here, absent] = [[] as Finding[], [] as FoundAgent[]]
  for (const found of findAgents()) {
    const { label, path, files, why } = found
    if (why !== null) here.push(off(label, `${path} cannot be read (${why})`, 'give this user read permission'))
    else if (files === null) absent.push(found)
    else here.push(fine(label, `${foundSays(found)} in ${path}`))
  }
  const waiting = [...Map.groupBy(absent, ({ label }) => label)].map(([label, found]) =>
    note(
      label,
      `${found.map(({ path }) => path).join(', ')} ${found.length === 1 ? 'is' : 'are'} not here yet, and watched for`,
    ),
  )
  return [...here, ...waiting]
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
        layer.colour === 'green' ? fine(layer.name, layer.says) : off(layer.name, layer.says, layer.todo ?? ''),
    ),
  ]
}

// Events that a consumer could not handle. They are whole where they are, and in the log.
function deadFindings({ deadLetters, store }: Layout): Finding[] {
  const dead = deadLetterNames(deadLetters).flatMap((consumer) => {
    const letters = readLetters(join(deadLetters, `${consumer}.jsonl`))
    const [first] = letters
    if (first === undefined) return []
    const says = `${letters.length} ${letters.length === 1 ? 'event' : 'events'} that ${consumer} cannot handle, kept in ${deadLetters}; the first, ${first.id}: ${first.error}`
    return [off('set aside', says, `update OpenStory, then try them again with: openstory retry ${consumer}`)]
  })
  const corrupt = (existsSync(store) ? readdirSync(store) : []).filter((name) => /\.corrupt-\d+$/.test(name))
  return [
    ...dead,
    ...corrupt.map((name) =>
      note(
        'store',
        `${name} was corrupt; it was set aside and made anew from the log, nothing is lost`,
        'look after the disk, and delete the file when you do not need it',
      ),
    ),
  ]
}

async function storeFindings(config: Config): Promise<Finding[]> {
  const foreign = foreignFinding(config.dataDir)
  if (foreign !== null) return [foreign, ...(await lossFindings(config, null))]
  const asking = openAsking(config.dataDir)
  try {
    const { events, sessions, logBytes, storeBytes, damaged } = await asking.reader.facts()
    const sizes = `log ${Math.round(logBytes / 1e6)} MB, store ${Math.round(storeBytes / 1e6)} MB`
    return [
      fine('record', `${events} events of ${sessions} sessions, ${sizes}`),
      ...(damaged > 0 ? await damageFindings(asking, damaged) : []),
      ...(await formatsOf(asking.reader)).agents.flatMap(driftFindings),
      ...(await lossFindings(config, asking)),
    ]
  } finally {
    asking.close()
  }
}

// Of another version, and not to be asked by this one.
function foreignFinding(dataDir: string): Finding | null {
  const foreign = foreignIn(dataDir)
  if (foreign === null) return null
  const [says = '', ...remedy] = foreign.split('; ')
  return off('store', says, remedy.join('; '))
}

const DAMAGED_SHOWN = 5

async function damageFindings({ reader }: Asking, damaged: number): Promise<Finding[]> {
  const found = await reader.search(
    { ...ANY_EVENT, kind: ['system.damaged_line'] },
    { limit: DAMAGED_SHOWN, offset: 0, ranked: false },
  )
  const named = found.map(({ text }) => {
    const { origin, payload } = parseHead(text)
    return note('damaged line', `${origin.file}, byte ${origin.offset}: ${payload.why ?? 'not JSON'}; kept as it is`)
  })
  if (damaged <= named.length) return named
  return [
    ...named,
    note('damaged lines', `${damaged - named.length} more, kept as they are`, 'see: openstory search type:damaged'),
  ]
}

function driftFindings({ label, unknown }: AgentFormats): Finding[] {
  const counts = (['type', 'field', 'tool'] as const).flatMap((kind) => {
    const n = unknown.filter(({ what }) => what === kind).length
    return n === 0 ? [] : [`${n} ${kind}${n === 1 ? '' : 's'}`]
  })
  if (counts.length === 0) return []
  const says = `${listed(counts)} that OpenStory does not know yet; every line is kept whole`
  return [note(label, says, 'see: openstory doctor --formats')]
}

const listed = (words: readonly string[]): string =>
  words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`

// What agents will delete of their own, and whether it is here. Folders that a person chose not to have watched are theirs to lose.
async function lossFindings({ dataDir, watch }: Config, asking: Asking | null): Promise<Finding[]> {
  const isWatched = ({ agent, root }: RetentionFacts) =>
    Object.keys(watch).length === 0 ||
    (watch[agent] ?? []).some((folder) => root === folder || root.startsWith(`${folder}/`))
  const facts = await retentionFacts(machine(), layoutOf(dataDir).offsets, asking?.reader ?? null, Date.now())
  return facts.filter(isWatched).map((retention): Finding => {
    const says = retentionSays(retention)
    if (retention.days === null) return { ...note(retention.label, says), retention }
    if (retention.unread > 0) return { ...off(retention.label, says, 'run: openstory import'), retention }
    return { ...fine(retention.label, says), retention }
  })
}
