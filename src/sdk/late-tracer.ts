// Tracers for an app whose own SDK may come later. Libraries keep the tracer that they get when they are loaded; without us
// such a tracer would be the API's proxy, and would become one of the app's SDK. So it does with us.
import { ProxyTracerProvider, type Tracer, type TracerOptions, type TracerProvider } from '@opentelemetry/api'

export class LateTracerProvider extends ProxyTracerProvider {
  constructor(delegate: TracerProvider) {
    super()
    this.setDelegate(delegate)
  }

  override getTracer(name: string, version?: string, options?: TracerOptions): Tracer {
    let provider: TracerProvider | undefined
    let tracer: Tracer | undefined
    const current = (): Tracer => {
      const delegate = this.getDelegate()
      if (tracer === undefined || provider !== delegate) {
        provider = delegate
        tracer = delegate.getTracer(name, version, options)
      }
      return tracer
    }
    return {
      startSpan: (...args) => current().startSpan(...args),
      startActiveSpan: (...args: unknown[]) => {
        const now = current()
        return Reflect.apply(now.startActiveSpan, now, args)
      },
    }
  }
}
