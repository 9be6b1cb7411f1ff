// What stands in a panel that has nothing to show (yet).

import type { ComponentChildren } from 'preact';
import { Refusal } from '../api/client.ts';
import { say, text } from '../text/index.ts';

export type SkeletonKind = 'rows' | 'chart' | 'tiles';

/** Grey shapes of the size of what will come, so that nothing moves when it does. */
export function Skeleton({ kind }: { kind: SkeletonKind }) {
  return (
    <div class={`skeleton skeleton-${kind}`} role="status">
      <span class="hidden">{text.states.loading}</span>
      {Array.from({ length: kind === 'chart' ? 1 : kind === 'tiles' ? 6 : 8 }, (_, place) => <i key={place} />)}
    </div>
  );
}

export function Notice({ title, children }: { title: string; children?: ComponentChildren }) {
  return (
    <div class="notice">
      <p class="notice-title">{title}</p>
      {children}
    </div>
  );
}

export function Empty({ title = text.states.empty, hint = text.states.emptyHint }: { title?: string | undefined; hint?: string | undefined }) {
  return <Notice title={title}><p>{hint}</p></Notice>;
}

export function Forbidden() {
  return <Notice title={text.states.forbidden}><p>{text.states.forbiddenHint}</p></Notice>;
}

/** Why there is no answer, and what can be done. */
export function Failure({ error, site, onRetry }: { error: Error; site: string; onRetry: () => void }) {
  const refusal = error instanceof Refusal ? error : undefined;
  if (refusal?.status === 401 || refusal?.status === 403) {
    return <Forbidden />;
  }
  if (refusal?.status === 404) {
    return <Notice title={text.states.unknownSite}><p>{say(text.states.unknownSiteHint, { site })}</p></Notice>;
  }
  return (
    <div role="alert">
      <Notice title={text.states.failed}>
        <p>{refusal === undefined ? text.states.offline : refusal.message}</p>
        <button type="button" class="button" onClick={onRetry}>{text.states.retry}</button>
      </Notice>
    </div>
  );
}
