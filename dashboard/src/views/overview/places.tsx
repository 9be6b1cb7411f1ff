// Where visitors are: a map of countries, and beside it the table of them, their regions and cities.

import type { ComponentType } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { scopeOf } from '../../api/questions.ts';
import { useAnswer } from '../../api/use-answer.tsx';
import type { WorldMapProps } from '../../charts/world-map.tsx';
import { Breakdown } from '../../parts/breakdown.tsx';
import { isFilteredBy } from '../../state/filters.ts';
import { useAddFilter, useNavigation } from '../../state/navigation.tsx';
import { text } from '../../text/index.ts';

const words = text.overview;

export function Places() {
  return (
    <Breakdown name="places" title={words.places} beside={<CountryMap />} tabs={[
      { name: 'countries', title: words.countries, dimension: 'visit:country', metrics: ['visitors'], moreMetrics: ['visits', 'bounce_rate', 'visit_duration'] },
      { name: 'regions', title: words.regions, dimension: 'visit:region', metrics: ['visitors'], moreMetrics: ['visits', 'bounce_rate'] },
      { name: 'cities', title: words.cities, dimension: 'visit:city', metrics: ['visitors'], moreMetrics: ['visits', 'bounce_rate'] },
      { name: 'languages', title: words.languages, dimension: 'visit:language', metrics: ['visitors'], moreMetrics: ['visits', 'bounce_rate'] },
    ]} />
  );
}

/** More than there are countries. */
const allCountries = 300;

function CountryMap() {
  const { place } = useNavigation();
  const addFilter = useAddFilter();
  const [loaded, setLoaded] = useState<{ WorldMap: ComponentType<WorldMapProps> }>();
  // Without it there is the table, which says the same.
  useEffect(() => void import('../../charts/world-map.tsx').then(setLoaded, () => undefined), []);
  const asked = { ...scopeOf(place), metrics: ['visitors' as const], dimensions: ['visit:country' as const], pagination: { limit: allCountries } };
  const { value, isStale } = useAnswer(asked, (client, asked, signal) => client.query(asked, signal));
  if (loaded === undefined || value === undefined) return <div class="world-host skeleton" />;
  const values = new Map(value.results.map(({ dimensions, metrics }) => [dimensions[0] ?? '', Number(metrics[0] ?? 0)]));
  return (
    <div class={isStale ? 'stale' : ''}>
      <loaded.WorldMap
        values={values}
        label={words.map}
        isPicked={(code) => isFilteredBy(place.filters, 'visit:country', code)}
        onPick={(code) => addFilter(['is', 'visit:country', [code]])}
      />
    </div>
  );
}
