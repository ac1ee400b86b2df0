/**
 * Every number with a meaning, once, with its unit in its name.
 *
 * A number stands here when changing it changes what the app does. Layout sizes live with the theme.
 */

/** Sessions that may be open at the same time; everything not closed counts. */
export const MAX_SESSIONS = 64
/** The most that `maxConcurrentSessions` can be set to. */
export const MAX_SESSIONS_MAX = 256
/** Closed sessions remembered so that a late `close` still gets its answer. */
export const TOMBSTONE_LIMIT = 200
/** Executions that may wait in one session; one more is refused with `QueueFull`. */
export const MAX_PENDING_OPERATIONS = 128

export const CONNECTION_TIMEOUT_MS = 30_000
export const CONNECTION_TIMEOUT_MIN_MS = 500
export const CONNECTION_TIMEOUT_MAX_MS = 600_000
/** The handshake ends this much before its session's limit, so that it can say itself what was wrong. */
export const HANDSHAKE_MARGIN_MS = 250
export const OPERATION_TIMEOUT_MS = 10_000
export const OPERATION_TIMEOUT_MIN_MS = 100
export const OPERATION_TIMEOUT_MAX_MS = 3_600_000
/** A close that has not ended by then is finished by a kill. */
export const SHUTDOWN_TIMEOUT_MS = 10_000
export const SHUTDOWN_TIMEOUT_MAX_MS = 60_000
/** What a quit may take on top of the time for closing: killing what was late. */
export const SHUTDOWN_MARGIN_MS = 2_000
/** Bytes that may wait to be sent to one board; the largest single write fits. */
export const WRITE_QUEUE_MAX_BYTES = 8 * 1024 * 1024
/** A write the board does not take for this long fails, and with it the session. */
export const WRITE_TIMEOUT_MS = 60_000
export const THROUGHPUT_INTERVAL_MS = 3_000
/** A session nobody has used for so long is closed. */
export const IDLE_TIMEOUT_MS = 300_000
/** The shortest that a lamp's period, and that time-out, can be. */
export const IDLE_PERIOD_MIN_MS = 1_000
/** What a person adds to a lease with one press. */
export const LEASE_EXTENSION_MS = 900_000
/** One ticker looks at the clocks of all sessions this often. */
export const IDLE_TICK_MS = 1_000
/** Lost sessions: this many attempts, each after this delay, … */
export const MAX_RECONNECT_ATTEMPTS = 3
export const RECONNECT_DELAY_MS = 1_000
/** … counted anew once a session has been ready for so long without a break. */
export const RECONNECT_STABLE_MS = 30_000
/** While a lost session waits for its board, ports are looked for this often. */
export const ABSENT_SCAN_INTERVAL_MS = 500
export const HEALTH_CHECK_INTERVAL_MS = 60_000
export const LONG_RUNNING_HEALTH_CHECK_INTERVAL_MS = 300_000
export const LONG_RUNNING_HEARTBEAT_INTERVAL_MS = 30_000
/** Heartbeats that may be missing, unless the configuration says otherwise. */
export const HEARTBEAT_GRACE_INTERVALS = 3
/** A probe or a heartbeat that is not answered by then has failed. */
export const PROBE_TIMEOUT_MS = 5_000
export const LEASE_SWEEP_INTERVAL_MS = 30_000
/** After the computer has slept, leases that ran out meanwhile get this long. */
export const RESUME_LEASE_GRACE_MS = 30_000
export const SAMPLER_INTERVAL_MS = 60_000
export const SAMPLER_RETRY_MS = 30_000
export const SAMPLER_INTERVAL_MIN_MS = 100
export const SAMPLER_INTERVAL_MAX_MS = 86_400_000
/** Numeric fields of a repeated snippet that are charted; more are left out. */
export const SAMPLER_SERIES_MAX = 16
export const SAMPLER_HISTORY_SAMPLES = 3_600
/** Changes of state remembered per session. */
export const STATE_HISTORY_LIMIT = 64
/** Entries of the history: over all sessions, and what one session alone may push out. */
export const HISTORY_LIMIT = 5_000
export const HISTORY_SESSION_LIMIT = 500
/** What happens to a session again and again within this time, such as executions, is one entry. */
export const HISTORY_FOLD_MS = 10_000
export const EVENT_QUEUE_CAPACITY = 10_000
/** Output that one execution's reply may carry; the console holds the rest. */
export const MAX_MESSAGE_BYTES = 1024 * 1024
export const INIT_SNIPPET_MAX_BYTES = 64 * 1024
export const WATCHDOG_FEED_MAX_BYTES = 256
export const DETAILS_MAX_KEYS = 256
export const DETAIL_KEY_MAX_CHARS = 128
export const DETAIL_VALUE_MAX_CHARS = 4_096
export const UTC_OFFSET_MAX_SECONDS = 14 * 3_600
export const ATTRIBUTE_KEY_MAX_CHARS = 256
/** One attribute as JSON text, and all of a session. */
export const ATTRIBUTE_MAX_BYTES = 256 * 1024
export const ATTRIBUTES_MAX_BYTES = 4 * 1024 * 1024
export const ATTRIBUTES_MAX_KEYS = 4_096
export const FILTERS_MAX = 32
export const FILTER_NAME_MAX_CHARS = 64
/** The most that a rate limit, or its burst, can be set to: far more than any port carries. */
export const FILTER_RATE_MAX_BYTES = 1_000_000_000
export const FILTER_DELIMITER_MAX_CHARS = 16
/** When a session ends, each last hook of a filter is waited for no longer than this. */
export const FILTER_LEAVE_MS = 500
/** What the logging filter shows of one message. */
export const FILTER_LOG_PAYLOAD_BYTES = 256
/** Bytes on their way out and in through asynchronous filters; beyond it writes wait and the port is paused. */
export const FILTER_QUEUE_BYTES = 1024 * 1024
export const NOTIFY_SUBSCRIPTIONS_MAX = 256
export const PROMETHEUS_PORT = 9_464
export const PROMETHEUS_PORT_MIN = 1_024
/** Connections to the metrics, and how long a request may take to arrive. */
export const PROMETHEUS_CONNECTIONS_MAX = 16
export const PROMETHEUS_REQUEST_TIMEOUT_MS = 5_000
/** Sessions whose metrics are gone and stay gone, whatever is still counted for them. */
export const FORGOTTEN_SERIES_MAX = 1_024
/** A change of `muster.config.json` by another program is read after it has been quiet for so long. */
export const CONFIG_RELOAD_DELAY_MS = 250
export const CONFIG_FILE_MAX_BYTES = 1024 * 1024
/** Nesting, entries of a list, characters of a plain text, and problems that are told one by one. */
export const CONFIG_MAX_DEPTH = 32
export const CONFIG_LIST_MAX_ITEMS = 256
export const CONFIG_TEXT_MAX_CHARS = 256
export const CONFIG_PROBLEMS_MAX = 50
/** The longest that can be configured: beyond it the runtime's timers, which wait 31 bits of milliseconds, fire at once. */
export const TIMER_MAX_MS = 24 * 86_400_000
/** Counters of one session are told at most this often; changes of state at once. */
export const SESSION_INFO_INTERVAL_MS = 100
/** The manager's figures are told at most this often. */
export const MANAGER_STATUS_INTERVAL_MS = 250

