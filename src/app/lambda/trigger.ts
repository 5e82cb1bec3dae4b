// What the event of an invocation says of what triggered it: the FaaS, HTTP and messaging conventions of OpenTelemetry.
// Shapes: https://docs.aws.amazon.com/lambda/latest/dg/lambda-services.html
import {
  type Attributes,
  type Context,
  type Link,
  propagation,
  ROOT_CONTEXT,
  SpanKind,
  trace,
} from '@opentelemetry/api'
import {
  ATTR_CLIENT_ADDRESS,
  ATTR_HTTP_REQUEST_METHOD,
  ATTR_HTTP_ROUTE,
  ATTR_SERVER_ADDRESS,
  ATTR_URL_PATH,
  ATTR_URL_QUERY,
  ATTR_URL_SCHEME,
  ATTR_USER_AGENT_ORIGINAL,
} from '@opentelemetry/semantic-conventions'
import {
  ATTR_FAAS_TRIGGER,
  ATTR_MESSAGING_OPERATION_TYPE,
  ATTR_MESSAGING_SYSTEM,
  MESSAGING_SYSTEM_VALUE_AWS_SNS,
  MESSAGING_SYSTEM_VALUE_AWS_SQS,
} from '@opentelemetry/semantic-conventions/incubating'
import { knownMethod, maskedQuery } from '../instrument/http-attributes'
import type { LambdaContext } from './runtime-types'

export interface Trigger {
  /** Of the span. Absent: the function's name. */
  readonly name?: string
  readonly kind: SpanKind
  readonly attributes: Attributes
  /** In which the span begins. */
  readonly parent: Context
  readonly links: Link[]
  readonly isHttp: boolean
}

type Fields = Readonly<Record<string, unknown>>

const fields = (value: unknown): Fields => (typeof value === 'object' && value !== null ? (value as Fields) : {})
const text = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined)

export function triggerOf(event: unknown, context: LambdaContext): Trigger {
  const { requestContext, Records, source, httpMethod } = fields(event)
  if (text(httpMethod) ?? fields(fields(requestContext).http).method) return ofHttp(fields(event), context)
  if (Array.isArray(Records)) return ofRecords(Records.map(fields), context)
  const trigger = text(source) === 'aws.events' ? 'timer' : text(source) ? 'pubsub' : 'other'
  return { ...plain(context), attributes: { [ATTR_FAAS_TRIGGER]: trigger } }
}

const plain = (context: LambdaContext) => {
  const { custom, Custom } = context.clientContext ?? {}
  return { kind: SpanKind.SERVER, links: [], isHttp: false, parent: parentOf(fields(custom ?? Custom)) }
}

/** API Gateway's two formats, function URLs, and load balancers. */
function ofHttp(event: Fields, context: LambdaContext): Trigger {
  const { http, identity } = fields(event.requestContext)
  const headers = lowered({ ...fields(event.multiValueHeaders), ...fields(event.headers) })
  const { method, path, sourceIp, userAgent } = { ...fields(identity), ...fields(http) }
  const known = knownMethod(text(event.httpMethod) ?? text(method))
  const route = routeOf(event)
  const query =
    text(event.rawQueryString) ??
    new URLSearchParams(fields(event.queryStringParameters) as Record<string, string>).toString()
  const attributes: Attributes = {
    [ATTR_FAAS_TRIGGER]: 'http',
    [ATTR_HTTP_REQUEST_METHOD]: known,
    [ATTR_URL_SCHEME]: headers['x-forwarded-proto'] ?? 'https',
    [ATTR_URL_PATH]: text(event.rawPath) ?? text(event.path) ?? text(path),
    [ATTR_URL_QUERY]: query === '' ? undefined : maskedQuery(query),
    [ATTR_HTTP_ROUTE]: route,
    [ATTR_SERVER_ADDRESS]: headers.host,
    [ATTR_CLIENT_ADDRESS]: text(sourceIp) ?? headers['x-forwarded-for']?.split(',', 1)[0],
    [ATTR_USER_AGENT_ORIGINAL]: headers['user-agent'] ?? text(userAgent),
  }
  const { kind, links, parent } = plain(context)
  return {
    name: route ? `${known} ${route}` : known,
    kind,
    attributes,
    links,
    parent: parentOf(headers, parent),
    isHttp: true,
  }
}

/** `GET /users/{id}` of format 2.0, `/users/{id}` of 1.0; `$default` and what a load balancer sends are no routes. */
function routeOf({ routeKey, resource }: Fields): string | undefined {
  const route = text(resource) ?? text(routeKey)?.replace(/^[A-Z]+ /, '')
  return route?.startsWith('/') ? route : undefined
}

const lowered = (headers: Fields): Record<string, string | undefined> =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), text([value].flat()[0])]))

/** Queues, topics, streams and buckets. Messages of several senders come at once, so they are links. */
function ofRecords(records: readonly Fields[], context: LambdaContext): Trigger {
  const source = text(records[0]?.eventSource ?? records[0]?.EventSource)
  const system = { 'aws:sqs': MESSAGING_SYSTEM_VALUE_AWS_SQS, 'aws:sns': MESSAGING_SYSTEM_VALUE_AWS_SNS }[source ?? '']
  const links = records.flatMap(({ messageAttributes, Sns }) => {
    const entries = Object.entries(fields(messageAttributes ?? fields(Sns).MessageAttributes))
    const carrier = Object.fromEntries(
      entries.map(([name, value]) => [name.toLowerCase(), text(fields(value).stringValue ?? fields(value).Value)]),
    )
    const spanContext = trace.getSpanContext(parentOf(carrier))
    return spanContext ? [{ context: spanContext }] : []
  })
  if (!system)
    return {
      ...plain(context),
      attributes: { [ATTR_FAAS_TRIGGER]: /^aws:(kinesis|kafka)/.test(source ?? '') ? 'pubsub' : 'datasource' },
    }
  return {
    ...plain(context),
    kind: SpanKind.CONSUMER,
    links,
    attributes: {
      [ATTR_FAAS_TRIGGER]: 'pubsub',
      [ATTR_MESSAGING_SYSTEM]: system,
      [ATTR_MESSAGING_OPERATION_TYPE]: 'process',
    },
  }
}

/** @param otherwise where the carrier names no trace; by itself what X-Ray says, if its propagator is set */
function parentOf(carrier: Fields, otherwise?: Context): Context {
  const found = propagation.extract(ROOT_CONTEXT, carrier)
  if (trace.getSpanContext(found)) return found
  return otherwise ?? propagation.extract(found, { 'x-amzn-trace-id': process.env._X_AMZN_TRACE_ID })
}
