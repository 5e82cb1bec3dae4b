// What Lambda's runtime client gives a handler and asks of it, as far as the span of an invocation needs it.

/** https://docs.aws.amazon.com/lambda/latest/dg/nodejs-context.html */
export interface LambdaContext {
  readonly awsRequestId: string
  readonly functionName: string
  readonly invokedFunctionArn: string
  readonly clientContext?: { readonly custom?: unknown; readonly Custom?: unknown } | null
  getRemainingTimeInMillis(): number
}

export type AnyCallback = (...given: unknown[]) => void

/** `(event, context, callback?)`, or with the mark below `(event, responseStream, context)`. */
export type Handler = (this: unknown, ...args: unknown[]) => unknown

/** What `awslambda.streamifyResponse()` writes on a handler. */
export const STREAMING = Symbol.for('aws.lambda.runtime.handler.streaming')