/** After an interrupt, the prompt must be back within this time or the session is faulted. */
export const INTERRUPT_TIMEOUT_MS = 2_000

/** Source text of one execution, in UTF-8 bytes. */
export const MAX_CODE_BYTES = 4 * 1024 * 1024
/** Output kept per session; older bytes are dropped, counted and said. */
export const OUTPUT_BUFFER_BYTES = 4 * 1024 * 1024

/** Items kept per session: bounds what byte-wise output over hours costs beyond its bytes. */
export const OUTPUT_BUFFER_ITEMS = 128 * 1024
/** Output that follows within this time on the same channel joins the item before it. */
export const OUTPUT_JOIN_MS = 8

/** A batch of output goes out after this time while its window is visible … */
export const OUTPUT_BATCH_VISIBLE_MS = 16
/** … after this time while it is not … */
export const OUTPUT_BATCH_HIDDEN_MS = 250
/** … or as soon as it holds this much. Larger messages go through slower shared memory. */
export const OUTPUT_BATCH_BYTES = 64 * 1024
/** A reader with more than this unacknowledged gets nothing further until it catches up. */
export const OUTPUT_UNACKED_HIGH_BYTES = 128 * 1024
export const OUTPUT_UNACKED_LOW_BYTES = 64 * 1024
/** A reader farther behind than this goes straight on to the latest `OUTPUT_RESUME_BYTES`: nobody reads what scrolls by. */
export const OUTPUT_BEHIND_MAX_BYTES = 384 * 1024
export const OUTPUT_RESUME_BYTES = 192 * 1024
/** Written in one frame at most, so that typing and switching stay immediate while a board prints without end. */
export const FRAME_WRITE_BYTES = 16 * 1024
/** While a view is being filled anew, nobody waits for a keystroke in it yet. */
export const REPLAY_WRITE_BYTES = 32 * 1024
/** Between portions, as long as less than another portion waits: nobody reads faster, and drawing costs the same for a line as for a screen. */
export const WRITE_INTERVAL_MS = 40

