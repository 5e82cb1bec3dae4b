// What live-check finds and why it stays. docs/conformance.md says the same to whoever reads it.
import type { Advice } from './live-check'

interface Answer {
  readonly why: string
  readonly holds: (advice: Advice) => boolean
}

/** What a page writes that no registry has, beyond what the browser itself names: so that a name that is misspelt has no answer. */
const ofPages = new Set(
  [
    'css_selector tag_name page.x page.y mouse_event.button',
    'csp.directive csp.disposition csp.blocked_url',
    'navigation.same_document navigation.hash_change navigation.type',
  ].flatMap(names => names.split(' ').map(name => `browser.${name}`)),
)
const eventsOfPages =
  /^event browser\.(csp_violation|long_animation_frame|navigation|navigation_timing|resource_error|resource_timing|user_action\.(click|scroll|submit))$/

/** Properties of the browser's own entries, by W3C's Resource Timing, Navigation Timing and Long Animation Frames, in snake case. */
const properties: Readonly<Record<string, string>> = {
  resource_timing:
    'start_time duration navigation_id initiator_type delivery_type next_hop_protocol render_blocking_status content_type content_encoding worker_start worker_router_evaluation_start worker_cache_lookup_start worker_matched_router_source worker_final_router_source redirect_start redirect_end fetch_start domain_lookup_start domain_lookup_end connect_start secure_connection_start connect_end request_start response_start first_interim_response_start final_response_headers_start response_end response_status transfer_size encoded_body_size decoded_body_size',
  navigation_timing:
    'unload_event_start unload_event_end dom_interactive dom_content_loaded_event_start dom_content_loaded_event_end dom_complete load_event_start load_event_end type redirect_count activation_start',
  long_animation_frame:
    'start_time duration navigation_id render_start style_and_layout_start first_ui_event_timestamp blocking_duration paint_time presentation_time',
  'long_animation_frame.script':
    'start_time duration navigation_id execution_start invoker invoker_type window_attribution forced_style_and_layout_duration pause_duration source_url source_function_name source_char_position',
}
for (const [entry, names] of Object.entries(properties))
  for (const name of names.split(' ')) ofPages.add(`browser.${entry}.${name}`)

const answers: readonly Answer[] = [
  {
    why: 'a name is not stable: the conventions of GenAI, MCP, processes, Node.js and V8 are in development, and so are our own names',
    holds: ({ id }) => id === 'not_stable',
  },
  {
    why: 'a value that the conventions do not list, where they let others in: errors, providers, spaces of V8, resources of Node.js, environments',
    holds: ({ id, about }) =>
      id === 'undefined_enum_variant' &&
      /^(error\.type|gen_ai\.provider\.name|v8js\.(heap\.space\.name|resource\.type)|deployment\.environment\.name)=/.test(
        about,
      ),
  },
  {
    why: "reranking, one step of an agent (the AI SDK's), and videos that are made have no word in the conventions",
    holds: ({ id, about }) =>
      id === 'undefined_enum_variant' &&
      /^gen_ai\.(operation\.name=(rerank|agent_step)|output\.type=video)$/.test(about),
  },
  {
    why: 'an attribute that only some calls have: what answered, where it is reached, what failed',
    holds: ({ id }) => /^(recommended|conditionally_required|opt_in)_attribute_not_present$/.test(id),
  },
  {
    why: 'what else identifies a machine, a container or a service: who wants it sets OTEL_RESOURCE_ATTRIBUTES or a detector',
    holds: ({ id }) => /^entity_(recommended|opt_in|conditionally_required)_attribute_not_present$/.test(id),
  },
  {
    why: 'a header that a setting asks for, under the name that the conventions have for all headers',
    holds: ({ id }) => id === 'template_attribute',
  },
  {
    why: 'Next.js makes spans of its own, in its own words and in those of HTTP before 1.21; they are exported as they are',
    holds: ({ about, where }) =>
      /^span .* of Next\.js$/.test(where) && /^(next\.\w+|http\.(method|status_code|target))$/.test(about),
  },
  {
    why: "Anthropic's client makes a span of its own for the same call, and ours keeps what it says in its own words",
    holds: ({ id, about, where }) =>
      id === 'missing_attribute' && where === 'span client' && about.startsWith('anthropic.'),
  },
  {
    why: "what a page does and loads has the names of OpenTelemetry's browser instrumentations, or is named in their way: no registry has them",
    holds: ({ id, about, where }) =>
      (/^(missing_attribute|extends_namespace)$/.test(id) && ofPages.has(about)) ||
      (id === 'missing_event' && eventsOfPages.test(where)),
  },
  {
    why: "an event of the app's own, as `recordCustomEvent()` of a page sends it",
    holds: ({ where }) => where === 'event tip_shown',
  },
  {
    why: 'the conventions of MCP still say rpc.response.status_code, which the core has renamed to rpc.status_code',
    holds: ({ id, about }) => id === 'deprecated' && about === 'rpc.response.status_code',
  },
  {
    why: "a field of the app's own log lines, or of a request's line, which has the name that it has in the log file",
    holds: ({ id, where }) => where === 'log' && /^(missing_attribute|missing_namespace)$/.test(id),
  },
]

/** @returns why the advice is not followed */
export const answerTo = (advice: Advice): string | undefined => answers.find(({ holds }) => holds(advice))?.why
