// Included by MicroPython's machine module.
#include <stdlib.h>
#include <string.h>

#include "board.h"
#include "py/mphal.h"

#define MICROPY_PY_MACHINE_EXTRA_GLOBALS \
    { MP_ROM_QSTR(MP_QSTR_PWRON_RESET), MP_ROM_INT(RESET_POWER_ON) }, \
    { MP_ROM_QSTR(MP_QSTR_HARD_RESET), MP_ROM_INT(RESET_HARD) }, \
    { MP_ROM_QSTR(MP_QSTR_WDT_RESET), MP_ROM_INT(RESET_WATCHDOG) }, \
    { MP_ROM_QSTR(MP_QSTR_SOFT_RESET), MP_ROM_INT(RESET_SOFT) },

static void mp_machine_idle(void) {
    mp_event_wait_ms(1);
}

static void mp_machine_reset(void) {
    board_reset(RESET_HARD);
}

MP_NORETURN void mp_machine_bootloader(size_t n_args, const mp_obj_t *args) {
    (void)n_args;
    (void)args;
    // Gone from the line until somebody starts it again, as a board in its ROM loader is.
    exit(2);
}

static mp_int_t mp_machine_reset_cause(void) {
    return board_reset_cause();
}

// Eight bytes from BOARD_ID in hexadecimal, so that each board of a rig is somebody.
static mp_obj_t mp_machine_unique_id(void) {
    const char *text = getenv("BOARD_ID");
    uint8_t id[8] = { 0 };
    for (size_t i = 0; text != NULL && i < sizeof(id) && strlen(text) >= 2 * i + 2; i++) {
        char digits[3] = { text[2 * i], text[2 * i + 1], 0 };
        id[i] = (uint8_t)strtol(digits, NULL, 16);
    }
    return mp_obj_new_bytes(id, sizeof(id));
}

static mp_obj_t mp_machine_get_freq(void) {
    return MP_OBJ_NEW_SMALL_INT(125000000);
}

static void mp_machine_set_freq(size_t n_args, const mp_obj_t *args) {
    (void)n_args;
    (void)args;
}

static void mp_machine_lightsleep(size_t n_args, const mp_obj_t *args) {
    mp_hal_delay_ms(n_args == 0 ? 0 : mp_obj_get_int(args[0]));
}

MP_NORETURN static void mp_machine_deepsleep(size_t n_args, const mp_obj_t *args) {
    mp_machine_lightsleep(n_args, args);
    board_reset(RESET_HARD);
}
