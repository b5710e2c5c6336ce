// The items of paginated history: `item_completed` tells what a person saw, in place of most older events.
import { otherKind } from '../../event/types.ts'
import { type Json, lineOf, newPayload, nonEmpty, saying } from '../values.ts'
import { noteOf, wasTold, withNote } from './calls.ts'
import { commandEnd, dynamicEnd, extensionEnd, hostedEnd, mcpEnd, patchEnd } from './ends.ts'
import { compacted, reviewed, subagent } from './happenings.ts'
import type { Memory, Said } from './memory.ts'
import { answer, thought, userSaid } from './messages.ts'
import { contentAt, marked, notice, repeat, sayingAll } from './texts.ts'
import { callOutput } from './tool-calls.ts'

const AT = '/payload/item'

export function completedItem(item: Json, memory: Memory): Said {
  const type = nonEmpty(item.type) ?? 'untyped'
  switch (type) {
    case 'UserMessage':
      return userSaid(contentAt(item.content, `${AT}/content`), 'event', memory)
    case 'AgentMessage':
      return answer(contentAt(item.content, `${AT}/content`), 'event', nonEmpty(item.phase), memory)
    case 'Reasoning':
      return reasoning(item, memory)
    case 'CommandExecution':
      return commandEnd(item, AT, memory)
    case 'FileChange':
      return patchEnd(item, AT, memory)
    case 'McpToolCall':
      return mcpEnd(item, AT, memory)
    case 'DynamicToolCall':
      return dynamicEnd(item, AT, memory)
    case 'Extension':
      return extensionEnd(item, AT, memory)
    case 'FunctionCallOutput':
      return functionOutput(item, memory)
    case 'WebSearch':
    case 'ImageView':
    case 'ImageGeneration':
      return hostedEnd()
    case 'SubAgentActivity':
      return activity(item, memory)
    case 'CollabAgentToolCall':
      return collabCall(item)
    case 'ContextCompaction':
      return compacted(memory)
    case 'Plan':
      return { parts: [notice('plan', nonEmpty(item.text), `${AT}/text`)] }
    case 'HookPrompt':
      return { parts: [marked(sayingAll('message.user.injected', hookTexts(item)), 'hook')] }
    case 'EnteredReviewMode':
      return { parts: [saying('system.mode_change', 'review', null)] }
    case 'ExitedReviewMode':
      return { parts: [reviewed(item, AT)] }
    case 'Sleep':
      return { parts: [saying('progress.other', 'sleep', null)] }
    default:
      return { parts: [{ kind: otherKind(`item.${type}`), payload: newPayload() }] }
  }
}

const hookTexts = (item: Json) => {
  const { texts } = contentAt(
    item.fragments ?? item.content,
    `${AT}/${item.fragments === undefined ? 'content' : 'fragments'}`,
  )
  return texts
}

function reasoning(item: Json, memory: Memory): Said {
  const summary = contentAt(item.summary_text, `${AT}/summary_text`).texts
  return thought([...summary, ...contentAt(item.raw_content, `${AT}/raw_content`).texts], 'event', memory)
}

// The output of a call whose item tells it too, as desktop versions write it.
function functionOutput(item: Json, memory: Memory): Said {
  const call = nonEmpty(item.call_id) ?? nonEmpty(item.id)
  if (call === undefined || wasTold(memory, call)) return { parts: [repeat()] }
  return callOutput({ ...item, call_id: call }, AT, memory)
}

// The id is that of the call, whose answer is still to come and does not say which thread it began.
function activity(item: Json, memory: Memory): Said {
  const said = subagent(item.kind, item.agent_thread_id, item.agent_path, item.id, memory)
  const [call, agentId] = [nonEmpty(item.id), nonEmpty(item.agent_thread_id)]
  const note = call === undefined ? undefined : noteOf(memory, call)
  if (call === undefined || agentId === undefined || !note?.spawns) return said
  return { ...said, changes: { ...said.changes, calls: withNote(memory, call, { ...note, agentId }) } }
}

function collabCall(item: Json): Said {
  const words = [item.tool, item.status, item.prompt].flatMap((word) => nonEmpty(word) ?? [])
  return { parts: [saying('progress.agent', lineOf(words.join(' ')), null)] }
}
