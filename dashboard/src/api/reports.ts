// The reports below /api/v1/: what each is asked and what it answers, by its name.

import type {
  EventsAnswer, EventsQuestion, ExitsAnswer, ExitsQuestion, FormsAnswer, FormsQuestion, FunnelAnswer, FunnelQuestion, HeatmapAnswer, HeatmapQuestion,
  JourneyAnswer, JourneyQuestion, LinksAnswer, LinksQuestion, PropertiesAnswer, PropertiesQuestion, RetentionAnswer, RetentionQuestion, RevenueAnswer,
  RevenueQuestion, ScrollAnswer, ScrollQuestion, SearchAnswer, SearchQuestion,
} from '../../../edge-collector/api.d.ts';

export type Reports = {
  funnel: { question: FunnelQuestion; answer: FunnelAnswer };
  journey: { question: JourneyQuestion; answer: JourneyAnswer };
  retention: { question: RetentionQuestion; answer: RetentionAnswer };
  heatmap: { question: HeatmapQuestion; answer: HeatmapAnswer };
  scroll: { question: ScrollQuestion; answer: ScrollAnswer };
  exits: { question: ExitsQuestion; answer: ExitsAnswer };
  forms: { question: FormsQuestion; answer: FormsAnswer };
  properties: { question: PropertiesQuestion; answer: PropertiesAnswer };
  search: { question: SearchQuestion; answer: SearchAnswer };
  links: { question: LinksQuestion; answer: LinksAnswer };
  revenue: { question: RevenueQuestion; answer: RevenueAnswer };
  events: { question: EventsQuestion; answer: EventsAnswer };
};
