// Flash as a block device: a piece of memory behind a descriptor, so that files outlive soft and hard resets.
#define _GNU_SOURCE
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "board.h"
#include "extmod/vfs.h"
#include "py/mperrno.h"
#include "py/runtime.h"

#define BLOCK_BYTES 4096
#define DEFAULT_FLASH_KB 2048

uint8_t *flash_memory;
uint32_t flash_bytes;

void flash_start(void) {
    const char *kilobytes = getenv("BOARD_FLASH_KB");
    flash_bytes = (kilobytes == NULL ? DEFAULT_FLASH_KB : (uint32_t)atoi(kilobytes)) * 1024;
    const char *kept = getenv("BOARD_FLASH_FD");
    int descriptor = kept == NULL ? memfd_create("flash", 0) : atoi(kept);
    if (kept == NULL) {
        char text[16];
        snprintf(text, sizeof(text), "%d", descriptor);
        setenv("BOARD_FLASH_FD", text, 1);
        if (ftruncate(descriptor, flash_bytes) != 0) {
            _exit(1);
        }
    }
    flash_memory = mmap(NULL, flash_bytes, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0);
    if (flash_memory == MAP_FAILED) {
        _exit(1);
    }
}

typedef struct _flash_obj_t {
    mp_obj_base_t base;
} flash_obj_t;

static mp_obj_t flash_make_new(const mp_obj_type_t *type, size_t n_args, size_t n_kw, const mp_obj_t *args) {
    mp_arg_check_num(n_args, n_kw, 0, 0, false);
    (void)args;
    return MP_OBJ_FROM_PTR(mp_obj_malloc(flash_obj_t, type));
}

// The place of a transfer, or an error when it does not lie within the flash.
static uint8_t *place_of(size_t n_args, const mp_obj_t *args, size_t length) {
    uint64_t offset = (uint64_t)mp_obj_get_int(args[1]) * BLOCK_BYTES + (n_args == 4 ? mp_obj_get_int(args[3]) : 0);
    if (offset + length > flash_bytes) {
        mp_raise_OSError(MP_EIO);
    }
    return flash_memory + offset;
}

static mp_obj_t flash_readblocks(size_t n_args, const mp_obj_t *args) {
    mp_buffer_info_t buffer;
    mp_get_buffer_raise(args[2], &buffer, MP_BUFFER_WRITE);
    memcpy(buffer.buf, place_of(n_args, args, buffer.len), buffer.len);
    return MP_OBJ_NEW_SMALL_INT(0);
}
static MP_DEFINE_CONST_FUN_OBJ_VAR_BETWEEN(flash_readblocks_obj, 3, 4, flash_readblocks);

static mp_obj_t flash_writeblocks(size_t n_args, const mp_obj_t *args) {
    mp_buffer_info_t buffer;
    mp_get_buffer_raise(args[2], &buffer, MP_BUFFER_READ);
    memcpy(place_of(n_args, args, buffer.len), buffer.buf, buffer.len);
    return MP_OBJ_NEW_SMALL_INT(0);
}
static MP_DEFINE_CONST_FUN_OBJ_VAR_BETWEEN(flash_writeblocks_obj, 3, 4, flash_writeblocks);

static mp_obj_t flash_ioctl(mp_obj_t self, mp_obj_t command, mp_obj_t block) {
    (void)self;
    switch (mp_obj_get_int(command)) {
        case MP_BLOCKDEV_IOCTL_BLOCK_COUNT:
            return MP_OBJ_NEW_SMALL_INT(flash_bytes / BLOCK_BYTES);
        case MP_BLOCKDEV_IOCTL_BLOCK_SIZE:
            return MP_OBJ_NEW_SMALL_INT(BLOCK_BYTES);
        case MP_BLOCKDEV_IOCTL_BLOCK_ERASE: {
            mp_obj_t args[] = { self, block };
            memset(place_of(2, args, BLOCK_BYTES), 0xff, BLOCK_BYTES);
            return MP_OBJ_NEW_SMALL_INT(0);
        }
        default:
            return MP_OBJ_NEW_SMALL_INT(0);
    }
}
static MP_DEFINE_CONST_FUN_OBJ_3(flash_ioctl_obj, flash_ioctl);

static const mp_rom_map_elem_t flash_locals_table[] = {
    { MP_ROM_QSTR(MP_QSTR_readblocks), MP_ROM_PTR(&flash_readblocks_obj) },
    { MP_ROM_QSTR(MP_QSTR_writeblocks), MP_ROM_PTR(&flash_writeblocks_obj) },
    { MP_ROM_QSTR(MP_QSTR_ioctl), MP_ROM_PTR(&flash_ioctl_obj) },
};
static MP_DEFINE_CONST_DICT(flash_locals, flash_locals_table);

static MP_DEFINE_CONST_OBJ_TYPE(flash_type, MP_QSTR_Flash, MP_TYPE_FLAG_NONE, make_new, flash_make_new, locals_dict, &flash_locals);

static const mp_rom_map_elem_t board_globals_table[] = {
    { MP_ROM_QSTR(MP_QSTR___name__), MP_ROM_QSTR(MP_QSTR_board) },
    { MP_ROM_QSTR(MP_QSTR_Flash), MP_ROM_PTR(&flash_type) },
};
static MP_DEFINE_CONST_DICT(board_globals, board_globals_table);

const mp_obj_module_t board_module = {
    .base = { &mp_type_module },
    .globals = (mp_obj_dict_t *)&board_globals,
};
MP_REGISTER_MODULE(MP_QSTR_board, board_module);
