/** For a browser without a network. Where the address is http to another machine, browsers keep nothing. */
export const keepForLater = async () => {
  const registration = await navigator.serviceWorker?.register('service-worker.js');
  // A browser looks for a newer one when it likes.
  if (registration?.active) await registration.update();
};
