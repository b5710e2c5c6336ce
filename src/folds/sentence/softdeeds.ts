// What was done without changing anything: agents sent, pages looked up, tests run, things read; and what was only tried.
import { isSubagentTool } from '../turn/results.ts'
import type { Turn } from '../turn/turn.ts'
import { careOf } from './care.ts'
import type { Deed } from './deeds.ts'
import { filesPhrase, isSayable, listed, numberWord, plural, toolWords } from './names.ts'
import { quoted, shortened } from './quote.ts'
import { runPhrase, runsOf } from './running.ts'
import { triedPhrase } from './wanted.ts'

export function softDeeds(turn: Turn): Deed[] {
  return [
    ...triedDeeds(turn),
    ...agentDeeds(turn),
    ...lookDeeds(turn),
    ...runDeeds(turn),
    ...wordDeeds(turn),
    ...otherDeeds(turn),
  ]
}

const WHAT_MAX = 60

// An attempt that a person or a rule stopped leads only where nothing else was done.
function triedDeeds(turn: Turn): Deed[] {
  const last = turn.refusals.at(-1)
  if (last === undefined) return []
  const ended = turn.outcome === 'rejected' || (last.by === 'rule' && turn.files.length === 0)
  const text = triedPhrase(last) + (last.by === 'rule' ? ' (not allowed)' : '')
  return [
    {
      // A look that was refused says less than what was done.
      rank: !ended || last.kind === 'read' || last.kind === 'search' ? 30 : onlyLooks(last.acts) ? 30 : 54,
      verb: last.kind === 'plan' ? 'proposed' : 'tried',
      text,
      events: [last.event],
      is: 'tried',
    },
  ]
}

const onlyLooks = (acts: Turn['refusals'][number]['acts']): boolean =>
  acts !== undefined &&
  acts.length > 0 &&
  acts.every(({ deed }) => deed === 'quiet' || deed === 'search' || deed === 'read' || deed === 'list')

function agentDeeds(turn: Turn): Deed[] {
  const waiting = turn.pending.filter(
    (call) => call.kind === 'delegate' && (call.agentType !== undefined || isSubagentTool(call.name)),
  )
  const agents = [
    ...turn.agents.map(({ type, what, event, state }) => ({ type, what, event, state })),
    ...waiting.map((call) => ({
      type: call.agentType ?? null,
      what: call.of,
      event: call.event,
      state: 'running' as const,
    })),
  ]
  if (agents.length === 0) return []
  const ran = agents.filter(({ state }) => state !== 'failed')
  const shown = ran.length > 0 ? ran : agents
  const all = shown.length + turn.agentsMore
  const types = new Set(shown.map(({ type }) => type))
  const type = types.size === 1 ? [...types][0]! : null
  const done = shown.some(({ state }) => state === 'done')
  const verb = done ? 'sent' : 'started'
  const what = [...new Set(shown.map((agent) => agent.what).filter(Boolean))]
  const name = all === 1 ? withArticle(agentName(type)) : `${numberWord(all)} ${agentName(type)}s`
  const whats = what.slice(0, all === 1 ? 1 : 3).map((each) => quoted(shortened(each, WHAT_MAX)))
  const events = shown.map(({ event }) => event)
  return [
    {
      rank: 50,
      verb,
      text: `${verb} ${name}${whats.length > 0 ? ` for ${listed(whats)}` : ''}`,
      short: `${verb} ${name}`,
      events,
      is: 'agents',
    },
  ]
}

export const agentName = (type: string | null): string =>
  type === null
    ? 'subagent'
    : /(?:agent|^workflow)$/i.test(type)
      ? type
      : `${type.slice(type.lastIndexOf(':') + 1)} agent`
export const withArticle = (name: string): string => `${/^[aeiou]/i.test(name) ? 'an' : 'a'} ${name}`

const ASKS_REVIEW = /\breview/i

function lookDeeds(turn: Turn): Deed[] {
  const deeds: Deed[] = []
  const looked = turn.done.filter(
    (done) => done.deed === 'history' && (done.how === 'diff' || done.how === 'show' || done.how === 'log'),
  )
  const pulls = turn.done.filter((done) => done.deed === 'hosting' && done.how?.startsWith('pr '))
  const wants = ASKS_REVIEW.test(turn.prompt?.text ?? '') && turn.prompt?.by !== 'compaction'
  if (wants && (looked.length > 0 || pulls.length > 0)) {
    const pr = pulls.find(({ of }) => of !== undefined)
    const text = pr ? `reviewed PR #${pr.of}` : 'reviewed the changes'
    deeds.push({
      rank: 51,
      verb: 'reviewed',
      text,
      events: [...looked, ...pulls].map(({ event }) => event),
      is: 'look',
    })
  }
  const searches = turn.web.filter((each) => each.is === 'search')
  if (searches.length > 0) {
    const of = searches[0]!.of
    deeds.push({
      rank: 46,
      verb: 'searched',
      text: `searched the web${of ? ` for ${quoted(shortened(of, WHAT_MAX))}` : ''}`,
      events: searches.map(({ event }) => event),
      is: 'look',
    })
  } else if (turn.web.length > 0) {
    const sites = [...new Set(turn.web.map(({ of }) => siteOf(of)))]
    deeds.push({
      rank: 44,
      verb: 'read',
      text: `read ${turn.web.length === 1 ? 'a page' : plural(turn.web.length + turn.webMore, 'page')} of ${listed(sites.slice(0, 2))}`,
      events: turn.web.map(({ event }) => event),
      is: 'look',
    })
  }
  if (turn.reads.length > 0) {
    const paths = turn.reads.map(({ path }) => path)
    deeds.push({
      rank: 26,
      verb: 'read',
      text: `read ${filesPhrase(paths, 3, turn.readsMore)}`,
      events: turn.reads.map(({ event }) => event),
      is: 'look',
    })
  }
  if (turn.looked > 0)
    deeds.push({
      rank: 25,
      verb: 'searched',
      text: `searched the code${searchedFor(turn.looks)}`,
      events: turn.looks.map(({ event }) => event),
      is: 'look',
    })
  if (looked.length > 0 || pulls.length > 0) {
    const pr = pulls.find(({ of }) => of !== undefined)
    deeds.push({
      rank: 24,
      verb: 'looked',
      text: pr ? `looked at PR #${pr.of}` : 'looked at the git history',
      events: [...looked, ...pulls].map(({ event }) => event),
      is: 'look',
    })
  }
  return deeds
}

