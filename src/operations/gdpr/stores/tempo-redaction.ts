/**
 * Asks Tempo's backend scheduler to take traces out of all blocks of a tenant: `SubmitRedaction` of gRPC, which `tempo-cli redact` sends
 * too. Tempo 3.0 reads the tenant from the message, 3.1 from the header: both are sent.
 * https://github.com/grafana/tempo/blob/main/pkg/tempopb/backendwork.proto
 */
import { connect } from 'node:http2'
import { fetchable } from '../../../shared/config/credentials'
import { Writer } from '../../../shared/otlp/writer'
import { type Backend, BackendError, reasonOf } from '../../../shared/queries/http'

/** Tempo takes messages of 4 MiB. What is more is found again, and goes with the next pass. */
const MOST_TRACES = 100_000
const PATH = '/tempopb.BackendScheduler/SubmitRedaction'

/** https://grpc.io/docs/guides/status-codes/ */
const [OK, NOT_FOUND, ALREADY_EXISTS, UNIMPLEMENTED] = [0, 5, 6, 12]

/**
 * Resolves when Tempo took the request; its workers rewrite the blocks later. A tenant without blocks has nothing to rewrite.
 * @param scheduler base URL of Tempo's gRPC port
 * @param traceIds 32 hexadecimal digits each
 * @throws BackendError when nobody answers, Tempo is at work on another redaction of this tenant, or it refuses
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

/** A message of gRPC: a byte that says that it is not compressed, its length, itself. */
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
    // a refusal may come without trailers, as headers alone
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

/** gRPC writes a message as a part of a URL; what is none stays as it is. */
function decoded(message: string): string {
  try {
    return decodeURIComponent(message)
  } catch {
    return message
  }
}
