/** Whether the page shows the picture and one sentence alone, large: for a class. */
export const isProjected: boolean = new URLSearchParams(location.search).get('view') === 'projector';
