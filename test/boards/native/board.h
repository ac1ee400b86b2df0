// What the parts of the board share.
#pragma once
#include <stdbool.h>
#include <stdint.h>

// The line: a terminal's master on descriptors 0 and 1.
void line_start(void);
// What came in while nobody read is gone, as after a reset.
void line_discard(void);

// The flash, kept in memory that outlives a hard reset.
extern uint8_t *flash_memory;
extern uint32_t flash_bytes;
void flash_start(void);

// Ends the process and begins it anew, as a reset button does. `cause` is what machine.reset_cause() says then.
__attribute__((noreturn)) void board_reset(int cause);
int board_reset_cause(void);

enum { RESET_POWER_ON = 1, RESET_HARD = 2, RESET_WATCHDOG = 3, RESET_SOFT = 5 };
