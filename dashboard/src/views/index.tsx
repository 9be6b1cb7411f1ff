// The views. The overview comes with the page, the others when they are first looked at.

import type { ComponentType } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { Answer } from '../../../edge-collector/api.d.ts';
import type { Answered } from '../api/use-answer.tsx';
import { Failure, Skeleton } from '../parts/states.tsx';
import { useNavigation } from '../state/navigation.tsx';
import type { ViewName } from '../state/place.ts';
import { Overview } from './overview/overview.tsx';

type Later = Exclude<ViewName, 'overview'>;

const later: Record<Later, () => Promise<ComponentType>> = {
  behaviour: async () => (await import('./behaviour/behaviour.tsx')).Behaviour,
  commerce: async () => (await import('./commerce/commerce.tsx')).Commerce,
  live: async () => (await import('./live/live.tsx')).Live,
  settings: async () => (await import('./settings/settings.tsx')).Settings,
};

export function View({ totals }: { totals: Answered<Answer> }) {
  const { place } = useNavigation();
  return place.view === 'overview' ? <Overview totals={totals} /> : <LaterView key={place.view} name={place.view} />;
}

function LaterView({ name }: { name: Later }) {
  const { place } = useNavigation();
  const [loaded, setLoaded] = useState<{ View: ComponentType } | { error: Error }>();
  const load = () => void later[name]().then((View) => setLoaded({ View }), (error: Error) => setLoaded({ error }));
  useEffect(load, [name]);
  if (loaded === undefined) return <Skeleton kind="chart" />;
  return 'View' in loaded ? <loaded.View /> : <Failure error={loaded.error} site={place.site} onRetry={load} />;
}