/** One call over the bridge, as structured-clone size estimate. */
export const MAX_CALL_BYTES = 8 * 1024 * 1024
/** Nesting of one call's input; nothing in the contract comes near it. */
export const MAX_CALL_DEPTH = 16
export const MAX_SUBSCRIPTIONS_PER_WINDOW = 1_024
/** Each window is a process of its own. */
export const WINDOWS_MAX = 16
/** Events other than output wait this long, so that many changes travel in one message. */
export const EVENT_BATCH_MS = 16

export const DEFAULT_BAUD_RATE = 115_200
/** The speeds that are offered; any other from `BAUD_RATE_MIN` to `BAUD_RATE_MAX` can be asked for. */
export const COMMON_BAUD_RATES: readonly number[] = [9_600, 19_200, 38_400, 57_600, 115_200, 230_400, 460_800, 921_600]
export const BAUD_RATE_MIN = 50
export const BAUD_RATE_MAX = 4_000_000
export const MAX_PORT_PATH_CHARS = 1_024
/** Boards and ports with settings of their own, and the file that keeps them. */
export const PORT_SETTINGS_MAX = 1_024
export const PORT_SETTINGS_FILE_MAX_BYTES = 4 * 1024 * 1024
/** How long a board with an auto-reset circuit is held in reset. */
export const RESET_PULSE_MS = 100

export const PORT_SCAN_INTERVAL_MS = 2_000
/** A port list not answered by then is shown from memory and marked stale. */
export const PORT_SCAN_TIMEOUT_MS = 3_000
/** How often the path of every open port is looked for; two misses are an unplug. */
export const PORT_WATCH_INTERVAL_MS = 250
/** Joining small reads: a pause after a read that returned less than `SERIAL_READ_EAGER_BYTES`. */
export const SERIAL_READ_PAUSE_MS = 4
export const SERIAL_READ_EAGER_BYTES = 1_024
export const SERIAL_READ_BUFFER_BYTES = 65_536
/** So many reads after a write are made without the pause: they bring its answer. */
export const SERIAL_EAGER_READS = 8
/** A board that is left gets this long to take the way back to its friendly prompt. */
export const LEAVE_TIMEOUT_MS = 500
/** Closing a port ends within this time, or the handle is abandoned. */
export const PORT_CLOSE_TIMEOUT_MS = 500
/** Of that time, what is left to writes that wait. */
export const PORT_CLOSE_DRAIN_MS = 250
/** Finding out which program holds a port takes no longer than this. */
export const PORT_HOLDER_TIMEOUT_MS = 2_000
/** After a kill, a port stays reserved until the system lets it go, or for this long. */
export const ZOMBIE_PORT_MS = 5_000

