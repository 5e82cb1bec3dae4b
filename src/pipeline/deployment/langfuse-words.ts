// What LangFuse needs in its own words, for spans that our SDK did not write. It was tried on LangFuse v4.16; what only the SDK can do (cost parts, users on every span) stands in src/app/llm/report/langfuse.
import {
  ATTR_AFN_LLM_LOCAL_ROOT,
  ATTR_AFN_LLM_PARENT_ID,
  ATTR_AFN_LLM_RETRIED,
  ATTR_ERROR_TYPE,
  ATTR_GEN_AI_OPERATION_NAME,
  ATTR_GEN_AI_RESPONSE_TIME_TO_FIRST_CHUNK,
  ATTR_GEN_AI_USAGE_CACHE_WRITE_INPUT_TOKENS,
} from '../../../semconv'
import { note, type Section } from './yaml-comments'

const at = (key: string): string => `span.attributes["${key}"]`
const langfuse = (key: string): string => at(`langfuse.observation.${key}`)
const operation = at(ATTR_GEN_AI_OPERATION_NAME)
const isCall = `IsMatch(${operation}, "^(chat|text_completion|generate_content|embeddings)$")`
/** In the JSON of the attributes: a count of tokens in the words of one of the conventions. */
const counted = '\\"(gen_ai[.]usage|llm[.]token_count|llm[.]usage|ai[.]usage)[.]'
const RELEASE = 'langfuse.release'
const cacheWrite = at(ATTR_GEN_AI_USAGE_CACHE_WRITE_INPUT_TOKENS)
const firstChunk = at(ATTR_GEN_AI_RESPONSE_TIME_TO_FIRST_CHUNK)

const set = (target: string, value: string, where: string): string => `set(${target}, ${value}) where ${where}`

/** LangFuse filters by release, which it reads under no other name; the version of a service is what was released. */
const released = set(
  at(RELEASE),
  'resource.attributes["service.version"]',
  `${at(RELEASE)} == nil and resource.attributes["${RELEASE}"] == nil and resource.attributes["service.version"] != nil`,
)

/** What hangs under a span that LangFuse doesn't get would hang nowhere. */
const placed = [
  set('span.parent_span_id.string', at(ATTR_AFN_LLM_PARENT_ID), `${at(ATTR_AFN_LLM_PARENT_ID)} != nil`),
  set(
    'span.parent_span_id',
    'SpanID(0x0000000000000000)',
    `${at(ATTR_AFN_LLM_LOCAL_ROOT)} == true and ${operation} == nil`,
  ),
  released,
]

const renamed = [
  set(at('gen_ai.usage.cache_creation.input_tokens'), cacheWrite, `${cacheWrite} != nil`),
  // every other key that begins so is counted as tokens
  'delete_matching_keys(span.attributes, "^gen_ai[.]usage[.](cache_write[.]|(text|image|audio)[.]|cost_|reasoning_tokens)")',
  // gen_ai.prompt.* is read as the messages themselves
  ...['name', 'version'].map(key =>
    set(langfuse(`prompt.${key}`), at(`gen_ai.prompt.${key}`), `${at(`gen_ai.prompt.${key}`)} != nil`),
  ),
  'delete_matching_keys(span.attributes, "^gen_ai[.]prompt[.](name|version|variable[.])")',
]

const added = [
  set(
    langfuse('completion_start_time'),
    `FormatTime(span.start_time + Duration(Concat([${firstChunk}, "s"], "")), "%Y-%m-%dT%H:%M:%S.%LZ")`,
    `${firstChunk} != nil and ${langfuse('completion_start_time')} == nil`,
  ),
  set(langfuse('type'), '"retriever"', `${operation} == "retrieval" and ${langfuse('type')} == nil`),
  set(langfuse('type'), '"chain"', `${operation} == "invoke_workflow" and ${langfuse('type')} == nil`),
  // what became of the call is on its last attempt
  set(langfuse('level'), '"WARNING"', `${at(ATTR_AFN_LLM_RETRIED)} == true and ${langfuse('level')} == nil`),
  set(langfuse('level'), '"ERROR"', `${at(ATTR_ERROR_TYPE)} != nil and ${langfuse('level')} == nil`),
  set(
    langfuse('status_message'),
    at(ATTR_ERROR_TYPE),
    `${at(ATTR_ERROR_TYPE)} != nil and span.status.message == "" and ${langfuse('status_message')} == nil`,
  ),
  // without counts it counts and bills the tokens of the redacted text, also of a call that failed
  set(
    langfuse('usage_details'),
    '"{\\"input\\":0,\\"output\\":0,\\"total\\":0}"',
    `${isCall} and ${langfuse('usage_details')} == nil and not IsMatch(span.attributes, "${counted}")`,
  ),
]

/** A model's name or counts on what is no call would be billed a second time. */
const bared = [
  'delete_matching_keys(span.attributes, "^(model|input|output|prompt|events|llm[.]model_name|gen_ai[.](request|response)[.]model|gen_ai[.]usage[.].*)$")' +
    ` where not ${isCall} and ${langfuse('type')} != "generation" and ${langfuse('type')} != "embedding"`,
]

/** Of spans of our SDK, which has said the rest itself. */
export const langfusePlaces = (): Section =>
  note('Known only in this leg: the parent of a span after the other spans are filtered out.', {
    error_mode: 'ignore',
    trace_statements: [{ statements: placed }],
  })

export const langfuseWords = (): Section =>
  note("Adds LangFuse's attributes to spans that only have those of the conventions. Existing ones are kept.", {
    error_mode: 'ignore',
    trace_statements: [{ statements: [...placed, ...renamed, ...added, ...bared] }],
  })
