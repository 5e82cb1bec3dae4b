/**
 * Requests that Tempo's backend scheduler removes traces from all blocks of a tenant: the gRPC method `SubmitRedaction`, which `tempo-cli
 * redact` uses as well. Tempo 3.0 reads the tenant from the message and 3.1 from the header, so both are sent.
 * https://github.com/grafana/tempo/blob/main/pkg/tempopb/backendwork.proto
 */
import { connect } from 'node:http2'
import { fetchable } from '../../../shared/config/credentials'
import { Writer } from '../../../shared/otlp/writer'
import { type Backend, BackendError, reasonOf } from '../../../shared/queries/http'

/** Tempo accepts messages up to 4 MiB. The next pass finds and removes the remaining traces. */
const MOST_TRACES = 100_000
const PATH = '/tempopb.BackendScheduler/SubmitRedaction'

/** https://grpc.io/docs/guides/status-codes/ */
const [OK, NOT_FOUND, ALREADY_EXISTS, UNIMPLEMENTED] = [0, 5, 6, 12]

/**
 * Resolves when Tempo has accepted the request; its workers rewrite the blocks later. A tenant without blocks needs nothing.
 * @param scheduler base URL of Tempo's gRPC port
 * @param traceIds 32 hexadecimal digits each
 * @throws BackendError if Tempo does not respond, is running another redaction for this tenant, or refuses
 */
export async function redactTraces(
  scheduler: Backend,
  tenant: string,
  traceIds: readonly string[],
  signal: AbortSignal,
): Promise<void> {
  const { status, message } = await call(scheduler, tenant, requestOf(tenant, traceIds.slice(0, MOST_TRACES)), signal)
  if (status === OK || status === NOT_FOUND) return
  const at = `Tempo at ${scheduler.url}`
  if (status === ALREADY_EXISTS)
    throw new BackendError(`${at} is running another redaction of ${tenant}; it runs one at a time`)
  if (status === UNIMPLEMENTED)
    throw new BackendError(`${at} cannot redact traces: this requires Tempo 3.0 with its scheduler`)
  throw new BackendError(`${at} refused to redact traces of ${tenant} (gRPC status ${status}): ${message}`)
}

/** A gRPC message: a byte for "not compressed", its length, and the message. */
function requestOf(tenant: string, traceIds: readonly string[]): Buffer {
  const writer = new Writer()
  writer.text(1, tenant)
  for (const id of traceIds) writer.hex(2, id)
  const message = writer.finish()
  const head = Buffer.alloc(5)
  head.writeUInt32BE(message.length, 1)
  return Buffer.concat([head, message])
}

interface GrpcStatus {
  readonly status: number
  readonly message: string
}

function call(scheduler: Backend, tenant: string, body: Buffer, signal: AbortSignal): Promise<GrpcStatus> {
  const { name, url, setBy } = scheduler
  const { url: base, headers: credentials } = fetchable(url)
  return new Promise((resolve, reject) => {
    const fail = (error: unknown) => {
      session.destroy()
      reject(
        new BackendError(`${name} does not respond at ${url} (${reasonOf(error)}); start it there, or set ${setBy}`),
      )
    }
    const session = connect(base)
    session.on('error', fail)
    const stream = session.request(
      {
        ':method': 'POST',
        ':path': PATH,
        'content-type': 'application/grpc',
        te: 'trailers',
        'x-scope-orgid': tenant,
        ...credentials,
        ...scheduler.headers,
      },
      { signal },
    )
    // an error may have headers only, without trailers
    const answer: Record<string, unknown> = {}
    stream.on('response', headers => Object.assign(answer, headers))
    stream.on('trailers', trailers => Object.assign(answer, trailers))
    stream.on('error', fail)
    stream.on('end', () => {
      session.close()
      const { 'grpc-status': status, 'grpc-message': message = '' } = answer
      if (status === undefined) return fail(new Error(`HTTP ${answer[':status']} without a gRPC status`))
      resolve({ status: Number(status), message: decoded(String(message)) })
    })
    stream.resume()
    stream.end(body)
  })
}

/** gRPC percent-encodes messages; an invalid encoding is returned as is. */
function decoded(message: string): string {
  try {
    return decodeURIComponent(message)
  } catch {
    return message
  }
}