export const SIMULATED_START_MAX = 16
export const SIMULATED_BOARDS_MAX = 64
/** A worker that has not loaded its interpreter by then is a failed start; 16 at once take about 2 s on two cores. */
export const SIMULATED_START_TIMEOUT_MS = 30_000
/** Rings between a simulated board and its host: powers of two. */
export const SIMULATED_INPUT_RING_BYTES = 64 * 1024
export const SIMULATED_OUTPUT_RING_BYTES = 256 * 1024
/** While a simulated board floods, its output is fetched this often instead of at every message. */
export const SIMULATED_POLL_MS = 4
/** Running code on a simulated board has its garbage collected this often; when it can't be, it is tried again after a shorter time. */
export const SIMULATED_COLLECT_MS = 100
export const SIMULATED_COLLECT_RETRY_MS = 20
/** And at most this share of the time goes into it. */
export const SIMULATED_COLLECT_TIME_SHARE = 0.1
/** Memory one simulated interpreter may take: 64 MiB of heap and 20 of everything else. Beyond it the board raises MemoryError. */
export const SIMULATED_MEMORY_MAX_BYTES = 84 * 1024 * 1024
/** Files on a simulated board; beyond it writing gives ENOSPC. */
export const SIMULATED_FLASH_BYTES = 8 * 1024 * 1024
/** Source text a simulated board takes in one execution. */
export const SIMULATED_SOURCE_MAX_BYTES = 8 * 1024 * 1024

/** Boards of which it is remembered what they can't do, beyond their sessions. */
export const BOARDS_REMEMBERED = 512
/** Raw REPL entry: an interrupt and a request every so often, until the deadline. */
export const RAW_REPL_RETRY_MS = 250
/** Plain raw mode has no flow control: this much, then a pause, so that small UART buffers keep up. */
export const RAW_WRITE_CHUNK_BYTES = 256
export const RAW_WRITE_PAUSE_MS = 10
/** A board that is asked for raw-paste mode says yes or no within this time, or it is not asked again. */
export const RAW_PASTE_PROBE_TIMEOUT_MS = 1_000
/** In raw-paste mode a board frees the next window within this time, or the code is sent the plain way. */
export const RAW_PASTE_STEP_TIMEOUT_MS = 5_000
/** With back-pressure: this much at a time, so that an interrupt does not wait behind a whole upload. */
export const RAW_WRITE_BLOCK_BYTES = 16 * 1024
/** A board that announced its prompt proves it within this time, or is asked again. */
export const PROMPT_PROBE_TIMEOUT_MS = 1_000
/** Output passed on while the prompt is looked for; a board that prints for ever would bury the rest. */
export const PROMPT_SEARCH_OUTPUT_MAX_BYTES = 64 * 1024
/** Text of one uncaught exception. */
export const EXCEPTION_TEXT_MAX_BYTES = 64 * 1024
/** Each item of what a board says of itself. */
export const IDENTITY_ITEM_MAX_CHARS = 128
/** Identification is a courtesy: a board that does not answer by then stays unnamed. */
export const IDENTIFY_TIMEOUT_MS = 5_000

/** How long an execution that is to end stands on each rung before the next. */
export const INTERRUPT_ONCE_MS = 300
export const INTERRUPT_SOFT_RESET_MS = 3_000
/** A board that was reset shows its prompt, or its program's first words, within this time. */
export const RESET_TIMEOUT_MS = 10_000
/** After a hard reset or a jump into the bootloader, a board whose port stays is given so long to be gone. */
export const HARD_RESET_WAIT_MS = 1_500
export const BOOTLOADER_WAIT_MS = 2_000
/** So many restarts by itself within this time are a boot loop. */
export const BOOT_LOOP_RESTARTS = 3
export const BOOT_LOOP_WINDOW_MS = 60_000
/** After a reset of our own, the board's start-up text is no news for so long. */
export const OWN_RESET_QUIET_MS = 3_000
/** Boards with native USB drop what nobody takes for so long (TinyUSB; the JTAG bridge of ESP32 after 200 ms). */
export const OUTPUT_DROP_MS = 500

