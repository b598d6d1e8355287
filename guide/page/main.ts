import { guideSource } from './guide-source.ts';
import { start } from './page.ts';

start(guideSource());
