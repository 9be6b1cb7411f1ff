// Ways as a Sankey diagram: each column a step, each band the visits that went from one node to another.

import { type SankeyLink, type SankeyNode, sankey, sankeyLeft, sankeyLinkHorizontal } from 'd3-sankey';
import { useMemo } from 'preact/hooks';
import type { JourneyAnswer, JourneyNode } from '../../../edge-collector/api.d.ts';
import { brief } from '../text/format.ts';
import { say, text } from '../text/index.ts';
import { useWidth } from './use-width.ts';

type Node = SankeyNode<JourneyNode, { visits: number }>;
type Link = SankeyLink<JourneyNode, { visits: number }>;

/** The least width of a step, so that names can be read: narrower windows scroll. */
const leastStep = 190;
const nodeWidth = 10;
const rowHeight = 44;
const path = sankeyLinkHorizontal<JourneyNode, { visits: number }>();

type SankeyProps = { answer: JourneyAnswer; label: string; name: (node: JourneyNode) => string; onPick: (node: JourneyNode) => void };

export function Sankey({ answer, label, name, onPick }: SankeyProps) {
  const [host, available] = useWidth();
  const columns = Math.max(...answer.nodes.map(({ depth }) => depth)) + 1;
  const width = Math.max(available, columns * leastStep);
  const most = Math.max(...Array.from({ length: columns }, (_, at) => answer.nodes.filter(({ depth }) => depth === at).length));
  const height = Math.max(280, most * rowHeight);
  const { nodes, links } = useMemo(() => {
    const layout = sankey<JourneyNode, { visits: number }>()
      .nodeWidth(nodeWidth)
      .nodePadding(22)
      .nodeAlign(sankeyLeft)
      .nodeSort(null)
      .extent([[1, 8], [width - leastStep + 20, height - 8]]);
    // The layout writes into what it is given.
    return layout({
      nodes: answer.nodes.map((node) => ({ ...node })),
      links: answer.links.map(({ source, target, visits }) => ({ source, target, visits, value: visits })),
    });
  }, [answer, width, height]);
  const canPick = ({ kind }: Node) => kind === 'page' || kind === 'event';
  const letters = Math.floor((leastStep - 62) / 7);
  return (
    <div ref={host} class="scroller" role="group" aria-label={label} tabIndex={0}>
      <svg class="sankey" width={width} height={height}>
        <g class="links">
          {links.map((link: Link, place) => (
            <path key={place} d={path(link) ?? ''} stroke-width={Math.max(1, link.width ?? 1)}>
              <title>{`${name(link.source as Node)} → ${name(link.target as Node)}: ${brief(link.visits)}`}</title>
            </path>
          ))}
        </g>
        {nodes.map((node, place) => {
          const { x0 = 0, x1 = 0, y0 = 0, y1 = 0 } = node;
          const title = name(node);
          const pick = () => onPick(node);
          const shown = title.length > letters ? `${title.slice(0, letters - 1)}…` : title;
          const onKeyDown = (event: KeyboardEvent) => {
            if (event.key !== 'Enter' && event.key !== ' ') return;
            event.preventDefault();
            pick();
          };
          // What is heard begins with what is seen.
          const label = say(text.behaviour.centre, { shown, count: brief(node.visits), name: title });
          const asButton = canPick(node) ? { role: 'button' as const, tabindex: 0, 'aria-label': label, onClick: pick, onKeyDown } : {};
          return (
            <g key={place} class={`node node-${node.kind}`} data-name={title} {...asButton}>
              <rect x={x0} y={y0} width={x1 - x0} height={Math.max(2, y1 - y0)} rx="2" />
              <text x={x1 + 6} y={(y0 + y1) / 2} dominant-baseline="central">{shown} <tspan class="count">{brief(node.visits)}</tspan></text>
            </g>
          );
        })}
      </svg>
    </div>
  );
}
