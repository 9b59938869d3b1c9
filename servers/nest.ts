import 'reflect-metadata';
import type { Server } from 'node:http';
import { setTimeout } from 'node:timers/promises';
import {
  BadRequestException,
  Controller,
  Get,
  Header,
  Module,
  Query,
  Sse,
  type MessageEvent,
} from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { Observable } from 'rxjs';
import { endAllStreams, readOptions, startCounter } from './counter.ts';
import { address, flushMs, page, ready } from './process.ts';

class CounterController {
  index() {
    return page;
  }

  event(query: Record<string, string>): Observable<MessageEvent> {
    const { options, problem } = readOptions(query);
    if (problem !== undefined) throw new BadRequestException(problem);

    return new Observable((subscriber) =>
      startCounter(options, {
        send: (data) => subscriber.next({ data }),
        end: () => subscriber.complete(),
      }),
    );
  }
}
class AppModule {
  /** The lifecycle hook for work before connections are closed. Nest waits for it. */
  async beforeApplicationShutdown() {
    endAllStreams();
    await setTimeout(flushMs);
  }
}

// Type stripping does not support decorators. This call replaces `@Get()` above a method.
function decorate(method: 'index' | 'event', ...decorators: MethodDecorator[]) {
  const { prototype } = CounterController;
  for (const apply of decorators)
    apply(prototype, method, Object.getOwnPropertyDescriptor(prototype, method)!);
}
Controller()(CounterController);
decorate('index', Get(), Header('Content-Type', 'text/html; charset=utf-8'));
decorate('event', Sse('event'), Header('Access-Control-Allow-Origin', '*'));
Query()(CounterController.prototype, 'event', 0);
Module({ controllers: [CounterController] })(AppModule);

const app = await NestFactory.create(AppModule, {
  logger: ['fatal'],
  abortOnError: false,
  forceCloseConnections: true,
});
app.enableShutdownHooks(['SIGTERM'], { useProcessExit: true });
await app.init();
// `app.listen` does not accept `reusePort`.
const server: Server = app.getHttpServer();
server.listen(address, () => ready(server));
