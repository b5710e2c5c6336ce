// The fields Claude Code's records have had, from version 0.2 (2025-05) to 2.1 (2026-08): what else stands in one is news.
// What a tool puts out (`toolUseResult`, `input`) is the tool's own and is not looked into.
import { shapesOf } from '../shape.ts'
import { nonEmpty } from '../values.ts'

const LINE =
  'type uuid parentUuid sessionId session_id timestamp agentId isSidechain userType cwd version gitBranch slug entrypoint sessionKind teamName agentName isMeta forkedFrom'

const TABLE: Readonly<Record<string, string>> = {
  line: LINE,
  assistant: `&line requestId message>message.assistant isApiErrorMessage apiErrorStatus error errorDetails effort
    attributionSkill attributionPlugin attributionMcpServer attributionMcpTool attributionAgent isAbortedMidStream supersedesUuids
    costUSD durationMs`,
  user: `&line message>message.user toolUseResult thinkingMetadata todos permissionMode sourceToolAssistantUUID sourceToolUseID
    promptId promptSource origin>origin planContent imagePasteIds isVisibleInTranscriptOnly isCompactSummary interruptedMessageId
    interruptedByShutdown classifierMetaLines toolDenialKind toolEndsTurn mcpMeta turnCompanion project isReplay`,
  system: `&line subtype content level toolUseID durationMs messageCount logicalParentUuid compactMetadata>compaction
    microcompactMetadata hookCount hookInfos hookErrors hookAdditionalContext preventedContinuation stopReason hasOutput
    error cause retryInMs retryAttempt maxRetries url requestId pendingBackgroundAgentCount pendingWorkflowCount
    apiRefusalCategory apiRefusalExplanation refusedUserMessageUuid retractedMessageUuids originalModel fallbackModel source
    direction trigger scope`,
  attachment: '&line attachment>attachment.{type} rendered',
  progress: '&line data>progress.{type} parentToolUseID toolUseID',
  'queue-operation': '&line operation content',
  summary: 'type summary leafUuid &line',
  'ai-title': '&line aiTitle',
  'custom-title': '&line customTitle',
  'agent-name': '&line agentName',
  'last-prompt': '&line lastPrompt leafUuid',
  mode: '&line mode',
  'permission-mode': '&line permissionMode',
  'pr-link': '&line prNumber prUrl prRepository',
  'frame-link': '&line path frameUrl title',
  'bridge-session': '&line bridgeSessionId lastSequenceNum ownerAccountUuid ownerOrganizationUuid',
  relocated: '&line relocatedCwd',
  'worktree-state': '&line worktreeSession',
  'file-history-snapshot': '&line messageId snapshot>snapshot isSnapshotUpdate',
  'file-history-delta': '&line messageId snapshotMessageId trackingPath backup',
  started: '&line key label',
  result: '&line key result',

  'message.assistant':
    'id type role model content>content.{type}? stop_reason stop_sequence stop_details usage>usage context_management container diagnostics',
  'message.user': 'id type role content>content.{type} model usage stop_reason stop_sequence',
  'content.text': 'type text citations cache_control',
  'content.thinking': 'type thinking signature',
  'content.redacted_thinking': 'type data',
  'content.tool_use': 'type id name input caller cache_control',
  'content.server_tool_use': 'type id name input caller',
  'content.tool_result': 'type tool_use_id content>result.{type} is_error text cache_control',
  'content.image': 'type source',
  'content.document': 'type source title context citations',
  'content.fallback': 'type from to',
  'result.text': 'type text tool_name source citations',
  'result.image': 'type source',
  'result.tool_reference': 'type tool_name',
  'result.document': 'type source title',
  usage: `input_tokens output_tokens cache_creation_input_tokens cache_read_input_tokens cache_creation>cache_creation service_tier
    server_tool_use>server_tool_use inference_geo iterations speed output_tokens_details`,
  cache_creation: 'ephemeral_5m_input_tokens ephemeral_1h_input_tokens',
  server_tool_use: 'web_search_requests web_fetch_requests',
  origin: 'kind from senderTaskId',
  compaction: `trigger preTokens postTokens durationMs preCompactDiscoveredTools preservedSegment preservedMessages
    cumulativeDroppedTokens`,
  snapshot: 'messageId trackedFileBackups timestamp',

  'progress.bash_progress': 'type output fullOutput elapsedTimeSeconds totalLines totalBytes timeoutMs taskId',
  'progress.powershell_progress': 'type output fullOutput elapsedTimeSeconds totalLines totalBytes timeoutMs taskId',
  'progress.agent_progress': 'type agentId message normalizedMessages prompt resume',
  'progress.hook_progress': 'type hookEvent hookName command promptText statusMessage',
  'progress.mcp_progress': 'type status serverName toolName elapsedTimeMs progress total progressMessage',
  'progress.query_update': 'type query',
  'progress.search_results_received': 'type resultCount query',
  'progress.waiting_for_task': 'type taskDescription taskType',

  hook: 'type hookName hookEvent toolUseID content stdout stderr exitCode command durationMs',
  'attachment.hook_success': '&hook',
  'attachment.hook_non_blocking_error': '&hook',
  'attachment.hook_additional_context': '&hook',
  'attachment.hook_system_message': '&hook',
  'attachment.hook_blocking_error': '&hook blockingError',
  'attachment.async_hook_response': '&hook processId response',
  'attachment.queued_command': 'type prompt commandMode timestamp origin>origin source_uuid isMeta imagePasteIds',
  'attachment.file': 'type filename content displayPath truncated',
  'attachment.edited_text_file': 'type filename snippet',
  'attachment.compact_file_reference': 'type filename displayPath',
  'attachment.directory': 'type path content displayPath',
  'attachment.nested_memory': 'type path displayPath content',
  'attachment.opened_file_in_ide': 'type filename',
  'attachment.selected_lines_in_ide': 'type ideName lineStart lineEnd filename content displayPath',
  'attachment.diagnostics': 'type files isNew',
  'attachment.date_change': 'type newDate',
  'attachment.plan_mode': 'type reminderType isSubAgent planFilePath planExists',
  'attachment.plan_mode_exit': 'type planFilePath planExists',
  'attachment.auto_mode': 'type reminderType autoModeConsentFlow bashFirst steerOnly bypass',
  'attachment.ultra_effort_enter': 'type reminderType',
  'attachment.ultra_effort_exit': 'type',
  'attachment.task_reminder': 'type content itemCount',
  'attachment.todo_reminder': 'type content itemCount',
  'attachment.task_status': 'type taskId taskType description status deltaSummary outputFilePath',
  'attachment.goal_status': 'type met sentinel condition',
  'attachment.total_tokens_reminder': 'type text',
  'attachment.silent_turn_reminder': 'type text',
  'attachment.batching_reminder_sent': 'type text model',
  'attachment.read_truncation_notice': 'type banner toolUseID',
  'attachment.budget_usd': 'type used total remaining',
  'attachment.command_permissions': 'type allowedTools',
  'attachment.dynamic_skill': 'type skillDir skillNames displayPath',
  'attachment.invoked_skills': 'type skills',
  'attachment.skill_listing': 'type content skillCount isInitial names',
  'attachment.agent_listing_delta': 'type addedTypes addedLines removedTypes isInitial showConcurrencyNote',
  'attachment.mcp_instructions_delta': 'type addedNames addedBlocks removedNames',
  'attachment.deferred_tools_delta':
    'type addedNames addedLines removedNames readdedNames pendingMcpServers needsAuthMcpServers',
}

export const shapes = shapesOf(
  TABLE,
  (record) => nonEmpty(record.type) ?? null,
  'StructuredOutput ScheduleWakeup CronCreate CronList CronDelete',
)
