import { start } from './on-call/page.ts';
import { guideShifts } from './on-call/source.ts';

start(guideShifts());
