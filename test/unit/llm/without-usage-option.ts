// A provider that sends the counts of a stream where the request wants them, made of recordings of such requests.
import type { Recording } from './replay'

export const asks = (body: unknown) => JSON.parse(String(body)).stream_options?.include_usage === true

/** The call as it would have been made and answered without the option; undefined where it did not have the option. */
export function withoutUsageOption(recording: Recording): Recording | undefined {
  const { request, response, stream } = recording
  if (!stream || response.body === undefined || !asks(JSON.stringify(request.body ?? null))) return undefined
  const { stream_options: _, ...body } = request.body as Record<string, unknown>
  const without = { ...response, body: withoutCounts(response.body) }
  return { ...recording, request: { ...request, body }, respond: sent => (asks(sent) ? response : without) }
}

/** No chunk of counts, and no empty place for them. */
function withoutCounts(stream: string): string {
  const events = stream.split(/(?<=\n\n|\r\n\r\n)/)
  return events
    .filter(event => !event.includes('"choices":[],"usage":{'))
    .map(event => event.replace(',"usage":null', ''))
    .join('')
}
