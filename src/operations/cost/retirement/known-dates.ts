/**
 * Retirement dates from providers' own pages. Only definite dates are listed, no estimates ("not sooner than"). Each platform has its own
 * row, since Bedrock, Vertex AI and Azure set their own dates.
 *
 * The rows come from copies and reports of these pages, read on 2 December 2026; no provider was queried. OpenAI's and Google's are from
 * November 2026, Anthropic's from July and 26 November, AWS' from July to October, Azure's from July (models that were deprecated or
 * retired by then).
 */
import type { Retirement } from './retirement'

const OPENAI = 'https://developers.openai.com/api/docs/deprecations'
const GOOGLE = 'https://ai.google.dev/gemini-api/docs/deprecations'
const ANTHROPIC = 'https://platform.claude.com/docs/en/about-claude/model-deprecations'
const BEDROCK = 'https://docs.aws.amazon.com/bedrock/latest/userguide/model-lifecycle-legacy.html'
const VERTEX = 'https://docs.cloud.google.com/vertex-ai/generative-ai/docs/learn/model-versions'
const VERTEX_PARTNERS =
  'https://docs.cloud.google.com/gemini-enterprise-agent-platform/models/deprecations/partner-models'
const AZURE = 'https://learn.microsoft.com/azure/foundry/openai/concepts/model-retirements'

