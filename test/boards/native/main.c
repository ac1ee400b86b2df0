// A MicroPython board as a child process: the ordinary firmware loop over a pseudo-terminal.
//
// Descriptors 0 and 1 are the terminal's master. Environment: BOARD_ID, BOARD_FLASH_KB, BOARD_HEAP_KB, BOARD_MUTE_MS (silence
// after power-on, as while a USB stack comes up).
#include <stdio.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "board.h"
#include "py/builtin.h"
#include "py/compile.h"
#include "py/gc.h"
#include "py/mperrno.h"
#include "py/mphal.h"
#include "py/runtime.h"
#include "py/stackctrl.h"
#include "shared/runtime/gchelper.h"
#include "shared/runtime/pyexec.h"

#define DEFAULT_HEAP_KB 256
#define STACK_BYTES (40 * 1024)

static char **arguments;

static const char mount_flash[] =
    "import vfs, board\n"
    "flash = board.Flash()\n"
    "try:\n"
    "    files = vfs.VfsLfs2(flash, progsize=256)\n"
    "except OSError:\n"
    "    vfs.VfsLfs2.mkfs(flash, progsize=256)\n"
    "    files = vfs.VfsLfs2(flash, progsize=256)\n"
    "vfs.mount(files, '/')\n";

static long number(const char *name, long otherwise) {
    const char *text = getenv(name);
    return text == NULL ? otherwise : atol(text);
}

int board_reset_cause(void) {
    return (int)number("BOARD_RESET_CAUSE", RESET_POWER_ON);
}

void board_reset(int cause) {
    char text[16];
    snprintf(text, sizeof(text), "%d", cause);
    setenv("BOARD_RESET_CAUSE", text, 1);
    execv("/proc/self/exe", arguments);
    _exit(1);
}

// What the firmware does before anybody's code: nothing of it stays among the globals.
static void run_quietly(const char *source, size_t length) {
    nlr_buf_t nlr;
    if (nlr_push(&nlr) == 0) {
        mp_lexer_t *lexer = mp_lexer_new_from_str_len(MP_QSTR__lt_stdin_gt_, source, length, 0);
        qstr name = lexer->source_name;
        mp_parse_tree_t tree = mp_parse(lexer, MP_PARSE_FILE_INPUT);
        mp_obj_t own_globals = mp_obj_new_dict(0);
        mp_obj_dict_t *globals = mp_globals_get(), *locals = mp_locals_get();
        mp_globals_set(MP_OBJ_TO_PTR(own_globals));
        mp_locals_set(MP_OBJ_TO_PTR(own_globals));
        mp_call_function_0(mp_compile(&tree, name, false));
        mp_globals_set(globals);
        mp_locals_set(locals);
        nlr_pop();
    } else {
        mp_obj_print_exception(&mp_plat_print, MP_OBJ_FROM_PTR(nlr.ret_val));
    }
}

static void boot(void) {
    run_quietly(mount_flash, sizeof(mount_flash) - 1);
    int result = pyexec_file_if_exists("boot.py");
    if (result & PYEXEC_FORCED_EXIT) {
        return;
    }
    if (pyexec_mode_kind == PYEXEC_MODE_FRIENDLY_REPL) {
        result = pyexec_file_if_exists("main.py");
        if (result & PYEXEC_FORCED_EXIT) {
            return;
        }
    }
    for (;;) {
        if ((pyexec_mode_kind == PYEXEC_MODE_RAW_REPL ? pyexec_raw_repl() : pyexec_friendly_repl()) != 0) {
            return;
        }
    }
}

int main(int argc, char **argv) {
    (void)argc;
    arguments = argv;
    // It holds its own line open, and would outlive whoever started it.
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    flash_start();
    usleep((useconds_t)number("BOARD_MUTE_MS", 0) * 1000);
    line_start();
    size_t heap_bytes = (size_t)number("BOARD_HEAP_KB", DEFAULT_HEAP_KB) * 1024;
    char *heap = malloc(heap_bytes);
    mp_stack_ctrl_init();
    mp_stack_set_limit(STACK_BYTES);
    for (;;) {
        gc_init(heap, heap + heap_bytes);
        mp_init();
        boot();
        mp_hal_stdout_tx_str("MPY: soft reboot\r\n");
        gc_sweep_all();
        mp_deinit();
    }
}

void gc_collect(void) {
    gc_collect_start();
    gc_helper_collect_regs_and_stack();
    gc_collect_end();
}

void nlr_jump_fail(void *value) {
    (void)value;
    _exit(1);
}
