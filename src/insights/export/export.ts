// A session told as a document, piece by piece: one renderer for the page, the API and the command line.
import { htmlOf } from './html.ts'
import { markdownOf } from './markdown.ts'
import { type TaleReader, taleOf } from './tale.ts'

export const DOCUMENTS = ['markdown', 'html'] as const
export type Document = (typeof DOCUMENTS)[number]

// Null: there is no such session.
export async function documentOf(
  reader: TaleReader,
  session: string,
  as: Document,
  labelOf: (agent: string) => string,
): Promise<AsyncIterable<string> | null> {
  const tale = await taleOf(reader, session, labelOf)
  return tale === null ? null : written(tale, as)
}

async function* written(tale: NonNullable<Awaited<ReturnType<typeof taleOf>>>, as: Document): AsyncIterable<string> {
  let depth = 0
  for await (const piece of tale) {
    if (piece.as === 'lane') depth++
    const text = as === 'html' ? htmlOf(piece) : markdownOf(piece, depth)
    if (text !== '') yield text
    if (piece.as === 'lane end') depth--
  }
}
