/** Whether a stream reads: it pauses if its owner or its decoder asks for it. */

/** A reader of a connection. */
export interface Reading {
  pause(): void;
  resume(): void;
}

export interface Flow {
  /** The response has begun; before that, nothing is read. */
  begin(reading: Reading): void;
  pause(): void;
  resume(): void;
  /** Reports that bytes wait for the decoder, or no longer do. */
  busy(isBusy: boolean): void;
  /** Reads on after a break, unless the stream is paused. */
  goOn(): void;
  /** Reads in any case, to see how the server closes the connection. */
  readOn(): void;
}

/** @param busyChanged called when the decoder starts or stops to hold up reading */
export function createFlow(busyChanged: (isBusy: boolean) => void): Flow {
  let reading: Reading | undefined;
  let isPaused = false;
  let isBusy = false;

  function apply() {
    if (isPaused || isBusy) reading?.pause();
    else reading?.resume();
  }
  return {
    begin: (controller) => void (reading = controller),
    pause() {
      isPaused = true;
      apply();
    },
    resume() {
      isPaused = false;
      apply();
    },
    busy(now) {
      if (isBusy === now) return;
      isBusy = now;
      busyChanged(now);
      apply();
    },
    goOn: apply,
    readOn() {
      isPaused = isBusy = false;
      reading?.resume();
    },
  };
}
