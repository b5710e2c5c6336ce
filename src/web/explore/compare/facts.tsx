// What two sessions are in numbers: each fact a row, with a bar where one is more than the other; their tools; their files.
import { type CSSProperties, useState } from 'react'
import type { Comparison, Deed, Fact, FileOf } from '../../../folds/compare/compare.ts'
import type { SessionSummary } from '../../../wire/live.ts'
import { fileAt } from '../../state/files-route.ts'
import { hrefOf } from '../../state/route.ts'
import { compact, costOf, counted, duration, modelName } from '../../ui/words.ts'

const TOOLS_SHOWN = 10
const FILES_SHOWN = 12

export function Facts({ facts }: { facts: readonly Fact[] }) {
  return (
    <section className="compare-part" aria-label="In numbers">
      {facts.filter(isSaid).map((fact) => (
        <Row key={fact.name} name={fact.name} a={fact.a} b={fact.b} say={(at) => said(fact, at)} />
      ))}
    </section>
  )
}

// What neither has is not worth a row.
const isSaid = ({ a, b, as }: Fact): boolean =>
  as === 'words' ? a !== null || b !== null : (a !== null && a !== 0) || (b !== null && b !== 0)

const OUTCOMES: Readonly<Record<string, string>> = {
  answered: 'Ended with an answer',
  asked: 'Ended with a question',
  interrupted: 'Was stopped',
  failed: 'Ended in an error',
  rejected: 'Its last step was refused',
  running: 'Still at work',
  continued: 'Ran out of context',
  passed: 'Passed',
  fixed: 'Failed, then passed',
  unknown: 'Ran; what came out is not known',
}

function said(fact: Fact, at: 'a' | 'b'): string {
  const value = fact[at]
  if (value === null) return fact.as === 'words' ? '–' : 'not known'
  if (fact.name === 'Tests' && value === 'failed') return 'Fail'
  if (typeof value === 'string') return fact.name === 'Model' ? modelName(value) : (OUTCOMES[value] ?? value)
  switch (fact.as) {
    case 'ms':
      return value === 0 ? '–' : duration(value)
    case 'usd':
      return costOf({ cost: { usd: String(value), lowerBound: fact.isLeast?.[at === 'a' ? 0 : 1] ?? false } }) ?? '$0'
    default:
      return value < 10_000 ? value.toLocaleString('en-US') : compact(value)
  }
}

interface RowProps {
  readonly name: string
  readonly a: number | string | null
  readonly b: number | string | null
  readonly say: (at: 'a' | 'b') => string
}
function Row({ name, a, b, say }: RowProps) {
  const most = typeof a === 'number' || typeof b === 'number' ? Math.max(Number(a ?? 0), Number(b ?? 0)) : 0
  return (
    <dl className="compare-row compare-fact">
      <dt>{name}</dt>
      {(['a', 'b'] as const).map((at) => {
        const value = at === 'a' ? a : b
        const share = typeof value === 'number' && most > 0 ? value / most : 0
        return (
          <dd key={at} data-side={at.toUpperCase()}>
            <span className={typeof value === 'string' ? 'compare-words' : 'number'}>{say(at)}</span>
            {typeof value === 'number' && (
              <i style={{ '--share': `${share * 100}%` } as CSSProperties} aria-hidden="true" />
            )}
          </dd>
        )
      })}
    </dl>
  )
}

export function Tools({ tools }: { tools: Comparison['tools'] }) {
  const [isOpen, setOpen] = useState(false)
  if (tools.length === 0) return null
  const hidden = tools.length - TOOLS_SHOWN
  return (
    <section className="compare-part">
      <h2>Tools</h2>
      {tools.slice(0, isOpen ? tools.length : TOOLS_SHOWN).map(({ tool, a, b }) => (
        <Row key={tool} name={tool} a={a} b={b} say={(at) => (at === 'a' ? a : b).toLocaleString('en-US')} />
      ))}
      {hidden > 0 && <More isOpen={isOpen} set={setOpen} n={hidden} what="tool" />}
    </section>
  )
}

