// The place in the address bar as Preact's context: read by every view, changed by `go`.

import { type ComponentChildren, createContext } from 'preact';
import { useCallback, useContext, useEffect, useMemo, useState } from 'preact/hooks';
import { type Condition, withCondition } from './filters.ts';
import { type Place, readPlace, writePlace } from './place.ts';

type Navigation = {
  place: Place;
  /** Changes the place; `replace` where going back should not lead to what was before. */
  go: (change: Partial<Place>, how?: 'push' | 'replace') => void;
};

const Context = createContext<Navigation | undefined>(undefined);

export function NavigationProvider({ children }: { children: ComponentChildren }) {
  const [place, setPlace] = useState(() => readPlace(location.search));
  useEffect(() => {
    const onBack = () => setPlace(readPlace(location.search));
    addEventListener('popstate', onBack);
    return () => removeEventListener('popstate', onBack);
  }, []);
  const go = useCallback<Navigation['go']>((change, how = 'push') => {
    const search = writePlace({ ...readPlace(location.search), ...change });
    const address = `${location.pathname}${search}`;
    if (how === 'push') history.pushState(null, '', address);
    else history.replaceState(null, '', address);
    // As whoever opens the address will read it.
    setPlace(readPlace(search));
  }, []);
  const navigation = useMemo(() => ({ place, go }), [place, go]);
  return <Context.Provider value={navigation}>{children}</Context.Provider>;
}

export function useNavigation(): Navigation {
  const navigation = useContext(Context);
  if (navigation === undefined) throw new Error('outside of NavigationProvider');
  return navigation;
}

/** One of a view's own options: its value and a way to change it. */
export function useOption<T extends string>(name: string, choices: readonly T[], otherwise: T): [T, (value: T) => void] {
  const { place, go } = useNavigation();
  const value = choices.find((choice) => choice === place.options[name]) ?? otherwise;
  const set = (next: T) => go({ options: { ...place.options, [name]: next === otherwise ? '' : next } });
  return [value, set];
}

/** Adds a condition to what everything is filtered by. */
export function useAddFilter(): (condition: Condition) => void {
  const { place, go } = useNavigation();
  return (condition) => go({ filters: withCondition(place.filters, condition) });
}
