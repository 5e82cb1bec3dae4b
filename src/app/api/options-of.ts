/**
 * The options of `withAgent` and `withTool`, which take a name in their place.
 * @returns an object in any case: JavaScript may pass anything, and what is no name is none
 */
export function optionsOf<Options extends { readonly name?: string }>(
  nameOrOptions: string | Options,
): Partial<Options> {
  if (typeof nameOrOptions === 'string') return { name: nameOrOptions } as Partial<Options>
  return nameOrOptions ?? {}
}
