// The fields that pi's entries, and those of agents built on it, have had from version 1 of the format on: what else stands in one is news.
// What tools and extensions put into `details`, `data` and `arguments` is their own and is not looked into.
import { shapesOf } from '../shape.ts'
import { nonEmpty } from '../values.ts'

const TABLE: Readonly<Record<string, string>> = {
  entry: 'type id parentId timestamp kind lane seq counted terminate',
  session: '&entry version cwd parentSession provider modelId thinkingLevel title branchedFrom',
  message: '&entry message>message.{role}?',
  model_change: '&entry provider modelId model role',
  thinking_level_change: '&entry thinkingLevel',
  compaction:
    '&entry summary firstKeptEntryId firstKeptEntryIndex tokensBefore details fromHook usage>tokens systemMessage retainedTail',
  branch_summary: '&entry fromId summary details fromHook usage>tokens',
  custom: '&entry customType data toolName toolCallId exitCode durationMs',
  custom_message: '&entry customType content display details',
  label: '&entry targetId label',
  session_info: '&entry name',
  usage: '&entry kind provider model usage>tokens note',
  context_edit: '&entry targetId replacement',
  title: '&entry title pad',
  session_init: '&entry cliVersion profile',
  mode_change: '&entry mode',
  service_tier_change: '&entry family tier',

  'message.user': 'role content>content.{type} timestamp provenance idempotencyKey',
  'message.assistant': `role content>content.{type}? api provider model usage>tokens stopReason errorMessage timestamp responseId
    responseModel diagnostics idempotencyKey openclawAbort`,
  'message.toolResult': 'role toolCallId toolName content>content.{type} details isError timestamp usage>tokens',
  'message.bashExecution':
    'role command output exitCode cancelled truncated fullOutputPath excludeFromContext timestamp',
  'message.system': 'role content timestamp',
  'message.custom': 'role customType content display details timestamp',
  'message.hookMessage': 'role customType content display details timestamp',
  'message.branchSummary': 'role summary fromId timestamp',
  'message.compactionSummary': 'role summary tokensBefore timestamp',
  'content.text': 'type text textSignature',
  'content.thinking': 'type thinking thinkingSignature redacted',
  'content.image': 'type data mimeType',
  'content.toolCall': 'type id name arguments thoughtSignature partialJson',
  tokens: 'input output cacheRead cacheWrite cacheWrite1h reasoning totalTokens cost>cost',
  cost: 'input output cacheRead cacheWrite total',
}

// Version 4 writes records of the harness beside entries; they are told one by one and not looked into.
const HARNESS: ReadonlySet<unknown> = new Set(['header', 'record', 'lane', 'fact'])

export const shapes = shapesOf(TABLE, (record) => (HARNESS.has(record.kind) ? null : (nonEmpty(record.type) ?? null)))