/** Files. One read or write over the bridge; transfers have no such limit. */
export const FILE_READ_MAX_BYTES = 4 * 1024 * 1024
export const FILE_PATH_MAX_BYTES = 512
export const FILE_TREE_MAX_ENTRIES = 20_000
export const FILE_TREE_MAX_DEPTH = 32
export const LOCAL_LIST_MAX_ENTRIES = 10_000
/** One chunk of a file on the wire, before escaping or encoding: the most, where it begins on a real UART, and the least. */
export const FILE_CHUNK_MAX_BYTES = 16 * 1024
export const FILE_CHUNK_MIN_BYTES = 128
/** Of the board's free heap, a chunk takes at most this share: its copies have to fit beside it. */
export const FILE_CHUNK_HEAP_SHARE = 1 / 16
/** So much of a file is at most lost when a board loses its power while it is written. */
export const FILE_FLUSH_BYTES = 64 * 1024
/** A chunk is sent this often in all before its file fails. */
export const FILE_CHUNK_ATTEMPTS = 4
/** A board answers a chunk within this time, besides what its bytes take on the line. */
export const FILE_STEP_TIMEOUT_MS = 5_000
/** Compression is used where it saves more than this share. */
export const FILE_DEFLATE_MIN_SAVING = 0.2
/** A short file operation: listing, renaming, removing. */
export const FILE_OPERATION_TIMEOUT_MS = 30_000
/** Progress is told at most this often. */
export const TRANSFER_PROGRESS_MS = 100
/** Transfers remembered per session after their end. */
export const TRANSFERS_KEPT = 50
export const TRANSFER_FILES_MAX = 20_000
/** How long the rate that is shown looks back. */
export const TRANSFER_RATE_WINDOW_MS = 5_000
/** A board that is lost so often in a row, without a byte more at the far end, is not waited for again. */
export const TRANSFER_FRUITLESS_RETURNS_MAX = 4
/** Where too much waits for a board, a transfer asks for its turn again after this time. */
export const TRANSFER_BUSY_RETRY_MS = 1_000
/** Transfers of one session that may wait, ask or run. */
export const TRANSFERS_WAITING_MAX = 50
export const LOCAL_FOLDERS_MAX = 20
/** Files dropped on a window: what one call brings of them, what all of them may take on the disk, and drops that are begun and not copied yet. */
export const DROP_PIECE_BYTES = 1024 * 1024
export const DROP_BYTES_MAX = 256_000_000
export const DROPS_BEGUN_MAX = 8
export const PACKAGE_INSTALL_TIMEOUT_MS = 300_000

/** One metric sample a second, kept for the longest chart. */
export const METRIC_INTERVAL_MS = 1_000
export const METRIC_HISTORY_SAMPLES = 15 * 60

export const LOG_FILE_BYTES = 4 * 1024 * 1024
export const LOG_FILES_KEPT = 5
export const LOG_FLUSH_MS = 500
/** Lines that wait for the disk; beyond it they are dropped and counted. */
export const LOG_BUFFER_BYTES = 1024 * 1024

/** Settings are written this long after a change, so that dragging a window edge is one write. */
export const SETTINGS_SAVE_DELAY_MS = 500
/** A quit that has not happened so long after the sessions have ended, or were abandoned, is forced. */
export const QUIT_FORCE_MS = 1_500
/** A page that is lost twice within this time is not loaded a third time by itself. */
export const PAGE_CRASH_WINDOW_MS = 60_000

/** The demo runs each snippet so often, with so long a pause, and waits for so many samples in every chart. */
export const DEMO_EXECUTIONS = 12
export const DEMO_INTERVAL_MS = 400
export const DEMO_CHART_SAMPLES = 5
export const DEMO_TIMEOUT_MS = 30_000
