/** The hand-written function of Artillery's users: reads a stream until it ends. */
const { get } = require('node:http');

const counts = { streams: 0, events: 0 };
const channel = new BroadcastChannel('counts');
// oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
setInterval(() => channel.postMessage(counts), 50).unref();

exports.readStream = (context, metrics, done) => {
  get(context.vars.target, (response) => {
    counts.streams++;
    response.on('data', (bytes) => {
      for (let at = bytes.indexOf('\n\n'); at >= 0; at = bytes.indexOf('\n\n', at + 2)) {
        counts.events++;
        metrics.emit('counter', 'events', 1);
      }
    });
    response.once('end', () => done());
  }).once('error', done);
};
