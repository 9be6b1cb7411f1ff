// What the site saves by name: goals, segments, funnels and annotations.

import { Annotations } from './annotations.tsx';
import { Funnels } from './funnels.tsx';
import { Goals } from './goals.tsx';
import { Segments } from './segments.tsx';

export function SavedSection() {
  return (
    <div class="stack saved-lists">
      <Goals />
      <Segments />
      <Funnels />
      <Annotations />
    </div>
  );
}
