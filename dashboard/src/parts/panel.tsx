// A card with a title, perhaps tabs, what can be exported of it, and whatever state its answer is in.

import type { ComponentChildren } from 'preact';
import type { Answered } from '../api/use-answer.tsx';
import { useNavigation } from '../state/navigation.tsx';
import { text } from '../text/index.ts';
import { Menu } from './menu.tsx';
import { Empty, Failure, Skeleton, type SkeletonKind } from './states.tsx';

export type Export = { label: string; run: () => void };

type PanelProps<T> = {
  title: string;
  class?: string;
  tabs?: ComponentChildren;
  /** What can be saved of the answer. */
  exports?: (value: T) => Export[];
  answered: Answered<T>;
  isEmpty: (value: T) => boolean;
  emptyTitle?: string | undefined;
  emptyHint?: string | undefined;
  skeleton: SkeletonKind;
  children: (value: T) => ComponentChildren;
};

export function Panel<T>(props: PanelProps<T>) {
  const { title, tabs, exports, answered, isEmpty } = props;
  const { value } = answered;
  const files = value === undefined || isEmpty(value) ? [] : (exports?.(value) ?? []);
  return (
    <section class={`panel ${props.class ?? ''}`} aria-label={title} aria-busy={answered.isStale}>
      <header class="panel-head">
        <h2>{title}</h2>
        {tabs}
        {files.length > 0 ? <ExportMenu title={title} files={files} /> : <span class="icon-space" />}
      </header>
      <div class="panel-body"><Body {...props} /></div>
    </section>
  );
}

function Body<T>({ answered, isEmpty, emptyTitle, emptyHint, skeleton, children }: PanelProps<T>) {
  const { place } = useNavigation();
  const { value, error } = answered;
  if (error !== undefined) return <Failure error={error} site={place.site} onRetry={answered.retry} />;
  if (value === undefined) return <Skeleton kind={skeleton} />;
  return (
    <div class={answered.isStale ? 'stale' : ''}>
      {isEmpty(value) ? <Empty title={emptyTitle} hint={emptyHint} /> : children(value)}
    </div>
  );
}

export function ExportMenu({ title, files }: { title: string; files: readonly Export[] }) {
  return (
    <Menu label={<Dots />} name={`${text.actions.export}: ${title}`} class="icon-button" align="end">
      {(close) => files.map(({ label, run }) => (
        <button type="button" class="choice" key={label} onClick={() => { run(); close(); }}>{label}</button>
      ))}
    </Menu>
  );
}

function Dots() {
  return <svg width="16" height="16" viewBox="0 0 16 16" aria-hidden="true"><g fill="currentColor"><circle cx="3" cy="8" r="1.4" /><circle cx="8" cy="8" r="1.4" /><circle cx="13" cy="8" r="1.4" /></g></svg>;
}

/** Tabs of a panel: one of several questions about the same thing. */
export function Tabs<T extends string>({ label, tabs, chosen, onChoose }: { label: string; tabs: readonly (readonly [T, string])[]; chosen: T; onChoose: (tab: T) => void }) {
  return (
    <div class="tabs" role="group" aria-label={label}>
      {tabs.map(([name, title]) => <button type="button" key={name} aria-pressed={name === chosen} onClick={() => onChoose(name)}>{title}</button>)}
    </div>
  );
}
