// What came, what became of it, and what it takes to keep it.

import { Outcomes } from './outcomes.tsx';
import { Rejects } from './rejects.tsx';
import { Storage } from './storage.tsx';

export function Data({ site }: { site: string }) {
  return (
    <div class="stack">
      <Outcomes site={site} />
      <Rejects site={site} />
      <Storage site={site} />
    </div>
  );
}
