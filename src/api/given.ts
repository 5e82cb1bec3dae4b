// What the app gave by name or by options. JavaScript passes anything: what is no
// name is none.

/** @returns an object in any case */
export function given<Options extends { readonly name?: string }>(nameOrOptions: string | Options): Partial<Options> {
  if (typeof nameOrOptions === 'string') return { name: nameOrOptions } as Partial<Options>
  return nameOrOptions ?? {}
}
