// The site's pages and events in the period, to choose from.

import type { FilterDimension } from '../../../edge-collector/api.d.ts';
import { scopeOf } from '../api/questions.ts';
import { type Answered, useAnswer } from '../api/use-answer.tsx';
import { useNavigation, useOption } from '../state/navigation.tsx';
import { text } from '../text/index.ts';

/** The values of a dimension, those of most visitors first. */
export function useKnown(dimension: FilterDimension): Answered<string[]> {
  const { place } = useNavigation();
  const question = { ...scopeOf(place), metrics: ['visitors' as const], dimensions: [dimension], pagination: { limit: 200 } };
  return useAnswer(question, async (client, asked, signal) => {
    const { results } = await client.query(asked, signal);
    return results.map(({ dimensions: [name = ''] }) => name);
  });
}

/** The page that a report is about: the one in the address, else the most seen. */
export function usePage(pages: readonly string[] | undefined): [page: string | undefined, choose: (page: string) => void] {
  const { place, go } = useNavigation();
  const page = place.options['page'] ?? pages?.[0];
  return [page, (next) => go({ options: { ...place.options, page: next } })];
}

export function PageChoice({ page, pages, onChoose }: { page: string; pages: readonly string[]; onChoose: (page: string) => void }) {
  const choices = pages.includes(page) ? pages : [page, ...pages];
  return (
    <select class="select" aria-label={text.dimensions['event:page']} value={page} onChange={(event) => onChoose(event.currentTarget.value)}>
      {choices.map((choice) => <option key={choice} value={choice}>{choice}</option>)}
    </select>
  );
}

/** One of a few named choices, kept in the address. */
export function OptionChoice<T extends string>({ name, label, choices }: { name: string; label: string; choices: readonly [readonly [T, string], ...(readonly [T, string])[]] }) {
  const [value, set] = useOption(name, choices.map(([choice]) => choice), choices[0][0]);
  return (
    <select class="select" aria-label={label} value={value} onChange={(event) => set(event.currentTarget.value as T)}>
      {choices.map(([choice, title]) => <option key={choice} value={choice}>{title}</option>)}
    </select>
  );
}
