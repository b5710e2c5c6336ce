// /api/sessions/{id}/export: a session to keep or to hand on, as a file. It is sent as it is made, so that a long one needs no more memory
// than a short one.
import Type from 'typebox'
import { maskSecrets } from '../folds/secrets.ts'
import type { SessionRow } from '../folds/session.ts'
import { type Document, documentOf } from '../insights/export/export.ts'
import type { StoreReader } from '../stores/store.ts'
import { ParamError, readParams } from './params.ts'

const FORMATS = {
  markdown: { ending: 'md', contentType: 'text/markdown' },
  html: { ending: 'html', contentType: 'text/html' },
  cloudevents: { ending: 'cloudevents.jsonl', contentType: 'application/jsonl' },
  native: { ending: 'jsonl', contentType: 'application/jsonl' },
} as const
type Format = keyof typeof FORMATS

export const ExportParams = Type.Object({
  format: Type.String({
    default: 'markdown',
    description:
      'markdown or html: the session told, to read; cloudevents: its events, one JSON object a line; native: what its agent wrote',
  }),
})

export interface ExportParts {
  readonly reader: Pick<StoreReader, 'session' | 'turns' | 'records' | 'cost'>
  readonly labels: Readonly<Record<string, string>>
  readonly lines: (session: string, as: 'cloudevents' | 'native') => AsyncIterable<Uint8Array>
}

// What is sent as a file.
export class Download {
  readonly name: string
  readonly contentType: string
  readonly body: AsyncIterable<Uint8Array>
  constructor(name: string, contentType: string, body: AsyncIterable<Uint8Array>) {
    this.name = name
    this.contentType = contentType
    this.body = body
  }
}

// `session`: a full id of one that is there.
export async function exported(parts: ExportParts, session: string, query: URLSearchParams): Promise<Download> {
  const { format } = readParams(ExportParams, query)
  if (!isFormat(format))
    throw new ParamError(
      `the parameter format is one of ${Object.keys(FORMATS).join(', ')}, not ${JSON.stringify(format.slice(0, 60))}`,
    )
  const { ending, contentType } = FORMATS[format]
  const row = await parts.reader.session(session)
  const body =
    format === 'markdown' || format === 'html' ? document(parts, session, format) : lines(parts, session, format)
  return new Download(`${fileName(row, session)}.${ending}`, contentType, body)
}

const isFormat = (word: string): word is Format => Object.hasOwn(FORMATS, word)

async function* document({ reader, labels }: ExportParts, session: string, as: Document): AsyncIterable<Uint8Array> {
  const utf8 = new TextEncoder()
  const pieces = await documentOf(reader, session, as, (agent) => labels[agent] ?? agent)
  for await (const piece of pieces ?? []) yield utf8.encode(piece)
}

async function* lines(parts: ExportParts, session: string, as: 'cloudevents' | 'native'): AsyncIterable<Uint8Array> {
  const end = Uint8Array.of(10)
  for await (const line of parts.lines(session, as)) {
    yield line
    yield end
  }
}

// Letters and digits of any script, so that it is a name on every disk.
const NAME_MAX = 60
function fileName(row: SessionRow | null, session: string): string {
  const day = row?.started?.slice(0, 10) ?? ''
  const words = maskSecrets(row?.title ?? session)
    .normalize('NFC')
    .replace(/[^\p{L}\p{N}]+/gu, '-')
  const short = [...words]
    .slice(0, NAME_MAX)
    .join('')
    .replace(/^-+|-+$/g, '')
  return [day, short || 'session'].filter((part) => part !== '').join(' ')
}

// RFC 6266: a plain name for those who know no other, and the whole one.
export function disposition(name: string): string {
  const plain = name.replace(/[^\x20-\x7e]|["\\%]/g, '_')
  return `attachment; filename="${plain}"; filename*=UTF-8''${encodeURIComponent(name).replace(/['()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`)}`
}