interface FilesProps {
  readonly files: Comparison['files']
  readonly a: SessionSummary
  readonly b: SessionSummary
}
export function Files({ files, a, b }: FilesProps) {
  const [isOpen, setOpen] = useState(false)
  if (files.a.length + files.both.length + files.b.length === 0) return null
  const hidden = files.both.length - FILES_SHOWN
  return (
    <section className="compare-part">
      <h2>Files</h2>
      {files.both.length === 0 && <p className="aside compare-note">No file is in both.</p>}
      <ul>
        {files.both.slice(0, isOpen ? files.both.length : FILES_SHOWN).map((file, i) => (
          <li key={file.path} className="compare-row compare-fact">
            <span className="compare-group">{i === 0 && `In both · ${files.both.length}`}</span>
            <span className="compare-file">
              <FileLink path={file.path} session={a} />
              <DeedSaid deed={file.a} side="A" />
            </span>
            <span className="compare-file">
              <FileLink path={file.path} session={b} isQuiet />
              <DeedSaid deed={file.b} side="B" />
            </span>
          </li>
        ))}
      </ul>
      {hidden > 0 && <More isOpen={isOpen} set={setOpen} n={hidden} what="file" />}
      <div className="compare-row compare-only">
        <span />
        <Only name="Only in A" files={files.a} of="a" session={a} />
        <Only name="Only in B" files={files.b} of="b" session={b} />
      </div>
    </section>
  )
}

interface OnlyProps {
  readonly name: string
  readonly files: readonly FileOf[]
  readonly of: 'a' | 'b'
  readonly session: SessionSummary
}
function Only({ name, files, of, session }: OnlyProps) {
  const [isOpen, setOpen] = useState(false)
  const hidden = files.length - FILES_SHOWN
  return (
    <section className="compare-list" aria-label={name}>
      <h3>
        {name} <span>· {files.length}</span>
      </h3>
      <ul>
        {files.slice(0, isOpen ? files.length : FILES_SHOWN).map((file) => (
          <li key={file.path} className="compare-file">
            <FileLink path={file.path} session={session} />
            <DeedSaid deed={file[of]} side="" />
          </li>
        ))}
      </ul>
      {hidden > 0 && <More isOpen={isOpen} set={setOpen} n={hidden} what="file" />}
    </section>
  )
}

// Every turn of every session that touched it.
function FileLink({ path, session, isQuiet = false }: { path: string; session: SessionSummary; isQuiet?: boolean }) {
  return (
    <a
      className={isQuiet ? 'compare-path repeated' : 'compare-path'}
      href={hrefOf({ view: 'explore', files: fileAt(wholePath(path, session.cwd)) })}
      title={path}
    >
      <code>{path}</code>
    </a>
  )
}
const wholePath = (path: string, cwd: string | null): string =>
  cwd === null || /^([/~]|[A-Za-z]:)/.test(path) ? path : `${cwd}/${path}`

const DID: Readonly<Record<Deed['did'], string>> = {
  created: 'new',
  modified: 'edited',
  deleted: 'deleted',
  renamed: 'renamed',
  read: 'read',
}
function DeedSaid({ deed, side }: { deed: Deed | null; side: string }) {
  return (
    <span className="compare-deed">
      {side !== '' && <span className="quietly">{side}: </span>}
      {deed === null ? '–' : DID[deed.did]}
      {deed !== null && deed.added > 0 && <ins> +{deed.added}</ins>}
      {deed !== null && deed.removed > 0 && <del> −{deed.removed}</del>}
    </span>
  )
}

interface MoreProps {
  readonly isOpen: boolean
  readonly set: (isOpen: boolean) => void
  readonly n: number
  readonly what: string
}
function More({ isOpen, set, n, what }: MoreProps) {
  return (
    <button type="button" className="bare compare-more" aria-expanded={isOpen} onClick={() => set(!isOpen)}>
      {isOpen ? 'Fewer' : `${counted(n, `more ${what}`)}`}
    </button>
  )
}