function searchedFor(looks: Turn['looks']): string {
  const plain = [...new Set(looks.map(({ of }) => of))].filter(isSayable)
  return plain.length === 0 ? '' : ` for ${listed(plain.slice(0, 2).map(quoted))}`
}

export const siteOf = (url: string): string =>
  /^(?:https?:\/\/)?(?:[^/@\s]*@)?(?:www\.)?([^/:?#\s]+)/.exec(url)?.[1] ?? 'the web'

function runDeeds(turn: Turn): Deed[] {
  const deeds: Deed[] = []
  for (const run of runsOf(turn)) {
    if (run.deed === 'format') continue
    const phrase = runPhrase(turn, run)
    const rank = run.deed === 'test' ? 45 : run.deed === 'run' || run.deed === 'serve' ? 40 : 43
    deeds.push({
      rank,
      verb: run.deed === 'serve' ? 'started' : 'ran',
      text: `${run.deed === 'serve' ? 'started' : 'ran'} ${phrase}`,
      events: run.results.map(({ event }) => event),
      is: 'run',
    })
  }
  // Of many commands the last ones say most.
  const plain = deeds.filter(({ rank }) => rank === 40)
  return [...deeds.filter(({ rank }) => rank !== 40), ...plain.filter(({ text }) => !text.includes('$')).slice(-1)]
}

function wordDeeds(turn: Turn): Deed[] {
  const deeds: Deed[] = []
  if (turn.asks.length > 0) {
    const first = turn.asks[0]!
    const text =
      turn.asks.length === 1
        ? `asked ${first.question ? quoted(shortened(first.question, 80)) : 'a question'}`
        : `asked ${plural(turn.asks.length, 'question')}`
    deeds.push({ rank: 35, verb: 'asked', text, events: turn.asks.map(({ event }) => event), is: 'word' })
  }
  const { plan, todo } = turn.kept ?? {}
  if (plan !== undefined && ![...turn.refusals, ...turn.pending].some(({ kind }) => kind === 'plan'))
    deeds.push({ rank: 33, verb: 'planned', text: 'made a plan', events: [plan], is: 'word' })
  if (todo !== undefined)
    deeds.push({ rank: 10, verb: 'planned', text: 'kept its to-do list', events: [todo], is: 'word' })
  return deeds
}

function otherDeeds(turn: Turn): Deed[] {
  const worked = turn.others.filter(({ times, failed }) => times > failed)
  if (worked.length === 0) return []
  const skills = worked.flatMap(({ name, event }) => {
    const skill = /^Skill: (.+)$/i.exec(name)?.[1]
    return skill === undefined ? [] : [{ skill: skill.slice(skill.lastIndexOf(':') + 1), event }]
  })
  const deeds: Deed[] = []
  if (skills.length > 0)
    deeds.push({
      rank: 31,
      verb: 'used',
      text: `used the ${listed(skills.slice(0, 2).map(({ skill }) => skill))} skill${skills.length > 1 ? 's' : ''}`,
      events: skills.map(({ event }) => event),
      is: 'word',
    })
  const rest = worked.filter(({ name }) => !/^Skill: /i.test(name))
  const cared = rest.flatMap(({ name, event }) => {
    const care = careOf(name.split(':')[0]!)
    return care === undefined ? [] : [{ text: care.did, event }]
  })
  if (cared.length > 0)
    deeds.push({
      rank: 29,
      verb: cared[0]!.text.split(' ')[0]!,
      text: cared[0]!.text,
      events: cared.map(({ event }) => event),
      is: 'word',
    })
  const used = rest.filter(({ name }) => careOf(name.split(':')[0]!) === undefined)
  if (used.length > 0) deeds.push(usedDeed(used))
  return deeds
}

const ACTS =
  /(?:^|[_.-])(?:create|update|delete|add|send|post|write|set|move|merge|comment|upload|publish|edit|save|reply|close)(?:[_.-]|$)/i

// Tools of other programs by the program: "used Linear (create comment)".
function usedDeed(used: Turn['others']): Deed {
  const said = [...new Set(used.map(({ name }) => toolWords(name)))].slice(0, 2)
  const server = / in (\p{Lu}\S*)$/u.exec(said[0]!)?.[1]
  const all = server !== undefined && said.every((each) => each.endsWith(` in ${server}`))
  const text = all
    ? `used ${server} (${said.map((each) => each.slice(0, -4 - server.length)).join(', ')})`
    : `used ${listed(said.map(quoted))}`
  // Some only look; what changes something elsewhere is a deed.
  const acts = used.some(({ name }) => ACTS.test(name))
  return { rank: acts ? 52 : 32, verb: 'used', text, events: used.map(({ event }) => event), is: 'word' }
}
