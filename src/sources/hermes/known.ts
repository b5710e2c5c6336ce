// The columns Hermes' tables have had, and the fields of its older forms: what else stands in a row is news.
import { shapesOf } from '../shape.ts'

const TABLE: Readonly<Record<string, string>> = {
  message: `id session_id role content tool_call_id tool_calls tool_name name effect_disposition timestamp token_count finish_reason
    reasoning reasoning_content reasoning_details codex_reasoning_items codex_message_items platform_message_id observed
    _compressed_summary active compacted api_content display_kind display_metadata display_identity display_order mirror mirror_source`,
  session: `id source created_source user_id session_key chat_id chat_type thread_id display_name origin_json model model_config
    system_prompt system_prompt_hash parent_session_id started_at ended_at end_reason message_count tool_call_count input_tokens
    output_tokens cache_read_tokens cache_write_tokens reasoning_tokens cwd git_branch git_repo_root billing_provider
    billing_base_url billing_mode estimated_cost_usd actual_cost_usd cost_status cost_source pricing_version title title_source
    last_activity_at api_call_count profile_name rewind_count archived pinned hidden tool_names`,
  document: `session_id model platform session_start last_updated message_count system_prompt base_url tools messages model_config cwd`,
  header: '&message tools model platform',
}

export const shapes = shapesOf(
  TABLE,
  (record) => {
    if (record.role === 'session_meta') return 'header'
    if ('role' in record) return 'message'
    if ('started_at' in record && 'source' in record) return 'session'
    return 'session_start' in record && 'platform' in record ? 'document' : null
  },
  'text_to_speech vision',
)
