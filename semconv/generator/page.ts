/** Writes the reference page `docs/semconv.md`. Called by `generate.ts`. */
import { collect, type Placed } from './collect'
import type { Attribute, Metric, Ref, Registry } from './model'
import { attributesOf, spanType } from './resolve'

const INTRO = `<!-- Generated from semconv/registry by \`npm run generate\`; do not edit. -->
# Attributes, metrics and events

Names under \`afn.\` are ours, those under \`langfuse.\` LangFuse's; all others are OpenTelemetry's. Structured content is a JSON
string on spans and structured data on events, and is written only where content capture is on.
`

const CHANGES = `## What v0.1.0 of the GenAI conventions changed

Against v1.41, which most libraries of 2026 still write. Spans of theirs are read under both names and leave under those of v0.1.0;
\`AFN_SEMCONV_COMPAT=v1.41\` writes the old ones beside them.

${table(
  ['before', 'now'],
  [
    ['`gen_ai.workflow.name`', '`gen_ai.agent.name`; `gen_ai.operation.name` stays `invoke_workflow`'],
    ['`gen_ai.usage.cache_creation.input_tokens`', '`gen_ai.usage.cache_write.input_tokens`'],
    ['`gen_ai.request.top_k` of a retrieval', '`gen_ai.retrieval.top_k`'],
    ['`gen_ai.agent.id`, `gen_ai.agent.version` of an agent of this process', 'none'],
    ['span `retrieval {gen_ai.data_source.id}`, client', 'span `retrieval`, internal'],
    ["parts of messages by the provider's name, as `refusal`", '`generic`, with the name as `generic_type`'],
    ['an event of the span `gen_ai.evaluation.result`', 'a log record of that name; the event until December 2027'],
    ['events of spans `exception`', 'log records, by `OTEL_SEMCONV_EXCEPTION_SIGNAL_OPT_IN`'],
    ['metric `gen_ai.client.token.usage`', '`gen_ai.client.inference.usage.*`, `gen_ai.client.inference.operation.*`'],
    ['metric `gen_ai.client.operation.duration` of inference', '`gen_ai.client.inference.duration`'],
  ],
)}`

export function page(registries: readonly Registry[]): string {
  const upstream = registries.map(({ manifest }) => `- ${manifest.description} (\`${manifest.schema_url}\`)\n`)
  return [
    INTRO,
    upstream.join(''),
    CHANGES,
    '## Attributes\n',
    table(
      ['key', 'type', 'meaning'],
      collect(registries, 'attributes').map(({ entry }) => attributeRow(entry)),
    ),
    '## Metrics\n',
    table(
      ['name', 'instrument', 'unit', 'meaning', 'attributes', 'buckets'],
      collect(registries, 'metrics').map(({ entry }) => metricRow(registries, entry)),
    ),
    '## Spans\n',
    ...collect(registries, 'spans').map(placed =>
      signal(registries, 'span_refinements', placed, placed.entry.type, `Name: \`${placed.entry.name.note}\`. `),
    ),
    '## Events\n',
    ...collect(registries, 'events').map(placed =>
      signal(registries, 'event_refinements', placed, placed.entry.name, ''),
    ),
  ].join('\n')
}

function attributeRow(entry: Attribute): string[] {
  const values =
    typeof entry.type === 'string' ? '' : `: ${entry.type.members.map(({ value }) => `\`${value}\``).join(', ')}`
  const retired = entry.deprecated ? ` Deprecated: ${entry.deprecated.note}` : ''
  return [`\`${entry.key}\``, spanType(entry) + values, [entry.brief, entry.note].filter(Boolean).join(' ') + retired]
}

function metricRow(registries: readonly Registry[], entry: Metric): string[] {
  const attributes = attributesOf(registries, entry.attributes).map(({ key }) => `\`${key}\``)
  const buckets = entry.annotations?.['afn.buckets']?.join(' ') ?? ''
  return [`\`${entry.name}\``, entry.instrument, `\`${entry.unit}\``, entry.brief, attributes.join(', '), buckets]
}

function signal(
  registries: readonly Registry[],
  refinements: 'span_refinements' | 'event_refinements',
  { entry }: Placed<{ brief: string; attributes?: readonly Ref[] }>,
  name: string,
  lead: string,
): string {
  const added = collect(registries, refinements).filter(({ entry }) => entry.ref === name)
  const rows = [entry, ...added.map(({ entry }) => entry)].flatMap(({ attributes }) =>
    attributesOf(registries, attributes),
  )
  return `### ${name}\n\n${lead}${entry.brief}\n\n${table(
    ['attribute', 'level'],
    rows.map(({ key, level }) => [`\`${key}\``, level]),
  )}`
}

/** Columns are padded as the formatter pads them, so that `npm run format` leaves the page as it was generated. */
function table(head: readonly string[], body: readonly (readonly string[])[]): string {
  const rows = [head, ...body].map(row => row.map(cell => cell.replaceAll('|', '\\|')))
  const widths = head.map((_, column) => Math.max(3, ...rows.map(row => row[column]!.length)))
  const line = (row: readonly string[]) =>
    `| ${row.map((cell, column) => cell.padEnd(widths[column]!)).join(' | ')} |\n`
  const rule = line(widths.map(width => '-'.repeat(width)))
  return line(rows[0]!) + rule + rows.slice(1).map(line).join('')
}
