// Included by MicroPython's time module.
static mp_obj_t mp_time_time_get(void) {
    return mp_obj_new_int(mp_hal_time_ns() / 1000000000);
}
