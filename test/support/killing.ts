/** Counts the calls of some methods of an object, before and after each; `tick` may kill the process. */
export function counted<T extends object>(target: T, names: readonly string[], tick: () => void): T {
  return new Proxy(target, {
    get(object, name) {
      const value: unknown = Reflect.get(object, name);
      if (typeof value !== 'function') return value;
      if (!names.includes(String(name))) return value.bind(object) as unknown;
      return (...parameters: unknown[]): unknown => {
        tick();
        const result: unknown = (value as (...all: unknown[]) => unknown).apply(object, parameters);
        if (!(result instanceof Promise)) {
          tick();
          return result;
        }
        return result.then((settled: unknown) => {
          tick();
          return settled;
        });
      };
    },
  });
}

/** Kills this process with SIGKILL at the given call of `tick`. */
export function killAt(step: number): { readonly tick: () => void; readonly count: () => number } {
  let count = 0;
  return {
    tick: () => {
      if (++count === step) process.kill(process.pid, 'SIGKILL');
    },
    count: () => count,
  };
}
