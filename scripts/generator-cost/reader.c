/*
 * Opens streams and counts their events with epoll, and does nothing else: the lower bound for a
 * client of one thread. `npm run generator-cost` compiles it, and compares the generator with it.
 *
 * reader HOST PORT PATH ADDRESSES: connects from so many addresses, 127.0.0.1 and up, in turn.
 * It takes orders on stdin: "open N" opens N streams, and "count" prints the number of streams that
 * have a response and the number of events. It ends with its stdin.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

static struct sockaddr_in server = {.sin_family = AF_INET};
static char request[4096];
static int requestBytes, epoll, addresses;
static long opened, streams, events;

/* By descriptor: the last byte of the stream; 0 before its response. */
static char *last;

static void die(const char *what) {
  perror(what);
  exit(1);
}

static void watch(int descriptor) {
  struct epoll_event event = {.events = EPOLLIN, .data.fd = descriptor};
  if (epoll_ctl(epoll, EPOLL_CTL_ADD, descriptor, &event) < 0) die("epoll_ctl");
}

static void openStream(void) {
  int one = 1, stream = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (stream < 0) die("socket");
  if (addresses > 1) {
    struct sockaddr_in from = {.sin_family = AF_INET};
    from.sin_addr.s_addr = htonl(INADDR_LOOPBACK + opened % addresses);
    setsockopt(stream, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &one, sizeof one);
    if (bind(stream, (struct sockaddr *)&from, sizeof from) < 0) die("bind");
  }
  if (connect(stream, (struct sockaddr *)&server, sizeof server) < 0) die("connect");
  setsockopt(stream, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
  if (send(stream, request, requestBytes, 0) != requestBytes) die("send");
  last[stream] = 0;
  watch(stream);
  opened++;
}

/* An event ends with an empty line, which may be cut between its two bytes. */
static void readStream(int stream) {
  static char bytes[64 * 1024];
  ssize_t size = recv(stream, bytes, sizeof bytes, MSG_DONTWAIT);
  if (size <= 0) {
    close(stream);
    return;
  }
  if (last[stream] == 0) streams++;
  if (last[stream] == '\n' && bytes[0] == '\n') events++;
  char *end = bytes + size;
  for (char *at = bytes; (at = memchr(at, '\n', end - at)); at++)
    if (at + 1 < end && at[1] == '\n') events++;
  last[stream] = end[-1];
}

static void takeOrder(void) {
  char line[64];
  if (!fgets(line, sizeof line, stdin)) exit(0);
  long count = 0;
  if (sscanf(line, "open %ld", &count) == 1)
    while (count-- > 0) openStream();
  else
    printf("%ld %ld\n", streams, events);
}

int main(int count, char **words) {
  if (count != 5) return 2;
  inet_pton(AF_INET, words[1], &server.sin_addr);
  server.sin_port = htons(atoi(words[2]));
  requestBytes =
      snprintf(request, sizeof request,
               "GET %s HTTP/1.1\r\nHost: %s:%s\r\nAccept: text/event-stream\r\n\r\n", words[3],
               words[1], words[2]);
  addresses = atoi(words[4]);
  struct rlimit limit;
  getrlimit(RLIMIT_NOFILE, &limit);
  last = calloc(limit.rlim_cur, 1);
  epoll = epoll_create1(EPOLL_CLOEXEC);
  if (!last || epoll < 0) die("start");
  setvbuf(stdin, NULL, _IONBF, 0); /* bytes that stdio kept would not wake epoll */
  setvbuf(stdout, NULL, _IOLBF, 0);
  watch(STDIN_FILENO);
  puts("ready");
  for (;;) {
    struct epoll_event ready[1024];
    int found = epoll_wait(epoll, ready, 1024, -1);
    for (int place = 0; place < found; place++) {
      if (ready[place].data.fd == STDIN_FILENO) takeOrder();
      else readStream(ready[place].data.fd);
    }
  }
}