const rows: readonly (readonly [provider: string, source: string, date: string, models: string, replacement: string])[] = [
  ['openai', OPENAI, '2026-10-23', 'gpt-3.5-turbo gpt-3.5-turbo-0125', 'gpt-5.6-terra'],
  ['openai', OPENAI, '2026-10-23', 'gpt-4 gpt-4-0613 gpt-4-1106-preview gpt-4-turbo gpt-4-turbo-2024-04-09', 'gpt-5.6-sol'],
  ['openai', OPENAI, '2026-10-23', 'gpt-4o-2024-05-13 o1 o1-2024-12-17 o3-mini o3-mini-2025-01-31', 'gpt-5.6-sol'],
  ['openai', OPENAI, '2026-10-23', 'o1-pro o1-pro-2025-03-19', 'gpt-5.6-sol'],
  ['openai', OPENAI, '2026-10-23', 'o4-mini o4-mini-2025-04-16', 'gpt-5.6-terra'],
  ['openai', OPENAI, '2026-12-01', 'gpt-image-1-mini gpt-image-1.5 gpt-image-1.5-2025-12-16 chatgpt-image-latest', 'gpt-image-2.6-flare'],
  ['openai', OPENAI, '2026-12-11', 'gpt-5 gpt-5-2025-08-07', 'gpt-6.1-sol'],
  ['openai', OPENAI, '2026-12-11', 'gpt-5-mini gpt-5-mini-2025-08-07', 'gpt-6.1-terra'],
  ['openai', OPENAI, '2026-12-11', 'gpt-5-nano gpt-5-nano-2025-08-07', 'gpt-6-luna'],
  ['openai', OPENAI, '2026-12-11', 'gpt-5-pro gpt-5-pro-2025-10-06 o3 o3-2025-04-16 o3-pro o3-pro-2025-06-10', 'gpt-6.1-sol'],
  ['openai', OPENAI, '2027-01-14', 'gpt-4o gpt-4o-2024-08-06 gpt-4o-2024-11-20', 'gpt-6-luna'],
  ['openai', OPENAI, '2027-01-14', 'gpt-4o-mini gpt-4o-mini-2024-07-18', 'gpt-6-luna'],
  ['openai', OPENAI, '2027-01-14', 'gpt-4.1 gpt-4.1-2025-04-14 gpt-4.1-mini gpt-4.1-mini-2025-04-14', 'gpt-6-luna'],
  ['openai', OPENAI, '2027-02-10', 'gpt-image-2', 'gpt-image-2.6-sunburst'],
  ['openai', OPENAI, '2027-04-01', 'gpt-5.1', ''],
  ['gcp.gemini', GOOGLE, '2026-03-09', 'gemini-3-pro-preview', 'gemini-3.1-pro-preview'],
  ['gcp.gemini', GOOGLE, '2026-06-01', 'gemini-2.0-flash gemini-2.0-flash-001 gemini-2.0-flash-lite gemini-2.0-flash-lite-001', ''],
  ['gcp.gemini', GOOGLE, '2026-12-01', 'gemini-2.5-pro', 'gemini-3.8-flash'],
  ['gcp.gemini', GOOGLE, '2026-12-01', 'gemini-2.5-flash', 'gemini-3.5-flash-lite'],
  ['gcp.gemini', GOOGLE, '2026-12-03', 'gemini-omni-1.1-flash', 'gemini-omni-1.2-flash'],
  ['gcp.gemini', GOOGLE, '2027-03-15', 'gemini-2.5-flash-image', 'gemini-3.1-flash-lite-image'],
  ['gcp.vertex_ai', VERTEX, '2027-01-28', 'gemini-3.6-flash', 'gemini-4-hydrogen'],
  ['gcp.vertex_ai', VERTEX, '2027-03-15', 'gemini-2.5-flash-image', 'gemini-3.1-flash-lite-image'],
  ['gcp.vertex_ai', VERTEX_PARTNERS, '2026-07-05', 'claude-3-5-haiku@20241022 claude-3-5-haiku', ''],
  ['gcp.vertex_ai', VERTEX_PARTNERS, '2027-01-22', 'claude-opus-4-5@20251101 claude-opus-4-5', ''],
  ['anthropic', ANTHROPIC, '2025-10-28', 'claude-3-5-sonnet-20240620 claude-3-5-sonnet-20241022 claude-3-5-sonnet-latest', 'claude-sonnet-4-6'],
  ['anthropic', ANTHROPIC, '2026-01-05', 'claude-3-opus-20240229 claude-3-opus-latest', ''],
  ['anthropic', ANTHROPIC, '2026-02-19', 'claude-3-7-sonnet-20250219 claude-3-7-sonnet-latest', ''],
  ['anthropic', ANTHROPIC, '2026-02-19', 'claude-3-5-haiku-20241022 claude-3-5-haiku-latest', ''],
  ['anthropic', ANTHROPIC, '2026-04-20', 'claude-3-haiku-20240307', 'claude-haiku-4-5-20251001'],
  ['anthropic', ANTHROPIC, '2026-06-15', 'claude-sonnet-4-20250514 claude-sonnet-4-0', 'claude-sonnet-4-6'],
  ['anthropic', ANTHROPIC, '2026-06-15', 'claude-opus-4-20250514 claude-opus-4-0', 'claude-opus-4-8'],
  ['anthropic', ANTHROPIC, '2026-08-05', 'claude-opus-4-1-20250805 claude-opus-4-1', 'claude-opus-4-8'],
  ['anthropic', ANTHROPIC, '2027-01-22', 'claude-opus-4-5-20251101 claude-opus-4-5', 'claude-opus-5-5'],
  ['aws.bedrock', BEDROCK, '2026-07-07', 'meta.llama3-2-1b-instruct-v1:0 meta.llama3-2-3b-instruct-v1:0', ''],
  ['aws.bedrock', BEDROCK, '2026-07-07', 'meta.llama3-2-11b-instruct-v1:0 meta.llama3-2-90b-instruct-v1:0', ''],
  ['aws.bedrock', BEDROCK, '2026-07-07', 'meta.llama3-1-405b-instruct-v1:0', ''],
  ['aws.bedrock', BEDROCK, '2026-09-10', 'anthropic.claude-3-haiku-20240307-v1:0', ''],
  ['aws.bedrock', BEDROCK, '2026-09-14', 'amazon.nova-premier-v1:0 amazon.nova-sonic-v1:0', ''],
  ['aws.bedrock', BEDROCK, '2026-09-30', 'amazon.nova-canvas-v1:0 amazon.nova-reel-v1:0 amazon.nova-reel-v1:1', ''],
  ['aws.bedrock', BEDROCK, '2026-10-14', 'anthropic.claude-sonnet-4-20250514-v1:0', 'anthropic.claude-sonnet-4-6'],
  ['aws.bedrock', BEDROCK, '2026-11-26', 'ai21.jamba-1-5-large-v1:0 ai21.jamba-1-5-mini-v1:0', ''],
  ['aws.bedrock', BEDROCK, '2027-01-08', 'anthropic.claude-opus-4-1-20250805-v1:0', ''],
  ['azure.ai.openai', AZURE, '2026-05-13', 'gpt-5-chat-2025-10-03 gpt-5.2-chat-2025-12-11', 'gpt-chat-latest'],
  ['azure.ai.openai', AZURE, '2026-06-29', 'gpt-5-chat-2025-08-07 gpt-5.1-chat-2025-11-13 gpt-5.1-chat', 'gpt-chat-latest'],
  ['azure.ai.openai', AZURE, '2026-06-29', 'gpt-5.2-chat-2026-02-10 gpt-5.3-chat-2026-03-03 gpt-5.3-chat', 'gpt-chat-latest'],
  ['azure.ai.openai', AZURE, '2026-09-16', 'o1 o1-2024-12-17', ''],
  ['azure.ai.openai', AZURE, '2026-10-01', 'gpt-4o gpt-4o-2024-05-13 gpt-4o-2024-08-06 gpt-4o-2024-11-20', 'gpt-5.1'],
  ['azure.ai.openai', AZURE, '2026-10-01', 'gpt-4o-mini gpt-4o-mini-2024-07-18 o3-mini o3-mini-2025-01-31', ''],
  ['azure.ai.openai', AZURE, '2026-10-14', 'gpt-4.1 gpt-4.1-2025-04-14 gpt-4.1-mini gpt-4.1-mini-2025-04-14', ''],
  ['azure.ai.openai', AZURE, '2026-10-14', 'gpt-4.1-nano gpt-4.1-nano-2025-04-14', ''],
  ['azure.ai.openai', AZURE, '2026-10-16', 'o4-mini o4-mini-2025-04-16', ''],
  ['azure.ai.openai', AZURE, '2026-11-15', 'codex-mini codex-mini-2025-05-16', ''],
] // biome-ignore format: a row a line

export const knownRetirements: readonly Retirement[] = rows.flatMap(([provider, source, date, models, replacement]) =>
  models.split(' ').map(model => ({ provider, model, date, replacement: replacement || undefined, source })),
)
