// What the reports below /api/v1/ answer. The questions are generated with the API's other types; of the answers the API's
// description says only that they are JSON, so their shapes stand here, as analytics/src/report/ writes them.

import type {
  EventsQuestion, ExitsQuestion, FormsQuestion, FunnelQuestion, HeatmapQuestion, JourneyQuestion, LinksQuestion, PropertiesQuestion,
  RetentionQuestion, RevenueQuestion, ScrollQuestion, SearchQuestion,
} from '../../../edge-collector/api.d.ts';

export type ReportQuestions = {
  funnel: FunnelQuestion;
  journey: JourneyQuestion;
  retention: RetentionQuestion;
  heatmap: HeatmapQuestion;
  scroll: ScrollQuestion;
  exits: ExitsQuestion;
  forms: FormsQuestion;
  properties: PropertiesQuestion;
  search: SearchQuestion;
  links: LinksQuestion;
  revenue: RevenueQuestion;
  events: EventsQuestion;
};
export type ReportName = keyof ReportQuestions;

export type ReportAnswers = {
  funnel: FunnelAnswer;
  journey: JourneyAnswer;
  retention: Cohort[];
  heatmap: HeatmapAnswer;
  scroll: Listed<PageScroll>;
  exits: Listed<PageExits>;
  forms: Listed<FormUse>;
  properties: PropertiesAnswer;
  search: Listed<SearchTerms>;
  links: Listed<LinkClicks>;
  revenue: RevenueAnswer;
  events: RecentEvent[];
};

/** Rows, and how many there are in all. */
export type Listed<Row> = { rows: Row[]; total: number };

/** A percentage or an average; null of nothing. */
type Maybe = number | null;

export type FunnelStep = {
  name: string;
  count: number;
  conversion_rate: Maybe;
  step_rate: Maybe;
  drop_off: number;
  drop_off_rate: Maybe;
  median_ms: Maybe;
  average_ms: Maybe;
  instead: { kind: 'page' | 'event' | 'left' | 'other'; name: string; count: number }[];
};
export type FunnelAnswer = { entered: number; converted: number; conversion_rate: Maybe; steps: FunnelStep[] };

export type JourneyNode = { depth: number; kind: 'page' | 'event' | 'start' | 'other'; name: string; visits: number; ended: number };
export type JourneyAnswer = { nodes: JourneyNode[]; links: { source: number; target: number; visits: number }[] };

export type Cohort = { date: string; visitors: number; returned: number[]; rates: Maybe[] };

export type Clicks = { clicks: number; rage: number; dead: number };
export type HeatmapCell = Clicks & { x: number; y: number; fixed: boolean };
export type ElementClicks = Clicks & { element: string; text: string; visitors: number };
export type HeatmapAnswer = Clicks & {
  columns: number;
  rows: number;
  devices: (Clicks & { device: string; cells: HeatmapCell[] })[];
  elements: Listed<ElementClicks>;
};

export type PageScroll = {
  page: string;
  visits: number;
  scroll_depth: Maybe;
  reached: { percent: number; visits: number; share: Maybe }[];
};

export type PageExits = {
  page: string;
  visits: number;
  pageviews: number;
  exits: number;
  single_page_visits: number;
  exit_rate: Maybe;
  visit_exit_rate: Maybe;
};

export type FormUse = {
  form: string;
  starts: number;
  visitors: number;
  submits: number;
  submitters: number;
  abandons: number;
  completion_rate: Maybe;
  abandon_rate: Maybe;
  last_fields: { field: string; abandons: number; share: Maybe }[];
};

export type PropertiesAnswer = Listed<{ value: string; events: number; visitors: number }> & {
  events: number;
  visitors: number;
  numeric: { sum: number; average: number; min: number; max: number } | null;
  amounts: { currency: string; sum_minor: number; events: number }[];
};

export type SearchTerms = { terms: string; searches: number; visitors: number; without_results: number };
export type LinkClicks = { kind: 'outbound' | 'download'; url: string; clicks: number; visitors: number };

export type CurrencyRevenue = {
  currency: string;
  revenue_minor: number;
  gross_minor: number;
  refunded_minor: number;
  orders: number;
  quantity: number;
  buyers: number;
  average_order_minor: Maybe;
  conversion_rate: Maybe;
  revenue_per_visitor_minor: Maybe;
};
export type RevenueAnswer = Listed<{ group: string; visitors: number; currencies: CurrencyRevenue[] }> & {
  visitors: number;
  currencies: CurrencyRevenue[];
};

export type RecentEvent = {
  at: string;
  at_ms: number;
  visitor: string;
  visit_start_ms: number;
  kind: string;
  name: string;
  page: string;
  user: string;
  details: Record<string, string>;
  visit: Record<string, string>;
};
