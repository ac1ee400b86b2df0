import { type ComponentType, createElement, lazy, useState } from 'react'

export interface LazyView<P extends object> {
  readonly View: ComponentType<P>
  /** Loads the code ahead of its first use. */
  readonly load: () => Promise<unknown>
}

/**
 * A view whose code comes later. Once it is there it is shown at once: React's own lazy component would show nothing for
 * some 300 ms at its first use, however long ago its code was loaded.
 */
export function lazyView<P extends object>(importView: () => Promise<ComponentType<P>>): LazyView<P> {
  let loaded: ComponentType<P> | null = null
  const load = async (): Promise<ComponentType<P>> => {
    loaded ??= await importView()
    return loaded
  }
  const Later = lazy(async () => ({ default: await load() }))
  function View(props: P) {
    // For the whole life of this element: another component in its place would begin anew.
    const [Shown] = useState<ComponentType<P>>(() => loaded ?? (Later as unknown as ComponentType<P>))
    return createElement(Shown, props)
  }
  return { View, load }
}
