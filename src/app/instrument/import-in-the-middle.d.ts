declare module 'import-in-the-middle/hook.mjs' {
  interface Context {
    readonly parentURL?: string
    readonly importAttributes?: object
  }
  interface Loaded {
    readonly format?: string | null
    readonly source?: unknown
  }
  type Hook<Result> = (
    what: string,
    context: Context,
    next: (what: string, context: Context) => Promise<Result>,
  ) => Promise<Result>
  export type Resolve = Hook<{ readonly url: string }>
  export type Load = Hook<Loaded>

  export const resolve: Resolve
  export const load: Load
  export function initialize(data: { include: string[] }): Promise<void>
}
