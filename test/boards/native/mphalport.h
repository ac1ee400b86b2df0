// Interrupts come from the thread that reads the line; the interpreter only ever sees a pending exception.
#pragma once
#include "py/mpconfig.h"
#include "shared/runtime/interrupt_char.h"

void mp_hal_set_interrupt_char(int c);
