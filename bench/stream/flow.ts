/** Whether a stream reads: it pauses if its owner or its decoder asks for it. */

import type { StreamObserver } from './observer.ts';

/** A reader of a connection. */
export interface Reading {
  pause(): void;
  resume(): void;
}

/** A class, since closures of each stream would take as much memory as its socket. */
export class Flow {
  private readonly observer: Pick<StreamObserver, 'busy'>;
  private reading: Reading | undefined = undefined;
  private isPaused = false;
  private isBusy = false;

  /** @param observer hears when the decoder starts or stops to hold up reading */
  constructor(observer: Pick<StreamObserver, 'busy'>) {
    this.observer = observer;
  }
  /** The response has begun; before that, nothing is read. */
  begin(reading: Reading): void {
    this.reading = reading;
  }
  pause(): void {
    this.isPaused = true;
    this.goOn();
  }
  resume(): void {
    this.isPaused = false;
    this.goOn();
  }
  /** Reports that bytes wait for the decoder, or no longer do. */
  busy(isBusy: boolean): void {
    if (this.isBusy === isBusy) return;
    this.isBusy = isBusy;
    this.observer.busy?.(isBusy);
    this.goOn();
  }
  /** Reads on after a break, unless the stream is paused. */
  goOn(): void {
    if (this.isPaused || this.isBusy) this.reading?.pause();
    else this.reading?.resume();
  }
  /** Reads in any case, to see how the server closes the connection. */
  readOn(): void {
    this.isPaused = this.isBusy = false;
    this.reading?.resume();
  }
}
