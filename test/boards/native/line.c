// The serial line of the board: what a USB driver and its interrupt handler are elsewhere.
//
// A thread reads the terminal's master into a ring of the size that real firmware uses. The interrupt character is not
// queued but raises KeyboardInterrupt, and empties the ring as TinyUSB's driver does. A full ring stops the reading, so that the
// terminal holds the host back. Output nobody takes for half a second is dropped, as on a board with native USB.
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "board.h"
#include "py/mphal.h"
#include "py/runtime.h"
#include "py/stream.h"

#define RING_BYTES 512
// A full ring takes more once there is room for a packet, as USB drivers do.
#define PACKET_BYTES 64
#define TRANSMIT_TIMEOUT_MS 500

static uint8_t ring[RING_BYTES];
static unsigned ring_start, ring_count;
static bool waits_for_room;
static pthread_mutex_t ring_lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t ring_changed;

// All that came at once, under one lock and with one wake-up, as a packet's interrupt brings it.
static void take(const uint8_t *bytes, size_t count) {
    pthread_mutex_lock(&ring_lock);
    for (size_t i = 0; i < count; i++) {
        if (bytes[i] == mp_interrupt_char) {
            ring_count = 0;
            mp_sched_keyboard_interrupt();
            continue;
        }
        while (ring_count == RING_BYTES || (waits_for_room && ring_count > RING_BYTES - PACKET_BYTES)) {
            waits_for_room = true;
            pthread_cond_broadcast(&ring_changed);
            pthread_cond_wait(&ring_changed, &ring_lock);
        }
        waits_for_room = false;
        ring[(ring_start + ring_count++) % RING_BYTES] = bytes[i];
    }
    pthread_cond_broadcast(&ring_changed);
    pthread_mutex_unlock(&ring_lock);
}

static void *read_line(void *unused) {
    (void)unused;
    uint8_t chunk[4096];
    for (;;) {
        struct pollfd input = { .fd = 0, .events = POLLIN };
        poll(&input, 1, -1);
        ssize_t count = read(0, chunk, sizeof(chunk));
        if (count < 0 && (errno == EAGAIN || errno == EINTR)) {
            continue;
        }
        // Nobody holds the line any more: a board without power.
        if (count <= 0) {
            _exit(0);
        }
        take(chunk, (size_t)count);
    }
    return NULL;
}

void line_start(void) {
    pthread_condattr_t attributes;
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(&ring_changed, &attributes);
    fcntl(0, F_SETFL, fcntl(0, F_GETFL) | O_NONBLOCK);
    fcntl(1, F_SETFL, fcntl(1, F_GETFL) | O_NONBLOCK);
    pthread_t reader;
    pthread_create(&reader, NULL, read_line, NULL);
}

void line_discard(void) {
    pthread_mutex_lock(&ring_lock);
    ring_count = 0;
    pthread_cond_broadcast(&ring_changed);
    pthread_mutex_unlock(&ring_lock);
}

// Waits until something comes in, an exception is pending, or the time is up; without end for a negative time.
void board_wait(int timeout_ms) {
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    if (timeout_ms >= 0) {
        long nanoseconds = until.tv_nsec + (timeout_ms % 1000) * 1000000L;
        until.tv_sec += timeout_ms / 1000 + nanoseconds / 1000000000L;
        until.tv_nsec = nanoseconds % 1000000000L;
    }
    pthread_mutex_lock(&ring_lock);
    unsigned before = ring_count;
    int result = 0;
    while (result == 0 && ring_count == before && MP_STATE_MAIN_THREAD(mp_pending_exception) == MP_OBJ_NULL) {
        result = timeout_ms < 0 ? pthread_cond_wait(&ring_changed, &ring_lock) : pthread_cond_timedwait(&ring_changed, &ring_lock, &until);
    }
    pthread_mutex_unlock(&ring_lock);
}

int mp_hal_stdin_rx_chr(void) {
    for (;;) {
        pthread_mutex_lock(&ring_lock);
        if (ring_count > 0) {
            int byte = ring[ring_start];
            ring_start = (ring_start + 1) % RING_BYTES;
            ring_count--;
            if (waits_for_room && ring_count <= RING_BYTES - PACKET_BYTES) {
                pthread_cond_broadcast(&ring_changed);
            }
            pthread_mutex_unlock(&ring_lock);
            return byte;
        }
        pthread_mutex_unlock(&ring_lock);
        mp_handle_pending(true);
        pthread_mutex_lock(&ring_lock);
        while (ring_count == 0 && MP_STATE_MAIN_THREAD(mp_pending_exception) == MP_OBJ_NULL) {
            pthread_cond_wait(&ring_changed, &ring_lock);
        }
        pthread_mutex_unlock(&ring_lock);
    }
}

uintptr_t mp_hal_stdio_poll(uintptr_t flags) {
    pthread_mutex_lock(&ring_lock);
    uintptr_t ready = (ring_count > 0 ? flags & MP_STREAM_POLL_RD : 0) | (flags & MP_STREAM_POLL_WR);
    pthread_mutex_unlock(&ring_lock);
    return ready;
}

mp_uint_t mp_hal_stdout_tx_strn(const char *text, size_t length) {
    size_t sent = 0;
    while (sent < length) {
        ssize_t count = write(1, text + sent, length - sent);
        if (count > 0) {
            sent += count;
            continue;
        }
        struct pollfd output = { .fd = 1, .events = POLLOUT };
        if (count < 0 && errno != EAGAIN && errno != EINTR) {
            break;
        }
        if (poll(&output, 1, TRANSMIT_TIMEOUT_MS) == 0) {
            break;
        }
    }
    return sent;
}

static uint64_t now_us(clockid_t clock) {
    struct timespec now;
    clock_gettime(clock, &now);
    return (uint64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

mp_uint_t mp_hal_ticks_ms(void) {
    return now_us(CLOCK_MONOTONIC) / 1000;
}

mp_uint_t mp_hal_ticks_us(void) {
    return now_us(CLOCK_MONOTONIC);
}

mp_uint_t mp_hal_ticks_cpu(void) {
    return now_us(CLOCK_MONOTONIC);
}

uint64_t mp_hal_time_ns(void) {
    return now_us(CLOCK_REALTIME) * 1000;
}

void mp_hal_delay_ms(mp_uint_t duration) {
    mp_uint_t start = mp_hal_ticks_ms();
    mp_uint_t elapsed = 0;
    do {
        mp_event_wait_ms(duration - elapsed);
        elapsed = mp_hal_ticks_ms() - start;
    } while (elapsed < duration);
    mp_handle_pending(true);
}

void mp_hal_delay_us(mp_uint_t duration) {
    usleep(duration);
    mp_handle_pending(true);
}
