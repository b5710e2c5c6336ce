// The fields Gemini CLI's chats have had, as documents and as lines: what else stands in one is news.
import { shapesOf } from '../shape.ts'

const TABLE: Readonly<Record<string, string>> = {
  session: `sessionId projectHash startTime lastUpdated kind directories summary memoryScratchpad messages>message`,
  message: `id timestamp type content displayContent toolCalls>call thoughts>thought tokens>tokens model`,
  call: `id name args result status timestamp agentId displayName description resultDisplay renderOutputAsMarkdown`,
  thought: 'subject description summary timestamp',
  tokens: 'input output cached thoughts tool total',
  update: '$set>session',
  rewind: '$rewindTo',
}

export const shapes = shapesOf(TABLE, (record) => {
  if (typeof record.type === 'string') return 'message'
  if ('sessionId' in record) return 'session'
  return '$set' in record ? 'update' : '$rewindTo' in record ? 'rewind' : null
})
