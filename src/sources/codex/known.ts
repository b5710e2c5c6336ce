// The fields Codex' rollouts have had, from the first JSONL (2025-07) to 0.153 (2026-09): what else stands in one is news.
// What a tool is given and puts out is the tool's own and is not looked into.
import { shapesOf } from '../shape.ts'
import { nonEmpty } from '../values.ts'

const TABLE: Readonly<Record<string, string>> = {
  line: 'timestamp ordinal type payload',
  session_meta: 'timestamp ordinal type payload>meta',
  turn_context: 'timestamp ordinal type payload>context',
  compacted: 'timestamp ordinal type payload>compaction',
  response_item: 'timestamp ordinal type payload>item.{type}?',
  event_msg: 'timestamp ordinal type payload>event.{type}?',
  world_state: '&line',
  inter_agent_communication: '&line',
  inter_agent_communication_metadata: '&line',
  token_usage_record: 'timestamp ordinal type payload>token_usage',

  meta: `id session_id timestamp cwd originator cli_version source thread_source model_provider instructions base_instructions git
    dynamic_tools history_mode history_base subagent_history_start_ordinal forked_from_id parent_thread_id agent_nickname agent_role
    agent_path memory_mode multi_agent_version context_window`,
  context: `turn_id cwd workspace_roots current_date timezone approval_policy approvals_reviewer sandbox_policy permission_profile
    active_permission_profile file_system_sandbox_policy network model effort summary personality collaboration_mode
    multi_agent_version multi_agent_mode realtime_active user_instructions developer_instructions base_instructions
    truncation_policy comp_hash final_output_json_schema`,
  compaction: 'message replacement_history window_number window_id previous_window_id first_window_id',
  token_usage:
    'thread_id turn_id session_id root_turn_id response_id usage>usage turn_token_usage>usage thread_token_usage>usage',
  usage: `input_tokens cached_input_tokens cache_write_input_tokens output_tokens reasoning_output_tokens total_tokens`,

  one: 'type id metadata internal_chat_message_metadata_passthrough',
  'item.message': '&one role content>content.{type} phase',
  'item.agent_message': '&one author recipient content',
  'item.reasoning': '&one summary content encrypted_content',
  'item.function_call': '&one name namespace arguments call_id summary',
  'item.function_call_output': '&one call_id output',
  'item.custom_tool_call': '&one name call_id input status',
  'item.custom_tool_call_output': '&one call_id output',
  'item.local_shell_call': '&one call_id status action',
  'item.tool_search_call': '&one call_id arguments status execution',
  'item.tool_search_output': '&one call_id tools status execution',
  'item.web_search_call': '&one status action',
  'item.image_generation_call': '&one status revised_prompt result',
  'item.ghost_snapshot': '&one ghost_commit',
  'content.input_text': 'type text',
  'content.output_text': 'type text annotations logprobs',
  'content.input_image': 'type image_url detail',
  'content.input_audio': 'type input_audio audio_url',
  'content.encrypted_content': 'type encrypted_content',

  'event.user_message': 'type message images local_images text_elements client_id audio local_audio kind',
  'event.agent_message': 'type message phase memory_citation',
  'event.agent_reasoning': 'type text',
  'event.token_count': 'type info>counted rate_limits usage',
  counted: 'total_token_usage>usage last_token_usage>usage model_context_window model',
  'event.task_started': 'type turn_id model_context_window collaboration_mode_kind started_at',
  'event.task_complete':
    'type turn_id last_agent_message started_at completed_at duration_ms time_to_first_token_ms error',
  'event.turn_aborted': 'type turn_id reason started_at completed_at duration_ms',
  'event.context_compacted': 'type',
  'event.thread_rolled_back': 'type num_turns',
  'event.thread_name_updated': 'type thread_id thread_name',
  'event.thread_goal_updated': 'type threadId turnId goal',
  'event.thread_settings_applied': 'type thread_settings',
  'event.entered_review_mode': 'type target user_facing_hint prompt turn_id item_id',
  'event.exited_review_mode': 'type review_output turn_id item_id',
  'event.exec_command_end': `type call_id process_id turn_id command cwd parsed_cmd source stdout stderr aggregated_output exit_code
    duration formatted_output status`,
  'event.patch_apply_end': 'type call_id turn_id stdout stderr success changes status',
  'event.mcp_tool_call_end':
    'type call_id invocation duration result plugin_id read_only_hint connector_id link_id app_name action_name',
  'event.web_search_end': 'type call_id query action results',
  'event.image_generation_end': 'type call_id status revised_prompt result saved_path',
  'event.view_image_tool_call': 'type call_id path',
  'event.sub_agent_activity': 'type kind event_id agent_thread_id agent_path occurred_at_ms',
  'event.item_completed': 'type thread_id turn_id item>turn_item.{type}? started_at_ms completed_at_ms',
  'turn_item.UserMessage': 'type id client_id content',
  'turn_item.AgentMessage': 'type id content phase memory_citation',
  'turn_item.Reasoning': 'type id summary_text raw_content',
  'turn_item.Plan': 'type id text',
  'turn_item.CommandExecution': `type id process_id command cwd parsed_cmd source status stdout stderr aggregated_output exit_code
    duration formatted_output`,
  'turn_item.FileChange': 'type id changes status stdout stderr',
  'turn_item.McpToolCall': 'type id server tool arguments status readOnlyHint result error duration',
  'turn_item.SubAgentActivity': 'type id kind agent_thread_id agent_path',
  'turn_item.ContextCompaction': 'type id',
}

// The first versions wrote items without an envelope: those are long over, and not looked at.
export const shapes = shapesOf(TABLE, (record) => ('payload' in record ? (nonEmpty(record.type) ?? null) : null))
