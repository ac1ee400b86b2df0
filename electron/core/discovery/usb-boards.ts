/**
 * What a USB vendor and product number tells about a board. A hint for the eye: nothing is decided on it, and a port
 * that is not in here is as good as any.
 *
 * Numbers from the boards' own definitions in the MicroPython repository (`ports/<port>/boards`) and the makers' lists.
 */
interface UsbBoards {
  readonly name: string
  readonly vendorId: string
  readonly productIds: readonly string[]
  /** The plug is a chip of its own, with a serial number of its own if any: it says nothing of the board behind it. */
  readonly isBridge?: true
}

/** `MICROPY_HW_USB_PID` of the stm32 port grows with each set of USB classes switched on. Other ports have taken two of them too. */
const STM32_PRODUCT_IDS = ['9801', '9803', '9804', '9805', '9806', '9807', '9808', '9809', '980a']

const USB_BOARDS: readonly UsbBoards[] = [
  { name: 'Raspberry Pi Pico or other RP2 board', vendorId: '2e8a', productIds: ['0005'] },
  { name: 'Pimoroni Pico LiPo', vendorId: '2e8a', productIds: ['1002'] },
  { name: 'Waveshare RP2 board', vendorId: '2e8a', productIds: ['101f', '1020', '1021'] },
  { name: 'Soldered RP2 board', vendorId: '2e8a', productIds: ['10ec'] },
  { name: 'Cytron RP2 board', vendorId: '2e8a', productIds: ['110a'] },
  { name: 'Pimoroni Tiny 2040', vendorId: '16d0', productIds: ['08c7'] },
  { name: 'Adafruit RP2 board', vendorId: '239a', productIds: ['80f2', '80f8', '80fe', '814f'] },
  { name: 'SparkFun RP2 board', vendorId: '1b4f', productIds: ['0025', '0026', '0038', '0039', '0044', '0046', '0047'] },
  { name: 'Pololu 3pi+ or Zumo 2040', vendorId: '1ffb', productIds: ['2043', '2044'] },
  { name: 'Silicognition RP2040 Shim', vendorId: '1209', productIds: ['f502'] },
  { name: 'Pyboard or other STM32 board', vendorId: 'f055', productIds: STM32_PRODUCT_IDS },
  { name: 'STM32 or Renesas board', vendorId: 'f055', productIds: ['9800'] },
  { name: 'STM32, SAMD, i.MX RT, nRF or Alif board', vendorId: 'f055', productIds: ['9802'] },
  { name: 'ESP32-S2 or -S3, native USB', vendorId: '303a', productIds: ['4001'] },
  { name: 'ESP32 with USB-Serial/JTAG', vendorId: '303a', productIds: ['1001'] },
  {
    name: 'Unexpected Maker ESP32-S3 board',
    vendorId: '303a',
    productIds: ['80d1', '80d4', '80d7', '817a', '81b1', '81fc', '81ff', '8225'],
  },
  { name: 'Arduino Nano 33 BLE', vendorId: '2341', productIds: ['025a'] },
  { name: 'Arduino Nano RP2040 Connect', vendorId: '2341', productIds: ['025e'] },
  { name: 'Arduino Portenta C33', vendorId: '2341', productIds: ['0468'] },
  { name: 'Arduino Portenta H7', vendorId: '2341', productIds: ['055b'] },
  { name: 'Arduino Nicla Vision', vendorId: '2341', productIds: ['055f'] },
  { name: 'Arduino Opta', vendorId: '2341', productIds: ['0564'] },
  { name: 'Arduino Giga', vendorId: '2341', productIds: ['0566'] },
  { name: 'Arduino Nano ESP32', vendorId: '2341', productIds: ['056b'] },
  { name: 'Seeed XIAO nRF52840', vendorId: '2886', productIds: ['0045'] },
  { name: 'Olimex RP2 board', vendorId: '15ba', productIds: ['0046'] },
  { name: 'OpenMV camera', vendorId: '37c5', productIds: ['1206', '16e3'] },
  { name: 'MicroPython board', vendorId: '1209', productIds: ['adda'] },
  { name: 'LEGO hub', vendorId: '0694', productIds: ['0009', '0010'] },
  { name: 'Teensy', vendorId: '16c0', productIds: ['0483'] },
  { name: 'micro:bit or other DAPLink board', vendorId: '0d28', productIds: ['0204'], isBridge: true },
  { name: 'Board behind a CP210x bridge', vendorId: '10c4', productIds: ['ea60'], isBridge: true },
  { name: 'Board behind a CH340 or CH341 bridge', vendorId: '1a86', productIds: ['7523', '5523'], isBridge: true },
  { name: 'Board behind a CH343 bridge', vendorId: '1a86', productIds: ['55d3'], isBridge: true },
  { name: 'Board behind a CH9102 bridge', vendorId: '1a86', productIds: ['55d4'], isBridge: true },
  { name: 'Board behind an FTDI bridge', vendorId: '0403', productIds: ['6001', '6010', '6011', '6014', '6015', '601c'], isBridge: true },
]

// By the pair: the two numbers looked up apart would let one maker's vendor number match another's product.
const BOARDS = new Map(USB_BOARDS.flatMap(board => board.productIds.map(productId => [`${board.vendorId}:${productId}`, board])))

/** Both numbers as four lower-case hex digits; null when the pair says nothing. */
export function boardHint(vendorId: string, productId: string): string | null {
  return BOARDS.get(`${vendorId}:${productId}`)?.name ?? null
}

/** What the plug is, as far as the pair tells: the board itself, or a chip between it and the computer. */
export function plugKind(vendorId: string, productId: string): 'board' | 'bridge' | 'unknown' {
  const board = BOARDS.get(`${vendorId}:${productId}`)
  if (board === undefined) return 'unknown'
  return board.isBridge === true ? 'bridge' : 'board'
}
